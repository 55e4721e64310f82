"""When a feed is asked next: our interval, the server's wishes, patience after failures. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wetread.domain.backoff import backoff

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class PollingPolicy:
    """How often feeds are asked, in seconds.

    `interval` between two checks, grown up to `idle_interval` for a feed that brings nothing new; never
    less than `floor`, never more than `ceiling`, whatever a server says. `jitter` is the share by which
    an interval varies, so that feeds added together do not stay together.
    """

    interval: float = HOUR
    floor: float = 15 * 60.0
    idle_interval: float = 6 * HOUR
    ceiling: float = DAY
    jitter: float = 0.1


@dataclass(frozen=True, slots=True)
class _Pauses:
    """The pause after the first failure, doubled by each further one up to the longest; seconds."""

    first: float
    longest: float


_PAUSES = {
    # The site does not want us: asking more often makes it worse (faults.md B18).
    "blocked": _Pauses(4 * HOUR, DAY),
    "throttled": _Pauses(2 * HOUR, DAY),
    # Nobody will repair these within the hour.
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
_TRANSIENT = _Pauses(0, 6 * HOUR)  # time-outs, resets, 5xx, cut bodies: the next ordinary check may do

IDLE_SHARE = 24
"""A feed that has been without news for some time is asked again after this part of that time."""


def next_check_at(
    now: datetime,
    *,
    policy: PollingPolicy,
    chance: float,
    hints: Iterable[float | None] = (),
    last_new_at: datetime | None = None,
    has_overflowed: bool = False,
) -> datetime:
    """Return when to ask again after a check that went well.

    `chance` is a random number from 0 to 1. `hints` are the seconds that the server wishes (Cache-Control,
    Expires, ttl); the longest counts. `last_new_at` is when the feed last brought something, None = not
    known. `has_overflowed`: articles may have left the feed between two checks, so ask as soon as the
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
    """Return when to ask again after a failure.

    `kind` is a FeedRetrievalError's or FeedParseError's; `failure_count` counts this failure too.
    `retry_after` is the server's order in seconds (faults.md B17): it lengthens the pause, never shortens it.
    """
    pauses = _PAUSES.get(kind, _TRANSIENT)
    pause = backoff(failure_count, first=max(pauses.first, policy.interval), longest=pauses.longest)
    return now + _clamped(max(pause, policy.interval), _longest((retry_after,)), policy, chance)


def latest_check_at(now: datetime, policy: PollingPolicy) -> datetime:
    """Return the furthest instant that a stored `next_check_at` can rightly hold.

    What lies beyond was written while the machine's clock was wrong, and is due (faults.md C18).
    """
    return now + timedelta(seconds=policy.ceiling)


def is_unconditional_due(unconditional_at: datetime | None, now: datetime) -> bool:
    """Say whether to ask without validators: once a day, where an ETag never changes (faults.md B26)."""
    return unconditional_at is None or now - unconditional_at >= timedelta(seconds=DAY)


def _longest(wishes: Iterable[float | None]) -> float:
    return max((wish for wish in wishes if wish is not None and math.isfinite(wish)), default=0.0)


def _clamped(own: float, wish: float, policy: PollingPolicy, chance: float) -> timedelta:
    """Our own pause varies both ways; the server's is a lower bound, and varies upwards only."""
    ours = own * (1 + policy.jitter * (2 * chance - 1))
    theirs = min(wish, policy.ceiling) * (1 + policy.jitter * chance)
    return timedelta(seconds=min(max(ours, theirs, policy.floor), policy.ceiling))
