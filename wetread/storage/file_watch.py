"""Notices that the file of an open database was deleted, renamed, replaced or written over."""

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import sqlite_utils

from wetread.domain.errors import StorageError
from wetread.storage import attempts, inspection
from wetread.storage.attempts import AttemptNote

_MOST_DOUBTS = 3  # changes that prove to be harmless, after which no more are examined


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands where the database belongs. `files`: which files of the machine, that of the log last.

    `size` and `changed_at` are those of the database's file.
    """

    files: tuple[tuple[int, int] | None, ...]
    size: int
    changed_at: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Look there. Raises OSError, but not for a file that is missing."""
        found = [_stat(each) for each in (path, log_of(path))]
        files = tuple(each and (each.st_dev, each.st_ino) for each in found)
        own = found[0]
        return cls(files, own.st_size if own else 0, own.st_mtime_ns if own else 0)


class FileWatch:
    """Watches the file of a connection. `note`: how often posting was begun with it.

    `is_overwritten`: the file is the same, but its content is another, so the log no longer belongs to it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, note: AttemptNote) -> None:
        self.is_overwritten = False
        self._path = path
        self._connection = connection
        self._note = note
        self._place = _Place.of(path)
        self._version = self._data_version()
        self._doubts = _MOST_DOUBTS

    def is_lost(self) -> bool:
        """Return whether what is written now would go where nobody finds it again.

        Asked before each transaction. Raises OSError if that cannot be seen, and StorageError or
        sqlite3.DatabaseError if the file is damaged.
        """
        before, now = self._place, _Place.of(self._path)
        if now == before:
            return False
        if now.files != before.files:
            return True
        self.is_overwritten = self._tells_less(before, now)
        if not self.is_overwritten:
            self._place = now
        return self.is_overwritten

    def wrote(self) -> None:
        """Learn how the file is after a transaction of our own."""
        with suppress(OSError):  # the next question meets it
            now = _Place.of(self._path)
            if now.files == self._place.files:
                self._place = now

    def _tells_less(self, before: _Place, now: _Place) -> bool:
        """Whether the changed file was written over, as `cp` does.

        The change alone proves nothing: another program may have written by SQLite's rules, and some file
        systems correct a file's time later. But Wetread's own file never shrinks and never forgets a post.
        """
        version = self._data_version()
        if version != self._version:
            self._version = version
            return False
        if now.size < before.size:
            return True
        if not self._doubts:
            return False
        self._doubts -= 1
        with inspection.reading(self._path) as connection:
            if attempts.counted(sqlite_utils.Database(connection)) < self._note.read():
                return True
            if damaged := inspection.damage_seen(connection, is_thorough=False):
                raise StorageError(damaged)
        return False

    def _data_version(self) -> int:
        """Return a number that changes when another connection commits."""
        [version] = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)


def log_of(path: Path) -> Path:
    """Return the path of a database's write-ahead log."""
    return path.with_name(f"{path.name}-wal")


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
