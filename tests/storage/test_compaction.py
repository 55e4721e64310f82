"""An older version's file becomes smaller, if the disk has room for that; without room nothing is lost."""

import logging
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.storage.test_backup import folder_of
from tests.storage.test_start import fingerprint
from tests.storage.test_upgrades import ROOT, SCHEMAS, released
from wetread.domain.errors import StorageError
from wetread.storage import bot_state, compaction, inspection
from wetread.storage.backup import RESERVE
from wetread.storage.database import Database, prepared
from wetread.storage.packing_migration import TO_SHRINK

MOST = 10**15


class Usage(NamedTuple):
    """What `shutil.disk_usage` says of a disk."""

    total: int
    used: int
    free: int


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The database of an older version, with much in it that the new one does not need."""
    path = released(SCHEMAS[0], tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE articles SET abstract = abstract || replace(hex(zeroblob(90000)), '0', 'a ')"
        )
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    return path


def size_of(path: Path) -> int:
    return path.stat().st_size


def set_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(MOST, MOST - free, free))


async def test_an_older_versions_file_becomes_smaller(old: Path) -> None:
    before = size_of(old)

    await (await Database.open(old)).close()

    assert size_of(old) < before / 2
    assert inspection.damage(old, is_thorough=True) is None


async def test_without_room_the_file_is_left_as_it_is_and_the_sentence_says_how_much_is_needed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(old)
    set_free(monkeypatch, 40_000_000)

    with pytest.raises(StorageError, match=r"needs \d+ MB .* 40 MB are free.*\[storage\] path"):
        await Database.open(old, backups=folder_of(old))

    assert fingerprint(old) == before
    assert folder_of(old).listing() == []


def test_room_for_the_backup_counts_where_it_is_on_the_same_disk(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_free(monkeypatch, size_of(old) + RESERVE)
    compaction.ensure_room(old, None)

    with pytest.raises(StorageError):
        compaction.ensure_room(old, old.parent / "backups")


def test_without_room_to_shrink_it_works_and_the_next_start_tries_again(
    old: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    size = size_of(old)
    with monkeypatch.context() as narrow, closing(sqlite3.connect(old, isolation_level=None)) as connection:
        set_free(narrow, 0)
        prepared(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert size_of(old) >= size
    assert "could be smaller" in caplog.text

    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        prepared(connection)
    assert size_of(old) < size / 2


def test_a_second_start_shrinks_nothing(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            prepared(connection)

    assert caplog.text.count("back to the disk") == 1


SHRINK = """
import os, signal, sqlite3, sys
from wetread.storage.database import prepared

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
left, count = int(sys.argv[2]), 0

def kill_when_due():
    global left, count
    count += 1
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def watch(statement):
    if statement == "VACUUM":
        connection.set_progress_handler(kill_when_due, 50)
    elif count and "wal_checkpoint" in statement:
        kill_when_due()

connection.set_trace_callback(watch)
prepared(connection)
print(count)
"""


def shrink(path: Path, steps: int) -> subprocess.CompletedProcess[str]:
    """Open a database in a process that is killed so many steps after it has begun to shrink the file."""
    return subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", SHRINK, str(path), str(steps)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def kill_shrinking(path: Path, steps: int) -> None:
    """Kill it so, and look at what is left."""
    assert shrink(path, steps).returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert inspection.damage_seen(connection, is_thorough=True) is None
        assert connection.execute("SELECT value FROM bot_state WHERE name = ?", [TO_SHRINK]).fetchall()


@pytest.mark.row("C21")
def test_c21_killed_while_it_shrinks_the_file_opens_again_and_the_next_start_finishes(old: Path) -> None:
    size = size_of(old)
    kill_shrinking(old, 0)
    other = old.with_name("counted.db")
    shutil.copy(old, other)
    count = int(shrink(other, 1_000_000).stdout)

    for steps in (count // 3, count - 2, count - 1):  # the last: it is written to the log, not to the file
        kill_shrinking(old, steps)

    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        db = prepared(connection)
        assert bot_state.get(db, TO_SHRINK) is None
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert size_of(old) < size / 2
    assert inspection.damage(old, is_thorough=True) is None
    assert all(each.name.startswith((old.name, other.name)) for each in old.parent.iterdir()), (
        "no copy is left"
    )
