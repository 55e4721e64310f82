"""When articles are posted: values alone, and every zone's odd days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import Record, Relation, RelationKind
from wetread.domain.pace import (
    DAY_MINUTES,
    Pace,
    QuietHours,
    Step,
    When,
    day_start,
    decide,
    instant,
    is_urgent,
    next_digest_at,
    quiet_until,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",  # the clock changes at midnight
        "Africa/Cairo",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",  # by half an hour
        "Pacific/Apia",  # has left out a day
        "Pacific/Kiritimati",
    )
]
NIGHT = QuietHours(22 * 60, 7 * 60)

zones = st.sampled_from(ZONES)
minutes = st.integers(0, DAY_MINUTES - 1)
instants = st.integers(1_300_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
quiet_hours = st.none() | st.builds(QuietHours, minutes, minutes)
paces = st.builds(
    Pace,
    when=st.sampled_from(When),
    weekday=st.integers(0, 6),
    digest_minute=minutes,
    quiet=quiet_hours,
    most_a_day=st.none() | st.integers(1, 20),
)


def berlin(text: str) -> datetime:
    """Return an instant by the clock of Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.row("F20")
def test_a_digest_at_a_time_that_the_clock_leaves_out_happens_once_that_day() -> None:
    pace = Pace(When.DAILY, digest_minute=2 * 60 + 30)  # 29 March 2026 has no 02:30 in Berlin
    first = next_digest_at(pace, berlin("2026-03-28T12:00"), BERLIN)

    assert first.astimezone(BERLIN).isoformat()[:16] == "2026-03-29T03:30"
    assert next_digest_at(pace, first, BERLIN) == berlin("2026-03-30T02:30")


@pytest.mark.row("F20")
def test_a_digest_at_a_time_that_the_clock_shows_twice_happens_once_that_day() -> None:
    pace = Pace(When.DAILY, digest_minute=2 * 60 + 30)  # 25 October 2026 has it twice
    first = next_digest_at(pace, berlin("2026-10-24T12:00"), BERLIN)

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
    assert next_digest_at(pace, first, BERLIN) == berlin("2026-10-26T02:30")
    assert next_digest_at(pace, first + timedelta(hours=1), BERLIN) == berlin("2026-10-26T02:30")


@given(pace=paces, now=instants, zone=zones)
def test_digests_follow_each_other_by_days_or_weeks_each_on_a_day_of_its_own(
    pace: Pace, now: datetime, zone: ZoneInfo
) -> None:
    span = timedelta(days=7 if pace.when is When.WEEKLY else 1)
    first = next_digest_at(pace, now, zone)
    second = next_digest_at(pace, first, zone)

    assert now < first <= now + span + timedelta(hours=25)
    # Samoa left out a whole day: the digests of that day and of the next are one.
    assert abs(second - first - span) <= timedelta(hours=2) or zone.key == "Pacific/Apia"
    assert first < second
    assert all(next_digest_at(pace, first - timedelta(seconds=s), zone) == first for s in (1, 60, 3600))


@given(pace=paces, now=instants, zone=zones)
def test_a_weekly_digest_is_on_its_weekday(pace: Pace, now: datetime, zone: ZoneInfo) -> None:
    weekly = replace(pace, when=When.WEEKLY)
    at = next_digest_at(weekly, now, zone)
    if zone.key != "Pacific/Apia":
        assert at.astimezone(zone).weekday() == weekly.weekday


@given(quiet=quiet_hours, now=instants, zone=zones)
def test_quiet_hours_end_after_now_and_within_a_day_and_then_it_is_not_quiet(
    quiet: QuietHours | None, now: datetime, zone: ZoneInfo
) -> None:
    end = quiet_until(quiet, now, zone)
    if end is not None:
        assert now < end <= now + timedelta(hours=26)
        assert quiet_until(quiet, end, zone) is None or zone.key == "Pacific/Apia"


@pytest.mark.row("F21")
@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-14T21:59", None),
        ("2026-01-14T22:00", "2026-01-15T07:00"),
        ("2026-01-15T00:00", "2026-01-15T07:00"),
        ("2026-01-15T06:59", "2026-01-15T07:00"),
        ("2026-01-15T07:00", None),
    ],
)
def test_quiet_hours_over_midnight_are_one_night(now: str, until: str | None) -> None:
    assert quiet_until(NIGHT, berlin(now), BERLIN) == (until and berlin(until))


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = QuietHours(12 * 60, 13 * 60)
    assert quiet_until(noon, berlin("2026-01-14T12:30"), BERLIN) == berlin("2026-01-14T13:00")
    assert quiet_until(noon, berlin("2026-01-14T00:30"), BERLIN) is None
    assert quiet_until(QuietHours(60, 60), berlin("2026-01-14T01:00"), BERLIN) is None


def test_the_limit_is_counted_by_the_servers_day() -> None:
    late = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)  # in Berlin it is the 15th
    assert day_start(late, BERLIN) == datetime(2026, 1, 14, 23, 0, tzinfo=UTC)
    assert day_start(late, UTC) == datetime(2026, 1, 14, tzinfo=UTC)


@given(now=instants, zone=zones)
def test_a_day_begins_before_now_and_its_clock_shows_that_day(now: datetime, zone: ZoneInfo) -> None:
    start = day_start(now, zone)
    assert start <= now < start + timedelta(hours=26)
    assert start.astimezone(zone).date() == now.astimezone(zone).date()


@given(pace=paces, now=instants, zone=zones, posted=st.integers(0, 30))
def test_what_is_urgent_is_posted_whatever_was_chosen(
    pace: Pace, now: datetime, zone: ZoneInfo, posted: int
) -> None:
    assert decide(pace, now, zone, posted, is_urgent=True).step is Step.POST


@given(pace=paces, now=instants, zone=zones, posted=st.integers(0, 30))
def test_what_is_not_posted_now_has_a_time_to_come(
    pace: Pace, now: datetime, zone: ZoneInfo, posted: int
) -> None:
    decided = decide(pace, now, zone, posted)
    if decided.step is Step.POST:
        assert decided.at is None
        assert pace.when is When.AT_ONCE
        assert pace.most_a_day is None or posted < pace.most_a_day
    else:
        assert decided.at is not None
        assert decided.at > now
        assert decided.step is Step.WAIT or pace.has_digests


@pytest.mark.parametrize(
    ("pace", "posted", "step", "at"),
    [
        (Pace(), 100, Step.POST, None),
        (Pace(When.DAILY, digest_minute=18 * 60), 0, Step.COLLECT, "2026-01-14T18:00"),
        (Pace(When.WEEKLY, weekday=0, digest_minute=8 * 60), 0, Step.COLLECT, "2026-01-19T08:00"),
        (Pace(most_a_day=8, digest_minute=18 * 60), 7, Step.POST, None),
        (Pace(most_a_day=8, digest_minute=18 * 60), 8, Step.COLLECT, "2026-01-14T18:00"),
        (Pace(quiet=QuietHours(9 * 60, 12 * 60), most_a_day=8), 8, Step.WAIT, "2026-01-14T12:00"),
        (Pace(When.DAILY, digest_minute=18 * 60, quiet=NIGHT), 0, Step.COLLECT, "2026-01-14T18:00"),
    ],
)
def test_the_choices_decide(pace: Pace, posted: int, step: Step, at: str | None) -> None:
    decided = decide(pace, berlin("2026-01-14T10:00"), BERLIN, posted)
    assert (decided.step, decided.at) == (step, at and berlin(at))


@pytest.mark.row("F22")
@pytest.mark.parametrize(
    ("record", "urgent"),
    [
        (Record("PubMed", "Invented finding"), False),
        (Record("PubMed", "Invented finding", types=("Retracted Publication",)), True),
        (Record("PubMed", "Retraction of an invented finding", types=("Retraction of Publication",)), True),
        (Record("PubMed", "Expression of concern", types=("Expression of Concern",)), True),
        (
            Record("PubMed", "Finding", relations=(Relation(RelationKind.CONCERN_IN, doi="10.5555/c"),)),
            True,
        ),
        (
            Record("PubMed", "Finding", relations=(Relation(RelationKind.CORRECTED_BY, doi="10.5555/e"),)),
            False,
        ),
    ],
)
def test_retractions_concerns_and_their_notices_are_urgent(record: Record, urgent: bool) -> None:  # a table
    assert is_urgent(record) is urgent


def test_an_instant_is_the_first_of_two() -> None:
    assert instant(date(2026, 10, 25), 150, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
