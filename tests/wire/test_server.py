"""An unmodified discord.py works with the Discord on the loopback as with the real one."""

import asyncio
import math
from pathlib import Path

import aiohttp
import discord
import pytest

from tests.description_plugin import broken_requests
from tests.support import sample_bot
from tests.wire import faults
from tests.wire.conftest import StartBot
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer

SAMPLE = Path(sample_bot.__file__)
SEND = "/channels/*/messages"


@pytest.fixture
async def bot(start_bot: StartBot) -> BotProcess:
    return await start_bot(script=SAMPLE)


async def test_commands_buttons_menus_forms_and_files(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    [echo] = await world.say(world.papers, "!echo hello")
    assert echo.embed.description == "hello"
    assert (await world.slash(world.papers, "echo", text="again")).message.embed.description == "again"
    assert await world.autocomplete(world.papers, "echo", "text", "hel") == [("hel!", "hel")]

    [card] = await world.say(world.papers, "!card 7")
    assert (await world.press(card, "Save")).message.is_private
    assert (await world.select(card, ["2"])).message.content == "Chosen: 2"

    shown = await world.slash(world.papers, "form")
    assert (await world.submit(shown, {"line": "a thought"})).text == "You wrote: a thought"
    assert (await world.slash(world.papers, "slow")).message.attachments == ("citation.ris",)
    assert (await world.say(world.papers, "!panel"))[0].text == "### A panel"
    assert not bot.has_ended


async def test_threads_pins_forum_posts_and_publishing(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    world.set_tags(world.forum, "Spine")

    [subject] = await world.say(world.club, "!discuss")
    await world.until(lambda: world.again(subject).payload["pinned"], what="the pin")
    assert world.again(subject).content == "A subject, discussed"
    assert [m.content for m in world.posts(world.channel(subject.id))] == ["The first word"]
    assert (await world.say(world.papers, "!shelve A title"))[0].content == "Shelved as A title / True"
    [news] = await world.say(world.announcements, "!publish")
    await world.until(lambda: world.again(news).flags & 1, what="the publishing")


async def test_refusals_come_as_discord_words_them(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    world.require_tag(world.forum)

    await world.say(world.club, "!discuss twice")
    await bot.logged("160004")
    await world.say(world.papers, "!shelve A title", answers=0)
    await bot.logged("40067")
    await world.say(world.papers, f"!echo {'x' * 300}", answers=1)
    with broken_requests() as found:
        await world.say(world.papers, f"!card {'9' * 120}", answers=0)
        await bot.logged("50035")
    assert [each.pointer for each in found] == ["/components/0/components/0/custom_id"]
    world.forbid(world.papers, "send_messages")
    await world.say(world.papers, "!panel", answers=0)
    await bot.logged("50013")


async def test_a_button_lives_on_after_kill_and_restart(
    bot: BotProcess, server: DiscordServer, start_bot: StartBot
) -> None:
    world = server.world
    [card] = await world.say(world.papers, "!card 8")

    assert await bot.kill() == -9
    await start_bot(script=SAMPLE)

    assert (await world.press(card, "Save")).text == "Saved 8."


async def test_sigterm_ends_the_bot(bot: BotProcess) -> None:
    assert await bot.terminate() == 0


async def test_what_was_missed_is_replayed_on_resume(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    for number, lose in enumerate((server.gateway.drop, server.gateway.reconnect), start=1):
        lose()
        [echo] = await world.say(world.papers, f"!echo {number}")
        assert echo.embed.description == str(number)
        assert server.gateway.resume_count == number
    await server.gateway.close(4000)
    assert len(await world.say(world.papers, "!echo 3")) == 1
    assert server.gateway.identify_count == 1


async def test_a_bot_without_acks_takes_the_connection_for_dead(
    server: DiscordServer, start_bot: StartBot
) -> None:
    server.gateway.heartbeat_interval = 0.3
    await start_bot(script=SAMPLE, env={"HEARTBEAT_TIMEOUT": "0.6"})

    server.gateway.withhold_acks()
    await server.world.until(lambda: server.gateway.resume_count, what="a RESUME")
    server.gateway.withhold_acks(False)


async def test_an_invalid_session_begins_anew(bot: BotProcess, server: DiscordServer) -> None:
    server.gateway.refuse_resume()
    server.gateway.drop()

    await server.world.until(lambda: server.gateway.identify_count == 2, what="a second IDENTIFY")
    assert len(await server.world.say(server.world.papers, "!echo hello")) == 1
    assert not bot.has_ended


async def test_rate_limits_and_errors_are_retried_by_discord_py(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world
    for fault in (faults.rate_limited(0.05), faults.rate_limited(0.05, is_global=True), faults.status(502)):
        rule = server.faults.add("POST", SEND, fault)
        await world.say(world.papers, "!echo hello")
        assert rule.hits == 1
    assert len(world.posts(world.papers)) == 3
    assert not bot.has_ended


async def test_a_lost_answer_makes_two_messages_without_a_nonce_window(
    bot: BotProcess, server: DiscordServer
) -> None:
    world = server.world
    server.rest.nonce_window = 0
    server.faults.add("POST", SEND, faults.close_after())

    assert len(await world.say(world.papers, "!deliver n1", answers=2)) == 2
    assert "ServerDisconnectedError" in bot.log


@pytest.mark.parametrize(
    "fault",
    [faults.close_after(), faults.bad_type(), faults.status(503, done=True)],
    ids=["close_after", "bad_type", "503 done"],
)
async def test_a_nonce_makes_one_message_of_a_repeated_send(
    bot: BotProcess, server: DiscordServer, fault: faults.Fault
) -> None:
    world = server.world
    server.rest.nonce_window = math.inf
    server.faults.add("POST", SEND, fault)

    await world.say(world.papers, "!deliver n1")
    await world.until(lambda: len(server.rest.made("POST", r"/channels/\d+/messages")) >= 1)
    [again] = await world.say(world.papers, "!echo after")
    assert [post.content for post in world.posts(world.papers) if post.id != again.id] == ["Delivered"]
    assert not bot.has_ended


async def test_a_nonce_of_a_deleted_message_is_unknown(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    [first] = await world.say(world.papers, "!deliver n1")
    await world.delete(first)

    await world.say(world.papers, "!deliver n1", answers=0)
    await bot.logged("deliver: NotFound")
    assert server.rest.calls[-1].status == 404


async def test_what_is_held_back_commits_when_it_is_released(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    server.rest.nonce_window = 0
    rule = server.faults.add("POST", SEND, faults.late_commit())

    [first] = await world.say(world.papers, "!deliver n1")
    rule.release()

    [late] = await world.posts_after(world.papers, first.id)
    assert late.content == "Delivered"
    assert not bot.has_ended


async def test_every_request_is_recorded(bot: BotProcess, server: DiscordServer) -> None:
    world = server.world
    await world.say(world.papers, "!echo @everyone")

    [call] = server.rest.made("POST", r"/channels/\d+/messages")
    assert call.allowed_mentions == {"parse": [], "replied_user": False}
    assert call.status == 200
    assert not bot.has_ended


async def test_a_wrong_token_and_a_missing_intent_keep_the_bot_out(
    server: DiscordServer, start_bot: StartBot
) -> None:
    server.rest.token = "another"
    bot = await start_bot(script=SAMPLE, wait=False)
    assert await bot.ended() == 1
    assert "LoginFailure" in bot.log

    server.rest.token = None
    server.gateway.approved_intents = discord.Intents.default()
    bot = await start_bot(script=SAMPLE, wait=False)
    assert await bot.ended() != 0
    assert "PrivilegedIntentsRequired" in bot.log


async def test_archived_and_active_threads_are_listed(server: DiscordServer) -> None:
    world = server.world
    world.archive(world.thread)
    shelf = world.make_thread(world.club, "Still open")

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.api_url}/guilds/{world.guild.id}/threads/active") as answer:
            active = await answer.json()
        path = f"/channels/{world.club.id}/threads/archived/public"
        async with session.get(server.api_url + path) as answer:
            archived = await answer.json()

    assert [int(thread["id"]) for thread in active["threads"]] == [shelf.id]
    assert [int(thread["id"]) for thread in archived["threads"]] == [world.thread.id]
    assert archived["has_more"] is False


async def test_an_unknown_route_is_a_gap() -> None:
    async with DiscordServer() as server, aiohttp.ClientSession() as session:
        with broken_requests() as found:
            async with session.get(f"{server.api_url}/lobbies/1") as answer:
                assert answer.status == 501
        assert [each.path for each in found] == ["/lobbies/1"]
        with pytest.raises(AssertionError, match="lobbies"):
            server.assert_no_gaps()


async def test_hanging_requests_hang_until_released() -> None:
    async with DiscordServer() as server, aiohttp.ClientSession() as session:
        path = f"/channels/{server.world.papers.id}/typing"
        rule = server.faults.add("POST", path, faults.hang())
        asking = asyncio.create_task(session.post(server.api_url + path))
        await server.changes.until(lambda: rule.hits)
        assert not asking.done()
        rule.release()
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await asking
