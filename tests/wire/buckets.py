"""Discord's rate limit headers: how many requests a bucket still allows, and when it is full again.

A bucket is one kind of request on one channel, server or webhook. This Discord counts and tells; it refuses
nothing by itself, a test does that with `faults.rate_limited`.
"""

import hashlib
import re
from dataclasses import dataclass

LIMIT = 50  # far more than the real 5, so that an obedient bot never waits here
WINDOW = 1.0  # seconds
_ID = re.compile(r"(?<=/)(?:\d+|simcord_[^/]+)(?=/|$)")  # an id, or the token of an interaction


@dataclass(slots=True)
class _Bucket:
    used: int
    ends_at: float


class Buckets:
    """The buckets of one bot."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def headers(self, method: str, path: str, now: float) -> dict[str, str]:
        """Count one request, and return the headers of its answer; `now` is real time in seconds."""
        name, first = name_of(method, path), _ID.search(path)
        key = (name, first[0] if first else "")
        bucket = self._buckets.get(key)
        if bucket is None or bucket.ends_at <= now:
            bucket = self._buckets[key] = _Bucket(0, now + WINDOW)
        bucket.used += 1
        return {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(max(0, LIMIT - bucket.used)),
            "X-RateLimit-Reset": f"{bucket.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.ends_at - now:.3f}",
            "X-RateLimit-Bucket": name,
        }


def name_of(method: str, path: str) -> str:
    """Return the name that Discord gives all buckets of one kind of request."""
    return hashlib.sha256(f"{method} {_ID.sub('id', path)}".encode()).hexdigest()[:32]
