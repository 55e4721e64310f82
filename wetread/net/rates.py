"""How often a service is asked, and when it is left alone: a bucket, a breaker, and both round a Fetch."""

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum

from wetread.domain.clock import Clock, Monotonic, Sleep
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.addresses import shown_url
from wetread.net.http_headers import retry_after
from wetread.net.web import Fetch, HttpRequest, HttpResponse

_TOLERANCE = 1e-6  # seconds; a sleep may end a rounding error too early


class TokenBucket:
    """Lets at most `rate` through per second, first come, first served; after a rest `burst` at once.

    Services count in windows of a second, so a burst above one can exceed their limit by itself.
    """

    def __init__(self, rate: float, *, monotonic: Monotonic, sleep: Sleep, burst: int = 1) -> None:
        self._rate = self._highest_rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._spent_until = self._paused_until = monotonic()

    @property
    def rate(self) -> float:
        """Requests per second at present."""
        return self._rate

    async def acquire(self) -> None:
        """Wait for a turn."""
        async with self._turn:
            while (wait := self._free_at() - self._monotonic()) > _TOLERANCE:
                await self._sleep(wait)
            self._spent_until = max(self._spent_until, self._monotonic()) + 1 / self._rate

    def limit_to(self, rate: float) -> None:
        """Take over the rate that the service names; never above the one that we set ourselves."""
        if rate > 0:
            self._rate = min(rate, self._highest_rate)

    def pause(self, seconds: float) -> None:
        """Let nobody through for so many seconds; an earlier, longer pause stands."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    @property
    def pause_left(self) -> float:
        """Seconds for which nobody is let through because the service asked for it; 0 = no pause."""
        return max(0.0, self._paused_until - self._monotonic())

    def _free_at(self) -> float:
        return max(self._spent_until - (self._burst - 1) / self._rate, self._paused_until)


class BreakerState(StrEnum):
    """Closed = asked as usual; open = left alone; half-open = one request may try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class CircuitBreaker:
    """Leaves a service alone after `failures` in a row, and lets a single request try now and then.

    The first pause lasts `shortest_pause` seconds, each further one twice as long, up to `longest_pause`.
    """

    def __init__(
        self,
        *,
        monotonic: Monotonic,
        failures: int = 5,
        shortest_pause: float = 300.0,
        longest_pause: float = 1800.0,
    ) -> None:
        self._monotonic = monotonic
        self._failures = failures
        self._shortest_pause = shortest_pause
        self._longest_pause = longest_pause
        self._failure_count = 0
        self._pause = 0.0
        self._opens_at = 0.0

    @property
    def state(self) -> BreakerState:
        """Where it stands now; for those who look at `status` too."""
        if self._failure_count < self._failures:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.seconds_left > 0 else BreakerState.HALF_OPEN

    @property
    def seconds_left(self) -> float:
        """Seconds until the next request may try; 0 = now."""
        return max(0.0, self._opens_at - self._monotonic()) if self._failure_count >= self._failures else 0.0

    def allows(self) -> bool:
        """Say whether a request may go out now; saying yes while half-open reserves the one try.

        A try of which nothing is heard (cancelled, say) is followed by another after a pause.
        """
        state = self.state
        if state is BreakerState.HALF_OPEN:
            self._opens_at = self._monotonic() + self._pause
        return state is not BreakerState.OPEN

    def record_success(self) -> None:
        """The service answered: everything is as usual again."""
        self._failure_count = 0
        self._pause = 0.0

    def record_failure(self) -> None:
        """The service did not answer, or only that it is ill."""
        self._failure_count += 1
        if self._failure_count >= self._failures:
            self._pause = min(max(2 * self._pause, self._shortest_pause), self._longest_pause)
            self._opens_at = self._monotonic() + self._pause


@dataclass(slots=True)
class PoliteFetch:
    """A `Fetch` for one service: at its rate, so many at once, heeding its orders, sparing it while ill.

    It obeys Retry-After on 429 and 5xx and Crossref's X-Rate-Limit headers. It raises FetchError with
    CIRCUIT_OPEN, without asking, while the breaker is open or the service wants to be left alone for
    longer than the request's time-out. Everything else is handed on as it is.
    """

    fetch: Fetch
    bucket: TokenBucket
    breaker: CircuitBreaker
    slots: asyncio.Semaphore
    clock: Clock
    throttled_pause: float = 10.0  # seconds after a 429 that names none

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Perform the request in its turn. Raises FetchError."""
        if self.breaker.state is BreakerState.OPEN:
            raise _refusal(request)
        async with self.slots:
            if self.bucket.pause_left > request.timeout:
                raise _refusal(request)
            await self.bucket.acquire()
            if not self.breaker.allows():
                raise _refusal(request)
            try:
                response = await self.fetch(request)
            except FetchError:
                self.breaker.record_failure()
                raise
            self._heed(response)
            return response

    def _heed(self, response: HttpResponse) -> None:
        wish = retry_after(response.headers, self.clock())
        if response.status == 429:
            # It is alive and counts: the bucket waits, the breaker has no say.
            self.bucket.pause(min(self.throttled_pause if wish is None else wish, 86400.0))
        elif response.status >= 500:
            self.breaker.record_failure()
            if wish is not None:
                self.bucket.pause(min(wish, 3600.0))
        else:
            self.breaker.record_success()
        if (rate := _named_rate(response)) is not None:
            self.bucket.limit_to(rate)


def _refusal(request: HttpRequest) -> FetchError:
    return FetchError(shown_url(request.url), FetchFailure.CIRCUIT_OPEN)


def _named_rate(response: HttpResponse) -> float | None:
    """Return requests per second as "x-rate-limit-limit: 3" and "x-rate-limit-interval: 1s" name them."""
    limit = re.fullmatch(r"[0-9]{1,9}", response.headers.get("x-rate-limit-limit", "").strip())
    interval = re.fullmatch(r"([0-9]{1,9})s?", response.headers.get("x-rate-limit-interval", "").strip())
    if limit is None or interval is None or not int(interval[1]):
        return None
    return int(limit[0]) / int(interval[1])
