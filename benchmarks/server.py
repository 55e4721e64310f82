"""A loopback server in its own process, fast enough not to influence the measures.

`GET /feed/7` is feed 7's document, or 304 to who has it. All of 127.0.0.1 … 127.0.0.100 answer, so that
there are a hundred hosts.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.feeds import filled, rss

HOST_COUNT = 100
_TEMPLATE_COUNT = 10
_ITEMS = 20
ETAG = '"version-1"'
"""The ETag of every document: a client that sends it has them all."""


@contextmanager
def serving() -> Iterator[int]:
    """Run the server and yield its port."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as process:  # noqa: S603  # ours
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def urls(port: int, count: int) -> list[str]:
    """Return the addresses of feeds 0 … count-1, spread over the hosts."""
    return [f"http://127.0.0.{1 + number % HOST_COUNT}:{port}/feed/{number}" for number in range(count)]


class _Connection(asyncio.Protocol):
    def __init__(self, templates: list[bytes]) -> None:
        self._templates = templates
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        if ETAG.encode() in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()
        number = int(head.split(b" ", 2)[1].rsplit(b"/", 1)[1])
        body = filled(self._templates[number % len(self._templates)], number, 1)
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: {ETAG}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def _serve() -> None:
    templates = [rss(_ITEMS, seed=seed) for seed in range(_TEMPLATE_COUNT)]
    loop = asyncio.get_running_loop()
    first = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port = first.getsockname()[1]
    others = [
        socket.create_server((f"127.0.0.{host}", port), backlog=1024) for host in range(2, HOST_COUNT + 1)
    ]
    for listener in (first, *others):
        await loop.create_server(lambda: _Connection(templates), sock=listener)
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
