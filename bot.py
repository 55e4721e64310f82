"""Wetread's entry point, and the one place where its parts are put together.

`python bot.py` runs the bot; `python bot.py --help` lists the other things it can do. Sub-commands do
not import discord, so that they answer at once.
"""

import argparse
import asyncio
import json
import logging
import os
import runpy
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv import load_dotenv

from wetread.domain.errors import (
    ConfigError,
    FeedParseError,
    FeedRetrievalError,
    RecordSourceError,
    StorageError,
    StorageFailedError,
    StorageFailure,
    WetreadError,
)
from wetread.operations.config import SECRETS, Config, load_config, unused_settings
from wetread.operations.config_check import check_machine
from wetread.operations.logs import set_up_logging
from wetread.operations.memory import give_back, share_one_heap

if TYPE_CHECKING:
    from cogs.client import Wetread
    from wetread.services.seams import Seams

ROOT = Path(__file__).parent

EXIT_OK = 0
EXIT_NO = 1
EXIT_REPLACED = 74  # sysexits.h: EX_IOERR
EXIT_BUSY = 75  # sysexits.h: EX_TEMPFAIL
EXIT_CONFIG = 78  # sysexits.h: EX_CONFIG

log = logging.getLogger("wetread")

SANDBOX_NOTE = """\
There is no DISCORD_TOKEN, so this is the sandbox: the real bot, without Discord.
To go live, put DISCORD_TOKEN=… into the environment or a file .env here (README, "Five minutes").
"""


def create_bot(config: Config, *, seams: "Seams | None" = None, **client_kwargs: Any) -> "Wetread":
    """Put a bot together; nothing is opened before it starts. `client_kwargs` go to discord.py's client.

    A fresh bot each call, and nothing global: tests and the sandbox run several in one process.
    """
    import discord

    from cogs.client import Wetread
    from cogs.posting.card_messages import card_messages, digest_messages
    from cogs.posting.messenger import DiscordMessenger
    from cogs.posting.rate_limits import keep_limits
    from wetread.services.seams import Seams
    from wetread.services.services import open_services

    chosen = seams or Seams()

    def end_unauthorized() -> None:  # every further request would count against the address (faults.md A37)
        bot.end_with(discord.LoginFailure("the token was reset while the bot ran"))

    bot = Wetread(
        config,
        lambda: open_services(
            config, chosen, messenger, on_unauthorized=end_unauthorized, on_replaced=bot.end_with
        ),
        **{"http_trace": keep_limits(chosen.monotonic, chosen.sleep)} | client_kwargs,
    )
    messenger = DiscordMessenger(bot, card_messages(bot), digest_messages(bot))
    bot.add_listener(messenger.on_message)
    return bot


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says and return the exit status."""
    load_dotenv(ROOT / ".env")
    options = _parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except ConfigError as error:
        print(f"{options.config} needs you:", file=sys.stderr)
        for fault in error.faults:
            print(f"  {fault}", file=sys.stderr)
        return EXIT_CONFIG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bot.py", description="Wetread: radiology's literature in Discord.")
    parser.add_argument("--config", type=Path, default=ROOT / "config.toml", help="another config.toml")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parser.set_defaults(command="run")
    commands.add_parser("run", help="run the bot (what happens without a command)")
    commands.add_parser("check-config", help="is config.toml right? names every fault at once")
    feed = commands.add_parser("check-feed", help="what Wetread makes of a feed")
    feed.add_argument("address", metavar="ADDRESS_OR_FILE")
    feed.add_argument("--json", action="store_true", help="as one JSON object")
    record = commands.add_parser("check-record", help="what Wetread reads from a saved answer of a database")
    record.add_argument("file", type=Path, metavar="FILE")
    record.add_argument("--json", action="store_true", help="as one JSON object")
    back_up = commands.add_parser("backup", help="copy the database, also while the bot runs")
    back_up.add_argument("file", type=Path, metavar="FILE", nargs="?", help="usually into [backup] folder")
    restoring = commands.add_parser("restore", help="put a backup in the database's place")
    restoring.add_argument("file", type=Path, metavar="FILE")
    check = commands.add_parser("check", help="is the database, or a backup, sound? reads all of it")
    check.add_argument("file", type=Path, metavar="FILE", nargs="?", help="usually the database")
    commands.add_parser("health", help="is the running bot well? by the file in [health]")
    commands.add_parser("sync-commands", help="tell Discord the / commands again")
    return parser


# -- the bot ------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    config = load_config(options.config, os.environ)
    if config.secrets.discord_token is None:
        return _run_sandbox()
    check_machine(config)
    _set_up_logging(config)
    for sentence in unused_settings(config):
        log.warning("%s", sentence)
    _name_versions()
    share_one_heap()
    return _with_token(config, _run_until_stopped)


def _run_sandbox() -> int:
    print(SANDBOX_NOTE)
    sys.argv[1:] = []
    runpy.run_module("sandbox", run_name="__main__")  # it stands above: it imports `create_bot`
    return EXIT_OK


def _with_token(config: Config, run: Callable[[Config], Any]) -> int:
    """Run `run(config)` and turn what only the operator can mend into one line and an exit status."""
    import aiohttp
    import discord

    from wetread.operations.lock import DatabaseLock
    from wetread.storage.database import SWITCH_INTERVAL

    os.umask(0o077)  # what stands beside the database is nobody else's to read either (faults.md S39)
    try:
        lock = DatabaseLock(config.storage.path)
    except StorageError as error:
        log.error("%s", error)  # noqa: TRY400 # the sentence is the message; a traceback would hide it
        return EXIT_BUSY
    except OSError as error:
        log.error("Nothing can be written beside %s: %s", config.storage.path, error)  # noqa: TRY400
        return EXIT_CONFIG
    try:
        sys.setswitchinterval(SWITCH_INTERVAL)
        asyncio.run(run(config))
    except (discord.LoginFailure, discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
        log.error("%s", _refusal(error))  # noqa: TRY400 # as above
        return EXIT_CONFIG
    except StorageError as error:
        log.error("%s", error)  # noqa: TRY400
        is_replaced = isinstance(error, StorageFailedError) and error.kind is StorageFailure.REPLACED
        return EXIT_REPLACED if is_replaced else EXIT_CONFIG
    except (aiohttp.ClientError, discord.DiscordServerError, discord.RateLimited, TimeoutError) as error:
        log.error("Discord cannot be reached: %s", error)  # noqa: TRY400
        return EXIT_NO
    finally:
        lock.release()
    return EXIT_OK


def _refusal(error: Exception) -> str:
    """Say what Discord will not have, and what helps; a new attempt does not."""
    import discord

    if isinstance(error, discord.PrivilegedIntentsRequired) or getattr(error, "code", None) == 4013:
        return (
            "Discord refuses the Message Content Intent. Turn it on in the developer portal (Bot, Privileged "
            "Gateway Intents), or set has_message_content = false in config.toml."
        )
    if isinstance(error, discord.ConnectionClosed) and error.code != 4004:
        return f"Discord ended the connection for good (code {error.code})."
    return "Discord does not accept the token. Make a new one (Bot, Reset Token)."


async def _run_until_stopped(config: Config) -> None:
    import aiohttp
    import discord

    from wetread.operations import collector

    bot = create_bot(config)

    async def on_ready() -> None:
        collector.settle()
        give_back()

    bot.add_listener(on_ready)
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(bot.start(config.secrets.discord_token or ""))
    stopping: set[asyncio.Task[None]] = set()

    async def end() -> None:
        await bot.close()
        running.cancel()  # where it hung, as before Discord's first answer

    def stop() -> None:
        if not stopping:
            log.info("Stopping: what is under way is finished first.")
            stopping.add(asyncio.create_task(end()))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await running
    except (asyncio.CancelledError, aiohttp.ClientError, discord.DiscordException, StorageError):
        if not stopping:
            raise
    finally:
        await bot.close()
        await asyncio.gather(*stopping)
    if bot.failure is not None:
        raise bot.failure
    log.info("Stopped.")


async def _sync(config: Config) -> None:
    bot = create_bot(config)
    try:
        await bot.login(config.secrets.discord_token or "")  # runs setup_hook, which syncs what has changed
        await bot.tree.sync()
        print(f"Discord knows {len(bot.tree.get_commands())} commands.")
    finally:
        await bot.close()


def _sync_commands(options: argparse.Namespace) -> int:
    config = load_config(options.config, os.environ)
    if config.secrets.discord_token is None:
        print("There is no DISCORD_TOKEN in the environment or in .env.", file=sys.stderr)
        return EXIT_CONFIG
    _set_up_logging(config)
    return _with_token(config, _sync)


def _name_versions() -> None:
    from wetread.operations.versions import versions, warnings

    running = versions()
    log.info("%s", ", ".join(f"{name} {number}" for name, number in running.items()))
    for warning in warnings(running):
        log.warning("%s", warning)


def _set_up_logging(config: Config) -> None:
    secrets = [os.environ.get(name, "") for name in SECRETS]
    set_up_logging(config.logging.level, config.logging.format, secrets)


# -- checks -------------------------------------------------------------------------------------------


def _check_config(options: argparse.Namespace) -> int:
    config = load_config(options.config, os.environ)
    check_machine(config)
    print(f"{options.config} is right.")
    if config.secrets.discord_token is None:
        print("There is no DISCORD_TOKEN: `python bot.py` would start the sandbox.")
    if not config.sources.contact_email:
        print("[sources] contact_email is empty: Crossref is slower and Unpaywall is off.")
    for sentence in unused_settings(config):
        print(sentence)
    return EXIT_OK


def _check_feed(options: argparse.Namespace) -> int:
    from wetread.services.check_commands import check_feed

    config = load_config(options.config, os.environ)
    try:
        text = asyncio.run(check_feed(config, options.address, is_json=options.json))
    except WetreadError as error:
        return _say_no(error, is_json=options.json)
    print(text)
    return EXIT_OK


def _check_record(options: argparse.Namespace) -> int:
    from wetread.services.check_commands import check_record

    try:
        text = check_record(options.file, is_json=options.json)
    except (WetreadError, OSError) as error:
        return _say_no(error, is_json=options.json)
    print(text)
    return EXIT_OK


# -- the database, and how the bot is -----------------------------------------------------------------


def _back_up(options: argparse.Namespace) -> int:
    from wetread.domain.clock import utc_now
    from wetread.operations.maintenance import back_up
    from wetread.operations.upkeep import backup_folder

    folder = backup_folder(load_config(options.config, os.environ))
    return _answer(lambda: back_up(folder, options.file, utc_now()))


def _restore(options: argparse.Namespace) -> int:
    from wetread.domain.clock import utc_now
    from wetread.operations.lock import DatabaseLock
    from wetread.operations.maintenance import restore_backup

    path = load_config(options.config, os.environ).storage.path
    try:
        lock = DatabaseLock(path)
    except StorageError as error:
        print(f"{error} Nothing was restored.", file=sys.stderr)
        return EXIT_BUSY
    try:
        return _answer(lambda: restore_backup(options.file, path, utc_now()))
    finally:
        lock.release()


def _check(options: argparse.Namespace) -> int:
    from wetread.operations.maintenance import check_database

    path = options.file or load_config(options.config, os.environ).storage.path
    return _answer(lambda: check_database(path))


def _health(options: argparse.Namespace) -> int:
    from wetread.domain.clock import utc_now
    from wetread.operations.health_file import judge_file

    path = load_config(options.config, os.environ).health.file
    if path is None:
        print(f"{options.config} names no [health] file, so the bot writes none.", file=sys.stderr)
        return EXIT_CONFIG
    is_well, lines = judge_file(path, utc_now())
    print("\n".join(lines))
    return EXIT_OK if is_well else EXIT_NO


def _answer(ask: Callable[[], str]) -> int:
    """Print what becomes of something, or why it does not."""
    try:
        print(ask())
    except StorageError as error:
        print(error, file=sys.stderr)
        return EXIT_NO
    return EXIT_OK


def _say_no(error: Exception, *, is_json: bool) -> int:
    kind = type(error).__name__
    if isinstance(error, FeedRetrievalError | FeedParseError | RecordSourceError):
        kind = error.kind
    if is_json:
        print(json.dumps({"error": str(kind), "message": str(error)}, ensure_ascii=False))
    else:
        print(f"{kind}: {error}", file=sys.stderr)
    return EXIT_NO


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "check-config": _check_config,
    "check-feed": _check_feed,
    "check-record": _check_record,
    "backup": _back_up,
    "restore": _restore,
    "check": _check,
    "health": _health,
    "sync-commands": _sync_commands,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
