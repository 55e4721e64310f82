"""Every command with its description and options, as Discord's menu shows them, for docs/words.md."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands

from cogs.client import Wetread
from tests.words.page import Page


def add_commands(page: Page, bot: Wetread) -> None:
    """Add every command and every entry of a message's menu."""
    page.heading("Commands", "Each works with `/` and typed as a message with `!`.")
    for command in _commands(bot):
        page.line(f"- **`/{command.qualified_name}`**: {command.description}")
        for option in command.parameters:
            choices = (
                f" Choices: {', '.join(each.name for each in option.choices)}." if option.choices else ""
            )
            needed = "" if option.required else " (optional)"
            page.line(f"  - `{option.name}`{needed}: {option.description}{choices}")
    page.line("")
    menus = bot.tree.get_commands(type=discord.AppCommandType.message)
    page.line("In the menu of a message, under Apps: " + ", ".join(f"**{each.name}**" for each in menus))
    page.line("")


def _commands(bot: Wetread) -> Iterator[app_commands.Command[Any, ..., Any]]:
    walked = bot.tree.walk_commands()
    found = [each for each in walked if isinstance(each, app_commands.Command)]
    return iter(sorted(found, key=lambda each: each.qualified_name))
