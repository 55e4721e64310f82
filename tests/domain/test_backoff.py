"""Exponential back-off."""

from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.backoff import backoff


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = [backoff(count, first=10, longest=60) for count in (1, 2, 3, 4, 5, 1000)]
    assert waits == [10, 20, 40, 60, 60, 60]


@given(st.integers(-1, 10_000), st.floats(0, 1))
def test_jitter_only_shortens_and_never_below_nothing(count: int, jitter: float) -> None:
    assert 0 <= backoff(count, first=5, longest=300, jitter=jitter) <= backoff(count, first=5, longest=300)
