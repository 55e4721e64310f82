"""Stand-ins with behaviour for what we do not own: time and the network."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.web import HttpRequest, HttpResponse

TURNS_TO_SETTLE = 20
"""After so many turns of the event loop, a FakeClock assumes that every other task sleeps."""


class FakeClock:
    """A clock whose time passes only when a test says so, or when all tasks sleep.

    The object itself is a `Clock`, and has `monotonic` and `sleep`:
    `Thing(clock=clock, monotonic=clock.monotonic, sleep=clock.sleep)`.

    By default a sleep takes no real time: when all other tasks sleep too, the clock moves to the time at
    which the first of them wakes. So a loop with pauses runs at once, and `clock()` tells how long it took.
    With `is_manual=True` tasks sleep until `advance` or `pass_time` reaches their time: for endless loops,
    and for tests of what happens while something waits.
    """

    def __init__(
        self, now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC), *, is_manual: bool = False
    ) -> None:
        self._now = now
        self._elapsed = 0.0
        self._is_manual = is_manual
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._driver: asyncio.Task[None] | None = None
        self.sleeps: list[float] = []
        """The seconds of every sleep so far, in order."""

    def __call__(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed; `jump` does not count."""
        return self._elapsed

    @property
    def sleeper_count(self) -> int:
        """Return how many tasks sleep."""
        return len(self._sleepers)

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass in one step; tasks whose time has come wake when the event loop runs them."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._move_to(self._elapsed + step.total_seconds())

    async def pass_time(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let time pass from one task's waking to the next, so that each acts at its own time."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        end = self._elapsed + step.total_seconds()
        await settle()
        while self._sleepers and (earliest := self._earliest_end()) <= end:
            self._move_to(earliest)
            await settle()
        self._move_to(end)
        await settle()

    def jump(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Set the clock forward or back, as an operator or NTP does; no time passes."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Sleep as the class describes; zero or less only lets other tasks run."""
        self.sleeps.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        end = asyncio.get_running_loop().create_future()
        sleeper = (self._elapsed + seconds, end)
        self._sleepers.append(sleeper)
        if not self._is_manual and (self._driver is None or self._driver.done()):
            self._driver = asyncio.create_task(self._drive())
        try:
            await end
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    async def _drive(self) -> None:
        """Move the time whenever all tasks sleep, until none sleeps."""
        await settle()
        while self._sleepers:
            self._move_to(self._earliest_end())
            await settle()

    def _earliest_end(self) -> float:
        return min(end for end, _ in self._sleepers)

    def _move_to(self, elapsed: float) -> None:
        self._now += timedelta(seconds=elapsed - self._elapsed)
        self._elapsed = elapsed
        due = sorted((each for each in self._sleepers if each[0] <= elapsed), key=lambda each: each[0])
        for sleeper in due:
            self._sleepers.remove(sleeper)
            if not sleeper[1].done():
                sleeper[1].set_result(None)


async def settle() -> None:
    """Let every task run that needs neither time nor the network."""
    for _ in range(TURNS_TO_SETTLE):
        await asyncio.sleep(0)


Answer = Callable[[HttpRequest], HttpResponse]
"""A function that makes the answer to a request, or raises FetchError."""


class ScriptedWeb:
    """A `Fetch` that answers from a script and records the requests.

    It looks for the address with its whole query (`params` included), then without any query. A request for
    an address that is not in the script fails the test.
    """

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self._standing: dict[str, Answer] = {}
        self._queued: defaultdict[str, deque[Answer]] = defaultdict(deque)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        await asyncio.sleep(0)
        whole = _whole_url(request)
        for url in (whole, whole.partition("?")[0]):
            if self._queued[url]:
                return self._queued[url].popleft()(request)
            if url in self._standing:
                return self._standing[url](request)
        raise AssertionError(f"the script has no answer for {request.method} {whole}")

    def serve(
        self,
        url: str,
        body: bytes | str = b"",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        permanent_url: str | None = None,
        once: bool = False,
    ) -> None:
        """Answer `url` like this from now on; with `once`, only the next request (several wait in order)."""
        content = body.encode() if isinstance(body, str) else body
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        self.answer(
            url,
            lambda request: HttpResponse(
                status=status,
                url=permanent_url or _whole_url(request),
                body=content,
                headers=lowered,
                permanent_url=permanent_url,
            ),
            once=once,
        )

    def fail(self, url: str, kind: FetchFailure = FetchFailure.CONNECTION, *, once: bool = False) -> None:
        """Raise FetchError for `url` from now on; with `once`, only for the next request."""

        def refuse(_request: HttpRequest) -> HttpResponse:
            raise FetchError(url, kind)

        self.answer(url, refuse, once=once)

    def answer(self, url: str, answer: Answer, *, once: bool = False) -> None:
        """Let a function answer requests for `url`, for answers that depend on the form."""
        if once:
            self._queued[url].append(answer)
        else:
            self._standing[url] = answer

    def requests_to(self, url: str) -> list[HttpRequest]:
        """Return the requests whose address begins with `url`, in order."""
        return [request for request in self.requests if _whole_url(request).startswith(url)]


def _whole_url(request: HttpRequest) -> str:
    if not request.params:
        return request.url
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(request.params)}"
