"""The outbox over real sockets: how discord.py handles each fault of Discord, and what Wetread does then.

The bot logs in from this process, so that the test moves its time and pauses of minutes take none.
"""

import asyncio

import discord
import pytest

from tests.wire import faults
from tests.wire.desk import FORUM, POST_IN_FORUM, SEND, Desk
from tests.wire.faults import Fault, Moment
from wetread.domain.models import DeliveryState, DestinationKind
from wetread.storage import deliveries


@pytest.mark.row("S19")
async def test_a_delivery_is_one_request_with_its_nonce_enforced_and_no_mentions(desk: Desk) -> None:
    await desk.schedule(desk.world.papers)
    await desk.deliver()

    [call] = desk.server.rest.made("POST", r"/channels/\d+/messages")
    assert call.body["enforce_nonce"] is True
    assert call.allowed_mentions == {"parse": []}
    assert call.body["nonce"] == (await desk.deliveries())[0].nonce


@pytest.mark.row("A09")
@pytest.mark.parametrize("is_done", [True, False])
async def test_a09_a_500_that_passes_is_one_message_with_one_nonce(desk: Desk, is_done: bool) -> None:
    desk.fault(faults.status(500, done=is_done))
    await desk.schedule(desk.world.papers)

    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.titles(desk.world.papers)) == 1
    assert len(desk.sends()) == 2
    assert len(set(desk.sends())) == 1


@pytest.mark.row("A05", "A11", "A12", "A14")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faults.status(503, done=True), id="a11-503-done"),
        pytest.param(faults.status(503), id="a11-503"),
        pytest.param(faults.status(520, done=True), id="a11-520-done"),
        *(pytest.param(faults.status(code, done=True), id=f"a11-{code}-done") for code in (521, 522, 530)),
        pytest.param(faults.close_after(), id="a12-lost-after"),
        pytest.param(faults.close_before(), id="a12-lost-before"),
        pytest.param(faults.broken_json(), id="a14-json-done"),
        pytest.param(faults.bad_type(), id="a14-html-done"),
        pytest.param(faults.bad_type(done=False), id="a14-html"),
        pytest.param(faults.late_commit(), id="a05-late"),
    ],
)
@pytest.mark.parametrize("after", [70, 3600])
async def test_an_unclear_answer_is_one_message_in_the_end(desk: Desk, fault: Fault, after: float) -> None:
    rule = desk.fault(fault)
    await desk.schedule(desk.world.papers)

    await desk.deliver()
    assert await desk.states() == [DeliveryState.SENDING]
    rule.release()
    if fault.effect is Moment.LATER:
        await desk.world.wait_for_posts(desk.world.papers, 1)
    if after > 300:
        desk.server.rest.nonce_window = 0.0
    await desk.deliver(after=after)

    assert await desk.states() == [DeliveryState.SENT]
    assert desk.titles(desk.world.papers) == ["Invented finding 1"]
    assert len(set(desk.sends())) == 1


@pytest.mark.row("A06")
async def test_a06_the_look_back_reads_page_after_page(desk: Desk) -> None:
    desk.fault(faults.close_after())
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    for number in range(450):
        desk.world.backend.create_message(desk.world.papers.id, desk.world.reader.id, f"chat {number}")
    desk.server.rest.nonce_window = 0.0

    await desk.deliver(after=3 * 3600)

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.sends()) == 1


@pytest.mark.row("E17")
@pytest.mark.parametrize("place", ["papers", "thread", "forum"])
async def test_e17_in_an_empty_destination_the_look_back_begins_with_the_destination(
    desk: Desk, place: str
) -> None:
    kind = {"papers": DestinationKind.TEXT, "thread": DestinationKind.THREAD, "forum": FORUM}[place]
    desk.clock.advance(days=1)
    desk.fault(faults.close_after(), POST_IN_FORUM if kind is FORUM else SEND)
    await desk.schedule(getattr(desk.world, place), kind)
    await desk.deliver()
    desk.server.rest.nonce_window = 0.0

    await desk.deliver(after=3 * 3600)

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.server.rest.made("POST", r"/channels/\d+/(messages|threads)")) == 1


@pytest.mark.row("E18")
@pytest.mark.parametrize("place", ["papers", "forum"])
async def test_e18_a_post_whose_embed_a_moderator_removed_is_found(desk: Desk, place: str) -> None:
    kind = FORUM if place == "forum" else DestinationKind.TEXT
    desk.fault(faults.close_after(), POST_IN_FORUM if kind is FORUM else SEND)
    await desk.schedule(getattr(desk.world, place), kind)
    await desk.deliver()
    channel = desk.world.threads(desk.world.forum)[0] if kind is FORUM else desk.world.papers
    desk.world.remove_embeds(desk.world.posts(channel)[0])
    desk.server.rest.nonce_window = 0.0

    await desk.deliver(after=3 * 3600)

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.server.rest.made("POST", r"/channels/\d+/(messages|threads)")) == 1


@pytest.mark.row("A07")
async def test_a07_without_history_it_is_a_question(desk: Desk) -> None:
    desk.fault(faults.close_after())
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    changed = asyncio.create_task(desk.bot.wait_for("guild_channel_update", timeout=60))
    await asyncio.sleep(0)  # let it begin to listen
    desk.world.forbid(desk.world.papers, "read_message_history")
    await changed

    await desk.deliver_in_the_end()

    assert await desk.states() == [DeliveryState.UNCERTAIN]
    assert len(desk.titles(desk.world.papers)) == 1


async def test_the_gateways_word_is_taken_where_the_history_is_not_readable(desk: Desk) -> None:
    async def on_message(message: discord.Message) -> None:
        await desk.messenger.on_message(message)

    desk.bot.add_listener(on_message)
    desk.fault(faults.close_after())
    desk.world.forbid(desk.world.papers, "read_message_history")
    await desk.schedule(desk.world.papers)
    await desk.deliver()

    await desk.deliver_in_the_end()

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.sends()) == 1


@pytest.mark.row("E15")
@pytest.mark.parametrize(
    "refusal", [faults.rate_limited(900), faults.status(403, json_code=50013)], ids=["429", "403"]
)
async def test_e15_a_refusal_after_a_try_without_an_answer_proves_nothing(desk: Desk, refusal: Fault) -> None:
    """discord.py repeats the request after a 500, and raises only what the last try was told."""
    desk.fault(faults.status(500, done=True))
    desk.fault(refusal)
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    assert len(desk.sends()) == 2

    desk.restart()
    desk.server.rest.nonce_window = 0.0
    await desk.database.run(deliveries.unblock_channel, desk.world.papers.id, desk.clock())
    await desk.deliver(after=1000)

    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.titles(desk.world.papers)) == 1


@pytest.mark.row("E15", "A32")
async def test_a_card_that_may_be_there_is_not_sent_again_without_its_embed(desk: Desk) -> None:
    desk.fault(faults.status(500, done=True))
    desk.fault(faults.status(400, json_code=50035))
    await desk.schedule(desk.world.papers)

    await desk.deliver()

    assert len(desk.sends()) == 2
    assert len(desk.titles(desk.world.papers)) == 1


@pytest.mark.row("A08")
async def test_a08_what_a_moderator_deleted_meanwhile_stays_deleted(desk: Desk) -> None:
    desk.fault(faults.close_after())
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    await desk.world.delete(desk.world.posts(desk.world.papers)[0])

    await desk.deliver(after=70)

    assert (await desk.deliveries())[0].was_deleted
    assert desk.titles(desk.world.papers) == []


@pytest.mark.row("A15", "A16")
@pytest.mark.parametrize("is_global", [False, True], ids=["a15", "a16"])
async def test_a_short_429_is_waited_out(desk: Desk, is_global: bool) -> None:
    desk.fault(faults.rate_limited(0.2, is_global=is_global))
    await desk.schedule(desk.world.papers)

    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]


@pytest.mark.row("A17")
async def test_a17_a_long_429_is_rescheduled_and_the_worker_free(desk: Desk) -> None:
    desk.fault(faults.rate_limited(900))
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    assert await desk.states() == [DeliveryState.PENDING]

    await desk.deliver(after=800)
    assert len(desk.sends()) == 1

    await desk.deliver(after=110)
    assert await desk.states() == [DeliveryState.SENT]


@pytest.mark.row("A18")
async def test_a18_a_ban_by_cloudflare_stops_all(desk: Desk) -> None:
    desk.fault(faults.rate_limited(5, via=False))
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    await desk.schedule(desk.world.club)

    await desk.deliver(after=800)
    assert len(desk.sends()) == 1
    assert desk.deliverer.pause is not None

    await desk.deliver(after=110)
    assert await desk.states() == [DeliveryState.SENT] * 2


@pytest.mark.row("A19")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faults.status(502, done=True), id="502-done"),
        pytest.param(faults.status(502), id="502"),
        pytest.param(faults.status(503, done=True), id="503-done"),
        pytest.param(faults.close_after(), id="lost-after"),
        pytest.param(faults.close_before(), id="lost-before"),
        pytest.param(faults.bad_type(), id="html-done"),
        pytest.param(faults.late_commit(502), id="late"),
    ],
)
async def test_a19_a_forum_post_without_a_clear_answer_is_one_post(desk: Desk, fault: Fault) -> None:
    rule = desk.fault(fault, POST_IN_FORUM, count=1)
    await desk.schedule(desk.world.forum, FORUM)

    await desk.deliver()
    assert len(desk.server.rest.made("POST", r"/channels/\d+/threads")) == 1, "the library tried again"
    assert await desk.states() == [DeliveryState.SENDING]
    rule.release()
    if fault.effect is Moment.LATER:
        await desk.world.until(desk.forum_posts, what="what was on its way")
    desk.restart()
    await desk.deliver(after=70)

    assert await desk.states() == [DeliveryState.SENT]
    assert desk.forum_posts() == ["Invented finding 1"]


async def test_a_forum_post_waits_out_a_429(desk: Desk) -> None:
    desk.fault(faults.rate_limited(0.2), POST_IN_FORUM)
    await desk.schedule(desk.world.forum, FORUM)

    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
    assert desk.forum_posts() == ["Invented finding 1"]


@pytest.mark.row("A20")
async def test_a20_a_forum_that_asks_for_a_tag_is_named_so(desk: Desk) -> None:
    desk.world.require_tag(desk.world.forum)
    await desk.schedule(desk.world.forum, FORUM)
    await desk.deliver()

    [blocked] = await desk.database.run(deliveries.blocked_channels)
    assert "tag" in blocked.reason


@pytest.mark.row("A22")
async def test_a22_an_archived_thread_takes_a_card(desk: Desk) -> None:
    desk.world.archive(desk.world.thread)
    await desk.schedule(desk.world.thread, DestinationKind.THREAD)
    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]


@pytest.mark.row("A13")
async def test_a13_a_channel_that_hangs_is_given_up_and_holds_up_no_other(desk: Desk) -> None:
    desk.restart(request_limit=0.5)
    hang = desk.server.faults.add("POST", f"/channels/{desk.world.papers.id}/messages", faults.hang())
    await desk.schedule(desk.world.papers)
    await desk.schedule(desk.world.club)

    await desk.deliverer.deliver_due()
    await desk.world.wait_for_posts(desk.world.club, 1)
    await desk.deliverer.join()
    assert await desk.states() == [DeliveryState.SENDING, DeliveryState.SENT]

    hang.release()
    await desk.deliver(after=70)
    assert await desk.states() == [DeliveryState.SENT] * 2
    assert len(desk.titles(desk.world.papers)) == 1


@pytest.mark.row("C16")
async def test_c16_what_hangs_when_the_bot_stops_is_dropped_and_looked_for_later(desk: Desk) -> None:
    hang = desk.fault(faults.hang())
    await desk.schedule(desk.world.papers)
    await desk.deliverer.deliver_due()
    await desk.world.until(lambda: hang.hits, what="the request")

    await desk.deliverer.stop(patience=0.1)
    assert await desk.states() == [DeliveryState.SENDING]

    hang.release()
    desk.restart()
    await desk.deliver(after=3600)
    assert await desk.states() == [DeliveryState.SENT]
    assert len(desk.titles(desk.world.papers)) == 1


@pytest.mark.row("A37")
async def test_a37_a_token_that_was_reset_is_noticed_once(desk: Desk) -> None:
    desk.server.rest.token = "another"
    await desk.schedule(desk.world.papers)
    await desk.schedule(desk.world.club)

    await desk.deliver()
    await desk.deliver_in_the_end()

    assert desk.unauthorized_count == 1
    assert len(desk.sends()) <= 2


@pytest.mark.row("A45")
async def test_a45_posting_goes_on_without_the_gateway(desk: Desk) -> None:
    await desk.schedule(desk.world.papers)
    desk.server.gateway.drop()
    await desk.deliver()

    assert await desk.states() == [DeliveryState.SENT]
