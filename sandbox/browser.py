"""The sandbox in a browser page: simcord's preview, with time that passes and one action at a time."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from simcord.preview import Preview

from sandbox.console import Console
from sandbox.stage import Stage, lines_of_stdin

WELCOME = """\
This is Wetread's sandbox: the real bot on an invented server, with invented journals. Nothing leaves this
machine. The times shown are the sandbox's own; they begin on 1 Jan 2026.

  Open        {url}

Cards arrive in #papers within a minute. Then try, in the page:
  !abstract 10.5555/aisi.2026.0001        !search imaginary        /latest        the buttons under a card
and here: `switch announcements`, `as moderator` (then !feed list), `new-article`, `break-feed`, `help`.

To go live, put DISCORD_TOKEN=… into the environment or into a file .env (see README, five minutes).
"""


class Browser:
    """One page at a time, of the current channel, as simcord allows."""

    def __init__(self, stage: Stage, port: int | None) -> None:
        self.stage = stage
        self.port = port
        self.console = Console(stage, print)
        self._gate = (
            asyncio.Lock()
        )  # simcord allows one operation at a time: ticks, page and console take turns
        self._exit = AsyncExitStack()
        self._page: Preview | None = None

    async def open(self) -> str:
        """Open the page of the current channel and return its address, which is a key too."""
        await self._exit.aclose()
        people = [self.stage.person, self.stage.moderator, self.stage.reader]
        page = self.stage.env.preview(
            self.stage.channel, viewers=list(dict.fromkeys(people)), layout="channel", port=self.port
        )
        self._take_turns(page)
        self._page = await self._exit.enter_async_context(page)
        return page.url

    def _take_turns(self, page: Preview) -> None:
        act = page._action  # noqa: SLF001  # private, of the version that is pinned; there is no public hook

        async def serial(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
            async with self._gate:
                return await act(context_id, body)

        page._action = serial  # type: ignore[method-assign]  # noqa: SLF001  # as above

    async def run(self) -> None:
        """Let time pass and obey the console until it says quit or the task is cancelled."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        lines_of_stdin(queue)
        ticking = asyncio.create_task(self._tick())
        obeying = asyncio.create_task(self._obey(queue))
        try:
            done, _ = await asyncio.wait({ticking, obeying}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (ticking, obeying):
                task.cancel()
            await asyncio.gather(ticking, obeying, return_exceptions=True)
            await self._exit.aclose()

    async def _tick(self) -> None:
        last = time.perf_counter()  # simcord stands in for time.monotonic
        seen = self._state()
        while True:
            await asyncio.sleep(1)
            async with self._gate:
                now = time.perf_counter()
                await self.stage.tick(now - last)
                last = now
                if self._page is not None and (state := self._state()) != seen:
                    await self._page.refresh()
                    seen = state

    async def _obey(self, queue: "asyncio.Queue[str | None]") -> None:
        while not self.console.has_quit:
            line = await queue.get()
            if line is None:  # no console: the page goes on until the process is stopped
                await asyncio.Event().wait()
            elif line.strip():
                async with self._gate:
                    await self.console.run(line)
                    await self.stage.env.settle()
                    if self.console.view_changed:
                        self.console.view_changed = False
                        print(f"Open {await self.open()}")

    def _state(self) -> list[tuple[int, str | None]]:
        return [(message.id, message.edited_timestamp) for message in self.stage.messages()]
