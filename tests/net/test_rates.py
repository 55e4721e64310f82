import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doubles import FakeClock, ScriptedWeb, settle
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.rates import BreakerState, CircuitBreaker, PoliteFetch, TokenBucket
from wetread.net.web import HttpRequest

URL = "https://api.example/works"


def token_bucket(clock: FakeClock, rate: float, burst: int = 1) -> TokenBucket:
    return TokenBucket(rate, burst=burst, monotonic=clock.monotonic, sleep=clock.sleep)


async def turns(bucket: TokenBucket, clock: FakeClock, count: int) -> list[float]:
    async def turn() -> float:
        await bucket.acquire()
        return clock.monotonic()

    return await asyncio.gather(*(turn() for _ in range(count)))


# The bucket


@pytest.mark.row("D01")
async def test_a_second_never_sees_more_than_the_rate() -> None:
    """faults.md D01: NCBI allows three a second."""
    clock = FakeClock()
    times = await turns(token_bucket(clock, 3), clock, 30)

    assert times == sorted(times)
    assert times[-1] == pytest.approx(29 / 3)
    for start in times:
        assert sum(start <= time < start + 0.999 for time in times) <= 3


async def test_a_burst_is_for_after_a_rest() -> None:
    clock = FakeClock()
    bucket = token_bucket(clock, 2, burst=4)
    first = await turns(bucket, clock, 6)
    clock.advance(seconds=60)
    later = await turns(bucket, clock, 5)

    assert first == pytest.approx([0, 0, 0, 0, 0.5, 1.0])
    assert [time - later[0] for time in later] == pytest.approx([0, 0, 0, 0, 0.5])


async def test_a_pause_also_holds_those_who_wait_already() -> None:
    clock = FakeClock(is_manual=True)
    bucket = token_bucket(clock, 1)
    waiting = asyncio.create_task(turns(bucket, clock, 3))
    await settle()
    bucket.pause(100)
    bucket.pause(5)  # the longer one stands

    await clock.pass_time(seconds=200)

    assert await waiting == [0, 100, 101]


async def test_the_service_may_lower_the_rate_and_raise_it_up_to_ours() -> None:
    clock = FakeClock()
    bucket = token_bucket(clock, 10)

    bucket.limit_to(2)
    slow = await turns(bucket, clock, 3)
    bucket.limit_to(50)
    bucket.limit_to(0)

    assert slow == pytest.approx([0, 0.5, 1.0])
    assert bucket.rate == 10


async def test_a_cancelled_waiter_does_not_block_the_next() -> None:
    clock = FakeClock(is_manual=True)
    bucket = token_bucket(clock, 1)
    await bucket.acquire()
    first, second = (asyncio.create_task(bucket.acquire()) for _ in range(2))
    await settle()
    first.cancel()

    await clock.pass_time(seconds=1)

    assert second.done()


@given(st.floats(0.05, 50), st.integers(1, 20), st.integers(1, 60))
def test_over_any_span_the_bucket_lets_through_its_burst_and_its_rate(
    rate: float, burst: int, count: int
) -> None:
    async def story() -> list[float]:
        clock = FakeClock()
        return await turns(token_bucket(clock, rate, burst), clock, count)

    times = asyncio.run(story())
    for (first, start), (last, end) in itertools.combinations(enumerate(times), 2):
        assert last - first + 1 <= burst + rate * (end - start) + 1e-3


# The breaker


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


# Both round a Fetch


def polite(web: ScriptedWeb, clock: FakeClock, *, rate: float = 10, failures: int = 2) -> PoliteFetch:
    return PoliteFetch(
        fetch=web,
        bucket=token_bucket(clock, rate),
        breaker=CircuitBreaker(monotonic=clock.monotonic, failures=failures),
        slots=asyncio.Semaphore(3),
        clock=clock,
    )


async def test_a_service_that_is_down_is_left_alone_then_tried_again() -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.fail(URL, FetchFailure.TIMEOUT, once=True)
    web.serve(URL, "ill", 502, once=True)
    web.serve(URL, "well")

    with pytest.raises(FetchError):
        await fetch(HttpRequest(URL))
    assert (await fetch(HttpRequest(URL))).status == 502
    with pytest.raises(FetchError) as refused:
        await fetch(HttpRequest(URL))
    clock.advance(minutes=5)
    answer = await fetch(HttpRequest(URL))

    assert refused.value.kind is FetchFailure.CIRCUIT_OPEN
    assert answer.body == b"well"
    assert len(web.requests) == 3


async def test_not_found_is_an_answer_and_no_failure() -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.serve(URL, "Resource not found.", 404)

    for _ in range(5):
        assert (await fetch(HttpRequest(URL))).status == 404

    assert fetch.breaker.state is BreakerState.CLOSED


@pytest.mark.row("D09")
@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [(429, {"Retry-After": "7"}, 7), (429, {}, 10), (503, {"Retry-After": "30"}, 30), (503, {}, 0.1)],
)
async def test_orders_to_wait_are_obeyed_by_all_requests(
    status: int, headers: dict[str, str], pause: float
) -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.serve(URL, "", status, headers, once=True)
    web.serve(URL, "ok")

    await fetch(HttpRequest(URL))
    await fetch(HttpRequest(URL))

    assert clock.monotonic() == pytest.approx(pause)


async def test_nobody_waits_longer_for_a_service_than_for_an_answer() -> None:
    """A member who looks something up is told at once, not after the hour that the service asked for."""
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.serve(URL, "", 429, {"Retry-After": "3600"})
    await fetch(HttpRequest(URL))

    with pytest.raises(FetchError) as refused:
        await fetch(HttpRequest(URL, timeout=30))

    assert refused.value.kind is FetchFailure.CIRCUIT_OPEN
    assert clock.monotonic() == 0
    assert len(web.requests) == 1


@pytest.mark.row("D09")
async def test_crossrefs_rate_headers_are_obeyed() -> None:
    """faults.md D09."""
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.serve(URL, "", headers={"X-Rate-Limit-Limit": "3", "X-Rate-Limit-Interval": "1s"})

    await fetch(HttpRequest(URL))
    assert fetch.bucket.rate == 3

    web.serve(URL, "", headers={"X-Rate-Limit-Limit": "many", "X-Rate-Limit-Interval": "0s"})
    await fetch(HttpRequest(URL))
    assert fetch.bucket.rate == 3
