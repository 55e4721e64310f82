"""`/status`: what works, what fails and since when, what waits for a decision."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.kit.checks import moderators_or_operator
from cogs.kit.context import Context
from cogs.kit.hybrid_commands import command
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.open_panel import open_offer
from cogs.kit.replies import reply, thinking
from cogs.status.facts import operator_facts, status_facts
from cogs.status.lacks import lacks_in
from cogs.status.panel import StatusFacts, operator_panel, status_panel
from wetread.services.services import Services


class Status(commands.Cog):
    """The command `status`."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        bot.panels["status"] = self._draw

    @command("status")
    @app_commands.default_permissions(manage_channels=True)
    @app_commands.guild_only()
    @moderators_or_operator()
    async def status(self, ctx: Context) -> None:
        """Show whether Wetread works, what fails and since when, and what needs your decision."""
        if ctx.guild is None:
            facts = await operator_facts(self._services, len(self._bot.guilds))
            await reply(ctx, view=operator_panel(facts))
            return
        if ctx.interaction is None:
            await reply(ctx, view=open_offer("status"))
            return
        async with thinking(ctx):
            shown = await self._facts(ctx.guild)
            if await self._bot.is_owner(ctx.author):
                operator = await operator_facts(self._services, len(self._bot.guilds))
                shown = replace(shown, operator=operator)
            await reply(ctx, view=status_panel(shown))

    async def _draw(self, guild: discord.Guild, _about: int) -> Content:
        return {"view": status_panel(await self._facts(guild))}

    async def _facts(self, guild: discord.Guild) -> StatusFacts:
        pause = self._services.deliverer.pause
        facts = await status_facts(
            self._services,
            guild.id,
            loops=self._services.loops.all(),
            pause=pause.reason if pause else None,
            has_moderators_channel=await moderators_channel(self._bot, guild) is not None,
        )
        destinations = [each.subscription.channel_id for each in facts.watched]
        return replace(facts, lacks=lacks_in(self._bot, guild, destinations))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Status(bot, bot.services))
