"""Discord's rate limits: how many requests a bucket still allows, when it is full again, what is refused.

A bucket is one kind of request on one channel, server or webhook. Without `Limits` this Discord counts and
tells, but refuses nothing by itself; a test does that with `faults.rate_limited`.
"""

import hashlib
import re
from collections import deque
from dataclasses import dataclass

LIMIT = 50  # far more than the real 5, so that an obedient bot never waits here
WINDOW = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that this Discord keeps. All requests of the bot count for `in_a_second`, but interactions.

    Discord documents 50 a second. The five in five seconds for messages of a channel are what others have
    observed. Whether its second begins with the first request or anywhere is not known: here, anywhere.
    """

    in_a_second: int = 50
    in_a_bucket: int = 5
    bucket_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request comes too early, by that many seconds, for its bucket or for the whole bot."""

    seconds: float
    is_global: bool


_ID = re.compile(r"(?<=/)(?:\d+|simcord_[^/]+)(?=/|$)")  # an id, or the token of an interaction


@dataclass(slots=True)
class _Bucket:
    used: int
    ends_at: float


class Buckets:
    """The buckets of one bot. `limits` None: nothing is refused."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._size = limits.in_a_bucket if limits else LIMIT
        self._window = limits.bucket_seconds if limits else WINDOW
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._taken: deque[float] = deque()  # times of the requests of the last second

    def headers(self, method: str, path: str, now: float) -> dict[str, str]:
        """Count one request, and return the headers of its answer; `now` is real time in seconds."""
        bucket = self._bucket(method, path, now)
        bucket.used += 1
        return {
            "X-RateLimit-Limit": str(self._size),
            "X-RateLimit-Remaining": str(max(0, self._size - bucket.used)),
            "X-RateLimit-Reset": f"{bucket.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.ends_at - now:.3f}",
            "X-RateLimit-Bucket": name_of(method, path),
        }

    def refusal(self, method: str, path: str, now: float) -> Refusal | None:
        """Return why a request is refused now; None = it is taken, and counts for the whole bot."""
        if self._limits is None or path.startswith(("/interactions/", "/webhooks/")):
            return None
        while self._taken and self._taken[0] <= now - 1:
            self._taken.popleft()
        if len(self._taken) >= self._limits.in_a_second:
            return Refusal(self._taken[0] + 1 - now, is_global=True)
        bucket = self._bucket(method, path, now)
        if bucket.used >= self._size:
            return Refusal(bucket.ends_at - now, is_global=False)
        self._taken.append(now)
        return None

    def _bucket(self, method: str, path: str, now: float) -> _Bucket:
        first = _ID.search(path)
        key = (name_of(method, path), first[0] if first else "")
        bucket = self._buckets.get(key)
        if bucket is None or bucket.ends_at <= now:
            bucket = self._buckets[key] = _Bucket(0, now + self._window)
        return bucket


def name_of(method: str, path: str) -> str:
    """Return the name that Discord gives all buckets of one kind of request."""
    return hashlib.sha256(f"{method} {_ID.sub('id', path)}".encode()).hexdigest()[:32]
