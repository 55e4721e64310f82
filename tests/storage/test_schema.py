"""schema.sql is what the migrations make, so that nobody has to assemble the schema by reading them."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from wetread.storage import migrations
from wetread.storage.database import prepared

SCHEMA = Path(migrations.__file__).with_name("schema.sql")


def objects_of(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Every table, index and trigger by kind and name: its SQL without comments and spaces."""
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")
    return {
        (kind, name): re.sub(r'\s+|"', "", re.sub(r"--[^\n]*", "", sql))
        for kind, name, table, sql in rows
        if table != "_sqlite_migrations"
    }


def test_the_schema_file_is_what_the_migrations_make() -> None:
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as migrated,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as read,
    ):
        migrations.migrate(prepared(migrated))
        read.executescript(SCHEMA.read_text(encoding="utf-8"))

        assert objects_of(read) == objects_of(migrated)
