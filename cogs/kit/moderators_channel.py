"""The channel in which a server's moderators get messages."""

import discord

from cogs.client import Wetread
from cogs.kit.context import TextOrThread
from wetread.storage import settings


async def moderators_channel(bot: Wetread, guild: discord.Guild) -> TextOrThread | None:
    """Return the channel for messages to a server's moderators.

    None: no channel is set, it was deleted, or Wetread may not write there.
    """
    chosen = await bot.services.database.run(settings.guild_settings, guild.id)
    channel_id = chosen.moderator_channel_id
    channel = guild.get_channel_or_thread(channel_id) if channel_id else None
    if not isinstance(channel, TextOrThread) or guild.me is None:
        return None
    may = channel.permissions_for(guild.me)
    can_send = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    return channel if may.view_channel and can_send else None
