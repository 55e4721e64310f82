"""When the articles of a server's feeds came in."""

from datetime import datetime

import sqlite_utils

from wetread.domain.rhythm import SHORTEST
from wetread.storage.rows import to_instant, to_text


def arrivals(db: sqlite_utils.Database, guild_id: int, now: datetime) -> dict[int, dict[datetime, int]]:
    """Return how many articles came in when, by feed, of those that had nothing new for some days."""
    rows = db.conn.execute(
        """
        SELECT e.feed_id, e.first_seen_at, count(*)
        FROM feeds AS f CROSS JOIN entries AS e ON e.feed_id = f.id  -- the few silent feeds first
        WHERE f.id IN (SELECT feed_id FROM subscriptions WHERE guild_id = ? AND removed_at IS NULL)
            AND f.last_new_at < ?
        GROUP BY e.feed_id, e.first_seen_at
        """,
        [guild_id, to_text(now - SHORTEST)],
    )
    found: dict[int, dict[datetime, int]] = {}
    for feed_id, at, count in rows:
        found.setdefault(feed_id, {})[to_instant(at)] = count
    return found
