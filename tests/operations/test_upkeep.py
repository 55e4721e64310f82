"""A backup each day, without anybody thinking of it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from wetread.domain.errors import StorageError
from wetread.operations.config import BackupConfig, Config, StorageConfig
from wetread.operations.upkeep import DailyBackup, backup_folder
from wetread.storage.backup import Occasion
from wetread.storage.database import Database

USUAL = BackupConfig()
EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


async def daily(path: Path, clock: FakeClock, wanted: BackupConfig = USUAL) -> DailyBackup:
    await (await Database.open(path)).close()
    folder = backup_folder(Config(storage=StorageConfig(path), backup=wanted))
    return DailyBackup(folder, clock, hour=wanted.hour, is_on=wanted.keep_daily > 0)


async def test_one_is_made_each_day_at_its_hour(tmp_path: Path) -> None:
    clock = FakeClock(EVENING)
    backup = await daily(tmp_path / "wetread.db", clock, BackupConfig(hour=3))

    made = []
    for _ in range(24 * 6 * 3):  # three days, asked every ten minutes
        if await backup.make_if_due():
            made.append(clock())
        clock.advance(minutes=10)

    assert [f"{each:%d %H:%M}" for each in made] == ["23 20:00", "24 03:00", "25 03:00", "26 03:00"]
    assert await backup.newest_at() == made[-1]


async def test_what_was_missed_is_made_up_for_once(tmp_path: Path) -> None:
    clock = FakeClock(EVENING)
    backup = await daily(tmp_path / "wetread.db", clock)
    await backup.make_if_due()
    clock.advance(days=4)

    assert await backup.make_if_due()
    assert not await backup.make_if_due()


async def test_a_backup_by_hand_does_not_replace_the_days(tmp_path: Path) -> None:
    clock = FakeClock(EVENING)
    backup = await daily(tmp_path / "wetread.db", clock)
    folder = backup_folder(Config(storage=StorageConfig(tmp_path / "wetread.db")))
    await asyncio.to_thread(folder.make, Occasion.MANUAL, clock())
    clock.advance(seconds=1)

    assert await backup.make_if_due()


async def test_switched_off_none_is_made(tmp_path: Path) -> None:
    backup = await daily(tmp_path / "wetread.db", FakeClock(EVENING), BackupConfig(keep_daily=0))

    assert await backup.make_if_due() is None
    assert await backup.newest_at() is None


async def test_when_wetread_stops_none_is_begun(tmp_path: Path) -> None:
    backup = await daily(tmp_path / "wetread.db", FakeClock(EVENING))
    backup.stop()

    with pytest.raises(StorageError, match="given up"):
        await backup.make_if_due()


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file in the folder's place")
    backup = await daily(tmp_path / "wetread.db", FakeClock(EVENING))

    with pytest.raises(StorageError, match="backups"):
        await backup.make_if_due()
