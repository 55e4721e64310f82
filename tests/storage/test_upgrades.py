"""A released version's database is brought up to date with every row kept, or left exactly as it was."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from tests.storage.test_backup import folder_of
from tests.support.doubles import FakeClock
from tests.support.doubles_messenger import Channels, FakeMessenger
from wetread.domain.errors import StorageError
from wetread.domain.models import DeliveryState, Record
from wetread.domain.query import parse_query
from wetread.services.delivery import Deliverer
from wetread.storage import articles, deliveries, inspection, migrations, packing, search, search_index
from wetread.storage.backup import Occasion
from wetread.storage.database import Database, prepared

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "tests" / "data" / "schemas").glob("*.sql"))
BEFORE_MARKS = ROOT / "tests" / "data" / "schemas" / "0.2.0.sql"
"""The last release that stored front matter and errata like articles, and no day to list by."""
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)

PACKED = {
    "articles": {"facets", "authors", "abstract", "provenance", "record"},
    "records": {"record"},
}
"""Columns of a release whose contents are in `articles.packed` today."""

RENAMED = {
    ("deliveries", "owed_at"): "scheduled_at",
    ("deliveries", "told_standing"): "announced_standing",
    ("edits", "owed_at"): "scheduled_at",
    ("notices", "told_at"): "notified_at",
}
"""Columns that had another name in a release: (table, name then) → name today."""

MADE_ANEW = ("title:", "title_keys", "search_index")
"""Rows that are made of others, anew with each catalogue, by how their keys or names begin."""


def released(schema: Path, folder: Path) -> Path:
    """The database that a release left behind."""
    path = folder / "wetread.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema.read_text(encoding="utf-8"))
    return path


RENAMED_TABLES = {"follow_ups": "publications"}
"""Today's table → the release's, whose rows it has."""


def rows_of(path: Path, columns: dict[str, list[str]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table; of `columns` only these, which may have been renamed since."""
    with closing(sqlite3.connect(path)) as connection:
        db = sqlite_utils.Database(connection)
        tables = {RENAMED_TABLES.get(each.name, each.name): each for each in db.tables}
        wanted = {name: each for name, each in tables.items() if name in (columns or tables)}
        return {
            known: [
                {
                    name: value_of(db, known, row, name) if columns else row[name]
                    for name in (columns[known] if columns else row)
                    if name != "facets"
                }
                for row in table.rows
                if not str(row.get("key", row.get("name"))).startswith(MADE_ANEW)
            ]
            for known, table in wanted.items()
            if not re.search(r"_fts|sqlite", known)
        }


def value_of(db: sqlite_utils.Database, table: str, row: dict[str, Any], name: str) -> Any:
    """The value of an old release's column, from where it stands today."""
    today = RENAMED.get((table, name), name)
    if today in row:
        return row[today]
    assert name in PACKED[table]
    if table == "records":
        return packing.text_of(articles.source_records(db, row["article_id"])[row["source"]])
    if name == "provenance":
        return json.dumps(packing.provenance_in(row["packed"]))
    record = packing.record_in(row["packed"], row["title"])
    if name == "record":
        return packing.text_of(record)
    return getattr(search_index.searched(record, [1]), name)


def test_every_release_has_its_database_here() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)[::-1] == [
        each.stem for each in SCHEMAS
    ]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
async def test_every_row_of_a_release_is_kept(schema: Path, tmp_path: Path) -> None:
    path = released(schema, tmp_path)
    before = rows_of(path)
    assert all(before.values()), "every table has rows"
    has_migrations = bool(inspection.inspect(path).pending)

    database = await Database.open(path, backups=folder_of(path), clock=lambda: NOW)

    found = await database.run(search.search, 10, parse_query("invented finding"))
    assert found.hits
    await database.close()
    assert rows_of(path, {name: list(rows[0]) for name, rows in before.items()}) == before
    assert inspection.damage(path, is_thorough=True) is None
    assert not inspection.inspect(path).pending
    backups = folder_of(path).listing()
    expected = [(Occasion.UPGRADE, NOW)] if has_migrations else []
    assert [(backup.occasion, backup.made_at) for backup in backups] == expected
    assert all(rows_of(backup.path) == before for backup in backups)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
async def test_what_a_release_scheduled_is_delivered_by_this_one(schema: Path, tmp_path: Path) -> None:
    clock = FakeClock(NOW)
    database = await Database.open(released(schema, tmp_path))
    messenger = FakeMessenger(Channels(clock))
    deliverer = Deliverer(
        database,
        messenger,
        clock=clock,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        seconds_between_posts=0,
    )

    for _ in range(5):
        await deliverer.deliver_due()
        await deliverer.join()
        clock.advance(minutes=2)

    counts = await database.run(deliveries.counts)
    assert counts[DeliveryState.PENDING] == counts[DeliveryState.SENDING] == 0
    await database.close()


async def test_a_start_without_migrations_makes_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    for _ in range(2):
        await (await Database.open(path, backups=folder_of(path))).close()

    assert folder_of(path).listing() == []


@pytest.mark.row("E05")
def test_stored_front_matter_and_errata_leave_the_lists_with_the_update(tmp_path: Path) -> None:
    """A release stored them like articles; the next release's update marks them."""
    path = released(BEFORE_MARKS, tmp_path)
    ids = {"Editorial Board/Copyright": 91, "Erratum to: Invented coils": 92, "Invented coils": 93}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for title, article_id in ids.items():
            facets = "\ue000a \ue000g41"
            connection.execute(
                """
                INSERT INTO articles (id, title, facets, first_seen_at, authors, abstract, provenance, record)
                VALUES (?, ?, ?, '2026-01-14T08:12:00Z', '', '', '{}', ?)
                """,
                (article_id, title, facets, packing.text_of(Record("feed", title=title))),
            )
            connection.execute(
                "INSERT INTO articles_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, '', '', ?)",
                (article_id, title, facets),
            )
            connection.execute(
                "INSERT INTO guild_articles VALUES (41, ?, '2026-01-14T08:12:00Z')", (article_id,)
            )
        db = prepared(connection)

        def found(query: str) -> set[str]:
            hits = search.search(db, 41, parse_query(query), limit=20).hits
            return {title for title in ids for hit in hits if hit.article_id == ids[title]}

        assert found("invented OR board") == {"Invented coils"}
        assert found("type:erratum") == {"Erratum to: Invented coils"}
        assert found('type:"front matter"') == {"Editorial Board/Copyright"}
        connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_stored_articles_are_listed_by_date_after_the_update(tmp_path: Path) -> None:
    path = released(BEFORE_MARKS, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for number, published_on in enumerate((None, "2026-02", "2025", "2026-01-01"), 91):
            connection.execute(
                """
                INSERT INTO articles (id, title, facets, first_seen_at, authors, abstract, provenance, record,
                    published_on)
                VALUES (?, '', '', '2026-01-14T08:12:00Z', '', '', '{}', '{"source":"feed"}', ?)
                """,
                (number, published_on),
            )
        prepared(connection)
        days = connection.execute("SELECT article_id, day FROM article_days WHERE article_id > 90").fetchall()

    seen_on = date(2026, 1, 14).toordinal()
    assert days == [(91, seen_on), (92, seen_on), (93, seen_on - 14), (94, seen_on - 13)]


def test_stored_articles_are_found_by_their_facts(tmp_path: Path) -> None:
    """As if they had been stored by this version."""
    path = released(ROOT / "tests" / "data" / "schemas" / "0.3.0.sql", tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        free = '{"source":"PubMed","title":"Invented coils","free_url":"https://example.org/coils.pdf"}'
        connection.execute("UPDATE articles SET record = ?, abstract = '' WHERE id = 1", [free])
        connection.execute(
            """
            UPDATE articles SET record = '{"source":"PubMed","types":["Retracted Publication"]}' WHERE id = 2
            """
        )
        connection.execute(
            "INSERT OR IGNORE INTO guild_articles SELECT 10, 2, min(since) FROM guild_articles"
        )
        db = prepared(connection)

        def found(query: str) -> set[int]:
            return {each for each in (1, 2) if search.matches(db, each, parse_query(query))}

        assert found("has:abstract") == set()
        assert found("is:free") == {1}
        assert found("is:retracted") == {2}
        assert search.matches(db, 3, parse_query("has:abstract -is:free -is:preprint"))
        connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


UPGRADE = """
import os, signal, sqlite3, sys
from wetread.storage.database import prepared

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
left = int(sys.argv[2])

def count_down(statement):
    global left
    if statement.lstrip().upper().startswith(("ALTER", "CREATE", "UPDATE", "INSERT", "COMMIT")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

connection.set_trace_callback(count_down)
prepared(connection)
print(int(sys.argv[2]) - left)
"""


def upgrade(path: Path, statements: int) -> subprocess.CompletedProcess[str]:
    """Bring a database up to date in a process that is killed after so many statements."""
    return subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", UPGRADE, str(path), str(statements)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def kill_points(schema: Path, folder: Path) -> Iterator[int]:
    """Up to six points spread over the upgrade, the last just before the commit; none without migrations."""
    folder.mkdir()
    path = released(schema, folder)
    has_migrations = bool(inspection.inspect(path).pending)
    count = int(upgrade(path, 10_000).stdout)
    assert count or not has_migrations  # titles may be indexed anew without a migration
    if not has_migrations:
        return iter(())
    return iter(sorted({max(count * part // 6 - 1, 0) for part in range(1, 7)}))


@pytest.mark.row("C10")
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
async def test_c10_killed_half_way_the_old_schema_stays_and_the_next_start_catches_up(
    schema: Path, tmp_path: Path
) -> None:
    for point in kill_points(schema, tmp_path / "counted"):
        folder = tmp_path / str(point)
        folder.mkdir()
        path = released(schema, folder)
        before, was = rows_of(path), inspection.inspect(path)

        assert upgrade(path, point).returncode == -signal.SIGKILL

        assert rows_of(path) == before
        assert inspection.inspect(path) == was
        await (await Database.open(path)).close()
        assert not inspection.inspect(path).pending
        assert rows_of(path, {name: list(rows[0]) for name, rows in before.items()}) == before


@pytest.mark.row("C10", "E22")
@pytest.mark.parametrize("kills", [1, 60])
async def test_e22_killed_after_its_backup_an_upgrade_begins_again_within_the_same_second(
    tmp_path: Path, kills: int
) -> None:
    path = released(SCHEMAS[0], tmp_path)
    backups = folder_of(path)
    for _ in range(kills):
        backups.make(Occasion.UPGRADE, NOW)

    database = await Database.open(path, backups=backups, clock=lambda: NOW)

    await database.close()
    assert not inspection.inspect(path).pending
    assert len(backups.listing()) == min(kills + 1, 3)
    assert all(inspection.inspect(each.path).pending for each in backups.listing())


@pytest.mark.row("C10")
def test_c10_killed_while_the_first_schema_is_made_the_next_start_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"

    assert upgrade(path, 12).returncode == -signal.SIGKILL

    assert inspection.inspect(path).is_fresh
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        prepared(connection)
    assert not inspection.inspect(path).pending


def longer() -> Migrations:
    """This version's migrations, and room for more."""
    steps = Migrations("wetread")
    steps._migrations = list(migrations.wetread._migrations)
    return steps


@pytest.mark.row("C11")
def test_c11_a_migration_may_rebuild_a_table_that_others_name(tmp_path: Path) -> None:
    steps = longer()

    @steps()
    def m900_rebuild(db: sqlite_utils.Database) -> None:
        db.table("feeds").transform(rename={"title": "shown_title"})

    path = released(SCHEMAS[0], tmp_path)
    before = rows_of(path)

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = sqlite_utils.Database(connection)
        connection.execute("PRAGMA foreign_keys=ON")
        migrations.migrate(db, steps)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert [row["shown_title"] for row in db.table("feeds").rows] == [
            row["title"] for row in before["feeds"]
        ]
        assert db.table("entries").count == len(before["entries"])


@pytest.mark.row("C11")
def test_c11_one_that_would_leave_orphans_is_undone_with_all_before_it(tmp_path: Path) -> None:
    steps = longer()

    @steps()
    def m900_careless(db: sqlite_utils.Database) -> None:
        db.conn.execute("DELETE FROM feeds")

    path = released(SCHEMAS[0], tmp_path)
    before, was = rows_of(path), inspection.inspect(path)

    with closing(sqlite3.connect(path, isolation_level=None)) as connection, pytest.raises(StorageError):
        migrations.migrate(sqlite_utils.Database(connection), steps)

    assert rows_of(path) == before
    assert inspection.inspect(path) == was
