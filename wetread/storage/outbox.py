"""The outbox: claim due deliveries of a destination, and settle them (delivery.md).

Each function is one transaction. `sending` is written before the request leaves and stays until it is
known what became of it, so that a crash in between is seen afterwards.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlite_utils

from wetread.domain.delivery_rules import Attempt, look_back_at, next_attempt, nonce_of
from wetread.domain.digests import Content
from wetread.domain.models import Article, Delivery, DeliveryState, DestinationKind, Posted, Reason
from wetread.domain.publication_status import is_retracted
from wetread.storage import arrivals, attempts, deliveries, digests, edits, follow_ups, role_mentions
from wetread.storage.follow_ups import FollowUp
from wetread.storage.rows import to_text

_RUNS = f"""
    NOT EXISTS (
        SELECT 1 FROM subscriptions AS s WHERE s.id = deliveries.subscription_id AND s.paused_at IS NOT NULL
    ) AND {arrivals.IS_EXAMINED}
"""  # noqa: S608  # a constant of ours
"""SQL: deliveries of a paused subscription wait, because the pause may be short; new articles until their
topics are known."""


_HELD_BACK_AT_ONCE = 100
"""So many deliveries are set aside in one transaction; the next turn goes on."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery in state `sending` and what it posts. `must_look_back`: it may be in the channel already."""

    delivery: Delivery
    content: Content
    must_look_back: bool


def due_channels(db: sqlite_utils.Database, now: datetime) -> list[int]:
    """Return the destinations with something to post, longest due first."""
    rows = db.conn.execute(
        f"""
        SELECT channel_id FROM deliveries INDEXED BY deliveries_open  -- else it reads all there ever were
        WHERE state IN ('pending', 'sending') AND next_try_at <= ? AND {_RUNS}
        GROUP BY channel_id ORDER BY min(next_try_at)
        """,  # noqa: S608 — a constant of ours
        [to_text(now)],
    )
    found = dict.fromkeys(int(channel_id) for (channel_id,) in rows)
    return list(found | dict.fromkeys(digests.due_channels(db, now)))


def is_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
    """Return whether a destination has something to post."""
    return _oldest_due(db, channel_id, now) is not None or digests.is_due(db, channel_id, now)


def claim_next(db: sqlite_utils.Database, channel_id: int, now: datetime, baseline: int) -> Claim | None:
    """Claim the destination's oldest due delivery; None if nothing is due.

    One that waits, is parked or held never blocks those behind it. What is due in a blocked destination
    is parked instead, and what the destination's pace holds back is set aside. `baseline` is a message id
    that every message sent from now on is greater than.
    """
    if _park_what_is_blocked(db, channel_id):
        return None
    digests.form_due(db, channel_id, now)
    held_back = 0
    while held_back < _HELD_BACK_AT_ONCE and (delivery := _oldest_due(db, channel_id, now)) is not None:
        match next_attempt(delivery, now):
            case Attempt.WAIT:
                _try_at(db, delivery.id, look_back_at(delivery))
            case Attempt.LOOK_BACK:
                looked_for = _begin_looking(db, delivery)
                return Claim(looked_for, digests.content(db, delivery), must_look_back=True)
            case Attempt.SEND if delivery.first_attempt_at is None and digests.holds_back(db, delivery, now):
                held_back += 1
            case Attempt.SEND:
                begun = begin_attempt(db, delivery, now, baseline)
                return Claim(begun, digests.content(db, delivery), must_look_back=False)
    return None


def begin_attempt(db: sqlite_utils.Database, delivery: Delivery, now: datetime, baseline: int) -> Delivery:
    """Record that a request is about to leave, and return the updated delivery.

    Nonce and first attempt stay as they were; the baseline is new only if nothing can have been posted.
    Which roles the post mentions is decided and counted with the first attempt.
    """
    if delivery.first_attempt_at is None:
        role_mentions.decide(db, delivery, now)
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'sending', nonce = coalesce(nonce, ?),
            baseline = CASE WHEN first_attempt_at IS NULL THEN ? ELSE baseline END,
            first_attempt_at = coalesce(first_attempt_at, ?), last_attempt_at = ?,
            attempt_count = attempt_count + 1
        WHERE id = ?
        """,
        [nonce_of(delivery), baseline, to_text(now), to_text(now), delivery.id],
    )
    attempts.count_up(db)
    begun = deliveries.get(db, delivery.id)
    if begun is None:
        raise LookupError(f"delivery {delivery.id} vanished")
    return begun


def begin_missing(
    db: sqlite_utils.Database, delivery: Delivery, now: datetime, baseline: int
) -> Delivery | None:
    """As `begin_attempt`, for a delivery that was looked for and is not there.

    None = its destination's pace holds it back: only a database that is lost may have tried to post it.
    """
    if delivery.is_doubted and digests.holds_back(db, delivery, now):
        return None
    return begin_attempt(db, delivery, now, baseline)


def _begin_looking(db: sqlite_utils.Database, delivery: Delivery) -> Delivery:
    """One that may be in its channel already counts as `sending`, also if a backup brought it back as due."""
    db.conn.execute("UPDATE deliveries SET state = 'sending' WHERE id = ?", [delivery.id])
    return replace(delivery, state=DeliveryState.SENDING)


def settle_sent(
    db: sqlite_utils.Database,
    claim: Claim,
    post: Posted,
    now: datetime,
    *,
    is_current: bool = True,
    is_announced: bool = False,
) -> None:
    """Settle a delivery as posted. `is_announced`: it is then to be published, in an announcement channel.

    An edit is due at once if the post may show less than is known now: the article has changed since the
    claim, or (`is_current` False) the post may stem from an earlier attempt.
    """
    delivery_id = claim.delivery.id
    if post.is_in_digest:
        _settle_as_member(db, delivery_id, now)
        return
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'sent', message_id = ?, thread_id = ?, shown_hash = ?,
            waits_for_abstract = 0, code = NULL, reason = NULL, settled_at = ?
        WHERE id = ?
        """,
        [
            post.message_id,
            post.thread_id,
            post.shown_hash if is_current else None,
            to_text(now),
            delivery_id,
        ],
    )
    if isinstance(claim.content, Article):
        deliveries.note_announced(db, delivery_id, is_retracted=is_retracted(claim.content.record))
    deliveries.settle_members(db, delivery_id)
    if not is_current or digests.content(db, claim.delivery) != claim.content:
        edits.schedule(db, delivery_id, now)
    if is_announced:
        follow_ups.schedule(db, delivery_id, FollowUp.PUBLISH, now)
    if claim.delivery.kind is DestinationKind.TEXT and _opens_thread(db, claim.delivery.subscription_id):
        follow_ups.schedule(db, delivery_id, FollowUp.DISCUSS, now)


def _opens_thread(db: sqlite_utils.Database, subscription_id: int | None) -> bool:
    row = db.conn.execute(
        "SELECT opens_threads FROM subscriptions WHERE id = ?", [subscription_id]
    ).fetchone()
    return bool(row and row[0])


def _settle_as_member(db: sqlite_utils.Database, delivery_id: int, now: datetime) -> None:
    """It stands in a digest that this database does not know, so that its post cannot be named or edited."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'sent', waits_for_abstract = 0, code = NULL, reason = ?,"
        " settled_at = ? WHERE id = ?",
        [Reason.LOST_DIGEST, to_text(now), delivery_id],
    )


def settle_removed(db: sqlite_utils.Database, delivery_id: int, now: datetime) -> None:
    """It was in Discord, and somebody removed it: it is not posted again."""
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'sent', was_deleted = 1, waits_for_abstract = 0, code = NULL,
            reason = NULL, settled_at = ?
        WHERE id = ?
        """,
        [to_text(now), delivery_id],
    )
    deliveries.settle_members(db, delivery_id)


def settle_uncertain(db: sqlite_utils.Database, delivery_id: int, reason: str) -> None:
    """Whether it is in Discord cannot be known: a moderator decides."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'uncertain', reason = ? WHERE id = ? AND state = 'sending'",
        [reason, delivery_id],
    )


def retry(
    db: sqlite_utils.Database,
    delivery: Delivery,
    at: datetime,
    *,
    code: int | None,
    reason: str,
    was_refused: bool,
) -> None:
    """Try again at that instant. `was_refused`: this attempt certainly posted nothing."""
    _conclude_attempt(db, delivery, "pending", code=code, reason=reason, was_refused=was_refused)
    _try_at(db, delivery.id, at)


def park(
    db: sqlite_utils.Database, delivery: Delivery, *, code: int | None, reason: str, was_refused: bool
) -> None:
    """Nothing more is tried until a person does something. `was_refused` as for `retry`."""
    _conclude_attempt(db, delivery, "parked", code=code, reason=reason, was_refused=was_refused)


def block_channel(
    db: sqlite_utils.Database,
    delivery: Delivery,
    now: datetime,
    *,
    code: int | None,
    reason: str,
    was_refused: bool,
) -> None:
    """Discord refuses the destination: park its deliveries until `deliveries.unblock_channel`.

    `delivery` is the one that was refused, or one whose edit was.
    """
    db.conn.execute(
        """
        INSERT INTO blocked_channels (channel_id, guild_id, code, reason, since) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (channel_id) DO UPDATE SET code = excluded.code, reason = excluded.reason
        """,
        [delivery.channel_id, delivery.guild_id, code or 0, reason, to_text(now)],
    )
    park(db, delivery, code=code or 0, reason=reason, was_refused=was_refused)
    _park_what_is_blocked(db, delivery.channel_id)


def _park_what_is_blocked(db: sqlite_utils.Database, channel_id: int) -> bool:
    """Park what is due in a blocked destination. Returns whether it is blocked."""
    block = db.conn.execute(
        "SELECT code, reason FROM blocked_channels WHERE channel_id = ?", [channel_id]
    ).fetchone()
    if block is None:
        return False
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'parked', code = ?, reason = ?
        WHERE channel_id = ? AND state IN ('pending', 'sending')
        """,
        [*block, channel_id],
    )
    db.conn.execute(
        """
        UPDATE edits SET parked_reason = ?
        WHERE parked_reason IS NULL AND delivery_id IN (SELECT id FROM deliveries WHERE channel_id = ?)
        """,
        [block[1], channel_id],
    )
    return True


def _oldest_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> Delivery | None:
    rows = db.query(
        f"""
        SELECT * FROM deliveries
        WHERE channel_id = ? AND state IN ('pending', 'sending') AND next_try_at <= ? AND {_RUNS}
        ORDER BY id LIMIT 1
        """,  # noqa: S608 — a constant of ours
        [channel_id, to_text(now)],
    )
    return next((deliveries.to_delivery(row) for row in rows), None)


def _conclude_attempt(
    db: sqlite_utils.Database,
    delivery: Delivery,
    state: str,
    *,
    code: int | None,
    reason: str,
    was_refused: bool,
) -> None:
    """A refusal of the only attempt proves that nothing was posted; one of a later attempt does not."""
    is_unposted = was_refused and delivery.attempt_count <= 1
    if is_unposted:
        role_mentions.take_back(db, delivery.id)
    db.conn.execute(
        """
        UPDATE deliveries SET state = ?, code = ?, reason = ?,
            first_attempt_at = CASE WHEN ? THEN NULL ELSE first_attempt_at END,
            last_attempt_at = CASE WHEN ? THEN NULL ELSE last_attempt_at END,
            attempt_count = CASE WHEN ? THEN 0 ELSE attempt_count END
        WHERE id = ? AND state = 'sending'
        """,
        [
            "sending" if state == "pending" and not is_unposted else state,
            code,
            reason,
            is_unposted,
            is_unposted,
            is_unposted,
            delivery.id,
        ],
    )


def _try_at(db: sqlite_utils.Database, delivery_id: int, at: datetime) -> None:
    db.conn.execute("UPDATE deliveries SET next_try_at = ? WHERE id = ?", [to_text(at), delivery_id])
