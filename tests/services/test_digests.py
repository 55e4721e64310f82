"""What a destination's pace does with articles, and digests as deliveries: claimed, sent, settled, edited."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Weather
from tests.support.outbox_stage import CLUB, GUILD, PAPERS, OutboxStage
from wetread.domain.changes import ChangedBy
from wetread.domain.models import Delivery, DeliveryState, Record, Share
from wetread.domain.pace import LARGE_ISSUE, Pace, QuietHours, When
from wetread.storage import articles, deliveries, paces, scheduling, shares, subscriptions
from wetread.storage.paces import Waiting
from wetread.storage.subscriptions import Destination

MONDAY_8 = Pace(When.WEEKLY, weekday=0, digest_minute=8 * 60)
DAILY_18 = Pace(When.DAILY, digest_minute=18 * 60)
RETRACTED = ("Retracted Publication",)
ANN = ChangedBy(7, "ann.sample", "feed schedule")
COLLECTED, SENT, SKIPPED = DeliveryState.COLLECTED, DeliveryState.SENT, DeliveryState.SKIPPED


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    opened = await OutboxStage.open(tmp_path)
    yield opened
    await opened.close()


async def bring(
    stage: OutboxStage, count: int = 1, channel: int = PAPERS, waits_until: datetime | None = None
) -> list[int]:
    """Let a feed bring articles to a destination, let the outbox see them, and return their ids."""
    subscription = await stage.subscribe(channel)
    ids = [await stage.new_article() for _ in range(count)]
    await stage.schedule_articles(ids, channel, subscription_id=subscription, waits_until=waits_until)
    await stage.turn()
    return ids


async def until(stage: OutboxStage, hour: int, minutes: float = 2) -> None:
    """Let time pass until that hour of a day (UTC), and the outbox do what is due in the next minutes."""
    now = stage.clock()
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    stage.clock.advance(seconds=((at if at > now else at + timedelta(days=1)) - now).total_seconds())
    await stage.run(minutes=minutes)


async def members(stage: OutboxStage, channel: int = PAPERS) -> list[Delivery]:
    """Return the deliveries of articles in a destination."""
    return [each for each in await stage.deliveries(channel) if each.article_id is not None]


async def subscription_of(stage: OutboxStage, place: int = 0) -> int:
    """Return the subscription of one of the articles in #papers."""
    found = (await members(stage))[place].subscription_id
    assert found is not None
    return found


async def states(stage: OutboxStage, channel: int = PAPERS) -> set[DeliveryState]:
    return {each.state for each in await members(stage, channel)}


def shown(stage: OutboxStage, channel: int = PAPERS) -> list[list[int]]:
    """Return the articles of each post, in order."""
    return [
        [int(line[1:].split()[0]) for line in post.text.split("\n") if line.startswith("#")]
        for post in stage.channels.posts(channel)
        if not post.is_deleted
    ]


async def retract(stage: OutboxStage, article_id: int) -> None:
    """Let an article be retracted."""
    article = await stage.database.run(articles.get, article_id)
    record = replace(article.record, source="PubMed", types=RETRACTED)
    now = stage.clock()
    await stage.database.run(articles.rewrite, article_id, record, {})
    await stage.database.run(scheduling.schedule_edits, article_id, scheduling.RETRACTION, now)
    await stage.database.run(scheduling.reconsider, article_id, record, None, now)


# A digest ---------------------------------------------------------------------------------------------


@pytest.mark.row("F23")
async def test_articles_wait_for_the_digest_and_are_one_post_that_settles_them_all(
    stage: OutboxStage,
) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 3)
    assert await states(stage) == {COLLECTED}
    assert shown(stage) == []

    await until(stage, 18)

    assert shown(stage) == [ids]
    [post] = stage.channels.posts()
    assert await states(stage) == {SENT}
    assert {each.message_id for each in await members(stage)} == {post.id}
    by_message = await stage.database.run(deliveries.by_message, post.id)
    assert by_message is not None
    assert by_message.article_id is None, "a reply to the post is about the digest"


async def test_an_empty_digest_is_not_posted(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    await until(stage, 18)
    await until(stage, 18)
    assert shown(stage) == []


async def test_each_digest_has_what_came_since_the_last_one(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    first = await bring(stage, 2)
    await until(stage, 18)
    second = await bring(stage, 2)
    await until(stage, 18)
    assert shown(stage) == [first, second]


async def test_other_destinations_go_on_as_before(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    await bring(stage, 1)
    [article] = await bring(stage, 1, CLUB)
    assert shown(stage, CLUB) == [[article]]


@pytest.mark.row("F20")
async def test_a_digest_follows_the_servers_clock(stage: OutboxStage) -> None:
    await stage.database.run(paces.save_zone, GUILD, "Asia/Tokyo", stage.clock(), by=ANN)
    await stage.choose(DAILY_18)
    await bring(stage, 1)
    [delivery] = await members(stage)
    assert delivery.next_try_at.hour == 9, "18:00 in Tokyo"

    await stage.database.run(paces.save_zone, GUILD, None, stage.clock(), by=ANN)

    [delivery] = await members(stage)
    assert delivery.next_try_at.hour == 18


async def test_a_digest_that_was_due_while_the_bot_was_down_is_posted_once_at_its_start(
    stage: OutboxStage,
) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    stage.clock.advance(seconds=5 * 86_400)
    stage.restart()
    await stage.run(minutes=1)
    assert shown(stage) == [ids]


@pytest.mark.row("F33")
async def test_an_article_of_two_feeds_is_in_the_digest_once(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 1)
    other = await stage.subscribe()
    await stage.schedule_articles(ids, subscription_id=other)
    await until(stage, 18)
    assert shown(stage) == [ids]


@pytest.mark.row("F29")
async def test_hundreds_of_articles_are_several_digests(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 260)
    await stage.run(seconds=20)
    await until(stage, 18)
    assert [len(each) for each in shown(stage)] == [250, 10]
    assert [each for post in shown(stage) for each in post] == ids


# Killed, and not answered -----------------------------------------------------------------------------


@pytest.mark.row("F23")
@pytest.mark.parametrize(
    "point", ["before_claim", "after_claim", "before_send", "after_send", "before_commit", "after_commit"]
)
@pytest.mark.parametrize("hours_down", [0.01, 5])
async def test_killed_at_any_point_a_digest_is_one_post(
    stage: OutboxStage, point: str, hours_down: float
) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 3)
    stage.clock.advance(seconds=36 * 3600)
    await stage.run_until_killed(point)
    stage.clock.advance(seconds=hours_down * 3600)
    await bring(stage, 1)  # comes after the digest was formed, or is in it
    await stage.run(minutes=10)

    assert shown(stage)[0][:3] == ids
    assert len(shown(stage)) == 1
    assert all(each.state is SENT for each in (await members(stage))[:3])


@pytest.mark.row("F27")
async def test_a_digest_whose_answer_was_lost_is_found_by_its_marker(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    stage.channels.forecast(Weather.lost_after)
    await until(stage, 18, minutes=0)
    stage.clock.advance(seconds=600)  # Discord has forgotten the nonce
    await stage.run(minutes=10)
    assert shown(stage) == [ids]
    assert await states(stage) == {SENT}


@pytest.mark.row("F27")
@pytest.mark.parametrize("post_again", [True, False])
async def test_an_uncertain_digest_is_one_question_and_its_answer_settles_every_article(
    stage: OutboxStage,
    post_again: bool,  # a table
) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    stage.channels.forecast(Weather.lost_before if post_again else Weather.lost_after)
    stage.channels.unreadable.add(PAPERS)
    await until(stage, 18, minutes=0)
    stage.clock.advance(seconds=600)  # Discord has forgotten the nonce
    await stage.run(minutes=10)
    asked = await stage.database.run(deliveries.listing, GUILD, {DeliveryState.UNCERTAIN})
    assert len(asked) == 1
    assert await states(stage) == {COLLECTED}

    now = stage.clock()
    await stage.database.run(deliveries.resolve_uncertain, GUILD, asked[0].id, now, post_again=post_again)
    await stage.run(minutes=5)

    assert shown(stage) == [ids]
    assert await states(stage) == {SENT}


async def test_a_digest_that_somebody_removes_is_gone_with_its_articles(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    await bring(stage, 2)
    await until(stage, 18)
    [post] = stage.channels.posts()
    stage.channels.delete(post)

    await stage.database.run(deliveries.mark_removed, [post.id])

    assert all(each.was_deleted for each in await stage.deliveries())
    await stage.run(hours=30)
    assert len(stage.channels.posts()) == 1


# Retractions ------------------------------------------------------------------------------------------


@pytest.mark.row("F22")
async def test_a_posted_digest_is_edited_once_when_its_articles_are_retracted(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 3)
    await until(stage, 18)
    await stage.add_abstract(ids[0], "Invented")
    await stage.add_abstract(ids[1], "Invented")

    await stage.run(minutes=1)

    [post] = stage.channels.posts()
    assert post.edit_count == 1
    assert post.text.count("Invented") >= 2


@pytest.mark.row("F22")
async def test_an_article_that_is_retracted_while_it_waits_is_posted_at_once(stage: OutboxStage) -> None:
    await stage.choose(MONDAY_8)
    ids = await bring(stage, 3)
    await retract(stage, ids[1])
    await stage.run(minutes=1)
    assert shown(stage) == [[ids[1]]]


@pytest.mark.row("F22")
async def test_a_retraction_is_not_held_back_by_quiet_hours_or_the_limit(stage: OutboxStage) -> None:
    now = stage.clock()
    quiet = QuietHours((now.hour * 60 - 60) % 1440, (now.hour * 60 + 120) % 1440)
    await stage.choose(Pace(quiet=quiet, most_a_day=1))
    ids = await bring(stage, 2)
    assert shown(stage) == []
    await retract(stage, ids[1])
    await stage.run(minutes=1)
    assert shown(stage) == [[ids[1]]]


# Limits and quiet hours -------------------------------------------------------------------------------


async def test_what_is_over_the_limit_comes_in_a_digest_and_the_next_day_counts_anew(
    stage: OutboxStage,
) -> None:
    await stage.choose(Pace(most_a_day=2, digest_minute=18 * 60))
    ids = await bring(stage, 5)
    await stage.run(minutes=2)
    assert shown(stage) == [[ids[0]], [ids[1]]]

    await until(stage, 18)
    assert shown(stage)[2:] == [ids[2:]]

    await until(stage, 3)
    more = await bring(stage, 1)
    await stage.run(minutes=1)
    assert shown(stage)[3:] == [more]


async def test_a_post_that_is_not_confirmed_counts_against_the_limit(stage: OutboxStage) -> None:
    await stage.choose(Pace(most_a_day=1, digest_minute=18 * 60))
    stage.channels.forecast(Weather.lost_after, Weather.lost_before)
    await bring(stage, 2)
    await stage.run(seconds=20)
    assert len(shown(stage)) == 1


@pytest.mark.row("F21")
async def test_what_comes_in_quiet_hours_is_posted_one_by_one_when_they_end(stage: OutboxStage) -> None:
    await until(stage, 23)
    await stage.choose(Pace(quiet=QuietHours(22 * 60, 7 * 60)))
    ids = await bring(stage, 2)
    await stage.run(hours=3)
    assert shown(stage) == []

    await until(stage, 7)

    assert shown(stage) == [[ids[0]], [ids[1]]]


@pytest.mark.row("F21")
async def test_an_abstract_that_comes_in_quiet_hours_ends_no_silence(stage: OutboxStage) -> None:
    await until(stage, 23)
    await stage.choose(Pace(quiet=QuietHours(22 * 60, 7 * 60)))
    waits_until = stage.clock() + timedelta(days=2)
    [article] = await bring(stage, 1, waits_until=waits_until)
    await stage.database.run(scheduling.stop_waiting, article, stage.clock())
    await stage.run(minutes=5)
    assert shown(stage) == []
    await until(stage, 7)
    assert shown(stage) == [[article]]


async def test_a_members_share_is_posted_whatever_was_chosen(stage: OutboxStage) -> None:
    await stage.choose(MONDAY_8)
    await stage.schedule(1)
    await stage.run()
    assert len(shown(stage)) == 1


# Issues -----------------------------------------------------------------------------------------------


@pytest.mark.row("F30")
async def test_a_large_issue_is_one_post_and_settles_every_article(stage: OutboxStage) -> None:
    await stage.choose(Pace(joins_issues=True))
    ids = await bring(stage, LARGE_ISSUE + 1)
    await stage.run(minutes=1)
    assert shown(stage) == [ids]
    assert await states(stage) == {SENT}


@pytest.mark.row("F30")
async def test_fewer_articles_are_posts_of_their_own(stage: OutboxStage) -> None:
    await stage.choose(Pace(joins_issues=True))
    ids = await bring(stage, LARGE_ISSUE)
    await stage.run(minutes=5)
    assert shown(stage) == [[each] for each in ids]


@pytest.mark.row("F22", "F30")
async def test_a_retraction_among_a_large_issue_is_a_post_of_its_own(stage: OutboxStage) -> None:
    await stage.choose(Pace(joins_issues=True))
    subscription = await stage.subscribe()
    ids = [await stage.new_article() for _ in range(20)]
    record = Record("PubMed", "Retracted", journal="Journal of Invented Imaging", types=RETRACTED)
    await stage.database.run(articles.rewrite, ids[7], record, {})
    await stage.schedule_articles(ids, subscription_id=subscription)
    await stage.run(minutes=1)
    assert sorted(shown(stage), key=len) == [[ids[7]], [each for each in ids if each != ids[7]]]


@pytest.mark.row("F30")
async def test_articles_that_wait_for_their_abstracts_are_in_the_issue(stage: OutboxStage) -> None:
    await stage.choose(Pace(joins_issues=True))
    subscription = await stage.subscribe()
    ids = [await stage.new_article() for _ in range(20)]
    waits_until = stage.clock() + timedelta(days=2)
    await stage.schedule_articles(ids[:10], subscription_id=subscription, waits_until=waits_until)
    await stage.schedule_articles(ids[10:], subscription_id=subscription)
    await stage.run(minutes=1)
    assert shown(stage) == [ids]


# Feeds and channels that change -----------------------------------------------------------------------


@pytest.mark.row("F24")
async def test_articles_of_a_removed_feed_leave_the_digest(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    kept = await bring(stage, 2)
    await bring(stage, 2)
    last = await subscription_of(stage, -1)
    await stage.database.run(subscriptions.remove, GUILD, last, stage.clock())
    await until(stage, 18)
    assert shown(stage) == [kept]


@pytest.mark.row("F24")
async def test_a_digest_without_articles_left_is_not_posted(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    await bring(stage, 2)
    stage.channels.forecast(Weather.delayed(600))
    await until(stage, 18)  # formed, and certainly not posted
    subscription = await subscription_of(stage)
    await stage.database.run(subscriptions.remove, GUILD, subscription, stage.clock())
    await stage.run(hours=2)
    assert shown(stage) == []
    assert {each.state for each in await stage.deliveries()} == {SKIPPED}


@pytest.mark.row("F24")
async def test_what_may_be_posted_in_a_digest_does_not_leave_it(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    stage.channels.forecast(Weather.lost_after)
    await until(stage, 18, minutes=0)
    stage.clock.advance(seconds=600)  # Discord has forgotten the nonce
    subscription = await subscription_of(stage)
    await stage.database.run(subscriptions.remove, GUILD, subscription, stage.clock())
    await stage.run(minutes=10)
    assert shown(stage) == [ids]
    assert await states(stage) == {SENT}


@pytest.mark.row("F24")
async def test_a_paused_feeds_articles_wait_while_others_are_posted(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    kept = await bring(stage, 1)
    paused = await bring(stage, 1)
    subscription = await subscription_of(stage, -1)
    await stage.database.run(subscriptions.pause, GUILD, subscription, stage.clock())
    await until(stage, 18)
    assert shown(stage) == [kept]

    await stage.database.run(subscriptions.resume, GUILD, subscription, stage.clock())
    await stage.run(minutes=1)
    assert shown(stage) == [kept, paused]


@pytest.mark.row("F24")
async def test_a_moved_feeds_articles_follow_the_pace_of_the_new_channel(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    subscription = await subscription_of(stage)
    await stage.database.run(subscriptions.move, GUILD, subscription, Destination(CLUB), stage.clock())
    await stage.run(minutes=1)
    assert shown(stage, CLUB) == [[ids[0]], [ids[1]]]
    await until(stage, 18)
    assert shown(stage) == []


@pytest.mark.row("F32")
async def test_a_shared_article_leaves_the_digest(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    wanted = shares.ShareRequest(GUILD, Destination(PAPERS), ids[0], Share(7, "ann.sample"))
    begun = await stage.database.run(shares.begin, wanted, stage.clock(), 0)
    assert begun.claim is not None
    await stage.deliverer.post_now(begun.claim)
    await until(stage, 18)
    assert shown(stage) == [[ids[0]], [ids[1]]]


@pytest.mark.row("F25")
async def test_a_blocked_channel_gets_its_digests_when_it_works_again(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    first = await bring(stage, 2)
    stage.channels.refusing[PAPERS] = (403, 50013)
    await until(stage, 18)
    second = await bring(stage, 1)
    await until(stage, 18)
    assert shown(stage) == []
    assert await stage.deliverer.deliver_due() == 0, "nothing is tried meanwhile"

    stage.channels.refusing.clear()
    await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    await stage.run(minutes=2)

    assert shown(stage) == [first]
    await until(stage, 18)
    assert shown(stage) == [first, second]


@pytest.mark.row("F26")
async def test_a_server_that_is_left_skips_what_waited(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    await bring(stage, 2)
    await stage.database.run(subscriptions.freeze_guild, GUILD, stage.clock())
    await until(stage, 18)
    assert shown(stage) == []
    await stage.database.run(subscriptions.thaw_guild, GUILD, 0, stage.clock())
    await until(stage, 18)
    assert shown(stage) == []
    assert await states(stage) == {SKIPPED}


@pytest.mark.row("F31")
@pytest.mark.parametrize("waiting", Waiting)
async def test_without_digests_what_waits_is_posted_once_more_or_counts_as_seen(
    stage: OutboxStage, waiting: Waiting
) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    await stage.database.run(paces.save, GUILD, PAPERS, Pace(), stage.clock(), by=None, waiting=waiting)
    await stage.run(minutes=1)
    assert shown(stage) == ([ids] if waiting is Waiting.POST else [])
    assert await states(stage) == ({SENT} if waiting is Waiting.POST else {SKIPPED})


@pytest.mark.row("F31")
async def test_other_choices_count_for_what_waits_already(stage: OutboxStage) -> None:
    await stage.choose(DAILY_18)
    ids = await bring(stage, 2)
    await stage.choose(MONDAY_8)
    await until(stage, 18)
    assert shown(stage) == []
    while stage.clock().weekday() != 6:
        stage.clock.advance(seconds=86_400)
    await until(stage, 8)
    assert shown(stage) == [ids]
