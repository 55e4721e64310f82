"""Records are checked again over time, so that a retraction reaches old posts."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.models import Article, Record
from wetread.storage import articles, records
from wetread.storage.rows import to_text

ABSENT_FOR = timedelta(days=30)
"""When to look again for a record that its source did not return."""


def due(db: sqlite_utils.Database, source: str, now: datetime, limit: int) -> list[Article]:
    """Return articles whose record of `source` is to be looked at again, longest due first."""
    rows = db.conn.execute(
        """
        SELECT article_id FROM records WHERE source = ? AND next_check_at <= ?
        ORDER BY next_check_at LIMIT ?
        """,
        [source, to_text(now), limit],
    ).fetchall()
    return articles.get_many(db, [int(row[0]) for row in rows])


def save(
    db: sqlite_utils.Database,
    source: str,
    found: Mapping[int, Mapping[str, Record]],
    now: datetime,
    *,
    skipped_types: tuple[str, ...] | None = None,
) -> None:
    """Store the records of a check, by article and source, with all that follows (`records.add_records`).

    An article for which `source` returned nothing keeps what it said before, and is looked at again later.
    """
    for article_id, said in found.items():
        living = article_id
        if said:
            change = records.add_records(db, article_id, said, now, skipped_types=skipped_types)
            living = change.article_id
        if source not in said or change.has_refused:
            _look_again(db, source, [living], now + ABSENT_FOR)


def hasten(db: sqlite_utils.Database, source: str, article_ids: Collection[int], now: datetime) -> None:
    """Look at the records of these articles as soon as possible."""
    _look_again(db, source, article_ids, now)


def _look_again(db: sqlite_utils.Database, source: str, article_ids: Collection[int], at: datetime) -> None:
    db.conn.executemany(
        "UPDATE records SET next_check_at = ? WHERE article_id = ? AND source = ?",
        [(to_text(at), article_id, source) for article_id in article_ids],
    )
