"""When a feed has been silent for longer than its own rhythm explains."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

CAREFUL = timedelta(days=45)
"""How long a feed of which little is known may be silent; monthly journals never are for so long."""

SHORTEST = timedelta(days=7)
"""No feed counts as silent before: holidays are that long."""

LONGEST = timedelta(days=200)
"""Beyond this every feed counts as silent."""

FIRST_WEEKS = timedelta(days=28)
"""A feed that is watched for a shorter time is not said to be silent."""

FEWEST_GAPS = 6
"""A rhythm needs so many gaps between days with new articles."""

_LOOKED_AT = timedelta(days=365)
_USUAL_SHARE = 0.9  # of the gaps are not longer than what counts as usual
_TIMES_USUAL = 3


@dataclass(frozen=True, slots=True)
class Silence:
    """How many days a feed has had nothing new. `a_month`: its usual count of articles; None = unknown."""

    days: int
    a_month: float | None


def silence(
    arrivals: Mapping[datetime, int], last_new_at: datetime | None, watched_since: datetime, now: datetime
) -> Silence | None:
    """Return since when a feed is silent for longer than usual, None if it is not.

    `arrivals`: how many articles came in at which instant. The oldest are what the feed had when it was first
    read, and say nothing of its rhythm. `last_new_at` None = nothing has come yet.
    """
    silent = now - (last_new_at or watched_since)
    if silent < SHORTEST or now - watched_since < FIRST_WEEKS:
        return None
    counts = _by_day(arrivals, now)
    days = sorted(counts)
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    if len(gaps) < FEWEST_GAPS:
        return Silence(silent.days, None) if silent > CAREFUL else None
    usual = gaps[min(len(gaps) - 1, int(_USUAL_SHARE * len(gaps)))]
    if silent <= min(max(SHORTEST, _TIMES_USUAL * timedelta(days=usual)), LONGEST):
        return None
    span = max(1, (days[-1] - days[0]).days)
    return Silence(silent.days, 30 * (sum(counts.values()) - counts[days[0]]) / span)


def _by_day(arrivals: Mapping[datetime, int], now: datetime) -> dict[date, int]:
    first = min(arrivals, default=None)
    counts: dict[date, int] = {}
    for at, count in arrivals.items():
        if at != first and now - at <= _LOOKED_AT:
            counts[at.date()] = counts.get(at.date(), 0) + count
    return counts
