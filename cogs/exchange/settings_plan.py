"""What a settings file would change on a server: steps, each with its words, and what is refused."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord

from cogs.client import Wetread
from cogs.exchange.import_buttons import channel_of
from cogs.feeds.settings_changes import SettingsChange, hours, settings_refusal
from cogs.feeds.types_panel import names_of, skip_types
from cogs.kit.checks import NotAModeratorError
from cogs.kit.escape import code, safe
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.feed_address import normalise_address
from wetread.domain.models import DestinationKind, Form, Subscription
from wetread.domain.publication_types import KNOWN_TYPES
from wetread.domain.settings_file import FileDestination, FileEntry, SettingsFile
from wetread.domain.text import cut
from wetread.domain.time_zones import zone_meant
from wetread.net.addresses import shown_url
from wetread.services.exchange import OfferedFeed, usable_address
from wetread.services.services import SKIPPED_TYPES
from wetread.storage import paces
from wetread.storage import settings as stored_settings
from wetread.storage.settings import GuildSettings
from wetread.storage.subscriptions import Destination
from wetread.storage.topics import NewTopic

Do = Callable[[ChangedBy], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Step:
    """One change: what it does, in words for the preview, and the doing, which returns why it failed."""

    name: str
    words: str
    do: Do


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would change. `same`: how many things are so already; `refused`: a phrase each."""

    steps: tuple[Step, ...]
    same: int
    refused: tuple[str, ...]


class Planner:
    """Compares a file with a server as it is now."""

    def __init__(
        self, bot: Wetread, member: discord.Member, places: Mapping[str, int], usual_id: int
    ) -> None:
        """Plan what `member` may do; Wetread's own member for the preview.

        `places`: channels by the names in the file, as who brought the file sees them; `usual_id` is for
        feeds and topics with any other name.
        """
        self._bot = bot
        self._services = bot.services
        self._member = member
        self._guild = member.guild
        self._places = places
        self._usual_id = usual_id
        self._steps: list[Step] = []
        self._refused: list[str] = []
        self._same = 0

    async def plan(self, content: SettingsFile) -> Plan:
        """Return what would change. Nothing is removed, whatever the file lacks."""
        self._refused += [f"not understood: {safe(cut(fault, 120))}" for fault in content.faults]
        await self._server(content.server)
        watched = await self._services.subscriptions.of_guild(self._guild.id)
        by_place = {
            (normalise_address(each.feed.url), each.subscription.channel_id): each.subscription
            for each in watched
        }
        for entry in content.feeds:
            channel = self._channel(entry)
            address = usable_address(entry.address)
            if address is None:
                self._refused.append(f"{safe(entry.name)}: it has no address that Wetread can ask")
            elif channel is not None:
                there = by_place.get((address, channel.id))
                self._change(entry, there) if there else self._add_feed(entry, channel)
        states = await self._services.topics.of_guild(self._guild.id)
        topics = {each.topic.name.casefold(): each.topic for each in states}
        for entry in content.topics:
            channel = self._channel(entry)
            if channel is not None:
                topic = topics.get(entry.name.casefold())
                self._change(entry, topic) if topic else self._add_topic(entry, channel)
        for destination in content.destinations:
            await self._destination(destination)
        return Plan(tuple(self._steps), self._same, tuple(self._refused))

    def _channel(self, entry: FileEntry) -> Channel | None:
        """Return the channel that an entry names, else the usual one; None if it cannot be posted in."""
        channel = self._named(entry.channel, self._usual_id)
        if channel is None:
            called = code("#" + cut(entry.channel.lstrip("#"), 60))
            self._refused.append(f"{safe(entry.name)}: there is no channel {called} to post in")
        return channel

    def _named(self, name: str, otherwise: int = 0) -> Channel | None:
        """Return the channel that was meant by a name, None if Wetread or this member may not post in it."""
        return channel_of(self._member, self._places.get(plain_name(name), otherwise))

    # The server ---------------------------------------------------------------------------------------

    async def _server(self, values: Mapping[str, Any]) -> None:
        run = self._services.database.run
        now: GuildSettings = await run(stored_settings.guild_settings, self._guild.id)
        for name, value in values.items():
            if name == "skipped_types":
                self._types(now, value)
                continue
            change = self._applied(name, value)
            if change is None:
                self._refused.append(f"{_WORDS[name]}: {code(cut(str(value), 80))} is not possible here")
            elif change(now) == now:
                self._same += 1
            else:
                words = f"{_WORDS[name]}: {code(cut(str(value), 80))}"
                do = self._zone(value) if name == "time_zone" else self._setting(change)
                self._steps.append(Step(_WORDS[name], words, do))

    def _applied(self, name: str, value: Any) -> Callable[[GuildSettings], GuildSettings] | None:
        """Return the change of one setting, None if it is refused here."""
        if name == "time_zone":
            return None if zone_meant(value) != value else lambda now: replace(now, time_zone=value)
        roles = [each for each in self._guild.roles if each.name == value]
        role = roles[0] if name == "moderator_role" and len(roles) == 1 else None
        channel = self._named(value) if name == "moderator_channel" else None
        change = SettingsChange(
            role,
            None if isinstance(channel, discord.ForumChannel) else channel,
            hours(value) if name == "abstract_wait_hours" else None,
            None,
            value if name == "card_offers" else None,
            value if name == "library_proxy" else None,
        )
        try:
            is_refused = change.is_empty or settings_refusal(change, self._member) is not None
        except NotAModeratorError:
            is_refused = (
                self._member != self._guild.me
            )  # the preview shows it; whoever starts it must have it
        return None if is_refused else change.applied

    def _zone(self, name: str) -> Do:
        async def do(by: ChangedBy) -> None:
            now = self._services.seams.clock()
            await self._services.database.run(paces.save_zone, self._guild.id, name, now, by=by)

        return do

    def _setting(self, change: Callable[[GuildSettings], GuildSettings]) -> Do:
        async def do(by: ChangedBy) -> None:
            clock, run = self._services.seams.clock, self._services.database.run
            await run(stored_settings.change_guild_settings, self._guild.id, change, by, clock())

        return do

    def _types(self, now: GuildSettings, value: Collection[Any]) -> None:
        known = tuple(each for each in value if each in {*KNOWN_TYPES, *SKIPPED_TYPES})
        if len(known) < len(value):
            self._refused.append("kinds that are skipped: some are unknown here")
        if set(known) == set(SKIPPED_TYPES if now.skipped_types is None else now.skipped_types):
            self._same += 1
            return

        async def do(by: ChangedBy) -> None:
            await skip_types(self._services, self._guild.id, known, by)

        listed = ", ".join(names_of(known)) or "none"
        self._steps.append(Step("kinds that are skipped", f"kinds that are skipped: {listed}", do))

    async def _destination(self, wanted: FileDestination) -> None:
        """Add the step that lets articles arrive at a channel as the file says."""
        channel = self._named(wanted.channel)
        called = code("#" + cut(wanted.channel.lstrip("#"), 60))
        run = self._services.database.run
        if channel is None:
            self._refused.append(f"how articles arrive in {called}: there is no such channel to post in")
            return
        if kind_of(channel) is DestinationKind.FORUM and (
            wanted.pace.has_digests or wanted.pace.joins_issues
        ):
            self._refused.append(f"how articles arrive in {called}: a forum has no digests")
            return
        if await run(paces.get, channel.id) == wanted.pace:
            self._same += 1
            return

        async def do(by: ChangedBy) -> None:
            now = self._services.seams.clock()
            await run(paces.save, self._guild.id, channel.id, wanted.pace, now, by=by)

        words = f"how articles arrive in <#{channel.id}>: {wanted.pace.when}"
        self._steps.append(Step(f"how articles arrive in {called}", words, do))

    # Feeds and topics ---------------------------------------------------------------------------------

    def _change(self, entry: FileEntry, there: Subscription) -> None:
        """Add the steps that make what is there as it stands in the file."""
        subscriptions, guild_id = self._services.subscriptions, self._guild.id
        name = safe(cut(entry.name, 60))
        before = len(self._steps)

        async def set_form(by: ChangedBy) -> None:
            await subscriptions.set_form(guild_id, there.id, entry.form, by)

        async def set_filter(by: ChangedBy) -> None:
            if there.is_topic:
                await self._services.topics.set_words(guild_id, there.id, entry.filter or "", by)
            else:
                await subscriptions.set_filter(guild_id, there.id, entry.filter, by)

        async def pause(by: ChangedBy) -> None:
            await (subscriptions.pause if entry.is_paused else subscriptions.resume)(guild_id, there.id, by)

        async def set_threads(by: ChangedBy) -> None:
            await subscriptions.set_threads(guild_id, there.id, by, opens_threads=entry.opens_threads)

        if entry.form is not there.form:
            self._steps.append(Step(name, f"{name}: form *{entry.form}* instead of *{there.form}*", set_form))
        if entry.filter != there.filter:
            words = code(cut(entry.filter, 80)) if entry.filter else "none"
            what = "words" if there.is_topic else "filter"
            self._steps.append(Step(name, f"{name}: {what} {words}", set_filter))
        if entry.opens_threads != there.opens_threads and there.kind is DestinationKind.TEXT:
            words = "a thread under each post" if entry.opens_threads else "no threads"
            self._steps.append(Step(name, f"{name}: {words}", set_threads))
        if entry.is_paused != (there.paused_at is not None):
            self._steps.append(Step(name, f"{name}: {'paused' if entry.is_paused else 'resumed'}", pause))
        self._same += len(self._steps) == before

    def _add_feed(self, entry: FileEntry, channel: Channel) -> None:
        feed = OfferedFeed(
            entry.address,
            cut(entry.name, 100),
            channel.id,
            entry.is_paused,
            entry.form,
            entry.filter,
            entry.opens_threads,
        )

        async def do(by: ChangedBy) -> str | None:
            return await self._services.exchange.add_one(self._guild.id, feed, kind_of(channel), by)

        name = safe(cut(entry.name, 60)) or code(cut(shown_url(entry.address), 60))
        self._steps.append(Step(name, f"{name}: added to <#{channel.id}>", do))

    def _add_topic(self, entry: FileEntry, channel: Channel) -> None:
        async def do(by: ChangedBy) -> None:
            destination = Destination(channel.id, kind_of(channel))
            new = NewTopic(
                self._guild.id, destination, cut(entry.name, 30), entry.filter or "", by.id, Form(entry.form)
            )
            added, _ = await self._services.topics.add(new, by)
            if entry.is_paused:
                await self._services.subscriptions.pause(self._guild.id, added.id, by)

        name = safe(cut(entry.name, 60))
        self._steps.append(Step(name, f"Topic {name}: added to <#{channel.id}>", do))


_WORDS = {
    "moderator_role": "moderator role",
    "moderator_channel": "channel for alerts",
    "abstract_wait_hours": "hours to wait for an abstract",
    "card_offers": "cards offered under messages",
    "library_proxy": "library’s proxy",
    "time_zone": "time zone",
}


def plain_name(name: str) -> str:
    """Return a channel's name as it is compared."""
    return name.lstrip("#").casefold()


def places_of(member: discord.Member, content: SettingsFile) -> dict[str, int]:
    """Return the channels that a file names and in which this member and Wetread can post, by name."""
    names = {plain_name(each.channel) for each in (*content.feeds, *content.topics)}
    names |= {plain_name(each.channel) for each in content.destinations}
    if isinstance(alerts := content.server.get("moderator_channel"), str):
        names.add(plain_name(alerts))
    guild = member.guild
    return {
        plain_name(each.name): each.id
        for each in (*guild.threads, *guild.channels)
        if plain_name(each.name) in names and channel_of(member, each.id)
    }
