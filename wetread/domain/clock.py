"""The only module that asks the machine for the time, or waits.

Everything else is given a `Clock`, a `Monotonic` or a `Sleep`, so that tests decide what time it is.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant as an aware datetime in UTC."""

Monotonic = Callable[[], float]
"""Returns seconds since an arbitrary start; never goes backwards. For measuring waits, never stored."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits the given number of seconds."""


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds since an arbitrary start; unaffected by changes of the machine's clock."""
    return time.monotonic()


async def sleep(seconds: float) -> None:
    """Wait that many seconds without blocking other tasks; zero or less only yields once."""
    import asyncio  # here, because children that only parse import this module: it takes them 6 MiB

    await asyncio.sleep(max(0.0, seconds))
