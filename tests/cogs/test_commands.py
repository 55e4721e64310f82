"""All commands: what help, errors and Discord require of each."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest_asyncio
from discord.ext import commands

from tests.cogs.community import Community, on_shared, open_community

pytestmark = on_shared

MOST_COMMANDS, MOST_MENUS = 100, 5  # Application Commands, "Registering a Command"
MOST_OPTIONS = MOST_CHOICES = 25
MOST_CHARACTERS = 8_000  # in the names, descriptions and values of one command with its sub-commands


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


def all_of(here: Community) -> list[commands.Command[Any, ..., Any]]:
    return sorted(here.bot.walk_commands(), key=lambda each: each.qualified_name)


def payloads(here: Community) -> list[dict[str, Any]]:
    """Return the commands as they are sent to Discord."""
    tree = here.bot.tree
    told = [
        *tree.get_commands(type=discord.AppCommandType.chat_input),
        *tree.get_commands(type=discord.AppCommandType.message),
        *tree.get_commands(type=discord.AppCommandType.user),
    ]
    return [json.loads(json.dumps(each.to_dict(tree))) for each in told]


def parts(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a command, its sub-commands and their options."""
    yield payload
    for option in payload.get("options", ()):
        yield from parts(option)


async def test_names_and_aliases_are_unique(shared: Community) -> None:
    names = [
        name.casefold()
        for each in all_of(shared)
        for name in (
            each.qualified_name,
            *(f"{each.full_parent_name} {alias}".strip() for alias in each.aliases),
        )
    ]

    assert len(names) == len(set(names))


async def test_each_has_help_that_discord_shows_whole(shared: Community) -> None:
    for each in all_of(shared):
        assert each.help, each.qualified_name
        assert len(each.short_doc) <= 100, each.qualified_name
        assert re.fullmatch(r"[A-Z].*[.…]", each.short_doc), each.qualified_name


async def test_each_has_an_example_that_begins_with_its_own_name(shared: Community) -> None:
    for each in all_of(shared):
        example = each.extras["example"]
        assert example == each.qualified_name or example.startswith(f"{each.qualified_name} "), example


async def test_each_is_a_slash_command_too_with_the_same_words(shared: Community) -> None:
    for each in all_of(shared):
        found: Any = shared.bot.tree
        for name in each.qualified_name.split():
            found = found.get_command(name)
            assert found is not None, each.qualified_name
        assert found.description == each.short_doc


async def test_each_is_named_in_the_manual(shared: Community) -> None:
    root = Path(__file__).parents[2]
    manual = (root / "README.md").read_text("utf-8") + (root / "docs/moderators.md").read_text("utf-8")

    missing = [
        each.qualified_name
        for each in all_of(shared)
        if not isinstance(each, commands.Group) and f"`!{each.qualified_name}" not in manual
    ]
    assert missing == []


async def test_each_option_says_what_it_takes(shared: Community) -> None:
    for payload in payloads(shared):
        for part in parts(payload):
            if payload["type"] == discord.AppCommandType.chat_input.value:
                assert part["description"] not in ("", "…"), part["name"]


async def test_moderators_commands_are_hidden_from_members_menus_and_servers_only(shared: Community) -> None:
    manage_channels = discord.Permissions(manage_channels=True).value
    told = {payload["name"]: payload for payload in payloads(shared)}

    for name in ("feed", "status"):
        assert int(told[name]["default_member_permissions"]) == manage_channels
        assert told[name]["contexts"] == [0] or told[name]["dm_permission"] is False
    members = [name for name, payload in told.items() if payload["default_member_permissions"] is None]
    assert {"abstract", "search", "latest", "journals", "cite", "export", "share", "help"} <= set(members)


async def test_what_discord_is_told_is_within_its_limits(shared: Community) -> None:
    told = payloads(shared)
    slash = [each for each in told if each["type"] == discord.AppCommandType.chat_input.value]

    assert len(slash) <= MOST_COMMANDS
    assert len(told) - len(slash) <= MOST_MENUS
    for payload in told:
        characters = 0
        for part in parts(payload):
            choices = part.get("choices", [])
            assert len(part.get("options", [])) <= MOST_OPTIONS, part["name"]
            assert len(choices) <= MOST_CHOICES, part["name"]
            assert 1 <= len(part["name"]) <= 32
            assert len(part.get("description", "")) <= 100, part["name"]
            characters += len(part["name"]) + len(part.get("description", ""))
            characters += sum(len(choice["name"]) + len(str(choice["value"])) for choice in choices)
        assert characters <= MOST_CHARACTERS, (payload["name"], characters)
