"""Welcome a server once, let its moderators set Wetread up, and ask them when it was away."""

import logging
from contextlib import suppress
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.feeds.find_subscription import guild_of
from cogs.kit.checks import ADDING, moderators_only
from cogs.kit.context import Context
from cogs.kit.hybrid_commands import command
from cogs.kit.open_panel import OpenPanelButton, open_offer
from cogs.kit.panels import Item
from cogs.kit.replies import reply
from cogs.welcome.buttons import BackButton, WelcomeButton
from cogs.welcome.panels import back_panel, done_panel, welcome_panel
from cogs.welcome.steps import (
    Choices,
    FormMenu,
    PlaceMenu,
    SetupButton,
    SubjectsMenu,
    WhenMenu,
    subjects_panel,
)
from wetread.domain.changes import ChangedBy
from wetread.storage import welcomes

log = logging.getLogger(__name__)

JOINED_LATELY = timedelta(days=1)
"""A server that added Wetread while it was offline is welcomed if that was not longer ago."""


class Welcome(commands.Cog):
    """Greets servers, and opens the steps of setting up."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        bot.panels["setup"] = self._draw

    @command("setup")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only(ADDING)
    async def setup(self, ctx: Context) -> None:
        """Set Wetread up step by step, and see which permissions it lacks."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer("setup"))
            return
        await ctx.defer(ephemeral=True)
        await reply(ctx, **await self._draw(guild_of(ctx), 0))

    async def _draw(self, guild: discord.Guild, _about: int) -> Content:
        count = await self._services.database.run(welcomes.resting_count, guild.id)
        if count:
            return {"view": back_panel(count, _back_buttons())}
        return {"view": subjects_panel(self._services.catalogue, Choices(), guild)}

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Greet the servers that added Wetread while it was offline. It may run again (faults.md A39)."""
        since = self._services.seams.clock() - JOINED_LATELY
        for guild in self._bot.guilds:
            me: discord.Member | None = guild.me
            if not guild.unavailable and me is not None and me.joined_at is not None and me.joined_at > since:
                await self.greet(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server that has just added Wetread."""
        await self.greet(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Greet it again when it adds Wetread again."""
        await self._services.database.run(welcomes.forget, guild.id)

    @commands.Cog.listener()
    async def on_set_up(self, guild_id: int, channel_id: int, by: ChangedBy) -> None:
        """Turn the welcome into one grey line."""
        place = await self._services.database.run(welcomes.message_of, guild_id)
        if place is None:
            return
        message = self._bot.get_partial_messageable(place[0], guild_id=guild_id).get_partial_message(place[1])
        panel = done_panel(channel_id, by, self._services.seams.clock(), [WelcomeButton("members")])
        with suppress(discord.NotFound, discord.Forbidden):
            await message.edit(view=panel, allowed_mentions=discord.AllowedMentions.none())

    async def greet(self, guild: discord.Guild) -> None:
        """Post the welcome once, or that Wetread is back; what was greeted before is left alone."""
        run = self._services.database.run
        count = await run(welcomes.resting_count, guild.id)
        if not await run(welcomes.claim, guild.id, is_back=count > 0):
            return
        panel = back_panel(count, _back_buttons()) if count else welcome_panel(_welcome_buttons())
        for place in await self._places(guild):
            try:
                sent = await place.send(
                    view=panel, nonce=f"ww-{guild.id:x}", allowed_mentions=discord.AllowedMentions.none()
                )
            except (discord.Forbidden, discord.NotFound) as error:
                log.info("the welcome of server %d could not be posted: %s", guild.id, error)
                continue
            await run(welcomes.note_message, guild.id, sent.channel.id, sent.id)
            return
        log.warning("Wetread may write nowhere in server %d; a moderator can use /setup there.", guild.id)

    async def _places(self, guild: discord.Guild) -> list[discord.abc.Messageable]:
        """Return where a welcome may stand, the best first: system channel, others, who invited Wetread."""
        me: discord.Member | None = guild.me
        if me is None:
            return []
        channels = [*([guild.system_channel] if guild.system_channel else []), *guild.text_channels]
        places: list[discord.abc.Messageable] = []
        for channel in channels:
            may = channel.permissions_for(me)
            if may.view_channel and may.send_messages:
                places.append(channel)
                break
        if not places and me.guild_permissions.view_audit_log:
            with suppress(discord.HTTPException):
                async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=5):
                    if entry.target is not None and entry.target.id == me.id and entry.user is not None:
                        places.append(entry.user)
                        break
        return places


def _welcome_buttons() -> list[Item]:
    start = OpenPanelButton("setup", label="Set up")
    return [start, WelcomeButton("sample"), WelcomeButton("members")]


def _back_buttons() -> list[Item]:
    return [BackButton("on", is_prominent=True), BackButton("anew")]


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(
        SetupButton, SubjectsMenu, PlaceMenu, FormMenu, WhenMenu, WelcomeButton, BackButton
    )
    await bot.add_cog(Welcome(bot))
