"""Makes the keys of titles anew when the catalogue, by which they name journals, has changed."""

import json
import logging
from collections.abc import Iterator
from hashlib import blake2b

import sqlite_utils

from wetread.domain.article_keys import TITLE, title_keys
from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.serialise import record_from_json
from wetread.storage import bot_state
from wetread.storage.articles import ADD_KEY

log = logging.getLogger(__name__)

_STATE = "title_keys"
_VERSION = 1
"""Of the way in which `article_keys.title_keys` makes keys: another way needs another number."""

_READ = frozenset(
    ("source", "title", "journal", "journal_abbreviation", "issns", "nlm_id", "online_on", "issue_on")
)
"""The fields of a record of which title keys are made."""


def refresh(db: sqlite_utils.Database, catalogue: Catalogue) -> None:
    """Make all title keys anew, in one transaction, unless they were made with this catalogue.

    100,000 articles take about 10 seconds.
    """
    fingerprint = _fingerprint(catalogue)
    if bot_state.get(db, _STATE) == fingerprint:
        return
    with db.atomic():
        [[has_articles]] = db.conn.execute("SELECT EXISTS (SELECT 1 FROM articles)")
        if has_articles:
            log.info("The journals' names have changed: titles are indexed anew.")
            db.conn.execute("DELETE FROM article_keys WHERE key >= ? AND key < ?", [f"{TITLE}:", f"{TITLE};"])
            db.conn.executemany(ADD_KEY, _keys(db, catalogue))
        bot_state.remember(db, _STATE, fingerprint)


def _keys(db: sqlite_utils.Database, catalogue: Catalogue) -> Iterator[tuple[str, int, int]]:
    rows = db.conn.execute(
        "SELECT article_id, coalesce(feed_id, 0), records.record FROM records"
        " JOIN articles ON articles.id = article_id ORDER BY article_id"
    )
    for article_id, feed_id, text in rows:
        record = record_from_json({name: value for name, value in json.loads(text).items() if name in _READ})
        journal = catalogue.journal_of(record)
        for key in title_keys(record, journal.key if journal else None):
            yield key, feed_id, article_id


def _fingerprint(catalogue: Catalogue) -> str:
    names = [(journal.key, *names_of(journal)) for journal in catalogue.journals]
    return f"{_VERSION}:{blake2b(json.dumps(names).encode(), digest_size=12).hexdigest()}"
