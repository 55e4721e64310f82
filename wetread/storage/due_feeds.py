"""Stored feeds as a round of checks sees them: which are due, and the recording of unchanged ones.

A round may check thousands of feeds, nearly all unchanged. So a feed is a short row here, and no `Feed`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import sqlite_utils

from wetread.domain.models import NotModified, Validators
from wetread.feeds.retrievers import FeedRequest
from wetread.feeds.schedule import PollingPolicy, is_unconditional_due, latest_check_at, next_check_at
from wetread.storage import feed_entries
from wetread.storage.rows import to_optional_instant, to_text


class DueFeed(NamedTuple):
    """What it takes to ask a feed, and what decides when it is asked again. Instants as they are stored."""

    id: int
    url: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    unconditional_at: str | None
    seen_until: str | None
    last_new_at: str | None
    ttl: float | None
    needs_document: int

    def request(self, now: datetime) -> FeedRequest:
        """Return what to ask for: once a day without validators, so that a stuck server is found out.

        A subscription that starts with some of the newest needs the document, not a 304 or a known hash.
        """
        if self.needs_document:
            return FeedRequest(self.url, seen_until=to_optional_instant(self.seen_until))
        is_conditional = not is_unconditional_due(to_optional_instant(self.unconditional_at), now)
        return FeedRequest(
            self.url,
            Validators(self.etag, self.last_modified) if is_conditional else Validators(),
            self.body_hash,
            to_optional_instant(self.seen_until),
        )

    def next_check_at(
        self, answer: NotModified, now: datetime, policy: PollingPolicy, chance: float
    ) -> datetime:
        """Return when to ask again after this answer; `chance` is a random number from 0 to 1."""
        return next_check_at(
            now,
            policy=policy,
            chance=chance,
            hints=(answer.hint, self.ttl),
            last_new_at=to_optional_instant(self.last_new_at),
        )


IS_WANTED = """
    EXISTS (SELECT 1 FROM subscriptions WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL)
"""
_IS_RUNNING = """
    EXISTS (
        SELECT 1 FROM subscriptions
        WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL AND starts_with IS NULL
    )
"""
# If all are yet to start, nobody wants what came to a query while it was not asked.
_SELECT = f"""
    SELECT id, url, etag, last_modified, body_hash, unconditional_at,
        CASE WHEN seen_until IS NOT NULL AND {_IS_RUNNING} THEN seen_until END,
        last_new_at, ttl_seconds,
        EXISTS (
            SELECT 1 FROM subscriptions
            WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL AND starts_with > 0
        )
    FROM feeds
"""  # noqa: S608  # constants of this file


def due(db: sqlite_utils.Database, now: datetime, limit: int, policy: PollingPolicy) -> list[DueFeed]:
    """Return the feeds to check now, longest due first; feeds with paused subscriptions only are not due.

    A time so far ahead that only a wrong clock can have written it counts as due (faults.md C18).
    """
    found: list[DueFeed] = []
    for condition, instant in (("<=", now), (">", latest_check_at(now, policy))):
        rows = db.conn.execute(
            f"{_SELECT} WHERE next_check_at {condition} ? AND is_gone = 0 AND {IS_WANTED}"
            " ORDER BY next_check_at LIMIT ?",
            [to_text(instant), limit - len(found)],
        )
        found += map(DueFeed._make, rows.fetchall())
    return found


def get(db: sqlite_utils.Database, feed_id: int) -> DueFeed:
    """Return a feed as it is to be asked now, due or not. Raises LookupError for no such id."""
    row = db.conn.execute(f"{_SELECT} WHERE id = ?", [feed_id]).fetchone()
    if row is None:
        raise LookupError(f"no feed {feed_id}")
    return DueFeed._make(row)


def record_unchanged(db: sqlite_utils.Database, next_checks: Mapping[int, datetime], now: datetime) -> None:
    """Record, as `feeds.record_update` does, that feeds have not changed; `next_checks` by their ids.

    One statement for all: while SQLite is in it, the event loop goes on.
    """
    db.conn.execute(
        "UPDATE feeds SET last_checked_at = ?1, last_success_at = ?1, next_check_at = value,"
        " failing_since = NULL, failure = NULL, failure_count = 0, is_gone = 0"
        " FROM json_each(?2) WHERE feeds.id = CAST(key AS INTEGER)",
        [to_text(now), json.dumps({feed_id: to_text(instant) for feed_id, instant in next_checks.items()})],
    )
    feed_entries.start_unchanged(db, list(next_checks))
