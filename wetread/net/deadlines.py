"""Time-outs of many exchanges with one timer of the event loop."""

import asyncio
from types import TracebackType


class Deadlines:
    """Ends exchanges that take too long, or in which nothing comes for too long.

    aiohttp sets two timers for each request, and cancels them: a tenth of all the work of asking unchanged
    feeds. Deadlines are nearly always met, so one timer for the earliest of them suffices.
    """

    def __init__(self) -> None:
        self._running: set[Deadline] = set()
        self._timer: asyncio.TimerHandle | None = None

    def limit(self, seconds: float, *, first_pause: float, pause: float) -> "Deadline":
        """Return a block (`with`) that may take `seconds`, else it raises TimeoutError.

        The other numbers are the seconds in which nothing may come: until the first `heard`, and then.
        """
        return Deadline(self, seconds, first_pause, pause)

    def add(self, deadline: "Deadline") -> None:
        """Watch a block that begins."""
        self._running.add(deadline)
        if self._timer is None or deadline.due_at < self._timer.when():
            self._wake_at(deadline.due_at)

    def remove(self, deadline: "Deadline") -> None:
        """Watch a block no longer. Without a block there is no timer."""
        self._running.discard(deadline)
        if not self._running:
            self._stop()

    def close(self) -> None:
        """Watch nothing any more."""
        self._running.clear()
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake_at(self, instant: float) -> None:
        self._stop()
        self._timer = asyncio.get_running_loop().call_at(instant, self._look)

    def _look(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        for deadline in [each for each in self._running if each.due_at <= now]:
            self._running.discard(deadline)
            deadline.expire()
        if self._running:
            self._wake_at(min(each.due_at for each in self._running))


class Deadline:
    """The time limits of one block, which must be in a task."""

    __slots__ = (
        *("_began_at", "_cancelling", "_deadlines", "_ends_at", "_is_over", "_loop", "_pause", "_task"),
        "due_at",
    )
    _task: "asyncio.Task[object]"

    def __init__(self, deadlines: Deadlines, seconds: float, first_pause: float, pause: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._began_at = now = self._loop.time()
        self._deadlines = deadlines
        self._ends_at = now + seconds
        self._pause = pause
        self._is_over = False
        self.due_at = min(self._ends_at, now + first_pause)

    def heard(self) -> None:
        """Something has come: the pause begins anew."""
        self.due_at = min(self._ends_at, self._loop.time() + self._pause)

    def seconds_used(self) -> float:
        """Return how long ago the block began, by the clock of its deadlines."""
        return self._loop.time() - self._began_at

    def expire(self) -> None:
        """End the block."""
        self._is_over = True
        self._task.cancel()

    def __enter__(self) -> "Deadline":
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a block of a coroutine
        self._task, self._cancelling = task, task.cancelling()
        self._deadlines.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deadlines.remove(self)
        # As asyncio.timeout does: somebody else may have cancelled the task at the same time.
        if self._is_over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
