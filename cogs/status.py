"""Is it well, what fails since when, what waits: for moderators."""

from datetime import timedelta
from typing import Protocol, cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import Wetread
from cogs._checks import moderators_only
from cogs._commands import command
from cogs._context import Context
from cogs._feed_words import feed_line
from cogs._loops import LoopHealth
from cogs._open_panel import Content, open_offer
from cogs._replies import answer, thinking
from cogs._status_panel import SourceState, StatusFacts, status_panel
from cogs._types_panel import LEFT_OUT_DAYS
from wetread.delivery import Rest
from wetread.rates import BreakerState
from wetread.services import Services
from wetread.storage import deliveries


class Loops(Protocol):
    """What the cog with the loops tells of them."""

    @property
    def health(self) -> tuple[LoopHealth, ...]:
        """How each loop fares."""
        ...

    @property
    def rest(self) -> Rest | None:
        """Why nothing is posted at the moment, None = posting works."""
        ...


class Status(commands.Cog):
    """How Wetread is."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        bot.panels["status"] = self._draw

    @command("status")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def status(self, ctx: Context) -> None:
        """Show whether Wetread is well, what fails since when, and what waits."""
        if ctx.interaction is None or ctx.guild is None:
            await answer(ctx, view=open_offer("status"))
            return
        async with thinking(ctx):
            await answer(ctx, **await self._draw(ctx.guild, 0))

    async def _draw(self, guild: discord.Guild, _about: int) -> Content:
        run = self._services.database.run
        now = self._services.seams.clock()
        watched = await self._services.subscriptions.of_guild(guild.id)
        loops = cast(Loops | None, self._bot.get_cog("Polling"))
        rest = loops.rest if loops else None
        facts = StatusFacts(
            now=now,
            loops=loops.health if loops else (),
            rest=rest.reason if rest else None,
            feeds=[feed_line(each, now, self._services.catalogue) for each in watched],
            blocked=await run(deliveries.blocked_channels, guild.id),
            counts=await run(deliveries.counts, guild.id),
            waiting_count=await run(deliveries.waiting_count, guild.id),
            left_out_count=await run(
                deliveries.left_out_count, guild.id, now - timedelta(days=LEFT_OUT_DAYS)
            ),
            sources=self._spared(),
        )
        return {"view": status_panel(facts)}

    def _spared(self) -> list[SourceState]:
        return [
            SourceState(name, timedelta(seconds=fetch.breaker.seconds_left))
            for name, fetch in self._services.sources.fetches.items()
            if fetch.breaker.state is BreakerState.OPEN
        ]


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Status(bot, bot.services))
