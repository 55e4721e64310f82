"""Wait for a condition without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0  # seconds after which a wait fails; long, because a busy machine is slow


class Changes:
    """The stand-ins call `touch` after each change; `until` then checks its condition again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def touch(self) -> None:
        """Report a change."""
        for event in self._waiting:
            event.set()

    async def until(self, look: Callable[[], T], *, within: float = PATIENCE, what: str = "it") -> T:
        """Wait until `look()` is true, and return it. Raises AssertionError after `within` seconds."""
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
