"""What people do to threads and messages, as the gateway tells it to a real discord.py."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from cogs.posting.destinations import Destinations
from tests.wire import faults
from tests.wire.desk import Desk
from wetread.domain.models import DeliveryState, DestinationKind
from wetread.storage import deliveries, edits, lookups, scheduling

THREAD = DestinationKind.THREAD
LOCKED = faults.status(403, json_code=160005, message="Thread is locked")


@pytest.fixture
async def listening(desk: Desk) -> Desk:
    """The desk, whose bot listens to changes of its destinations."""
    await desk.bot.add_cog(Destinations(desk.bot, desk.database, desk.clock))
    return desk


async def change_thread(desk: Desk, **metadata: bool) -> None:
    """Let a moderator lock, open or archive the thread, and wait until the bot has heard of it."""
    heard = asyncio.create_task(desk.bot.wait_for("raw_thread_update", timeout=60))
    await asyncio.sleep(0)  # let it begin to listen
    desk.world.backend.edit_channel(desk.world.thread.id, {}, thread_metadata=metadata)
    await heard


async def open_again(desk: Desk, *, is_archived: bool) -> None:
    """Lock and archive the thread, so that discord.py forgets it; let a post be refused; then unlock it."""
    thread = desk.world.thread
    await change_thread(desk, locked=True, archived=True)
    assert desk.bot.get_channel(thread.id) is None
    desk.fault(LOCKED)
    await desk.schedule(thread, THREAD)
    await desk.deliver()
    assert await desk.states() == [DeliveryState.PARKED]

    await change_thread(desk, locked=False, archived=is_archived)


async def eventually(look: Callable[[], Awaitable[object]]) -> None:
    """Wait until the bot has stored what it heard."""
    for _ in range(1000):
        if await look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it was not stored within 10 s")


async def is_unblocked(desk: Desk) -> bool:
    return not await desk.database.run(deliveries.blocked_channels)


async def are_gone(desk: Desk, count: int) -> bool:
    return sum(each.was_deleted for each in await desk.deliveries()) == count


@pytest.mark.row("E11")
@pytest.mark.parametrize("is_archived", [False, True], ids=["reopened", "only unlocked"])
async def test_e11_a_locked_thread_that_is_not_cached_takes_its_posts_when_it_is_opened(
    listening: Desk, is_archived: bool
) -> None:
    desk = listening
    await open_again(desk, is_archived=is_archived)

    await eventually(lambda: is_unblocked(desk))
    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
    assert desk.titles(desk.world.thread) == ["Invented finding 1"]


@pytest.mark.row("E11")
async def test_e11_an_edit_that_waits_for_a_thread_goes_out_when_it_is_opened(listening: Desk) -> None:
    desk = listening
    await desk.schedule(desk.world.thread, THREAD)
    await desk.deliver()
    await change_thread(desk, locked=True, archived=True)
    [sent] = await desk.deliveries()
    assert sent.article_id is not None
    await desk.database.run(scheduling.schedule_edits, sent.article_id, scheduling.ABSTRACT, desk.clock())
    edit = await desk.database.run(edits.claim_next, sent.channel_id, desk.clock())
    assert edit is not None
    await desk.database.run(edits.park, edit, "the thread is archived or locked")
    assert await desk.database.run(edits.due_channels, desk.clock()) == []

    await change_thread(desk, locked=False, archived=False)

    await eventually(lambda: desk.database.run(edits.due_channels, desk.clock()))


@pytest.mark.row("E13")
async def test_e13_posts_that_are_deleted_in_bulk_are_remembered_as_gone(listening: Desk) -> None:
    desk, papers = listening, listening.world.papers
    for _ in range(3):
        await desk.schedule(papers)
    await desk.deliver()
    posts = desk.world.posts(papers)
    oldest_first = list(reversed(await desk.deliveries()))

    desk.world.backend.bulk_delete_messages(papers.id, [post.id for post in posts[:2]])

    await eventually(lambda: are_gone(desk, 2))
    guild, run = desk.world.guild.id, desk.database.run
    links = [await run(lookups.post_url, guild, each.article_id or 0) for each in oldest_first]
    assert links[:2] == [None, None]
    assert links[2] is not None
    assert await desk.states() == [DeliveryState.SENT] * 3, "none is posted again by itself"
    await desk.deliver(after=3600)
    assert desk.server.rest.made("PATCH", r"/channels/\d+/messages/\d+") == []
