"""An older version's file becomes smaller, if the disk has room for that; without room nothing is lost."""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.storage.test_backup import folder_of
from tests.storage.test_start import fingerprint
from tests.storage.test_upgrades import SCHEMAS, released
from wetread.domain.errors import StorageError
from wetread.storage import compaction, inspection
from wetread.storage.backup import RESERVE
from wetread.storage.database import Database, prepared

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
