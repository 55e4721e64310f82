"""A circuit breaker: a service that fails is not asked for a while."""

from enum import StrEnum

from wetread.domain.backoff import backoff
from wetread.domain.clock import Monotonic


class BreakerState(StrEnum):
    """Closed: requests are sent. Open: none is. Half-open: one trial request may be sent."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class CircuitBreaker:
    """Opens after `failures` failed requests in a row, and lets a single trial request through now and then.

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
        self._next_trial_at = 0.0

    @property
    def state(self) -> BreakerState:
        """The state now."""
        if self._failure_count < self._failures:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.seconds_left > 0 else BreakerState.HALF_OPEN

    @property
    def seconds_left(self) -> float:
        """Seconds until the next trial request; 0 = now."""
        return (
            max(0.0, self._next_trial_at - self._monotonic())
            if self._failure_count >= self._failures
            else 0.0
        )

    def allows(self) -> bool:
        """Return whether a request may be sent now; True while half-open uses up the trial.

        If a trial has no result (it was cancelled, for example), the next trial follows after a pause.
        """
        state = self.state
        if state is BreakerState.HALF_OPEN:
            self._next_trial_at = self._monotonic() + self._pause
        return state is not BreakerState.OPEN

    def record_success(self) -> None:
        """Close: the service answered."""
        self._failure_count = 0
        self._pause = 0.0

    def record_failure(self) -> None:
        """Count a failure: no answer, or a server error."""
        self._failure_count += 1
        if self._failure_count >= self._failures:
            self._pause = backoff(
                self._failure_count - self._failures + 1,
                first=self._shortest_pause,
                longest=self._longest_pause,
            )
            self._next_trial_at = self._monotonic() + self._pause
