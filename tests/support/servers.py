"""A real HTTP server on the loopback that serves feeds, well or badly, and records its requests."""

import asyncio
import gzip
import hashlib
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from wetread.domain.clock import Monotonic, monotonic

MEGABYTE = 1024 * 1024

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request. `headers` has lower-case names; `at` is in seconds of the server's clock."""

    method: str
    path: str
    at: float
    host: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class FeedServer:
    """Serves what a test puts at a path; any other path is a 404. `feed_server()` runs one."""

    clock: Monotonic = monotonic
    requests: list[SeenRequest] = field(default_factory=list)
    most_at_once: int = 0
    bytes_sent: int = 0
    port: int = 0
    _handlers: dict[str, Handler] = field(default_factory=dict)
    _under_way: int = 0

    def url(self, path: str, *, host: str = "127.0.0.1", userinfo: str = "") -> str:
        """Return the address of `path`; with another `host` it needs a FakeResolver."""
        return f"http://{userinfo}{host}:{self.port}{path}"

    def requests_to(self, path: str) -> list[SeenRequest]:
        """Return the requests for `path`, in order."""
        return [request for request in self.requests if request.path == path]

    # What can be served

    def publish(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = "application/rss+xml; charset=utf-8",
        etag: str | None = "",
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        ignores_validators: bool = False,
    ) -> None:
        """Serve a feed, compressed if the client accepts that, and 304 to a client that has this version.

        `etag` "" = made from the body, None = none. `ignores_validators`: always send the whole body.
        """
        content = body.encode() if isinstance(body, str) else body
        if etag == "":
            etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        own = {"Content-Type": content_type, **(headers or {})}
        if etag is not None:
            own["ETag"] = etag
        if last_modified is not None:
            own["Last-Modified"] = last_modified

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            asked_etag = request.headers.get("If-None-Match")
            asked_date = request.headers.get("If-Modified-Since")
            is_known = asked_etag == etag if asked_etag is not None else asked_date == last_modified
            if not ignores_validators and is_known and (asked_etag or asked_date):
                return web.Response(status=304, headers=own)
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                return web.Response(
                    body=gzip.compress(content, 1), headers={**own, "Content-Encoding": "gzip"}
                )
            return web.Response(body=content, headers=own)

        self.serve(path, answer)

    def answer(
        self, path: str, status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer every request with this status, these headers and this body."""
        content = body.encode() if isinstance(body, str) else body

        async def answer(_request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=status, body=content, headers=headers)

        self.serve(path, answer)

    def redirect(self, path: str, to: str, status: int = 301) -> None:
        """Redirect to an address or path."""
        self.answer(path, status, b"moved", {"Location": to})

    def cut(self, path: str, body: bytes, promised: int) -> None:
        """Promise more bytes than are sent, then close the connection (faults.md B22)."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": str(promised)})
            await response.prepare(request)
            await response.write(body)
            assert request.transport
            request.transport.close()
            return response

        self.serve(path, answer)

    def drop(self, path: str) -> None:
        """Close the connection without an answer."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            assert request.transport
            request.transport.abort()
            return web.Response()

        self.serve(path, answer)

    def trickle(self, path: str, pieces: Iterable[bytes], pause: float) -> None:
        """Send a body in pieces, with real pauses in seconds (faults.md B30, S12)."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
            await response.prepare(request)
            for piece in pieces:
                await response.write(piece)
                self.bytes_sent += len(piece)
                await asyncio.sleep(pause)
            return response

        self.serve(path, answer)

    def hang(self, path: str) -> None:
        """Accept the request and never answer."""

        async def answer(_request: web.BaseRequest) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

        self.serve(path, answer)

    def bomb(self, path: str, megabytes: int, coding: str = "gzip", *, declares: str | None = None) -> None:
        """Serve a small compressed body that unpacks to that many megabytes (faults.md S11).

        `declares` is the Content-Encoding header, if it differs from `coding`.
        """
        body = compressed_zeros(megabytes, coding)
        self.answer(
            path,
            200,
            body,
            {"Content-Encoding": declares or coding, "Content-Type": "application/rss+xml"},
        )

    def endless(self, path: str, piece: bytes = b"x" * 65536) -> None:
        """Send a body that never ends, counting `bytes_sent`."""

        def pieces() -> Iterable[bytes]:
            while True:
                yield piece

        self.trickle(path, pieces(), pause=0)

    def raw(self, path: str, data: bytes) -> None:
        """Send these bytes instead of an HTTP answer, then close."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            assert request.transport
            request.transport.write(data)
            request.transport.close()
            return web.Response()

        self.serve(path, answer)

    def serve(self, path: str, handler: Handler) -> None:
        """Let a handler answer requests for the path from now on."""
        self._handlers[path] = handler

    # How it runs

    async def _dispatch(self, request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode(errors="replace")
        self.requests.append(
            SeenRequest(
                method=request.method,
                path=request.path,
                at=self.clock(),
                host=request.host,
                headers={name.lower(): value for name, value in request.headers.items()},
                query=dict(request.query),
                form=tuple(parse_qsl(body)),
            )
        )
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            handler = self._handlers.get(request.path)
            return await handler(request) if handler else web.Response(status=404)
        finally:
            self._under_way -= 1


@asynccontextmanager
async def feed_server(clock: Monotonic = monotonic) -> AsyncIterator[FeedServer]:
    """Run a FeedServer on a free port of 127.0.0.1."""
    server = FeedServer(clock)
    runner = web.ServerRunner(
        web.Server(server._dispatch, access_log=None), handle_signals=False, shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


class FakeResolver(AbstractResolver):
    """A scripted DNS resolver: each look-up of a name returns its next list of addresses, then its last."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}
        self.lookups: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.lookups.append(host)
        if host not in self._names:
            raise OSError(f"no such name: {host}")
        answers = self._names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


def compressed_zeros(megabytes: int, coding: str) -> bytes:
    """Return that many megabytes of zeros, compressed as "gzip" or "deflate"."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    block = bytes(MEGABYTE)
    return b"".join([*(compressor.compress(block) for _ in range(megabytes)), compressor.flush()])
