"""`/feed schedule` and `/feed zone`: when articles are posted where; and the buttons of digests."""

from itertools import islice
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs.cards.digest_items import DigestButton, DigestMenu, SubjectMenu
from cogs.client import Content, Wetread
from cogs.errors.input_errors import UnknownChoiceError
from cogs.feeds.find_subscription import find_channel, guild_of
from cogs.kit.changed_by import changed_by
from cogs.kit.checks import moderators_only
from cogs.kit.context import Context, Interaction
from cogs.kit.escape import code, safe
from cogs.kit.hybrid_commands import Command, Group, command
from cogs.kit.limits import CHOICES, choices
from cogs.kit.open_panel import open_offer
from cogs.kit.replies import reply
from cogs.pace.arrival_panel import ArrivalButton, ArrivalMenu, channel_of, draw_arrival, for_kind, save
from cogs.pace.typed import EXAMPLES, read_choice
from cogs.posting.permissions import PostableChannel, kind_of
from wetread.domain.next_article import clock_words, next_article_words
from wetread.domain.time_zones import places_near, zone_meant, zone_named, zones_matching
from wetread.storage import deliveries, digests, paces
from wetread.storage import settings as stored_settings


class Arrivals(commands.Cog):
    """What the commands do; they join the group `feed` of another cog. Counts replies for weekly digests."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        bot.panels["arrival"] = self.draw

    async def draw(self, guild: discord.Guild, channel_id: int) -> Content:
        """Draw how articles arrive in a channel. Raises NoLongerWorksError."""
        return {"view": await draw_arrival(self._services, channel_of(guild, channel_id))}

    async def schedule(self, ctx: Context, channel: PostableChannel | None, typed: str) -> None:
        """Change when articles are posted in a channel, or show it; to a message, behind a button."""
        words = typed.split()
        if channel is None and words and words[0].startswith(("<#", "#")):
            channel = find_channel(ctx, words.pop(0).strip("<>#"))
        channel = channel or find_channel(ctx, None)
        if not words:
            await self._open(ctx, channel)
            return
        run = self._services.database.run
        before = await run(paces.get, channel.id)
        wanted = for_kind(read_choice(before, " ".join(words)), kind_of(channel))
        panel = await save(self._services, channel, wanted, changed_by(ctx))
        if ctx.interaction is None and await run(paces.get, channel.id) == wanted:
            await reply(ctx, content=await self._said(channel))
        elif ctx.interaction is None:
            await reply(ctx, view=open_offer("arrival", channel.id))
        else:
            await reply(ctx, view=panel)

    async def zone(self, ctx: Context, place: str) -> None:
        """Choose the server's time zone, or say it."""
        guild, run, now = guild_of(ctx), self._services.database.run, self._services.seams.clock()
        if place.strip():
            zone = zone_meant(place)
            if zone is None:
                raise UnknownChoiceError(
                    "place", place, tuple(places_near(place)) or ("Berlin", "New York", "UTC")
                )
            await run(paces.save_zone, guild.id, zone, now, by=changed_by(ctx))
        chosen = (await run(stored_settings.guild_settings, guild.id)).time_zone
        time = clock_words(now, zone_named(chosen or "UTC"))
        said = f"The time zone of this server is **{safe(chosen or 'UTC')}**: it is {time} there now."
        prefix = self._bot.config.discord.prefix if ctx.interaction is None else "/"
        hint = "" if place.strip() else f" To change it: {code(f'{prefix}feed zone Berlin')}."
        await reply(ctx, content=said + hint)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Count what members write in discussions."""
        if isinstance(message.channel, discord.Thread) and not message.author.bot:
            database, now = self._services.database, self._services.seams.clock()
            if await database.read(deliveries.by_thread, message.channel.id) is not None:
                await database.run(digests.note_reply, message.channel.id, now)

    async def _open(self, ctx: Context, channel: PostableChannel) -> None:
        if ctx.interaction is None:
            await reply(ctx, view=open_offer("arrival", channel.id))
        else:
            await reply(ctx, view=await draw_arrival(self._services, channel))

    async def _said(self, channel: PostableChannel) -> str:
        now = self._services.seams.clock()
        found = await self._services.database.run(paces.arrival, channel.guild.id, channel.id, now)
        zone = zone_named(found.zone or "UTC")
        words = next_article_words(found.pace, now, zone, found.posted_today, is_paused=found.is_paused)
        return f"Saved for <#{channel.id}>. {words}"


def schedule_command(arrivals: Arrivals) -> Command:
    """Return the command `feed schedule`."""

    @command("feed schedule #papers weekly monday 08:00", name="schedule")
    @app_commands.describe(
        change="at once, daily 18:00, weekly monday 08:00, quiet 22-07, limit 8, issues on; empty shows it",
        channel="The channel (normally this one)",
    )
    @moderators_only()
    async def schedule(
        ctx: Context,
        *,
        change: str = "",
        channel: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Choose when a channel gets articles: at once or in digests, quiet hours, a daily limit."""
        await arrivals.schedule(ctx, channel, change)

    @schedule.autocomplete("change")
    async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices((each, each) for each in EXAMPLES if typed.casefold() in each)

    return schedule


def zone_command(arrivals: Arrivals) -> Command:
    """Return the command `feed zone`."""

    @command("feed zone Berlin", name="zone")
    @app_commands.describe(place="A city or a time zone, such as Berlin or America/New_York; empty shows it")
    @moderators_only()
    async def zone(ctx: Context, *, place: str = "") -> None:
        """Choose the time zone of this server, for digests, quiet hours and daily limits."""
        await arrivals.zone(ctx, place)

    @zone.autocomplete("place")
    async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(islice(zones_matching(typed), CHOICES))

    return zone


async def setup(bot: Wetread) -> None:
    """Add the commands to the group, and register the menus and buttons."""
    bot.add_persistent_items(ArrivalMenu, ArrivalButton, DigestMenu, DigestButton, SubjectMenu)
    arrivals = Arrivals(bot)
    await bot.add_cog(arrivals)
    group = cast(Group, bot.get_command("feed"))
    group.add_command(schedule_command(arrivals))
    group.add_command(zone_command(arrivals))


async def teardown(bot: Wetread) -> None:
    """Take them out of it, if it is still there."""
    group = bot.get_command("feed")
    if isinstance(group, commands.HybridGroup):
        group.remove_command("schedule")
        group.remove_command("zone")
