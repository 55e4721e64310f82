"""Migration 17: the texts of an article, which stood in several rows and columns, become one packed text.

The indexes for the search are dropped; `search_index.refresh` makes them anew in the same transaction.
"""

import json
import logging
from collections.abc import Iterator

import sqlite_utils

from wetread.domain.front_matter import aside_of
from wetread.domain.models import Record
from wetread.domain.serialise import record_from_json
from wetread.storage import bot_state, packing

log = logging.getLogger(__name__)

PACKED = "m017_packed"
"""The name of the migration."""

TO_SHRINK = "compaction"
"""Under this name it is remembered that the file is to be shrunk (compaction.py)."""

_TOLD_EVERY = 10_000  # articles
_INSTANT = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'"

_BEFORE = (
    "DROP TABLE articles_fts",
    "DROP TABLE titles_fts",
    f"""
    CREATE TABLE new_articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- follows the order of arrival; the search relies on it
        -- What is read often stands first, so that it lies in the row's first page.
        title TEXT NOT NULL,
        journal TEXT,
        published_on TEXT,
        first_seen_at TEXT NOT NULL CHECK (first_seen_at {_INSTANT}),
        abstract_added_at TEXT,                -- an abstract came that was not there at first
        enrichment_count INTEGER NOT NULL DEFAULT 0,
        next_enrichment_at TEXT,               -- NULL = the record sources are not asked again
        merged_into INTEGER REFERENCES articles (id),  -- turned out to be that article; NULL = itself
        feed_id INTEGER REFERENCES feeds (id),
        aside TEXT,                            -- "front matter" or "erratum"; NULL = an article
        is_searched INTEGER NOT NULL CHECK (is_searched IN (0, 1)),  -- 1 = some server knows it
        packed BLOB NOT NULL                   -- all that is said of it (packing.py)
    ) STRICT
    """,
)
_AFTER = (
    """
    UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'articles')
    WHERE name = 'new_articles'
    """,
    "DROP TABLE articles",
    "ALTER TABLE new_articles RENAME TO articles",
    "CREATE INDEX articles_feed ON articles (feed_id, journal) WHERE feed_id IS NOT NULL",
    "CREATE INDEX articles_journal ON articles (journal) WHERE feed_id IS NULL",
    """
    CREATE INDEX articles_next_enrichment ON articles (next_enrichment_at)
        WHERE next_enrichment_at IS NOT NULL
    """,
    f"""
    CREATE TABLE new_records (
        article_id INTEGER NOT NULL REFERENCES articles (id),
        source TEXT NOT NULL,                  -- "PubMed" …; a feed's is "feed:" and its id: two can speak
        fetched_at TEXT NOT NULL CHECK (fetched_at {_INSTANT}),
        next_check_at TEXT,
        PRIMARY KEY (article_id, source)
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO new_records (article_id, source, fetched_at, next_check_at)
    SELECT article_id, source, fetched_at, next_check_at FROM records ORDER BY article_id, source
    """,
    "DROP TABLE records",
    "ALTER TABLE new_records RENAME TO records",
    "CREATE INDEX records_next_check ON records (source, next_check_at) WHERE next_check_at IS NOT NULL",
)
_OLD = """
    SELECT id, title, journal, published_on, first_seen_at, abstract_added_at, enrichment_count,
        next_enrichment_at, merged_into, feed_id, EXISTS (
            SELECT 1 FROM guild_articles WHERE article_id = articles.id
        ), record, provenance
    FROM articles ORDER BY id
"""
_NEW = """
    INSERT INTO new_articles (id, title, journal, published_on, first_seen_at, abstract_added_at,
        enrichment_count, next_enrichment_at, merged_into, feed_id, is_searched, aside, packed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def pack_articles(db: sqlite_utils.Database) -> None:
    """Rebuild the tables of articles and records."""
    for statement in _BEFORE:
        db.conn.execute(statement)
    if db.conn.executemany(_NEW, _rows(db)).rowcount > 0:
        bot_state.remember(db, TO_SHRINK, "wanted")
    for statement in _AFTER:
        db.conn.execute(statement)


def _rows(db: sqlite_utils.Database) -> Iterator[tuple[object, ...]]:
    [[count]] = db.conn.execute("SELECT count(*) FROM articles")
    for number, (article_id, title, *rest, text, provenance) in enumerate(db.conn.execute(_OLD), 1):
        record = _read(article_id, text) or Record("merged", title=title, journal=rest[0])
        said = {
            source: each
            for source, said_text in db.conn.execute(
                "SELECT source, record FROM records WHERE article_id = ?", [article_id]
            )
            if (each := _read(article_id, said_text))
        }
        packed = packing.pack(record, json.loads(provenance), said)
        yield (article_id, record.title, *rest, aside_of(record), packed)
        if number % _TOLD_EVERY == 0:
            log.info("Packing the database: %d of %d articles.", number, count)


def _read(article_id: int, text: str) -> Record | None:
    """Return a stored record; None for one that cannot be read, which must not keep the bot from starting."""
    try:
        return record_from_json(json.loads(text))
    except ValueError as error:
        log.warning("What was stored of article %d cannot be read and is left out: %s", article_id, error)
        return None
