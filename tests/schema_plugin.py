"""Migrate once: databases that tests make are copies of one that this version's migrations made.

All migrations take ten times as long as the copy, and most tests start with an empty database. Databases that
have tables already are migrated as ever, as are those of processes that tests start.
"""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from wetread.storage import migrations


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """Put the copy in the place of the migrations of an empty database."""
    migrate = migrations.migrate
    template: list[sqlite3.Connection] = []

    def copied(
        db: sqlite_utils.Database,
        steps: Migrations = migrations.wetread,
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        if steps is not migrations.wetread or db.conn.execute("SELECT 1 FROM sqlite_schema").fetchone():
            migrate(db, steps, then=then)
            return
        if not template:
            template.append(_made(migrate))
        template[0].backup(db.conn)
        if then is not None:
            then()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "migrate", copied)
        yield
    for connection in template:
        connection.close()


def _made(migrate: Callable[[sqlite_utils.Database], None]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA page_size=16384")  # a copy into another page size fails
    migrate(sqlite_utils.Database(connection))
    return connection
