"""Deliveries for people: what was posted, what waits and why, and what moderators decide.

How a delivery is claimed and settled is in `outbox.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from wetread.domain.models import Delivery, DeliveryState, DestinationKind, Form, Note, Reason, Share
from wetread.storage.rows import to_instant, to_optional_instant, to_text

RETRACTED = "retracted"
MARKED_AS_POSTED = "a moderator says that it is there"

UNPOSTED = """
    state IN ('pending', 'collected', 'held', 'parked') AND NOT EXISTS (
        SELECT 1 FROM deliveries AS digest
        WHERE digest.id = deliveries.digest_id AND digest.first_attempt_at IS NOT NULL
    )
"""
"""SQL: it is not being posted, neither by itself nor in a digest."""

REOPENED = "CASE WHEN first_attempt_at IS NULL THEN 'pending' ELSE 'sending' END"
"""SQL: the state to which a delivery returns; one that may have been posted is looked for first."""


@dataclass(frozen=True, slots=True)
class BlockedChannel:
    """A destination that Discord refuses us. `code` is Discord's, `reason` for people."""

    channel_id: int
    guild_id: int
    code: int
    reason: str
    since: datetime


def get(db: sqlite_utils.Database, delivery_id: int) -> Delivery | None:
    """Return a delivery, None if there is none with that id."""
    return _first(db, "WHERE id = ?", [delivery_id])


def by_message(db: sqlite_utils.Database, message_id: int) -> Delivery | None:
    """Return what was delivered as that message (or as the forum post of that id), None if nothing was.

    Of a digest and its articles it is the digest.
    """
    return _first(db, "WHERE message_id = ? ORDER BY digest_id IS NOT NULL", [message_id])


def in_channel(db: sqlite_utils.Database, channel_id: int, article_id: int) -> Delivery | None:
    """Return the delivery of an article to a destination, None if there never was one."""
    return _first(db, "WHERE channel_id = ? AND article_id = ?", [channel_id, article_id])


def by_thread(db: sqlite_utils.Database, thread_id: int) -> Delivery | None:
    """Return what is discussed in that thread: a card's discussion, or a forum post."""
    return _first(db, "WHERE thread_id = ?", [thread_id])


def of_article(db: sqlite_utils.Database, guild_id: int, article_id: int) -> list[Delivery]:
    """Return all that became of an article in a server, oldest first."""
    return _all(db, "WHERE guild_id = ? AND article_id = ? ORDER BY id", [guild_id, article_id])


def is_unposted(db: sqlite_utils.Database, delivery_id: int) -> bool:
    """Return whether nothing tries to post it, neither by itself nor in a digest."""
    found = db.conn.execute(f"SELECT 1 FROM deliveries WHERE id = ? AND {UNPOSTED}", [delivery_id])  # noqa: S608  # a constant
    return found.fetchone() is not None


def counts(db: sqlite_utils.Database, guild_id: int | None = None) -> Mapping[DeliveryState, int]:
    """Return the number of deliveries in each state (0 included), in one server or in all."""
    rows = db.conn.execute(
        "SELECT state, count(*) FROM deliveries WHERE ? IS NULL OR guild_id = ? GROUP BY state",
        [guild_id, guild_id],
    )
    found = {DeliveryState(state): int(count) for state, count in rows}
    return {state: found.get(state, 0) for state in DeliveryState}


def waiting(db: sqlite_utils.Database, guild_id: int) -> tuple[int, datetime | None]:
    """Return how many of a server's articles wait for their abstract, and since when the oldest does."""
    [[count, oldest]] = db.conn.execute(
        """
        SELECT count(*), min(scheduled_at) FROM deliveries
        WHERE state IN ('pending', 'sending', 'held', 'parked', 'uncertain') AND state = 'pending'
            AND guild_id = ? AND waits_for_abstract = 1
        """,
        [guild_id],
    )
    return int(count), to_optional_instant(oldest)


def last_post_at(db: sqlite_utils.Database, guild_id: int) -> datetime | None:
    """Return when something was posted in a server last; None = never."""
    row = db.conn.execute(
        "SELECT settled_at FROM deliveries WHERE guild_id = ? AND state = 'sent' ORDER BY id DESC LIMIT 1",
        [guild_id],
    ).fetchone()
    return to_optional_instant(row[0]) if row else None


def left_out_count(db: sqlite_utils.Database, guild_id: int, since: datetime) -> int:
    """Return how many articles a server skipped for their type since then, or because they are none."""
    [[count]] = db.conn.execute(
        """
        SELECT count(DISTINCT article_id) FROM deliveries
        WHERE guild_id = ? AND state = 'skipped' AND reason IN (?, ?) AND scheduled_at >= ?
        """,
        [guild_id, Reason.TYPE, Reason.FRONT_MATTER, to_text(since)],
    )
    return int(count)


def listing(
    db: sqlite_utils.Database,
    guild_id: int | None,
    states: Collection[DeliveryState],
    *,
    limit: int = 25,
    subscription_id: int | None = None,
) -> list[Delivery]:
    """Return the newest deliveries in these states, newest first; None = all servers."""
    marks = ", ".join("?" * len(states))
    return _all(
        db,
        f"""
        WHERE state IN ({marks}) AND (? IS NULL OR guild_id = ?) AND (? IS NULL OR subscription_id = ?)
        ORDER BY id DESC LIMIT ?
        """,
        [*states, guild_id, guild_id, subscription_id, subscription_id, limit],
    )


def note_discussion(db: sqlite_utils.Database, delivery_id: int, thread_id: int) -> None:
    """Remember the thread in which a post is discussed."""
    db.conn.execute("UPDATE deliveries SET thread_id = ? WHERE id = ?", [thread_id, delivery_id])


def note_announced(db: sqlite_utils.Database, delivery_id: int, *, is_retracted: bool) -> None:
    """Record the publication status that a discussion was told about, or saw from the start."""
    db.conn.execute(
        "UPDATE deliveries SET announced_standing = ? WHERE id = ?",
        [RETRACTED if is_retracted else None, delivery_id],
    )


def mark_removed(db: sqlite_utils.Database, message_ids: Collection[int], *, is_thread: bool = False) -> None:
    """Note that somebody deleted posts, so that they are neither edited nor linked any more.

    `is_thread`: threads of these ids were removed. A forum post has its first message's id, and goes with
    it; a discussion has the id of the card above it, which stays.
    """
    db.conn.executemany(
        """
        UPDATE deliveries SET was_deleted = 1
        WHERE message_id = ? AND state = 'sent' AND (NOT ? OR kind = 'forum')
        """,
        [(message_id, is_thread) for message_id in message_ids],
    )


# What people decide ---------------------------------------------------------------------------------


def release_held(
    db: sqlite_utils.Database,
    guild_id: int,
    subscription_id: int,
    newest: int | None,
    now: datetime,
    *,
    scheduled_at: datetime | None = None,
) -> tuple[int, int]:
    """Decide about held articles: post the newest `newest` (None = all, 0 = none) and skip the others.

    `scheduled_at`: only what was held then; None = all that is held. Returns how many are posted and how many
    skipped. Those decided already are left as they are.
    """
    held = held_ids(db, guild_id, subscription_id, scheduled_at)
    chosen = held if newest is None else held[: max(newest, 0)]
    for delivery_id in held:
        if delivery_id in chosen:
            db.conn.execute(
                "UPDATE deliveries SET state = 'pending', next_try_at = ?, reason = NULL WHERE id = ?",
                [to_text(now), delivery_id],
            )
        else:
            skip(db, "id = ?", [delivery_id], Reason.DECLINED, now)
    return len(chosen), len(held) - len(chosen)


def held_ids(
    db: sqlite_utils.Database, guild_id: int, subscription_id: int, scheduled_at: datetime | None = None
) -> list[int]:
    """Return what is held of a subscription (since that instant alone, if one is given), newest first."""
    instant = None if scheduled_at is None else to_text(scheduled_at)
    rows = db.conn.execute(
        """
        SELECT id FROM deliveries LEFT JOIN article_days USING (article_id)
        WHERE subscription_id = ? AND state IN ('pending', 'collected', 'held', 'parked') AND state = 'held'
            AND guild_id = ? AND (? IS NULL OR scheduled_at = ?)
        ORDER BY day DESC, id DESC
        """,
        [subscription_id, guild_id, instant, instant],
    )
    return [int(row[0]) for row in rows]


def resolve_uncertain(
    db: sqlite_utils.Database, guild_id: int, delivery_id: int, now: datetime, *, post_again: bool
) -> bool:
    """Settle an uncertain delivery as a moderator decided: post it again, or count it as posted.

    Returns False if it is not uncertain in that server (any more).
    """
    if post_again:
        settled = db.conn.execute(
            """
            UPDATE deliveries SET state = 'pending', next_try_at = ?, first_attempt_at = NULL,
                last_attempt_at = NULL, attempt_count = 0, code = NULL, reason = NULL
            WHERE id = ? AND guild_id = ? AND state = 'uncertain'
            """,
            [to_text(now), delivery_id, guild_id],
        )
    else:
        settled = db.conn.execute(
            """
            UPDATE deliveries SET state = 'sent', code = NULL, reason = ?, settled_at = ?
            WHERE id = ? AND guild_id = ? AND state = 'uncertain'
            """,
            [MARKED_AS_POSTED, to_text(now), delivery_id, guild_id],
        )
        settle_members(db, delivery_id)
    return settled.rowcount == 1


def unpark(db: sqlite_utils.Database, guild_id: int, delivery_id: int, now: datetime) -> bool:
    """Try a parked delivery again. Returns False if it is not parked in that server (any more)."""
    reopened = db.conn.execute(
        f"""
        UPDATE deliveries SET state = {REOPENED}, next_try_at = ?, code = NULL, reason = NULL
        WHERE id = ? AND guild_id = ? AND state = 'parked'
        """,  # noqa: S608 — a constant of ours
        [to_text(now), delivery_id, guild_id],
    )
    return reopened.rowcount == 1


# Digests ----------------------------------------------------------------------------------------------


def settle_members(db: sqlite_utils.Database, digest_id: int) -> None:
    """Settle the articles of a digest as it was settled; do nothing if it was not, or is no digest."""
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'sent', waits_for_abstract = 0,
            (message_id, was_deleted, reason, settled_at) = (
                SELECT message_id, was_deleted, reason, settled_at FROM deliveries WHERE id = ?1
            )
        WHERE digest_id = ?1 AND state = 'collected'
            AND EXISTS (SELECT 1 FROM deliveries WHERE id = ?1 AND state = 'sent')
        """,
        [digest_id],
    )


def reopen_members(db: sqlite_utils.Database, digest_id: int) -> None:
    """Let the articles of a digest wait again for what becomes of it."""
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'collected', message_id = NULL, reason = NULL, settled_at = NULL
        WHERE digest_id = ? AND state = 'sent'
        """,
        [digest_id],
    )


# Destinations and servers ---------------------------------------------------------------------------


def blocked_channels(db: sqlite_utils.Database, guild_id: int | None = None) -> list[BlockedChannel]:
    """Return the destinations that Discord refuses us, longest first; None = in all servers."""
    rows = db.query(
        "SELECT * FROM blocked_channels WHERE ? IS NULL OR guild_id = ? ORDER BY since",
        [guild_id, guild_id],
    )
    return [
        BlockedChannel(
            row["channel_id"], row["guild_id"], row["code"], row["reason"], to_instant(row["since"])
        )
        for row in rows
    ]


def unblock_channel(db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
    """Unblock a destination: its deliveries continue. Returns False if it was not blocked.

    `edits.unpark` does the same for edits.
    """
    block = db.conn.execute(
        "DELETE FROM blocked_channels WHERE channel_id = ? RETURNING code, reason", [channel_id]
    ).fetchone()
    if block is None:
        return False
    db.conn.execute(
        f"""
        UPDATE deliveries SET state = {REOPENED}, next_try_at = ?, code = NULL, reason = NULL
        WHERE channel_id = ? AND state = 'parked' AND code = ? AND reason = ?
        """,  # noqa: S608 — a constant of ours
        [to_text(now), channel_id, *block],
    )
    return True


def active_guilds(db: sqlite_utils.Database) -> list[int]:
    """Return the servers in which a subscription runs."""
    rows = db.conn.execute(
        "SELECT DISTINCT guild_id FROM subscriptions WHERE removed_at IS NULL AND paused_at IS NULL"
    )
    return [int(guild_id) for (guild_id,) in rows]


def skip(db: sqlite_utils.Database, where: str, values: list[int], reason: Reason, now: datetime) -> int:
    """Skip the deliveries that fit the condition `where`, which callers write themselves; return how many."""
    cursor = db.conn.execute(
        "UPDATE deliveries SET state = 'skipped', code = NULL, reason = ?, waits_for_abstract = 0,"  # noqa: S608  # the callers in this room write it
        f" digest_id = NULL, settled_at = ? WHERE {where}",
        [reason, to_text(now), *values],
    )
    return cursor.rowcount


def _first(db: sqlite_utils.Database, where: str, values: list[object]) -> Delivery | None:
    return next(iter(_all(db, f"{where} LIMIT 1", values)), None)


def _all(db: sqlite_utils.Database, where: str, values: list[object]) -> list[Delivery]:
    return [to_delivery(row) for row in db.query(f"SELECT * FROM deliveries {where}", values)]  # noqa: S608 — where is written in this file


def to_delivery(row: Mapping[str, Any]) -> Delivery:
    """Read a row of `deliveries`."""
    return Delivery(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        kind=DestinationKind(row["kind"]),
        article_id=row["article_id"],
        subscription_id=row["subscription_id"],
        form=Form(row["form"]),
        state=DeliveryState(row["state"]),
        scheduled_at=to_instant(row["scheduled_at"]),
        next_try_at=to_instant(row["next_try_at"]),
        waits_for_abstract=bool(row["waits_for_abstract"]),
        nonce=row["nonce"],
        baseline=row["baseline"],
        first_attempt_at=to_optional_instant(row["first_attempt_at"]),
        last_attempt_at=to_optional_instant(row["last_attempt_at"]),
        attempt_count=row["attempt_count"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        was_deleted=bool(row["was_deleted"]),
        shown_hash=row["shown_hash"],
        code=row["code"],
        reason=row["reason"],
        settled_at=to_optional_instant(row["settled_at"]),
        is_known_retracted=row["announced_standing"] == RETRACTED,
        share=_to_share(row),
        digest_id=row["digest_id"],
    )


def _to_share(row: Mapping[str, Any]) -> Share | None:
    if not row["shared_by"]:
        return None
    return Share(
        row["shared_by"],
        row["shared_by_name"],
        row["comment"],
        is_shown=bool(row["is_shown"]),
        note=Note(row["note"], row["note_by"], row["note_edited_by"]) if row["note"] else None,
    )
