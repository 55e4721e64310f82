"""Faults between the bot and Discord's REST API, as rules that are checked before each request.

A rule names a method ("*" = any), a pattern of the path (`*` stands for one segment, `**` for any number,
"/channels/*/messages"), how often it applies (None = always) and what then happens.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Moment(Enum):
    """When the request takes effect, compared with its answer."""

    NEVER = auto()  # never: it was refused or lost
    BEFORE = auto()  # before the answer, which then fails
    LATER = auto()  # after the answer failed, when the test calls `release()`


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault. `status` None: no answer; the connection closes or, if `hangs`, stays open.

    `delay` seconds pass first. A fault that only delays has `is_trouble` False.
    """

    effect: Moment = Moment.NEVER
    status: int | None = None
    body: str = ""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hangs: bool = False
    is_trouble: bool = True


def status(code: int, *, json_code: int = 0, message: str = "", done: bool = False) -> Fault:
    """Answer with an error; `done`: the request took effect all the same."""
    body = json.dumps({"message": message or f"Error {code}", "code": json_code})
    return Fault(Moment.BEFORE if done else Moment.NEVER, code, body)


def rate_limited(
    retry_after: float,
    *,
    is_global: bool = False,
    via: bool = True,
    json_code: int | None = None,
    header: float | None = None,
) -> Fault:
    """Answer 429. Without `via` it looks like a ban by Cloudflare, which sends no JSON.

    `header`: the seconds of `Retry-After`, where they differ from those of the body. `json_code`: which
    limit it is (20016 slow mode, 20028 the channel's write limit).
    """
    said = f"{retry_after if header is None else header:g}"
    if not via:
        return Fault(Moment.NEVER, 429, "error code: 1015", "text/plain", {"Retry-After": said})
    headers = {"Via": "1.1 google", "Retry-After": said}
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": said,
            "X-RateLimit-Scope": "user",
        }
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": is_global}
    if json_code is not None:
        body["code"] = json_code
    return Fault(Moment.NEVER, 429, json.dumps(body), headers=headers)


def close_before() -> Fault:
    """Close the connection before the request takes effect."""
    return Fault()


def close_after() -> Fault:
    """Close the connection after the request took effect: this is how messages get posted twice."""
    return Fault(Moment.BEFORE)


def late_commit(code: int | None = None) -> Fault:
    """Lose the answer, or answer with an error; the request takes effect when the test releases it."""
    return Fault(Moment.LATER, code, json.dumps({"message": "Late", "code": 0}) if code else "")


def hang() -> Fault:
    """Never answer, and do nothing, until the client gives up."""
    return Fault(hangs=True)


def delay(seconds: float) -> Fault:
    """Answer correctly, but late."""
    return Fault(delay=seconds, is_trouble=False)


def bad_type(*, done: bool = True) -> Fault:
    """Answer 200 with HTML, as a proxy would."""
    effect = Moment.BEFORE if done else Moment.NEVER
    return Fault(effect, 200, "<html><body>Something went wrong</body></html>", "text/html")


def broken_json(*, done: bool = True) -> Fault:
    """Answer 200 with the right type and only half of the body."""
    return Fault(Moment.BEFORE if done else Moment.NEVER, 200, '{"id": "1", "chan')


@dataclass(slots=True)
class Rule:
    """A fault and the requests to which it applies; `hits` counts them."""

    method: str
    path: str
    count: int | None
    fault: Fault
    hits: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, path: str) -> bool:
        """Return whether the rule applies to a request."""
        parts = [
            ".*" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") for part in self.path.split("/")
        ]
        return self.method in ("*", method) and re.fullmatch("/".join(parts), path) is not None

    def release(self) -> None:
        """Let the requests continue that this rule holds back (late commits, hanging answers)."""
        self._released.set()

    async def released(self) -> None:
        """Wait for `release`."""
        await self._released.wait()


class Faults:
    """The rules in force; the first that matches applies."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, method: str, path: str, fault: Fault, *, count: int | None = 1) -> Rule:
        """Put a rule in force, and return it for its `hits` and `release`."""
        rule = Rule(method, path, count, fault)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove all rules."""
        self.rules.clear()

    def strike(self, method: str, path: str) -> Rule | None:
        """Return the rule that applies to a request and count it, None if there is none."""
        for rule in self.rules:
            if (rule.count is None or rule.hits < rule.count) and rule.matches(method, path):
                rule.hits += 1
                return rule
        return None
