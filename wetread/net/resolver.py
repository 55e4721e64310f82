"""Name look-ups that cannot hold each other up."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Thread

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

LookUp = Callable[..., Sequence[AddrInfoType]]
"""A function like `socket.getaddrinfo`."""

system_look_up: LookUp = socket.getaddrinfo


class ThreadPerNameResolver(AbstractResolver):
    """Looks up each name in a thread of its own.

    aiohttp's ThreadedResolver uses the few threads that asyncio shares. Six names whose servers never answer
    would fill these: no other feed could be retrieved, and the process could not end.
    """

    def __init__(self, look_up: LookUp = system_look_up) -> None:
        self._look_up = look_up

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return all addresses of `host`. Raises OSError or UnicodeError as getaddrinfo does."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()
        look_up = partial(self._look_up, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)

        def settle(result: list[ResolveResult] | OSError | UnicodeError) -> None:
            if answer.done():
                return  # nobody waits any more
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        def run() -> None:
            result: list[ResolveResult] | OSError | UnicodeError
            try:
                result = [_resolved(host, info) for info in look_up()]
            except (OSError, UnicodeError) as error:
                result = error
            with suppress(RuntimeError):  # the event loop has ended meanwhile
                loop.call_soon_threadsafe(settle, result)

        Thread(target=run, name=f"look up {host}", daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Nothing to close: the threads end by themselves."""


def _resolved(host: str, info: AddrInfoType) -> ResolveResult:
    family, _, protocol, _, address = info
    return ResolveResult(
        hostname=host,
        host=str(address[0]),
        port=int(address[1]),
        family=family,
        proto=protocol,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
