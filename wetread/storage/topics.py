"""Topics: words that every feed of a server is searched for. A server sees and changes only its own.

A topic is a subscription (`subscriptions.py`), so that what is done to one by its id is done there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject
from wetread.domain.errors import TooManyTopicsError, TopicNameTakenError
from wetread.domain.models import Feed, Form, Subscription
from wetread.storage import changes, feeds, handing_out, subscriptions
from wetread.storage.rows import to_optional_instant, to_subscription, to_text
from wetread.storage.subscriptions import Destination

LONGEST_NAME = 30
"""Characters of a topic's name; a card shows two of them."""

_WEEK = timedelta(days=7)


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


def add(
    db: sqlite_utils.Database, new: NewTopic, now: datetime, *, limit: int, by: ChangedBy | None = None
) -> Subscription:
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
            created_by, looks_since, handed_out
        ) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            0 if new.feed_id is None else handing_out.last(db, new.feed_id),
        ],
    )
    added = subscriptions.get(db, new.guild_id, int(cursor.lastrowid or 0))
    changes.note_added(db, by, now, ChangeSubject.TOPIC, guild_id=new.guild_id, subject_id=added.id)
    return added


def rename(
    db: sqlite_utils.Database, guild_id: int, topic_id: int, name: str, now: datetime, *, by: ChangedBy
) -> Subscription:
    """Give a topic another name. Raises UnknownSubscriptionError, TopicNameTakenError."""
    subscriptions.get(db, guild_id, topic_id)
    if name.casefold() in {each.name.casefold() for each in of_guild(db, guild_id) if each.id != topic_id}:
        raise TopicNameTakenError(name)
    with changes.noting(db, by, now, ChangeSubject.TOPIC, guild_id=guild_id, subject_id=topic_id):
        db.conn.execute("UPDATE subscriptions SET name = ? WHERE id = ? AND is_topic = 1", [name, topic_id])
    return subscriptions.get(db, guild_id, topic_id)


def set_query(
    db: sqlite_utils.Database,
    guild_id: int,
    topic_id: int,
    query: tuple[str, str] | None,
    now: datetime,
    *,
    by: ChangedBy,
) -> Subscription:
    """Let a topic watch a query of its own as well (its address and title), from now on; None = none.

    Raises UnknownSubscriptionError, and AlreadySubscribedError if a topic of its channel watches it.
    """
    topic = subscriptions.get(db, guild_id, topic_id)
    feed = None if query is None else feeds.add(db, *query, None, now)
    if feed is not None and feed.id != topic.feed_id:
        subscriptions.refuse_twice(db, feed.id, topic.channel_id, topic.name, is_topic=True)
    with changes.noting(db, by, now, ChangeSubject.TOPIC, guild_id=guild_id, subject_id=topic_id):
        db.conn.execute(
            "UPDATE subscriptions SET feed_id = ?, starts_with = ? WHERE id = ? AND is_topic = 1",
            [feed and feed.id, None if feed is None else 0, topic_id],
        )
    return subscriptions.get(db, guild_id, topic_id)


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic, and how it stands.

    `week_count`: posts of the last seven days. `waiting_count`: articles that wait to be posted.
    `feed_count`: feeds that it looks through. `query`: the feed of its own query, None = it has none.
    """

    topic: Subscription
    week_count: int
    newest_at: datetime | None
    waiting_count: int
    feed_count: int
    query: Feed | None = None


def states(db: sqlite_utils.Database, guild_id: int, now: datetime) -> list[TopicState]:
    """Return a server's topics by name, and how each stands."""
    [[feed_count]] = db.conn.execute(
        "SELECT count(DISTINCT feed_id) FROM subscriptions"
        " WHERE guild_id = ? AND is_topic = 0 AND removed_at IS NULL AND paused_at IS NULL",
        [guild_id],
    )
    found = []
    for topic in of_guild(db, guild_id):
        [[week_count, newest_at, waiting_count]] = db.conn.execute(
            """
            SELECT count(*) FILTER (WHERE state = 'sent' AND settled_at >= :since),
                max(settled_at) FILTER (WHERE state = 'sent'),
                count(*) FILTER (WHERE state IN ('pending', 'collected', 'held', 'parked'))
            FROM delivery_topics JOIN deliveries ON deliveries.id = delivery_id
            WHERE delivery_topics.subscription_id = :topic
            """,
            {"since": to_text(now - _WEEK), "topic": topic.id},
        )
        query = None if topic.feed_id is None else feeds.get(db, topic.feed_id)
        newest = to_optional_instant(newest_at)
        found.append(TopicState(topic, week_count, newest, waiting_count, int(feed_count), query))
    return found


def of_guild(db: sqlite_utils.Database, guild_id: int) -> list[Subscription]:
    """Return a server's topics by name, the paused ones too."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE guild_id = ? AND is_topic = 1 AND removed_at IS NULL"
        " ORDER BY name COLLATE NOCASE, id",
        [guild_id],
    )
    return [to_subscription(row) for row in rows]
