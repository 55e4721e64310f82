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
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

# The folder must be on the path first.
from cogs.cards.buttons import article_view  # noqa: E402
from cogs.errors import panels as errors  # noqa: E402
from cogs.feeds.add_steps import StepButton, where_panel, which_panel  # noqa: E402
from cogs.feeds.page_buttons import list_buttons, page_buttons  # noqa: E402
from cogs.feeds.panels import feed_list, feed_page  # noqa: E402
from cogs.feeds.settings_panel import settings_panel  # noqa: E402
from cogs.feeds.step_choices import Choices  # noqa: E402
from cogs.feeds.types_panel import types_panel  # noqa: E402
from cogs.pace.arrival_panel import draw_sample  # noqa: E402
from cogs.status.panel import status_panel  # noqa: E402
from tests.cogs.gallery import (  # noqa: E402
    CLASSIC,
    COMPLETED,
    CONCERN,
    CORRECTED,
    LETTER,
    NOTICE,
    PENDING,
    RETRACTED,
    TRIAL,
    Gallery,
    open_gallery,
)
from tests.cogs.gallery_panels import (  # noqa: E402
    feed_lines,
    question_panels,
    spine,
    spine_page,
    status_facts,
)
from wetread.domain.catalogue import Catalogue  # noqa: E402
from wetread.domain.changes import ChangedBy  # noqa: E402
from wetread.domain.models import Form  # noqa: E402
from wetread.domain.pace import Pace, When  # noqa: E402
from wetread.services.services import SKIPPED_TYPES  # noqa: E402
from wetread.storage import paces  # noqa: E402
from wetread.storage.settings import GuildSettings  # noqa: E402
from wetread.storage.subscriptions import Destination  # noqa: E402
from wetread.storage.topics import NewTopic  # noqa: E402

WIDTHS = {"desktop": 620, "phone": 400}
SCALE = 1
PATIENCE = 60.0

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


Act = Callable[[Gallery], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """The actions in #papers before the picture is taken."""

    name: str
    act: Act


def posted(*cards: tuple[int, Form]) -> Act:
    """Wetread posts these articles by itself."""

    async def act(here: Gallery) -> None:
        for article_id, form in cards:
            await here.post(article_id, form)

    return act


def pressed_on(article_id: int, form: Form, label: str) -> Act:
    """Wetread posts an article, and somebody presses a button of it."""

    async def act(here: Gallery) -> None:
        await here.world.press(await here.post(article_id, form), label)

    return act


def typed(line: str, *labels: str, is_shown: bool = True) -> Act:
    """Somebody types a line and presses these buttons, one after the other, under what came last.

    `is_shown` False: the line itself is not in the picture.
    """

    async def act(here: Gallery) -> None:
        if line.startswith("!search"):
            await here.fill(are_posted=True)
        message = await here.say(line)
        for label in labels:
            message = (await here.world.press(message, label)).message
        if not is_shown:
            await hide(here)

    return act


async def shared(here: Gallery) -> None:
    """Somebody shares an old article."""
    await here.world.say(
        here.world.papers,
        "!share 10.5555/esi.1998.0033 Still the clearest account of what intravascular flow looks like. "
        "I show figure 3 to every fellow.",
    )
    await hide(here)


async def article(here: Gallery) -> None:
    """All details of an article."""
    await here.show(await article_view(await here.article(TRIAL), here.services.actions, None))


async def all_errors(here: Gallery) -> None:
    """The answers after errors."""
    near = [await here.article(CLASSIC), await here.article(TRIAL)]
    for panel in (
        errors.no_match("epidral flow patterns", 1, near),
        errors.unknown_identifier("DOI", "10.5555/jer.2026.0101"),
        errors.not_an_identifier("fig3.png"),
        errors.outage("PubMed", "https://pubmed.ncbi.nlm.nih.gov/99000017/"),
        errors.not_a_moderator(),
        errors.missing_permissions(here.world.papers.id, ["Embed Links", "Create Public Threads"]),
        errors.unexpected("W-7K3F"),
    ):
        await here.show(panel)


async def feeds(here: Gallery) -> None:
    """The list of feeds, and the page of one feed."""
    lines = feed_lines(here.world.papers.id)
    await here.show(feed_list(lines, list_buttons(lines, 0)))
    await here.show(feed_page(spine_page(here.world.papers.id), page_buttons(spine(here.world.papers.id))))


async def add(here: Gallery) -> None:
    """Adding a journal: which, then where and how."""
    choices = Choices(1, here.world.papers.id, Form.CONCLUSION, 3)
    await here.show(which_panel(Catalogue.load(), choices, "spine"))
    head = [
        "### Example Spine Imaging",
        "-# Step 2 of 3 · Where and how",
        "It has 14 articles now. All have abstracts.",
    ]
    go_on = StepButton("sample", choices, label="Show me a sample", is_prominent=True)
    await here.show(where_panel(head, choices, go_on))


async def status(here: Gallery) -> None:
    """The status of a server with problems."""
    await here.show(status_panel(status_facts(here.world.guild.id, here.world.papers.id, here.now())))


async def questions(here: Gallery) -> None:
    """Questions for moderators, and one decision."""
    for panel in question_panels(here.papers, here.now()):
        await here.show(panel)


async def topics(here: Gallery) -> None:
    """The list of topics, and the page of one with what its words find."""
    guild, by = here.papers.guild, ChangedBy(here.world.moderator.id, "mo.derator", "topic add")
    await here.watch("jii", "aisi", "eafr", "onpp")
    for name, words in (("Injections", "inject* OR facet -cervical"), ("Phantoms", "phantom* OR invented")):
        place = Destination(here.world.papers.id)
        topic, _ = await here.services.topics.add(NewTopic(guild.id, place, name, words, by.id), by)
    await here.show_panel("topics", guild)
    await here.show_panel("topic", guild, topic.id)


async def schedule(here: Gallery) -> None:
    """How articles arrive in a channel, and a digest."""
    await here.watch("jii", "aisi", "eafr", "onpp")
    by = ChangedBy(here.world.moderator.id, "mo.derator", "feed schedule")
    pace = Pace(When.DAILY, digest_minute=18 * 60)
    run, now = here.services.database.run, here.services.seams.clock()
    await run(paces.save, here.papers.guild.id, here.papers.id, pace, now, by=by)
    await here.show_panel("arrival", here.papers.guild, here.papers.id)
    for article_id in (TRIAL, COMPLETED, CORRECTED, CLASSIC):
        await here.post(article_id, channel=here.world.club)
    club = here.world.bot.get_channel(here.world.club.id)
    if isinstance(club, discord.TextChannel):
        await here.show(await draw_sample(here.services, club))


async def changes(here: Gallery) -> None:
    """What moderators changed, and the first step of setting up."""
    await here.watch("jii", "aisi")
    await here.order("!feed filter jii spine OR pain")
    await here.order("!feed pause aisi")
    await here.show_panel("history", here.papers.guild)
    await here.show_panel("setup", here.papers.guild)


async def server_settings(here: Gallery) -> None:
    """The settings of a server, and the kinds of publication that it skips."""
    proxy = "https://proxy.example/login?url="
    chosen = GuildSettings(moderator_channel_id=here.world.papers.id, proxy_prefix=proxy)
    await here.show(settings_panel(chosen, timedelta(hours=24)))
    await here.show(types_panel(SKIPPED_TYPES, is_usual=True, left_out_count=12))


async def hide(here: Gallery) -> None:
    """Delete the reader's messages from the picture."""
    for message in here.world.messages(here.world.papers):
        if message.author_id == here.world.reader.id:
            await here.world.delete(message)


SCENES = (
    Scene("card-whole", posted((TRIAL, Form.WHOLE))),
    Scene("card-conclusion", posted((TRIAL, Form.CONCLUSION))),
    Scene("card-title", posted((TRIAL, Form.TITLE))),
    Scene("card-no-abstract", posted((PENDING, Form.WHOLE), (LETTER, Form.WHOLE), (COMPLETED, Form.WHOLE))),
    Scene(
        "card-standing",
        posted(
            (RETRACTED, Form.WHOLE), (NOTICE, Form.WHOLE), (CONCERN, Form.WHOLE), (CORRECTED, Form.CONCLUSION)
        ),
    ),
    Scene("search", typed("!search epidural injection")),
    Scene("search-opened", typed("!search epidural injection", "2")),
    Scene("citation", pressed_on(TRIAL, Form.CONCLUSION, "Cite")),
    Scene("authors", pressed_on(TRIAL, Form.WHOLE, "All authors")),
    Scene("discussion", pressed_on(TRIAL, Form.CONCLUSION, "Discuss")),
    Scene("share", shared),
    Scene("article", article),
    Scene("help", typed("!help", is_shown=False)),
    Scene("latest", typed("!latest", is_shown=False)),
    Scene("errors", all_errors),
    Scene("feeds", feeds),
    Scene("status", status),
    Scene("questions", questions),
    Scene("add", add),
    Scene("topics", topics),
    Scene("schedule", schedule),
    Scene("changes", changes),
    Scene("settings", server_settings),
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
    """Draw the scenes, each in its own simulated Discord."""
    async with open_browser(browser) as tab:
        for scene in scenes:
            await draw(tab, scene, out)


async def draw(tab: "Tab", scene: Scene, out: Path) -> None:
    """Run the scene and take its pictures."""
    async with open_gallery() as here:
        world = here.world
        world.env.backend.bot_user.name = "Wetread"
        await scene.act(here)
        page = world.env.preview(
            world.papers, viewers=[world.reader], layout="channel", presentation_time=here.now()
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
        """Call a method and return its result. Raises RuntimeError with the browser's message."""
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
    """Write a picture with a reduced number of colours."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(path, optimize=True)


@contextlib.asynccontextmanager
async def open_browser(browser: str) -> AsyncIterator[Tab]:
    """Start a browser without network access and stop it at the end."""
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
