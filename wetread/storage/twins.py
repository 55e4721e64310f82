"""One work in several rows: everybody's, and those of feeds that nobody vouches for.

A server has one of them. Its own feed's comes first, because it has everybody's records as well.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import product

import sqlite_utils

from wetread.domain.identity import is_same_work
from wetread.domain.models import Record
from wetread.storage import articles, scheduling


def of(db: sqlite_utils.Database, article_id: int) -> list[int]:
    """Return the other rows of an article's work."""
    rows = db.conn.execute(
        """
        SELECT other.article_id, max(mine.key LIKE 'title:%') FROM article_keys AS mine
        JOIN article_keys AS other ON other.key = mine.key AND other.feed_id <> mine.feed_id
        WHERE mine.article_id = ? AND other.article_id IS NOT NULL GROUP BY other.article_id
        """,
        [article_id],
    )
    found = {int(other): bool(have_title_key) for other, have_title_key in rows}
    if not found:
        return []
    records = articles.merged_records(db, [article_id, *found])
    mine = records[article_id]
    return [
        other
        for other, have_title_key in found.items()
        if is_same_work(mine, records[other], have_title_key=have_title_key)
    ]


def having(db: sqlite_utils.Database, article_ids: Collection[int]) -> list[int]:
    """Return those of these articles whose work may stand in another row, too."""
    rows = db.conn.execute(
        """
        SELECT DISTINCT mine.article_id FROM article_keys AS mine
        JOIN article_keys AS other ON other.key = mine.key AND other.feed_id <> mine.feed_id
        WHERE mine.article_id IN (SELECT value FROM json_each(?)) AND other.article_id IS NOT NULL
        ORDER BY mine.article_id
        """,
        [json.dumps(list(article_ids))],
    )
    return [int(article_id) for (article_id,) in rows]


def own(db: sqlite_utils.Database, guild_id: int, article_id: int) -> int | None:
    """Return the row under which a server knows an article's work; None if it does not know it."""
    if articles.is_known(db, guild_id, article_id):
        return articles.living(db, article_id)
    return next((other for other in of(db, article_id) if articles.is_known(db, guild_id, other)), None)


def own_of_all(
    db: sqlite_utils.Database, guild_ids: Collection[int], article_ids: Collection[int]
) -> dict[tuple[int, int], int]:
    """Return, by server and article, the row under which the server knows the work, else the article itself.

    For articles that were not merged into another.
    """
    known = set(
        db.conn.execute(
            "SELECT guild_id, article_id FROM guild_articles"
            " WHERE article_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(article_ids))],
        )
    )
    return {
        each: each[1] if each in known else own(db, *each) or each[1]
        for each in product(guild_ids, article_ids)
    }


def by_key(db: sqlite_utils.Database, key: str, guild_id: int | None) -> int | None:
    """Return the article with this key that a server knows, else everybody's; None if there is neither."""
    row = db.conn.execute(
        """
        SELECT article_id FROM article_keys WHERE key = ? AND article_id IS NOT NULL AND (
            feed_id = 0
            OR EXISTS (
                SELECT 1 FROM guild_articles AS known
                WHERE known.guild_id = ? AND known.article_id = article_keys.article_id
            )
        ) ORDER BY feed_id = 0, article_id LIMIT 1
        """,
        [key, guild_id],
    ).fetchone()
    return None if row is None else int(row[0])


def make_known(
    db: sqlite_utils.Database, guild_ids: Collection[int], article_ids: Iterable[int], now: datetime
) -> None:
    """Let these servers find these articles from now on, each in one row."""
    wanted = list(dict.fromkeys(article_ids))
    articles.make_known(db, guild_ids, wanted, now)
    for article_id in wanted:
        settle(db, article_id, now)


def settle(db: sqlite_utils.Database, article_id: int, now: datetime) -> None:
    """Leave each server one row of an article's work: the first of a feed of its own, else everybody's."""
    rows = [article_id, *of(db, article_id)]
    if len(rows) == 1:
        return
    known: defaultdict[int, list[int]] = defaultdict(list)
    for guild_id, row in db.conn.execute(
        """
        SELECT guild_id, known.article_id FROM guild_articles AS known
        JOIN articles ON articles.id = known.article_id
        WHERE known.article_id IN (SELECT value FROM json_each(?)) ORDER BY feed_id IS NULL, id
        """,
        [json.dumps(rows)],
    ):
        known[guild_id].append(row)
    for guild_id, (first, *others) in known.items():
        for other in others:
            _move(db, guild_id, other, first, now)


def newer_records(db: sqlite_utils.Database, article_id: int, from_id: int) -> dict[str, Record]:
    """Return the records of one row that another lacks, or has in an older version."""
    newer = articles.later_records(db, article_id, from_id)
    mine = articles.source_records(db, article_id) if newer else {}
    return {source: record for source, record in newer.items() if record != mine.get(source)}


def _move(db: sqlite_utils.Database, guild_id: int, from_id: int, to_id: int, now: datetime) -> None:
    """Let all that a server has of one row be of another one: what it finds, and its deliveries."""
    articles.join_deliveries(db, to_id, from_id, guild_id)
    ids = {"one": to_id, "other": from_id, "guild": guild_id}
    with articles.indexing(db, [from_id, to_id]):
        db.conn.execute(
            """
            UPDATE guild_articles SET since = min(since, (
                SELECT since FROM guild_articles WHERE guild_id = :guild AND article_id = :other
            )) WHERE guild_id = :guild AND article_id = :one
            """,
            ids,
        )
        db.conn.execute("DELETE FROM guild_articles WHERE guild_id = :guild AND article_id = :other", ids)
    scheduling.schedule_edits(db, to_id, scheduling.DETAILS, now)
