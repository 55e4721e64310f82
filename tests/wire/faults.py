"""What can go wrong between the bot and Discord's REST API, as rules that are asked before each request.

A rule names a method ("*" = any), a pattern of the path (`*` stands for one segment, `**` for any number,
"/channels/*/messages"), how often it strikes (None = always) and what then happens.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Moment(Enum):
    """When the request takes effect, seen from the answer."""

    NEVER = auto()  # refused or lost before it did anything
    BEFORE = auto()  # done, and then the answer goes wrong
    LATER = auto()  # the answer goes wrong first; it is done when the test says `release()`


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble. `status` None: no answer, the connection is closed (or, if `hangs`, kept open).

    `delay` seconds pass before anything else. A fault that only delays has `is_trouble` False.
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
    """An error answer; `done`: although the request took effect."""
    body = json.dumps({"message": message or f"Error {code}", "code": json_code})
    return Fault(Moment.BEFORE if done else Moment.NEVER, code, body)


def rate_limited(retry_after: float, *, is_global: bool = False, via: bool = True) -> Fault:
    """429. Without `via` it looks like a Cloudflare ban, which has no JSON either."""
    if not via:
        return Fault(Moment.NEVER, 429, "error code: 1015", "text/plain", {"Retry-After": f"{retry_after:g}"})
    headers = {"Via": "1.1 google", "Retry-After": f"{retry_after:g}"}
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= {
            "X-RateLimit-Bucket": "0123456789abcdef0123456789abcdef",
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": f"{retry_after:g}",
            "X-RateLimit-Scope": "user",
        }
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": is_global}
    return Fault(Moment.NEVER, 429, json.dumps(body), headers=headers)


def close_before() -> Fault:
    """The connection closes and nothing was done."""
    return Fault()


def close_after() -> Fault:
    """It was done, and the answer is lost: how messages come to be posted twice."""
    return Fault(Moment.BEFORE)


def late_commit(code: int | None = None) -> Fault:
    """The answer is lost, or is an error, and the request takes effect when the test releases it."""
    return Fault(Moment.LATER, code, json.dumps({"message": "Late", "code": 0}) if code else "")


def hang() -> Fault:
    """No answer at all, until the other side gives up; nothing was done."""
    return Fault(hangs=True)


def delay(seconds: float) -> Fault:
    """A slow answer, but the right one."""
    return Fault(delay=seconds, is_trouble=False)


def bad_type(*, done: bool = True) -> Fault:
    """200 with HTML, as a proxy in between would send it."""
    effect = Moment.BEFORE if done else Moment.NEVER
    return Fault(effect, 200, "<html><body>Something went wrong</body></html>", "text/html")


def broken_json(*, done: bool = True) -> Fault:
    """200 and the right type, but the body ends in the middle."""
    return Fault(Moment.BEFORE if done else Moment.NEVER, 200, '{"id": "1", "chan')


@dataclass(slots=True)
class Rule:
    """A fault and where it strikes; `hits` counts how often it has."""

    method: str
    path: str
    count: int | None
    fault: Fault
    hits: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request falls under the rule."""
        parts = [
            ".*" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") for part in self.path.split("/")
        ]
        return self.method in ("*", method) and re.fullmatch("/".join(parts), path) is not None

    def release(self) -> None:
        """Let what this rule holds back (late commits, hanging answers) go on."""
        self._released.set()

    async def released(self) -> None:
        """Wait for `release`."""
        await self._released.wait()


class Faults:
    """The rules in force; the first that matches strikes."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, method: str, path: str, fault: Fault, *, count: int | None = 1) -> Rule:
        """Put a rule in force and return it, to ask for its hits or to release what it holds."""
        rule = Rule(method, path, count, fault)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """All is well from now on."""
        self.rules.clear()

    def strike(self, method: str, path: str) -> Rule | None:
        """The rule that a request meets, counted; None if it meets none."""
        for rule in self.rules:
            if (rule.count is None or rule.hits < rule.count) and rule.matches(method, path):
                rule.hits += 1
                return rule
        return None
