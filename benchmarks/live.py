"""The bot as operators run it, as a process of its own, against a Discord in this process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer

MIB = 2**20


@asynccontextmanager
async def running(
    server: DiscordServer, folder: Path, config: str, env: Mapping[str, str]
) -> AsyncIterator[BotProcess]:
    """Start the bot with this config.toml in `folder`, yield it when it is connected, and end it."""
    path = folder / "config.toml"
    path.write_text(config, encoding="utf-8")
    bot = await BotProcess.start(server, arguments=["--config", str(path)], cwd=folder, env=env)
    try:
        await bot.logged("Connected as")
        yield bot
    finally:
        await bot.terminate(within=30)


def resident(bot: BotProcess) -> float:
    """Return the MiB of memory of the bot's own process."""
    return float(psutil.Process(bot.process.pid).memory_info().rss) / MIB


def with_children(bot: BotProcess) -> float:
    """Return the MiB of the bot, and of its children what they share with nobody."""
    found = resident(bot)
    for child in psutil.Process(bot.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            found += float(child.memory_full_info().uss) / MIB
    return found
