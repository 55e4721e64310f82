"""`python -m sandbox`: try Wetread without a token.

What needs simcord is imported late, so that a sentence can say what is missing.
"""

import argparse
import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from wetread.operations.logs import set_up_logging

if TYPE_CHECKING:
    from discord.ext import commands

    from wetread.operations.config import Config
    from wetread.services.seams import Seams

FIRST_SECONDS = 60.0  # enough for the first check of the feeds, the databases and the first posts

FOR_ALL = ("discord", "simcord")
FOR_THE_PAGE = ("markdown_it", "linkify_it", "regex", "PIL")
"""What simcord needs to draw the page."""

EXIT_OK, EXIT_CONFIG = 0, 78


def main(arguments: Sequence[str]) -> int:
    """Run the sandbox and return the exit status."""
    options = _parser().parse_args(arguments)
    needed = FOR_ALL if options.terminal else (*FOR_ALL, *FOR_THE_PAGE)
    if missing := [name for name in needed if find_spec(name) is None]:
        print(f"The sandbox needs one more step ({', '.join(missing)} not installed):", file=sys.stderr)
        print(f"  {sys.executable} -m pip install -r requirements-sandbox.txt", file=sys.stderr)
        return EXIT_CONFIG
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the temporary database is removed
    set_up_logging("INFO" if options.verbose else "ERROR", "text", [])
    try:
        asyncio.run(_terminal(options) if options.terminal else _browser(options))
    except KeyboardInterrupt:
        print()
    return EXIT_OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Try Wetread without Discord: the real bot, invented journals."
    )
    parser.add_argument("--terminal", action="store_true", help="use this terminal instead of a browser")
    parser.add_argument(
        "--feed",
        action="append",
        default=[],
        metavar="FILE_OR_URL",
        help="add this feed instead of the sample journals (can be repeated)",
    )
    parser.add_argument("--port", type=_port, help="the port of the page (default: any free port)")
    parser.add_argument("--verbose", action="store_true", help="show the bot's log")
    return parser


def _port(text: str) -> int:
    """Read a port that is free on 127.0.0.1. Raises ArgumentTypeError for any other."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are numbers from 1 to 65535.")
    try:
        with socket.create_server(("127.0.0.1", int(text))):
            pass
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise argparse.ArgumentTypeError(
            f"port {text} {reason}; choose another, or leave --port out."
        ) from None
    return int(text)


def wetread(config: "Config", seams: "Seams") -> "commands.Bot":
    """Create the real bot with the sandbox's configuration and replacements."""
    from bot import create_bot

    return create_bot(config, seams=seams)


def world(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of `open_stage`.

    With feeds of --feed the world's time is ours, so that their dates are not in the future.
    """
    from sandbox.console import quietly
    from sandbox.no_internet import hosts_of
    from sandbox.rules import SIMCORD_BEGAN_AT
    from wetread.domain.clock import utc_now

    return {
        "began_at": utc_now() if options.feed else SIMCORD_BEGAN_AT,
        "hosts": hosts_of(options.feed),
        "tell": quietly,
    }


async def _terminal(options: argparse.Namespace) -> None:
    from sandbox.console import quietly
    from sandbox.stage import open_stage
    from sandbox.terminal import WELCOME, Terminal

    async with open_stage(wetread, **world(options)) as stage:
        terminal = Terminal(stage, quietly)
        quietly(WELCOME.format(channel=stage.channel.name, began=stage.moment))
        await stage.subscribe(options.feed)
        await stage.tick(FIRST_SECONDS)
        terminal.show_news()
        await terminal.run()


async def _browser(options: argparse.Namespace) -> None:
    from sandbox.browser import WELCOME, Browser
    from sandbox.stage import open_stage

    async with open_stage(wetread, **world(options)) as stage:
        browser = Browser(stage, options.port)
        await stage.subscribe(options.feed)
        await stage.tick(FIRST_SECONDS)
        print(WELCOME.format(url=await browser.open(), began=stage.moment), flush=True)
        await browser.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
