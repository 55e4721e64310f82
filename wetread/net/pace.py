"""Spreading actions over time."""

from wetread.domain.clock import Monotonic


class Pace:
    """Lets `burst` actions through at once, and after that one every `interval` seconds."""

    def __init__(self, interval: float, monotonic: Monotonic, *, burst: int = 1) -> None:
        self._interval = interval
        self._tolerance = interval * (burst - 1)
        self._monotonic = monotonic
        self._booked_until = monotonic()

    def wait(self) -> float:
        """Return the seconds until the next action may begin; 0 = now."""
        return max(0.0, self._booked_until - self._tolerance - self._monotonic())

    def take(self) -> float:
        """Book the next action and return the seconds after which it may begin."""
        wait = self.wait()
        self._booked_until = max(self._booked_until, self._monotonic()) + self._interval
        return wait
