"""Reading beside the transactions."""

import asyncio
import threading
from pathlib import Path

import pytest
import sqlite_utils

from wetread.domain.errors import StorageFailedError
from wetread.storage import bot_state
from wetread.storage.database import Database


async def test_it_sees_what_was_committed_before(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    for value in ("one", "two"):
        await database.run(bot_state.remember, "seen", value)
        assert await database.read(bot_state.get, "seen") == value
    await database.close()


async def test_it_waits_for_no_transaction_and_no_transaction_for_it(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    await database.run(bot_state.remember, "seen", "before")
    reads, writes = threading.Event(), threading.Event()

    def write(db: sqlite_utils.Database) -> None:
        bot_state.remember(db, "seen", "after")
        assert reads.wait(10)

    def read(db: sqlite_utils.Database) -> str | None:
        found = bot_state.get(db, "seen")
        reads.set()
        assert writes.wait(10)
        assert bot_state.get(db, "seen") == found  # one moment of the database
        return found

    writing = asyncio.create_task(database.run(write))
    reading = asyncio.create_task(database.read(read))
    await writing
    writes.set()
    assert await reading == "before"
    assert await database.read(bot_state.get, "seen") == "after"
    await database.close()


async def test_it_writes_nothing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    await database.run(bot_state.remember, "seen", "before")

    def write(db: sqlite_utils.Database) -> str:
        bot_state.remember(db, "seen", threading.current_thread().name)
        return threading.current_thread().name

    assert "database" in await database.read(write)  # refused beside; the writer did it
    await database.close()


async def test_a_file_that_was_replaced_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    database = await Database.open(path)
    await database.read(bot_state.get, "seen")
    path.rename(tmp_path / "away.db")
    path.write_bytes(b"")
    with pytest.raises(StorageFailedError):
        await database.read(bot_state.get, "seen")
    await database.close()
