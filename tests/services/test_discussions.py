"""The thread that a subscription opens under each post: once, later, or given up with a reason."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Weather
from tests.support.outbox_stage import GUILD, PAPERS, OutboxStage
from wetread.domain.errors import UnknownSubscriptionError
from wetread.domain.models import DeliveryState, DestinationKind
from wetread.storage import deliveries, follow_ups, subscriptions
from wetread.storage.subscriptions import Destination, NewSubscription

pytestmark = pytest.mark.row("F60")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    """Its only subscription opens threads."""
    opened = await OutboxStage.open(tmp_path)
    wish = NewSubscription(GUILD, Destination(PAPERS), "https://pubs.example.org/jii", "jii", 1)
    await opened.database.run(subscriptions.subscribe, wish, opened.clock(), limit=9)
    await opened.database.run(subscriptions.set_threads, GUILD, 1, opened.clock(), opens_threads=True)
    yield opened
    await opened.close()


async def schedule(stage: OutboxStage, count: int, kind: DestinationKind = DestinationKind.TEXT) -> list[int]:
    ids = [await stage.new_article() for _ in range(count)]
    await stage.schedule_articles(ids, kind=kind, subscription_id=1)
    return ids


async def threads(stage: OutboxStage) -> list[int | None]:
    """Return the thread of each post, oldest first."""
    found = await stage.database.run(deliveries.listing, GUILD, [DeliveryState.SENT], limit=50)
    return [each.thread_id for each in reversed(found)]


async def test_each_post_gets_its_thread_once(stage: OutboxStage) -> None:
    await schedule(stage, 3)
    await stage.run(minutes=5)

    posts = [message.id for message in stage.channels.messages]
    assert await threads(stage) == posts
    assert stage.channels.threads == dict.fromkeys(posts, 1)


async def test_a_share_and_a_forum_post_get_none(stage: OutboxStage) -> None:
    await stage.schedule(1)
    await schedule(stage, 1, DestinationKind.FORUM)
    await stage.run(minutes=5)

    assert stage.channels.threads == {}


async def test_threads_hold_up_no_post_when_there_are_too_many(stage: OutboxStage) -> None:
    stage.channels.forecast(*[Weather.refused(400, 160006)] * 2, method="open_thread")
    articles = await schedule(stage, 3)
    await stage.run(minutes=2)
    said = await stage.database.run(follow_ups.delay_of_threads, 1)

    assert stage.order() == articles
    assert stage.channels.threads == {}
    assert said is not None
    assert "160006" in said
    await stage.run(hours=5)
    assert len(stage.channels.threads) == 3
    assert await stage.database.run(follow_ups.delay_of_threads, 1) is None


async def test_what_is_refused_for_days_is_given_up_with_its_reason(stage: OutboxStage) -> None:
    stage.channels.forecast(*[Weather.refused(400, 160006)] * 400, method="open_thread")
    await schedule(stage, 1)
    await stage.run(hours=80)
    tries = len(stage.channels.requests("open_thread"))
    await stage.run(hours=10)
    said = await stage.database.run(follow_ups.delay_of_threads, 1)

    assert len(stage.channels.requests("open_thread")) == tries
    assert said is not None
    assert "3 days" in said


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
async def test_a_kill_costs_no_thread(stage: OutboxStage, point: str) -> None:
    await schedule(stage, 2)
    await stage.run_until_killed(point)
    await stage.run(minutes=10)

    assert None not in await threads(stage)
    assert len(stage.channels.threads) == 2


async def test_a_lost_answer_is_asked_again_and_the_thread_is_noted(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.lost_after, method="open_thread")
    await schedule(stage, 1)
    await stage.run(minutes=10)

    [(post, times)] = stage.channels.threads.items()
    assert times == 2, "the messenger finds it there the second time"
    assert await threads(stage) == [post]


async def test_a_post_that_was_removed_gets_no_thread(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.delayed(600), method="open_thread")
    await schedule(stage, 1)
    await stage.run(minutes=1)
    [message] = stage.channels.messages
    await stage.database.run(deliveries.mark_removed, [message.id])
    await stage.run(minutes=30)

    assert stage.channels.threads == {}


async def test_another_server_does_not_switch_it(stage: OutboxStage) -> None:
    with pytest.raises(UnknownSubscriptionError):
        await stage.database.run(subscriptions.set_threads, GUILD + 1, 1, stage.clock(), opens_threads=False)
