"""What people are told when something does not work, in both forms, and what the log is told."""

import logging
import re
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord import app_commands
from discord.ext import commands

from cogs.errors.explaining import Invocation, explain
from cogs.kit.panels import Panel
from tests.cogs.community import Community, on_shared, open_community
from tests.support import facts
from tests.support.facts import bold, says, text_of
from wetread.domain.errors import StorageFailedError, StorageFailure

pytestmark = on_shared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii")
        yield community


def shown(panel: Panel | None) -> Panel:
    assert panel is not None
    return panel


# -- what was typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"), [("abstrct 1", "abstract"), ("Serach pain", "search"), ("fed list", "feed")]
)
async def test_a_slip_in_a_commands_name_is_understood(shared: Community, typed: str, meant: str) -> None:
    said = await shared.ask(f"!{typed}")

    assert f"“{typed.split(maxsplit=1)[0].casefold()}”" in bold(said)[0]
    assert facts.commands(said) == [meant]


@pytest.mark.parametrize(
    "typed", ["!play something", "!stop", "!rank", "!ban", "!", "!!", "! abstract", "!x", "hello", "5!"]
)
async def test_what_may_be_for_another_bot_or_nobody_is_left_alone(shared: Community, typed: str) -> None:
    assert await shared.say(typed) == []


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("search", '!search "epidural injection" -cervical since:2024'),
        ("export search", "!export search epidural injection since:2024 bibtex"),
        ("export journal", "!export journal radiology since:2024"),
        ("export", "!export search epidural injection bibtex"),
        ("abstract", "!abstract 10.5555/aisi.2026.0001"),
        ("article", "!article 10.5555/aisi.2026.0001"),
        ("cite", "!cite 99001001 vancouver"),
    ],
)
async def test_what_is_missing_is_shown_by_an_example(shared: Community, typed: str, example: str) -> None:
    said = await shared.ask(f"!{typed}")

    assert said.text.splitlines()[-1] == f"`{example}`"


async def test_a_word_where_a_number_belongs_is_answered_with_an_example(shared: Community) -> None:
    said = await shared.order("!feed settings soon")

    assert says(said, "did not understand")
    assert facts.commands(said) == ["feed settings @Editors #moderators 48"]


async def test_a_slip_behind_a_group_is_told_of_that_group(shared: Community) -> None:
    near = await shared.ask("!export serach pain")
    far = await shared.ask("!export xyzzy")

    assert "“!export serach”" in bold(near)[0]
    assert facts.commands(near) == ["export search"]
    assert facts.commands(far) == ["help export"]


async def test_an_open_quotation_mark_harms_nothing(shared: Community) -> None:
    search = await shared.ask('!search "phantom studies')
    [feed] = await shared.say('!feed test "J Invent', by=shared.moderator)

    assert "for “" in search.text
    assert feed.buttons == ["Open"]


# -- where and how often -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["status", "feed", "feed list", "search pain", "journals", "share 1", "export search pain"]
)
async def test_in_a_private_message_it_says_where_it_works(shared: Community, typed: str) -> None:
    said = await shared.write_privately(f"!{typed}")

    assert says(said, "only on a server")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 second"), (40, "40 seconds"), (600, "10 minutes"), (7200, "2 hours")]
)
async def test_a_wait_is_told_as_people_count(seconds: float, words: str) -> None:
    error = commands.CommandOnCooldown(commands.Cooldown(1, 60), seconds, commands.BucketType.user)

    assert says(shown(explain(error, Invocation())), words)


# -- what broke ----------------------------------------------------------------------------------------


class StumbleError(Exception):
    """What no line of ours expects."""


@commands.command()
async def stumble(_ctx: commands.Context[Any]) -> None:
    raise StumbleError("the secret detail")


@app_commands.context_menu(name="Stumble")
async def stumble_over(_interaction: discord.Interaction, _message: discord.Message) -> None:
    raise StumbleError("the secret detail")


@pytest.mark.asyncio(loop_scope="function")  # simcord keeps one world in a loop
async def test_what_nobody_expected_has_a_reference_that_the_log_has_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_community() as here:
        here.bot.add_command(stumble)
        here.bot.tree.add_command(stumble_over)
        await here.bot.tree.sync()
        with caplog.at_level(logging.ERROR, "cogs"):
            public = await here.ask("!stumble")
            private = (await here.world.context_menu("Stumble", public)).message
        assert here.world.errors

    for said, record in zip((public, private), caplog.records, strict=True):
        reference = re.search(r"\*\*(W-[2-9A-Z]{4})\*\*", said.text)
        assert reference is not None
        assert "secret" not in said.text
        assert record.getMessage().startswith(reference[1])
        assert record.exc_info is not None
        assert isinstance(record.exc_info[1], StumbleError)
    assert not public.is_private
    assert private.is_private


async def test_a_locked_thread_is_left_alone_without_the_right_to_manage_threads(
    shared: Community, caplog: pytest.LogCaptureFixture
) -> None:
    world = shared.world
    thread = world.make_thread(world.club, "Locked")
    world.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True})
    world.forbid(world.club, "manage_threads")
    said = await shared.say("!journals", channel=thread, by=shared.moderator)
    world.allow_again(world.club)

    assert said == []
    assert f"channel {thread.id}" in caplog.text
    assert "Manage Threads" in caplog.text


async def test_a_channel_that_does_not_take_an_answer_hears_nothing(
    shared: Community, caplog: pytest.LogCaptureFixture
) -> None:
    shared.world.forbid(shared.world.club, "send_messages")
    said = await shared.say("!journals", channel=shared.world.club)
    private = await shared.slash("journals", channel=shared.world.club)
    shared.world.allow_again(shared.world.club)

    assert said == []
    assert "Journal of Invented Imaging" in private.text
    assert f"channel {shared.world.club.id}" in caplog.text
    assert "Send Messages" in caplog.text
    assert shared.world.errors


@pytest.mark.parametrize("kind", StorageFailure)
async def test_a_disk_that_keeps_nothing_is_ours_and_promises_nothing(kind: StorageFailure) -> None:
    said = text_of(shown(explain(StorageFailedError(kind, "The disk is full."), Invocation())))

    assert says(said, "The disk is full.", "cannot store")
    assert not says(said, "lost")
    assert says(said, "by itself") is (kind is not StorageFailure.CORRUPT)
