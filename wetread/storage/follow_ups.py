"""What follows a post: its publication in an announcement channel, and the thread under it.

A row is there until it is done; one with a reason was given up and is kept for the log.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlite_utils

from wetread.domain.models import Delivery
from wetread.storage import deliveries
from wetread.storage.rows import to_text


class FollowUp(StrEnum):
    """What is done after a post."""

    PUBLISH = "publish"  # pass it on to the channels that follow the announcement channel
    DISCUSS = "discuss"  # open the thread under it


@dataclass(frozen=True, slots=True)
class DueFollowUp:
    """A post and what is due for it. `attempt_count` includes the attempt that is about to be made."""

    delivery: Delivery
    attempt_count: int


def schedule(db: sqlite_utils.Database, delivery_id: int, kind: FollowUp, now: datetime) -> None:
    """Schedule what follows a post, once."""
    db.conn.execute(
        """
        INSERT INTO follow_ups (kind, delivery_id, next_try_at) VALUES (?, ?, ?)
        ON CONFLICT (kind, delivery_id) DO NOTHING
        """,
        [kind, delivery_id, to_text(now)],
    )


@dataclass(frozen=True, slots=True)
class FollowUpQueue:
    """Everything of one kind that is still to be done, by channel."""

    kind: FollowUp

    def due_channels(self, db: sqlite_utils.Database, now: datetime) -> list[int]:
        """Return the channels in which something is due, longest due first."""
        rows = db.conn.execute(
            """
            SELECT d.channel_id FROM follow_ups AS f CROSS JOIN deliveries AS d ON d.id = f.delivery_id
            WHERE f.kind = ? AND f.given_up_reason IS NULL AND f.next_try_at <= ?
            GROUP BY d.channel_id ORDER BY min(f.next_try_at)
            """,
            [self.kind, to_text(now)],
        )
        return [int(channel_id) for (channel_id,) in rows]

    def is_due(self, db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
        """Return whether something is due in a channel."""
        found = db.conn.execute(
            """
            SELECT 1 FROM follow_ups AS f CROSS JOIN deliveries AS d ON d.id = f.delivery_id
            WHERE f.kind = ? AND d.channel_id = ? AND f.given_up_reason IS NULL AND f.next_try_at <= ?
            LIMIT 1
            """,
            [self.kind, channel_id, to_text(now)],
        )
        return found.fetchone() is not None

    def claim_next(self, db: sqlite_utils.Database, channel_id: int, now: datetime) -> DueFollowUp | None:
        """Return the oldest that is due in a channel; None if nothing is.

        What belongs to a post that was deleted meanwhile is forgotten.
        """
        db.conn.execute(
            """
            DELETE FROM follow_ups WHERE kind = ? AND EXISTS (
                SELECT 1 FROM deliveries WHERE id = delivery_id AND channel_id = ? AND was_deleted = 1
            )
            """,
            [self.kind, channel_id],
        )
        row = db.conn.execute(
            """
            UPDATE follow_ups SET attempt_count = attempt_count + 1
            WHERE kind = :kind AND delivery_id = (
                SELECT f.delivery_id FROM follow_ups AS f CROSS JOIN deliveries AS d ON d.id = f.delivery_id
                WHERE f.kind = :kind AND d.channel_id = :channel AND f.given_up_reason IS NULL
                    AND f.next_try_at <= :now
                ORDER BY f.delivery_id LIMIT 1
            )
            RETURNING delivery_id, attempt_count
            """,
            {"kind": self.kind, "channel": channel_id, "now": to_text(now)},
        ).fetchone()
        if row is None:
            return None
        delivery = deliveries.get(db, row[0])
        if delivery is None:
            raise LookupError(f"delivery {row[0]} vanished")
        return DueFollowUp(delivery, row[1])

    def settle(self, db: sqlite_utils.Database, delivery_id: int) -> None:
        """It is done, or the post is no longer there."""
        db.conn.execute("DELETE FROM follow_ups WHERE kind = ? AND delivery_id = ?", [self.kind, delivery_id])

    def retry(self, db: sqlite_utils.Database, delivery_id: int, at: datetime, reason: str) -> None:
        """Try again at that instant; `reason` is for people."""
        db.conn.execute(
            "UPDATE follow_ups SET next_try_at = ?, delayed_reason = ? WHERE kind = ? AND delivery_id = ?",
            [to_text(at), reason, self.kind, delivery_id],
        )

    def give_up(self, db: sqlite_utils.Database, delivery_id: int, reason: str) -> None:
        """Try no more; `reason` is for people."""
        db.conn.execute(
            "UPDATE follow_ups SET given_up_reason = ? WHERE kind = ? AND delivery_id = ?",
            [reason, self.kind, delivery_id],
        )


PUBLICATIONS = FollowUpQueue(FollowUp.PUBLISH)
DISCUSSIONS = FollowUpQueue(FollowUp.DISCUSS)


def delay_of_threads(db: sqlite_utils.Database, subscription_id: int) -> str | None:
    """Return why a subscription's threads cannot be opened at the moment; None = nothing hinders it."""
    row = db.conn.execute(
        """
        SELECT coalesce(f.given_up_reason, f.delayed_reason) FROM deliveries AS d
            JOIN follow_ups AS f ON f.kind = 'discuss' AND f.delivery_id = d.id
        WHERE d.subscription_id = ? AND coalesce(f.given_up_reason, f.delayed_reason) IS NOT NULL
        ORDER BY d.id DESC LIMIT 1
        """,
        [subscription_id],
    ).fetchone()
    return str(row[0]) if row else None
