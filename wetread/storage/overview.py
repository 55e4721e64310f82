"""How everything stands, over all servers: for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlite_utils

from wetread.domain.models import DeliveryState
from wetread.storage import feeds, inspection

_OPEN = ("pending", "sending", "held", "parked", "uncertain")


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed that cannot be read. `failure` is the kind of its last error."""

    title: str
    failure: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts over all servers. `failing` are watched feeds, longest first.

    `deliveries` has the states in which something is still to happen.
    """

    watched_count: int
    failing: tuple[FailingFeed, ...]
    deliveries: Mapping[DeliveryState, int]
    blocked_count: int


def overview(db: sqlite_utils.Database) -> Overview:
    """Count what is watched, what fails, what waits."""
    watched = feeds.watched(db)
    failing = [
        FailingFeed(feed.title, feed.failure, feed.failing_since)
        for feed in watched
        if feed.failing_since is not None and feed.failure is not None
    ]
    [[blocked_count]] = db.conn.execute("SELECT count(*) FROM blocked_channels")
    return Overview(
        watched_count=len(watched),
        failing=tuple(sorted(failing, key=lambda feed: feed.since)),
        deliveries=_open(db),
        blocked_count=int(blocked_count),
    )


def _open(db: sqlite_utils.Database) -> Mapping[DeliveryState, int]:
    marks = ", ".join(f"'{state}'" for state in _OPEN)  # written out, so that the partial index serves
    rows = db.conn.execute(
        f"SELECT state, count(*) FROM deliveries WHERE state IN ({marks}) GROUP BY state"  # noqa: S608  # above
    )
    found = {str(state): int(count) for state, count in rows}
    return {DeliveryState(state): found.get(state, 0) for state in _OPEN}


def summary(db: sqlite_utils.Database) -> str:
    """Say in words what a database holds, and the last that it knows of."""
    [[articles, subscriptions, posts, waiting, sign]] = db.conn.execute(
        """
        SELECT (SELECT count(*) FROM articles WHERE merged_into IS NULL),
            (SELECT count(*) FROM subscriptions WHERE removed_at IS NULL),
            (SELECT count(*) FROM deliveries WHERE state = 'sent'),
            (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')),
            (SELECT max(last_checked_at) FROM feeds)
        """
    )
    asked = f"; a feed was last asked at {sign}" if sign else ""
    return (
        f"{articles:,} articles, {subscriptions:,} subscriptions, {posts:,} posts, "
        f"{waiting:,} still to be posted{asked}"
    )


def summary_of(path: Path) -> str:
    """As `summary`, of a file of any version. Raises StorageError."""
    with inspection.reading(path) as connection:
        return summary(sqlite_utils.Database(connection))
