"""Fixtures: a Discord on this machine, and bots that are stopped when the test is over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer

StartBot = Callable[..., Awaitable[BotProcess]]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord that fails the test if the bot asked for what it does not have."""
    async with DiscordServer() as running:
        yield running
    running.assert_no_gaps()


@pytest.fixture
async def start_bot(server: DiscordServer) -> AsyncIterator[StartBot]:
    """`await start_bot(script=…, env=…)`: see BotProcess.start. All are killed at the end."""
    started: list[BotProcess] = []

    async def start(**options: Any) -> BotProcess:
        bot = await BotProcess.start(server, **options)
        started.append(bot)
        return bot

    yield start
    for bot in started:
        await bot.kill()
