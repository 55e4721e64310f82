"""Turns per host: how many requests at a time, and how long a host is left alone after each."""

import asyncio
from dataclasses import dataclass
from types import TracebackType

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

    def turn(self, host: str) -> "_Turn":
        """Return a block (`async with`) that begins with a turn at `host`, which ends with it."""
        return _Turn(self, host)

    async def begin(self, host: str) -> _Queue:
        """Wait for a turn at `host`, and return the queue in which to end it."""
        queue = self._queue(host)
        queue.user_count += 1
        try:
            await queue.slots.acquire()
        except BaseException:
            queue.user_count -= 1
            raise
        try:
            while (wait := queue.free_at - self._monotonic()) > 1e-6:  # not for a rounding error
                await self._sleep(wait)
        except BaseException:
            queue.slots.release()
            queue.user_count -= 1
            raise
        return queue

    def end(self, queue: _Queue) -> None:
        """End a turn that has begun."""
        queue.free_at = self._monotonic() + self._gap * (1 + self._chance())
        queue.slots.release()
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


class _Turn:
    """One turn as a block; a generator in its place would cost as much as the rest of a turn."""

    __slots__ = ("_host", "_queue", "_queues")
    _queue: _Queue

    def __init__(self, queues: HostQueues, host: str) -> None:
        self._queues = queues
        self._host = host

    async def __aenter__(self) -> None:
        self._queue = await self._queues.begin(self._host)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queues.end(self._queue)
