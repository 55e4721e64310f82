"""Turns per host: how many requests at a time, and how long a host is left alone after each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wetread.domain.chance import Chance
from wetread.domain.clock import Monotonic, Sleep

IDLE_QUEUES_KEPT = 1000


@dataclass(slots=True)
class _Queue:
    """The requests that wait for one host. `free_at`: when the next may be sent, in monotonic seconds."""

    slots: asyncio.Semaphore
    free_at: float = 0.0
    user_count: int = 0


class HostQueues:
    """Gives turns: at most `per_host` requests to a host at a time, and a pause after each.

    The pause is `gap` to twice as many seconds. These queues are ours, because aiohttp's would count the
    waiting as part of a request's time-out and let slow hosts use up the connections of quick ones.
    """

    def __init__(
        self, *, per_host: int, gap: float, monotonic: Monotonic, sleep: Sleep, chance: Chance
    ) -> None:
        self._per_host = per_host
        self._gap = gap
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._queues: dict[str, _Queue] = {}
        self._tidy_at = IDLE_QUEUES_KEPT

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host`; it ends with the block."""
        queue = self._queue(host)
        queue.user_count += 1
        try:
            async with queue.slots:
                while (wait := queue.free_at - self._monotonic()) > 1e-6:  # not for a rounding error
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    queue.free_at = self._monotonic() + self._gap * (1 + self._chance())
        finally:
            queue.user_count -= 1

    def __len__(self) -> int:
        """Return for how many hosts there are queues."""
        return len(self._queues)

    def _queue(self, host: str) -> _Queue:
        if host not in self._queues:
            if len(self._queues) >= self._tidy_at:
                self._forget_idle()
            self._queues[host] = _Queue(asyncio.Semaphore(self._per_host))
        return self._queues[host]

    def _forget_idle(self) -> None:
        now = self._monotonic()
        self._queues = {
            name: queue for name, queue in self._queues.items() if queue.user_count or queue.free_at > now
        }
        self._tidy_at = max(IDLE_QUEUES_KEPT, 2 * len(self._queues))
