"""What the console makes go wrong shows in the bot as it would in Discord, and can be put right."""

import pytest

from sandbox.terminal import Terminal
from tests.sandbox.conftest import Screen

pytestmark = pytest.mark.timeout(150)  # the whole bot, with minutes of its time


class Person:
    """Types lines, and returns what was printed after each."""

    def __init__(self, terminal: Terminal, screen: Screen) -> None:
        self.terminal = terminal
        self.screen = screen

    async def __call__(self, *lines: str) -> str:
        self.screen.clear()
        for line in lines:
            await self.terminal.line(line)
        return self.screen.clear()


@pytest.fixture
def typed(terminal: Terminal, screen: Screen) -> Person:
    return Person(terminal, screen)


async def test_permissions_are_taken_away_and_given_back(typed: Person) -> None:
    said = await typed(":forbid send messages #papers", ":new-article jii", ":tick 60", "/status")
    assert "Wetread no longer has “send messages” in #papers" in said
    assert "Send Messages" in said
    assert "posts cards" not in said

    said = await typed(":allow send messages #papers", ":tick 60", "/status")
    assert "Contrast agents that do not exist" in said
    assert "nothing needs you" in said

    assert "the permissions are: view channel" in await typed(":forbid juggle")
    assert "there is no channel 'nowhere'" in await typed(":forbid embed links #nowhere")


async def test_a_moved_feed_is_followed(typed: Person) -> None:
    await typed(":move-feed jii", ":tick 60")
    said = await typed(":new-article jii", ":tick 30")

    assert "Journal of Invented Imaging ·" in said


async def test_a_retraction_marks_the_card(typed: Person) -> None:
    said = await typed(":retract 10.5555/jii.2026.0003", ":tick 60")

    assert "(changed)" in said
    assert "RETRACTED" in said.upper()
    assert "there is no article '10.5555/none'" in await typed(":retract 10.5555/none")


async def test_the_databases_stop_and_start(typed: Person) -> None:
    said = await typed(":stop-pubmed", "!abstract 10.5555/unknown.1")
    assert "does not answer" in said

    said = await typed(":start-pubmed", ":tick 120")
    assert "has the answer now" in said


async def test_the_disk_fills_and_empties(typed: Person, caplog: pytest.LogCaptureFixture) -> None:
    said = await typed(":fill-disk", ":new-article jii", ":tick 30")
    assert "disk is full" in caplog.text
    assert "10.5555/jii" not in said.partition("It is")[2]

    said = await typed(":free-disk", ":tick 60")
    assert "Journal of Invented Imaging ·" in said
