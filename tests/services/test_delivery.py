"""The stories of faults.md, table A, that need no socket, each named by its row."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Meeting, Weather
from tests.support.outbox_stage import CLUB, GUILD, PAPERS, OutboxStage
from wetread.domain.models import DeliveryState, DestinationKind
from wetread.services.delivery_pauses import REQUESTS_AT_ONCE, REQUESTS_PER_SECOND
from wetread.storage import deliveries, delivery_history, edits, outbox, scheduling, subscriptions

LOST_BEFORE, LOST_AFTER = Weather.lost_before, Weather.lost_after


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    opened = await OutboxStage.open(tmp_path)
    yield opened
    await opened.close()


# All well -------------------------------------------------------------------------------------------


async def test_what_is_scheduled_is_posted_oldest_first_and_settled(stage: OutboxStage) -> None:
    articles = await stage.schedule(3)

    await stage.run()

    assert stage.order() == articles
    for delivery, post in zip(await stage.deliveries(), stage.channels.posts(), strict=True):
        assert delivery.state is DeliveryState.SENT
        assert delivery.message_id == post.id
        assert post.nonce == delivery.nonce
        assert delivery.nonce is not None
        assert len(delivery.nonce) <= 25
        assert delivery.settled_at is not None


async def test_a_destination_gets_a_few_at_once_and_then_five_a_minute(stage: OutboxStage) -> None:
    await stage.schedule(10)

    await stage.run()
    assert len(stage.channels.posts()) == 3

    await stage.run(minutes=1)
    assert 7 <= len(stage.channels.posts()) <= 8


async def test_many_destinations_together_keep_below_discords_rate(stage: OutboxStage) -> None:
    for channel in range(1000, 1100):
        await stage.schedule(1, channel)

    started = stage.clock.monotonic()
    await stage.run()

    assert len(stage.channels.posts()) == 100
    assert stage.clock.monotonic() - started > (99 - REQUESTS_AT_ONCE) / REQUESTS_PER_SECOND


async def test_a_turn_of_the_pace_is_taken_only_for_a_post(stage: OutboxStage) -> None:
    """An empty turn after each post would make every wave wait for the one before."""
    for _ in range(3):
        for channel in range(1000, 1100):
            await stage.schedule(1, channel)
        started = stage.clock.monotonic()
        await stage.deliverer.deliver_due()
        await stage.deliverer.join()
        assert stage.clock.monotonic() - started <= 100 / REQUESTS_PER_SECOND
        stage.clock.advance(seconds=15)

    assert len(stage.channels.posts()) == 300


async def test_a_turn_of_the_pace_is_taken_only_for_an_edit_or_a_publication(stage: OutboxStage) -> None:
    await stage.schedule(1)
    for channel in range(1000, 1045):
        await stage.schedule(1, channel)
        stage.channels.announcing.add(channel)
    await stage.turn()
    for article in range(1, 47):
        await stage.add_abstract(article, "Invented results.")
    stage.clock.advance(seconds=15)

    started = stage.clock.monotonic()
    await stage.turn()

    assert stage.clock.monotonic() - started <= (46 + 45) / REQUESTS_PER_SECOND
    assert [post.edit_count for post in stage.channels.posts()] == [1] * 46
    assert len(stage.channels.requests("publish")) == 45


async def test_a_post_out_of_turn_does_not_wait_for_a_wave(stage: OutboxStage) -> None:
    for channel in range(1000, 1100):
        await stage.schedule(1, channel)
    await stage.schedule(1, CLUB)
    claim = await stage.database.run(outbox.claim_next, CLUB, stage.clock(), 1)
    assert claim is not None
    await stage.deliverer.deliver_due()

    await stage.deliverer.post_now(claim)

    [shared] = stage.channels.posts(CLUB)
    assert stage.channels.posts().index(shared) < 10
    await stage.deliverer.join()


async def test_an_article_waits_for_its_abstract_without_holding_up_the_next(stage: OutboxStage) -> None:
    waiting = await stage.new_article()
    await stage.schedule_articles([waiting], waits_until=stage.clock() + timedelta(hours=24))
    [ready] = await stage.schedule()

    await stage.run()
    assert stage.order() == [ready]

    stage.clock.advance(hours=24)
    await stage.run()
    assert stage.order() == [ready, waiting]


@pytest.mark.row("A40")
async def test_a40_two_subscriptions_schedule_an_article_once_for_a_channel(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.schedule_articles([article])

    await stage.run(minutes=2)

    assert stage.order() == [article]


@pytest.mark.row("A41")
async def test_a41_one_article_in_two_channels_is_two_posts_with_two_nonces(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.schedule_articles([article], CLUB)

    await stage.run()

    assert stage.order() == stage.order(CLUB) == [article]
    assert len({post.nonce for post in stage.channels.posts()}) == 2


# The process is killed ------------------------------------------------------------------------------

KINDS = [DestinationKind.TEXT, DestinationKind.THREAD, DestinationKind.FORUM]


@pytest.mark.row("A01", "A03", "A04")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", ["open", "closed"])
@pytest.mark.parametrize("down", [1, 40, 3 * 3600], ids=lambda seconds: f"down{seconds}s")
@pytest.mark.parametrize(
    "point",
    [
        pytest.param("before_claim"),
        pytest.param("after_claim", id="a01-after_claim"),
        pytest.param("before_send", id="a01-before_send"),
        pytest.param("after_send", id="a03-after_send"),
        pytest.param("before_commit", id="a03-before_commit"),
        pytest.param("after_commit", id="a04-after_commit"),
    ],
)
async def test_a_kill_at_any_point_ends_in_one_post(
    stage: OutboxStage, point: str, window: str, kind: DestinationKind, down: float
) -> None:
    if window == "closed" and down >= 120:
        stage.channels.nonce_window = timedelta(0)
    elif window == "closed":
        # A quick second try trusts the nonce: Discord documents it for "a few minutes".
        stage.channels.nonce_window = (
            timedelta(minutes=2) if kind is not DestinationKind.FORUM else timedelta(0)
        )
    else:
        stage.channels.nonce_window = timedelta(days=1)
    articles = await stage.schedule(2, kind=kind)

    await stage.run_until_killed(point)
    stage.clock.advance(seconds=down)
    await stage.run(minutes=5)

    assert sorted(stage.order()) == articles
    assert [each.state for each in await stage.deliveries()] == [DeliveryState.SENT] * 2


@pytest.mark.row("A05")
@pytest.mark.parametrize("kind", KINDS)
async def test_a05_a_request_that_arrives_after_the_restart_is_not_posted_again(
    stage: OutboxStage, kind: DestinationKind
) -> None:
    articles = await stage.schedule(kind=kind)
    stage.channels.forecast(stage.channels.late_commit)
    await stage.run()

    stage.restart()
    await stage.run(seconds=5)
    stage.channels.release()
    await stage.run(minutes=5)

    assert stage.order() == articles


@pytest.mark.row("A06")
async def test_a06_the_look_back_after_hours_reads_past_other_messages(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run_until_killed("after_send")
    stage.clock.advance(hours=3)
    others = await stage.schedule(5)

    await stage.run(minutes=2)

    assert stage.order() == [article, *others]
    first = (await stage.deliveries())[0]
    assert first.message_id == stage.channels.posts()[0].id
    assert len(stage.channels.requests("find")) == 1


@pytest.mark.row("A07")
async def test_a07_an_unreadable_history_is_a_question_for_moderators_and_no_second_post(
    stage: OutboxStage,
) -> None:
    await stage.schedule()
    await stage.run_until_killed("after_send")
    stage.channels.unreadable.add(PAPERS)
    stage.clock.advance(hours=1)
    [behind] = await stage.schedule()

    await stage.run(hours=2)

    first, second = await stage.deliveries()
    assert first.state is DeliveryState.UNCERTAIN
    assert second.state is DeliveryState.SENT
    assert stage.order()[1:] == [behind]


@pytest.mark.row("A07")
async def test_a07_a_moderator_settles_what_is_uncertain(stage: OutboxStage) -> None:
    for post_again in (True, False):
        await stage.schedule()
        stage.channels.forecast(LOST_BEFORE)
        stage.channels.unreadable.add(PAPERS)
        await stage.run(seconds=1)
        stage.clock.advance(hours=1)
        await stage.run()
        delivery = (await stage.deliveries())[-1]
        assert delivery.state is DeliveryState.UNCERTAIN

        args = (delivery.id, stage.clock())
        assert not await stage.database.run(
            deliveries.resolve_uncertain, GUILD + 1, *args, post_again=post_again
        ), "another server decides nothing here"
        assert await stage.database.run(deliveries.resolve_uncertain, GUILD, *args, post_again=post_again)
        assert not await stage.database.run(deliveries.resolve_uncertain, GUILD, *args, post_again=post_again)
        stage.clock.advance(minutes=2)
        await stage.run()
        assert len(stage.channels.posts(article_id=delivery.article_id)) == int(post_again)
        assert (await stage.deliveries())[-1].state is DeliveryState.SENT


@pytest.mark.row("A08")
async def test_a08_a_post_deleted_before_the_second_try_stays_deleted(stage: OutboxStage) -> None:
    await stage.schedule()
    stage.channels.forecast(LOST_AFTER)
    await stage.run()
    stage.channels.delete(stage.channels.posts()[0])

    await stage.run(hours=1)

    delivery = await stage.delivery()
    assert delivery.state is DeliveryState.SENT
    assert delivery.was_deleted
    assert len(stage.channels.posts()) == 1


# No usable answer -----------------------------------------------------------------------------------


@pytest.mark.row("A10")
async def test_a10_an_outage_is_answered_with_growing_pauses_and_one_post(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(*[LOST_BEFORE] * 8)

    await stage.run(minutes=4)
    await stage.run(hours=4)

    assert stage.order() == [article]
    times = [call.at for call in stage.channels.requests("post")]
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert 45 <= gaps[0] <= 70
    assert gaps[-1] > 30 * 60
    assert all(gap <= 3700 for gap in gaps)


@pytest.mark.row("A12")
async def test_a12_an_answer_lost_after_the_post_is_one_post_with_one_nonce(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(LOST_AFTER)

    await stage.run(minutes=3)

    assert stage.order() == [article]
    assert len({call.nonce for call in stage.channels.requests("post")}) == 1
    assert (await stage.delivery()).state is DeliveryState.SENT


@pytest.mark.row("A06", "A12")
async def test_two_lost_answers_in_a_row_are_looked_for_from_before_the_first(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(LOST_AFTER, LOST_AFTER)
    await stage.run()
    stage.restart()
    stage.clock.advance(seconds=100)
    await stage.run()
    stage.channels.nonce_window = timedelta(0)

    await stage.run(hours=1)

    assert len(stage.channels.requests("post")) == 2
    assert stage.order() == [article]


async def test_a_post_that_is_found_again_is_brought_up_to_date(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(LOST_AFTER)
    stage.channels.nonce_window = timedelta(0)
    await stage.run()
    stage.restart()
    stage.clock.advance(minutes=10)

    await stage.run(hours=1)

    assert stage.order() == [article]
    assert len(stage.channels.requests("post")) == 1
    assert len(stage.channels.requests("edit")) == 1


@pytest.mark.row("A14")
async def test_a14_what_nobody_foresaw_is_ambiguous_and_stops_nothing(stage: OutboxStage) -> None:
    articles = await stage.schedule(2)

    def broken_answer(request: object) -> object:
        assert callable(request)
        request()
        raise TypeError("string indices must be integers")

    stage.channels.forecast(broken_answer)  # type: ignore[arg-type]  # it never returns

    await stage.run(minutes=5)

    assert stage.order() == articles


@pytest.mark.row("A13")
async def test_a13_a_channel_that_fails_does_not_hold_up_another(stage: OutboxStage) -> None:
    await stage.schedule(1)
    stage.channels.forecast(LOST_BEFORE)
    await stage.run()
    elsewhere = await stage.schedule(2, CLUB)
    await stage.schedule(5)

    await stage.run(seconds=10)

    assert stage.order(CLUB) == elsewhere
    assert stage.order() == [], "a channel rests a minute after a silence, so that few rows become unclear"


@pytest.mark.row("A19")
async def test_a19_a_forum_post_without_answer_is_looked_for_before_anything_else(stage: OutboxStage) -> None:
    [article] = await stage.schedule(kind=DestinationKind.FORUM)
    stage.channels.forecast(LOST_AFTER)

    await stage.run(minutes=5)

    assert stage.order() == [article]
    assert [call.method for call in stage.channels.calls[:2]] == ["post", "find"]
    assert stage.channels.calls[1].at - stage.channels.calls[0].at >= timedelta(seconds=30)


async def test_after_an_unclear_attempt_the_post_is_made_to_show_what_is_known(
    stage: OutboxStage,
) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(LOST_AFTER)
    await stage.run()
    await stage.add_abstract(article, "It came meanwhile.")

    await stage.run(minutes=3)

    [post] = stage.channels.posts()
    assert post.text.endswith("It came meanwhile.")


@pytest.mark.row("E15")
@pytest.mark.parametrize("refusal", [Weather.delayed(900), Weather.refused(403, 50013)], ids=["429", "403"])
async def test_e15_a_refusal_of_the_second_try_proves_nothing_about_the_first(
    stage: OutboxStage, refusal: Meeting
) -> None:
    stage.channels.forecast(LOST_AFTER, refusal)
    await stage.schedule()
    await stage.run(seconds=90)
    assert len(stage.channels.requests()) == 2

    stage.restart()
    await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    await stage.run(hours=1)

    assert (await stage.delivery()).state is DeliveryState.SENT
    assert len(stage.channels.posts()) == 1


@pytest.mark.row("E16")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "refusal",
    [Weather.refused(403, 50001), Weather.refused(404, 10003), Weather.delayed(900), LOST_BEFORE],
    ids=["403", "404", "429", "no-answer"],
)
async def test_e16_a_look_back_that_was_refused_is_made_again_before_anything_is_sent(
    stage: OutboxStage, refusal: Meeting, kind: DestinationKind
) -> None:
    await stage.schedule(kind=kind)
    await stage.run_until_killed("after_send")
    stage.clock.advance(hours=1)
    stage.channels.forecast(refusal, method="find")
    await stage.run()
    assert len(stage.channels.requests("find")) == 1

    await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    await stage.run(hours=1)

    assert (await stage.delivery()).state is DeliveryState.SENT
    assert len(stage.channels.posts()) == len(stage.channels.requests()) == 1


# Discord says later ---------------------------------------------------------------------------------


@pytest.mark.row("A17")
async def test_a17_a_long_wait_is_rescheduled_and_not_sat_out(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    elsewhere = await stage.schedule(1, CLUB)
    stage.channels.forecast(Weather.delayed(900))

    await stage.run(minutes=14)
    assert stage.order() == []
    assert stage.order(CLUB) == elsewhere
    assert (await stage.delivery()).state is DeliveryState.PENDING

    await stage.run(minutes=2)
    assert stage.order() == [article]


@pytest.mark.row("A18")
async def test_a18_cloudflares_ban_stops_everything_for_its_time(stage: OutboxStage) -> None:
    await stage.schedule(1)
    await stage.schedule(1, CLUB)
    stage.channels.forecast(Weather.delayed(900, is_everywhere=True))

    await stage.run(minutes=14)
    assert len(stage.channels.calls) == 1
    assert stage.deliverer.pause is not None
    assert "refuses all requests" in stage.deliverer.pause.reason

    await stage.run(minutes=3)
    assert len(stage.channels.posts()) == 2


@pytest.mark.row("A35", "A36")
@pytest.mark.parametrize(
    ("code", "least", "most"),
    [
        pytest.param(160006, 3600, 3700, id="a35"),
        pytest.param(20016, 60, 80, id="a36-slowmode"),
        pytest.param(20028, 60, 80, id="a36-write-limit"),
    ],
)
async def test_a_refusal_for_now_is_tried_again_after_its_time(
    stage: OutboxStage, code: int, least: float, most: float
) -> None:
    await stage.schedule(kind=DestinationKind.FORUM)
    stage.channels.forecast(Weather.refused(400, code))

    await stage.run(seconds=most)

    first, second = stage.channels.requests("post")
    assert least <= (second.at - first.at).total_seconds() <= most
    assert stage.channels.requests("find") == [], "a refusal proves that nothing was posted"


# Discord says no ------------------------------------------------------------------------------------


@pytest.mark.row("A20", "A23", "A27", "A28", "A29")
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        pytest.param(403, 50001, "cannot see", id="a27"),
        pytest.param(403, 50013, "permission", id="a28"),
        pytest.param(404, 10003, "gone", id="a29"),
        pytest.param(400, 40067, "tag", id="a20"),
        pytest.param(403, 160005, "locked", id="a23"),
        pytest.param(403, 0, "forbids", id="p11"),
    ],
)
async def test_a_destination_that_refuses_is_asked_once_and_goes_on_when_it_changes(
    stage: OutboxStage, status: int, code: int, words: str
) -> None:
    stage.channels.refusing[PAPERS] = (status, code)
    articles = await stage.schedule(5)

    await stage.run(minutes=30)
    articles += await stage.schedule(2)
    await stage.run(minutes=30)

    assert len(stage.channels.calls) == 1
    assert {each.state for each in await stage.deliveries()} == {DeliveryState.PARKED}
    [blocked] = await stage.database.run(deliveries.blocked_channels, GUILD)
    assert words in blocked.reason
    assert blocked.code == code

    stage.channels.refusing.clear()
    assert await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    assert not await stage.database.run(deliveries.unblock_channel, PAPERS, stage.clock())
    await stage.run(minutes=5)
    assert stage.order() == articles
    assert stage.channels.requests("find") == []


@pytest.mark.row("A34")
@pytest.mark.parametrize("code", [200000, 200001, 240000])
async def test_a34_what_a_filter_stops_is_parked_alone_with_its_reason(stage: OutboxStage, code: int) -> None:
    articles = await stage.schedule(3)
    stage.channels.forecast(Weather.refused(400, code))

    await stage.run(minutes=10)

    assert stage.order() == articles[1:]
    first = (await stage.deliveries())[0]
    assert first.state is DeliveryState.PARKED
    assert first.code == code
    assert "stopped the post" in (first.reason or "")
    assert await stage.database.run(deliveries.unpark, GUILD, first.id, stage.clock())
    await stage.run(minutes=1)
    assert stage.order() == [*articles[1:], articles[0]]


@pytest.mark.row("A42")
async def test_a42_the_seventh_of_thirty_is_refused_and_the_rest_comes_in_order(stage: OutboxStage) -> None:
    articles = await stage.schedule(30)
    stage.channels.forecast(*[Weather.fine] * 6, Weather.refused(400, 200000))

    await stage.run(minutes=10)

    assert stage.order() == [*articles[:6], *articles[7:]]


@pytest.mark.row("A32")
@pytest.mark.parametrize("code", [50035, 50006])
async def test_a32_a_card_that_discord_does_not_take_is_sent_as_title_and_link_once(
    stage: OutboxStage, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.schedule(2)
    stage.channels.forecast(Weather.refused(400, code), Weather.fine, *[Weather.refused(400, code)] * 2)

    await stage.run(minutes=10)

    assert [call.is_plain for call in stage.channels.requests("post")] == [False, True, False, True]
    assert [each.state for each in await stage.deliveries()] == [DeliveryState.SENT, DeliveryState.PARKED]
    assert "Discord refused the card" in caplog.text


@pytest.mark.row("A37")
async def test_a37_a_token_that_is_no_longer_valid_stops_all_calls(stage: OutboxStage) -> None:
    await stage.schedule(3)
    await stage.schedule(3, CLUB)
    stage.channels.forecast(Weather.refused(401))

    await stage.run(hours=1)

    assert len(stage.channels.calls) == 1
    assert stage.unauthorized_count == 1
    assert (await stage.deliveries())[0].state is DeliveryState.PENDING


async def test_p11_refusals_everywhere_stop_long_before_discord_bans_the_address(stage: OutboxStage) -> None:
    stage.restart(invalid_request_limit=20)
    articles = [await stage.new_article()]
    for channel in range(1000, 1040):
        stage.channels.refusing[channel] = (403, 50013)
        await stage.schedule_articles(articles, channel)

    await stage.run(minutes=9)

    assert 20 <= len(stage.channels.calls) <= 25
    assert stage.deliverer.pause is not None

    await stage.run(minutes=5)
    assert len(stage.channels.calls) == 40


# Servers come and go --------------------------------------------------------------------------------


@pytest.mark.row("A30")
async def test_a30_a_server_that_was_left_gets_no_backlog_when_the_bot_returns(stage: OutboxStage) -> None:
    await stage.schedule(8)
    await stage.run()
    await stage.database.run(subscriptions.freeze_guild, GUILD, stage.clock())

    await stage.run(hours=1)
    assert len(stage.channels.posts()) == 3

    await stage.database.run(subscriptions.thaw_guild, GUILD, 0, stage.clock())
    await stage.run(hours=1)
    assert len(stage.channels.posts()) == 3
    assert [each.state for each in await stage.deliveries()][3:] == [DeliveryState.SKIPPED] * 5


async def test_a_held_flood_waits_for_a_moderator(stage: OutboxStage) -> None:
    articles = [await stage.new_article() for _ in range(4)]
    await stage.schedule_articles(articles, state=DeliveryState.HELD)
    await stage.run(minutes=5)
    assert stage.order() == []
    assert await stage.database.run(deliveries.counts, GUILD) == {
        state: 4 if state is DeliveryState.HELD else 0 for state in DeliveryState
    }


# Edits ----------------------------------------------------------------------------------------------


async def test_an_abstract_that_comes_later_is_edited_into_the_post(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run()
    await stage.add_abstract(article, "Here it is.")

    await stage.run(seconds=10)

    [post] = stage.channels.posts()
    assert post.text.endswith("Here it is.")
    assert post.edit_count == 1


@pytest.mark.row("D05")
async def test_d05_an_edit_that_changes_nothing_is_no_request(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run()
    await stage.database.run(scheduling.schedule_edits, article, scheduling.DETAILS, stage.clock())

    await stage.run(minutes=1)

    assert stage.channels.requests("edit") == []


@pytest.mark.row("A25")
async def test_a25_edits_keep_their_pace_and_retractions_go_first(stage: OutboxStage) -> None:
    articles = await stage.schedule(9)
    await stage.run(minutes=3)
    for article in articles[:8]:
        await stage.add_abstract(article, "Late.")
    await stage.add_abstract(articles[8], "Withdrawn.")
    await stage.database.run(scheduling.schedule_edits, articles[8], scheduling.RETRACTION, stage.clock())

    await stage.run(minutes=1)

    calls = stage.channels.requests("edit")
    assert [call.article_id for call in calls] == [articles[8], *articles[:8]]
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in itertools.pairwise(calls)]
    assert min(gaps) >= 3


@pytest.mark.row("A26")
async def test_a26_a_post_that_was_removed_is_not_made_again(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run()
    stage.channels.delete(stage.channels.posts()[0])
    await stage.add_abstract(article, "Too late.")

    await stage.run(hours=1)
    await stage.add_abstract(article, "Again.")
    await stage.run(hours=1)

    assert len(stage.channels.requests("edit")) == 1
    assert len(stage.channels.posts()) == 1
    assert (await stage.delivery()).was_deleted


@pytest.mark.row("A23", "A24")
async def test_a24_an_edit_that_a_locked_thread_refuses_waits_and_says_so(stage: OutboxStage) -> None:
    [article] = await stage.schedule(kind=DestinationKind.FORUM)
    await stage.run()
    stage.channels.forecast(Weather.refused(400, 50083), method="edit")
    await stage.add_abstract(article, "For later.")
    await stage.run(hours=1)

    delivery = await stage.delivery()
    [about] = (await stage.database.run(delivery_history.article_history, GUILD, article)).deliveries
    assert about.unedited
    assert "locked" in about.unedited
    assert await stage.database.run(deliveries.blocked_channels) == [], "the forum itself takes posts"

    assert await stage.database.run(edits.unpark, delivery.thread_id or 0, stage.clock()) == 1
    await stage.run(seconds=5)
    assert stage.channels.posts()[0].text.endswith("For later.")


async def test_an_edit_that_gets_no_answer_is_tried_again(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run()
    stage.channels.forecast(LOST_BEFORE, Weather.delayed(120), LOST_AFTER, method="edit")
    await stage.add_abstract(article, "In the end.")

    await stage.run(minutes=15)

    assert stage.channels.posts()[0].text.endswith("In the end.")
    assert await stage.database.run(edits.claim_next, PAPERS, stage.clock()) is None


# The clock, the database, the end -------------------------------------------------------------------


@pytest.mark.row("C18")
@pytest.mark.parametrize("hours", [24, -24])
async def test_c18_a_clock_that_jumps_makes_no_second_post(stage: OutboxStage, hours: float) -> None:
    [article] = await stage.schedule()
    stage.channels.forecast(LOST_AFTER)
    await stage.run()
    stage.clock.jump(hours=hours)

    await stage.run(hours=26)

    assert stage.order() == [article]


@pytest.mark.row("E17")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "not-empty"])
@pytest.mark.parametrize("ahead", [60, 61, 600, 24 * 3600], ids=lambda seconds: f"{seconds}s")
async def test_e17_a_post_is_found_though_our_clock_is_ahead_of_discords(
    stage: OutboxStage, ahead: float, is_empty: bool, kind: DestinationKind
) -> None:
    stage.channels.clock = lambda: stage.clock() - timedelta(seconds=ahead)
    if not is_empty:
        await stage.schedule(kind=kind)
        await stage.run(minutes=1)
    await stage.schedule(kind=kind)
    await stage.run_until_killed("after_send")
    posts = len(stage.channels.posts())

    stage.clock.advance(hours=1)
    await stage.run(hours=2)

    assert {each.state for each in await stage.deliveries()} == {DeliveryState.SENT}
    assert len(stage.channels.posts()) == posts


async def test_a_database_that_fails_is_reported_to_the_loop_and_survived(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.database.run(lambda db: db.conn.execute("ALTER TABLE articles RENAME TO elsewhere"))
    await stage.deliverer.deliver_due()
    with pytest.raises(Exception, match="no such table"):
        await stage.deliverer.join()
    await stage.database.run(lambda db: db.conn.execute("ALTER TABLE elsewhere RENAME TO articles"))

    await stage.run(minutes=3)

    assert stage.order() == [article]


async def test_stopping_claims_nothing_more(stage: OutboxStage) -> None:
    await stage.schedule(3)
    await stage.deliverer.stop()

    await stage.run(minutes=5)

    assert stage.channels.calls == []
