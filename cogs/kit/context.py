"""discord.py's context and interaction, typed for this bot."""

from typing import TypeAlias

import discord
from discord.ext import commands

from cogs.client import Wetread

Context: TypeAlias = commands.Context[Wetread]
Interaction: TypeAlias = discord.Interaction[Wetread]

TextOrThread = discord.TextChannel | discord.Thread
"""A channel that takes plain messages: no forum, no voice channel."""


def command_prefix(ctx: Context) -> str:
    """Return what stands before a command in the form that was used: "/", or the prefix of messages."""
    return ctx.bot.config.discord.prefix if ctx.interaction is None else "/"
