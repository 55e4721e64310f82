"""The terminal shows what the bot posts, and can do everything that the browser page can."""

from collections.abc import AsyncIterator

import pytest

from sandbox.stage import Stage, open_stage
from sandbox.terminal import Terminal
from tests.sandbox.conftest import Screen
from tests.support.sample_bot import create_bot


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage(lambda _config, _clock: create_bot()) as opened:
        yield opened


@pytest.fixture
def terminal(stage: Stage, screen: Screen) -> Terminal:
    return Terminal(stage, screen)


async def test_a_message_is_answered_with_text(terminal: Terminal, screen: Screen) -> None:
    await terminal.line("!echo hello")

    assert screen.clear() == "#papers  Wetread:\n  | Echo\n  | hello"


async def test_an_instant_is_shown_as_a_time(terminal: Terminal, screen: Screen) -> None:
    await terminal.line("!echo since <t:1767225675:t>")

    assert "since 01 Jan 00:01" in screen.clear()


async def test_a_slash_command_is_typed_with_its_options(terminal: Terminal, screen: Screen) -> None:
    await terminal.line("/echo text:two words")
    assert "| two words" in screen.clear()
    await terminal.line("/echo three more words")
    assert "| three more words" in screen.clear()
    await terminal.line("/nothing")
    assert "there is no /nothing" in screen.clear()


async def test_buttons_menus_and_forms(terminal: Terminal, screen: Screen) -> None:
    await terminal.line("!card 7")
    shown = screen.clear()
    assert "[Save] [Read → https://example.org/]" in shown
    assert "<choice: One | Two>" in shown

    await terminal.line(":press save")
    assert screen.clear() == "#papers  Wetread (only you see this):\n  Saved 7."
    await terminal.line(":press Read")
    assert screen.clear() == "(opens https://example.org/)"
    await terminal.line(":choose Two")
    assert "Chosen: 2" in screen.clear()
    await terminal.line("/form")
    assert "Form “A form”:\n  line: Your line" in screen.clear()
    await terminal.line(":submit line=thoughts")
    assert "You wrote: thoughts" in screen.clear()
    await terminal.line(":press Nothing")
    assert "no button [Nothing]" in screen.clear()


async def test_time_passes_when_it_is_told_to(terminal: Terminal, screen: Screen) -> None:
    await terminal.line(":tick 301")

    told = screen.clear()
    assert told.count("has published") == 11  # every 20 seconds, until each journal repeats itself
    assert "| Post 1" in told
    assert "It is 01 Jan 2026 00:05:01." in told


async def test_channels_people_and_restarts(terminal: Terminal, screen: Screen, stage: Stage) -> None:
    await terminal.line(":as moderator")
    await terminal.line(":switch announcements")
    await terminal.line("!panel")
    assert "#announcements  Wetread:\n  | ### A panel" in screen.clear()
    assert stage.person is stage.moderator
    await terminal.line("!card 8")
    await terminal.line(":restart")
    await terminal.line(":press Save")
    assert "Saved 8." in screen.clear()


async def test_journals_are_broken_and_mended(terminal: Terminal, screen: Screen, stage: Stage) -> None:
    await terminal.line(":break-feed aisi")
    assert stage.library.broken == {"aisi"}
    await terminal.line(":mend-feed aisi")
    assert not stage.library.broken
    await terminal.line(":new-article jii")
    await terminal.line(":break-feed nature")
    told = screen.clear()
    assert "10.5555/jii.2026.0004" in told
    assert "there is no 'nature'" in told


async def test_what_cannot_be_done_is_told(terminal: Terminal, screen: Screen) -> None:
    for line in (":dance", ":switch nowhere", ":as somebody", ":tick soon", ":submit x", "/echo"):
        await terminal.line(line)
        assert screen.clear(), line


async def test_a_thread_can_be_entered(terminal: Terminal, screen: Screen) -> None:
    await terminal.line("!discuss")
    assert "#Discussion  Wetread:\n  The first word" in screen.clear()
    await terminal.line(":switch Discussion")
    await terminal.line("!echo inside")
    assert "#Discussion  Wetread:\n  | Echo" in screen.clear()
