"""The real bot in a Discord in memory, with invented journals and a PubMed on this machine.

    async with open_community() as here:
        await here.watch("jii")
        [card] = await here.say("!abstract 10.5555/jii.2026.0001")

None of our code is replaced: `create_bot` builds the bot as `bot.py` does. Only its addresses are on this
machine, and a test moves its time (see `tests/support/discord_world.py`): loops run and articles are posted
when the test lets time pass.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from discord.ext import commands

from bot import create_bot
from cogs.client import Wetread
from sandbox.library import Library, SampleJournal
from sandbox.literature import PubMed
from sandbox.rules import SIMCORD_BEGAN_AT
from sandbox.stage import catalogue_of, sandbox_config
from sandbox.web import Web
from tests.support.discord_stage import Channel, Person
from tests.support.discord_world import World, open_world
from tests.support.facts import says
from tests.support.seen import Answer, Seen
from tests.support.servers import FeedServer, feed_server
from wetread.domain.clock import Clock
from wetread.operations.config import Config, LimitsConfig
from wetread.services.seams import Seams
from wetread.services.services import Services
from wetread.storage.settings import GuildSettings, guild_settings, save_guild_settings

TOOLS = ("esearch.fcgi", "efetch.fcgi", "esummary.fcgi", "ecitmatch.cgi")
on_shared = pytest.mark.asyncio(loop_scope="module")
"""Marks a test that shares its community with others: opening one takes longer than a short test."""

SHORT = 2.0  # seconds; shorter waits are pauses between requests, and are skipped here


class Community:
    """The world, its journals, and what people do in it. Made by `open_community`."""

    def __init__(self, world: World, library: Library, web_: Web, server: FeedServer, config: Config) -> None:
        self.world = world
        self.library = library
        self.web = web_
        self.server = server
        self.config = config
        self._pubmed = PubMed(library)
        self.pubmed_works()

    @property
    def bot(self) -> Wetread:
        bot = self.world.bot
        assert isinstance(bot, Wetread)
        return bot

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def reader(self) -> Person:
        return self.world.reader

    @property
    def moderator(self) -> Person:
        return self.world.moderator

    @property
    def papers(self) -> Channel:
        return self.world.papers

    # What people do -----------------------------------------------------------------------------------

    async def say(
        self,
        text: str,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        reply_to: Seen | None = None,
    ) -> list[Seen]:
        """Type a message, by default in #papers, and return the bot's answers there."""
        return await self.world.say(channel or self.papers, text, by=by, reply_to=reply_to)

    async def ask(self, text: str, *, by: Person | None = None, reply_to: Seen | None = None) -> Seen:
        """Type a message that has exactly one answer, and return that; see `say`."""
        answers = await self.say(text, by=by, reply_to=reply_to)
        assert len(answers) == 1, [answer.text for answer in answers]
        return answers[0]

    async def order(self, text: str, channel: Channel | None = None) -> str:
        """Let the moderator type a message, and return the text of its only answer."""
        [answer] = await self.say(text, by=self.moderator, channel=channel)
        return answer.text

    async def agree(self, text: str, label: str) -> Seen:
        """Let the moderator type what asks back, and press a button; return the message as it then is."""
        [question] = await self.say(text, by=self.moderator)
        await self.world.press(question, label, by=self.moderator)
        return self.world.again(question)

    async def slash(
        self, name: str, *, by: Person | None = None, channel: Channel | None = None, **options: Any
    ) -> Answer:
        """Use a slash command, by default in #papers."""
        return await self.world.slash(channel or self.papers, name, by=by, **options)

    async def write_privately(self, text: str) -> Seen:
        """Let somebody send the bot a private message, and return its only answer."""
        writer = self.world.env.create_user("writer")
        said = await writer.send_dm(text)
        [answer] = [each for each in self.world.posts(writer.dm_channel) if each.id > said.id]
        return answer

    async def opened(self, text: str) -> Seen:
        """Let the moderator type a message that offers a panel, open the panel, and return it."""
        [offer] = await self.say(text, by=self.moderator)
        assert offer.buttons == ["Open"], offer.text
        return (await self.world.press(offer, "Open", by=self.moderator)).message

    async def watch(self, *names: str, newest: int = 0, channel: Channel | None = None) -> None:
        """Let the moderator add journals, and let the bot post the articles that this schedules."""
        for name in names:
            said = await self.order(f"!feed add {name} {newest}", channel)
            assert says(said, "now posts to"), said
        if newest:
            await self.pass_time(60)

    async def pass_time(self, seconds: float) -> None:
        await self.world.pass_time(seconds)

    def posts(self, channel: Channel | None = None) -> list[Seen]:
        return self.world.posts(channel or self.papers)

    # What the test arranges ---------------------------------------------------------------------------

    def journal(self, key: str) -> SampleJournal:
        found = self.library.find(key)
        assert found is not None
        return found

    def pubmed_works(self) -> None:
        """PubMed answers from the invented articles."""
        for tool in TOOLS:
            self.server.serve(f"/eutils/{tool}", self._answer_from_pubmed)

    def pubmed_is_down(self) -> None:
        """PubMed answers with an error."""
        for tool in TOOLS:
            self.server.answer(f"/eutils/{tool}", 503, b"out of order")

    async def _answer_from_pubmed(self, request: web.BaseRequest) -> web.StreamResponse:
        params = dict(self.server.requests[-1].query) | dict(self.server.requests[-1].form)
        text, content_type = self._pubmed.answer(request.path.rpartition("/")[2], params)
        return web.Response(body=text.encode(), headers={"Content-Type": content_type})

    async def choose(self, settings: GuildSettings) -> None:
        """Give the server these settings."""
        database = self.services.database
        await database.run(save_guild_settings, self.world.guild.id, settings)

    async def settings(self) -> GuildSettings:
        return await self.services.database.run(guild_settings, self.world.guild.id)


@asynccontextmanager
async def open_community(
    *,
    lookups_per_minute: int = 1000,
    most_feeds: int = 200,
    began_at: datetime = SIMCORD_BEGAN_AT,
    more_journals: str = "",
) -> AsyncIterator[Community]:
    """Open a world with the real bot in it; see `open_world` for what fails at the end.

    `more_journals`: further entries of its catalogue, as in wetread/domain/journals.toml.
    """
    worlds: list[World] = []

    def clock() -> datetime:
        return worlds[0].clock() if worlds else began_at

    skipped = 0.0

    def monotonic() -> float:
        return (clock() - began_at).total_seconds() + skipped

    async def sleep(seconds: float) -> None:
        nonlocal skipped
        if seconds < SHORT or not worlds:
            skipped += max(seconds, 0.0)
            await asyncio.sleep(0)
        else:
            await worlds[0].env.external_wait(asyncio.sleep(seconds), reason="time has to pass")

    library = Library(clock)
    with tempfile.TemporaryDirectory(prefix="wetread-test-") as name:
        async with Web(library) as web_, feed_server() as server:
            catalogue = Path(name) / "journals.toml"
            catalogue.write_text(catalogue_of(library, web_) + more_journals, encoding="utf-8")
            config = sandbox_config(Path(name), catalogue)
            config = replace(
                config,
                polling=replace(config.polling, interval_minutes=30),
                sources=replace(config.sources, enabled=("pubmed",)),
                limits=LimitsConfig(most_feeds, lookups_per_minute),
            )

            seams = Seams(
                clock,
                monotonic,
                sleep,
                chance=lambda: 0.5,
                source_urls={"pubmed": server.url("/eutils/")},
                load_catalogue=web_.with_stand_ins,
                loop_seconds={"deliver": 10},
            )

            def factory(_clock: Clock) -> commands.Bot:
                return create_bot(config, seams=seams)

            async with open_world(factory, began_at=began_at) as world:
                worlds.append(world)
                yield Community(world, library, web_, server, config)
