"""How a start handles a database that is damaged, foreign or newer, and a disk with problems."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import sqlite_utils

from tests.storage.test_backup import folder_of, scribble
from tests.support.watch_stage import WatchStage, entries
from wetread.domain.errors import StorageError
from wetread.storage.backup import Occasion
from wetread.storage.database import Database, prepared

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)


def fingerprint(path: Path) -> tuple[str, float]:
    return sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime


async def refusal(path: Path) -> str:
    """The sentence with which a start on this file ends; the file is as it was."""
    before = fingerprint(path)
    with pytest.raises(StorageError) as caught:
        await Database.open(path, backups=folder_of(path))
    assert fingerprint(path) == before
    return str(caught.value)


def filled(stage: WatchStage) -> Path:
    stage.subscribe(newest=1, shown=entries(*range(1, 100)))
    stage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return stage.path


@pytest.mark.row("C08")
async def test_c08_a_corrupt_page_is_found_at_the_start_and_the_newest_good_backup_named(
    stage: WatchStage,
) -> None:
    path = filled(stage)
    good = folder_of(path).make(Occasion.DAILY, NOW)
    stage.close()
    scribble(path)

    said = await refusal(path)

    assert "damaged" in said
    assert said.endswith(f"python bot.py restore {good}")


@pytest.mark.row("C08")
async def test_c08_without_a_backup_it_says_so(stage: WatchStage) -> None:
    path = filled(stage)
    stage.close()
    scribble(path)

    assert "no good backup" in await refusal(path)


async def test_after_an_end_in_good_order_the_file_is_not_read_from_end_to_end(stage: WatchStage) -> None:
    path = filled(stage)
    stage.close()
    await (await Database.open(path)).close()
    before = path.stat()
    scribble(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a failing disk does it

    database = await Database.open(path)  # it does not look

    killed = path.with_name("killed.db")
    shutil.copyfile(path, killed)  # as it is while the bot runs
    assert "damaged" in await refusal(killed)
    database._executor.shutdown()


async def test_a_file_that_was_changed_after_the_end_is_checked(stage: WatchStage) -> None:
    path = filled(stage)
    stage.close()
    await (await Database.open(path)).close()
    scribble(path)

    assert "damaged" in await refusal(path)
    assert "damaged" in await refusal(path)


@pytest.mark.row("C09")
async def test_c09_a_web_page_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    path.write_text("<!doctype html><title>Not found</title>" * 500)

    assert "is not a database" in await refusal(path)


@pytest.mark.row("C09")
async def test_c09_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")

    assert "another program" in await refusal(path)


@pytest.mark.row("C09")
async def test_c09_a_newer_versions_database_is_left_alone(stage: WatchStage) -> None:
    path = filled(stage)
    stage.db.table("_sqlite_migrations").insert(
        {"migration_set": "wetread", "name": "m999_from_the_future", "applied_at": "2027-01-01"}
    )
    stage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stage.close()

    assert "newer version" in await refusal(path)


@pytest.mark.row("C13")
async def test_c13_a_copy_of_the_file_alone_is_not_taken_for_the_database(stage: WatchStage) -> None:
    """In WAL mode the newest pages stand in another file."""
    path = filled(stage)
    stage.serve(entries(*range(1, 300)))
    alone = path.with_name("alone.db")
    alone.write_bytes(path.read_bytes())

    with closing(sqlite3.connect(f"file:{alone}?mode=ro", uri=True)) as copy:
        [[count]] = copy.execute("SELECT count(*) FROM entries").fetchall()
    assert count < stage.count("entries"), "this is why operators are told to use `backup`"


@pytest.mark.row("C02", "C19")
async def test_the_pragmas_of_a_safe_database_are_set(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")

    def pragmas(db: sqlite_utils.Database) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema", "mmap_size")
        return [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await database.run(pragmas) == ["wal", 2, 1, 10000, 0, 0]
    await database.close()


@pytest.mark.row("C19")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not tell what is open")
async def test_c19_the_bot_has_one_connection(tmp_path: Path) -> None:
    """Two that checkpoint at once can damage a database before SQLite 3.51.3; readers never checkpoint."""
    path = tmp_path / "wetread.db"
    database = await Database.open(path, backups=folder_of(path))

    assert opened_files().count(path) == 1
    await database.close()


def opened_files() -> list[Path]:
    """What this process has open, where the system tells."""
    return [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]


@pytest.mark.row("C15")
def test_c15_where_the_write_ahead_log_does_not_work_it_says_so_and_works(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without shared memory, as on a network's disk."""
    with closing(
        sqlite3.connect(f"file:{tmp_path}/wetread.db?vfs=unix-dotfile", uri=True, isolation_level=None)
    ) as connection:
        prepared(connection)

        assert "write-ahead log does not work" in caplog.text
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connection.execute("INSERT INTO bot_state VALUES ('it', 'works')")


@pytest.mark.row("S39")
async def test_s39_nobody_else_reads_the_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "wetread.db"
    database = await Database.open(path)

    files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert files == dict.fromkeys(["wetread.db", "wetread.db-wal", "wetread.db-shm"], 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    await database.close()
    path.chmod(0o644)

    database = await Database.open(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await database.close()


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from wetread.domain.errors import StorageError
from wetread.storage.database import Database

os.chdir(sys.argv[1])
if os.getuid() == 0:
    os.setuid(65534)  # root may write anywhere
try:
    asyncio.run(Database.open(Path("wetread.db")))
except StorageError as error:
    print(error)
"""


@pytest.mark.row("C03")
def test_c03_a_disk_that_cannot_be_written_is_named_at_the_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    answer = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", READ_ONLY, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.startswith("wetread.db cannot be used as Wetread's database: ")
    assert "Permission denied" in answer.stdout
    tmp_path.chmod(0o755)
