"""The one place that puts articles and edits into the outbox, and takes articles out before they are posted.

How they are claimed and settled is `outbox.py`'s business.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.changes import ChangedBy
from wetread.domain.front_matter import Aside, aside_of
from wetread.domain.models import DeliveryState, DestinationKind, Form, Reason, Record, Subscription
from wetread.domain.pace import When, is_urgent
from wetread.domain.query import Query, parse_query
from wetread.feeds.delivery_plan import PlannedDelivery, is_skipped_type, waits_for_abstract
from wetread.storage import articles, deliveries, paces, search, settings
from wetread.storage.deliveries import UNPOSTED
from wetread.storage.rows import to_subscription, to_text

RETRACTION, ABSTRACT, DETAILS = 0, 1, 2
"""Priorities of edits, the most urgent first: what they bring."""

RECONSIDERED_FOR = timedelta(days=14)
"""For this time a skipped article can still be posted when its abstract or types arrive."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One article to post to one destination, or to record as skipped (`reason` says why).

    `waits_until`: when it is posted at the latest if it waits for its abstract; None = at once.
    `is_wish`: somebody asked for this very article, so that its having been skipped before is no hindrance.
    """

    guild_id: int
    channel_id: int
    kind: DestinationKind
    article_id: int
    subscription_id: int | None = None
    form: Form = Form.WHOLE
    state: DeliveryState = DeliveryState.PENDING
    reason: Reason | None = None
    waits_until: datetime | None = None
    is_wish: bool = False


def schedule(
    db: sqlite_utils.Database, new_deliveries: Iterable[NewDelivery], now: datetime
) -> list[NewDelivery]:
    """Put `new_deliveries` into the outbox, in their order; return those that are new there.

    An article that a destination has, or that is pending there, is not scheduled again, whichever feed
    lists it (faults.md A40). A skipped one is scheduled after all if a member asks for it, or if it was
    skipped only for a subscription that another one now overrules. What comes in a digest does not wait for
    its abstract.
    """
    scheduled = []
    instant = to_text(now)
    collecting: dict[int, bool] = {}
    for new_delivery in new_deliveries:
        channel_id = new_delivery.channel_id
        if channel_id not in collecting:
            collecting[channel_id] = paces.get(db, channel_id).when is not When.AT_ONCE
        waits_until = None if collecting[channel_id] else new_delivery.waits_until
        is_settled = new_delivery.state is DeliveryState.SKIPPED
        cursor = db.conn.execute(
            """
            INSERT INTO deliveries (
                guild_id, channel_id, kind, article_id, subscription_id, form, state, scheduled_at,
                next_try_at, waits_for_abstract, reason, settled_at
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (channel_id, article_id) DO UPDATE SET
                subscription_id = excluded.subscription_id,
                form = excluded.form,
                state = excluded.state,
                scheduled_at = excluded.scheduled_at,
                next_try_at = excluded.next_try_at,
                waits_for_abstract = excluded.waits_for_abstract,
                reason = excluded.reason,
                settled_at = NULL
            WHERE deliveries.state = 'skipped' AND excluded.state <> 'skipped'
                AND (? OR deliveries.reason IN ('filter', 'paused', 'removed'))
            """,
            [
                new_delivery.guild_id,
                new_delivery.channel_id,
                new_delivery.kind,
                new_delivery.article_id,
                new_delivery.subscription_id,
                new_delivery.form,
                new_delivery.state,
                instant,
                to_text(waits_until) if waits_until else instant,
                int(waits_until is not None),
                new_delivery.reason,
                instant if is_settled else None,
                int(new_delivery.is_wish),
            ],
        )
        if cursor.rowcount:
            scheduled.append(new_delivery)
    return scheduled


def to_new_delivery(planned: PlannedDelivery, record: Record, wait: timedelta, now: datetime) -> NewDelivery:
    """Return a new delivery of a subscription; `wait` is how long its server waits for an abstract."""
    subscription = planned.subscription
    is_waiting = planned.reason is None and wait > timedelta(0) and waits_for_abstract(record)
    return NewDelivery(
        guild_id=subscription.guild_id,
        channel_id=subscription.channel_id,
        kind=subscription.kind,
        article_id=planned.article_id,
        subscription_id=subscription.id,
        form=subscription.form,
        state=planned.state,
        reason=planned.reason,
        waits_until=now + wait if is_waiting else None,
        is_wish=subscription.starts_with is not None,
    )


def schedule_edits(db: sqlite_utils.Database, article_id: int, priority: int, now: datetime) -> None:
    """Schedule an edit of each post of an article, of digests as well; a waiting edit keeps its priority.

    A post that is just being sent is included, since its card may have been drawn before the change. An
    edit that is parked is tried again: there is more to show now.
    """
    instant = to_text(now)
    db.conn.execute(
        """
        INSERT INTO edits (delivery_id, priority, scheduled_at, next_try_at)
        SELECT DISTINCT coalesce(d.digest_id, d.id), ?, ?, ?
        FROM deliveries AS d LEFT JOIN deliveries AS digest ON digest.id = d.digest_id
        WHERE d.article_id = ? AND d.was_deleted = 0 AND (
            d.state = 'sent'
            OR (d.state IN ('sending', 'uncertain') AND d.first_attempt_at IS NOT NULL)
            OR digest.first_attempt_at IS NOT NULL
        )
        ON CONFLICT (delivery_id) DO UPDATE SET priority = min(priority, excluded.priority),
            next_try_at = min(next_try_at, excluded.next_try_at), attempt_count = 0, parked_reason = NULL
        """,
        [priority, instant, instant, article_id],
    )


SkipRule = Callable[[Subscription, int, Record], Reason | None]
"""Returns why a subscription skips an article; None = it does not."""

TypeRule = Callable[[int, Record], Reason | None]
"""Returns why a server posts nothing of this type; None = its type does not stand in the way."""


def skip_rule(db: sqlite_utils.Database, skipped_types: tuple[str, ...]) -> SkipRule:
    """Return the function that decides what is posted, by servers' skipped types and filters.

    `skipped_types` are for servers that have not chosen (`planner.UpdatePolicy`).
    """
    by_type = type_rule(db, skipped_types)
    queries: dict[str, Query] = {}

    def reason(subscription: Subscription, article_id: int, record: Record) -> Reason | None:
        if (kind := by_type(subscription.guild_id, record)) is not None:
            return kind
        if subscription.filter is None or _is_from_own_query(db, subscription, article_id):
            return None
        if subscription.filter not in queries:
            queries[subscription.filter] = parse_query(subscription.filter)
        is_wanted = search.matches(db, article_id, queries[subscription.filter], subscription.guild_id)
        return None if is_wanted else Reason.FILTER

    return reason


def type_rule(db: sqlite_utils.Database, skipped_types: tuple[str, ...]) -> TypeRule:
    """As `skip_rule`, by the types alone that servers skip."""
    types_by_guild: dict[int, tuple[str, ...]] = {}

    def reason(guild_id: int, record: Record) -> Reason | None:
        if guild_id not in types_by_guild:
            own = settings.guild_settings(db, guild_id).skipped_types
            types_by_guild[guild_id] = skipped_types if own is None else own
        if aside_of(record) is Aside.FRONT_MATTER:
            return Reason.FRONT_MATTER
        return Reason.TYPE if is_skipped_type(record, types_by_guild[guild_id]) else None

    return reason


def _is_from_own_query(db: sqlite_utils.Database, subscription: Subscription, article_id: int) -> bool:
    """Whether a topic's own query brought the article: PubMed has found its words, then."""
    if not subscription.is_topic or subscription.feed_id is None:
        return False
    return bool(brought_by(db, subscription.feed_id, [article_id]))


def brought_by(db: sqlite_utils.Database, feed_id: int, article_ids: Iterable[int]) -> set[int]:
    """Return which of these articles a feed has shown."""
    rows = db.conn.execute(
        "SELECT DISTINCT article_id FROM entries"
        " WHERE feed_id = ? AND article_id IN (SELECT value FROM json_each(?))",
        [feed_id, json.dumps(list(article_ids))],
    )
    return {int(article_id) for (article_id,) in rows}


def reconsider(
    db: sqlite_utils.Database,
    article_id: int,
    record: Record,
    skipped_types: tuple[str, ...] | None,
    now: datetime,
) -> None:
    """Check deliveries that are not posted yet again, because more is known of their article.

    `skipped_types` as for `judge`; None = the caller does not know them, so that what was left out for its
    type stays out.
    """
    rule = skip_rule(db, skipped_types or ())
    is_type_settled = skipped_types is None
    rows = db.query(
        """
        SELECT deliveries.id AS delivery_id, deliveries.state, deliveries.reason, subscriptions.*
        FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription_id
        WHERE deliveries.article_id = ? AND removed_at IS NULL AND paused_at IS NULL AND (
            (state = 'pending' AND first_attempt_at IS NULL)
            OR (state IN ('pending', 'collected', 'held', 'parked') AND state = 'collected')
            OR (state = 'skipped' AND reason IN ('filter', 'type', 'front_matter') AND scheduled_at >= ?)
        )
        """,
        [article_id, to_text(now - RECONSIDERED_FOR)],
    )
    urgent = is_urgent(record)
    for row in list(rows):
        if is_type_settled and row["reason"] in {Reason.TYPE, Reason.FRONT_MATTER}:
            continue
        reason = rule(to_subscription(row), article_id, record)
        if row["state"] != DeliveryState.SKIPPED and reason is not None:
            deliveries.skip(db, f"id = ? AND {UNPOSTED}", [row["delivery_id"]], reason, now)
        elif row["state"] != DeliveryState.SKIPPED and urgent:
            _post_by_itself(db, row["delivery_id"], now)
        elif row["state"] == DeliveryState.SKIPPED and reason is None:
            db.conn.execute(
                "UPDATE deliveries SET state = 'pending', reason = NULL, settled_at = NULL,"
                " waits_for_abstract = 0, next_try_at = ? WHERE id = ?",
                [to_text(now), row["delivery_id"]],
            )
    if not waits_for_abstract(record):
        stop_waiting(db, article_id, now)


def _post_by_itself(db: sqlite_utils.Database, delivery_id: int, now: datetime) -> None:
    """Let an article wait for nothing: no digest, unless that may be posted already, and no hour."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'pending', digest_id = NULL, next_try_at = ?"  # noqa: S608  # a constant
        f" WHERE id = ? AND {UNPOSTED}",
        [to_text(now), delivery_id],
    )


def stop_waiting(db: sqlite_utils.Database, article_id: int, now: datetime) -> None:
    """Make deliveries due that waited for an abstract: it came, or there is none."""
    db.conn.execute(
        "UPDATE deliveries SET waits_for_abstract = 0, next_try_at = ?"
        " WHERE article_id = ? AND state = 'pending' AND waits_for_abstract = 1",
        [to_text(now), article_id],
    )


def skip_unposted(db: sqlite_utils.Database, subscription_id: int, reason: Reason, now: datetime) -> int:
    """Skip the deliveries of a subscription that are not being sent yet (faults.md B38); return how many."""
    return deliveries.skip(db, f"subscription_id = ? AND {UNPOSTED}", [subscription_id], reason, now)


def redirect(
    db: sqlite_utils.Database, subscription_id: int, channel_id: int, kind: DestinationKind, now: datetime
) -> None:
    """Move pending deliveries of a subscription to another destination, unless that has the article already.

    What may have been posted in the old one stays there. The pace of the new one decides about the others.
    """
    ids = {"subscription": subscription_id, "channel": channel_id, "kind": kind, "now": to_text(now)}
    for statement in _REDIRECT:
        db.conn.execute(statement, ids)


_UNPOSTED = f"subscription_id = :subscription AND {UNPOSTED} AND first_attempt_at IS NULL"
_REDIRECT = (
    # What another subscription's filter left out there does not stand in the way.
    f"""
    DELETE FROM deliveries WHERE channel_id = :channel AND state = 'skipped' AND nonce IS NULL
        AND article_id IN (SELECT article_id FROM deliveries WHERE {_UNPOSTED})
    """,  # noqa: S608  # a constant above
    f"""
    UPDATE deliveries SET state = 'skipped', reason = '{Reason.THERE_ALREADY}', waits_for_abstract = 0,
        digest_id = NULL, settled_at = :now
    WHERE {_UNPOSTED} AND article_id IN (SELECT article_id FROM deliveries WHERE channel_id = :channel)
    """,  # noqa: S608  # constants
    f"""
    UPDATE deliveries SET channel_id = :channel, kind = :kind, code = NULL,
        reason = CASE state WHEN 'held' THEN reason END,
        next_try_at = CASE WHEN state IN ('parked', 'collected') THEN :now ELSE next_try_at END,
        state = CASE WHEN state IN ('parked', 'collected') THEN 'pending' ELSE state END, digest_id = NULL
    WHERE {_UNPOSTED}
    """,  # noqa: S608  # a constant above
)


def reapply_filter(
    db: sqlite_utils.Database, subscription_id: int, skipped_types: tuple[str, ...], now: datetime
) -> None:
    """Check deliveries of a subscription that were never tried again, because its filter changed."""
    rows = db.conn.execute(
        "SELECT id, article_id FROM deliveries"  # noqa: S608  # a constant
        f" WHERE subscription_id = ? AND {UNPOSTED} AND state IN ('pending', 'collected')"
        " AND first_attempt_at IS NULL",
        [subscription_id],
    ).fetchall()
    found = articles.merged_records(db, [article_id for _, article_id in rows])
    rule = skip_rule(db, skipped_types)
    for row in db.query("SELECT * FROM subscriptions WHERE id = ?", [subscription_id]):
        subscription = to_subscription(row)
        for delivery_id, article_id in rows:
            reason = rule(subscription, article_id, found[article_id])
            if reason is not None:
                deliveries.skip(db, "id = ?", [delivery_id], reason, now)


def skip_types(
    db: sqlite_utils.Database,
    guild_id: int,
    types: tuple[str, ...] | None,
    usual: tuple[str, ...],
    now: datetime,
    *,
    by: ChangedBy,
) -> None:
    """Skip these publication types in a server from now on; checks pending deliveries again.

    None = the usual ones.
    """
    settings.change_guild_settings(db, guild_id, lambda chosen: replace(chosen, skipped_types=types), by, now)
    rows = db.conn.execute(
        "SELECT id FROM subscriptions WHERE guild_id = ? AND removed_at IS NULL", [guild_id]
    ).fetchall()
    for (subscription_id,) in rows:
        reapply_filter(db, subscription_id, usual, now)
