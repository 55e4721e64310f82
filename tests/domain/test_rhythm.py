"""A feed is silent by its own rhythm. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from wetread.domain.rhythm import Silence, silence

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)


def came(every: float, count: int, silent: float, each: int = 1) -> dict[datetime, int]:
    """Articles every so many days, the last ones `silent` days ago, and a backlog before."""
    last = NOW - timedelta(days=silent)
    arrivals = {last - timedelta(days=every * number): each for number in range(count)}
    return {LONG_AGO: 40, **arrivals}


def found(arrivals: dict[datetime, int], since: datetime = LONG_AGO) -> Silence | None:
    last = max(arrivals, default=None)
    return silence(arrivals, last, since, NOW)


@pytest.mark.parametrize(
    ("every", "silent", "is_silent"),
    [
        (1, 6, False),
        (1, 8, True),
        (1.75, 19, True),
        (7, 20, False),
        (7, 22, True),
        (30, 60, False),
        (30, 95, True),
    ],
)
def test_a_feed_is_silent_after_three_times_its_usual_gap(
    every: float, silent: float, is_silent: bool
) -> None:
    assert (found(came(every, 7, silent)) is not None) is is_silent


def test_it_says_how_many_articles_are_usual() -> None:
    weekly = found(came(7, 12, 30, each=4))

    assert weekly is not None
    assert weekly.days == 30
    assert weekly.a_month is not None
    assert 16 < weekly.a_month < 18


@pytest.mark.parametrize(("silent", "is_silent"), [(44, False), (46, True)])
def test_a_feed_with_little_history_keeps_the_careful_default(silent: int, is_silent: bool) -> None:
    known = found(came(2, 4, silent))

    assert (known is not None) is is_silent
    assert known is None or known.a_month is None


def test_the_first_weeks_and_an_empty_feed_raise_no_alarm() -> None:
    assert found(came(1, 9, 10), since=NOW - timedelta(days=27)) is None
    assert silence({}, None, NOW - timedelta(days=30), NOW) is None
    assert silence({}, None, NOW - timedelta(days=46), NOW) == Silence(46, None)


def test_the_backlog_and_holidays_are_no_rhythm() -> None:
    assert found({LONG_AGO: 900, NOW - timedelta(days=40): 1}) is None
    weekdays = {
        NOW - timedelta(days=day): 2 for day in range(6, 90) if (NOW - timedelta(days=day)).weekday() < 5
    }

    assert found({LONG_AGO: 40, **weekdays}) is None
