"""The sandbox in a browser page: simcord's preview, with time that passes and one action at a time."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web
from simcord.preview import Preview
from simcord.preview._server import PreviewServer

from sandbox.console import Console
from sandbox.stage import Stage, lines_of_stdin

WELCOME = """\
This is Wetread's sandbox: the real bot on an invented server, with invented journals. Nothing leaves this
machine. The sandbox has its own time; it is now {began}.

  Open        {url}

The first articles are in #papers, and more arrive every 20 seconds. Type on the page:
  !abstract 10.5555/aisi.2026.0001        !search imaginary        /latest
and press the buttons under a card. Type here in the terminal:
  switch announcements        as moderator (then !feed list on the page)        new-article        break-feed
`help` lists all commands.

To use Wetread in Discord, set DISCORD_TOKEN=… in the environment or in a file .env: see README.md.
"""


BLANK_LINES = """
/* Discord shows a blank line between paragraphs; simcord shows none. */
.markdown-paragraph + .markdown-paragraph, .markdown-paragraph + .markdown-blockquote,
.markdown-blockquote + .markdown-paragraph { margin-top: 1.375em; }
.embed-card .markdown-paragraph + .markdown-paragraph { margin-top: 1.375em; }
"""


class PageServer(PreviewServer):
    """Serves simcord's page with our style sheet behind its own."""

    async def _static(self, request: web.Request) -> web.Response:
        answer: web.Response = await super()._static(request)
        if request.path == "/preview.css":
            answer.text = (answer.text or "") + BLANK_LINES
        return answer


class Redraws:
    """Forgives a press that came while time was passing.

    simcord refuses what refers to a page that has been drawn anew since, and ours is drawn anew whenever
    something is posted. Where nothing but such redraws lies between, what the person saw still holds.
    """

    def __init__(self) -> None:
        self._spans: dict[
            str, tuple[int, int]
        ] = {}  # window → first and last revision with only redraws between

    def note(self, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """Record that every window was redrawn."""
        for window, revision in after.items():
            first, last = self._spans.get(window, (0, -1))
            was = before.get(window, revision)
            self._spans[window] = (first if was == last else was, revision)

    def brought_up_to_date(
        self, window: str | None, body: Mapping[str, Any], page: Preview
    ) -> Mapping[str, Any]:
        """The request, referring to the newest drawing if only redraws lie between."""
        first, last = self._spans.get(window or "", (0, -1))
        seen = body.get("published_revision")
        if isinstance(seen, int) and first <= seen < last and _revisions(page).get(window or "") == last:
            return {**body, "published_revision": last}
        return body


def _revisions(page: Preview) -> dict[str, int]:
    """Each open window's revision."""
    return {window: each.revision for window, each in page._pages.items()}  # noqa: SLF001  # as `_action`


class Browser:
    """One page at a time, of the current channel, as simcord allows.

    simcord also allows one operation at a time, so time, the page and the console take turns through `gate`.
    """

    def __init__(self, stage: Stage, port: int | None) -> None:
        self.stage = stage
        self.port = port
        self.console = Console(stage, print)
        self.gate = asyncio.Lock()
        self._exit = AsyncExitStack()
        self.page: Preview | None = None
        self._drawn = self._state()
        self.redraws = Redraws()

    async def open(self) -> str:
        """Open the page of the current channel and return its address, which is a key too."""
        await self._exit.aclose()
        people = [self.stage.person, self.stage.moderator, self.stage.reader]
        page = self.stage.env.preview(
            self.stage.channel, viewers=list(dict.fromkeys(people)), layout="channel", port=self.port
        )
        page._server = PageServer(page, self.port or 0)  # noqa: SLF001  # there is no public hook
        self._take_turns(page)
        self.page = await self._exit.enter_async_context(page)
        return page.url

    async def close(self) -> None:
        """Close the page."""
        self.page = None
        await self._exit.aclose()

    async def let_pass(self, seconds: float) -> None:
        """Let time pass and show the result."""
        async with self.gate:
            await self.stage.tick(seconds)
            await self._draw()

    async def obey(self, line: str) -> None:
        """Run a console command and show the result, in a new page if the command needs one."""
        async with self.gate:
            await self.console.run(line)
            await self.stage.env.settle()
            if self.console.view_changed:
                self.console.view_changed = False
                print(f"Open {await self.open()}", flush=True)
            await self._draw()

    async def run(self) -> None:
        """Let time pass and run console commands until `quit` or until the task is cancelled."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        lines_of_stdin(queue)
        ticking = asyncio.create_task(self._tick())
        obeying = asyncio.create_task(self._obey_all(queue))
        try:
            done, _ = await asyncio.wait({ticking, obeying}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (ticking, obeying):
                task.cancel()
            await asyncio.gather(ticking, obeying, return_exceptions=True)
            await self.close()

    async def _tick(self) -> None:
        last = time.perf_counter()  # simcord replaces time.monotonic
        while True:
            await asyncio.sleep(1)
            now = time.perf_counter()
            await self.let_pass(now - last)
            last = now

    async def _obey_all(self, queue: "asyncio.Queue[str | None]") -> None:
        while not self.console.has_quit:
            line = await queue.get()
            if line is None:  # standard input has ended: the page stays until the process is stopped
                await asyncio.Event().wait()
            elif line.strip():
                await self.obey(line)

    async def _draw(self) -> None:
        state = self._state()
        page = self.page
        if page is not None and state != self._drawn:
            before = _revisions(page)
            await page.refresh()
            self._drawn = state
            self.redraws.note(before, _revisions(page))

    def _take_turns(self, page: Preview) -> None:
        act = page._action  # noqa: SLF001  # private, of the version that is pinned; there is no public hook

        async def serial(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
            async with self.gate:
                return await act(context_id, self.redraws.brought_up_to_date(context_id, body, page))

        page._action = serial  # type: ignore[method-assign]  # noqa: SLF001  # as above

    def _state(self) -> list[tuple[int, str | None]]:
        return [(message.id, message.edited_timestamp) for message in self.stage.messages()]
