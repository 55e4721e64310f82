"""Posts of announcement channels, and what becomes of their publication to other channels (faults.md E12)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Meeting, Weather
from tests.support.outbox_stage import CLUB, GUILD, PAPERS, OutboxStage
from wetread.domain.errors import MessageDeletedError
from wetread.domain.models import DeliveryState, Share
from wetread.storage import delivery_history, shares
from wetread.storage.delivery_history import Unpublished
from wetread.storage.subscriptions import Destination

pytestmark = pytest.mark.row("E12")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    """PAPERS is an announcement channel; CLUB is not."""
    opened = await OutboxStage.open(tmp_path)
    opened.channels.announcing.add(PAPERS)
    yield opened
    await opened.close()


def published(stage: OutboxStage) -> list[int]:
    """Return the articles of all requests to publish, in order."""
    return [call.article_id or 0 for call in stage.channels.requests("publish")]


async def unpublished(stage: OutboxStage) -> list[Unpublished | None]:
    """Return what the log says about the publication of each post, oldest first."""
    shown = await stage.database.run(delivery_history.log, GUILD, subscription_id=None, limit=50)
    return [each.unpublished for each in reversed(shown)]


async def test_each_post_of_an_announcement_channel_is_published_once(stage: OutboxStage) -> None:
    articles = await stage.schedule(3)
    await stage.schedule(1, CLUB)

    await stage.run(minutes=5)

    assert published(stage) == articles
    assert await unpublished(stage) == [None] * 4


async def test_what_discord_puts_off_is_published_later_and_holds_up_no_post(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.delayed(3600), method="publish")
    first = await stage.schedule(1)

    await stage.run(minutes=1)
    second = await stage.schedule(2)
    await stage.run(minutes=1)

    assert stage.order() == first + second
    assert published(stage) == first, "the others wait, because Discord limits the channel"
    [waiting, *_] = await unpublished(stage)
    assert waiting is not None
    assert waiting.given_up_reason is None
    await stage.run(hours=1)
    assert published(stage) == first + first + second
    assert await unpublished(stage) == [None] * 3


@pytest.mark.parametrize("point", ["after_commit", "before_commit"])
async def test_a_kill_before_the_publication_costs_it_nothing(stage: OutboxStage, point: str) -> None:
    articles = await stage.schedule(2)

    await stage.run_until_killed(point)
    await stage.run(minutes=10)

    assert sorted(published(stage)) == articles


async def test_a_restart_forgets_no_publication_that_waits(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.delayed(3600), method="publish")
    articles = await stage.schedule(1)
    await stage.run(minutes=1)

    stage.restart()
    await stage.run(minutes=30)
    assert published(stage) == articles

    await stage.run(minutes=40)
    assert published(stage) == articles * 2


@pytest.mark.parametrize(
    ("refusal", "word"),
    [
        (Weather.refused(403, 50013), "permission"),
        (Weather.refused(400, 50024), "no longer an announcement channel"),
        (Weather.refused(404, 10003), "gone"),
    ],
)
async def test_what_discord_refuses_is_given_up_with_its_reason(
    stage: OutboxStage, refusal: Meeting, word: str
) -> None:
    stage.channels.forecast(refusal, method="publish")
    articles = await stage.schedule(2)

    await stage.run(hours=5)

    assert published(stage) == articles
    first, second = await unpublished(stage)
    assert first is not None
    assert word in (first.given_up_reason or "")
    assert second is None
    assert [each.state for each in await stage.deliveries()] == [DeliveryState.SENT] * 2


async def test_what_is_not_possible_for_three_days_is_given_up(stage: OutboxStage) -> None:
    stage.channels.forecast(*[Weather.lost_before] * 200, method="publish")
    await stage.schedule(1)

    await stage.run(hours=80)

    count = len(published(stage))
    assert 40 <= count <= 100, "about once an hour"
    [given_up] = await unpublished(stage)
    assert given_up is not None
    assert "3 days" in (given_up.given_up_reason or "")
    await stage.run(hours=10)
    assert len(published(stage)) == count


async def test_a_post_that_is_deleted_meanwhile_is_not_published(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.failing(MessageDeletedError()), method="publish")
    articles = await stage.schedule(1)

    await stage.run(hours=2)

    assert published(stage) == articles
    assert (await stage.delivery()).was_deleted
    assert await unpublished(stage) == [None]


async def test_a_deleted_post_whose_publication_was_given_up_can_be_shared_again(stage: OutboxStage) -> None:
    stage.channels.forecast(Weather.refused(403, 50013), method="publish")
    [article] = await stage.schedule(1)
    await stage.run(minutes=1)
    [post] = stage.channels.posts(PAPERS)
    stage.channels.delete(post)
    await stage.database.run(lambda db: db.conn.execute("UPDATE deliveries SET was_deleted = 1"))

    wanted = shares.ShareRequest(GUILD, Destination(PAPERS), article, Share(7, "ann.sample"))
    begun = await stage.database.run(shares.begin, wanted, stage.clock(), stage.deliverer.baseline(PAPERS))
    assert begun.claim is not None
    await stage.deliverer.post_now(begun.claim)
    await stage.run(minutes=5)

    assert published(stage) == [article, article]
    assert await unpublished(stage) == [None]
