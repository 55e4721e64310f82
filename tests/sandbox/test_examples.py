"""Every example that Wetread shows works in the sandbox, and nothing of it leaves the machine."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from discord.ext import commands

from cogs.client import Wetread
from cogs.help.panel import help_panel
from sandbox.stage import Stage
from sandbox.terminal import Terminal
from tests.sandbox.conftest import Screen
from tests.support.facts import commands as commands_in

README = Path(__file__).parents[2] / "README.md"

SHOWN_IN_ERRORS = (
    "!abstract disc height cohort",
    "!abstract Radiographics 2001;21:927",
    "!feed add issn: 1051-0443",
    "!feed settings on https://login.proxy.example.edu/login?url=",
)

FAILURES = (
    "No article",
    "No source",
    "did not understand",
    "is missing",
    "could not",
    "not known",
    "no channel",
    "no feed",
    "have no article",
)

pytestmark = pytest.mark.timeout(150)  # the whole bot, with a hundred commands


class Network:
    """Counts look-ups of names, and connections to other machines, by any library (audit events)."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost", None):
            self.seen.append(f"look-up of {arguments[0]}")
        if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] != "127.0.0.1":
            self.seen.append(f"connection to {arguments[1]}")


def shown_in_the_readme() -> list[str]:
    """Return the examples in the tables of commands."""
    rows = re.findall(r"^\| `!.*", README.read_text(encoding="utf-8"), re.MULTILINE)
    return [each for row in rows for each in re.findall(r"`(![^`]+)`", row)]


def shown_in_the_help() -> list[str]:
    panel = help_panel("!", is_moderator=True)
    return [f"!{each}" for each in commands_in(panel)]


def shown_with_a_command(bot: Wetread) -> Iterator[str]:
    for command in bot.walk_commands():
        if "example" in command.extras:
            yield f"!{command.extras['example']}"


def removes_last(example: str) -> tuple[bool, str]:
    return "remove" in example, example


def is_whole(bot: Wetread, example: str) -> bool:
    """Return whether the line can be sent as it is; `!feed pause` needs the name of a feed."""
    command = bot.get_command(example[1:].partition(" ")[0])
    words = example[1:].split()
    while isinstance(command, commands.Group) and len(words) > 1 and command.get_command(words[1]):
        command = command.get_command(words.pop(1))
    assert command is not None, f"there is no {example}"
    return len(words) > 1 or not any(each.required for each in command.clean_params.values())


async def test_every_example_works(stage: Stage, terminal: Terminal, screen: Screen) -> None:
    bot = stage.env.bot
    assert isinstance(bot, Wetread)
    await terminal.line("!feed add radiology #papers 3")
    await stage.tick(60)
    screen.clear()
    examples = {*SHOWN_IN_ERRORS, *shown_in_the_readme(), *shown_in_the_help(), *shown_with_a_command(bot)}
    typed = [each for each in sorted(examples, key=removes_last) if is_whole(bot, each)]
    assert len(typed) > 25

    failed = {}
    for line in typed:
        await terminal.line(line)
        answer = screen.clear()
        if not answer or any(words in answer for words in FAILURES):
            failed[line] = answer

    assert failed == {}


async def test_nothing_leaves_the_machine(stage: Stage, terminal: Terminal, screen: Screen) -> None:
    network = Network()
    network.is_on = True
    try:
        for line in (
            "!feed add radiology #papers 1",
            "!feed add pain #pain 1",
            "!feed add issn: 1051-0443",
            "!feed add medrxiv: radiology",
            "!feed add https://pubs.rsna.org/action/showFeed?type=etoc&feed=rss&jc=radiology",
            "!feed add http://198.51.100.7/feed.xml",
            "!feed add http://8.8.8.8/feed.xml",
            "!abstract 10.1148/radiol.2021000001",
            "!abstract https://www.ajronline.org/doi/10.2214/AJR.20.00001",
            "!abstract contrast media in nobody",
            ":tick 60",
        ):
            await terminal.line(line)
    finally:
        network.is_on = False

    assert network.seen == []
    assert "pubs.rsna.org cannot be reached" in screen.clear()


async def test_every_journal_of_the_catalogue_can_be_added(
    stage: Stage, terminal: Terminal, screen: Screen
) -> None:
    bot = stage.env.bot
    assert isinstance(bot, Wetread)
    failed = {}
    for journal in bot.services.catalogue.journals:
        checked = await bot.services.subscriptions.check(journal)
        if not checked.entries:
            failed[journal.key] = checked

    assert failed == {}
