"""Refusals of Discord over real sockets, as discord.py hands them on."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from cogs.posting.destinations import Destinations
from tests.wire import faults
from tests.wire.desk import FORUM, POST_IN_FORUM, SEND, Desk
from wetread.domain.models import DeliveryState
from wetread.storage import deliveries, outbox
from wetread.storage.subscriptions import Destination, NewSubscription, of_guild, subscribe


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip discord.py's own pauses between its attempts, 25 s in all."""

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(discord.http, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": sleep}))


@pytest.mark.row("A09")
@pytest.mark.parametrize("code", [500, 502, 504, 524])
async def test_a09_what_passes_is_one_message_with_one_nonce(desk: Desk, hurried: None, code: int) -> None:
    desk.fault(faults.status(code, done=True), count=2)
    await desk.schedule(desk.world.papers)

    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.titles(desk.world.papers)) == 1
    assert len(desk.sends()) == 3
    assert len(set(desk.sends())) == 1


@pytest.mark.row("A10")
@pytest.mark.parametrize("is_done", [True, False])
async def test_a10_hours_of_500_are_met_with_growing_pauses(desk: Desk, hurried: None, is_done: bool) -> None:
    rule = desk.fault(faults.status(500, done=is_done), count=None)
    await desk.schedule(desk.world.papers)

    await desk.deliver()  # while both clocks agree, so that looking back starts before the post
    for _ in range(12):  # an hour, in steps of five minutes
        await desk.deliver(after=300)
    # Looking back finds the one that took effect; the other stays uncertain.
    expected = DeliveryState.SENT if is_done else DeliveryState.SENDING
    assert await desk.states() == [expected]
    assert 5 <= rule.hits <= 40, "five tries of discord.py's each time, and the pauses grow"

    desk.server.faults.clear()
    await desk.deliver_in_the_end()
    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.titles(desk.world.papers)) == 1


@pytest.mark.row("A16")
async def test_a16_a_global_limit_holds_up_every_channel(desk: Desk) -> None:
    limit = desk.fault(faults.rate_limited(0.6, is_global=True))
    await desk.schedule(desk.world.papers)
    await desk.schedule(desk.world.club)

    await desk.deliverer.deliver_due()
    await desk.world.until(lambda: limit.hits, what="the limit")
    await desk.deliverer.join()

    assert await desk.states() == [DeliveryState.SENT] * 2
    calls = desk.server.rest.made("POST", r"/channels/\d+/messages")
    [refused] = [call for call in calls if call.status == 429]
    # Requests sent before the limit was known do not count; none is sent while it lasts.
    meanwhile = [call for call in calls if 0.1 < (call.at - refused.at).total_seconds() < 0.55]
    assert meanwhile == []


@pytest.mark.row("A21")
async def test_a21_a_tag_that_is_gone_costs_the_post_its_tag_only(desk: Desk) -> None:
    """The request fails with "unknown tag" before the gateway reports that the tag was deleted."""
    desk.fault(faults.status(400, json_code=50035, message="Invalid Form Body: applied_tags"), POST_IN_FORUM)
    await desk.schedule(desk.world.forum, FORUM)

    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.forum_posts()) == 1
    first, second = desk.server.rest.made("POST", r"/channels/\d+/threads")
    assert second.body["applied_tags"] == []
    assert first.body["name"] == second.body["name"]


@pytest.mark.row("A21")
async def test_a21_where_a_tag_is_required_it_waits_for_a_person(desk: Desk) -> None:
    gone = faults.status(400, json_code=50035, message="Invalid Form Body: applied_tags")
    desk.fault(gone, POST_IN_FORUM, count=None)
    await desk.schedule(desk.world.forum, FORUM)

    await desk.deliver()
    await desk.deliver_in_the_end()

    assert await desk.states() == [DeliveryState.PARKED]
    assert len(desk.server.rest.made("POST", r"/channels/\d+/threads")) == 2


@pytest.mark.row("A29")
async def test_a29_a_channel_that_was_deleted_is_asked_once(desk: Desk) -> None:
    desk.fault(faults.status(404, json_code=10003, message="Unknown Channel"), count=None)
    for _ in range(3):
        await desk.schedule(desk.world.papers)

    await desk.deliver_in_the_end()

    assert len(desk.sends()) == 1
    assert await desk.states() == [DeliveryState.PARKED] * 3
    [blocked] = await desk.database.run(deliveries.blocked_channels, desk.world.guild.id)
    assert (blocked.channel_id, blocked.reason) == (desk.world.papers.id, "the channel is gone")


@pytest.mark.row("A31")
async def test_a31_an_outage_of_a_server_is_not_taken_for_a_removal(desk: Desk) -> None:
    """The gateway sends GUILD_DELETE for both."""
    guild = desk.world.guild.id
    await desk.bot.add_cog(Destinations(desk.bot, desk.database, desk.clock))
    wish = NewSubscription(
        guild, Destination(desk.world.papers.id), "https://journal.example.org/rss", "JII", 7
    )
    await desk.database.run(subscribe, wish, desk.clock(), limit=10)
    await desk.schedule(desk.world.papers)

    gone = asyncio.create_task(desk.bot.wait_for("guild_unavailable", timeout=60))
    await asyncio.sleep(0)  # let it begin to listen
    desk.server.gateway.emit("GUILD_DELETE", {"id": str(guild), "unavailable": True})
    await gone
    await desk.deliver()

    assert desk.sends() == []
    assert await desk.states() == [DeliveryState.PENDING]
    [watched] = await desk.database.run(of_guild, guild)
    assert watched.subscription.paused_at is None


@pytest.mark.row("A36")
@pytest.mark.parametrize("code", [20016, 20028])
async def test_a36_slow_mode_is_waited_out_as_long_as_discord_says(desk: Desk, code: int) -> None:
    desk.fault(faults.rate_limited(90, json_code=code))
    await desk.schedule(desk.world.papers)
    await desk.deliver()

    await desk.deliver(after=80)
    assert len(desk.sends()) == 1

    await desk.deliver(after=15)
    assert await desk.states() == [DeliveryState.SENT]


@pytest.mark.row("A07")
async def test_what_nobody_can_know_is_listed_for_moderators(desk: Desk) -> None:
    desk.fault(faults.close_after())
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    desk.server.faults.add(
        "GET", SEND, faults.status(403, json_code=50001, message="Missing Access"), count=None
    )

    await desk.deliver_in_the_end()

    assert len(desk.sends()) == 1
    assert await desk.states() in ([DeliveryState.UNCERTAIN], [DeliveryState.PARKED])
    assert await desk.database.run(outbox.due_channels, desk.clock()) == []
