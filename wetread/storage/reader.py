"""A second connection that only reads, in a thread of its own: a long search keeps no post waiting."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import sqlite_utils

from wetread.domain.catalogue import Catalogue
from wetread.storage.journal_names import add_catalogue

T = TypeVar("T")


class CannotReadError(Exception):
    """The file is not the one that was opened, or cannot be read; the writer finds out why."""


class Reader:
    """Reads the file at `path`, which another connection of this process keeps open.

    It sees everything that was committed before it is asked. It opens the file when it is asked first.
    """

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._db: sqlite_utils.Database | None = None
        self._file: tuple[int, int] | None = None
        self._is_closed = False

    async def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Return what `work` returns, which sees one moment of the database.

        Raises CannotReadError, and whatever `work` raises.
        """
        if self._is_closed:
            raise CannotReadError(f"{self._path} is closed")
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._snapshot, work)

    async def close(self) -> None:
        """Finish what is asked already, and close the file. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        await asyncio.get_running_loop().run_in_executor(self._executor, self._disconnect)
        self._executor.shutdown()

    # In the thread ----------------------------------------------------------------------------------

    def _snapshot(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        try:
            db = self._db or self._connect()
            if self._found() != self._file:
                raise CannotReadError(f"{self._path} is another file now")
            db.conn.execute("BEGIN")
            try:
                return work(db)
            finally:
                db.conn.execute("ROLLBACK")
        except (OSError, sqlite3.DatabaseError) as error:
            self._disconnect()
            raise CannotReadError(str(error)) from error

    def _connect(self) -> sqlite_utils.Database:
        self._file = self._found()
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
        )
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA trusted_schema=OFF")
        add_catalogue(connection, self._catalogue)
        self._db = sqlite_utils.Database(connection)
        return self._db

    def _found(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _disconnect(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.conn.close()
