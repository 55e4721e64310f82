"""Who may do what: the rules for moderators and for the operator."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import Decorator
from cogs.kit.moderators_channel import moderators_channel
from wetread.storage import settings

CHOOSING = "Changing what Wetread posts here"
ADDING = "Adding journals"
SEEING = "Seeing Wetread’s status"


class NotAModeratorError(commands.CheckFailure):
    """The member is no moderator; `doing` begins the sentence that says what needs one.

    `can_suggest`: the moderators have a channel in which they would read a suggestion.
    """

    def __init__(self, doing: str = CHOOSING, *, can_suggest: bool = False) -> None:
        super().__init__("for moderators")
        self.doing = doing
        self.can_suggest = can_suggest


def moderators_only(doing: str = CHOOSING) -> Decorator:
    """Let pass members with Manage Channels or the server's moderator role; servers only.

    A check of its own beside the menu's default permissions, which administrators can change and
    which the message form does not know.
    """

    async def predicate(ctx: Context) -> bool:
        await require_moderator(ctx, doing)
        return True

    return commands.check(predicate)


def moderators_or_operator() -> Decorator:
    """Allow moderators on their server, and the operator in a direct message."""

    async def predicate(ctx: Context) -> bool:
        if ctx.guild is not None or not await ctx.bot.is_owner(ctx.author):
            await require_moderator(ctx, SEEING)
        return True

    return commands.check(predicate)


async def require_moderator(ctx: Context, doing: str = CHOOSING) -> None:
    """Raise NotAModeratorError unless a moderator typed the command; servers only."""
    if ctx.guild is None or not isinstance(ctx.author, discord.Member):
        raise commands.NoPrivateMessage
    if not await is_moderator(ctx, ctx.author):
        raise await _refusal(ctx.bot, ctx.guild, doing)


async def is_moderator(ctx: Context, member: discord.Member) -> bool:
    """Return whether `member` is a moderator of this server."""
    return await may_moderate(ctx.bot, member)


async def may_moderate(bot: Wetread, member: discord.Member) -> bool:
    """Return whether `member` has Manage Channels or the server's moderator role."""
    if member.guild_permissions.manage_channels:
        return True
    chosen = await bot.services.database.run(settings.guild_settings, member.guild.id)
    return chosen.moderator_role_id is not None and member.get_role(chosen.moderator_role_id) is not None


async def moderator_of(interaction: Interaction, doing: str = CHOOSING) -> discord.Member:
    """Return the moderator who pressed a button. Raises NotAModeratorError, NoPrivateMessage."""
    member = interaction.user
    if interaction.guild is None or not isinstance(member, discord.Member):
        raise app_commands.NoPrivateMessage
    if not await may_moderate(interaction.client, member):
        raise await _refusal(interaction.client, interaction.guild, doing)
    return member


async def _refusal(bot: Wetread, guild: discord.Guild, doing: str) -> NotAModeratorError:
    is_about_journals = doing in (CHOOSING, ADDING)
    can_suggest = is_about_journals and await moderators_channel(bot, guild) is not None
    return NotAModeratorError(doing, can_suggest=can_suggest)
