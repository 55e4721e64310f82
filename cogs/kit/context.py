"""discord.py's context and interaction, typed for this bot."""

from typing import TypeAlias

import discord
from discord.ext import commands

from cogs.client import Wetread

Context: TypeAlias = commands.Context[Wetread]
Interaction: TypeAlias = discord.Interaction[Wetread]

TextOrThread = discord.TextChannel | discord.Thread
"""A channel that takes plain messages: no forum, no voice channel."""
