"""Articles that members share: deliveries that are claimed at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.models import Delivery, DeliveryState, Form, Note, Share
from wetread.storage import articles, deliveries, edits, outbox
from wetread.storage.rows import to_text
from wetread.storage.subscriptions import Destination

HANDS_OFF = timedelta(seconds=90)
"""How long the outbox leaves a claimed share alone: longer than one request takes."""

_NEVER_SENT = (
    DeliveryState.PENDING,
    DeliveryState.COLLECTED,
    DeliveryState.HELD,
    DeliveryState.PARKED,
    DeliveryState.SKIPPED,
)


@dataclass(frozen=True, slots=True)
class ShareRequest:
    """A member's request to post an article to a destination of a server."""

    guild_id: int
    destination: Destination
    article_id: int
    share: Share


@dataclass(frozen=True, slots=True)
class Begun:
    """What sharing found: `claim` is to be posted now; None = `delivery` is there, or on its way, already."""

    delivery: Delivery
    claim: outbox.Claim | None


def begin(db: sqlite_utils.Database, wanted: ShareRequest, now: datetime, baseline: int) -> Begun:
    """Claim an article for a destination in a member's name, unless it is or may be there.

    A delivery that was never sent there, or was skipped, becomes the member's; what somebody removed is
    posted again. `baseline` as for `outbox.claim_next`. Should the process end before the post is settled,
    the outbox looks for it, and posts it if it is not there.
    """
    known = deliveries.in_channel(db, wanted.destination.channel_id, wanted.article_id)
    if known is not None and not _is_free(db, known):
        return Begun(known, None)
    if known is None:
        delivery_id = _insert(db, wanted, now)
    else:
        delivery_id = known.id
        _take_over(db, known, now)
    share = wanted.share
    db.conn.execute(
        "UPDATE deliveries SET shared_by = ?, shared_by_name = ?, comment = ?, is_shown = ? WHERE id = ?",
        [share.user_id, share.user_name, share.comment, share.is_shown, delivery_id],
    )
    _write_note(db, delivery_id, share.note)
    delivery = outbox.begin_attempt(db, _get(db, delivery_id), now, baseline)
    db.conn.execute(
        "UPDATE deliveries SET next_try_at = ? WHERE id = ?", [to_text(now + HANDS_OFF), delivery_id]
    )
    return Begun(delivery, outbox.Claim(delivery, articles.get(db, wanted.article_id), must_look_back=False))


def save_note(
    db: sqlite_utils.Database, delivery_id: int, text: str | None, member_id: int, now: datetime
) -> None:
    """Write, change or (None) remove the note above a shared article; its post gets an edit.

    Raises LookupError if no member shared it.
    """
    delivery = _get(db, delivery_id)
    if delivery.share is None:
        raise LookupError(f"delivery {delivery_id} is not shared")
    known = delivery.share.note
    if text is None:
        note = None
    elif known is None:
        note = Note(text, member_id)
    else:
        note = Note(text, known.author_id, None if member_id == known.author_id else member_id)
    if note == known:
        return
    _write_note(db, delivery_id, note)
    edits.schedule(db, delivery_id, now)  # also while it is being posted, perhaps still without the note
    edits.revive(db, delivery_id)


def _write_note(db: sqlite_utils.Database, delivery_id: int, note: Note | None) -> None:
    values = [note.text, note.author_id, note.editor_id] if note else [None, None, None]
    db.conn.execute(
        "UPDATE deliveries SET note = ?, note_by = ?, note_edited_by = ? WHERE id = ?",
        [*values, delivery_id],
    )


def _is_free(db: sqlite_utils.Database, delivery: Delivery) -> bool:
    if delivery.was_deleted:
        return True
    if delivery.state is DeliveryState.COLLECTED and not deliveries.is_unposted(db, delivery.id):
        return False
    return delivery.state in _NEVER_SENT and delivery.first_attempt_at is None


def _insert(db: sqlite_utils.Database, wanted: ShareRequest, now: datetime) -> int:
    cursor = db.conn.execute(
        """
        INSERT INTO deliveries (
            guild_id, channel_id, kind, article_id, form, state, scheduled_at, next_try_at
        )
        VALUES (?, ?, ?, ?, ?, 'pending', ?, ?)
        """,
        [
            wanted.guild_id,
            wanted.destination.channel_id,
            wanted.destination.kind,
            wanted.article_id,
            Form.WHOLE,
            to_text(now),
            to_text(now),
        ],
    )
    return int(cursor.lastrowid or 0)


def _take_over(db: sqlite_utils.Database, delivery: Delivery, now: datetime) -> None:
    """Make a delivery the member's: it no longer depends on a subscription, its filter or its pause."""
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'pending', subscription_id = NULL, digest_id = NULL, form = ?,
            waits_for_abstract = 0, code = NULL, reason = NULL, settled_at = NULL
        WHERE id = ?
        """,
        [Form.WHOLE, delivery.id],
    )
    if delivery.was_deleted:
        # A post of its own, with a nonce of its own: the instant is part of it.
        for table in ("edits", "follow_ups"):
            db.conn.execute(f"DELETE FROM {table} WHERE delivery_id = ?", [delivery.id])  # noqa: S608  # as just said
        db.conn.execute(
            """
            UPDATE deliveries SET scheduled_at = ?, nonce = NULL, baseline = NULL, first_attempt_at = NULL,
                last_attempt_at = NULL, attempt_count = 0, message_id = NULL, thread_id = NULL,
                was_deleted = 0, shown_hash = NULL
            WHERE id = ?
            """,
            [to_text(now), delivery.id],
        )


def _get(db: sqlite_utils.Database, delivery_id: int) -> Delivery:
    delivery = deliveries.get(db, delivery_id)
    if delivery is None:
        raise LookupError(f"delivery {delivery_id} vanished")
    return delivery
