"""What moderators do to a channel or a server, and what Wetread makes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from cogs.posting.destinations import Destinations
from tests.support.discord_stage import Channel
from tests.support.discord_world import World, open_world
from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import baseline_at
from wetread.domain.models import DeliveryState, DestinationKind, Posted, Record
from wetread.storage import articles, deliveries, edits, outbox, scheduling, troubles
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery


class Desk:
    """A world whose bot listens, and its outbox."""

    def __init__(self, world: World, database: Database) -> None:
        self.world = world
        self.database = database
        self._count = 0

    async def schedule(self, channel: Channel, kind: DestinationKind = DestinationKind.TEXT) -> outbox.Claim:
        """Owe a new article there, and claim it."""
        self._count += 1
        record = Record(source="feed", title=f"Invented {self._count}", doi=f"10.5555/{self._count}")
        now, guild = self.world.clock(), self.world.guild.id
        article = await self.database.run(articles.create, {"feed:1": record}, {guild}, now)
        await self.database.run(scheduling.schedule, [NewDelivery(guild, channel.id, kind, article)], now)
        claim = await self.database.run(outbox.claim_next, channel.id, now, baseline_at(now, channel.id))
        assert claim is not None
        return claim

    async def refused(self, channel: Channel, kind: DestinationKind = DestinationKind.TEXT) -> None:
        """Owe an article that Discord then refuses for want of a permission."""
        claim = await self.schedule(channel, kind)
        await self.database.run(
            outbox.block_channel,
            claim.delivery,
            self.world.clock(),
            code=50013,
            reason="a permission is missing",
            was_refused=True,
        )

    async def sent(self, channel: Channel, post: Posted, kind: DestinationKind = DestinationKind.TEXT) -> int:
        """Owe an article that is then posted; returns the delivery's id."""
        claim = await self.schedule(channel, kind)
        await self.database.run(outbox.settle_sent, claim, post, self.world.clock())
        return claim.delivery.id

    async def states(self) -> list[DeliveryState]:
        found = await self.database.run(deliveries.listing, None, set(DeliveryState))
        return [each.state for each in reversed(found)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = await Database.open(tmp_path / "wetread.db")

    async def factory(clock: Clock) -> commands.Bot:
        intents = discord.Intents(guilds=True, guild_messages=True)
        bot = commands.Bot("!", intents=intents, member_cache_flags=discord.MemberCacheFlags.none())
        await bot.add_cog(Destinations(bot, database, clock))
        return bot

    async with open_world(factory) as world:
        yield Desk(world, database)
    await database.close()


@pytest.mark.row("A27")
async def test_a27_a_channel_goes_on_when_its_permissions_come_back_and_not_before(desk: Desk) -> None:
    papers = desk.world.papers
    desk.world.forbid(papers, "send_messages")
    await desk.world.settle()
    await desk.refused(papers)

    desk.world.backend.edit_channel(papers.id, {"name": "renamed"})
    await desk.world.settle()
    assert await desk.states() == [DeliveryState.PARKED]

    desk.world.allow_again(papers)
    await desk.world.settle()
    assert await desk.states() == [DeliveryState.PENDING]
    assert await desk.database.run(deliveries.blocked_channels) == []


@pytest.mark.row("A27")
async def test_what_came_back_while_the_bot_was_away_is_noticed_at_its_start(desk: Desk) -> None:
    await desk.refused(desk.world.papers)
    await desk.refused(desk.world.thread, DestinationKind.THREAD)
    await desk.refused(desk.world.forum, DestinationKind.FORUM)

    await desk.world.restart()

    assert await desk.states() == [DeliveryState.PENDING] * 3


@pytest.mark.row("E11")
@pytest.mark.parametrize("is_locked", [False, True])
async def test_e11_an_edit_waits_at_the_start_only_for_a_thread_that_is_still_locked(
    desk: Desk, is_locked: bool
) -> None:
    world, now = desk.world, desk.world.clock()
    if is_locked:
        world.forbid(world.club, "manage_threads")
        world.backend.edit_channel(world.thread.id, {}, thread_metadata={"locked": True})
        await world.settle()
    number = await desk.sent(world.thread, Posted(4711), DestinationKind.THREAD)
    await desk.database.run(edits.schedule, number, now)
    edit = await desk.database.run(edits.claim_next, world.thread.id, now)
    assert edit is not None
    await desk.database.run(edits.park, edit, "the thread is archived or locked")

    await desk.world.restart()

    parked = await desk.database.run(troubles.unedited)
    assert bool(parked) is is_locked


@pytest.mark.row("A20")
async def test_a20_a_forum_goes_on_when_it_has_a_tag_to_give(desk: Desk) -> None:
    desk.world.require_tag(desk.world.forum)
    await desk.refused(desk.world.forum, DestinationKind.FORUM)
    await desk.world.restart()
    assert await desk.states() == [DeliveryState.PARKED]

    desk.world.set_tags(desk.world.forum, "Articles")
    await desk.world.settle()

    assert await desk.states() == [DeliveryState.PENDING]


@pytest.mark.row("A26")
async def test_a_post_that_a_moderator_removes_is_remembered_as_gone(desk: Desk) -> None:
    message = desk.world.backend.create_message(
        desk.world.papers.id, desk.world.backend.bot_user.id, "a card"
    )
    number = await desk.sent(desk.world.papers, Posted(message.id))

    desk.world.backend.delete_message(desk.world.papers.id, message.id)
    await desk.world.settle()

    found = await desk.database.run(deliveries.get, number)
    assert found is not None
    assert found.was_deleted


async def test_a_forum_post_goes_with_its_thread_but_a_card_stays_without_its_discussion(desk: Desk) -> None:
    thread = desk.world.make_thread(desk.world.forum, "a post")
    card = await desk.sent(desk.world.papers, Posted(desk.world.thread.id))
    post = await desk.sent(desk.world.forum, Posted(thread.id, thread.id), DestinationKind.FORUM)

    for channel in (thread, desk.world.thread):
        desk.world.backend.delete_channel(channel.id)
    await desk.world.settle()

    found = [await desk.database.run(deliveries.get, number) for number in (card, post)]
    assert [each.was_deleted for each in found if each] == [False, True]
