"""Copies of a database in use: whole, private, thinned out, and never half there."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.watch_stage import WatchStage, entries
from wetread.domain.errors import StorageError
from wetread.storage import inspection
from wetread.storage.backup import Backup, BackupFolder, Occasion, copy_database, to_discard

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)

WRITER = """
import itertools, sys
from pathlib import Path
from tests.support.watch_stage import WatchStage, entries

stage = WatchStage(Path(sys.argv[1]))
stage.subscribe(shown=[])
for number in itertools.count(1):
    stage.serve(entries(number, number + 1), etag=f'"{number}"')
    print(number, flush=True)
"""


def folder_of(database: Path, keep_daily: int = 7, keep_weekly: int = 4) -> BackupFolder:
    return BackupFolder(database, None, keep_daily=keep_daily, keep_weekly=keep_weekly)


@pytest.mark.row("C12")
def test_c12_a_backup_while_another_process_writes_is_whole(tmp_path: Path) -> None:
    writer = subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    copies = []
    with writer.stdout as lines:
        for goal in (3, 9, 15):
            written = 0
            while written < goal:
                written = int(next(lines))
            copies.append(
                (
                    written,
                    folder_of(tmp_path / "wetread.db").make(Occasion.MANUAL, NOW + timedelta(seconds=goal)),
                )
            )
        written = int(next(lines))  # nobody has waited for the backups
        writer.kill()
    writer.wait()

    for at_least, path in copies:
        assert inspection.damage(path, is_thorough=True) is None
        with closing(sqlite3.connect(path)) as copy:
            [[etag]] = copy.execute("SELECT etag FROM feeds").fetchall()
            [[count]] = copy.execute("SELECT count(*) FROM entries").fetchall()
        assert int(etag.strip('"')) >= at_least
        assert count == int(etag.strip('"')) + 1, "one moment: validators and entries agree"
    assert written >= copies[-1][0]


@pytest.mark.row("C12", "S39")
def test_s39_a_backup_is_one_file_that_nobody_else_can_read(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(1, 2))

    path = folder_of(stage.path).make(Occasion.DAILY, NOW)

    assert path.name == "wetread-2026-11-24T030500Z-daily.db"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    moved = shutil.copy(path, stage.path.with_name("elsewhere.db"))
    with closing(sqlite3.connect(moved)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",), "it may be copied alone"
        assert list(copy.iterdump()) == list(stage.connection.iterdump())


def test_nothing_half_made_stays_when_wetread_stops_meanwhile(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(*range(1, 200)))
    folder = folder_of(stage.path)

    with pytest.raises(StorageError):
        folder.make(Occasion.DAILY, NOW, lambda: True)

    assert list(folder.folder.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(stage: WatchStage) -> None:
    target = stage.path.with_name("precious.db")
    target.write_text("precious")

    with pytest.raises(StorageError, match="already"):
        copy_database(stage.path, target)

    assert target.read_text() == "precious"


def test_a_damaged_database_makes_no_backup(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(*range(1, 100)))
    stage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    scribble(stage.path)
    folder = folder_of(stage.path)

    with pytest.raises(StorageError):
        folder.make(Occasion.DAILY, NOW)

    assert folder.listing() == []


@pytest.mark.row("C08")
def test_c08_the_newest_good_backup_is_found_behind_a_damaged_one(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(*range(1, 100)))
    folder = folder_of(stage.path)
    older = folder.make(Occasion.DAILY, NOW)
    newer = folder.make(Occasion.DAILY, NOW + timedelta(days=1))
    assert folder.newest_good() == newer

    scribble(newer)

    assert folder.newest_good() == older


def test_of_each_day_and_week_the_last_backup_is_kept(tmp_path: Path) -> None:
    days = [NOW - timedelta(days=days, hours=hours) for days in range(60) for hours in (0, 3)]
    backups = [Backup(tmp_path / str(at), at, Occasion.DAILY) for at in days]

    gone = to_discard(backups, keep_daily=3, keep_weekly=4)

    kept = [each.made_at for each in backups if each not in gone]
    assert kept == [
        NOW,
        NOW - timedelta(days=1),
        NOW - timedelta(days=2),  # 22 November, a Sunday: the last of its week as well
        datetime(2026, 11, 15, 3, 5, tzinfo=UTC),
        datetime(2026, 11, 8, 3, 5, tzinfo=UTC),
    ]


def test_what_people_made_is_never_deleted_and_of_upgrades_three_stay(tmp_path: Path) -> None:
    days = [NOW - timedelta(days=number) for number in range(9)]
    by_hand = [Backup(tmp_path / f"m{at}", at, Occasion.MANUAL) for at in days]
    upgrades = [Backup(tmp_path / f"u{at}", at, Occasion.UPGRADE) for at in days]

    assert to_discard([*by_hand, *upgrades], keep_daily=0, keep_weekly=0) == upgrades[3:]


def test_thinning_leaves_other_files_alone(stage: WatchStage) -> None:
    folder = folder_of(stage.path, keep_daily=1, keep_weekly=1)
    folder.folder.mkdir()
    others = [
        folder.folder / name for name in ("notes.txt", "wetread-old.db", "other-2026-01-01T000000Z-daily.db")
    ]
    for other in others:
        other.touch()

    made = [folder.make(Occasion.DAILY, NOW + timedelta(days=number)) for number in range(3)]

    assert sorted(folder.folder.iterdir()) == sorted([*others, made[-1]])


def test_what_a_killed_process_left_is_cleared_away_later(stage: WatchStage) -> None:
    folder = folder_of(stage.path)
    folder.folder.mkdir()
    left, under_way = (folder.folder / f".wetread-2026-11-2{day}T030500Z-daily.db.part" for day in (2, 4))
    for part, at in ((left, NOW - timedelta(days=2)), (under_way, NOW)):
        part.touch()
        os.utime(part, (at.timestamp(), at.timestamp()))

    folder.make(Occasion.MANUAL, NOW)

    assert (left.exists(), under_way.exists()) == (False, True)


def scribble(path: Path, page_number: int | None = None) -> None:
    """Flip a stretch of bytes in a page (from 1) of a file, as a failing disk does; usually in its middle."""
    content = bytearray(path.read_bytes())
    page = 16384
    middle = len(content) // page // 2 * page if page_number is None else (page_number - 1) * page
    for at in range(middle, middle + 540):
        content[at] ^= 0xFF
    path.write_bytes(content)
