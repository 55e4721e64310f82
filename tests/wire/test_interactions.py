"""A session that cannot be resumed, and commands that take longer than Discord waits, over real sockets."""

import asyncio
from contextlib import suppress

import pytest

from sandbox.web import Web
from tests.wire import faults
from tests.wire.conftest import StartBot
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer
from tests.wire.test_whole_runs import publish, subscribe

CALLBACKS = r"/interactions/\d+/[^/]+/callback"
DEFERRED = 5  # "thinking": the bot then has fifteen minutes


@pytest.fixture
async def bot(wetread: StartBot) -> BotProcess:
    return await wetread()


@pytest.mark.row("A39")
async def test_a39_a_second_start_of_the_session_starts_nothing_twice(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    await subscribe(world, internet, "onpp", 0)
    registered = len(server.rest.made("PUT", r"/applications/\d+/commands"))

    server.gateway.invalidate()  # discord.py pauses for 5 s, identifies anew and calls on_ready again
    await world.until(lambda: server.gateway.identify_count == 2, within=60, what="the second IDENTIFY")
    await world.until(lambda: bot.log.count("Connected as") == 2, what="the second on_ready")

    title = await publish(world, internet, "onpp")
    await world.wait_for_posts(world.papers, 1)
    # Wait for one more post: a second loop's post would have come before it.
    other = await publish(world, internet, "onpp")
    posts = await world.wait_for_posts(world.papers, 2)
    assert [post.embed.title for post in posts] == [title, other]
    assert len(server.rest.made("PUT", r"/applications/\d+/commands")) == registered
    assert "had stopped; starting it again" not in bot.log
    assert await bot.terminate() == 0, bot.log


@pytest.mark.row("A43")
async def test_a43_what_may_take_long_is_put_off_first(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world

    await world.slash(world.papers, "abstract", reference="10.5555/aisi.2026.0001")
    await world.slash(world.papers, "search", query="boats")
    await world.slash(world.club, "feed add", what="https://journal.invalid/rss", by=world.moderator)

    kinds = [call.body["type"] for call in server.rest.made("POST", CALLBACKS)]
    assert kinds == [DEFERRED] * 3


@pytest.mark.row("A43")
async def test_a43_an_interaction_that_ran_out_is_a_line_in_the_log(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world
    server.faults.add(
        "POST",
        "/interactions/*/*/callback",
        faults.status(404, json_code=10062, message="Unknown interaction"),
    )

    asked = asyncio.create_task(world.slash(world.papers, "abstract", reference="10.5555/aisi.2026.0001"))
    await bot.logged("An interaction expired before Wetread answered it.")
    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked

    answer = await world.slash(world.papers, "abstract", reference="10.5555/aisi.2026.0001")
    assert answer.message.embeds
    assert "Traceback" not in bot.log


@pytest.mark.row("E07")
async def test_e07_an_answer_to_an_interaction_waits_as_long_as_the_header_says(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world
    limit = faults.rate_limited(0.05, header=0.6)
    server.faults.add("POST", "/interactions/*/*/callback", limit)

    answer = await world.slash(world.papers, "journals")

    assert answer.message.is_private
    first, second = server.rest.made("POST", CALLBACKS)
    assert (second.at - first.at).total_seconds() >= 0.55
