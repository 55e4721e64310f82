"""Run a bot's script, unchanged, against a Discord on this machine.

    python launch.py API_URL GATEWAY_URL SCRIPT [ARGUMENT …]

Two class attributes of discord.py hold the addresses of Discord, for requests and for the socket. A third
change saves two seconds per start, in which discord.py waits for more servers.

Variables of the environment replace parts of Wetread. BOT_KILL_AT: the bot ends, as by `kill -9`, at this
point of a delivery ("after_send"; see `Seams.kill_point`); with BOT_KILL_ON_SIGNAL not before a SIGUSR1.
BOT_CLOCK_AHEAD: the seconds by which its clock is ahead of ours. BOT_SPEED: how many seconds pass for it in
one of ours. BOT_SEAMS: other fields of `Seams`, as JSON.
"""

import json
import os
import runpy
import signal
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState


def main() -> None:
    """Set the addresses, and run the script."""
    api_url, gateway_url, script, *arguments = sys.argv[1:]
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    discord.Asset.BASE = api_url
    wait_less_for_servers()
    sys.argv = [script, *arguments]
    sys.path[0] = str(Path(script).resolve().parent)
    if {"BOT_KILL_AT", "BOT_CLOCK_AHEAD", "BOT_SPEED", "BOT_SEAMS"} & os.environ.keys():
        sys.exit(main_with_seams(arguments))
    runpy.run_path(script, run_name="__main__")


def main_with_seams(arguments: list[str]) -> int:
    """Run Wetread with the replacements that the environment names."""
    import bot
    from wetread.domain.clock import monotonic, sleep, utc_now
    from wetread.services.seams import Seams

    point = os.environ.get("BOT_KILL_AT")
    ahead = timedelta(seconds=float(os.environ.get("BOT_CLOCK_AHEAD", "0")))
    is_armed = "BOT_KILL_ON_SIGNAL" not in os.environ

    def arm(*_: object) -> None:
        nonlocal is_armed
        is_armed = True

    def kill_point(name: str) -> None:
        if is_armed and name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    signal.signal(signal.SIGUSR1, arm)

    others = json.loads(os.environ.get("BOT_SEAMS", "{}"))
    speed, begun_at, begun = float(os.environ.get("BOT_SPEED", "1")), utc_now() + ahead, monotonic()
    if speed == 1:
        seams = Seams(clock=lambda: utc_now() + ahead, kill_point=kill_point, **others)
    else:
        seams = Seams(
            clock=lambda: begun_at + timedelta(seconds=(monotonic() - begun) * speed),
            monotonic=lambda: monotonic() * speed,
            sleep=lambda seconds: sleep(seconds / speed),
            kill_point=kill_point,
            **others,
        )
    bot.create_bot = partial(bot.create_bot, seams=seams)
    return bot.main(arguments)


def wait_less_for_servers() -> None:
    """Make `guild_ready_timeout` 0.1 s unless the bot sets it."""
    original = ConnectionState.__init__

    def shorter(self: ConnectionState[Any], **options: Any) -> None:
        original(self, **{"guild_ready_timeout": 0.1, **options})

    ConnectionState.__init__ = shorter  # type: ignore[method-assign]  # for this process only


if __name__ == "__main__":
    main()
