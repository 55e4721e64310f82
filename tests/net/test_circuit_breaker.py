"""The circuit breaker: when it opens, tries, and closes."""

import pytest

from tests.support.doubles import FakeClock
from wetread.net.circuit_breaker import BreakerState, CircuitBreaker


def test_the_breaker_opens_after_failures_in_a_row_only() -> None:
    breaker = CircuitBreaker(monotonic=FakeClock().monotonic, failures=3)
    for _ in range(5):
        breaker.record_failure()
        breaker.record_failure()
        breaker.record_success()
    states = [breaker.state]
    for _ in range(3):
        breaker.record_failure()
        states.append(breaker.state)

    assert states == [BreakerState.CLOSED] * 3 + [BreakerState.OPEN]
    assert not breaker.allows()


@pytest.mark.row("D03")
def test_the_breaker_half_opens_after_five_minutes_and_up_to_thirty() -> None:
    """faults.md D03."""
    clock = FakeClock()
    breaker = CircuitBreaker(monotonic=clock.monotonic, failures=1)
    pauses = []
    for _ in range(5):
        breaker.record_failure()
        pauses.append(breaker.seconds_left / 60)
        clock.advance(seconds=breaker.seconds_left)
        assert breaker.state is BreakerState.HALF_OPEN
        assert breaker.allows()

    assert pauses == [5, 10, 20, 30, 30]


def test_half_open_lets_one_try_and_success_closes() -> None:
    clock = FakeClock()
    breaker = CircuitBreaker(monotonic=clock.monotonic, failures=1)
    breaker.record_failure()
    clock.advance(minutes=5)

    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.record_success()
    assert breaker.allows()
    assert breaker.state is BreakerState.CLOSED

    breaker.record_failure()
    assert breaker.seconds_left == 300  # the pauses begin anew


def test_a_try_that_was_never_reported_is_followed_by_another() -> None:
    clock = FakeClock()
    breaker = CircuitBreaker(monotonic=clock.monotonic, failures=1)
    breaker.record_failure()
    clock.advance(minutes=5)
    assert breaker.allows()

    clock.advance(minutes=5)

    assert breaker.allows()
