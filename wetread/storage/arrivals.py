"""What a server's feeds brought, until its topics have been compared with it (`topic_matching.py`).

Written in the transaction that stores the articles, so that a crash loses no match.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlite_utils

from wetread.storage.rows import to_text

KEPT_FOR = timedelta(days=14)
"""For this time an article is compared with topics again when more becomes known of it."""

IS_EXAMINED = """
    NOT EXISTS (
        SELECT 1 FROM arrivals AS a WHERE a.article_id = deliveries.article_id
            AND a.guild_id = deliveries.guild_id AND a.examined_at IS NULL
    )
"""
"""SQL: the topics of a delivery are known, so that its card can name all of them."""


def note(
    db: sqlite_utils.Database,
    brought: Mapping[tuple[int, int], bool],
    now: datetime,
) -> None:
    """Remember what feeds brought, by server and article; the value says whether it may be an old article.

    Only for servers that have topics. What has arrived before stays as it is.
    """
    with_topics = _with_topics(db, {guild_id for guild_id, _ in brought})
    db.conn.executemany(
        "INSERT INTO arrivals (guild_id, article_id, arrived_at, is_suspect) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (article_id, guild_id) DO NOTHING",
        [
            (guild_id, article_id, to_text(now), is_suspect)
            for (guild_id, article_id), is_suspect in brought.items()
            if guild_id in with_topics
        ],
    )
    if with_topics:
        db.conn.execute("DELETE FROM arrivals WHERE arrived_at < ?", [to_text(now - KEPT_FOR)])


def _with_topics(db: sqlite_utils.Database, guild_ids: Collection[int]) -> set[int]:
    if not guild_ids:
        return set()
    rows = db.conn.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS ("
        " SELECT 1 FROM subscriptions WHERE guild_id = value AND is_topic = 1 AND removed_at IS NULL)",
        [json.dumps(list(guild_ids))],
    )
    return {int(guild_id) for (guild_id,) in rows}


def reopen(db: sqlite_utils.Database, article_id: int) -> None:
    """Let an article be compared with topics again: more is known of it."""
    db.conn.execute("UPDATE arrivals SET examined_at = NULL WHERE article_id = ?", [article_id])
