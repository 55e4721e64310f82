"""One service's rate limit, orders to wait and circuit breaker, together round a `Fetch`."""

import asyncio

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.circuit_breaker import BreakerState, CircuitBreaker
from wetread.net.polite_fetch import PoliteFetch
from wetread.net.rate_limiter import RateLimiter
from wetread.net.web import HttpRequest

URL = "https://api.example/works"


def polite(web: ScriptedWeb, clock: FakeClock, *, rate: float = 10, failures: int = 2) -> PoliteFetch:
    return PoliteFetch(
        fetch=web,
        rate_limiter=RateLimiter(rate, monotonic=clock.monotonic, sleep=clock.sleep),
        breaker=CircuitBreaker(monotonic=clock.monotonic, failures=failures),
        slots=asyncio.Semaphore(3),
        clock=clock,
    )


async def test_a_service_that_is_down_is_left_alone_then_tried_again() -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.fail(URL, FetchFailure.TIMEOUT, once=True)
    web.serve(URL, "error", 502, once=True)
    web.serve(URL, "ok")

    with pytest.raises(FetchError):
        await fetch(HttpRequest(URL))
    assert (await fetch(HttpRequest(URL))).status == 502
    with pytest.raises(FetchError) as refused:
        await fetch(HttpRequest(URL))
    clock.advance(minutes=5)
    answer = await fetch(HttpRequest(URL))

    assert refused.value.kind is FetchFailure.CIRCUIT_OPEN
    assert answer.body == b"ok"
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


async def test_a_pause_that_begins_while_requests_queue_refuses_all_that_would_wait_too_long() -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock, rate=1)
    web.serve(URL, "", 429, {"Retry-After": "3600"})

    answers = await asyncio.gather(*(fetch(HttpRequest(URL)) for _ in range(5)), return_exceptions=True)

    refused = [each.kind for each in answers if isinstance(each, FetchError)]
    assert refused == [FetchFailure.CIRCUIT_OPEN] * 4
    assert len(web.requests) == 1
    assert clock.monotonic() < 30


@pytest.mark.row("E33")
async def test_after_a_refused_list_works_wait_too() -> None:
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    fetch.list_limiter = RateLimiter(1, monotonic=clock.monotonic, sleep=clock.sleep)
    web.serve(URL, "", 429, {"Retry-After": "7"}, once=True)
    web.serve(URL, "ok")

    await fetch(HttpRequest(URL, is_list=True))
    await fetch(HttpRequest(URL))

    assert clock.monotonic() == pytest.approx(7)


@pytest.mark.row("D09")
async def test_crossrefs_rate_headers_are_obeyed() -> None:
    """faults.md D09."""
    web, clock = ScriptedWeb(), FakeClock()
    fetch = polite(web, clock)
    web.serve(URL, "", headers={"X-Rate-Limit-Limit": "3", "X-Rate-Limit-Interval": "1s"})

    await fetch(HttpRequest(URL))
    assert fetch.rate_limiter.rate == 3

    web.serve(URL, "", headers={"X-Rate-Limit-Limit": "many", "X-Rate-Limit-Interval": "0s"})
    await fetch(HttpRequest(URL))
    assert fetch.rate_limiter.rate == 3
