"""When an article is posted to a destination: at once, later, or in a digest. Pure.

Days, hours and quiet hours are those of the server's time zone. A time that the clock shows twice counts
once, the first time; one that it leaves out counts as much later as the clock is put forward.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from wetread.domain.models import Record
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.domain.publication_types import RETRACTION_TYPE

DAY_MINUTES = 24 * 60
LARGE_ISSUE = 15
"""With more articles than these from one journal on a day, they become one post, where that is chosen."""

_CONCERN_TYPE = "Expression of Concern"
_URGENT = frozenset(
    {StatusKind.RETRACTED, StatusKind.REPUBLISHED, StatusKind.RETRACTION_NOTICE, StatusKind.CONCERN}
)


class When(StrEnum):
    """When a destination's articles are posted."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"


class DigestKind(StrEnum):
    """Why several articles are one post."""

    DAILY = "daily"
    WEEKLY = "weekly"
    REST = "rest"  # what was over the most that is posted on a day
    ISSUE = "issue"  # many articles of one journal on one day
    LAST = "last"  # what still waited when its destination stopped having digests


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of each day in which nothing is posted, from minute to minute of the day; also over midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How articles arrive at a destination.

    `weekday`: of a weekly digest, 0 = Monday. `digest_minute`: of the day, of every digest. `joins_issues`:
    more than LARGE_ISSUE articles of one journal on a day become one post. `quiet` and `most_a_day` (None =
    neither) are for articles that are posted at once.
    """

    when: When = When.AT_ONCE
    weekday: int = 0
    digest_minute: int = 8 * 60
    joins_issues: bool = False
    quiet: QuietHours | None = None
    most_a_day: int | None = None

    @property
    def has_digests(self) -> bool:
        """Whether articles may wait for a digest."""
        return self.when is not When.AT_ONCE or self.most_a_day is not None

    @property
    def digest_kind(self) -> DigestKind:
        """What the digest of articles that wait is."""
        match self.when:
            case When.DAILY:
                return DigestKind.DAILY
            case When.WEEKLY:
                return DigestKind.WEEKLY
            case When.AT_ONCE:
                return DigestKind.REST if self.has_digests else DigestKind.LAST


AT_ONCE = Pace()
"""The pace of a destination for which nothing was chosen."""


class Step(StrEnum):
    """What happens to an article that is about to be posted."""

    POST = "post"
    WAIT = "wait"  # for the end of the quiet hours; then this is asked again
    COLLECT = "collect"  # it comes in a digest


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to an article now. `at`: when it is posted, or its digest; None = now."""

    step: Step
    at: datetime | None = None


POST = Decision(Step.POST)


def decide(
    pace: Pace, now: datetime, zone: tzinfo, posted_today: int, *, is_urgent: bool = False
) -> Decision:
    """Return what happens to an article that is about to be posted to a destination.

    `posted_today`: how many articles were posted there by themselves since `day_start`.
    """
    if is_urgent:
        return POST
    if pace.when is not When.AT_ONCE:
        return Decision(Step.COLLECT, next_digest_at(pace, now, zone))
    if (end := quiet_until(pace.quiet, now, zone)) is not None:
        return Decision(Step.WAIT, end)
    if pace.most_a_day is not None and posted_today >= pace.most_a_day:
        return Decision(Step.COLLECT, next_digest_at(pace, now, zone))
    return POST


def is_urgent(record: Record) -> bool:
    """Return whether an article is never held back: retractions, concerns, and the notices of both."""
    return publication_status(record).kind in _URGENT or not {RETRACTION_TYPE, _CONCERN_TYPE}.isdisjoint(
        record.types
    )


def instant(day: date, minute: int, zone: tzinfo) -> datetime:
    """Return when the clock of a zone shows that minute of that day, in UTC."""
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return local.astimezone(UTC)


def day_start(now: datetime, zone: tzinfo) -> datetime:
    """Return when the present day of a zone began, in UTC."""
    return instant(now.astimezone(zone).date(), 0, zone)


def next_digest_at(pace: Pace, now: datetime, zone: tzinfo) -> datetime:
    """Return when the next digest after `now` is posted, in UTC."""
    today = now.astimezone(zone).date()
    for days in range(-1, 16):
        day = today + timedelta(days=days)
        if pace.when is When.WEEKLY and day.weekday() != pace.weekday:
            continue
        if (at := instant(day, pace.digest_minute, zone)) > now:
            return at
    raise AssertionError("every week has every day")


def quiet_until(quiet: QuietHours | None, now: datetime, zone: tzinfo) -> datetime | None:
    """Return when the quiet hours end that `now` is in, in UTC; None = it is not quiet."""
    if quiet is None or quiet.start == quiet.end:
        return None
    today = now.astimezone(zone).date()
    over_midnight = quiet.end < quiet.start
    for day in (today - timedelta(days=1), today):
        end = instant(day + timedelta(days=over_midnight), quiet.end, zone)
        if instant(day, quiet.start, zone) <= now < end:
            return end
    return None
