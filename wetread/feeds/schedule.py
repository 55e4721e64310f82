"""When a feed is checked next: our interval, the server's hints, back-off after failures. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wetread.domain.backoff import backoff

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class PollingPolicy:
    """How often feeds are checked, in seconds.

    `interval` between two checks, growing to `idle_interval` for a feed without new articles; never less
    than `floor` or more than `ceiling`, whatever a server says. `jitter`: the share by which an interval
    varies, so that feeds that were added together are not always checked together.
    """

    interval: float = HOUR
    floor: float = 15 * 60.0
    idle_interval: float = 6 * HOUR
    ceiling: float = DAY
    jitter: float = 0.1


@dataclass(frozen=True, slots=True)
class _Pauses:
    """Seconds to wait after the first failure, and the most after several (`backoff`)."""

    first: float
    longest: float


_PAUSES = {
    # The site refuses us; more requests would make it worse (faults.md B18).
    "blocked": _Pauses(4 * HOUR, DAY),
    "throttled": _Pauses(2 * HOUR, DAY),
    # Rarely repaired within the hour.
    "not_found": _Pauses(2 * HOUR, DAY),
    "redirects": _Pauses(2 * HOUR, DAY),
    "not_a_feed": _Pauses(2 * HOUR, DAY),
    "error_page": _Pauses(2 * HOUR, DAY),
    "entities": _Pauses(6 * HOUR, DAY),
    "too_large": _Pauses(6 * HOUR, DAY),
    "crashed": _Pauses(6 * HOUR, DAY),
    "address_refused": _Pauses(6 * HOUR, DAY),
    "quarantined": _Pauses(DAY, DAY),
    "gone": _Pauses(DAY, DAY),
}
_TRANSIENT = _Pauses(0, 6 * HOUR)  # time-outs, resets, 5xx, cut bodies: the next regular check may succeed

IDLE_SHARE = 24
"""A feed without new articles for a time is checked again after this fraction of that time."""


def next_check_at(
    now: datetime,
    *,
    policy: PollingPolicy,
    chance: float,
    hints: Iterable[float | None] = (),
    last_new_at: datetime | None = None,
    has_overflowed: bool = False,
) -> datetime:
    """Return the next check after a successful one.

    `chance` is a random number from 0 to 1. `hints`: the seconds that the server asks for (Cache-Control,
    Expires, ttl); the longest counts. `last_new_at`: when the feed last had a new article, None = unknown.
    `has_overflowed`: articles may have left the feed between two checks, so the next one is as soon as the
    floor allows (faults.md B07).
    """
    if has_overflowed:
        own = policy.floor
    else:
        idle = (now - last_new_at).total_seconds() / IDLE_SHARE if last_new_at else 0.0
        own = max(policy.interval, min(idle, policy.idle_interval))
    return now + _clamped(own, _longest(hints), policy, chance)


def next_retry_at(
    now: datetime,
    *,
    policy: PollingPolicy,
    chance: float,
    kind: str,
    failure_count: int,
    retry_after: float | None = None,
) -> datetime:
    """Return the next check after a failure.

    `kind` is a FeedRetrievalError's or FeedParseError's; `failure_count` counts this failure too.
    `retry_after` is what the server asked for, in seconds (faults.md B17); it never shortens the pause.
    """
    pauses = _PAUSES.get(kind, _TRANSIENT)
    pause = backoff(failure_count, first=max(pauses.first, policy.interval), longest=pauses.longest)
    return now + _clamped(max(pause, policy.interval), _longest((retry_after,)), policy, chance)


def latest_check_at(now: datetime, policy: PollingPolicy) -> datetime:
    """Return the latest instant that a stored `next_check_at` can have.

    A later one was stored while the machine's clock was wrong; that feed is due (faults.md C18).
    """
    return now + timedelta(seconds=policy.ceiling)


def is_unconditional_due(unconditional_at: datetime | None, now: datetime) -> bool:
    """Return whether to retrieve without validators: once a day, because some ETags never change (B26)."""
    return unconditional_at is None or now - unconditional_at >= timedelta(seconds=DAY)


def _longest(seconds: Iterable[float | None]) -> float:
    return max((each for each in seconds if each is not None and math.isfinite(each)), default=0.0)


def _clamped(own: float, asked: float, policy: PollingPolicy, chance: float) -> timedelta:
    """Return the pause: ours varies in both directions, the server's is a minimum and only grows."""
    ours = own * (1 + policy.jitter * (2 * chance - 1))
    theirs = min(asked, policy.ceiling) * (1 + policy.jitter * chance)
    return timedelta(seconds=min(max(ours, theirs, policy.floor), policy.ceiling))
