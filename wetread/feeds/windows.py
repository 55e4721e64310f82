"""The days of a source that a query asks for, so that no article falls between two retrievals. Pure.

A source dates articles by the day, in its own time zone, and may show them days later. So each window begins
some days before the end of what was seen, and known articles are recognised by their PMIDs.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

OVERLAP = timedelta(days=3)
"""How long after its date an article may become visible."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days, from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def is_one_day(self) -> bool:
        """Whether the window is a single day and cannot be divided."""
        return self.first >= self.last

    @property
    def halves(self) -> tuple["Window", "Window"]:
        """The earlier and the later half of a window of several days."""
        middle = self.first + (self.last - self.first) // 2
        return Window(self.first, middle), Window(middle + _DAY, self.last)

    def shortened(self, day: date) -> "Window":
        """Return the window up to the middle between `day`, which is in it, and its end."""
        return Window(self.first, day + (self.last - day) // 2)

    def seen(self, now: datetime) -> "Span":
        """Return the span that is certainly complete for somebody who read this window at `now`."""
        since, end = (datetime.combine(day, time(), UTC) for day in (self.first, self.last + _DAY))
        return Span(since, min(end, now))


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time for which every article that came to a source has been seen."""

    since: datetime
    until: datetime

    def joined_to(self, seen_until: datetime | None) -> datetime:
        """Return until when everything has been seen, given `seen_until` before this span was read.

        `seen_until` None = this is the first span. A span after a gap does not count.
        """
        if seen_until is None:
            return self.until
        return max(seen_until, self.until) if self.since <= seen_until else seen_until


def window_to_ask(seen_until: datetime | None, now: datetime) -> Window:
    """Return the days to ask for, if everything until `seen_until` was seen; None = the query is new.

    If the clock was ahead, the window still begins at `now` minus the overlap. It includes tomorrow, which
    has begun already in other time zones.
    """
    reached = now if seen_until is None else min(seen_until, now)
    return Window((reached - OVERLAP).date(), (now + _DAY).date())
