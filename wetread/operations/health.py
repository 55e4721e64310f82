"""The health report for the operator, in words and figures (`health_file.py` writes it)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wetread.operations.health_file import Wellness
from wetread.operations.loops import LoopHealth
from wetread.storage.backup import RESERVE
from wetread.storage.database import StorageTrouble
from wetread.storage.overview import FailingFeed, Overview

AWAY_FOR = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=45)  # longer than a turn is let run
FAILING_FOR = timedelta(minutes=10)
FEED_FAILING_FOR = timedelta(days=1)
BACKUP_EVERY = timedelta(hours=36)
LITTLE_ROOM = 8 * RESERVE
MOST_FEEDS = 10

_LOOPS = {
    "update feeds": "Feeds are not asked",
    "deliver": "Nothing is posted",
    "complete articles": "Abstracts are not looked for",
    "look for retractions": "Retractions are not looked for",
    "back up": "No backup is made",
    "optimize the database": "Searches may become slower",
    "give memory back": "Wetread may take more memory",
}
_VITAL = ("update feeds", "deliver")


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What a report is made of.

    `disconnected_since`: from Discord, None = connected. `pause`: why nothing is posted anywhere.
    `overview` None: the database did not answer. `open_breakers`: record sources that do not answer.
    `backup_at`: the newest backup, None = there is none; `is_backing_up`: whether one is made daily.
    Sizes in bytes, None = unknown.
    """

    at: datetime
    started_at: datetime
    disconnected_since: datetime | None
    server_count: int
    loops: Sequence[LoopHealth]
    pause: str | None
    trouble: StorageTrouble | None
    overview: Overview | None
    open_breakers: Sequence[str]
    database_bytes: int | None
    disk_free: int | None
    backup_at: datetime | None
    is_backing_up: bool
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not work."""

    wellness: Wellness
    words: str


def health_report(facts: HealthFacts, *, is_stopping: bool = False) -> dict[str, Any]:
    """Return the report as one JSON object: no secret, no address, no name of a person or server."""
    found = sorted(_findings(facts), key=lambda finding: finding.wellness is not Wellness.FAILING)
    states = {finding.wellness for finding in found}
    worst = next((each for each in (Wellness.FAILING, Wellness.DEGRADED) if each in states), Wellness.OK)
    overview = facts.overview
    return {
        "at": _text(facts.at),
        "state": Wellness.STOPPED if is_stopping else worst,
        "reasons": [finding.words for finding in found],
        "started_at": _text(facts.started_at),
        "discord": {
            "is_connected": facts.disconnected_since is None,
            "disconnected_since": _text(facts.disconnected_since),
            "servers": facts.server_count,
        },
        "loops": [
            {
                "name": loop.name,
                "finished_at": _text(loop.finished_at),
                "failed_at": _text(loop.failed_at),
                "failure": loop.failure,
                "failures_in_a_row": loop.failure_count,
            }
            for loop in facts.loops
        ],
        "feeds": None if overview is None else _feeds(overview),
        "outbox": None if overview is None else {str(k): count for k, count in overview.deliveries.items()},
        "blocked_channels": None if overview is None else overview.blocked_count,
        "sources_not_answering": list(facts.open_breakers),
        "storage": {
            "trouble": facts.trouble.kind if facts.trouble else None,
            "database_bytes": facts.database_bytes,
            "disk_free_bytes": facts.disk_free,
            "backup_at": _text(facts.backup_at),
        },
        "versions": dict(facts.versions),
    }


def _feeds(overview: Overview) -> dict[str, Any]:
    return {
        "watched": overview.watched_count,
        "failing": len(overview.failing),
        "longest_failing": [
            {"title": feed.title, "failure": feed.failure, "since": _text(feed.since)}
            for feed in overview.failing[:MOST_FEEDS]
        ],
    }


# What is not as it should be --------------------------------------------------------------------------


def _findings(facts: HealthFacts) -> Iterator[Finding]:
    if facts.trouble is not None:
        yield Finding(Wellness.FAILING, f"{facts.trouble.words} ({_since(facts.trouble.since)})")
    elif facts.pause is not None:
        yield Finding(Wellness.DEGRADED, f"Nothing is posted at the moment: {facts.pause}.")
    away = facts.disconnected_since
    if away is not None and facts.at - away >= AWAY_FOR:
        yield Finding(Wellness.FAILING, f"Wetread is not connected to Discord ({_since(away)}).")
    for loop in facts.loops:
        yield from _loop(loop, facts)
    if facts.overview is not None:
        yield from _overview(facts.overview, facts.at)
    if facts.open_breakers:
        yield Finding(
            Wellness.DEGRADED, f"No answer from {', '.join(facts.open_breakers)}; asked again by itself."
        )
    if facts.trouble is None and facts.disk_free is not None and facts.disk_free < LITTLE_ROOM:
        megabytes = facts.disk_free // 1_000_000
        yield Finding(Wellness.DEGRADED, f"The disk has {megabytes} MB left; below 34 Wetread rests.")
    oldest = facts.backup_at or facts.started_at
    if facts.is_backing_up and facts.at - oldest >= BACKUP_EVERY:
        newest = f"The newest backup is of {_text(facts.backup_at)}" if facts.backup_at else "There is none"
        yield Finding(Wellness.DEGRADED, f"A backup is due each day. {newest}.")


def _loop(loop: LoopHealth, facts: HealthFacts) -> Iterator[Finding]:
    if facts.disconnected_since is not None or facts.trouble is not None:
        return  # that says it all
    last = loop.finished_at or facts.started_at
    wellness = Wellness.FAILING if loop.name in _VITAL else Wellness.DEGRADED
    words = _LOOPS.get(loop.name, f"The loop {loop.name!r} does not work")
    if loop.failure is not None and facts.at - last >= FAILING_FOR:
        yield Finding(wellness, f"{words} ({_since(last)}): {loop.failure}, see the log.")
    elif loop.finished_at is not None and facts.at - last >= LATE_AFTER:
        yield Finding(wellness, f"{words} ({_since(last)}): the loop hangs.")


def _overview(overview: Overview, at: datetime) -> Iterator[Finding]:
    failing = overview.failing
    if len(failing) > max(3, overview.watched_count / 2):
        yield Finding(
            Wellness.DEGRADED,
            f"{len(failing)} of {overview.watched_count} feeds cannot be read: is the network all right?",
        )
    lasting = [feed for feed in failing if at - feed.since >= FEED_FAILING_FOR]
    if lasting:
        rest = f" and {len(lasting) - 3} more" if len(lasting) > 3 else ""
        named = ", ".join(map(_feed, lasting[:3]))
        yield Finding(Wellness.DEGRADED, f"Feeds that cannot be read for more than a day: {named}{rest}.")
    if overview.blocked_count:
        count = overview.blocked_count
        yield Finding(
            Wellness.DEGRADED,
            f"Discord refuses posts in {count} {'channel' if count == 1 else 'channels'}; "
            "their moderators see why in /status.",
        )


def _feed(feed: FailingFeed) -> str:
    return f"{feed.title} ({feed.failure})"


def _since(instant: datetime) -> str:
    return f"since {_text(instant)}"


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")
