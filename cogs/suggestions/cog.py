"""`suggest`: a member names a journal that the server should have."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.kit.context import Context
from cogs.kit.hybrid_commands import command
from cogs.kit.replies import reply, thinking
from cogs.suggestions.suggest_journal import LONGEST_NAME, suggest
from wetread.domain.text import cut


class Suggestions(commands.Cog):
    """Suggest journals."""

    @command("suggest Radiology")
    @app_commands.describe(journal="The journal: its name, ISSN or web address")
    @commands.guild_only()
    async def suggest(self, ctx: Context, *, journal: str) -> None:
        """Suggest a journal to the moderators of this server. They see your name."""
        if not isinstance(ctx.author, discord.Member):
            raise commands.NoPrivateMessage
        async with thinking(ctx):
            name = cut(" ".join(journal.split()), LONGEST_NAME)
            await reply(ctx, view=await suggest(ctx.bot, ctx.author, name))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Suggestions())
