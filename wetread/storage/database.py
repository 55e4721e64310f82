"""The database: one file, one connection that writes, in one thread; a call is a transaction."""

import asyncio
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

import sqlite_utils

from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.clock import Clock, utc_now
from wetread.domain.errors import StorageError, StorageFailedError, StorageFailure
from wetread.storage import attempts, bot_state, compaction, inspection, migrations, search_index, title_keys
from wetread.storage.attempts import AttemptNote
from wetread.storage.backup import RESERVE, BackupFolder, Occasion
from wetread.storage.clean_end import CleanEnd
from wetread.storage.file_watch import FileWatch, log_of
from wetread.storage.journal_names import add_catalogue
from wetread.storage.packing_migration import PACKED
from wetread.storage.reader import CannotReadError, Reader
from wetread.storage.restore import begin

P = ParamSpec("P")
T = TypeVar("T")

SWITCH_INTERVAL = 0.001
"""For `sys.setswitchinterval`: seconds after which a search gives way to the event loop.

With Python's 5 ms the loop waited a third longer while a million articles were searched.
"""

log = logging.getLogger(__name__)

SQLITE_VERSION = sqlite3.sqlite_version

_PROBE_BYTES = 256 * 1024
_SAMPLE = 400  # rows of an index that are looked at for statistics
_LAST_WAIT = 1000  # ms for another program's lock when the bot ends

_FAILURES = {
    sqlite3.SQLITE_FULL: StorageFailure.FULL,
    sqlite3.SQLITE_IOERR: StorageFailure.UNREACHABLE,
    sqlite3.SQLITE_CANTOPEN: StorageFailure.UNREACHABLE,
    sqlite3.SQLITE_READONLY: StorageFailure.READ_ONLY,
    sqlite3.SQLITE_BUSY: StorageFailure.LOCKED,
    sqlite3.SQLITE_LOCKED: StorageFailure.LOCKED,
    sqlite3.SQLITE_CORRUPT: StorageFailure.CORRUPT,
    sqlite3.SQLITE_NOTADB: StorageFailure.CORRUPT,
}

_SENTENCES = {
    StorageFailure.FULL: "Wetread's disk is full.",
    StorageFailure.UNREACHABLE: "Wetread's disk cannot be read or written.",
    StorageFailure.READ_ONLY: "Wetread's disk can be read, but not written.",
    StorageFailure.LOCKED: "Another program keeps Wetread's database locked.",
    StorageFailure.CORRUPT: "Wetread's database is damaged; a backup has to be restored.",
    StorageFailure.REPLACED: (
        "Wetread's database file was deleted, renamed or replaced while Wetread ran, so Wetread ends. Put it "
        "back, or restore a backup."
    ),
}

_FOR_GOOD = (StorageFailure.CORRUPT, StorageFailure.REPLACED)


@dataclass(frozen=True, slots=True)
class StorageTrouble:
    """Why nothing can be kept, since when, and in words for people."""

    kind: StorageFailure
    since: datetime
    words: str


class Database:
    """Runs plain functions `fn(db, …)` in the one thread that owns the connection.

    `await database.run(fn, …)` calls `fn` between BEGIN IMMEDIATE and COMMIT: nothing interleaves, an
    exception rolls everything back, and a cancelled caller leaves a whole transaction or none.
    `await database.read(fn, …)` is for functions that only read and may take long; it keeps nobody waiting.

    `trouble` says why nothing can be kept at the moment, None = all is well; `ensure_writable` finds out
    whether it is over. While it is open, the file must stay where it is: each call looks first whether it
    does, and `on_replaced` is called once if it does not. `catalogue`: the journals that searches and filters
    know by all their names. `reserve`: bytes of the disk below which it counts as full.
    """

    def __init__(
        self,
        path: Path,
        *,
        backups: BackupFolder | None = None,
        clock: Clock = utc_now,
        catalogue: Catalogue = NO_JOURNALS,
        reserve: int = RESERVE,
        on_replaced: Callable[[StorageFailedError], None] = lambda _error: None,
    ) -> None:
        self.path = path
        self.trouble: StorageTrouble | None = None
        self.reserve = reserve
        self._backups = backups
        self._clock = clock
        self._catalogue = catalogue
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._on_replaced = on_replaced
        self._is_told = False
        self._db: sqlite_utils.Database | None = None
        self._note = AttemptNote(path)
        self._end = CleanEnd(path)
        self._watch: FileWatch | None = None
        self._reader = Reader(path, catalogue)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        backups: BackupFolder | None = None,
        clock: Clock = utc_now,
        catalogue: Catalogue = NO_JOURNALS,
        reserve: int = RESERVE,
        on_replaced: Callable[[StorageFailedError], None] = lambda _error: None,
    ) -> Self:
        """Open the file at `path`, made and migrated where needed. Raises StorageError.

        A file that is damaged, foreign or newer is left as it is. With `backups` one is made before a
        migration. An older copy of the database that was here last is taken for a restored backup.
        """
        database = cls(
            path,
            backups=backups,
            clock=clock,
            catalogue=catalogue,
            reserve=reserve,
            on_replaced=on_replaced,
        )
        try:
            await database._submit(database._connect)
        except BaseException:
            database._executor.shutdown(wait=False)
            raise
        return database

    async def run(
        self, fn: Callable[Concatenate[sqlite_utils.Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `fn(db, *args, **kwargs)` as one transaction and return what it returns.

        Raises StorageFailedError if disk or file does not let it, and whatever `fn` raises.
        """
        return await self._submit(lambda: self._transaction(lambda db: fn(db, *args, **kwargs)))

    async def read(
        self, fn: Callable[Concatenate[sqlite_utils.Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `fn(db, *args, **kwargs)`, which only reads, beside the transactions; return what it returns.

        It sees all that was committed before. Raises as `run`.
        """
        try:
            if self._db is not None:
                return await self._reader.read(lambda db: fn(db, *args, **kwargs))
        except CannotReadError as error:
            log.debug("%s could not be read beside: %s", self.path, error)
        return await self.run(fn, *args, **kwargs)

    async def ensure_writable(self) -> None:
        """Check that the database can be written. Raises StorageFailedError while it cannot.

        Asked before anything is fetched or sent: what cannot be written down would be done again (C03).
        """
        await self._submit(self._look_for_trouble)

    async def optimize(self) -> None:
        """Let SQLite look at a sample of tables that have grown, so that it keeps choosing good indexes."""
        await self._submit(self._optimize)

    async def close(self) -> None:
        """Finish what is queued, write the WAL back into the file, close. Idempotent."""
        if self._db is not None:
            await self._reader.close()
            await self._submit(self._disconnect)
            self._executor.shutdown()

    async def _submit(self, call: Callable[[], T]) -> T:
        # Shielded: the thread finishes its transaction whether or not the caller still waits.
        try:
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._executor, call))
        except StorageFailedError as error:
            if error.kind is StorageFailure.REPLACED and not self._is_told:
                self._is_told = True
                self._on_replaced(error)
            raise

    # In the thread ----------------------------------------------------------------------------------

    def _transaction(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        db = self._connection()
        self._ensure_in_place()
        try:
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                result = work(db)
                count = attempts.counted(db)
                db.conn.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:  # a full disk may have rolled back already (C04)
                    db.conn.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            if (kind := _FAILURES.get(error.sqlite_errorcode & 0xFF)) is None:
                raise
            raise self._fail(kind) from error
        self._note.write(count)
        if self._watch is not None:
            self._watch.wrote()
        return result

    def _ensure_in_place(self) -> None:
        """Raise StorageFailedError if what is written now would go where nobody finds it again."""
        if self._watch is None:
            return
        try:
            is_lost = self._watch.is_lost()
        except OSError as error:
            raise self._fail(StorageFailure.UNREACHABLE) from error
        except (StorageError, sqlite3.DatabaseError) as error:
            raise self._fail(StorageFailure.CORRUPT) from error
        if is_lost:
            raise self._fail(StorageFailure.REPLACED)

    def _fail(self, kind: StorageFailure) -> StorageFailedError:
        """Note trouble, say so once in the log, and return it as an error."""
        words = _SENTENCES[kind]
        if self.trouble is None or self.trouble.kind is not kind:
            self.trouble = StorageTrouble(kind, self._clock(), words)
            then = (
                "" if kind is StorageFailure.REPLACED else " Nothing is fetched or posted until that is over."
            )
            log.error("%s%s (%s)", words, then, self.path)
        return StorageFailedError(kind, words)

    def _look_for_trouble(self) -> None:
        if self.trouble is not None and self.trouble.kind in _FOR_GOOD:
            raise self._fail(self.trouble.kind)
        self._ensure_in_place()
        try:
            is_full = shutil.disk_usage(self.path.parent).free < self.reserve
        except OSError as error:
            raise self._fail(StorageFailure.UNREACHABLE) from error
        if is_full:
            raise self._fail(StorageFailure.FULL)
        if self.trouble is not None:
            self._transaction(lambda db: bot_state.remember(db, "probe", "x" * _PROBE_BYTES))
            self._transaction(lambda db: bot_state.forget(db, "probe"))
            log.warning("%s can be written again; Wetread continues.", self.path)
            self.trouble = None

    def _optimize(self) -> None:
        db = self._connection()
        try:
            db.conn.execute(f"PRAGMA analysis_limit={_SAMPLE}")
            db.conn.execute("PRAGMA optimize")
        except sqlite3.OperationalError as error:  # a full disk, say, of which others tell
            log.warning("SQLite's statistics could not be renewed: %s", error)

    def _connection(self) -> sqlite_utils.Database:
        if self._db is None:
            raise StorageError("The database is closed.")
        return self._db

    def _connect(self) -> None:
        self._refuse_to_begin_anew()
        try:
            self._make_private()
            self._prove()
            connection = sqlite3.connect(self.path, isolation_level=None)
        except (OSError, sqlite3.DatabaseError) as error:
            raise StorageError(f"{self.path} cannot be used as Wetread's database: {error}.") from error
        try:
            self._db = prepared(connection, self._catalogue)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StorageError(f"{self.path} cannot be used as Wetread's database: {error}.") from error
        except BaseException:
            connection.close()
            raise
        self._watch = FileWatch(self.path, connection, self._note)
        self._recognise_older_copy(self._db)

    def _refuse_to_begin_anew(self) -> None:
        """Raise StorageError if there was a database here that is gone."""
        if not self._note.read() or (self.path.exists() and self.path.stat().st_size):
            return
        raise StorageError(
            f"{self.path} is gone: {self._note.path} shows that Wetread posted with it. {self._advice()} "
            f"To begin with an empty database, delete {self._note.path}."
        )

    def _recognise_older_copy(self, db: sqlite_utils.Database) -> None:
        noted = self._note.read()
        if attempts.counted(db) >= noted:
            return
        log.warning(
            "%s is older than the database that Wetread used last (%d posts begun, this one knows %d). It is "
            "treated as a restored backup.",
            self.path,
            noted,
            attempts.counted(db),
        )
        self._transaction(lambda db: begin(db, self._clock(), noted))

    def _make_private(self) -> None:
        """Let nobody else on the machine read it (faults.md S39)."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_mode & 0o007:
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)

    def _prove(self) -> None:
        """Look before anything is changed: is it ours, sound, and backed up before a migration?"""
        schema = inspection.inspect(self.path)
        if schema.is_fresh:
            return
        if not self._end.take() and (damaged := inspection.damage(self.path)):
            raise StorageError(f"{self.path} is damaged ({damaged}). {self._advice()}")
        if PACKED in schema.pending:
            compaction.ensure_room(self.path, self._backups.folder if self._backups else None)
        if schema.pending and self._backups is not None:
            made = self._backups.make(Occasion.UPGRADE, self._clock())
            log.info("The database is brought up to date (%s); before: %s", ", ".join(schema.pending), made)

    def _advice(self) -> str:
        good = self._backups.newest_good() if self._backups else None
        if good is None:
            return "There is no good backup in reach; it was left as it is."
        return f"It was left as it is. The newest good backup: python bot.py restore {good}"

    def _disconnect(self) -> None:
        db = self._connection()
        self._db = None
        try:
            try:
                db.conn.execute(f"PRAGMA busy_timeout={_LAST_WAIT}")
                if self._watch is not None and self._watch.is_overwritten:
                    os.truncate(log_of(self.path), 0)  # it belongs to what was in the file before
                else:
                    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                db.conn.close()
            if self.trouble is None:
                self._end.write()
        except (OSError, sqlite3.DatabaseError) as error:  # nothing is lost: the WAL stays beside the file
            log.warning("%s could not be tidied up at the end: %s", self.path, error)


def prepared(connection: sqlite3.Connection, catalogue: Catalogue = NO_JOURNALS) -> sqlite_utils.Database:
    """Set the five pragmas on a fresh connection and bring its schema up to date."""
    connection.execute(
        "PRAGMA page_size=16384"
    )  # works before the first table only; a smaller page wastes a third
    [mode] = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode not in ("wal", "memory"):
        log.warning(
            "SQLite's write-ahead log does not work where the database is (it answers %r). Wetread works, "
            "but more slowly; a local disk is better than a network's.",
            mode,
        )
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA trusted_schema=OFF")
    add_catalogue(connection, catalogue)
    db = sqlite_utils.Database(connection)

    def refresh() -> None:
        title_keys.refresh(db, catalogue)
        search_index.refresh(db)

    migrations.migrate(db, then=refresh)
    refresh()  # for a catalogue, or rules of the index, that have changed since
    compaction.finish(db)
    connection.execute("PRAGMA foreign_keys=ON")
    return db
