"""Is it well, what fails since when, what waits: for moderators, and in figures for the operator."""

from dataclasses import replace
from typing import Protocol, cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import Wetread
from cogs._checks import moderators_or_operator
from cogs._commands import command
from cogs._context import Context
from cogs._loops import LoopHealth
from cogs._moderators_channel import moderators_channel
from cogs._open_panel import Content, open_offer
from cogs._replies import answer, thinking
from cogs._status_facts import operator_facts, status_facts
from cogs._status_panel import StatusFacts, operator_panel, status_panel
from wetread.delivery import Rest
from wetread.services import Services


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


class Teller(Protocol):
    """What the cog that tells moderators tells of its loop."""

    @property
    def health(self) -> tuple[LoopHealth, ...]:
        """How it fares."""
        ...


class Status(commands.Cog):
    """How Wetread is."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        bot.panels["status"] = self._draw

    @command("status")
    @app_commands.default_permissions(manage_channels=True)
    @app_commands.guild_only()
    @moderators_or_operator()
    async def status(self, ctx: Context) -> None:
        """Show whether Wetread is well, what fails since when, and what waits."""
        if ctx.guild is None:
            facts = await operator_facts(self._services, len(self._bot.guilds))
            await answer(ctx, view=operator_panel(facts))
            return
        if ctx.interaction is None:
            await answer(ctx, view=open_offer("status"))
            return
        async with thinking(ctx):
            shown = await self._facts(ctx.guild)
            if await self._bot.is_owner(ctx.author):
                operator = await operator_facts(self._services, len(self._bot.guilds))
                shown = replace(shown, operator=operator)
            await answer(ctx, view=status_panel(shown))

    async def _draw(self, guild: discord.Guild, _about: int) -> Content:
        return {"view": status_panel(await self._facts(guild))}

    async def _facts(self, guild: discord.Guild) -> StatusFacts:
        loops = cast(Loops | None, self._bot.get_cog("Polling"))
        teller = cast(Teller | None, self._bot.get_cog("News"))
        rest = loops.rest if loops else None
        return await status_facts(
            self._services,
            guild.id,
            loops=(*(loops.health if loops else ()), *(teller.health if teller else ())),
            rest=rest.reason if rest else None,
            has_moderators_channel=await moderators_channel(self._bot, guild) is not None,
        )


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Status(bot, bot.services))
