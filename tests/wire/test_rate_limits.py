"""Rate limits of Discord over real sockets: what they hold up, for how long, and what goes on meanwhile."""

import pytest

from tests.wire import faults
from tests.wire.desk import FORUM, POST_IN_FORUM, Desk
from wetread.domain.models import DeliveryState
from wetread.storage import delivery_history

EDIT = "/channels/*/messages/*"
WRITE_LIMIT = 20028  # the code of a limit on a whole channel
LONG = 1163.0


def edits_made(desk: Desk) -> int:
    return len(desk.server.rest.made("PATCH", r"/channels/\d+/messages/\d+"))


async def post_and_change(desk: Desk) -> None:
    """Post an article; then it changes, so that its post is to be edited."""
    await desk.schedule(desk.world.papers)
    await desk.deliver()
    [sent] = await desk.deliveries()
    await desk.change(sent)


@pytest.mark.row("E06")
async def test_e06_a_limit_on_edits_does_not_hold_up_posts(desk: Desk) -> None:
    limit = faults.rate_limited(LONG, json_code=WRITE_LIMIT)
    desk.server.faults.add("PATCH", EDIT, limit)
    await post_and_change(desk)
    await desk.deliver()
    assert edits_made(desk) == 1

    await desk.schedule(desk.world.papers)
    await desk.deliver(after=5)

    assert await desk.states() == [DeliveryState.SENT] * 2
    await desk.deliver(after=LONG - 30)
    assert edits_made(desk) == 1
    await desk.deliver(after=60)
    assert edits_made(desk) == 2


@pytest.mark.row("E06")
async def test_e06_a_limit_on_posts_does_not_hold_up_edits(desk: Desk) -> None:
    await post_and_change(desk)
    limit = desk.fault(faults.rate_limited(LONG, json_code=WRITE_LIMIT))
    await desk.schedule(desk.world.papers)

    await desk.deliver()
    await desk.deliver(after=5)

    assert limit.hits == 1
    assert edits_made(desk) == 1
    assert await desk.states() == [DeliveryState.SENT, DeliveryState.PENDING]
    await desk.deliver(after=LONG)
    assert await desk.states() == [DeliveryState.SENT] * 2


@pytest.mark.row("E06")
async def test_e06_an_edit_that_waits_inside_discord_py_does_not_hold_up_posts(desk: Desk) -> None:
    rule = desk.server.faults.add("PATCH", EDIT, faults.hang())
    await post_and_change(desk)
    await desk.deliverer.deliver_due()
    await desk.world.until(lambda: rule.hits, what="the edit")

    await desk.schedule(desk.world.papers)
    await desk.deliverer.deliver_due()

    await desk.world.wait_for_posts(desk.world.papers, 2)
    rule.release()
    await desk.deliverer.join()


@pytest.mark.row("E06", "A16")
@pytest.mark.parametrize("path", ["POST", "PATCH"])
async def test_e06_a_long_global_limit_holds_up_everything(desk: Desk, path: str) -> None:
    await post_and_change(desk)
    limit = faults.rate_limited(900, is_global=True)
    rule = desk.server.faults.add(path, "/channels/**", limit)
    if path == "POST":
        await desk.schedule(desk.world.papers)
    await desk.deliver()
    assert rule.hits == 1
    assert desk.deliverer.pause is not None
    await desk.schedule(desk.world.club)
    made = len(desk.server.rest.calls)

    await desk.deliver(after=800)
    assert len(desk.server.rest.calls) == made

    await desk.deliver(after=110)
    await desk.deliver(after=60)
    assert set(await desk.states()) == {DeliveryState.SENT}
    assert edits_made(desk) >= 1


@pytest.mark.row("E07")
@pytest.mark.parametrize(("header", "body"), [(1, LONG), (LONG, 1)], ids=["body", "header"])
async def test_e07_the_longer_of_two_waits_is_kept(desk: Desk, header: float, body: float) -> None:
    limit = faults.rate_limited(body, header=header)
    rules = [desk.fault(limit), desk.fault(limit, POST_IN_FORUM)]
    rules.append(desk.server.faults.add("PATCH", EDIT, limit))
    await desk.schedule(desk.world.papers)
    await desk.schedule(desk.world.forum, FORUM)
    await desk.deliver()
    assert await desk.states() == [DeliveryState.PENDING] * 2

    await desk.deliver(after=LONG - 30)
    assert [rule.hits for rule in rules] == [1, 1, 0]
    await desk.deliver(after=60)
    assert await desk.states() == [DeliveryState.SENT] * 2

    for each in await desk.deliveries():
        if each.channel_id == desk.world.papers.id:
            await desk.change(each)
    await desk.deliver()
    await desk.deliver(after=LONG - 30)
    assert edits_made(desk) == 1
    await desk.deliver(after=60)
    assert edits_made(desk) == 2


@pytest.mark.row("E07")
@pytest.mark.parametrize(("header", "body"), [(0.05, 0.6), (0.6, 0.05)], ids=["body", "header"])
async def test_e07_so_does_discord_py_itself(desk: Desk, header: float, body: float) -> None:
    desk.fault(faults.rate_limited(body, header=header))
    await desk.schedule(desk.world.papers)

    await desk.deliver()

    first, second = desk.server.rest.made("POST", r"/channels/\d+/messages")
    assert (second.at - first.at).total_seconds() >= 0.55
    assert await desk.states() == [DeliveryState.SENT]


CROSSPOST = "/channels/*/messages/*/crosspost"


@pytest.mark.row("E12")
async def test_e12_fifteen_articles_are_published_where_discord_takes_ten_an_hour(desk: Desk) -> None:
    news = desk.world.announcements
    desk.server.faults.add("POST", CROSSPOST, faults.delay(0), count=10)
    desk.server.faults.add("POST", CROSSPOST, faults.rate_limited(3000))
    for _ in range(15):
        await desk.schedule(news)

    for _ in range(3):
        await desk.deliver(after=5)
    assert await desk.states() == [DeliveryState.SENT] * 15
    assert published(desk) == 10
    desk.restart()
    await desk.schedule(news)
    await desk.deliver(after=5)
    assert len(desk.titles(news)) == 16, "posts do not wait"

    await desk.deliver(after=3000)

    assert published(desk) == 16
    crossposts = desk.server.rest.made("POST", r"/channels/\d+/messages/\d+/crosspost")
    assert len([call for call in crossposts if call.status == 429]) == 1
    assert len({call.path for call in crossposts if call.status == 200}) == 16


@pytest.mark.row("E12")
@pytest.mark.parametrize(
    "fault",
    [faults.status(503, done=True), faults.close_after(), faults.bad_type()],
    ids=["503", "cut", "html"],
)
async def test_e12_a_publication_whose_answer_is_lost_is_asked_for_again(
    desk: Desk, fault: faults.Fault
) -> None:
    desk.server.faults.add("POST", CROSSPOST, fault)
    await desk.schedule(desk.world.announcements)
    await desk.deliver()

    for _ in range(3):
        await desk.deliver(after=70)

    assert published(desk) == 1
    [shown] = await desk.database.run(
        delivery_history.log, desk.world.guild.id, subscription_id=None, limit=5
    )
    assert shown.unpublished is None, "a second request finds it published"


def published(desk: Desk) -> int:
    return sum(bool(post.flags & 1) for post in desk.world.posts(desk.world.announcements))
