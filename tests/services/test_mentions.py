"""Which roles a post mentions: decided and counted with the claim, so that nobody is pinged twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Weather
from tests.support.outbox_stage import GUILD, PAPERS, OutboxStage
from wetread.domain.errors import UnknownSubscriptionError
from wetread.domain.models import Subscription
from wetread.domain.pace import Pace, When
from wetread.storage import deliveries, role_mentions, subscriptions, topics
from wetread.storage.subscriptions import Mention

KNEE, SPINE, CHEST = 901, 902, 903


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    opened = await OutboxStage.open(tmp_path)
    yield opened
    await opened.close()


async def mention(stage: OutboxStage, subscription_id: int, chosen: Mention | None) -> Subscription:
    return await stage.database.run(subscriptions.set_mention, GUILD, subscription_id, chosen, stage.clock())


async def feed_that_mentions(stage: OutboxStage, chosen: Mention) -> int:
    feed = await stage.subscribe()
    await mention(stage, feed, chosen)
    return feed


async def mentioned(stage: OutboxStage) -> list[tuple[int, ...]]:
    """The roles that each delivery mentions, in order."""
    ids = [each.id for each in await stage.deliveries()]
    return [await stage.database.run(role_mentions.of_delivery, each) for each in ids]


async def post(stage: OutboxStage, feed: int, *, minutes: float = 0) -> None:
    """Post another article of a feed, that many minutes after the last."""
    stage.clock.advance(seconds=60 * minutes)
    await stage.schedule_articles([await stage.new_article()], subscription_id=feed)
    await stage.run(seconds=30)


@pytest.mark.row("F66")
async def test_a_role_is_mentioned_once_an_hour_and_three_times_a_day(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE))
    for minutes in (0, 30, 31, 61, 61):
        await post(stage, feed, minutes=minutes)
    today = await mentioned(stage)
    await post(stage, feed, minutes=24 * 60)

    assert today == [(KNEE,), (), (KNEE,), (KNEE,), ()]
    assert (await mentioned(stage))[-1] == (KNEE,)


async def test_moderators_choose_how_often_and_two_feeds_share_what_a_role_gets(stage: OutboxStage) -> None:
    once = Mention(KNEE, most_a_day=1)
    first, second = await feed_that_mentions(stage, once), await feed_that_mentions(stage, once)
    await post(stage, first)
    await post(stage, second, minutes=90)

    assert await mentioned(stage) == [(KNEE,), ()]


async def test_only_articles_that_match_mention_the_role(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE, filter="2 OR type:trial"))
    await post(stage, feed)
    await post(stage, feed)

    assert await mentioned(stage) == [(), (KNEE,)]


async def test_an_article_of_three_topics_mentions_two_roles_each_once(stage: OutboxStage) -> None:
    for words in ("finding", "invented", "finding invented", "invented finding"):
        await stage.add_topic(words=words)
    found = await stage.database.run(topics.of_guild, GUILD)
    for topic, role in zip(sorted(found, key=lambda each: each.id), (KNEE, KNEE, SPINE, CHEST), strict=True):
        await mention(stage, topic.id, Mention(role))
    await stage.arrive()
    await stage.run()

    assert await mentioned(stage) == [(KNEE, SPINE)]


async def test_nobody_is_mentioned_any_more_when_moderators_say_so_or_remove_the_feed(
    stage: OutboxStage,
) -> None:
    silent, gone = [await feed_that_mentions(stage, Mention(each)) for each in (KNEE, SPINE)]
    await mention(stage, silent, None)
    await post(stage, silent)
    await stage.database.run(subscriptions.remove, GUILD, gone, stage.clock())

    assert await mentioned(stage) == [()]
    assert await stage.database.run(role_mentions.released, GUILD) == []
    assert not await stage.database.run(role_mentions.is_released, GUILD, SPINE)


async def test_digests_and_what_members_share_mention_nobody(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE))
    await stage.choose(Pace(When.DAILY))
    await stage.schedule_articles([await stage.new_article()], subscription_id=feed)
    await stage.run(hours=25)
    await stage.schedule(1)
    await stage.run(hours=1)

    assert stage.channels.posts()
    assert all(roles == () for roles in await mentioned(stage))


@pytest.mark.row("F61")
@pytest.mark.parametrize("point", ["after_claim", "before_send", "after_send", "before_commit"])
async def test_a_crash_counts_a_mention_once_and_what_it_says_stays(stage: OutboxStage, point: str) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE))
    await stage.schedule_articles([await stage.new_article()], subscription_id=feed)
    await stage.run_until_killed(point)
    counted = await mentioned(stage)
    await stage.run(minutes=30)
    delivery = await stage.delivery()

    assert counted == await mentioned(stage) == [(KNEE,)]
    assert len(stage.channels.posts()) == 1
    assert delivery.attempt_count == 2  # only a first attempt pings


async def test_a_post_that_discord_refuses_counts_no_mention(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE, most_a_day=1))
    stage.channels.forecast(Weather.refused(403, 50013))
    await post(stage, feed)
    refused = await mentioned(stage)
    await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    await stage.run(minutes=5)
    delivery = await stage.delivery()

    assert refused == [()]
    assert await mentioned(stage) == [(KNEE,)]
    assert delivery.attempt_count == 1


async def test_another_server_neither_changes_nor_releases_a_role(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE))

    with pytest.raises(UnknownSubscriptionError):
        await stage.database.run(subscriptions.set_mention, GUILD + 1, feed, Mention(SPINE), stage.clock())
    assert not await stage.database.run(role_mentions.is_released, GUILD + 1, KNEE)
    assert await stage.database.run(role_mentions.released, GUILD + 1) == []


async def test_how_much_comes_is_counted_by_what_mentions_the_role(stage: OutboxStage) -> None:
    feed = await feed_that_mentions(stage, Mention(KNEE, filter="2"))
    for _ in range(3):
        await post(stage, feed)
    [role] = await stage.database.run(role_mentions.released, GUILD)

    assert role.role_id == KNEE
    assert await stage.database.run(role_mentions.post_count, role.named_by, stage.clock()) == 1
