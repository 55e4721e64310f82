"""A bot that only delivers, logged in to the Discord of this folder; the test moves its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import discord
from discord.ext import commands

from cogs.cards.buttons import cite_only
from cogs.client import LONGEST_WAIT
from cogs.posting.messenger import CardMessage, DiscordMessenger
from cogs.posting.rate_limits import keep_limits
from cogs.posting.recognition import marker_of
from tests.support.discord_stage import Channel
from tests.support.doubles import FakeClock
from tests.support.invented_digests import draw_digest
from tests.wire import faults
from tests.wire.changes import PATIENCE
from tests.wire.faults import Fault
from tests.wire.server import DiscordServer
from wetread.domain.clock import monotonic, sleep, utc_now
from wetread.domain.models import Article, Delivery, DeliveryState, DestinationKind, Record
from wetread.services.delivery import Deliverer
from wetread.storage import articles, deliveries, scheduling
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery

SEND, POST_IN_FORUM = "/channels/*/messages", "/channels/*/threads"
TEXT, FORUM = DestinationKind.TEXT, DestinationKind.FORUM


class Desk:
    """A bot that only delivers, its database, and the Discord that it is logged in to."""

    def __init__(self, server: DiscordServer, database: Database, bot: commands.Bot) -> None:
        self.server = server
        self.world = server.world
        self.database = database
        self.clock = FakeClock(utc_now())
        self.bot = bot
        self.messenger = DiscordMessenger(bot, draw, draw_digest)
        self.unauthorized_count = 0
        self.restart()
        self._count = 0

    def restart(self, request_limit: float = 60.0) -> None:
        """Start the bot again without what it had in memory."""
        self.messenger = DiscordMessenger(self.bot, draw, draw_digest)
        self.deliverer = Deliverer(
            self.database,
            self.messenger,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            seconds_between_posts=0,
            request_limit=request_limit,
            on_unauthorized=self._count_unauthorized,
        )

    async def schedule(self, channel: Channel, kind: DestinationKind = TEXT) -> None:
        """Schedule a new article for a destination."""
        self._count += 1
        record = Record(source="feed", title=f"Invented finding {self._count}", doi=f"10.5555/{self._count}")
        guild = self.world.guild.id
        now = self.clock()
        article = await self.database.run(articles.create, {"feed:1": record}, {guild}, now)
        await self.database.run(scheduling.schedule, [NewDelivery(guild, channel.id, kind, article)], now)

    async def change(self, delivery: Delivery) -> None:
        """Change the article of a post, so that the post is to be edited."""
        assert delivery.article_id is not None
        article = await self.database.run(articles.get, delivery.article_id)
        record = replace(article.record, title=f"{article.record.title}, corrected")
        await self.database.run(articles.rewrite, article.id, record, {})
        await self.database.run(scheduling.schedule_edits, article.id, scheduling.ABSTRACT, self.clock())

    async def deliver(self, *, after: float = 0.0) -> None:
        """Let that many seconds pass, then deliver what is due."""
        self.clock.advance(seconds=after)
        await self.deliverer.deliver_due()
        await self.deliverer.join()

    async def deliver_in_the_end(self) -> None:
        """Deliver for two hours."""
        for _ in range(40):
            await self.deliver(after=180)

    async def states(self) -> list[DeliveryState]:
        """Return the states of the deliveries, oldest first."""
        return [each.state for each in reversed(await self.deliveries())]

    async def deliveries(self) -> list[Delivery]:
        """Return all deliveries, newest first."""
        return await self.database.run(deliveries.listing, None, set(DeliveryState))

    def fault(self, fault: Fault, path: str = SEND, *, count: int | None = 1) -> faults.Rule:
        """Let POST requests there fail like this from now on."""
        return self.server.faults.add("POST", path, fault, count=count)

    def sends(self) -> list[str]:
        """Return the nonces of the messages that the bot sent, in order."""
        return [str(call.body["nonce"]) for call in self.server.rest.made("POST", r"/channels/\d+/messages")]

    def titles(self, channel: Channel) -> list[str | None]:
        """Return the titles of the cards in a channel, in order."""
        return [post.embed.title for post in self.world.posts(channel)]

    def forum_posts(self) -> list[str]:
        """Return the names of the forum's posts."""
        return sorted(str(thread.name) for thread in self.world.threads(self.world.forum))

    def _count_unauthorized(self) -> None:
        self.unauthorized_count += 1


async def draw(delivery: Delivery, article: Article) -> CardMessage:
    """Return a small card."""
    embed = discord.Embed(title=article.record.title)
    view = cite_only(article.id, marker_of(delivery, article).text)
    return CardMessage(embed, view, article.record.title, (), article.record.title)


@asynccontextmanager
async def open_desk(server: DiscordServer, folder: Path) -> AsyncIterator[Desk]:
    """Log a bot in and yield it. discord.py must know the addresses of this Discord already."""
    intents = discord.Intents(guilds=True, guild_messages=True)
    bot = commands.Bot(
        "!",
        intents=intents,
        guild_ready_timeout=0.1,
        max_ratelimit_timeout=LONGEST_WAIT,
        http_trace=keep_limits(monotonic, sleep),
    )
    database = await Database.open(folder / "wetread.db")
    running = asyncio.create_task(bot.start("a-token"))
    await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)
    yield Desk(server, database, bot)
    await bot.close()
    with suppress(asyncio.CancelledError):
        await running
    await database.close()
