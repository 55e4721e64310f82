"""Wetread as operators run it: a process, with Discord, journals and databases over real sockets."""

import math
import time

import pytest

from sandbox.web import Web
from tests.support.seen import Seen
from tests.wire import faults
from tests.wire.conftest import StartBot
from tests.wire.faults import Fault
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer
from tests.wire.world import WireWorld

START_SECONDS = 60.0  # the longest start on a busy machine


@pytest.fixture
async def bot(wetread: StartBot) -> BotProcess:
    return await wetread()


async def subscribe(world: WireWorld, internet: Web, key: str, newest: int) -> list[Seen]:
    """Let the moderator add a journal with its newest articles to #papers, from another channel."""
    journal = internet.library.find(key)
    assert journal is not None
    wish = f"!feed add {internet.feed_url(journal)} <#{world.papers.id}> {newest}"
    [answer] = await world.say(world.club, wish, by=world.moderator)
    assert "now posts to" in answer.text
    return await world.wait_for_posts(world.papers, newest) if newest else []


async def publish(world: WireWorld, internet: Web, key: str) -> str:
    """Let the journal publish and the moderator check it at once, and return the new title."""
    journal = internet.library.find(key)
    assert journal is not None
    article = internet.library.publish(journal)
    answer = await world.slash(world.club, "feed check", feed="1", by=world.moderator)
    assert "1 new article" in answer.text
    return article.title


@pytest.mark.row("S19")
async def test_a_journal_is_added_posted_searched_cited_and_discussed(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world

    cards = await subscribe(world, internet, "onpp", 3)
    out = internet.library.out(internet.library.journals[3])
    assert {card.embed.title for card in cards} == {article.title for article in out}
    sends = server.rest.made("POST", f"/channels/{world.papers.id}/messages")
    assert all(call.body["enforce_nonce"] for call in sends)
    assert all(call.allowed_mentions["parse"] == [] for call in sends)

    [shown] = await world.say(world.papers, "!abstract 10.5555/onpp.2026.0003")
    assert "Recruitment begins never." in shown.text
    found = await world.slash(world.papers, "search", query="boats")
    assert "Embolization of a paper river" in found.text
    cited = await world.press(cards[0], "Cite")
    assert cited.message.is_private
    assert "10.5555/onpp.2026.000" in cited.text
    await world.press(cards[0], "Discuss")
    await world.until(lambda: cards[0].id in server.backend.channels, what="a thread under the card")
    assert not bot.has_ended


async def test_an_article_that_nobody_has_posted_is_looked_up_in_pubmed(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world

    [shown] = await world.say(world.papers, "!abstract 10.5555/aisi.2026.0001")

    assert "Nothing was as good as next to nothing" in shown.text
    assert not bot.has_ended


async def test_buttons_and_feeds_live_on_after_a_restart(
    bot: BotProcess, wetread: StartBot, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    cards = await subscribe(world, internet, "onpp", 2)

    assert await bot.terminate() == 0, bot.log
    await wetread()

    assert (await world.press(cards[0], "All authors")).message.is_private
    title = await publish(world, internet, "onpp")
    posts = await world.wait_for_posts(world.papers, 3)
    assert [post.embed.title for post in posts[:2]] == [card.embed.title for card in cards]
    assert posts[2].embed.title == title


@pytest.mark.row("A45")
async def test_a_command_typed_while_the_connection_was_lost_is_answered(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world

    server.gateway.drop()
    [shown] = await world.say(world.papers, "!abstract 10.5555/aisi.2026.0001")

    assert shown.embeds
    assert (server.gateway.identify_count, server.gateway.resume_count) == (1, 1)
    assert not bot.has_ended


@pytest.mark.row("A09", "A15", "A16")
async def test_what_discord_py_repeats_becomes_one_card_each(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    await subscribe(world, internet, "onpp", 0)
    titles = []
    for fault in (
        faults.rate_limited(0.2),
        faults.rate_limited(0.2, is_global=True),
        faults.status(502),
        faults.status(502, done=True),
    ):
        rule = server.faults.add("POST", f"/channels/{world.papers.id}/messages", fault)
        titles.append(await publish(world, internet, "onpp"))
        await world.wait_for_posts(world.papers, len(titles))
        await world.until(lambda rule=rule: rule.hits == 1)  # type: ignore[misc]  # a default, not an argument

    # Wait for one more post: a late repetition would have come before it.
    titles.append(await publish(world, internet, "onpp"))
    posts = await world.wait_for_posts(world.papers, len(titles))
    assert [post.embed.title for post in posts] == titles
    assert not bot.has_ended


@pytest.mark.row("A02", "A11", "A12", "A14")
@pytest.mark.parametrize(
    "case",
    [
        (math.inf, 100, [faults.close_after(), faults.status(503, done=True)]),
        (0.0, 1000, [faults.close_after(), faults.bad_type()]),
    ],
    ids=["nonce", "look-back"],
)
async def test_what_nobody_knows_becomes_one_card_each(
    wetread: StartBot,
    server: DiscordServer,
    internet: Web,
    case: tuple[float, float, list[Fault]],
) -> None:
    """Answers are lost before a restart: Discord knows the nonce, or only the history shows the post."""
    world = server.world
    server.rest.nonce_window, pause, troubles = case
    bot = await wetread()
    await subscribe(world, internet, "onpp", 0)
    titles: list[str] = []
    for fault in troubles:
        rule = server.faults.add("POST", f"/channels/{world.papers.id}/messages", fault)
        titles.append(await publish(world, internet, "onpp"))
        await world.until(lambda rule=rule: rule.hits == 1)  # type: ignore[misc]  # a default, not an argument
        await bot.kill()
        bot = await wetread(env={"BOT_CLOCK_AHEAD": str(pause * len(titles))})
        titles.append(await publish(world, internet, "onpp"))
        posts = await world.wait_for_posts(world.papers, len(titles))
        assert [post.embed.title for post in posts] == titles


@pytest.mark.row("C16")
async def test_sigterm_ends_within_ten_seconds_even_while_discord_hangs(
    bot: BotProcess, wetread: StartBot, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    await subscribe(world, internet, "onpp", 0)
    rule = server.faults.add("POST", f"/channels/{world.papers.id}/messages", faults.hang())
    title = await publish(world, internet, "onpp")
    await world.until(lambda: rule.hits, what="the request that hangs")

    began = time.perf_counter()
    status = await bot.terminate(within=10)

    assert status == 0, bot.log
    assert time.perf_counter() - began < 10
    server.faults.clear()
    await wetread()
    posts = await world.wait_for_posts(world.papers, 1, within=START_SECONDS)
    assert [post.embed.title for post in posts] == [title]


@pytest.mark.row("A28")
async def test_a_permission_taken_away_stops_the_channel_and_is_told(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    await subscribe(world, internet, "onpp", 0)
    world.forbid(world.papers, "send_messages")

    await publish(world, internet, "onpp")
    sends = f"/channels/{world.papers.id}/messages"
    await bot.logged("a permission is missing")
    told = await world.slash(world.club, "status", by=world.moderator)

    assert "papers" in told.text or str(world.papers.id) in told.text
    assert len(server.rest.made("POST", sends)) <= 1
    assert not world.posts(world.papers)
