"""Windows: no day is left out, whatever the times of asking."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.feeds.windows import OVERLAP, Span, Window, window_to_ask

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
instants = st.timedeltas(timedelta(-2000), timedelta(2000)).map(lambda span: NOW + span)


def test_the_first_window_is_the_overlap() -> None:
    assert window_to_ask(None, NOW) == Window(date(2026, 10, 30), date(2026, 11, 3))


def test_a_window_begins_before_the_end_of_what_was_seen() -> None:
    assert window_to_ask(NOW - timedelta(days=10), NOW) == Window(date(2026, 10, 20), date(2026, 11, 3))


def test_a_clock_that_was_ahead_leaves_no_gap_before_now() -> None:
    assert window_to_ask(NOW + timedelta(days=400), NOW) == window_to_ask(NOW, NOW)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_is_seen_reaches_from_before_what_was_seen_until_now(
    seen_until: datetime, gap: timedelta
) -> None:
    now = seen_until + gap
    span = window_to_ask(seen_until, now).seen(now)

    assert span.since <= seen_until - OVERLAP
    assert span.joined_to(seen_until) == now


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 500))
def test_halves_are_the_whole(first: date, days: int) -> None:
    earlier, later = Window(first, first + timedelta(days=days)).halves

    assert (earlier.first, later.last) == (first, first + timedelta(days=days))
    assert later.first - earlier.last == timedelta(days=1)
    assert not earlier.first > earlier.last
    assert not later.first > later.last


@given(instants, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_shortest_part_still_reaches_beyond_what_was_seen(seen_until: datetime, gap: timedelta) -> None:
    now = seen_until + gap
    part = window_to_ask(seen_until, now)
    while part.last > seen_until.date():
        part = part.shortened(seen_until.date())

    assert part.seen(now).joined_to(seen_until) > seen_until or gap == timedelta(0)


@given(st.dates(date(2020, 1, 1), date(2026, 11, 2)), st.integers(0, 60))
def test_a_part_that_was_read_is_seen_until_its_last_day_is_over_and_never_beyond_now(
    first: date, days: int
) -> None:
    window = Window(first, first + timedelta(days=days))
    seen = window.seen(NOW)

    assert seen.until <= NOW
    assert seen.until == NOW or seen.until.date() == window.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("seen_until", "joined"),
    [
        (None, NOW),
        (NOW - timedelta(days=1), NOW),
        (NOW - timedelta(days=2), NOW),
        (NOW - timedelta(days=3), NOW - timedelta(days=3)),
        (NOW + timedelta(days=1), NOW + timedelta(days=1)),
    ],
)
def test_what_lies_behind_a_gap_does_not_count_as_seen(seen_until: datetime | None, joined: datetime) -> None:
    assert Span(NOW - timedelta(days=2), NOW).joined_to(seen_until) == joined
