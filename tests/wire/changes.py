"""Waiting for something to come true without asking for it again and again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0  # seconds after which a wait is a failure; a machine under load is slow, not wrong


class Changes:
    """Everything that happens in the stand-ins calls `touch`; `until` looks again each time."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def touch(self) -> None:
        """Something has happened."""
        for event in self._waiting:
            event.set()

    async def until(self, look: Callable[[], T], *, within: float = PATIENCE, what: str = "it") -> T:
        """Wait until `look()` is truthy and return that. Raises AssertionError after `within` seconds."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(within):
                while not (found := look()):
                    event.clear()
                    await event.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"{what} did not happen within {within:g} s") from None
        finally:
            self._waiting.discard(event)
