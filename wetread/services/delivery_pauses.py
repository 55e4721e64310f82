"""When nothing may be sent to a destination, or to Discord at all: rate limits, pauses, too many refusals."""

import logging
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto

from wetread.domain.clock import Monotonic, Sleep
from wetread.domain.delivery_rules import Action, Handling
from wetread.domain.errors import DeliveryDelayedError, DeliveryError, DeliveryRefusedError
from wetread.net.rate_limiter import RateLimiter
from wetread.storage.database import Database

logger = logging.getLogger(__name__)

REQUESTS_PER_SECOND = 45.0
"""Of the 50 that Discord allows the whole bot in a second; replies to commands need the others."""

REQUESTS_AT_ONCE = 3
"""Turns to be had at once after a wait, so that late wake-ups cost no time: at most 48 in any second."""

POSTS_AT_ONCE = 3
"""Posts to one destination without a wait after a quiet time, such as the newest three of a new journal."""

SECONDS_BETWEEN_EDITS = 3.0
"""Discord slows down edits of messages older than an hour (faults.md A25)."""

SECONDS_BETWEEN_THREADS = 3.0
"""Discord limits how many threads are opened in a channel."""

PAUSE_AFTER_NO_ANSWER = 60.0
"""Seconds for which a destination is paused after a request without a usable answer."""

INVALID_REQUEST_LIMIT = 1000
"""Refusals within ten minutes after which nothing is sent; at 10,000 Discord bans the address."""

INVALID_REQUEST_SPAN = 600.0  # seconds


class Lane(StrEnum):
    """A kind of requests to a destination; a rate limit on one never holds up another (faults.md E06)."""

    POSTS = auto()
    EDITS = auto()
    PUBLICATIONS = auto()
    DISCUSSIONS = auto()  # threads under posts


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing at all is sent for that many seconds (0 = unknown); `reason` is a sentence for people."""

    reason: str
    seconds_left: float


class DeliveryPauses:
    """Decides whether a request may be sent now, and learns from Discord's answers.

    `on_unauthorized` is called once when Discord no longer accepts the token.
    """

    def __init__(
        self,
        database: Database,
        *,
        monotonic: Monotonic,
        sleep: Sleep,
        seconds_between_posts: float,
        invalid_request_limit: int,
        on_unauthorized: Callable[[], None],
    ) -> None:
        self._database = database
        self._monotonic = monotonic
        self._sleep = sleep
        post_rate = 1 / seconds_between_posts if seconds_between_posts else math.inf
        self._paces = {  # requests a second, and at once after a quiet time
            Lane.POSTS: (post_rate, POSTS_AT_ONCE),
            Lane.EDITS: (1 / SECONDS_BETWEEN_EDITS, 1),
            Lane.PUBLICATIONS: (math.inf, 1),  # Discord says when its limit of ten an hour is reached
            Lane.DISCUSSIONS: (1 / SECONDS_BETWEEN_THREADS, 1),
        }
        self._invalid_request_limit = invalid_request_limit
        self._on_unauthorized = on_unauthorized
        self._turns = RateLimiter(
            REQUESTS_PER_SECOND, monotonic=monotonic, sleep=sleep, burst=REQUESTS_AT_ONCE
        )
        self._limiters: dict[tuple[Lane, int], RateLimiter] = {}  # by lane and destination
        self._paused_until: dict[tuple[Lane, int], float] = {}  # monotonic seconds
        self._all_paused_until = 0.0
        self._pause_reason = ""
        self._refused_at: deque[float] = deque()
        self.is_stopping = False

    @property
    def pause(self) -> Pause | None:
        """Why nothing at all is sent at the moment; None = posting works."""
        if self._database.trouble is not None:  # what cannot be stored would be posted again (faults.md C03)
            return Pause(self._database.trouble.words.rstrip("."), 0.0)
        left = self._all_paused_until - self._monotonic()
        return Pause(self._pause_reason, left) if left > 0 else None

    async def has_turn(self, lane: Lane, channel_id: int) -> bool:
        """Wait for the bot's next request; return whether it may still go to this destination.

        Only who knows of something to send may ask: a turn that is not used is lost for everybody.
        """
        await self._turns.acquire()
        return self.is_open(lane, channel_id)

    def takes_turn(self, lane: Lane, channel_id: int) -> bool:
        """Take a turn at once, before those that wait; return whether the destination is open."""
        is_open = self.is_open(lane, channel_id)
        if is_open:
            self._turns.take()
        return is_open

    def is_open(self, lane: Lane, channel_id: int) -> bool:
        """Return whether such a request may be sent to this destination, whatever the pace."""
        paused_until = max(self._paused_until.get((lane, channel_id), 0.0), self._all_paused_until)
        is_writable = self._database.trouble is None
        return is_writable and not self.is_stopping and self._monotonic() >= paused_until

    def may_send(self, lane: Lane, channel_id: int) -> bool:
        """Return whether the next such request to this destination may be sent now."""
        return self.is_open(lane, channel_id) and not self._limiter(lane, channel_id).wait()

    def count(self, lane: Lane, channel_id: int) -> None:
        """Count a request that is sent now."""
        self._limiter(lane, channel_id).take()

    def learn(self, lane: Lane, channel_id: int, error: DeliveryError, handling: Handling) -> None:
        """Pause such requests to the destination, or everything, for as long as Discord's answer requires."""
        match handling.action:
            case Action.HALT:
                if self._all_paused_until != math.inf:
                    self._pause_all(math.inf, handling.reason)
                    self._on_unauthorized()
            case Action.RETRY if isinstance(error, DeliveryDelayedError) and error.is_everywhere:
                self._pause_all(handling.delay, "Discord refuses all requests of Wetread for now")
            case Action.RETRY:
                self._paused_until[lane, channel_id] = self._monotonic() + handling.delay
            case Action.UNKNOWN:
                seconds = min(handling.delay, PAUSE_AFTER_NO_ANSWER)
                self._paused_until[lane, channel_id] = self._monotonic() + seconds
            case _:
                pass
        is_invalid = isinstance(error, DeliveryRefusedError) and error.status in (401, 403)
        if is_invalid or isinstance(error, DeliveryDelayedError):
            self._count_invalid_request()

    def _count_invalid_request(self) -> None:
        now = self._monotonic()
        self._refused_at.append(now)
        while self._refused_at[0] < now - INVALID_REQUEST_SPAN:
            self._refused_at.popleft()
        if len(self._refused_at) >= self._invalid_request_limit:
            self._pause_all(INVALID_REQUEST_SPAN, "Discord refused too many requests in a short time")

    def _pause_all(self, seconds: float, reason: str) -> None:
        until = self._monotonic() + seconds
        if until > self._all_paused_until:
            if self.pause is None:
                logger.error("Nothing is sent for %g s: %s.", seconds, reason)
            self._all_paused_until = until
            self._pause_reason = reason

    def _limiter(self, lane: Lane, channel_id: int) -> RateLimiter:
        key = lane, channel_id
        if key not in self._limiters:
            rate, burst = self._paces[lane]
            self._limiters[key] = RateLimiter(rate, monotonic=self._monotonic, sleep=self._sleep, burst=burst)
        return self._limiters[key]
