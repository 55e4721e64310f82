"""Who changes something, for the history of changes."""

import discord
from discord.ext import commands

from cogs.kit.context import Context
from wetread.domain.changes import ChangedBy


def changed_by(ctx: Context) -> ChangedBy:
    """Return who used a command, and which. Raises NoPrivateMessage outside a server."""
    if not isinstance(ctx.author, discord.Member) or ctx.command is None:
        raise commands.NoPrivateMessage
    return pressed_by(ctx.author, ctx.command.qualified_name)


def pressed_by(member: discord.Member, command: str) -> ChangedBy:
    """Return who pressed a button. `command`: the one that does the same, or that showed the button."""
    return ChangedBy(member.id, member.display_name, command)
