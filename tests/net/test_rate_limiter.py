"""The rate limit: bursts, pauses, and rates that a service names."""

import asyncio
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doubles import FakeClock, settle
from wetread.net.rate_limiter import RateLimiter


def rate_limiter(clock: FakeClock, rate: float, burst: int = 1) -> RateLimiter:
    return RateLimiter(rate, burst=burst, monotonic=clock.monotonic, sleep=clock.sleep)


async def turns(limit: RateLimiter, clock: FakeClock, count: int) -> list[float]:
    async def turn() -> float:
        await limit.acquire()
        return clock.monotonic()

    return await asyncio.gather(*(turn() for _ in range(count)))


@pytest.mark.row("D01")
async def test_a_second_never_sees_more_than_the_rate() -> None:
    """faults.md D01: NCBI allows three a second."""
    clock = FakeClock()
    times = await turns(rate_limiter(clock, 3), clock, 30)

    assert times == sorted(times)
    assert times[-1] == pytest.approx(29 / 3)
    for start in times:
        assert sum(start <= time < start + 0.999 for time in times) <= 3


async def test_a_burst_is_for_after_a_rest() -> None:
    clock = FakeClock()
    limit = rate_limiter(clock, 2, burst=4)
    first = await turns(limit, clock, 6)
    clock.advance(seconds=60)
    later = await turns(limit, clock, 5)

    assert first == pytest.approx([0, 0, 0, 0, 0.5, 1.0])
    assert [time - later[0] for time in later] == pytest.approx([0, 0, 0, 0, 0.5])


async def test_a_pause_also_holds_those_who_wait_already() -> None:
    clock = FakeClock(is_manual=True)
    limit = rate_limiter(clock, 1)
    waiting = asyncio.create_task(turns(limit, clock, 3))
    await settle()
    limit.pause(100)
    limit.pause(5)  # the longer one stands

    await clock.pass_time(seconds=200)

    assert await waiting == [0, 100, 101]


async def test_the_service_may_lower_the_rate_and_raise_it_up_to_ours() -> None:
    clock = FakeClock()
    limit = rate_limiter(clock, 10)

    limit.limit_to(2)
    slow = await turns(limit, clock, 3)
    limit.limit_to(50)
    limit.limit_to(0)

    assert slow == pytest.approx([0, 0.5, 1.0])
    assert limit.rate == 10


async def test_a_cancelled_waiter_does_not_block_the_next() -> None:
    clock = FakeClock(is_manual=True)
    limit = rate_limiter(clock, 1)
    await limit.acquire()
    first, second = (asyncio.create_task(limit.acquire()) for _ in range(2))
    await settle()
    first.cancel()

    await clock.pass_time(seconds=1)

    assert second.done()


@given(st.floats(0.05, 50), st.integers(1, 20), st.integers(1, 60))
def test_over_any_span_a_limit_lets_through_its_burst_and_its_rate(
    rate: float, burst: int, count: int
) -> None:
    async def story() -> list[float]:
        clock = FakeClock()
        return await turns(rate_limiter(clock, rate, burst), clock, count)

    times = asyncio.run(story())
    for (first, start), (last, end) in itertools.combinations(enumerate(times), 2):
        assert last - first + 1 <= burst + rate * (end - start) + 1e-3


@given(st.lists(st.floats(0, 100), max_size=40), st.floats(0.05, 30), st.integers(1, 5))
def test_who_takes_after_waiting_never_exceeds_the_rate(
    pauses: list[float], interval: float, burst: int
) -> None:
    clock = FakeClock()
    limit = rate_limiter(clock, 1 / interval, burst)
    begun: list[float] = []
    for pause in pauses:
        clock.advance(seconds=pause)
        clock.advance(seconds=limit.wait())
        limit.take()
        begun.append(clock.monotonic())
    for first, last in zip(begun, begun[burst:], strict=False):
        assert last - first >= interval - 1e-3


async def test_an_infinite_rate_never_waits() -> None:
    clock = FakeClock()
    assert await turns(rate_limiter(clock, math.inf), clock, 50) == [0] * 50
