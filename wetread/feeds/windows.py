"""Which days of a source are asked for, so that nothing falls between two askings. Pure.

A source dates what comes in by the day, in a time zone of its own, and may show it days later. So each
window begins some days before the end of what was seen, and what is known already is told by its number.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

OVERLAP = timedelta(days=3)
"""So long after its date may an article become visible."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days, from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def is_one_day(self) -> bool:
        """Whether it cannot be divided."""
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
        """Return what has been seen for certain by somebody who has read this window at `now`."""
        since, end = (datetime.combine(day, time(), UTC) for day in (self.first, self.last + _DAY))
        return Span(since, min(end, now))


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when all that came to a source has been seen."""

    since: datetime
    until: datetime

    def joined_to(self, seen_until: datetime | None) -> datetime:
        """Return until when all has been seen by somebody who saw all `seen_until`, and now this too.

        None = nothing was seen before, and nothing before this is wanted. What lies behind a gap does not
        count.
        """
        if seen_until is None:
            return self.until
        return max(seen_until, self.until) if self.since <= seen_until else seen_until


def window_to_ask(seen_until: datetime | None, now: datetime) -> Window:
    """Return the days to ask for, by somebody who has seen everything until then; None = begins today.

    A clock that was ahead does not make it skip anything later than `now` less the overlap. The day that
    has begun somewhere else already is part of it.
    """
    reached = now if seen_until is None else min(seen_until, now)
    return Window((reached - OVERLAP).date(), (now + _DAY).date())
