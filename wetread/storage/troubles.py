"""What prevents posts, grouped by destination and by Discord's answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.models import Subscription
from wetread.storage import deliveries, subscriptions
from wetread.storage.deliveries import BlockedChannel
from wetread.storage.questions import UNSETTLED
from wetread.storage.rows import to_instant, to_subscription, to_text

CHANNEL_GONE = 10003
"""Discord's code for a channel that was deleted."""

GONE_FOR = timedelta(days=30)
"""How long a subscription outlives its channel (faults.md A29)."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Posts that Discord refuses one by one, as AutoMod does: they wait for a person."""

    channel_id: int
    code: int
    reason: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class GoneChannel:
    """A destination that was deleted, and how many articles wait for it."""

    since: datetime
    waiting_count: int


@dataclass(frozen=True, slots=True)
class Slowed:
    """Posts that are tried again by themselves. `code` None = Discord gave no usable answer."""

    channel_id: int
    code: int | None
    reason: str
    count: int
    since: datetime
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Unedited:
    """Posts in a channel or thread that cannot be edited."""

    channel_id: int
    reason: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Troubles:
    """All of one server, longest first. `late_edit_count`: edits that are tried again by themselves."""

    blocked: tuple[BlockedChannel, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    slowed: tuple[Slowed, ...] = ()
    unedited: tuple[Unedited, ...] = ()
    late_edit_count: int = 0


def of_guild(db: sqlite_utils.Database, guild_id: int) -> Troubles:
    """Return the troubles of a server."""
    return Troubles(
        blocked=tuple(each for each in deliveries.blocked_channels(db, guild_id) if _matters(db, each)),
        stopped=tuple(each for _, each in stopped(db, guild_id)),
        slowed=_slowed(db, guild_id),
        unedited=tuple(each for _, each in unedited(db, guild_id)),
        late_edit_count=_late_edit_count(db, guild_id),
    )


def blocked(db: sqlite_utils.Database) -> list[BlockedChannel]:
    """Return the destinations of all servers that Discord refuses us and to which something is to go."""
    return [each for each in deliveries.blocked_channels(db) if _matters(db, each)]


def stopped(db: sqlite_utils.Database, guild_id: int | None = None) -> list[tuple[int, Stopped]]:
    """Return posts that are refused one by one, each group with its server; None = in all servers."""
    rows = db.conn.execute(
        f"""
        SELECT guild_id, channel_id, code, reason, count(*), min(coalesce(last_attempt_at, scheduled_at))
        FROM deliveries AS d
        WHERE {UNSETTLED} AND state = 'parked' AND code IS NOT NULL AND (? IS NULL OR guild_id = ?)
            AND NOT EXISTS (SELECT 1 FROM blocked_channels AS b WHERE b.channel_id = d.channel_id)
        GROUP BY guild_id, channel_id, code ORDER BY 6
        """,  # noqa: S608  # a constant of ours
        [guild_id, guild_id],
    )
    return [
        (guild, Stopped(channel, code, reason or "", count, to_instant(since)))
        for guild, channel, code, reason, count, since in rows
    ]


def unedited(db: sqlite_utils.Database, guild_id: int | None = None) -> list[tuple[int, Unedited]]:
    """Return posts that cannot be edited, each group with its server; None = in all servers.

    Where nothing can be posted either, that says it all.
    """
    rows = db.conn.execute(
        """
        SELECT d.guild_id, CASE d.kind WHEN 'forum' THEN coalesce(d.thread_id, d.channel_id)
            ELSE d.channel_id END AS place, e.parked_reason, count(*), min(e.scheduled_at)
        FROM edits AS e CROSS JOIN deliveries AS d ON d.id = e.delivery_id  -- the few edits first
        WHERE e.parked_reason IS NOT NULL AND (? IS NULL OR d.guild_id = ?)
            AND NOT EXISTS (SELECT 1 FROM blocked_channels AS b WHERE b.channel_id = d.channel_id)
        GROUP BY d.guild_id, place ORDER BY 5
        """,
        [guild_id, guild_id],
    )
    return [
        (guild, Unedited(place, reason, count, to_instant(since)))
        for guild, place, reason, count, since in rows
    ]


def retry_stopped(db: sqlite_utils.Database, guild_id: int, channel_id: int, code: int, now: datetime) -> int:
    """Schedule posts again that Discord refused in a destination with that code; return how many."""
    rows = db.conn.execute(
        f"""
        SELECT id FROM deliveries
        WHERE {UNSETTLED} AND state = 'parked' AND guild_id = ? AND channel_id = ? AND code = ?
        """,  # noqa: S608  # a constant of ours
        [guild_id, channel_id, code],
    ).fetchall()
    return sum(deliveries.unpark(db, guild_id, int(row[0]), now) for row in rows)


# Channels that were deleted (faults.md A29) --------------------------------------------------------------


def note_deleted_channel(db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime) -> bool:
    """Note that a destination was deleted, so that nothing is sent there; False if it is none."""
    is_destination = db.conn.execute(
        "SELECT 1 FROM subscriptions WHERE guild_id = ? AND channel_id = ? AND removed_at IS NULL",
        [guild_id, channel_id],
    ).fetchone()
    if not is_destination:
        return False
    db.conn.execute(
        """
        INSERT INTO blocked_channels (channel_id, guild_id, code, reason, since) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (channel_id) DO UPDATE SET code = excluded.code, reason = excluded.reason,
            since = CASE code WHEN excluded.code THEN since ELSE excluded.since END
        """,
        [channel_id, guild_id, CHANNEL_GONE, "the channel is gone", to_text(now)],
    )
    return True


def gone_channels(db: sqlite_utils.Database, guild_id: int) -> dict[int, GoneChannel]:
    """Return the destinations of a server that were deleted, by id."""
    rows = db.conn.execute(
        """
        SELECT b.channel_id, b.since, (
            SELECT count(*) FROM subscriptions AS s JOIN deliveries AS d ON d.subscription_id = s.id
            WHERE s.channel_id = b.channel_id AND s.removed_at IS NULL
                AND d.state IN ('pending', 'held', 'parked')
        )
        FROM blocked_channels AS b WHERE b.guild_id = ? AND b.code = ?
        """,
        [guild_id, CHANNEL_GONE],
    )
    return {channel_id: GoneChannel(to_instant(since), waiting) for channel_id, since, waiting in rows}


def destinations(db: sqlite_utils.Database) -> list[tuple[int, int]]:
    """Return where subscriptions post that are no threads, as (server, channel), over all servers."""
    rows = db.conn.execute(
        "SELECT DISTINCT guild_id, channel_id FROM subscriptions"
        " WHERE removed_at IS NULL AND kind <> 'thread'"
    )
    return [(int(guild_id), int(channel_id)) for guild_id, channel_id in rows]


def remove_orphans(db: sqlite_utils.Database, now: datetime) -> list[Subscription]:
    """End the subscriptions whose channel was deleted GONE_FOR ago, and return them."""
    rows = db.query(
        """
        SELECT s.* FROM subscriptions AS s JOIN blocked_channels AS b ON b.channel_id = s.channel_id
        WHERE b.code = ? AND b.since <= ? AND s.removed_at IS NULL
        """,
        [CHANNEL_GONE, to_text(now - GONE_FOR)],
    )
    orphans = [to_subscription(row) for row in list(rows)]
    for each in orphans:
        subscriptions.remove(db, each.guild_id, each.id, now, by=None)
    return orphans


def _matters(db: sqlite_utils.Database, channel: BlockedChannel) -> bool:
    """Return whether a feed posts there, or a post or an edit waits."""
    row = db.conn.execute(
        f"""
        SELECT EXISTS (SELECT 1 FROM subscriptions
                WHERE guild_id = ?1 AND channel_id = ?2 AND removed_at IS NULL)
            OR EXISTS (SELECT 1 FROM deliveries WHERE {UNSETTLED} AND channel_id = ?2 AND state = 'parked')
            OR EXISTS (SELECT 1 FROM edits AS e CROSS JOIN deliveries AS d ON d.id = e.delivery_id
                WHERE d.channel_id = ?2)
        """,  # noqa: S608  # a constant of ours
        [channel.guild_id, channel.channel_id],
    ).fetchone()
    return bool(row[0])


def _slowed(db: sqlite_utils.Database, guild_id: int) -> tuple[Slowed, ...]:
    rows = db.conn.execute(
        f"""
        SELECT channel_id, code, reason, count(*), min(coalesce(last_attempt_at, scheduled_at)),
            min(next_try_at)
        FROM deliveries
        WHERE {UNSETTLED} AND state IN ('pending', 'sending') AND guild_id = ? AND reason IS NOT NULL
        GROUP BY channel_id, code, reason ORDER BY 5
        """,  # noqa: S608  # a constant of ours
        [guild_id],
    )
    return tuple(
        Slowed(channel, code, reason, count, to_instant(since), to_instant(next_try_at))
        for channel, code, reason, count, since, next_try_at in rows
    )


def _late_edit_count(db: sqlite_utils.Database, guild_id: int) -> int:
    [[count]] = db.conn.execute(
        """
        SELECT count(*) FROM edits AS e CROSS JOIN deliveries AS d ON d.id = e.delivery_id
        WHERE d.guild_id = ? AND e.parked_reason IS NULL AND e.attempt_count > 0
        """,
        [guild_id],
    )
    return int(count)
