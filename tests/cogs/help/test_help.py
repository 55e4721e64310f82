"""Help, as members and moderators read it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from discord.ext.commands import Group

from tests.cogs.community import Community, on_shared, open_community
from tests.support.facts import bold, commands, headings, says
from wetread.domain.query_fields import SYNTAX

pytestmark = on_shared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def test_help_shows_one_example_each_and_what_is_for_moderators_to_them_only(shared: Community) -> None:
    member = await shared.ask("!help")
    moderator = await shared.ask("!help", by=shared.moderator)
    private = (await shared.slash("help")).message

    assert member.buttons == ["Search", "Newest articles"]
    assert "search epidural injection since:2024" in commands(member)
    assert not says(member, "moderators")
    assert not any(each.startswith("feed") for each in commands(member))
    assert "feed add Radiology" in commands(moderator)
    assert private.is_private
    assert private.text == member.text


async def test_every_example_in_help_is_a_command(shared: Community) -> None:
    said = await shared.ask("!help", by=shared.moderator)

    examples = commands(said)
    assert len(examples) >= 9
    for example in examples:
        assert shared.bot.get_command(example.split()[0]), example


@pytest.mark.parametrize("typed", ["search", "!search", "/search", "SEARCH"])
async def test_help_of_one_command_shows_its_forms_options_and_example(shared: Community, typed: str) -> None:
    said = await shared.ask(f"!help {typed}")

    search = shared.bot.get_command("search")
    assert search is not None
    lines = list(filter(None, said.text.splitlines()))
    assert "`!search`" in lines[0]
    assert "`/search`" in lines[0]
    assert lines[1] == search.short_doc
    assert any(line.startswith("-# **query**: ") for line in lines)
    assert lines[-1] == '`!search "epidural injection" -cervical since:2024`'


@pytest.mark.parametrize("typed", ["search", "export search", "feed filter"])
async def test_help_shows_everything_that_can_be_typed(shared: Community, typed: str) -> None:
    typed_form = await shared.ask(f"!help {typed}")
    private = (await shared.slash("help", command=typed)).message

    for said in (typed_form, private):
        for row in SYNTAX:
            assert f"`{row.examples[0]}`" in said.text
            assert row.meaning in said.text


async def test_help_of_a_group_lists_what_is_in_it(shared: Community) -> None:
    said = await shared.ask("!help feed")
    group = shared.bot.get_command("feed")

    assert isinstance(group, Group)
    for each in group.commands:
        assert f"`!{each.qualified_name}` {each.short_doc}" in said.text.splitlines()


@pytest.mark.parametrize(
    ("typed", "meant"), [("serach", "search"), ("pause", "feed pause"), ("feed pasue", "feed pause")]
)
async def test_help_of_a_slip_names_what_was_meant(shared: Community, typed: str, meant: str) -> None:
    said = await shared.ask(f"!help {typed}")

    assert f"“{typed}”" in bold(said)[0]
    assert commands(said) == [f"help {meant}"]


async def test_help_of_nothing_known_leads_to_the_list(shared: Community) -> None:
    said = await shared.ask("!help @everyone xyzzy")

    assert commands(said) == ["help"]
    assert "@everyone" not in said.text


async def test_help_of_every_command_fits_in_a_message(shared: Community) -> None:
    for each in shared.bot.walk_commands():
        said = await shared.ask(f"!help {each.qualified_name}")
        assert said.text.startswith("**`!"), each.qualified_name


async def test_commands_are_offered_by_a_part_of_their_name(shared: Community) -> None:
    offered = await shared.world.autocomplete(shared.papers, "help", "command", "paus")
    everything = await shared.world.autocomplete(shared.papers, "help", "command", "")

    assert offered == [("feed pause", "feed pause"), ("topic pause", "topic pause")]
    assert len(everything) == 25


async def test_help_works_in_a_private_message(shared: Community) -> None:
    said = await shared.write_privately("!help")

    assert headings(said) == ["Wetread"]
