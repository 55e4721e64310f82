"""A database of invented articles, written by Wetread's own storage."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks import corpus
from wetread.domain.models import Record
from wetread.storage import articles
from wetread.storage.database import prepared

GUILD = 4101
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@contextmanager
def library(
    count: int, guild: int = GUILD, *, records: Iterable[Record] = ()
) -> Iterator[sqlite_utils.Database]:
    """Yield a temporary database of `count` articles of a server: `records`, or those of `corpus`."""
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        connection = connect(Path(folder, "library.db"))
        db = prepared(connection)
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA synchronous=OFF")  # for filling only; nothing of this outlives the run
        connection.execute("BEGIN")
        for number, record in enumerate(records or corpus.records(count)):
            articles.create(db, {"feed:1": record}, [guild], NOW)
            if number % 1_000 == 999:
                connection.execute("COMMIT")
                connection.execute("BEGIN")
        connection.execute("COMMIT")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield db
        connection.close()


def path_of(db: sqlite_utils.Database) -> Path:
    """Return the file of a database."""
    return Path(next(path for _, name, path in db.conn.execute("PRAGMA database_list") if name == "main"))


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection as `storage.database` opens it."""
    return sqlite3.connect(path, isolation_level=None)


def bytes_by_table(db: sqlite_utils.Database) -> dict[str, int]:
    """Return the size on disk of each table and index."""
    return dict(db.conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"))
