"""Which roles posts mention: decided when a post is first tried, so that a second try finds it decided.

A subscription names at most one role. Members may take the roles that subscriptions of their server name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.mentions import MOST_ROLES, may_mention
from wetread.domain.models import Delivery, Subscription
from wetread.domain.pace import day_start
from wetread.domain.query import parse_query
from wetread.storage import paces, search
from wetread.storage.rows import to_instant, to_subscription, to_text

COUNTED_DAYS = 28
"""How many days of posts tell members how often a role is mentioned."""


def decide(db: sqlite_utils.Database, delivery: Delivery, now: datetime) -> None:
    """Remember which roles the post of a delivery mentions, and count them; part of the claim.

    The roles of its subscription and of its topics, if they have the article and were not mentioned too
    often. Digests, and what a member shares, mention nobody.
    """
    if delivery.article_id is None or delivery.share is not None:
        return
    day_began_at = day_start(now, paces.zone(db, delivery.guild_id))
    roles: list[int] = []
    for each in _mentioning(db, delivery):
        if each.role_id is None or each.role_id in roles or len(roles) == MOST_ROLES:
            continue
        last = _mentioned_at(db, each.role_id, min(day_began_at, now - timedelta(days=1)))
        if may_mention(last, each.mentions_a_day, day_began_at, now) and _is_for(
            db, each, delivery.article_id
        ):
            roles.append(each.role_id)
    db.conn.executemany(
        "INSERT INTO role_mentions (delivery_id, role_id, mentioned_at) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(delivery.id, role_id, to_text(now)) for role_id in roles],
    )


def take_back(db: sqlite_utils.Database, delivery_id: int) -> None:
    """Count the mentions of a post no more: it was certainly not posted, and is decided anew."""
    db.conn.execute("DELETE FROM role_mentions WHERE delivery_id = ?", [delivery_id])


def of_delivery(db: sqlite_utils.Database, delivery_id: int) -> tuple[int, ...]:
    """Return the roles that the post of a delivery mentions."""
    rows = db.conn.execute(
        "SELECT role_id FROM role_mentions WHERE delivery_id = ? ORDER BY role_id", [delivery_id]
    )
    return tuple(int(role_id) for (role_id,) in rows)


def _mentioning(db: sqlite_utils.Database, delivery: Delivery) -> list[Subscription]:
    """Return the subscriptions on whose behalf an article is posted and that name a role, topics first."""
    rows = db.query(
        """
        SELECT * FROM subscriptions
        WHERE guild_id = :guild AND role_id IS NOT NULL AND removed_at IS NULL AND (
            id = :subscription OR id IN (
                SELECT subscription_id FROM delivery_topics WHERE delivery_id = :delivery
            )
        )
        ORDER BY is_topic DESC, id
        """,
        {"guild": delivery.guild_id, "subscription": delivery.subscription_id, "delivery": delivery.id},
    )
    return [to_subscription(row) for row in rows]


def _mentioned_at(db: sqlite_utils.Database, role_id: int, since: datetime) -> list[datetime]:
    rows = db.conn.execute(
        "SELECT mentioned_at FROM role_mentions WHERE role_id = ? AND mentioned_at >= ?",
        [role_id, to_text(since)],
    )
    return [to_instant(at) for (at,) in rows]


def _is_for(db: sqlite_utils.Database, subscription: Subscription, article_id: int) -> bool:
    """Return whether an article is one of those for which a subscription mentions its role."""
    if subscription.mention_filter is None:
        return True
    return search.matches(db, article_id, parse_query(subscription.mention_filter), subscription.guild_id)


# What members may choose --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReleasedRole:
    """A role that members of a server may take, and the subscriptions that mention it, topics first."""

    role_id: int
    named_by: tuple[Subscription, ...]


def released(db: sqlite_utils.Database, guild_id: int) -> list[ReleasedRole]:
    """Return the roles that a server's moderators chose for mentions, by the names of what mentions them."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE guild_id = ? AND role_id IS NOT NULL AND removed_at IS NULL"
        " ORDER BY is_topic DESC, name COLLATE NOCASE, id",
        [guild_id],
    )
    by_role: dict[int, tuple[Subscription, ...]] = {}
    for row in rows:
        by_role[row["role_id"]] = (*by_role.get(row["role_id"], ()), to_subscription(row))
    return [ReleasedRole(role_id, named_by) for role_id, named_by in by_role.items()]


def is_released(db: sqlite_utils.Database, guild_id: int, role_id: int) -> bool:
    """Return whether a server's moderators chose this role for a mention."""
    found = db.conn.execute(
        "SELECT 1 FROM subscriptions WHERE guild_id = ? AND role_id = ? AND removed_at IS NULL LIMIT 1",
        [guild_id, role_id],
    )
    return found.fetchone() is not None


def post_count(db: sqlite_utils.Database, named_by: Sequence[Subscription], now: datetime) -> int:
    """Return how many articles came in the last four weeks for which these subscriptions mention a role.

    The most mentions a day are not taken into account. Articles in digests mention nobody.
    """
    since = to_text(now - timedelta(days=COUNTED_DAYS))
    found: set[int] = set()
    for each in named_by:
        rows = db.conn.execute(
            """
            SELECT article_id FROM deliveries
            WHERE state = 'sent' AND subscription_id IS NOT NULL AND digest_id IS NULL
                AND channel_id = :channel AND settled_at >= :since AND article_id IS NOT NULL AND (
                    subscription_id = :id OR EXISTS (
                        SELECT 1 FROM delivery_topics AS named
                        WHERE named.delivery_id = deliveries.id AND named.subscription_id = :id
                    )
                )
            """,
            {"channel": each.channel_id, "since": since, "id": each.id},
        )
        posted = {int(article_id) for (article_id,) in rows.fetchall()}
        if each.mention_filter is not None and posted:
            posted = search.matching(db, posted, parse_query(each.mention_filter), each.guild_id)
        found |= posted
    return len(found)
