"""The schema from scratch, and that the questions asked often are answered from an index."""

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils

from tests.support.watch_stage import WatchStage, entries
from wetread.domain.errors import StorageError
from wetread.storage import migrations
from wetread.storage.database import prepared


def test_fresh_database_has_every_table_strict_and_sound(stage: WatchStage) -> None:
    tables = {table.name: table for table in stage.db.tables if "_fts" not in table.name}
    kept_by_others = {"_sqlite_migrations", "sqlite_sequence"}

    assert {"feeds", "articles", "article_keys", "records", "entries", "subscriptions", "guild_articles"} <= {
        *tables
    }
    assert {"deliveries", "edits", "guild_settings", "member_settings"} <= {*tables}
    assert [name for name, table in tables.items() if not table.strict and name not in kept_by_others] == []
    assert stage.db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert stage.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_opening_again_changes_nothing(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    before = list(stage.connection.iterdump())
    second = sqlite3.connect(stage.path, isolation_level=None)
    prepared(second, stage.catalogue)

    assert list(second.iterdump()) == before
    second.close()


@pytest.mark.row("C09")
def test_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    """C09."""
    path = tmp_path / "newer.db"
    connection = sqlite3.connect(path, isolation_level=None)
    db = prepared(connection)
    db.table("_sqlite_migrations").insert(
        {"migration_set": "wetread", "name": "m999_from_the_future", "applied_at": "2027-01-01"}
    )
    before = list(connection.iterdump())
    with pytest.raises(StorageError):
        migrations.migrate(db)

    assert list(connection.iterdump()) == before
    connection.close()


TWICE = """
    INSERT INTO deliveries (guild_id, channel_id, kind, article_id, form, state, scheduled_at, next_try_at)
    SELECT guild_id, channel_id, kind, article_id, form, state, scheduled_at, next_try_at FROM deliveries
"""


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO entries VALUES (1, 'guid', 99, '2026-01-01T00:00:00Z', 'hash', 0)",
        "INSERT INTO feeds (url, title, next_check_at) VALUES ('x', 'x', 'tomorrow')",
        "UPDATE feeds SET failure = 'timeout'",
        "UPDATE subscriptions SET form = 'poster'",
        "UPDATE subscriptions SET starts_with = -1",
        "UPDATE deliveries SET state = 'lost'",
        "UPDATE deliveries SET state = 'sent'",
        TWICE,
        "DELETE FROM articles",
        "DELETE FROM feeds",
        "INSERT INTO typed_words (words, last_used_at) VALUES ('', '2026-01-01T00:00:00Z')",
        "INSERT INTO typed_words (words, last_used_at) VALUES ('spine', 'yesterday')",
    ],
)
def test_nonsense_is_refused_by_the_database_itself(stage: WatchStage, statement: str) -> None:
    stage.subscribe(newest=1, shown=entries(1))
    with pytest.raises(sqlite3.IntegrityError):
        stage.db.conn.execute(statement)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT * FROM article_keys WHERE key IN (SELECT value FROM json_each('[]'))", "PRIMARY KEY"),
        ("SELECT guid FROM entries WHERE feed_id = 1 AND guid IN ('a', 'b')", "PRIMARY KEY"),
        ("SELECT 1 FROM entries WHERE feed_id = 1 AND article_id IN (1, 2)", "entries_article"),
        ("SELECT source, fetched_at FROM records WHERE article_id = 1", "records"),
        ("SELECT guild_id FROM guild_articles WHERE article_id = 1", "guild_articles_article"),
        (
            "SELECT id FROM articles WHERE next_enrichment_at <= '2026' ORDER BY next_enrichment_at",
            "articles_next_enrichment",
        ),
        ("SELECT * FROM subscriptions WHERE feed_id = 1 AND removed_at IS NULL", "subscriptions_feed"),
        ("SELECT * FROM subscriptions WHERE guild_id = 1 AND removed_at IS NULL", "subscriptions_guild"),
        ("SELECT * FROM deliveries WHERE article_id = 1", "deliveries_article"),
        ("DELETE FROM typed_words WHERE last_used_at < '2026'", "typed_words_last_used"),
        (
            (
                "SELECT * FROM deliveries WHERE subscription_id = 1"
                " AND state IN ('pending', 'collected', 'held', 'parked')"
            ),
            "deliveries_unposted",
        ),
        ("SELECT * FROM deliveries WHERE thread_id = 1", "deliveries_thread"),
        (
            "SELECT channel_id FROM deliveries WHERE state = 'collected' AND next_try_at <= '2026'",
            "deliveries_collected",
        ),
        ("SELECT * FROM deliveries WHERE digest_id = 1", "deliveries_digest"),
        (
            (
                "SELECT count(*) FROM deliveries WHERE channel_id = 1 AND state = 'sent'"
                " AND subscription_id IS NOT NULL AND digest_id IS NULL AND settled_at >= '2026'"
            ),
            "deliveries_posted",
        ),
    ],
)
def test_questions_asked_often_use_an_index(db: sqlite_utils.Database, question: str, index: str) -> None:
    plan = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {question}")]

    assert any(index in step for step in plan), plan
    assert not any(step.startswith("SCAN") and "json_each" not in step for step in plan), plan


@pytest.fixture
def db(stage: WatchStage) -> sqlite_utils.Database:
    return stage.db
