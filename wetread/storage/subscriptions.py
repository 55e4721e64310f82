"""Subscriptions: feeds with their destinations. A server sees and changes only its own (faults.md S32).

What is done to a subscription by its id serves topics too.
"""

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject
from wetread.domain.errors import (
    AlreadySubscribedError,
    TooManySubscriptionsError,
    TopicNameTakenError,
    UnknownSubscriptionError,
)
from wetread.domain.mentions import USUAL_MENTIONS
from wetread.domain.models import DestinationKind, Feed, Form, Reason, Subscription
from wetread.feeds.check_result import CheckResult
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import (
    articles,
    changes,
    deliveries,
    delivery_topics,
    feeds,
    handing_out,
    scheduling,
    twins,
)
from wetread.storage.feeds import FeedUpdate, to_feed
from wetread.storage.rows import to_subscription, to_text

LAST_COUNT = 30
"""A new filter is tried on this many articles."""

SHORT_PAUSE = timedelta(days=1)
"""What waited when a subscription was paused is still posted if it resumes this soon."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where articles are posted: a channel, thread or forum."""

    channel_id: int
    kind: DestinationKind = DestinationKind.TEXT


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription that a server asks for.

    `newest`: how many of the newest articles are posted at once; the others that the feed has by now are
    remembered and never posted. `filter` is a query, None = everything.
    """

    guild_id: int
    destination: Destination
    url: str
    name: str
    created_by: int
    journal_key: str | None = None
    form: Form = Form.WHOLE
    filter: str | None = None
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """A subscription with its feed."""

    subscription: Subscription
    feed: Feed


def subscribe(
    db: sqlite_utils.Database,
    new: NewSubscription,
    now: datetime,
    *,
    limit: int,
    checked: tuple[CheckResult, UpdatePolicy, float] | None = None,
    by: ChangedBy | None = None,
) -> tuple[Subscription, FeedUpdate | None]:
    """Subscribe a server to a feed, and return also what that brought, None without `checked`.

    `checked`: what retrieving the feed has just given, with the policy and the random number of
    `feeds.record_update`; without it the feed is asked when it is due next, and everything it then has is
    remembered, but for the newest that the new is for. `by`: whose change is noted. Raises
    AlreadySubscribedError, TooManySubscriptionsError (`limit` is the most that a server may have).
    """
    feed = feeds.add(db, new.url, new.name, new.journal_key, now)
    subscription_id = _insert(db, new, feed, limit, now)
    changes.note_added(db, by, now, ChangeSubject.FEED, guild_id=new.guild_id, subject_id=subscription_id)
    if checked is None:
        # Somebody believes in it again.
        db.conn.execute("UPDATE feeds SET is_gone = 0 WHERE id = ?", [feed.id])
        return get(db, new.guild_id, subscription_id), None
    outcome, policy, chance = checked
    update = feeds.record_update(db, feed.id, outcome, now, policy, chance=chance)
    return get(db, new.guild_id, subscription_id), update


def _insert(db: sqlite_utils.Database, new: NewSubscription, feed: Feed, limit: int, now: datetime) -> int:
    channel_id = new.destination.channel_id
    refuse_twice(db, feed.id, channel_id, new.name)
    if count(db, new.guild_id) >= limit:
        raise TooManySubscriptionsError(new.name, limit)
    cursor = db.conn.execute(
        """
        INSERT INTO subscriptions (
            guild_id, feed_id, channel_id, kind, form, name, filter, starts_with, created_at, created_by,
            handed_out
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            new.guild_id,
            feed.id,
            channel_id,
            new.destination.kind,
            new.form,
            new.name,
            new.filter,
            new.newest,
            to_text(now),
            new.created_by,
            handing_out.last(db, feed.id),
        ],
    )
    return int(cursor.lastrowid or 0)


def refuse_twice(
    db: sqlite_utils.Database, feed_id: int, channel_id: int, name: str, *, is_topic: bool = False
) -> None:
    """Raise AlreadySubscribedError if the feed goes to that channel already."""
    is_there = db.conn.execute(
        "SELECT 1 FROM subscriptions"
        " WHERE feed_id = ? AND channel_id = ? AND is_topic = ? AND removed_at IS NULL",
        [feed_id, channel_id, is_topic],
    ).fetchone()
    if is_there:
        raise AlreadySubscribedError(name, channel_id)


# Reading ----------------------------------------------------------------------------------------------


def get(db: sqlite_utils.Database, guild_id: int, subscription_id: int) -> Subscription:
    """Return a server's subscription. Raises UnknownSubscriptionError, also for another server's."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE id = ? AND guild_id = ? AND removed_at IS NULL",
        [subscription_id, guild_id],
    )
    for row in rows:
        return to_subscription(row)
    raise UnknownSubscriptionError(str(subscription_id))


def of_guild(db: sqlite_utils.Database, guild_id: int) -> list[Watched]:
    """Return a server's subscriptions to feeds, each with its feed, by name; topics are not among them."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE guild_id = ? AND is_topic = 0 AND removed_at IS NULL"
        " ORDER BY name COLLATE NOCASE, id",
        [guild_id],
    )
    subscriptions = [(row["feed_id"], to_subscription(row)) for row in rows]
    by_id = {
        row["id"]: to_feed(row)
        for row in db.query(
            "SELECT * FROM feeds WHERE id IN (SELECT feed_id FROM subscriptions"
            " WHERE guild_id = ? AND is_topic = 0 AND removed_at IS NULL)",
            [guild_id],
        )
    }
    return [Watched(subscription, by_id[feed_id]) for feed_id, subscription in subscriptions]


def count(db: sqlite_utils.Database, guild_id: int) -> int:
    """Return how many subscriptions to feeds a server has, the paused ones too."""
    row = db.conn.execute(
        "SELECT count(*) FROM subscriptions WHERE guild_id = ? AND is_topic = 0 AND removed_at IS NULL",
        [guild_id],
    ).fetchone()
    return int(row[0])


def wanted_of_last(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    *,
    skipped_types: tuple[str, ...] = (),
    limit: int = LAST_COUNT,
) -> tuple[int, int]:
    """Return how many of its feed's last articles a subscription would post, and of how many.

    `skipped_types` as for `records.add_records`. Raises UnknownSubscriptionError.
    """
    subscription = get(db, guild_id, subscription_id)
    rows = db.conn.execute(
        "SELECT article_id FROM entries WHERE feed_id = ? GROUP BY article_id"
        " ORDER BY max(first_seen_at) DESC, article_id DESC LIMIT ?",
        [subscription.feed_id, limit],
    )
    last = articles.get_many(db, [twins.own(db, guild_id, row) or row for (row,) in list(rows)])
    reason = scheduling.skip_rule(db, skipped_types)
    wanted = [each for each in last if reason(subscription, each.id, each.record) is None]
    return len(wanted), len(last)


# Changing ---------------------------------------------------------------------------------------------
# Each raises UnknownSubscriptionError, also for another server's, and returns the subscription as it then is.
# `by`: whose change is noted; None = Wetread itself changes it.


def _noting(
    db: sqlite_utils.Database, guild_id: int, subscription_id: int, by: ChangedBy | None, now: datetime
) -> AbstractContextManager[None]:
    return changes.noting(db, by, now, ChangeSubject.FEED, guild_id=guild_id, subject_id=subscription_id)


def _caught_up(db: sqlite_utils.Database, guild_id: int, subscription_id: int) -> Subscription:
    """Return a server's subscription when all is in the outbox that it was to get before the change."""
    subscription = get(db, guild_id, subscription_id)
    handing_out.catch_up(db, [subscription_id])
    return subscription


def _catch_up_guild(db: sqlite_utils.Database, guild_id: int) -> None:
    rows = db.conn.execute(
        "SELECT id FROM subscriptions WHERE guild_id = ? AND removed_at IS NULL", [guild_id]
    )
    handing_out.catch_up(db, [subscription_id for (subscription_id,) in rows.fetchall()])


def pause(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    now: datetime,
    *,
    by: ChangedBy | None = None,
    paused_by: int | None = None,
) -> Subscription:
    """Post nothing more of a subscription until it is resumed. What topics want as well is posted for them.

    `paused_by`: who pauses it if the caller notes the change; None and no `by`: the bot left the server.
    """
    _caught_up(db, guild_id, subscription_id)
    delivery_topics.leave(db, subscription_id)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            "UPDATE subscriptions SET paused_at = ?, paused_by = ? WHERE id = ? AND paused_at IS NULL",
            [to_text(now), by.id if by else paused_by, subscription_id],
        )
    return get(db, guild_id, subscription_id)


# If nobody else had the feed asked meanwhile, its next document is the backlog.
_FROM_NOW = """
    starts_with = coalesce(
        starts_with, CASE WHEN feed_id IS NULL OR EXISTS (
            SELECT 1 FROM subscriptions AS other WHERE other.feed_id = subscriptions.feed_id
                AND other.removed_at IS NULL AND other.paused_at IS NULL
        ) THEN NULL ELSE 0 END
    ), looks_since = iif(is_topic, ?, NULL)
    """


def resume(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """Resume a paused subscription; articles that appeared meanwhile are recorded as skipped.

    What had waited in the outbox goes out after all if the pause was short.
    """
    before = _caught_up(db, guild_id, subscription_id)
    if before.paused_at is None:
        return before
    if now - before.paused_at > SHORT_PAUSE:
        scheduling.skip_unposted(db, subscription_id, Reason.PAUSED, now)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            f"UPDATE subscriptions SET paused_at = NULL, paused_by = NULL, {_FROM_NOW} WHERE id = ?",  # noqa: S608
            [to_text(now), subscription_id],
        )
    return get(db, guild_id, subscription_id)


def move(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    destination: Destination,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """Move a subscription to another destination; its pending deliveries move too.

    What was posted stays. An article that the new destination has already is not posted there again.
    What was parked for the old destination's sake is tried in the new one. Raises AlreadySubscribedError
    if the feed goes there already.
    """
    before = _caught_up(db, guild_id, subscription_id)
    if destination.channel_id == before.channel_id:
        return before
    if before.feed_id is not None:
        refuse_twice(db, before.feed_id, destination.channel_id, before.name, is_topic=before.is_topic)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            "UPDATE subscriptions SET channel_id = ?, kind = ? WHERE id = ?",
            [destination.channel_id, destination.kind, subscription_id],
        )
    after = get(db, guild_id, subscription_id)
    delivery_topics.redirect(db, after, now)
    return after


def set_form(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    form: Form,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """Show more or less of each article from now on, also of those still pending."""
    _caught_up(db, guild_id, subscription_id)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute("UPDATE subscriptions SET form = ? WHERE id = ?", [form, subscription_id])
    db.conn.execute(
        f"UPDATE deliveries SET form = ? WHERE subscription_id = ? AND {deliveries.UNPOSTED}",  # noqa: S608  # a constant
        [form, subscription_id],
    )
    return get(db, guild_id, subscription_id)


def set_filter(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    query: str | None,
    now: datetime,
    *,
    by: ChangedBy | None = None,
    skipped_types: tuple[str, ...] = (),
) -> Subscription:
    """Post only what `query` matches from now on, None = everything; checks pending deliveries again.

    `query` is one that `query.parse_query` reads. `skipped_types` as for `records.add_records`.
    """
    _caught_up(db, guild_id, subscription_id)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute("UPDATE subscriptions SET filter = ? WHERE id = ?", [query, subscription_id])
    scheduling.reapply_filter(db, subscription_id, skipped_types, now)
    return get(db, guild_id, subscription_id)


def set_threads(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    now: datetime,
    *,
    opens_threads: bool,
    by: ChangedBy | None = None,
) -> Subscription:
    """Open a thread under each post from now on, or no more."""
    get(db, guild_id, subscription_id)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            "UPDATE subscriptions SET opens_threads = ? WHERE id = ?", [int(opens_threads), subscription_id]
        )
    return get(db, guild_id, subscription_id)


@dataclass(frozen=True, slots=True)
class Mention:
    """The role that posts mention, at most so often a day; `filter`: the query of the articles that do."""

    role_id: int
    filter: str | None = None
    most_a_day: int = USUAL_MENTIONS


def set_mention(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    mention: Mention | None,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """Mention a role above posts from now on; None = nobody. Members may then take the role.

    `mention.filter` is one that `query.parse_query` reads.
    """
    get(db, guild_id, subscription_id)
    chosen: list[int | str | None] = [None, None, USUAL_MENTIONS]
    if mention is not None:
        chosen = [mention.role_id, mention.filter, mention.most_a_day]
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            "UPDATE subscriptions SET role_id = ?, mention_filter = ?, mentions_a_day = ? WHERE id = ?",
            [*chosen, subscription_id],
        )
    return get(db, guild_id, subscription_id)


def copy_settings(
    db: sqlite_utils.Database,
    guild_id: int,
    source_id: int,
    subscription_id: int,
    now: datetime,
    *,
    by: ChangedBy | None = None,
    skipped_types: tuple[str, ...] = (),
) -> Subscription:
    """Give a subscription the form, the filter and the threads of another one of the same server."""
    source = get(db, guild_id, source_id)
    set_threads(db, guild_id, subscription_id, now, opens_threads=source.opens_threads, by=by)
    set_form(db, guild_id, subscription_id, source.form, now, by=by)
    return set_filter(db, guild_id, subscription_id, source.filter, now, by=by, skipped_types=skipped_types)


def remove(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """End a subscription and skip its pending deliveries, in one transaction (faults.md B38)."""
    before = _caught_up(db, guild_id, subscription_id)
    with _noting(db, guild_id, subscription_id, by, now):
        db.conn.execute(
            "UPDATE subscriptions SET removed_at = ? WHERE id = ?", [to_text(now), subscription_id]
        )
    delivery_topics.leave(db, subscription_id)
    scheduling.skip_unposted(db, subscription_id, Reason.REMOVED, now)
    return before


def restore(
    db: sqlite_utils.Database, guild_id: int, subscription_id: int, now: datetime, *, limit: int
) -> Subscription:
    """Add a removed subscription again as it was; what came meanwhile is not posted.

    Raises UnknownSubscriptionError, AlreadySubscribedError, TopicNameTakenError, TooManySubscriptionsError.
    """
    for row in db.query(
        "SELECT * FROM subscriptions WHERE id = ? AND guild_id = ? AND removed_at IS NOT NULL",
        [subscription_id, guild_id],
    ):
        removed = to_subscription(row)
        break
    else:
        raise UnknownSubscriptionError(f"#{subscription_id}")
    if removed.feed_id is not None:
        refuse_twice(db, removed.feed_id, removed.channel_id, removed.name, is_topic=removed.is_topic)
    if count(db, guild_id) >= limit:
        raise TooManySubscriptionsError(removed.name, limit)
    try:
        db.conn.execute(
            f"UPDATE subscriptions SET removed_at = NULL, {_FROM_NOW} WHERE id = ?",  # noqa: S608
            [to_text(now), subscription_id],
        )
    except sqlite3.IntegrityError as error:
        raise TopicNameTakenError(removed.name) from error
    if removed.feed_id is not None:
        db.conn.execute("UPDATE feeds SET is_gone = 0 WHERE id = ?", [removed.feed_id])
    return get(db, guild_id, subscription_id)


def freeze_guild(db: sqlite_utils.Database, guild_id: int, now: datetime) -> None:
    """The bot was removed from a server: its feeds rest, and nothing is sent there."""
    _catch_up_guild(db, guild_id)
    db.conn.execute(
        """
        UPDATE subscriptions SET paused_at = ?, paused_by = NULL
        WHERE guild_id = ? AND paused_at IS NULL AND removed_at IS NULL
        """,
        [to_text(now), guild_id],
    )
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'parked', code = NULL, reason = ?
        WHERE guild_id = ? AND state IN ('pending', 'collected', 'sending')
        """,
        [Reason.AWAY, guild_id],
    )


def thaw_guild(db: sqlite_utils.Database, guild_id: int, newest: int, now: datetime) -> None:
    """Resume a server that added the bot again: each feed starts with its newest `newest` articles.

    Older pending deliveries are skipped, except those. What a moderator paused stays paused. A topic begins
    with what comes now.
    """
    _catch_up_guild(db, guild_id)
    db.conn.execute(
        """
        UPDATE subscriptions SET paused_at = NULL, starts_with = iif(feed_id IS NULL, NULL, ?),
            looks_since = iif(is_topic, ?, NULL)
        WHERE guild_id = ? AND paused_at IS NOT NULL AND paused_by IS NULL AND removed_at IS NULL
        """,
        [newest, to_text(now), guild_id],
    )
    deliveries.skip(db, "guild_id = ? AND state = 'parked' AND reason = 'away'", [guild_id], Reason.AWAY, now)
