"""What operators meet: refused tokens, shutdown, a full disk, backups of a running bot, health, secrets."""

import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import discord
import pytest
from aiohttp import web

from sandbox.web import Web
from tests.support.bombs import redos
from tests.support.facts import says
from tests.support.servers import FeedServer, feed_server
from tests.torture.kills import states
from tests.wire import faults
from tests.wire.conftest import StartBot
from tests.wire.launcher import ROOT, TOKEN, BotProcess
from tests.wire.server import DiscordServer
from tests.wire.test_whole_runs import START_SECONDS, publish, subscribe
from wetread.domain.clock import utc_now
from wetread.storage import subscriptions
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, NewSubscription


@pytest.fixture
async def feeds() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def watch(path: Path, server: DiscordServer, url: str) -> None:
    """Subscribe #papers to a feed that is due at once, before the bot starts."""
    database = await Database.open(path)
    world = server.world
    wish = NewSubscription(
        world.guild.id, Destination(world.papers.id), url, "J Inv Imaging", world.moderator.id
    )
    await database.run(subscriptions.subscribe, wish, utc_now(), limit=9, checked=None)
    await database.close()


def command(config_file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of bot.py as an operator does, and return its result."""
    return subprocess.run(  # noqa: S603  # our own script
        [sys.executable, str(ROOT / "bot.py"), "--config", str(config_file), *words],
        cwd=config_file.parent,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )


def errors_in(log: str) -> list[str]:
    """Return the log's warnings and errors without their time."""
    assert "Traceback" not in log, log
    return [line.split(" wetread: ", 1)[-1] for line in log.splitlines() if " ERROR " in line]


# What Discord refuses ---------------------------------------------------------------------------------


@pytest.mark.row("A37")
async def test_a37_a_token_that_is_reset_while_it_runs_ends_the_bot_with_one_line(
    wetread: StartBot, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    bot = await wetread()
    await subscribe(world, internet, "onpp", 0)
    server.rest.token = server.gateway.token = "another"

    await publish(world, internet, "onpp")

    assert await bot.ended(within=START_SECONDS) == 78, bot.log
    refused = [call for call in server.rest.calls if call.status == 401]
    assert len(refused) == 1, "each further one counts against us"
    assert errors_in(bot.log)[-1] == "Discord does not accept the token. Make a new one (Bot, Reset Token)."


@pytest.mark.row("A38")
@pytest.mark.parametrize("refusal", ["token", "intent", "while it runs"])
async def test_a38_a_gateway_that_refuses_ends_the_bot_with_what_to_do(
    wetread: StartBot, server: DiscordServer, refusal: str
) -> None:
    if refusal == "token":
        server.gateway.token = "another"
    if refusal == "intent":
        server.gateway.approved_intents = discord.Intents.none()
    bot = await wetread(wait=False)
    if refusal == "while it runs":
        await bot.logged("Connected as")
        await server.gateway.close(4004)

    assert await bot.ended(within=START_SECONDS) == 78, bot.log

    [line] = errors_in(bot.log)
    assert ("Turn it on in the developer portal" if refusal == "intent" else "Make a new one") in line
    assert server.gateway.identify_count <= 1


@pytest.mark.row("A38")
async def test_a38_a_token_that_was_never_right_is_named(wetread: StartBot, server: DiscordServer) -> None:
    server.rest.token = "another"
    bot = await wetread(wait=False)

    assert await bot.ended(within=START_SECONDS) == 78, bot.log
    assert "Make a new one" in errors_in(bot.log)[0]


# Shutdown ----------------------------------------------------------------------------------------------


async def ends_well(bot: BotProcess) -> None:
    began = time.perf_counter()
    assert await bot.terminate(within=10) == 0, bot.log
    assert time.perf_counter() - began < 10
    assert "Stopped." in bot.log
    assert errors_in(bot.log) == []


@pytest.mark.row("C16")
@pytest.mark.parametrize("deed", ["fetching", "parsing"])
async def test_c16_sigterm_while_a_feed_is_read(
    wetread: StartBot, server: DiscordServer, feeds: FeedServer, tmp_path: Path, deed: str
) -> None:
    is_under_way = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await response.prepare(request)
        if deed == "parsing":
            await response.write(redos())  # ten seconds of processor time without a limit
            await response.write_eof()
        is_under_way.set()
        if deed == "fetching":
            await asyncio.Event().wait()
        return response

    feeds.serve("/feed", answer)
    await watch(tmp_path / "wetread.db", server, feeds.url("/feed"))
    bot = await wetread()
    async with asyncio.timeout(START_SECONDS):
        await is_under_way.wait()

    await ends_well(bot)

    with closing(sqlite3.connect(tmp_path / "wetread.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT failure FROM feeds").fetchall() == [(None,)]
    assert not (tmp_path / "wetread.db-wal").exists(), "all is in the one file"


@pytest.mark.row("C16")
async def test_c16_sigterm_before_discord_has_answered(wetread: StartBot, server: DiscordServer) -> None:
    rule = server.faults.add("GET", "/users/@me", faults.hang())
    bot = await wetread(wait=False)
    await server.world.until(lambda: rule.hits, within=START_SECONDS, what="the login")

    await ends_well(bot)


# A full disk ------------------------------------------------------------------------------------------


def let_files_grow(bot: BotProcess, limit: int) -> None:
    """Let no file of the bot grow beyond that many bytes, as on a full disk."""
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


@pytest.mark.row("C03")
async def test_c03_a_full_disk_is_told_and_over_by_itself(
    wetread: StartBot, server: DiscordServer, internet: Web
) -> None:
    world = server.world
    bot = await wetread()
    await subscribe(world, internet, "onpp", 0)
    journal = internet.library.find("onpp")
    assert journal
    article = internet.library.publish(journal)

    let_files_grow(bot, 1)
    told = await world.slash(world.club, "feed check", feed="1", by=world.moderator)
    assert "cannot store anything" in told.text
    status = await world.slash(world.club, "status", by=world.moderator)
    assert says(status, "paused", "disk")
    assert not world.posts(world.papers)

    let_files_grow(bot, resource.RLIM_INFINITY)
    await bot.logged("can be written again")
    told = await world.slash(world.club, "feed check", feed="1", by=world.moderator)
    assert "1 new article" in told.text
    [post] = await world.wait_for_posts(world.papers, 1)
    assert post.embed.title == article.title
    assert bot.log.count("Nothing is fetched or posted until that is over") == 1


# The database's file ----------------------------------------------------------------------------------


@pytest.mark.row("E20")
@pytest.mark.parametrize("deed", ["unlink", "rename", "replace"])
async def test_e20_when_its_database_is_gone_the_bot_ends_with_a_status_of_its_own(
    wetread: StartBot, server: DiscordServer, internet: Web, config_file: Path, deed: str
) -> None:
    with config_file.open("a", encoding="utf-8") as config:
        config.write('[health]\nfile = "health.json"\n')
    world = server.world
    bot = await wetread()
    await subscribe(world, internet, "onpp", 0)
    journal = internet.library.find("onpp")
    assert journal
    database = config_file.with_name("wetread.db")
    sent = len(server.rest.made("POST", r"/channels/\d+/messages"))
    match deed:
        case "unlink":
            database.unlink()
        case "rename":
            database.rename(database.with_name("elsewhere.db"))
        case "replace":
            copy = database.with_name("copy.db")
            copy.write_bytes(database.read_bytes())
            copy.replace(database)
    internet.library.publish(journal)

    assert await bot.ended(within=60) == 74, bot.log

    assert "deleted, renamed or replaced" in errors_in(bot.log)[-1]
    assert len(server.rest.made("POST", r"/channels/\d+/messages")) == sent
    health = command(config_file, "health")
    assert health.returncode == 1
    assert "deleted, renamed or replaced" in health.stdout


# Backups ----------------------------------------------------------------------------------------------


@pytest.mark.row("C12", "C14", "S39")
async def test_c14_a_running_bot_is_backed_up_and_restored_and_posts_nothing_twice(
    wetread: StartBot, server: DiscordServer, internet: Web, config_file: Path
) -> None:
    world = server.world
    bot = await wetread()
    await subscribe(world, internet, "onpp", 2)

    made = command(config_file, "backup", "kept.db")
    assert made.returncode == 0, made.stderr
    assert "2 posts" in made.stdout
    backup = config_file.with_name("kept.db")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert command(config_file, "check").stdout.count("wetread.db is sound") == 1
    refused = command(config_file, "restore", "kept.db")
    assert refused.returncode == 75
    assert f"process {bot.process.pid}" in refused.stderr

    lost = await publish(world, internet, "onpp")
    await world.wait_for_posts(world.papers, 3)
    await bot.terminate()
    restored = command(config_file, "restore", "kept.db")
    assert restored.returncode == 0, restored.stderr
    assert "reads each feed again" in restored.stdout

    server.rest.forget_nonces()
    bot = await wetread(env={"BOT_CLOCK_AHEAD": "100"})
    assert await publish_seen(world, internet, "onpp") == 2, "the lost one and this"
    await world.wait_for_posts(world.papers, 4)
    await bot.terminate()
    titles = [post.embed.title for post in world.posts(world.papers)]
    assert titles.count(lost) == 1
    assert len(set(titles)) == len(titles) == 4
    assert states(config_file.with_name("wetread.db"))["sent"] == 4


async def publish_seen(world: Any, internet: Web, key: str) -> int:
    """Let the journal publish once more, and return how many articles are new to the bot."""
    journal = internet.library.find(key)
    assert journal
    internet.library.publish(journal)
    answer = await world.slash(world.club, "feed check", feed="1", by=world.moderator)
    return int(answer.text.split(" new article")[0].split()[-1])


@pytest.mark.row("C09", "C08")
def test_c08_commands_name_what_is_wrong_with_a_file(config_file: Path) -> None:
    page = config_file.with_name("page.db")
    page.write_text("<!doctype html>" * 100)

    wanted = config_file.with_name("wetread.db")
    assert command(config_file, "backup").stderr == f"There is no file {wanted}.\n"
    for words in (["check", "page.db"], ["restore", "page.db"]):
        answer = command(config_file, *words)
        assert answer.returncode == 1
        assert answer.stderr == "page.db is not a database. It was left as it is.\n"
    assert not wanted.exists()


@pytest.mark.row("C08", "C09")
async def test_c09_a_start_on_a_file_that_is_no_database_ends_with_one_line(
    wetread: StartBot, config_file: Path
) -> None:
    file = config_file.with_name("wetread.db")
    file.write_text("<!doctype html>" * 100)

    bot = await wetread(wait=False)

    assert await bot.ended(within=START_SECONDS) == 78, bot.log
    assert errors_in(bot.log) == [f"{file} is not a database. It was left as it is."]
    assert file.read_text() == "<!doctype html>" * 100


# Health and secrets -----------------------------------------------------------------------------------


async def test_the_health_file_tells_how_it_is_until_it_stops(
    wetread: StartBot, server: DiscordServer, config_file: Path
) -> None:
    with config_file.open("a") as config:
        config.write('[health]\nfile = "health.json"\n')
    assert command(config_file, "health").returncode == 1
    bot = await wetread()
    file = config_file.with_name("health.json")
    await server.world.until(file.exists, what="the health file")

    told = command(config_file, "health")

    assert (told.returncode, told.stdout) == (0, "ok\n")
    report = json.loads(file.read_text())
    assert {loop["name"] for loop in report["loops"]} >= {"update feeds", "deliver", "back up"}
    assert report["versions"]["discord.py"] == discord.__version__
    await bot.terminate()
    told = command(config_file, "health")
    assert told.returncode == 1
    assert told.stdout.startswith("stopped")


async def test_without_a_health_file_the_command_says_so(config_file: Path) -> None:
    answer = command(config_file, "health")

    assert answer.returncode == 78
    assert "[health]" in answer.stderr


SECRETS = {
    "NCBI_API_KEY": "canary-of-ncbi",
    "OPENALEX_API_KEY": "canary-of-openalex",
    "SEMANTIC_SCHOLAR_API_KEY": "canary-of-semantic-scholar",
}
FEED_SECRETS = ("canary-password", "canary-api-key")


@pytest.mark.row("S26", "S28")
async def test_s26_no_secret_leaves_the_place_where_it_is_needed(
    wetread: StartBot, server: DiscordServer, feeds: FeedServer, config_file: Path
) -> None:
    """reliability.md P9: with everything logged, and a feed that fails in every way."""
    with config_file.open("a") as config:
        config.write('[health]\nfile = "health.json"\n[logging]\nlevel = "DEBUG"\n')
    world = server.world
    document = (ROOT / "tests" / "data" / "feeds" / "atom.xml").read_bytes()
    feeds.publish("/feed", document)
    bot = await wetread(env=SECRETS)
    url = feeds.url("/feed?jc=inv&api_key=canary-api-key", userinfo="ada:canary-password@")

    [answer] = await world.say(world.club, f"!feed add {url} <#{world.papers.id}> 1", by=world.moderator)
    assert "now posts to" in answer.text, answer.text
    await world.wait_for_posts(world.papers, 1)
    ways: list[Callable[[], None]] = [
        lambda: feeds.answer("/feed", 401),
        lambda: feeds.answer("/feed", 500),
        lambda: feeds.drop("/feed"),
        lambda: feeds.redirect("/feed", "http://10.0.0.1/?api_key=canary-api-key", 302),
        lambda: feeds.publish("/feed", b"<html>no feed</html>"),
        lambda: feeds.publish("/feed", document[:-100]),
    ]
    for fail in ways:
        fail()
        for name in ("feed check", "feed show"):
            await world.slash(world.club, name, feed="1", by=world.moderator)
    await world.slash(world.club, "feed list", by=world.moderator)
    await world.slash(world.club, "status", by=world.moderator)
    await world.say(world.papers, "!abstract 10.5555/aisi.2026.0001")
    await bot.terminate()

    assert feeds.requests_to("/feed")
    all_secrets = (TOKEN, *SECRETS.values(), *FEED_SECRETS)
    said = json.dumps([[call.path, call.params, call.body] for call in server.rest.calls], default=str)
    for place in (bot.log, config_file.with_name("health.json").read_text(), said):
        assert [secret for secret in all_secrets if secret in place] == []
    found = set(places_of(config_file.with_name("wetread.db"), all_secrets))
    assert found == {("feeds", "url")}, "needed to ask, and in a file that only its owner reads"


def places_of(database: Path, secrets: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Return the tables and columns that contain a secret."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name of the schema
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    if any(secret in text for secret in secrets):
                        yield table, name
