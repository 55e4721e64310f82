"""Reacts to changes of destinations: permissions change, posts are removed, Wetread leaves a server."""

import logging
from contextlib import suppress

import discord
from discord.ext import commands

from cogs.client import Wetread
from cogs.posting.permissions import PostableChannel, is_open
from wetread.domain.clock import Clock
from wetread.storage import deliveries, edits, subscriptions, troubles
from wetread.storage.database import Database

log = logging.getLogger(__name__)


class Destinations(commands.Cog):
    """Listens to changes of channels and permissions, and resumes blocked deliveries at once."""

    def __init__(self, bot: commands.Bot, database: Database, clock: Clock) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what changed while the bot was offline. It may run again (faults.md A39)."""
        here = {guild.id for guild in self._bot.guilds}
        for guild_id in await self._database.run(deliveries.active_guilds):
            if guild_id not in here:
                await self._database.run(subscriptions.freeze_guild, guild_id, self._clock())
        for guild_id, channel_id in await self._database.run(troubles.destinations):
            guild = self._bot.get_guild(guild_id)
            if guild is not None and not guild.unavailable and guild.get_channel(channel_id) is None:
                await self._note_deleted(guild_id, channel_id)
        await self._look_again(None)
        for _, unedited in await self._database.run(troubles.unedited):
            channel = self._bot.get_channel(unedited.channel_id)
            if isinstance(channel, PostableChannel) and is_open(channel):
                await self._database.run(edits.unpark, unedited.channel_id, self._clock())

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Freeze deliveries when the bot is removed. A server outage is another event (faults.md A31)."""
        await self._database.run(subscriptions.freeze_guild, guild.id, self._clock())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Check blocked deliveries when the bot is added again. What rests waits for a moderator's word."""
        await self._look_again(guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Check blocked deliveries when permissions or tags of a channel change; its threads follow it."""
        await self._look_again(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Block deliveries to a deleted channel; moderators can move them (faults.md A29)."""
        await self._note_deleted(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Check blocked deliveries when the permissions of a role change: it may be Wetread's role."""
        if before.permissions != after.permissions:
            await self._look_again(after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Check blocked deliveries when Wetread's own roles change."""
        if self._bot.user is not None and after.id == self._bot.user.id:
            await self._look_again(after.guild.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Check blocked deliveries and edits when a thread is opened or unlocked.

        discord.py has an event of its own, but not for archived threads, which it forgets (faults.md E11).
        """
        await self._database.run(edits.unpark, payload.thread_id, self._clock())
        await self._look_again(payload.guild_id, thread_id=payload.thread_id)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Check blocked deliveries and edits when Wetread is let into a private thread."""
        await self._database.run(edits.unpark, thread.id, self._clock())
        await self._look_again(thread.guild.id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Note that a post was deleted."""
        await self._database.run(deliveries.mark_removed, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Note that posts were deleted together, as bots that clean up do (faults.md E13)."""
        await self._database.run(deliveries.mark_removed, payload.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Note that a forum post was deleted, or a discussion, whose card stays."""
        await self._database.run(deliveries.mark_removed, [payload.thread_id], is_thread=True)
        await self._note_deleted(payload.guild_id, payload.thread_id)

    async def _note_deleted(self, guild_id: int, channel_id: int) -> None:
        if await self._database.run(troubles.note_deleted_channel, guild_id, channel_id, self._clock()):
            log.info("channel %d was deleted", channel_id)

    async def _look_again(self, guild_id: int | None, *, thread_id: int | None = None) -> None:
        """Unblock the destinations of a server (None = of all) where Wetread may post again.

        `thread_id`: a thread that has changed; it may be archived, and then it is not in the cache.
        """
        for blocked in await self._database.run(deliveries.blocked_channels, guild_id):
            channel: object = self._bot.get_channel(blocked.channel_id)
            if channel is None and blocked.channel_id == thread_id:
                with suppress(discord.DiscordException):
                    channel = await self._bot.fetch_channel(thread_id)
            if isinstance(channel, PostableChannel) and is_open(channel):
                log.info("channel %d accepts posts again", channel.id)
                await self._database.run(deliveries.unblock_channel, channel.id, self._clock())
                await self._database.run(edits.unpark, channel.id, self._clock())


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Destinations(bot, bot.services.database, bot.services.seams.clock))
