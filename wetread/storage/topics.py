"""Topics: words that every feed of a server is searched for. A server sees and changes only its own.

A topic is a subscription (`subscriptions.py`), so that what is done to one by its id is done there.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.errors import TooManyTopicsError, TopicNameTakenError
from wetread.domain.models import Form, Subscription
from wetread.storage import subscriptions
from wetread.storage.rows import to_subscription, to_text
from wetread.storage.subscriptions import Destination

LONGEST_NAME = 30
"""Characters of a topic's name; a card shows two of them."""


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic that a server asks for. `words` is a query, `feed_id` its own PubMed query, None = none."""

    guild_id: int
    destination: Destination
    name: str
    words: str
    created_by: int
    form: Form = Form.WHOLE
    feed_id: int | None = None


def add(db: sqlite_utils.Database, new: NewTopic, now: datetime, *, limit: int) -> Subscription:
    """Add a topic, which posts what comes from now on.

    Raises TopicNameTakenError, TooManyTopicsError (`limit` is the most that a server may have).
    """
    others = of_guild(db, new.guild_id)
    if new.name.casefold() in {each.name.casefold() for each in others}:
        raise TopicNameTakenError(new.name)
    if len(others) >= limit:
        raise TooManyTopicsError(new.name, limit)
    cursor = db.conn.execute(
        """
        INSERT INTO subscriptions (
            guild_id, feed_id, is_topic, channel_id, kind, form, name, filter, starts_with, created_at,
            created_by, looks_since
        ) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            new.guild_id,
            new.feed_id,
            new.destination.channel_id,
            new.destination.kind,
            new.form,
            new.name,
            new.words,
            None if new.feed_id is None else 0,
            to_text(now),
            new.created_by,
            to_text(now),
        ],
    )
    return subscriptions.get(db, new.guild_id, int(cursor.lastrowid or 0))


def of_guild(db: sqlite_utils.Database, guild_id: int) -> list[Subscription]:
    """Return a server's topics by name, the paused ones too."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE guild_id = ? AND is_topic = 1 AND removed_at IS NULL"
        " ORDER BY name COLLATE NOCASE, id",
        [guild_id],
    )
    return [to_subscription(row) for row in rows]
