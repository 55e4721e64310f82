"""Name look-ups: one that hangs holds up no other, and not the end of the process."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest

from wetread.net.resolver import ThreadPerNameResolver

HANGING = 40  # more than the threads that asyncio shares on any machine


class Names:
    """Answers names at once, except those that begin with "hang", until it is released."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def look_up(self, host: str, *_: Any) -> list[Any]:
        if host.startswith("hang"):
            self.released.wait(30)
        if host.startswith("unknown"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))]


async def test_names_that_hang_hold_up_no_other_and_nothing_else() -> None:
    names = Names()
    resolver = ThreadPerNameResolver(names.look_up)
    hanging = [asyncio.create_task(resolver.resolve(f"hang{each}.example")) for each in range(HANGING)]
    try:
        async with asyncio.timeout(5):
            found = await asyncio.gather(
                *(resolver.resolve(f"quick{each}.example", 443) for each in range(50))
            )
            await asyncio.get_running_loop().run_in_executor(None, time.monotonic)
        assert {answer["host"] for [answer] in found} == {"192.0.2.1"}
        assert not any(task.done() for task in hanging)
    finally:
        names.released.set()
        await asyncio.gather(*hanging)


def test_an_event_loop_ends_while_a_name_hangs() -> None:
    names = Names()

    async def impatient() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ThreadPerNameResolver(names.look_up).resolve("hang.example"), 0.05)

    started = time.monotonic()
    asyncio.run(impatient())
    names.released.set()

    assert time.monotonic() - started < 5


async def test_an_unknown_name_raises_what_the_system_raises() -> None:
    with pytest.raises(OSError, match="unknown"):
        await ThreadPerNameResolver(Names().look_up).resolve("unknown.example")
