"""`/settings export` and `/settings import`: what a server has chosen, as one file out and in."""

import io
import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.exchange.import_panels import refusal_words
from cogs.exchange.settings_panels import SettingsButton, draw_settings_file
from cogs.exchange.settings_plan import places_of
from cogs.feeds.destination_check import refusal
from cogs.feeds.find_subscription import find_channel, guild_of, member_of
from cogs.kit.checks import moderators_only
from cogs.kit.context import Context
from cogs.kit.escape import safe
from cogs.kit.hybrid_commands import group, subcommand
from cogs.kit.open_panel import open_offer
from cogs.kit.panels import notice
from cogs.kit.replies import reply, thinking
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain import settings_file
from wetread.domain.models import Subscription
from wetread.domain.pace import AT_ONCE
from wetread.domain.settings_file import FileDestination, FileEntry, SettingsFile, WrongVersionError
from wetread.domain.text import cut
from wetread.feeds.feed_lists import MOST_BYTES, UnreadableListError
from wetread.net.addresses import shown_url
from wetread.storage import paces
from wetread.storage import settings as stored_settings

_NAMED = 10


class SettingsFiles(commands.Cog):
    """The settings of a server as a file."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        bot.panels["settingsout"] = self.draw_file
        bot.panels["settingsin"] = self.draw_import

    async def cog_before_invoke(self, ctx: Context) -> None:  # type: ignore[override]  # the bot is ours
        """Acknowledge a `/` command at once, privately."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)

    @group("settings export")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def settings(self, ctx: Context) -> None:
        """Get the settings of this server as a file, or bring them in from one."""
        await self._open(ctx, "settings")

    @subcommand(settings, "settings export")
    @moderators_only()
    async def export(self, ctx: Context) -> None:
        """Get the settings, feeds and topics of this server as one file that you can read."""
        await self._open(ctx, "settingsout")

    @subcommand(settings, "settings import #papers", name="import")
    @app_commands.describe(
        file="A file of /settings export, of this server or another one",
        destination="The channel for feeds and topics whose channel does not exist here",
    )
    @moderators_only()
    async def import_(
        self,
        ctx: Context,
        file: discord.Attachment | None = None,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Bring in a settings file, after a preview. Attach the file to the message. Nothing is removed."""
        typed = ctx.view.read_rest().strip().lstrip("#") if ctx.interaction is None else ""
        await self._offer(ctx, file, destination or find_channel(ctx, typed or None))

    async def _offer(self, ctx: Context, file: discord.Attachment | None, channel: Channel) -> None:
        """Read a file and show what it would change. Nothing is changed."""
        member = member_of(ctx)

        async def again() -> None:
            await self._offer(ctx, file, channel)

        refused = refusal(channel, member, again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        if file is None:
            how = "Please attach the file to the message with the command, or use `/settings import`."
            await reply(ctx, view=notice("There is no file.", how))
            return
        async with thinking(ctx):
            try:
                content = await self._read(file)
            except UnreadableListError as error:
                await reply(ctx, view=notice(*refusal_words(error.kind)))
                return
            except WrongVersionError:
                await reply(ctx, view=notice(*refusal_words("version")))
                return
            places = places_of(member, settings_file.read(content))
            kept = {"content": content, "places": places, "usual_id": channel.id}
            number = await self._services.exchange.keep_settings(member.guild.id, kept)
            await self._open(ctx, "settingsin", number)

    async def _read(self, file: discord.Attachment) -> dict[str, Any]:
        """Return what stands in a file. Raises UnreadableListError, WrongVersionError."""
        if file.size > MOST_BYTES:
            raise UnreadableListError("too_large")
        content = await self._services.exchange.read_settings(await file.read())
        settings_file.read(content)
        return content

    async def draw_import(self, guild: discord.Guild, number: int) -> Content:
        """Draw what a file would change. Raises WordsForgottenError."""
        return {"view": await draw_settings_file(self._bot, guild, number)}

    async def draw_file(self, guild: discord.Guild, _about: int) -> Content:
        """Return the server's settings as a file."""
        services = self._services
        chosen = await services.database.run(stored_settings.guild_settings, guild.id)
        role = guild.get_role(chosen.moderator_role_id or 0)
        wait = chosen.abstract_wait
        server = {
            "moderator_role": role and role.name,
            "moderator_channel": _channel(guild, chosen.moderator_channel_id or 0) or None,
            "abstract_wait_hours": None if wait is None else round(wait.total_seconds() / 3600),
            "card_offers": chosen.offers_cards or None,
            "library_proxy": chosen.proxy_prefix,
            "time_zone": chosen.time_zone,
            "skipped_types": None if chosen.skipped_types is None else list(chosen.skipped_types),
        }
        watched = await services.subscriptions.of_guild(guild.id)
        listed = await services.topics.of_guild(guild.id)
        told = [each for each in watched if "***" not in shown_url(each.feed.url)]
        feeds = [_entry(guild, each.subscription, each.feed.url) for each in told]
        topics = [_entry(guild, each.topic, "") for each in listed]
        places = {each.subscription.channel_id for each in watched} | {
            each.topic.channel_id for each in listed
        }
        chosen_paces = [
            FileDestination(_channel(guild, each), await services.database.run(paces.get, each))
            for each in places
        ]
        gone = [each.name for each in (*feeds, *topics) if not each.channel]
        content = SettingsFile(
            {name: value for name, value in server.items() if value is not None},
            tuple(each for each in feeds if each.channel),
            tuple(each for each in topics if each.channel),
            tuple(each for each in chosen_paces if each.channel and each.pace != AT_ONCE),
        )
        words = [
            "The settings of this server. `/settings import` reads this file, here or on another server."
        ]
        if secret := [each.subscription.name for each in watched if each not in told]:
            words.append(f"Left out, because a key or password is in the address: {_names(secret)}.")
        if gone:
            words.append(f"Left out, because the channel is gone: {_names(gone)}.")
        name = re.sub(r"[^a-z0-9]+", "-", guild.name.lower()).strip("-")[:40] or "wetread"
        written = settings_file.write(content, guild.name).encode("utf-8", "replace")
        return {"content": "\n".join(words), "files": [discord.File(io.BytesIO(written), f"{name}.toml")]}

    async def _open(self, ctx: Context, name: str, about: int = 0) -> None:
        """Show a panel privately: at once to `/`, behind a button to a message."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer(name, about))
        else:
            await reply(ctx, **await self._bot.panels[name](guild_of(ctx), about))


def _channel(guild: discord.Guild, channel_id: int) -> str:
    channel = guild.get_channel_or_thread(channel_id)
    return channel.name if channel else ""


def _entry(guild: discord.Guild, subscription: Subscription, address: str) -> FileEntry:
    return FileEntry(
        subscription.name,
        _channel(guild, subscription.channel_id),
        address,
        subscription.filter,
        subscription.form,
        subscription.paused_at is not None,
        subscription.opens_threads,
    )


def _names(names: list[str]) -> str:
    return ", ".join(safe(cut(name, 60)) for name in names[:_NAMED])


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(SettingsButton)
    await bot.add_cog(SettingsFiles(bot))
