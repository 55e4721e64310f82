"""The real bot in the sandbox's world, and a terminal whose output the tests read."""

from collections.abc import AsyncIterator

import pytest

from sandbox.__main__ import wetread
from sandbox.stage import Stage, open_stage
from sandbox.terminal import Terminal


class Screen:
    """Collects what the terminal prints."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, text: str) -> None:
        self.lines.append(text)

    def clear(self) -> str:
        """Return everything printed since the last time."""
        text = "\n".join(self.lines)
        self.lines.clear()
        return text


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
async def stage(screen: Screen) -> AsyncIterator[Stage]:
    """The world after its first minute, when #papers has its first articles."""
    async with open_stage(wetread, tell=screen) as opened:
        await opened.subscribe([])
        await opened.tick(60)
        yield opened


@pytest.fixture
async def terminal(stage: Stage, screen: Screen) -> Terminal:
    """The moderator at the terminal, in #moderators, after all that came before was shown."""
    terminal = Terminal(stage, screen)
    await terminal.line(":as moderator")
    await terminal.line(":switch moderators")
    screen.clear()
    return terminal
