from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.feeds.schedule import (
    PollingPolicy,
    is_unconditional_due,
    latest_check_at,
    next_check_at,
    next_retry_at,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
POLICY = PollingPolicy()
MIDDLE = 0.5  # the chance that changes nothing


def hours_until(instant: datetime) -> float:
    return (instant - NOW).total_seconds() / 3600


def test_a_feed_is_asked_hourly_give_or_take_a_tenth() -> None:
    chances = [next_check_at(NOW, policy=POLICY, chance=chance) for chance in (0, MIDDLE, 1)]

    assert [hours_until(instant) for instant in chances] == pytest.approx([0.9, 1.0, 1.1])


@pytest.mark.row("B27")
@pytest.mark.parametrize(
    ("hints", "hours"),
    [
        ((), 1),
        ((None, None), 1),
        ((60.0,), 1),  # shorter than ours: ours holds
        ((7200.0, 1800.0), 2),  # PubMed's ttl of 120 minutes
        ((-5.0,), 1),
        ((10 * 365 * 86400.0,), 24),
        ((float("inf"), float("nan")), 1),
    ],
)
def test_the_longest_hint_of_the_server_counts_up_to_a_day(
    hints: tuple[float | None, ...], hours: float
) -> None:
    """faults.md B27."""
    assert hours_until(next_check_at(NOW, policy=POLICY, chance=0, hints=hints)) == pytest.approx(
        hours if hours > 1 else 0.9
    )


@pytest.mark.parametrize(("idle_days", "hours"), [(0, 1), (1, 1), (3, 3), (6, 6), (60, 6)])
def test_an_idle_feed_is_asked_less_often_up_to_six_hours(idle_days: int, hours: float) -> None:
    instant = next_check_at(NOW, policy=POLICY, chance=MIDDLE, last_new_at=NOW - timedelta(days=idle_days))

    assert hours_until(instant) == pytest.approx(hours)


@pytest.mark.row("B07")
def test_a_feed_that_overflows_is_asked_at_the_floor_but_not_against_the_servers_wish() -> None:
    """faults.md B07."""
    eager = next_check_at(NOW, policy=POLICY, chance=MIDDLE, has_overflowed=True)
    polite = next_check_at(NOW, policy=POLICY, chance=0, has_overflowed=True, hints=(7200,))

    assert hours_until(eager) == pytest.approx(0.25)
    assert hours_until(polite) == pytest.approx(2)


@pytest.mark.row("B16", "B18")
@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        ("blocked", [4, 8, 16, 24, 24]),
        ("throttled", [2, 4, 8, 16, 24]),
        ("not_found", [2, 4, 8, 16, 24]),
        ("not_a_feed", [2, 4, 8, 16, 24]),
        ("quarantined", [24, 24, 24, 24, 24]),
        ("server", [1, 2, 4, 6, 6]),
        ("timeout", [1, 2, 4, 6, 6]),
        ("truncated", [1, 2, 4, 6, 6]),
    ],
)
def test_failures_are_met_with_growing_pauses(kind: str, hours: list[float]) -> None:
    pauses = [
        hours_until(next_retry_at(NOW, policy=POLICY, chance=MIDDLE, kind=kind, failure_count=count))
        for count in (1, 2, 3, 4, 5)
    ]

    assert pauses == pytest.approx(hours)


@pytest.mark.row("B17")
@pytest.mark.parametrize(
    ("retry_after", "hours"),
    [(None, 2), (1.0, 2), (-30.0, 2), (5 * 3600.0, 5), (10 * 365 * 86400.0, 24)],
)
def test_retry_after_lengthens_the_pause_up_to_a_day(retry_after: float | None, hours: float) -> None:
    """faults.md B17."""
    instant = next_retry_at(
        NOW, policy=POLICY, chance=MIDDLE, kind="throttled", failure_count=1, retry_after=retry_after
    )

    assert hours_until(instant) == pytest.approx(hours, rel=0.06)
    assert retry_after is None or hours_until(instant) * 3600 >= min(retry_after, 86400)


kinds = st.sampled_from(["blocked", "throttled", "server", "gone", "crashed", "never heard of"])


@given(
    chance=st.floats(0, 1),
    wish=st.none() | st.floats(allow_nan=True, allow_infinity=True),
    kind=kinds,
    count=st.integers(0, 10**6),
    idle=st.timedeltas(timedelta(days=-400), timedelta(days=4000)),
)
def test_no_pause_is_shorter_than_the_floor_or_longer_than_a_day(
    chance: float, wish: float | None, kind: str, count: int, idle: timedelta
) -> None:
    instants = [
        next_check_at(NOW, policy=POLICY, chance=chance, hints=(wish,), last_new_at=NOW - idle),
        next_retry_at(NOW, policy=POLICY, chance=chance, kind=kind, failure_count=count, retry_after=wish),
    ]

    for instant in instants:
        assert NOW + timedelta(minutes=15) <= instant <= latest_check_at(NOW, POLICY)


@pytest.mark.row("C18")
def test_what_a_wrong_clock_wrote_lies_beyond_the_latest_check() -> None:
    """faults.md C18."""
    written_in_the_wrong_year = next_check_at(NOW + timedelta(days=365), policy=POLICY, chance=MIDDLE)

    assert written_in_the_wrong_year > latest_check_at(NOW, POLICY)


@pytest.mark.row("B26")
def test_a_retrieval_without_validators_is_due_once_a_day() -> None:
    """faults.md B26."""
    assert is_unconditional_due(None, NOW)
    assert not is_unconditional_due(NOW - timedelta(hours=23), NOW)
    assert is_unconditional_due(NOW - timedelta(hours=24), NOW)
