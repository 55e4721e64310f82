"""discord.py's context and interaction, typed for this bot. For annotations only: both are texts."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the bot itself needs modules that need these
    import discord
    from discord.ext import commands

    from cogs._bot import Wetread

Context: TypeAlias = "commands.Context[Wetread]"
Interaction: TypeAlias = "discord.Interaction[Wetread]"
