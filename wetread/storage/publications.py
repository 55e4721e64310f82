"""Posts in announcement channels that are still to be published to the channels that follow them.

A row is there until its post is published; one with a reason was given up and is kept for the log.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.models import Delivery
from wetread.storage import deliveries
from wetread.storage.rows import to_text


@dataclass(frozen=True, slots=True)
class DuePublication:
    """A post to be published. `attempt_count` includes the attempt that is about to be made."""

    delivery: Delivery
    attempt_count: int


def schedule(db: sqlite_utils.Database, delivery_id: int, now: datetime) -> None:
    """Schedule the publication of a post."""
    db.conn.execute(
        """
        INSERT INTO publications (delivery_id, next_try_at) VALUES (?, ?)
        ON CONFLICT (delivery_id) DO NOTHING
        """,
        [delivery_id, to_text(now)],
    )


def due_channels(db: sqlite_utils.Database, now: datetime) -> list[int]:
    """Return the announcement channels with a post to publish, longest due first."""
    rows = db.conn.execute(
        """
        SELECT d.channel_id FROM publications AS p CROSS JOIN deliveries AS d ON d.id = p.delivery_id
        WHERE p.given_up_reason IS NULL AND p.next_try_at <= ?
        GROUP BY d.channel_id ORDER BY min(p.next_try_at)
        """,
        [to_text(now)],
    )
    return [int(channel_id) for (channel_id,) in rows]


def is_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
    """Return whether a channel has a post to publish."""
    found = db.conn.execute(
        """
        SELECT 1 FROM publications AS p CROSS JOIN deliveries AS d ON d.id = p.delivery_id
        WHERE d.channel_id = ? AND p.given_up_reason IS NULL AND p.next_try_at <= ? LIMIT 1
        """,
        [channel_id, to_text(now)],
    )
    return found.fetchone() is not None


def claim_next(db: sqlite_utils.Database, channel_id: int, now: datetime) -> DuePublication | None:
    """Return the channel's oldest post that is due to be published; None if none is.

    What was deleted meanwhile is forgotten.
    """
    db.conn.execute(
        """
        DELETE FROM publications WHERE EXISTS (
            SELECT 1 FROM deliveries WHERE id = delivery_id AND channel_id = ? AND was_deleted = 1
        )
        """,
        [channel_id],
    )
    row = db.conn.execute(
        """
        UPDATE publications SET attempt_count = attempt_count + 1 WHERE delivery_id = (
            SELECT p.delivery_id FROM publications AS p CROSS JOIN deliveries AS d ON d.id = p.delivery_id
            WHERE d.channel_id = ? AND p.given_up_reason IS NULL AND p.next_try_at <= ?
            ORDER BY p.delivery_id LIMIT 1
        )
        RETURNING delivery_id, attempt_count
        """,
        [channel_id, to_text(now)],
    ).fetchone()
    if row is None:
        return None
    delivery = deliveries.get(db, row[0])
    if delivery is None:
        raise LookupError(f"delivery {row[0]} vanished")
    return DuePublication(delivery, row[1])


def settle(db: sqlite_utils.Database, delivery_id: int) -> None:
    """The post is published, or no longer there."""
    db.conn.execute("DELETE FROM publications WHERE delivery_id = ?", [delivery_id])


def retry(db: sqlite_utils.Database, delivery_id: int, at: datetime) -> None:
    """Try again at that instant."""
    db.conn.execute(
        "UPDATE publications SET next_try_at = ? WHERE delivery_id = ?", [to_text(at), delivery_id]
    )


def give_up(db: sqlite_utils.Database, delivery_id: int, reason: str) -> None:
    """Try no more; `reason` is for people."""
    db.conn.execute(
        "UPDATE publications SET given_up_reason = ? WHERE delivery_id = ?", [reason, delivery_id]
    )
