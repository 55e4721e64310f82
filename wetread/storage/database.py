"""The database: one file, one connection, one thread; a call is a transaction."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

import sqlite_utils

from wetread.errors import StorageError
from wetread.storage import migrations

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """Runs plain functions `fn(db, …)` in the one thread that owns the connection.

    `await database.run(fn, …)` calls `fn` between BEGIN IMMEDIATE and COMMIT: nothing interleaves, an
    exception rolls everything back, and a cancelled caller leaves a whole transaction or none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._db: sqlite_utils.Database | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file at `path`, made and migrated where needed. Raises StorageError."""
        database = cls(path)
        try:
            await database._submit(database._connect)
        except BaseException:
            database._executor.shutdown(wait=False)
            raise
        return database

    async def run(
        self, fn: Callable[Concatenate[sqlite_utils.Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `fn(db, *args, **kwargs)` as one transaction and return what it returns."""

        def transaction() -> T:
            db = self._connection()
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                result = fn(db, *args, **kwargs)
            except BaseException:
                if db.conn.in_transaction:  # a full disk may have rolled back already (C04)
                    db.conn.execute("ROLLBACK")
                raise
            db.conn.execute("COMMIT")
            return result

        return await self._submit(transaction)

    async def close(self) -> None:
        """Finish what is queued, write the WAL back into the file, close. Idempotent."""
        if self._db is not None:
            await self._submit(self._disconnect)
            self._executor.shutdown()

    async def _submit(self, call: Callable[[], T]) -> T:
        # Shielded: the thread finishes its transaction whether or not the caller still waits.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._executor, call))

    def _connection(self) -> sqlite_utils.Database:
        if self._db is None:
            raise StorageError("The database is closed.")
        return self._db

    def _connect(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)  # nobody else's to read (S39)
        os.close(descriptor)
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            self._db = prepared(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StorageError(f"{self.path} cannot be used as Wetread's database: {error}.") from error
        except StorageError:
            connection.close()
            raise

    def _disconnect(self) -> None:
        db = self._connection()
        self._db = None
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.conn.close()


def prepared(connection: sqlite3.Connection) -> sqlite_utils.Database:
    """Set the pragmas of FAULTS section 9 on a fresh connection and bring its schema up to date."""
    connection.execute("PRAGMA page_size=16384")  # heeded before the first table only; less wastes a third
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA trusted_schema=OFF")
    db = sqlite_utils.Database(connection)
    migrations.migrate(db)
    return db
