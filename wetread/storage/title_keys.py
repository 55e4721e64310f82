"""Makes the keys of titles anew when the catalogue, by which they name journals, has changed."""

import json
import logging
from collections.abc import Iterator
from hashlib import blake2b

import sqlite_utils

from wetread.domain.article_keys import TITLE, title_keys
from wetread.domain.catalogue import Catalogue, names_of
from wetread.storage import bot_state, packing
from wetread.storage.articles import ADD_KEY, feed_source, source_records
from wetread.storage.journal_names import is_publisher

log = logging.getLogger(__name__)

_STATE = "title_keys"
_VERSION = 2
"""Of the way in which `article_keys.title_keys` makes keys: another way needs another number."""


def refresh(db: sqlite_utils.Database, catalogue: Catalogue) -> None:
    """Make all title keys anew, in one transaction, unless they were made with this catalogue.

    100,000 articles take about half a minute.
    """
    fingerprint = _fingerprint(catalogue)
    if bot_state.get(db, _STATE) == fingerprint:
        return
    is_first = bot_state.get(db, _STATE) is None
    with db.atomic():
        if is_first:
            _separate(db)
        [[has_articles]] = db.conn.execute("SELECT EXISTS (SELECT 1 FROM articles)")
        if has_articles:
            log.info("The journals' names have changed: titles are indexed anew.")
            db.conn.execute("DELETE FROM article_keys WHERE key >= ? AND key < ?", [f"{TITLE}:", f"{TITLE};"])
            db.conn.executemany(ADD_KEY, _keys(db, catalogue))
        bot_state.remember(db, _STATE, fingerprint)


def _separate(db: sqlite_utils.Database) -> None:
    """Make an older version's articles of one feed that nobody vouches for that feed's own.

    Only if no other server has them. What several feeds brought stays everybody's, with what they have said.
    """
    rows = db.conn.execute(
        """
        SELECT lone.article_id, feeds.id, feeds.url FROM (
            SELECT article_id, CAST(substr(min(source), 6) AS INTEGER) AS feed_id
            FROM records WHERE source LIKE 'feed:%' GROUP BY article_id HAVING count(*) = 1
        ) AS lone JOIN feeds ON feeds.id = lone.feed_id
        WHERE NOT EXISTS (
            SELECT 1 FROM guild_articles AS known WHERE known.article_id = lone.article_id AND NOT EXISTS (
                SELECT 1 FROM subscriptions
                WHERE subscriptions.feed_id = feeds.id AND subscriptions.guild_id = known.guild_id
            )
        )
        """
    ).fetchall()
    for article_id, feed_id, url in rows:
        if not is_publisher(db, url, source_records(db, article_id)[feed_source(feed_id)]):
            db.conn.execute("UPDATE articles SET feed_id = ? WHERE id = ?", [feed_id, article_id])
    db.conn.execute(
        "UPDATE article_keys SET feed_id = (SELECT feed_id FROM articles WHERE articles.id = article_id)"
        " WHERE article_id IN (SELECT id FROM articles WHERE feed_id IS NOT NULL)"
    )


def _keys(db: sqlite_utils.Database, catalogue: Catalogue) -> Iterator[tuple[str, int, int]]:
    rows = db.conn.execute("SELECT id, coalesce(feed_id, 0), title, packed FROM articles ORDER BY id")
    for article_id, feed_id, title, packed in rows:
        for record in packing.said_in(packed, title).values():
            journal = catalogue.journal_of(record)
            for key in title_keys(record, journal.key if journal else None):
                yield key, feed_id, article_id


def _fingerprint(catalogue: Catalogue) -> str:
    names = [(journal.key, *names_of(journal)) for journal in catalogue.journals]
    return f"{_VERSION}:{blake2b(json.dumps(names).encode(), digest_size=12).hexdigest()}"
