"""A rate limit (token bucket) that our own requests keep."""

import asyncio
import math

from wetread.domain.clock import Monotonic, Sleep

_TOLERANCE = 1e-6  # seconds; a sleep may end a rounding error too early


class RateLimiter:
    """Lets at most `rate` actions a second begin, in the order in which they were asked for.

    After a quiet time up to `burst` begin at once. Services count in windows of a second, so a burst above
    one can exceed their limit by itself.
    """

    def __init__(self, rate: float, *, monotonic: Monotonic, sleep: Sleep, burst: int = 1) -> None:
        self._rate = self._highest_rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._booked_until = self._paused_until = monotonic()

    @property
    def rate(self) -> float:
        """Actions a second at present."""
        return self._rate

    def wait(self) -> float:
        """Return the seconds until the next action may begin; 0 = now."""
        free_at = max(self._booked_until - (self._burst - 1) / self._rate, self._paused_until)
        return max(0.0, free_at - self._monotonic())

    def take(self) -> None:
        """Count an action that begins now, whether or not it may."""
        self._booked_until = max(self._booked_until, self._monotonic()) + 1 / self._rate

    async def acquire(
        self, slots: asyncio.Semaphore | None = None, *, longest_pause: float = math.inf
    ) -> bool:
        """Wait until the next action may begin, count it, and return True; with `slots`, take one of them.

        Returns False, and counts and takes nothing, once a pause is longer than `longest_pause` seconds.
        The caller releases the slot. Whoever waits for the rate holds none.
        """
        async with self._turn:
            while self.pause_left <= longest_pause:
                if (wait := self.wait()) > _TOLERANCE:
                    await self._sleep(wait)
                    continue
                if slots is not None:
                    await slots.acquire()
                    if self.wait() > _TOLERANCE:  # a pause began while all slots were taken
                        slots.release()
                        continue
                self.take()
                return True
        return False

    def limit_to(self, rate: float) -> None:
        """Use the rate that a service names, but never more than our own."""
        if rate > 0:
            self._rate = min(rate, self._highest_rate)

    def pause(self, seconds: float) -> None:
        """Let no action begin for that many seconds; an earlier, longer pause stays."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    @property
    def pause_left(self) -> float:
        """Seconds left of a pause that the service asked for; 0 = no pause."""
        return max(0.0, self._paused_until - self._monotonic())
