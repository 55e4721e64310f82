"""The topics of a post: on whose behalf an article is posted, beside the subscription that posts it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlite_utils

from wetread.domain.models import DeliveryState, Form, Reason, Subscription
from wetread.storage import deliveries, edits, scheduling
from wetread.storage.deliveries import UNPOSTED
from wetread.storage.scheduling import NewDelivery

_ASKED = "(:articles IS NULL OR deliveries.article_id IN (SELECT value FROM json_each(:articles)))"
_HEIR = """
    SELECT heir.id FROM delivery_topics AS named JOIN subscriptions AS heir ON heir.id = named.subscription_id
    WHERE named.delivery_id = deliveries.id AND heir.id <> :subscription AND heir.removed_at IS NULL
        AND heir.paused_at IS NULL
    ORDER BY heir.id LIMIT 1
"""
_NAMED_ON_OTHERS = f"""
    SELECT deliveries.id FROM delivery_topics JOIN deliveries ON deliveries.id = delivery_id
    WHERE delivery_topics.subscription_id = :subscription AND {UNPOSTED}
        AND deliveries.subscription_id IS NOT :subscription AND {_ASKED}
"""  # noqa: S608  # constants above
_INHERITED = f"""
    SELECT id FROM deliveries
    WHERE subscription_id = :subscription AND {UNPOSTED} AND {_ASKED} AND EXISTS ({_HEIR})
"""  # noqa: S608  # constants above
_WANTED_BY_OTHERS = f"""
    SELECT deliveries.*, own.form AS own_form
    FROM deliveries JOIN subscriptions AS own ON own.id = :subscription
    WHERE deliveries.id IN ({_NAMED_ON_OTHERS} UNION {_INHERITED}) ORDER BY deliveries.id
"""  # noqa: S608  # constants above
_LEAVE = (
    f"""
    DELETE FROM delivery_topics
    WHERE subscription_id = :subscription AND delivery_id IN ({_NAMED_ON_OTHERS} UNION {_INHERITED})
    """,  # noqa: S608  # constants above
    f"""
    UPDATE deliveries SET subscription_id = ({_HEIR}),
        form = (SELECT form FROM subscriptions WHERE id = ({_HEIR}))
    WHERE subscription_id = :subscription AND {UNPOSTED} AND {_ASKED} AND EXISTS ({_HEIR})
    """,  # noqa: S608  # constants above
)


def names_of(db: sqlite_utils.Database, delivery_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return by delivery the names of its topics, the oldest topic first; those without one are left out."""
    rows = db.conn.execute(
        """
        SELECT delivery_id, name FROM delivery_topics JOIN subscriptions ON subscriptions.id = subscription_id
        WHERE delivery_id IN (SELECT value FROM json_each(?)) ORDER BY delivery_id, subscription_id
        """,
        [json.dumps(list(delivery_ids))],
    )
    found: dict[int, tuple[str, ...]] = {}
    for delivery_id, name in rows:
        found[delivery_id] = (*found.get(delivery_id, ()), str(name))
    return found


def unposted(db: sqlite_utils.Database, subscription_id: int) -> list[int]:
    """Return the articles that a topic wants and that were never tried, also those of other subscriptions."""
    rows = db.conn.execute(
        f"""
        SELECT article_id FROM deliveries
        WHERE {UNPOSTED} AND first_attempt_at IS NULL AND (subscription_id = :topic OR id IN (
            SELECT delivery_id FROM delivery_topics WHERE subscription_id = :topic
        ))
        """,  # noqa: S608  # a constant
        {"topic": subscription_id},
    )
    return [int(article_id) for (article_id,) in rows]


def name_topic(db: sqlite_utils.Database, topic: Subscription, article_id: int, now: datetime) -> None:
    """Let the article's post in the topic's channel name the topic, also one that is there already."""
    there = deliveries.in_channel(db, topic.channel_id, article_id)
    if there is None or there.state is DeliveryState.SKIPPED:
        return
    cursor = db.conn.execute(
        "INSERT INTO delivery_topics (delivery_id, subscription_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [there.id, topic.id],
    )
    if cursor.rowcount and there.state is DeliveryState.SENT and there.message_id and not there.was_deleted:
        edits.schedule(db, there.id, now)


def leave(
    db: sqlite_utils.Database, subscription_id: int, article_ids: Iterable[int] | None = None
) -> list[NewDelivery]:
    """Take a subscription off what is not posted yet and others want in the same channel.

    Topics that run take over its deliveries, and it is no longer named on others'; of `article_ids` alone, if
    they are given. Returns what it would have posted, for another channel.
    """
    articles = None if article_ids is None else json.dumps(list(article_ids))
    ids = {"subscription": subscription_id, "articles": articles}
    left = [_as_new(row) for row in list(db.query(_WANTED_BY_OTHERS, ids))]
    for statement in _LEAVE:
        db.conn.execute(statement, ids)
    return left


def redirect(db: sqlite_utils.Database, moved: Subscription, now: datetime) -> None:
    """Let a subscription post in its new channel what it has not posted in the old one.

    What a topic wants in the old channel stays there too. Where the new one has an article already, that post
    names a topic that moved.
    """
    wanted = leave(db, moved.id)
    own = db.conn.execute(
        f"SELECT article_id FROM deliveries WHERE subscription_id = ? AND {UNPOSTED}",  # noqa: S608  # a constant
        [moved.id],
    ).fetchall()
    scheduling.redirect(db, moved.id, moved.channel_id, moved.kind, now)
    for each in wanted:
        new_delivery = replace(each, channel_id=moved.channel_id, kind=moved.kind, subscription_id=moved.id)
        scheduling.schedule(db, [new_delivery], now)
    if moved.is_topic:
        for article_id in [*(each.article_id for each in wanted), *(row[0] for row in own)]:
            name_topic(db, moved, article_id, now)


def _as_new(row: Mapping[str, Any]) -> NewDelivery:
    delivery = deliveries.to_delivery(row)
    is_held = delivery.state is DeliveryState.HELD
    return NewDelivery(
        guild_id=delivery.guild_id,
        channel_id=delivery.channel_id,
        kind=delivery.kind,
        article_id=row["article_id"],
        form=Form(row["own_form"]),
        state=DeliveryState.HELD if is_held else DeliveryState.PENDING,
        reason=Reason.FLOOD if is_held else None,
        waits_until=delivery.next_try_at if delivery.waits_for_abstract else None,
    )
