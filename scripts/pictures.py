"""Draw docs/pictures/: every card and panel as Discord shows it, for a desktop's and a phone's width.

    python scripts/pictures.py [NAME …] [--out FOLDER] [--browser chromium]

Needs requirements-dev.txt, requirements-sandbox.txt and a Chromium. simcord's preview does the drawing; it
is close to Discord, not equal: blank lines and long code are set here as Discord sets them. All articles
are invented.
"""

import argparse
import asyncio
import base64
import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.cogs.shelf import Shelf, ShelfBot, filled  # noqa: E402  # the folder must be on the path first
from tests.support.discord_world import World, open_world  # noqa: E402  # as above
from wetread.domain.clock import Clock  # noqa: E402  # as above

WIDTHS = {"desktop": 620, "phone": 400}
SCALE = 1
PATIENCE = 60.0
NOW = datetime(2026, 1, 15, 8, 12, tzinfo=UTC)

# Only the conversation: not the preview's own tools, nor what a person would type into.
STYLE = """
.preview-toolbar, .messages-sidebar, .channel-header, .channel-composer, .inspector-panel, .drawer-scrim,
.history-button, [data-workbench] { display: none !important; }
html, body, .preview-shell, .preview-workspace, .preview-stage, .preview-app, .channel-layout,
.channel-timeline { display: block !important; width: 100% !important; max-width: none !important;
height: auto !important; min-height: 0 !important; max-height: none !important; overflow: visible !important;
border: 0 !important; margin: 0 !important; padding: 0 !important; }
.markdown-paragraph + .markdown-paragraph, .markdown-paragraph + blockquote, blockquote + .markdown-paragraph
{ margin-top: 12px !important; }
button.component-button:not(:disabled) { opacity: 1 !important; }
.component-container > * + * { margin-top: 8px !important; }
.code-block, .code-block * { white-space: pre-wrap !important; min-width: 0 !important; }
"""
ADD_STYLE = f"""document.head.append(
  Object.assign(document.createElement('style'), {{textContent: {json.dumps(STYLE)}}})
)"""
MEASURE = """(() => {
  const list = document.querySelector('#channel-message-list');
  if (!list || !list.children.length) return null;
  return Math.ceil(list.getBoundingClientRect().bottom + 12);
})()"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is done in #papers before the picture is taken."""

    name: str
    act: Callable[[World, Shelf], Awaitable[None]]


def typed(*lines: str, is_shown: bool = True) -> Callable[[World, Shelf], Awaitable[None]]:
    """Somebody types these; `is_shown` False = and it is not seen, because Wetread posts by itself."""

    async def act(world: World, shelf: Shelf) -> None:
        filled(shelf).posts[4] = "https://discord.com/channels/1/2/3"
        for line in lines:
            await world.say(world.papers, line)
        if not is_shown:
            await hide(world)

    return act


def pressed(line: str, *labels: str) -> Callable[[World, Shelf], Awaitable[None]]:
    """Somebody types a line, and presses these one after the other under what came last."""

    async def act(world: World, shelf: Shelf) -> None:
        filled(shelf)
        shelf.posts[8] = "https://discord.com/channels/1/2/4"
        [message] = await world.say(world.papers, line)
        for label in labels:
            message = (await world.press(message, label)).message
        if line.startswith("!post"):
            await hide(world)

    return act


async def hide(world: World) -> None:
    """Take away what people typed."""
    for message in world.messages(world.papers):
        if message.author_id == world.reader.id:
            await world.delete(message)


SCENES = (
    Scene("card-whole", typed("!post 1", is_shown=False)),
    Scene("card-conclusion", typed("!post 1 conclusion", is_shown=False)),
    Scene("card-title", typed("!post 1 title", is_shown=False)),
    Scene("card-no-abstract", typed("!post 99", "!post 3", "!post 2", is_shown=False)),
    Scene("card-standing", typed("!post 4", "!post 7", "!post 5", "!post 6 conclusion", is_shown=False)),
    Scene("search", typed("!search epidural injection")),
    Scene("search-opened", pressed("!search epidural injection", "2")),
    Scene("citation", pressed("!post 1 conclusion", "Cite")),
    Scene("authors", pressed("!post 1", "All authors")),
    Scene("discussion", pressed("!post 1 conclusion", "Discuss")),
    Scene(
        "share",
        typed(
            "!share 8 Still the clearest account of what intravascular flow looks like. I show "
            "figure 3 to every fellow.",
            is_shown=False,
        ),
    ),
    Scene("article", typed("!article 1", is_shown=False)),
    Scene("help", typed("!help", is_shown=False)),
    Scene("latest", typed("!latest", is_shown=False)),
    Scene("errors", typed(*(f"!error {number}" for number in range(7)), is_shown=False)),
    Scene("feeds", typed("!feeds", "!feed", is_shown=False)),
    Scene("status", typed("!status", is_shown=False)),
    Scene("questions", typed("!questions", is_shown=False)),
    Scene("settings", typed("!settings", is_shown=False)),
)


def main(arguments: Sequence[str]) -> int:
    """Draw the pictures and return the exit status."""
    parser = argparse.ArgumentParser(description="Draw every card and panel.")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args(arguments)
    browser = shutil.which(options.browser)
    if browser is None:
        print(f"{options.browser} is not installed.", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    scenes = [scene for scene in SCENES if not options.names or scene.name in options.names]
    asyncio.run(draw_all(browser, scenes, options.out.resolve()))
    return 0


async def draw_all(browser: str, scenes: Sequence[Scene], out: Path) -> None:
    """Draw the scenes, each in a world of its own."""
    async with open_browser(browser) as tab:
        for scene in scenes:
            await draw(tab, scene, out)


async def draw(tab: "Tab", scene: Scene, out: Path) -> None:
    """Act the scene and take its pictures."""
    shelves: list[Shelf] = []

    def factory(clock: Clock) -> ShelfBot:
        bot = ShelfBot(clock)
        shelves.append(bot.panel_actions)
        return bot

    async with open_world(factory) as world:
        world.env.backend.bot_user.name = "Wetread"
        await world.pass_time((NOW - world.clock()).total_seconds())
        await scene.act(world, shelves[0])
        page = world.env.preview(
            world.papers, viewers=[world.reader], layout="channel", presentation_time=NOW
        )
        async with page:
            for name, width in WIDTHS.items():
                await tab.take(page.url, width, out / f"{scene.name}-{name}.png")


class Tab:
    """A browser's tab, over the DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0

    async def call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        """Call a method and return its result. Raises RuntimeError with what the browser says."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            answer = json.loads(await self._socket.receive_str())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    async def evaluate(self, script: str) -> Any:
        """Evaluate JavaScript and return its value."""
        result = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return result["result"].get("value")

    async def take(self, url: str, width: int, path: Path) -> None:
        """Draw the conversation at `url` into a file."""
        await self.call("Page.setBypassCSP", enabled=True)  # for the style
        await self._size(width, 900)
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=url)
        async with asyncio.timeout(PATIENCE):
            while not await self.evaluate(MEASURE):  # noqa: ASYNC110  # a browser can only be asked
                await asyncio.sleep(0.2)
        await self.evaluate(ADD_STYLE)
        await asyncio.sleep(1.0)  # fonts
        height = await self.evaluate(MEASURE)
        await self._size(width, height)
        await asyncio.sleep(0.5)
        height = await self.evaluate(MEASURE)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = await self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        await asyncio.to_thread(save, base64.b64decode(shot["data"]), path)

    async def _size(self, width: int, height: int) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=SCALE,
            mobile=False,
        )


def save(png: bytes, path: Path) -> None:
    """Write a picture with as many colours as such a picture needs."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(path, optimize=True)


@contextlib.asynccontextmanager
async def open_browser(browser: str) -> AsyncIterator[Tab]:
    """Start a browser that talks to nobody but us, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stderr  # noqa: S101  # it is a pipe
            async with asyncio.timeout(PATIENCE):
                while not (found := re.search(rb"ws://([\d.]+:\d+)/", await process.stderr.readline())):
                    pass
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://{found[1].decode()}/json/list") as answer:
                    targets = await answer.json()
                address = next(each["webSocketDebuggerUrl"] for each in targets if each["type"] == "page")
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    yield Tab(socket)
        finally:
            process.terminate()
            await process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
