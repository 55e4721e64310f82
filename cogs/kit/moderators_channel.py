"""Where a server's moderators can be told something."""

import discord

from cogs.client import Wetread
from wetread.storage import settings

Place = discord.TextChannel | discord.Thread


async def moderators_channel(bot: Wetread, guild: discord.Guild) -> Place | None:
    """Return where a server's moderators can be told, None = nowhere: not chosen, gone, or not allowed."""
    chosen = await bot.services.database.run(settings.guild_settings, guild.id)
    channel_id = chosen.moderator_channel_id
    channel = guild.get_channel_or_thread(channel_id) if channel_id else None
    if not isinstance(channel, Place) or guild.me is None:
        return None
    may = channel.permissions_for(guild.me)
    can_send = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    return channel if may.view_channel and can_send else None
