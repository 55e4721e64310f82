"""Which subscription, and which channel, a moderator means."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.errors.input_errors import SeveralFeedsError
from cogs.kit.context import Context, Interaction
from cogs.kit.limits import choices
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.errors import UnknownSubscriptionError
from wetread.domain.models import Subscription
from wetread.services.subscriptions import Subscriptions
from wetread.storage.subscriptions import Watched


def guild_of(ctx: Context) -> discord.Guild:
    """Return the server. Raises NoPrivateMessage."""
    if ctx.guild is None:
        raise commands.NoPrivateMessage
    return ctx.guild


def member_of(ctx: Context) -> discord.Member:
    """Return who asks. Raises NoPrivateMessage."""
    if not isinstance(ctx.author, discord.Member):
        raise commands.NoPrivateMessage
    return ctx.author


async def find_watched(subscriptions: Subscriptions, ctx: Context, name: str) -> Watched:
    """Return the one subscription of this name. Raises UnknownSubscriptionError, SeveralFeedsError."""
    return _only(name, await subscriptions.find(guild_of(ctx).id, name, ctx.channel.id))


async def find_watched_first(subscriptions: Subscriptions, ctx: Context, text: str) -> tuple[Watched, str]:
    """Return the subscription that a text begins with, and the rest of it. Raises as `find_watched`."""
    found, rest = await subscriptions.find_first(guild_of(ctx).id, text, ctx.channel.id)
    return _only(text, found), rest


async def watched_by_id(subscriptions: Subscriptions, guild_id: int, subscription_id: int) -> Watched:
    """Return a server's subscription. Raises UnknownSubscriptionError."""
    [watched] = await subscriptions.find(guild_id, f"#{subscription_id}")
    return watched


async def subscription_by_id(interaction: Interaction, subscription_id: int) -> Subscription:
    """Return a feed's or topic's subscription of the server where a button was pressed.

    Raises UnknownSubscriptionError.
    """
    subscriptions = interaction.client.services.subscriptions
    return await subscriptions.get(interaction.guild_id or 0, subscription_id)


async def find_several(subscriptions: Subscriptions, ctx: Context, typed: str) -> list[Subscription]:
    """Return the subscriptions that a text names: one, "all", a subject, or several with commas between.

    A feed's own name comes before a subject's. Raises as `find_watched`.
    """
    guild_id = guild_of(ctx).id
    if typed.strip().casefold() == "all":
        found: Sequence[Watched] = await subscriptions.of_guild(guild_id)
        if not found:
            raise UnknownSubscriptionError(typed)
    elif not (found := await subscriptions.of_subject(guild_id, typed)):
        try:
            found = [await find_watched(subscriptions, ctx, typed)]
        except UnknownSubscriptionError:
            if "," not in typed:
                raise
            parts = [part.strip() for part in typed.split(",") if part.strip()]
            found = [await find_watched(subscriptions, ctx, part) for part in parts]
    return list({each.subscription.id: each.subscription for each in found}.values())


async def feed_choices(
    subscriptions: Subscriptions, interaction: Interaction, typed: str
) -> list[app_commands.Choice[str]]:
    """Return the server's feeds that match what is typed so far, for autocomplete."""
    if interaction.guild_id is None:
        return []
    found = await subscriptions.complete(interaction.guild_id, typed)
    return choices((each.subscription.name, f"#{each.subscription.id}") for each in found)


def find_channel(ctx: Context, typed: str | None) -> Channel:
    """Return the channel of this id or name, None = the one it was typed in. Raises ChannelNotFound.

    One that the member cannot see is as good as none (faults.md S32).
    """
    guild, member = guild_of(ctx), member_of(ctx)
    channel: Any
    if typed is None:
        channel = ctx.channel
    elif typed.isdecimal() and len(typed) > 14:
        channel = guild.get_channel_or_thread(int(typed))
    else:
        places = [each for each in (*guild.channels, *guild.threads) if isinstance(each, Channel)]
        channel = discord.utils.get(places, name=typed.casefold()) or discord.utils.get(places, name=typed)
    if not isinstance(channel, Channel) or not channel.permissions_for(member).view_channel:
        raise commands.ChannelNotFound(typed or "this channel")
    return channel


def find_forum(ctx: Context, typed: str) -> tuple[discord.ForumChannel, str]:
    """Return the forum that a text begins with, else the one in whose post it was typed, and the rest.

    Raises ChannelNotFound.
    """
    first, _, rest = typed.strip().partition(" ")
    if first.startswith(("#", "<#")):
        found: object = find_channel(ctx, first.strip("<#>"))
    else:
        found = ctx.channel.parent if isinstance(ctx.channel, discord.Thread) else ctx.channel
        rest = typed
    if not isinstance(found, discord.ForumChannel):
        raise commands.ChannelNotFound(first or "this channel")
    return found, rest.strip()


def _only(name: str, found: Sequence[Watched]) -> Watched:
    if len(found) > 1:
        places = tuple((each.subscription.id, each.subscription.channel_id) for each in found)
        raise SeveralFeedsError(name, places)
    return found[0]
