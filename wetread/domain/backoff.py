"""Exponential back-off: how long to wait after failures. Pure."""

_MOST_DOUBLINGS = 16


def backoff(failure_count: int, *, first: float, longest: float, jitter: float = 0.0) -> float:
    """Return the seconds to wait after that many failures in a row.

    `first` after one failure, twice as long after each further one, at most `longest`. `jitter` from 0 to 1
    is the share that is taken off, so that what failed together is not tried again together.
    """
    doublings = min(max(failure_count - 1, 0), _MOST_DOUBLINGS)
    return min(first * 2.0**doublings, longest) * (1 - jitter)
