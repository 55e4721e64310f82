"""The simulated world: one server, its people, the journals and the real bot."""

import asyncio
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import discord
import simcord
from discord.ext import commands
from simcord.backend.models import Message

from sandbox.library import Library, SampleArticle
from sandbox.no_internet import NoInternet
from sandbox.rules import SIMCORD_BEGAN_AT, Env, WorldTime, witnesses
from sandbox.web import Web
from wetread.net.resolver import LookUp
from wetread.operations.config import (
    CatalogueConfig,
    Config,
    DeliveryConfig,
    NetworkConfig,
    PollingConfig,
    SourcesConfig,
    StorageConfig,
)
from wetread.services.seams import Seams

PUBLICATION_SECONDS = 20.0
SLOW_PUBLICATION_SECONDS = 600.0  # once every journal has published all its articles
STEP_SECONDS = 30.0
SETTLE_SECONDS = 10.0  # a sleep of the bot that is shorter holds an action up, as does a slow answer
DOCUMENT_NEWEST = 5  # newest articles of a feed of --feed that are posted at the start

Person = simcord.MemberActor
Channel = simcord.ChannelHandle
BotFactory = Callable[[Config, Seams], commands.Bot]


def sandbox_config(folder: Path, extra_catalogue: Path, hosts: Collection[str] = ()) -> Config:
    """Return Wetread's configuration with shorter waits and with access to this machine only.

    With `hosts`, the usual ports of other machines are allowed too; names are then refused by `NoInternet`.
    """
    return Config(
        storage=StorageConfig(path=folder / "wetread.db"),
        polling=PollingConfig(interval_minutes=0.2, host_gap_seconds=0),
        delivery=DeliveryConfig(abstract_wait_hours=0.01, seconds_between_posts=1),
        sources=SourcesConfig(contact_email="sandbox@example.org", enabled=("pubmed", "crossref")),
        network=NetworkConfig(
            allowed_addresses=("127.0.0.1:*", "[::1]:*"),
            allowed_ports=NetworkConfig().allowed_ports if hosts else (),
        ),
        catalogue=CatalogueConfig(extra=extra_catalogue),
    )


def sandbox_seams(web: Web, time: WorldTime, look_up: LookUp) -> Seams:
    """Return what the sandbox replaces: the time, the network, and the loops' seconds."""
    return Seams(
        clock=time,
        monotonic=time.monotonic,
        sleep=time.sleep,
        source_urls={
            "pubmed": f"{web.base_url}pubmed/eutils/",
            "crossref": f"{web.base_url}crossref/",
        },
        load_catalogue=web.with_stand_ins,
        look_up=look_up,
        loop_seconds={"update feeds": 5, "complete articles": 5, "look for retractions": 30, "deliver": 2},
    )


class Stage:
    """All that the console, the page and the terminal use. Created by `open_stage`."""

    def __init__(
        self, env: simcord.Env, library: Library, web: Web, make_bot: Callable[[], commands.Bot]
    ) -> None:
        self.env = env
        self.library = library
        self.web = web
        self._make_bot = make_bot
        self.guild = env.create_guild("Invented Radiology Community")
        role = self.guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_channels=True), color=0x2F6FB2, hoist=True
        )
        self.guild.create_role("Editors", mentionable=True)
        self.moderator = self.guild.add_member(env.create_user("moderator"), roles=[role])
        self.reader = self.guild.add_member(env.create_user("reader"))
        guild = self.guild
        self.channels: dict[str, Channel] = {
            "papers": guild.create_text_channel("papers", topic="New articles"),
            "journal-club": guild.create_text_channel("journal-club", topic="Talk about them"),
            "interventional": guild.create_text_channel("interventional"),
            "pain": guild.create_text_channel("pain"),
            "moderators": guild.create_text_channel("moderators", topic="Feeds, settings and alerts"),
            "announcements": guild.create_news_channel("announcements"),
            "library": guild.create_forum_channel("library"),
        }
        club = self.channels["journal-club"]
        thread = env.backend.create_thread(club.id, "interventional-pain", self.moderator.id)
        self.channels["interventional-pain"] = Channel(env, guild, thread)
        self.person = self.reader
        self.channel = self.channels["papers"]
        self._next_publication_at = env.now() + timedelta(seconds=PUBLICATION_SECONDS)
        self.publishes = True

    @property
    def moment(self) -> str:
        """Return the sandbox's time as text."""
        return f"{self.env.now():%d %b %Y %H:%M:%S}"

    def messages(self) -> list[Message]:
        """Return all messages of all channels and threads, oldest first."""
        stored = (message for channel in self.env.backend.messages.values() for message in channel.values())
        return sorted(stored, key=lambda message: message.id)

    def channel_name(self, channel_id: int) -> str:
        """Return the name of a channel or thread."""
        channel = self.env.backend.channels.get(channel_id)
        return (channel.name if channel else None) or "?"

    def find_channel(self, name: str) -> Channel | None:
        """Return the channel, thread or forum post with that name, or None."""
        wanted = name.removeprefix("#").casefold()
        for channel in self.env.backend.channels.values():
            if channel.name and channel.name.casefold() == wanted:
                return Channel(self.env, self.guild, channel)
        return None

    def find_role(self, name: str) -> simcord.RoleHandle | None:
        """Return the role with that name, or None."""
        wanted = name.removeprefix("@").casefold()
        return next((role for each, role in self.guild.roles.items() if each.casefold() == wanted), None)

    async def tick(self, seconds: float) -> list[SampleArticle]:
        """Let time pass and return the articles that the journals published meanwhile."""
        published = []
        end = self.env.now() + timedelta(seconds=seconds)
        while self.publishes and self._next_publication_at <= end:
            await self._advance_to(self._next_publication_at)
            published.append(self.library.publish())
            pause = SLOW_PUBLICATION_SECONDS if self.library.is_exhausted else PUBLICATION_SECONDS
            self._next_publication_at += timedelta(seconds=pause)
        await self._advance_to(end)
        return published

    async def subscribe(self, sources: Sequence[str]) -> None:
        """Let the moderator subscribe #papers to the sample journals, or to these files and addresses.

        The moderator types in #moderators, so that #papers begins with articles.
        """
        newest = f" {DOCUMENT_NEWEST}" if sources else ""
        if sources:
            self.publishes = False
        samples = [journal.key for journal in self.library.journals]
        papers = self.channels["papers"].id
        for source in map(self._address, sources) if sources else samples:
            await self.moderator.send(self.channels["moderators"], f"!feed add {source} <#{papers}>{newest}")

    def _address(self, source: str) -> str:
        return source if urlsplit(source).scheme in ("http", "https") else self.web.serve(Path(source))

    async def restart(self) -> None:
        """Stop the bot as SIGTERM does, and start it again on the same database."""
        await self.env.bot.close()
        await self.env.restart_bot(self._make_bot())

    async def _advance_to(self, instant: datetime) -> None:
        """In steps, since simcord gives each a limited time."""
        while (seconds := (instant - self.env.now()).total_seconds()) > 0:
            await self.env.advance_time(min(seconds, STEP_SECONDS))


@asynccontextmanager
async def open_stage(
    factory: BotFactory,
    began_at: datetime = SIMCORD_BEGAN_AT,
    *,
    hosts: Collection[str] = (),
    tell: Callable[[str], None] = lambda _text: None,
) -> AsyncIterator[Stage]:
    """Open the world with a bot of `factory(config, seams)` and a fresh database; all is gone afterwards.

    `began_at` is the time that it then is in the world. Only `hosts` are looked up and reached; `tell` gets a
    sentence about each other host that somebody asks for.
    """
    watch_requests()
    time = WorldTime(began_at)
    with tempfile.TemporaryDirectory(prefix="wetread-sandbox-") as name:
        folder = Path(name)
        library = Library(time)
        async with Web(library) as web:
            catalogue = folder / "journals.toml"
            catalogue.write_text(catalogue_of(library, web), encoding="utf-8")
            config = sandbox_config(folder, catalogue, hosts)
            seams = sandbox_seams(web, time, NoInternet(hosts, tell))

            def make_bot() -> commands.Bot:
                return factory(config, seams)

            env = Env(make_bot(), began_at=began_at, settle_timeout=SETTLE_SECONDS, check_errors=False)
            time.env = env
            env.backend.edit_bot_profile("Wetread")
            await env.start()
            try:
                yield Stage(env, library, web, make_bot)
            finally:
                await env.bot.close()
                await env.shutdown()


def watch_requests() -> None:
    """Log each request from now on that Discord's own description of its API does not allow.

    This needs jsonschema-rs, which `make test` installs; without it nothing is watched.
    """
    if find_spec("jsonschema_rs") is None:
        return
    from sandbox import description

    if description.watch not in witnesses:
        witnesses.append(description.watch)


def catalogue_of(library: Library, web: Web) -> str:
    """Return the sample journals in the format of wetread/journals.toml, so that names find them."""
    return "\n".join(
        f"""[[journal]]
key = "{journal.key}"
title = "{journal.title}"
abbreviation = "{journal.abbreviation}"
issns = ["{journal.issn}"]
subject = "{journal.subject}"
subspecialties = {list(journal.subspecialties)!r}
publisher_feed = "{web.feed_url(journal)}"
aliases = {list(journal.aliases)!r}
"""
        for journal in library.journals
    )


def lines_of_stdin(queue: "asyncio.Queue[str | None]") -> None:
    """Put each line of standard input into the queue, then None. Reads in a daemon thread."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(queue.put_nowait, line.rstrip("\n"))
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, name="console", daemon=True).start()
