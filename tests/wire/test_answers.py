"""Answers to commands that Discord refuses, over real sockets: another answer, or a line in the log."""

import pytest

from sandbox.web import Web
from tests.support.facts import says
from tests.support.seen import Seen
from tests.wire import faults
from tests.wire.conftest import StartBot
from tests.wire.desk import SEND
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer
from tests.wire.test_whole_runs import subscribe

ABSTRACT = "!abstract 10.5555/aisi.2026.0001"
FOUND = "Nothing was as good as next to nothing"
MISSING = faults.status(403, json_code=50013, message="Missing Permissions")
AUTOMOD = faults.status(400, json_code=200000, message="Message was blocked by automatic moderation")
NO_HISTORY = faults.status(403, json_code=160002, message="Cannot reply without permission to read history")
NO_REFERENCE = faults.status(400, json_code=50035, message="Invalid Form Body\nIn message_reference: Unknown")


@pytest.fixture
async def bot(wetread: StartBot) -> BotProcess:
    return await wetread()


async def ask(server: DiscordServer, text: str) -> Seen:
    """Type a message in #papers, and return its only answer."""
    [answer] = await server.world.say(server.world.papers, text)
    return answer


async def ask_and_delete(server: DiscordServer, text: str) -> Seen:
    """Type a message that another bot deletes at once, and return the answer."""
    world = server.world
    said = await world.reader.send(world.papers, text)
    server.backend.delete_message(world.papers.id, said.id)
    [answer] = await world.posts_after(world.papers, said.id)
    return answer


async def status(server: DiscordServer) -> str:
    answer = await server.world.slash(server.world.club, "status", by=server.world.moderator)
    return answer.text


@pytest.mark.row("E08", "E09")
async def test_e08_what_was_asked_by_a_deleted_message_is_answered_and_so_is_its_error(
    bot: BotProcess, server: DiscordServer
) -> None:
    for text, expected in ((ABSTRACT, FOUND), ("!abstract", "missing"), ("!search", "missing")):
        answer = await ask_and_delete(server, text)
        assert says(answer, expected)
        assert answer.reply_to is None

    for refusal in (NO_REFERENCE, NO_HISTORY):
        for text, expected in ((ABSTRACT, FOUND), ("!cite 10.5555/aisi.2026.0001 ris", "RIS")):
            rule = server.faults.add("POST", SEND, refusal)
            answer = await ask(server, text)
            assert says(answer, expected)
            assert rule.hits == 1
            assert answer.reply_to is None
    assert len(answer.attachments) == 1, "the file is sent again with the answer"
    assert (await ask(server, ABSTRACT)).reply_to is not None
    assert "Traceback" not in bot.log


@pytest.mark.row("E09")
async def test_e09_without_the_history_answers_are_no_replies_and_status_names_the_permission(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    world.forbid(world.papers, "read_message_history")

    for text in (ABSTRACT, "!abstract", "!journals"):
        assert (await ask(server, text)).reply_to is None

    refused = [call for call in server.rest.calls if call.status == 403]
    assert refused == [], "Discord need not be asked"
    assert says(await status(server), "Read Message History", f"<#{world.papers.id}>")
    world.allow_again(world.papers)
    assert (await ask(server, ABSTRACT)).reply_to is not None
    assert not says(await status(server), "Read Message History")


@pytest.mark.row("E10")
async def test_e10_an_answer_that_needs_a_permission_names_it(
    bot: BotProcess, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    await subscribe(world, internet, "onpp", 1)

    world.forbid(world.papers, "embed_links", "attach_files")
    for text, permission in (
        (ABSTRACT, "Embed Links"),
        ("!export search paper", "Attach Files"),
        ("!cite 10.5555/aisi.2026.0001 ris", "Attach Files"),
    ):
        answer = await ask(server, text)
        assert says(answer, permission, "moderator"), text
        assert not answer.attachments
    assert (await ask(server, "!journals")).components, "a panel needs neither"
    world.allow_again(world.papers)

    server.faults.add("POST", f"/channels/{world.papers.id}/messages", AUTOMOD)
    assert says(await ask(server, ABSTRACT), "AutoMod")

    # What the cache holds may be older than what Discord goes by.
    for text, permission in ((ABSTRACT, "Embed Links"), ("!export search paper", "Attach Files")):
        server.faults.add("POST", f"/channels/{world.papers.id}/messages", MISSING)
        assert says(await ask(server, text), permission), text
    assert "Traceback" not in bot.log


@pytest.mark.row("E10")
async def test_e10_where_nothing_may_be_sent_the_log_and_status_say_so(
    bot: BotProcess, server: DiscordServer
) -> None:
    world, here = server.world, f"channel {server.world.papers.id}"
    rule = server.faults.add("POST", f"/channels/{world.papers.id}/messages", MISSING, count=None)
    await world.reader.send(world.papers, ABSTRACT)
    await bot.logged(here)
    assert rule.hits == 2, "the card, then the sentence"
    assert says(await status(server), f"<#{world.papers.id}>", "Send Messages")

    server.faults.clear()
    world.forbid(world.papers, "send_messages")
    asked = len(server.rest.calls)
    for text in ("!journals", "!abstract", ABSTRACT):
        bot.log = ""
        await world.reader.send(world.papers, text)
        await bot.logged(here)
    assert len(server.rest.calls) == asked, "each refused request counts against the bot"
    assert says(await status(server), f"<#{world.papers.id}>", "Send Messages")

    world.allow_again(world.papers)
    assert not says(await status(server), "Send Messages")
    assert says(await ask(server, ABSTRACT), FOUND)
    assert "Traceback" not in bot.log


@pytest.mark.row("E14")
async def test_e14_the_answer_needs_no_typing_indicator(bot: BotProcess, server: DiscordServer) -> None:
    async def answers_despite(fault: faults.Fault) -> None:
        rule = server.faults.add("POST", "/channels/*/typing", fault, count=None)
        assert says(await ask(server, ABSTRACT), FOUND)
        await server.world.until(lambda: rule.hits, what="the typing indicator")
        server.faults.clear()

    for fault in (faults.status(503), faults.status(500), faults.rate_limited(900), faults.hang()):
        await answers_despite(fault)
    assert "Traceback" not in bot.log
