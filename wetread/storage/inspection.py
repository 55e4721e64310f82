"""What a database file is, found out without changing it: empty, ours, newer, somebody else's, damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from wetread.domain.errors import StorageError
from wetread.storage import migrations

_ITS_OWN = frozenset(["_sqlite_migrations", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"])
_PATIENCE = 10.0  # seconds for whoever writes at the moment


@dataclass(frozen=True, slots=True)
class Schema:
    """The state of a database of ours. `applied` is empty for a file that nothing was written to yet.

    `pending`: the migrations that this version would apply.
    """

    applied: tuple[str, ...]
    pending: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        """Whether there is nothing in it that could be lost."""
        return not self.applied


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a file for reading only: it never writes, nor checkpoints beside the bot's connection (C19).

    Raises StorageError for what is not there or is no database.
    """
    if not path.is_file():
        raise StorageError(f"There is no file {path}.")
    connection: sqlite3.Connection | None = None
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA schema_version").fetchone()  # the first to read the file
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        raise StorageError(_sentence(path, error)) from error
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """As `open_for_reading`, for as long as the body takes. Raises StorageError also for what that meets."""
    with closing(open_for_reading(path)) as connection:
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            raise StorageError(_sentence(path, error)) from error


def inspect(path: Path) -> Schema:
    """Return how far a database's schema is. Raises StorageError for what this version must not touch."""
    with reading(path) as connection:
        db = sqlite_utils.Database(connection)
        tables = {table for table in db.table_names() if table not in _ITS_OWN}
        applied = tuple(each.name for each in migrations.wetread.applied(db))
        if tables and not applied:
            raise StorageError(
                f"{path} is a database of another program. It was left as it is. "
                "Please name another file in config.toml ([storage] path)."
            )
        migrations.refuse_newer(applied)
        return Schema(applied, tuple(each.name for each in migrations.wetread.pending(db)))


def damage(path: Path, *, is_thorough: bool = False) -> str | None:
    """Return what is damaged in a file, in SQLite's words; None if nothing is.

    `is_thorough` compares indexes with their tables, and references with what they name, besides.
    """
    try:
        with reading(path) as connection:
            return damage_seen(connection, is_thorough=is_thorough)
    except StorageError as error:
        return str(error)


def damage_seen(connection: sqlite3.Connection, *, is_thorough: bool) -> str | None:
    """As `damage`, over a connection. Raises sqlite3.DatabaseError where it cannot even be looked at."""
    check = "integrity_check" if is_thorough else "quick_check"
    [said] = connection.execute(f"PRAGMA {check}(1)").fetchone()
    if said != "ok":
        return str(said)
    if is_thorough and (orphan := connection.execute("PRAGMA foreign_key_check").fetchone()):
        return f"a row of {orphan[0]} names one of {orphan[2]} that is not there"
    return None


def _sentence(path: Path, error: sqlite3.DatabaseError) -> str:
    if error.sqlite_errorname == "SQLITE_NOTADB":
        return f"{path} is not a database. It was left as it is."
    return f"{path} cannot be read as a database: {error}."
