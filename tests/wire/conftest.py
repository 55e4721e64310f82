"""Fixtures: a Discord on this machine, and bots that are killed when the test ends."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl

from sandbox.library import Library
from sandbox.web import Web
from tests.wire.changes import PATIENCE
from tests.wire.desk import Desk, open_desk
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer
from wetread.domain.clock import utc_now

StartBot = Callable[..., Awaitable[BotProcess]]

TIME_LIMIT = 3 * PATIENCE
"""Seconds for each test here: it waits for other processes several times, up to PATIENCE each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder their time limit, and do not measure them: the bot is another process."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(TIME_LIMIT))
            item.add_marker("no_cover")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord that fails the test if the bot used something that it does not support."""
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


@pytest.fixture
async def internet() -> AsyncIterator[Web]:
    """The sandbox's journals and databases, in real time."""
    async with Web(Library(utc_now)) as running:
        yield running


@pytest.fixture
def config_file(tmp_path: Path, internet: Web) -> Path:
    """A config.toml with short waits, in which all addresses are on this machine."""
    path = tmp_path / "config.toml"
    path.write_text(
        """
[storage]
path = "wetread.db"
[polling]
interval_minutes = 15
host_gap_seconds = 0
[delivery]
abstract_wait_hours = 0
seconds_between_posts = 0
[sources]
contact_email = "tests@example.org"
enabled = ["pubmed", "crossref"]
[network]
allowed_addresses = ["127.0.0.1:*"]
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture
async def wetread(start_bot: StartBot, config_file: Path, internet: Web) -> StartBot:
    """`await wetread(env=…)`: start Wetread itself with `config_file`, each time on the same database."""
    seams = {
        "source_urls": {
            "pubmed": f"{internet.base_url}pubmed/eutils/",
            "crossref": f"{internet.base_url}crossref/",
        },
        "loop_seconds": {"update feeds": 1, "complete articles": 1, "deliver": 1},
    }

    async def start(env: Mapping[str, str] | None = None, **options: Any) -> BotProcess:
        return await start_bot(
            arguments=["--config", str(config_file)],
            cwd=config_file.parent,
            env={"BOT_SEAMS": json.dumps(seams), **(env or {})},
            **options,
        )

    return start


@pytest.fixture
async def desk(server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A bot in this process that only delivers."""
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    async with open_desk(server, tmp_path) as opened:
        yield opened
