"""A `Fetch` that keeps one service's rate limit, its orders to wait, and its circuit breaker."""

import asyncio
import re
from dataclasses import dataclass

from wetread.domain.clock import Clock
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.addresses import shown_url
from wetread.net.circuit_breaker import BreakerState, CircuitBreaker
from wetread.net.http_headers import retry_after
from wetread.net.rate_limiter import RateLimiter
from wetread.net.web import Fetch, HttpRequest, HttpResponse


@dataclass(slots=True)
class PoliteFetch:
    """A `Fetch` for one service: keeps its rate limit, its number of requests at a time, its circuit breaker.

    `list_limiter` is the rate limit of requests for lists, None = the service counts all requests alike.
    It obeys Retry-After on 429 and 5xx for all requests, and Crossref's X-Rate-Limit headers for requests
    of that kind. It raises FetchError with CIRCUIT_OPEN, without sending anything, while the breaker is open
    or the service asked for a pause longer than the request's time-out. Answers and other errors are passed
    on unchanged.
    """

    fetch: Fetch
    rate_limiter: RateLimiter
    breaker: CircuitBreaker
    slots: asyncio.Semaphore
    clock: Clock
    list_limiter: RateLimiter | None = None
    throttled_pause: float = 10.0  # seconds after a 429 that names none

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send the request when its turn comes. Raises FetchError."""
        if self.breaker.state is BreakerState.OPEN:
            raise _refusal(request)
        limiter = self.list_limiter if request.is_list and self.list_limiter else self.rate_limiter
        if not await limiter.acquire(self.slots, longest_pause=request.timeout):
            raise _refusal(request)
        try:
            if not self.breaker.allows():
                raise _refusal(request)
            try:
                response = await self.fetch(request)
            except FetchError:
                self.breaker.record_failure()
                raise
            self._apply(response, limiter)
            return response
        finally:
            self.slots.release()

    def _apply(self, response: HttpResponse, limiter: RateLimiter) -> None:
        asked = retry_after(response.headers, self.clock())
        if response.status == 429:
            # The service works and counts requests: pause, but do not open the breaker.
            self._pause(min(self.throttled_pause if asked is None else asked, 86400.0))
        elif response.status >= 500:
            self.breaker.record_failure()
            if asked is not None:
                self._pause(min(asked, 3600.0))
        else:
            self.breaker.record_success()
        if (rate := _named_rate(response)) is not None:
            limiter.limit_to(rate)

    def _pause(self, seconds: float) -> None:
        for limiter in filter(None, (self.rate_limiter, self.list_limiter)):
            limiter.pause(seconds)


def _refusal(request: HttpRequest) -> FetchError:
    return FetchError(shown_url(request.url), FetchFailure.CIRCUIT_OPEN)


def _named_rate(response: HttpResponse) -> float | None:
    """Return requests per second by X-Rate-Limit-Limit ("3") and -Interval ("1s"), None without."""
    limit = re.fullmatch(r"[0-9]{1,9}", response.headers.get("x-rate-limit-limit", "").strip())
    interval = re.fullmatch(r"([0-9]{1,9})s?", response.headers.get("x-rate-limit-interval", "").strip())
    if limit is None or interval is None or not int(interval[1]):
        return None
    return int(limit[0]) / int(interval[1])
