"""`/feed log` and `/feed why`: what happened to articles, and why one was or was not posted."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.feeds.find_subscription import feed_choices, find_watched, guild_of
from cogs.history.article_reference import resolve_reference
from cogs.history.log_panel import LogButton, draw_log
from cogs.history.why_panel import NotReceived, WhyMenu, choose_panel, draw_why, not_received_panel
from cogs.kit.checks import moderators_only
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import Command, Group, command
from cogs.kit.limits import choices
from cogs.kit.open_panel import open_offer
from cogs.kit.replies import reply, thinking
from cogs.lookups.references import article_choices
from wetread.services.services import Services


class History:
    """What the two commands do. They join the group `feed` of another cog."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services: Services = bot.services
        bot.panels["log"] = self.draw_log
        bot.panels["why"] = self.draw_why

    async def draw_log(self, guild: discord.Guild, subscription_id: int) -> Content:
        """Draw the log of a subscription; 0 = of the whole server."""
        return {"view": await draw_log(self._services, guild.id, subscription_id)}

    async def draw_why(self, guild: discord.Guild, article_id: int) -> Content:
        """Draw what happened to an article."""
        return {"view": await draw_why(self._services, guild.id, article_id)}

    async def log(self, ctx: Context, feed: str) -> None:
        """Show the log; to a message, behind a button."""
        guild = guild_of(ctx)
        about = 0
        if feed.strip():
            about = (await find_watched(self._services.subscriptions, ctx, feed)).subscription.id
        await self._open(ctx, guild, "log", about)

    async def why(self, ctx: Context, article: str) -> None:
        """Explain an article; to a message, behind a button if there is something to explain."""
        guild = guild_of(ctx)
        async with thinking(ctx):
            found = await resolve_reference(self._services, guild.id, article)
            if isinstance(found, int):
                await self._open(ctx, guild, "why", found)
            elif isinstance(found, NotReceived):
                await reply(ctx, view=not_received_panel(found))
            else:
                await reply(ctx, view=choose_panel(article, found))

    async def _open(self, ctx: Context, guild: discord.Guild, name: str, about: int) -> None:
        if ctx.interaction is None:
            await reply(ctx, view=open_offer(name, about))
        else:
            await reply(ctx, **await self._bot.panels[name](guild, about))


def log_command(history: History, services: Services) -> Command:
    """Return the command `feed log`."""

    @command("feed log jvir", name="log")
    @app_commands.describe(feed="Only the articles of this feed")
    @moderators_only()
    async def log(ctx: Context, *, feed: str = "") -> None:
        """Show what happened to the latest articles: posted, scheduled, waiting or skipped, and why."""
        await history.log(ctx, feed)

    @log.autocomplete("feed")
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await feed_choices(services.subscriptions, interaction, typed)

    return log


def why_command(history: History, services: Services) -> Command:
    """Return the command `feed why`."""

    @command("feed why 10.5555/aisi.2026.0001", name="why")
    @app_commands.describe(article="A DOI, PMID, link, citation, the link of a post, or words of the title")
    @moderators_only()
    async def why(ctx: Context, *, article: str) -> None:
        """Explain why an article was posted, was skipped, or never appeared here."""
        await history.why(ctx, article)

    @why.autocomplete("article")
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(services, interaction.guild_id, typed, has_asides=True))

    return why


async def setup(bot: Wetread) -> None:
    """Add the commands to the group."""
    bot.add_persistent_items(LogButton, WhyMenu)
    history = History(bot)
    group = cast(Group, bot.get_command("feed"))
    group.add_command(log_command(history, bot.services))
    group.add_command(why_command(history, bot.services))


async def teardown(bot: Wetread) -> None:
    """Take them out of it, if it is still there."""
    group = bot.get_command("feed")
    if isinstance(group, commands.HybridGroup):
        group.remove_command("log")
        group.remove_command("why")
