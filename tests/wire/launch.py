"""Run a bot's script, unchanged, against a Discord on this machine.

    python launch.py API_URL GATEWAY_URL SCRIPT [ARGUMENT …]

Two class attributes of discord.py say where Discord is; every request and the socket follow them. The third
change saves two seconds per start: discord.py waits that long for servers that might still be announced.

With BOT_KILL_AT in the environment Wetread ends, as by `kill -9`, at the point of a delivery that it names
("after_send"); the points are those that `Seams.reached` is told of.
"""

import os
import runpy
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState


def main() -> None:
    """Set the addresses and become the script."""
    api_url, gateway_url, script, *arguments = sys.argv[1:]
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    discord.Asset.BASE = api_url
    wait_less_for_servers()
    sys.argv = [script, *arguments]
    sys.path[0] = str(Path(script).resolve().parent)
    if point := os.environ.get("BOT_KILL_AT"):
        sys.exit(main_that_dies(point, arguments))
    runpy.run_path(script, run_name="__main__")


def main_that_dies(point: str, arguments: list[str]) -> int:
    """Run Wetread with a seam that kills it at one point."""
    import bot
    from wetread.services import Seams

    def reached(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    bot.create_bot = partial(bot.create_bot, seams=Seams(reached=reached))
    return bot.main(arguments)


def wait_less_for_servers() -> None:
    """Make `guild_ready_timeout` 0.1 s where the bot does not say otherwise."""
    original = ConnectionState.__init__

    def shorter(self: ConnectionState[Any], **options: Any) -> None:
        original(self, **{"guild_ready_timeout": 0.1, **options})

    ConnectionState.__init__ = shorter  # type: ignore[method-assign]  # for this process only


if __name__ == "__main__":
    main()
