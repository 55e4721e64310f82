"""Identifiers that a feed gives an article and that another work has: left out, and remembered."""

import json
import logging
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlite_utils

from wetread.domain.identity import without
from wetread.domain.models import Record
from wetread.domain.record_sources import ISSUERS
from wetread.storage import articles
from wetread.storage.rows import to_text

log = logging.getLogger(__name__)


def wrong_identifiers(db: sqlite_utils.Database, article_id: int) -> tuple[str, ...]:
    """Return the wrong identifiers (keys: "pmid:99000001") of an article."""
    rows = db.conn.execute(
        "SELECT key FROM wrong_identifiers WHERE article_id = ? ORDER BY key", [article_id]
    )
    return tuple(str(key) for (key,) in rows)


def note(db: sqlite_utils.Database, article_id: int, keys: Collection[str], now: datetime) -> None:
    """Remember wrong identifiers of an article, and log those that are new."""
    for key in sorted(keys):
        cursor = db.conn.execute(
            "INSERT INTO wrong_identifiers (article_id, key, found_at) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [article_id, key, to_text(now)],
        )
        if cursor.rowcount:
            log.warning("A feed gives article %d an identifier of another one, left out: %s", article_id, key)


def certain(records: Mapping[str, Record]) -> set[str]:
    """Return the identifiers (keys) of an article that those sources give it who issue them."""
    return {
        f"{kind}:{value}"
        for source, record in records.items()
        for kind, issuers in ISSUERS.items()
        if source in issuers and (value := getattr(record, kind))
    }


def contradicted(records: Mapping[str, Record]) -> set[str]:
    """Return the identifiers (keys) of an article in whose place an issuer gives it another."""
    known = certain(records)
    kinds = {key.partition(":")[0] for key in known}
    said = {
        f"{kind}:{value}" for record in records.values() for kind in kinds if (value := getattr(record, kind))
    }
    return said - known


def refute(db: sqlite_utils.Database, article_id: int, keys: Collection[str], now: datetime) -> bool:
    """Leave wrong identifiers, these and those known, out of what sources say about an article.

    An identifier that an issuer gives it stays. Returns whether anything was left out. Does not merge.
    """
    note(db, article_id, keys, now)
    wrong = {*wrong_identifiers(db, article_id)}
    if not wrong:
        return False
    said = articles.source_records(db, article_id)
    wrong -= certain(said)
    left = {source: without(record, wrong) for source, record in said.items()}
    changed = {source: record for source, record in left.items() if record != said[source]}
    articles.replace_records(db, article_id, changed)
    db.conn.execute(
        "DELETE FROM article_keys WHERE article_id = ? AND key IN (SELECT value FROM json_each(?))",
        [article_id, json.dumps(sorted(wrong))],
    )
    return bool(changed)
