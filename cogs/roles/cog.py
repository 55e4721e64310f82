"""`/topics`, `/feed mention` and `/topic mention`: which roles posts mention, and who takes them."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.feeds.find_subscription import feed_choices, find_watched, guild_of, member_of
from cogs.kit.changed_by import changed_by
from cogs.kit.checks import moderators_only, require_moderator
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import Command, Group, command
from cogs.kit.limits import choices
from cogs.kit.open_panel import OPENS, open_offer
from cogs.kit.panels import Panel, notice
from cogs.kit.replies import reply
from cogs.roles import changes
from cogs.roles.letting_choose import WhereMenu, draw_where, post_panel
from cogs.roles.member_topics import PAGE_ITEMS, ChooseTopicsButton, draw_topics
from cogs.roles.mention_page import MentionButton, MostMenu, RoleMenu, draw_mention
from cogs.roles.typed import TypedMention, read_mention
from wetread.domain.errors import UnknownTopicError
from wetread.domain.mentions import MOST_A_DAY, USUAL_MENTIONS
from wetread.domain.models import Subscription
from wetread.services.services import Services
from wetread.storage.subscriptions import Mention

_ROLE = "The role that new posts mention; empty: show whom they mention now"
_ONLY = "Only articles that match, such as type:trial OR type:guideline"
_MOST = "At most so many mentions a day (normally 3)"
_NOBODY = "True: mention nobody any more"


class Roles(commands.Cog):
    """What members and moderators do with roles."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services: Services = bot.services
        bot.panels["mention"] = self.draw_mention
        bot.panels["letchoose"] = self.draw_where

    async def draw_mention(self, guild: discord.Guild, subscription_id: int) -> Content:
        """Draw whom a feed or topic mentions."""
        return await draw_mention(self._services, guild, subscription_id)

    async def draw_where(self, guild: discord.Guild, about: int) -> Content:
        """Draw the question where members are let choose."""
        return await draw_where(self._services, guild, about)

    @command("topics")
    @app_commands.describe(post_in="For moderators: post a message there with which all members can choose")
    @commands.guild_only()
    async def topics(self, ctx: Context, post_in: discord.TextChannel | discord.Thread | None = None) -> None:
        """Choose about which topics you are told: take or leave their roles. Only you see it."""
        member = member_of(ctx)
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)
        if post_in is not None:
            await require_moderator(ctx)
            await reply(ctx, view=await post_panel(self._bot, member, post_in))
        elif ctx.interaction is None:
            await reply(ctx, view=notice(OPENS, buttons=[ChooseTopicsButton(is_prominent=True)]))
        else:
            await reply(ctx, view=await draw_topics(self._bot, member, 0))

    async def mention(self, ctx: Context, subscription: Subscription, typed: TypedMention) -> None:
        """Do what was typed about the mention of a feed or topic, and answer."""
        by = changed_by(ctx)
        if typed.is_nobody:
            said: str | Panel = await changes.mention_nobody(self._services, subscription, by)
        elif typed.role is not None:
            chosen = Mention(typed.role.id, typed.words or None, typed.most)
            said = await changes.mention(self._services, subscription, typed.role, chosen, by)
        elif ctx.interaction is None:
            said = open_offer("mention", subscription.id)
        else:
            await reply(ctx, **await self.draw_mention(guild_of(ctx), subscription.id))
            return
        allowed = discord.AllowedMentions.none()
        await (
            reply(ctx, view=said)
            if isinstance(said, Panel)
            else reply(ctx, content=said, allowed_mentions=allowed)
        )


def feed_mention(cog: Roles, services: Services) -> Command:
    """Return the command `feed mention`."""

    @command("feed mention jvir @Residents type:trial OR type:guideline", name="mention")
    @app_commands.describe(
        feed="The feed: its name, abbreviation or number", role=_ROLE, only=_ONLY, most=_MOST, nobody=_NOBODY
    )
    @moderators_only()
    async def mention(
        ctx: Context,
        *,
        feed: str,
        role: discord.Role | None = None,
        only: str = "",
        most: commands.Range[int, 1, MOST_A_DAY] = USUAL_MENTIONS,
        nobody: bool = False,
    ) -> None:
        """Mention a role above new posts of a feed, or nobody."""
        typed = await _typed(ctx, feed, role, only, most, is_nobody=nobody)
        watched = await find_watched(services.subscriptions, ctx, typed.name)
        await cog.mention(ctx, watched.subscription, typed)

    @mention.autocomplete("feed")
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await feed_choices(services.subscriptions, interaction, typed)

    return mention


def topic_mention(cog: Roles, services: Services) -> Command:
    """Return the command `topic mention`."""

    @command("topic mention knee embolization @Residents", name="mention")
    @app_commands.describe(
        topic="The topic: its name or number", role=_ROLE, only=_ONLY, most=_MOST, nobody=_NOBODY
    )
    @moderators_only()
    async def mention(
        ctx: Context,
        *,
        topic: str,
        role: discord.Role | None = None,
        only: str = "",
        most: commands.Range[int, 1, MOST_A_DAY] = USUAL_MENTIONS,
        nobody: bool = False,
    ) -> None:
        """Mention a role above new posts of a topic, or nobody."""
        typed = await _typed(ctx, topic, role, only, most, is_nobody=nobody)
        if not typed.name:
            raise UnknownTopicError(typed.name)
        found = await services.topics.find(guild_of(ctx).id, typed.name)
        await cog.mention(ctx, found.topic, typed)

    @mention.autocomplete("topic")
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        found = await services.topics.complete(interaction.guild_id, typed)
        return choices((each.topic.name, f"#{each.topic.id}") for each in found)

    return mention


async def _typed(
    ctx: Context, name: str, role: discord.Role | None, only: str, most: int, *, is_nobody: bool
) -> TypedMention:
    """Return what was chosen by a `/` command's options, or typed in one text."""
    if ctx.interaction is None:
        return read_mention(name, guild_of(ctx))
    return TypedMention(name.strip(), role, is_nobody, most, only.strip())


async def setup(bot: Wetread) -> None:
    """Load the cog, and add its commands to the groups of others."""
    bot.add_persistent_items(RoleMenu, MostMenu, MentionButton, WhereMenu, *PAGE_ITEMS)
    cog = Roles(bot)
    await bot.add_cog(cog)
    cast(Group, bot.get_command("feed")).add_command(feed_mention(cog, bot.services))
    cast(Group, bot.get_command("topic")).add_command(topic_mention(cog, bot.services))


async def teardown(bot: Wetread) -> None:
    """Take them out of the groups that are still there."""
    for name in ("feed", "topic"):
        group = bot.get_command(name)
        if isinstance(group, commands.HybridGroup):
            group.remove_command("mention")
