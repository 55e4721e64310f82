"""`python -m sandbox`: try Wetread without a token."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

from discord.ext import commands

from sandbox.rules import SIMCORD_BEGAN_AT
from wetread.domain.clock import utc_now
from wetread.operations.config import Config
from wetread.operations.logs import set_up_logging
from wetread.services.seams import Seams

FIRST_SECONDS = 60.0  # enough for the first check of the feeds, the databases and the first posts


def main(arguments: Sequence[str]) -> int:
    """Run the sandbox and return the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the temporary database is removed
    set_up_logging("INFO" if options.verbose else "ERROR", "text", [])
    try:
        asyncio.run(_terminal(options) if options.terminal else _browser(options))
    except KeyboardInterrupt:
        print()
    return 0


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
    parser.add_argument("--port", type=int, help="the port of the page (default: any free port)")
    parser.add_argument("--verbose", action="store_true", help="show the bot's log")
    return parser


def wetread(config: Config, seams: Seams) -> commands.Bot:
    """Create the real bot with the sandbox's configuration and replacements."""
    from bot import create_bot

    return create_bot(config, seams=seams)


def began_at(options: argparse.Namespace) -> datetime:
    """Return the first moment of the sandbox's time.

    With feeds of --feed it is now, so that their dates are not in the future.
    """
    return utc_now() if options.feed else SIMCORD_BEGAN_AT


async def _terminal(options: argparse.Namespace) -> None:
    from sandbox.console import quietly
    from sandbox.stage import open_stage
    from sandbox.terminal import WELCOME, Terminal

    async with open_stage(wetread, began_at(options)) as stage:
        terminal = Terminal(stage, quietly)
        quietly(WELCOME.format(channel=stage.channel.name, began=stage.moment))
        await stage.subscribe(options.feed)
        await stage.tick(FIRST_SECONDS)
        terminal.show_news()
        await terminal.run()


async def _browser(options: argparse.Namespace) -> None:
    from sandbox.browser import WELCOME, Browser
    from sandbox.stage import open_stage

    async with open_stage(wetread, began_at(options)) as stage:
        browser = Browser(stage, options.port)
        await stage.subscribe(options.feed)
        print(WELCOME.format(url=await browser.open(), began=stage.moment), flush=True)
        await browser.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
