"""`/feed export` and `/feed import`: lists of feeds as files, out and in."""

import io
import re
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.exchange.import_buttons import ImportButton, channel_of, draw_import
from cogs.exchange.import_panels import refusal_words
from cogs.feeds.destination_check import refusal
from cogs.feeds.find_subscription import find_channel, guild_of, member_of
from cogs.kit.checks import ADDING, moderators_only
from cogs.kit.context import Context
from cogs.kit.escape import safe
from cogs.kit.hybrid_commands import Command, Group, command
from cogs.kit.open_panel import open_offer
from cogs.kit.panels import notice
from cogs.kit.replies import reply, thinking
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.text import cut
from wetread.feeds.feed_lists import MOST_BYTES, FeedList, UnreadableListError
from wetread.services.exchange import Exchange as Exchanging
from wetread.services.exchange import Offer, offered

_NAMED = 10


class Exchange:
    """What the commands do. They join the group `feed` of another cog."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._exchange: Exchanging = bot.services.exchange
        bot.panels["export"] = self.draw_export
        bot.panels["import"] = self.draw_import

    async def draw_export(self, guild: discord.Guild, _about: int) -> Content:
        """Return the server's feeds as a file."""

        def called(channel_id: int) -> str:
            channel = guild.get_channel_or_thread(channel_id)
            return channel.name if channel else ""

        content, count, secret = await self._exchange.opml(guild.id, f"Wetread: {guild.name}", called)
        if not count and not secret:
            return {"view": notice("There are no feeds here to export.", "To add one: `/feed add`.")}
        words = f"{counted(count, 'feed')} as OPML. `/feed import` and other readers read this file."
        if secret:
            names = ", ".join(safe(cut(name, 60)) for name in secret[:_NAMED])
            words += f" Left out, because a key or password is in the address: {names}."
        name = re.sub(r"[^a-z0-9]+", "-", guild.name.lower()).strip("-")[:40] or "feeds"
        return {"content": words, "files": [discord.File(io.BytesIO(content), f"{name}.opml")]}

    async def draw_import(self, guild: discord.Guild, number: int) -> Content:
        """Draw what an import would do. Raises WordsForgottenError."""
        return {"view": await draw_import(self._exchange, guild, number)}

    async def open(self, ctx: Context, name: str, about: int = 0) -> None:
        """Show a panel privately: at once to `/`, behind a button to a message."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer(name, about))
        else:
            await reply(ctx, **await self._bot.panels[name](guild_of(ctx), about))

    async def offer(self, ctx: Context, file: discord.Attachment | None, channel: Channel) -> None:
        """Read a file and show what it would add. Nothing is added."""
        member = member_of(ctx)

        async def again() -> None:
            await self.offer(ctx, file, channel)

        refused = refusal(channel, member, again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        if file is None:
            how = "Please attach the file to the message with the command, or use `/feed import`."
            await reply(ctx, view=notice("There is no file.", how))
            return
        async with thinking(ctx):
            try:
                found = await self._read(file)
            except UnreadableListError as error:
                await reply(ctx, view=notice(*refusal_words(error.kind)))
                return
            places = {each.folder: _place(member, each.folder, channel) for each in found.feeds}
            feeds = offered(found.feeds, places.__getitem__)
            offer = Offer(cut(file.filename, 100), feeds, found.left_out, found.is_cut)
            await self.open(ctx, "import", await self._exchange.keep(member.guild.id, offer))

    async def _read(self, file: discord.Attachment) -> FeedList:
        if file.size > MOST_BYTES:
            raise UnreadableListError("too_large")
        return await self._exchange.read(await file.read())


def _place(member: discord.Member, folder: str, usual: Channel) -> int:
    """Return the channel that a folder names, by its id or its name; `usual` if there is none to post in."""
    name = folder.strip().lstrip("#").casefold()
    guild = member.guild
    for channel in (*guild.channels, *guild.threads):
        if name and name in (str(channel.id), channel.name.casefold()) and channel_of(member, channel.id):
            return channel.id
    return usual.id


def export_command(exchange: Exchange) -> Command:
    """Return the command `feed export`."""

    @command("feed export", name="export")
    @moderators_only()
    async def export(ctx: Context) -> None:
        """Get the feeds of this server as a file (OPML) that other readers understand, too."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)
        await exchange.open(ctx, "export")

    return export


def import_command(exchange: Exchange) -> Command:
    """Return the command `feed import`."""

    @command("feed import #papers", name="import")
    @app_commands.describe(
        file="A list of feeds: OPML of any reader, or an export of MonitoRSS",
        destination="The channel for feeds whose folder in the file names no channel here",
    )
    @moderators_only(ADDING)
    async def import_(
        ctx: Context,
        file: discord.Attachment | None = None,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Add the feeds of a file (OPML, MonitoRSS), after a preview. Attach the file to the message."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)
        typed = ctx.view.read_rest().strip().lstrip("#") if ctx.interaction is None else ""
        channel = destination or find_channel(ctx, typed or None)
        await exchange.offer(ctx, file, channel)

    return import_


async def setup(bot: Wetread) -> None:
    """Add the commands to the group."""
    bot.add_persistent_items(ImportButton)
    exchange = Exchange(bot)
    group = cast(Group, bot.get_command("feed"))
    group.add_command(export_command(exchange))
    group.add_command(import_command(exchange))


async def teardown(bot: Wetread) -> None:
    """Take them out of it, if it is still there."""
    group = bot.get_command("feed")
    if isinstance(group, commands.HybridGroup):
        group.remove_command("export")
        group.remove_command("import")
