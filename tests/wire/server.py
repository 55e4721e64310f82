"""A Discord on 127.0.0.1 that an unmodified bot logs in to: REST and gateway on one port."""

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.wire.backend import WireBackend
from tests.wire.buckets import Limits
from tests.wire.changes import Changes
from tests.wire.faults import Faults
from tests.wire.gateway import Gateway
from tests.wire.rest import PREFIX, Rest
from tests.wire.world import WireWorld


class DiscordServer:
    """One world with its REST API and its gateway.

    `world`: people, channels, posts. `faults`: failures of requests. `gateway`: failures of the socket.
    `rest.calls`: every request of the bot. `limits`: rate limits that it keeps; None = it refuses nothing.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.changes = Changes()
        self.backend = WireBackend()
        self.faults = Faults()
        self.rest = Rest(self.backend, self.changes, self.faults, limits)
        self.gateway = Gateway(self.backend, self.changes)
        self.world = WireWorld(self.backend, self.changes)
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """Return the address for `discord.http.Route.BASE`."""
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Return the address for `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/", self.gateway.handle)
        app.router.add_route("*", f"{PREFIX}/{{path:.*}}", self.rest.handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.rest.gateway_url = self.gateway.url = self.gateway_url

    async def stop(self) -> None:
        """Close every connection."""
        await self.rest.close()
        if self.gateway.is_connected:
            self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def assert_no_gaps(self) -> None:
        """Raise AssertionError if the bot asked for something that this Discord does not support."""
        assert not self.rest.gaps, self.rest.gaps
