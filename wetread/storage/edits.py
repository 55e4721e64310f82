"""Posts whose card must be edited: one row for each post, however many changes there are.

An edit shows the article as it is when the edit is made, so that trying twice does no harm.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.digests import Content
from wetread.domain.models import Delivery
from wetread.storage import deliveries, digests, scheduling
from wetread.storage.rows import to_text


@dataclass(frozen=True, slots=True)
class DueEdit:
    """A post to be brought up to date. `attempt_count` includes the attempt that is about to be made."""

    delivery: Delivery
    content: Content
    attempt_count: int


def schedule(db: sqlite_utils.Database, delivery_id: int, now: datetime) -> None:
    """Schedule an edit of one post, for details. All posts of an article: `scheduling.schedule_edits`."""
    db.conn.execute(
        """
        INSERT INTO edits (delivery_id, priority, scheduled_at, next_try_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (delivery_id) DO UPDATE SET next_try_at = excluded.next_try_at
        """,
        [delivery_id, scheduling.DETAILS, to_text(now), to_text(now)],
    )


def due_channels(db: sqlite_utils.Database, now: datetime) -> list[int]:
    """Return the destinations with a post to edit, longest due first."""
    rows = db.conn.execute(
        """
        SELECT d.channel_id FROM edits AS e CROSS JOIN deliveries AS d ON d.id = e.delivery_id
        WHERE e.next_try_at <= ? AND e.parked_reason IS NULL AND d.state = 'sent'
        GROUP BY d.channel_id ORDER BY min(e.next_try_at)
        """,
        [to_text(now)],
    )
    return [int(channel_id) for (channel_id,) in rows]


def is_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
    """Return whether a destination has a post to edit."""
    return _first_due(db, channel_id, now) is not None


def claim_next(db: sqlite_utils.Database, channel_id: int, now: datetime) -> DueEdit | None:
    """Return the destination's most important due edit, oldest first among equals; None if none is due."""
    delivery_id = _first_due(db, channel_id, now)
    if delivery_id is None:
        return None
    delivery = deliveries.get(db, delivery_id)
    if delivery is None:
        raise LookupError(f"delivery {delivery_id} vanished")
    if delivery.message_id is None or delivery.was_deleted:
        db.conn.execute("DELETE FROM edits WHERE delivery_id = ?", [delivery.id])
        return claim_next(db, channel_id, now)
    attempts = db.conn.execute(
        "UPDATE edits SET attempt_count = attempt_count + 1 WHERE delivery_id = ? RETURNING attempt_count",
        [delivery.id],
    ).fetchone()
    return DueEdit(delivery, digests.content(db, delivery), attempts[0])


def settle(db: sqlite_utils.Database, edit: DueEdit, shown_hash: str | None) -> None:
    """Settle an edit that was made; if what it shows has changed since, the edit stays due."""
    db.conn.execute("UPDATE deliveries SET shown_hash = ? WHERE id = ?", [shown_hash, edit.delivery.id])
    now = deliveries.get(db, edit.delivery.id)
    is_same_share = now is not None and now.share == edit.delivery.share
    if is_same_share and digests.content(db, edit.delivery) == edit.content:
        db.conn.execute("DELETE FROM edits WHERE delivery_id = ?", [edit.delivery.id])


def settle_removed(db: sqlite_utils.Database, edit: DueEdit) -> None:
    """The post is gone: nothing is edited, and nothing posted in its place."""
    db.conn.execute(
        "UPDATE deliveries SET was_deleted = 1 WHERE id = ?1 OR digest_id = ?1", [edit.delivery.id]
    )
    db.conn.execute("DELETE FROM edits WHERE delivery_id = ?", [edit.delivery.id])


def retry(db: sqlite_utils.Database, edit: DueEdit, at: datetime) -> None:
    """Try again at that instant."""
    db.conn.execute("UPDATE edits SET next_try_at = ? WHERE delivery_id = ?", [to_text(at), edit.delivery.id])


def revive(db: sqlite_utils.Database, delivery_id: int) -> None:
    """Try an edit of one post again although Discord refused it: there is more to show."""
    db.conn.execute(
        "UPDATE edits SET parked_reason = NULL, attempt_count = 0 WHERE delivery_id = ?", [delivery_id]
    )


def park(db: sqlite_utils.Database, edit: DueEdit, reason: str) -> None:
    """Discord refuses the edit: it waits until there is more to show or the channel changes."""
    db.conn.execute("UPDATE edits SET parked_reason = ? WHERE delivery_id = ?", [reason, edit.delivery.id])


def unpark(db: sqlite_utils.Database, channel_id: int, now: datetime) -> int:
    """Try the parked edits in a channel or thread again, since it has changed; returns how many."""
    reopened = db.conn.execute(
        """
        UPDATE edits SET parked_reason = NULL, next_try_at = ?, attempt_count = 0
        WHERE parked_reason IS NOT NULL AND EXISTS (
            SELECT 1 FROM deliveries WHERE id = delivery_id AND (channel_id = ? OR thread_id = ?)
        )
        """,
        [to_text(now), channel_id, channel_id],
    )
    return reopened.rowcount


def _first_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> int | None:
    row = db.conn.execute(
        """
        SELECT e.delivery_id FROM edits AS e CROSS JOIN deliveries AS d ON d.id = e.delivery_id
        WHERE d.channel_id = ? AND d.state = 'sent' AND e.next_try_at <= ? AND e.parked_reason IS NULL
            AND NOT EXISTS (SELECT 1 FROM blocked_channels AS b WHERE b.channel_id = d.channel_id)
        ORDER BY e.priority, e.scheduled_at, e.delivery_id LIMIT 1
        """,
        [channel_id, to_text(now)],
    ).fetchone()
    return None if row is None else int(row[0])
