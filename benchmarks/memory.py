"""How much memory the bot takes: for a server, with many articles and feeds, and over a week.

The bot is a process of its own, with its children, against a Discord in this process.
"""

import asyncio
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from benchmarks.corpus import Words
from benchmarks.feeds import filled, rss
from benchmarks.library import library, path_of
from benchmarks.live import resident, running, with_children
from benchmarks.measure import Row
from benchmarks.million import fill
from benchmarks.polling import watch
from benchmarks.server import HOST_COUNT, serving, urls
from sandbox.library import Library
from sandbox.web import Web
from tests.wire.server import DiscordServer
from tests.wire.world import WireWorld
from wetread.domain.clock import utc_now
from wetread.isolation.pool import IDLE_SECONDS
from wetread.storage.database import Database

SPEED = 5760.0  # a day takes 15 s
DAY = 86_400.0
ITEMS = 5  # new articles of a feed each day

CONFIG = """
[storage]
path = "{path}"
[polling]
host_gap_seconds = 0
[limits]
lookups_per_minute = 60
[sources]
contact_email = "bench@example.org"
enabled = ["pubmed", "crossref"]
[network]
allowed_addresses = [{hosts}]
"""


def run(*, is_quick: bool) -> Iterator[Row]:
    """Measure the three."""
    servers, articles, days = (200, 2_000, 2) if is_quick else (2_500, 100_000, 7)
    empty, each = asyncio.run(_servers(servers))
    yield Row("memory", "ready", "the bot alone", "", empty, unit="MiB")
    case = f"{servers} servers of 30 channels"
    yield Row("memory", case, "for each server", "", each, bar=20.0, unit="KiB")
    busy, quiet = asyncio.run(_much_known(articles, 100))
    case = f"{articles} articles, 100 feeds"
    yield Row("memory", case, "with its children, at work", "", busy, bar=120.0, unit="MiB")
    yield Row("memory", case, "with its children, two minutes later", "", quiet, bar=120.0, unit="MiB")
    week = asyncio.run(_week(days))
    case = f"{days} simulated days"
    yield Row("memory", case, "the fullest day", "day 1", max(week) / week[0], bar=1.05)
    yield Row("memory", case, "the last day", "day 1", week[-1] / week[0], bar=1.05)
    yield Row("memory", case, "the last day, with its children", "", week[-1], unit="MiB")


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _config(path: Path) -> str:
    hosts = ", ".join(f'"127.0.0.{host}:*"' for host in range(1, HOST_COUNT + 1))
    return CONFIG.format(path=path, hosts=hosts)


# --- servers -----------------------------------------------------------------------------------------------


async def _servers(count: int) -> tuple[float, float]:
    """Return the MiB of the bot on one server, and the KiB that each of `count` more takes."""
    with TemporaryDirectory(prefix="wetread-benchmark-") as name:
        async with (
            DiscordServer() as server,
            running(server, Path(name), _config(Path(name, "wetread.db")), {"BOT_SEAMS": "{}"}) as bot,
        ):
            await server.world.say(server.world.papers, "!help")
            before = resident(bot)
            _say(f"{count} servers: {before:.1f} MiB before")
            me = str(server.backend.bot_user.id)
            for number in range(count):
                server.gateway.emit("GUILD_CREATE", payload(number, me))
                if number % 100 == 0:
                    await server.world.say(server.world.papers, "!help")  # it has read all of them
            await server.world.say(server.world.papers, "!help")
            return before, (resident(bot) - before) * 1024 / count


def payload(number: int, me: str) -> dict[str, Any]:
    """Return a server as Discord describes it: 20 roles, 20 emojis, 30 channels in four categories."""
    base = 1_000_000_000_000_000_000 + number * 10_000_000_000

    def snowflake(part: int) -> str:
        return str(base + part * 1000)

    everyone = {"id": snowflake(0), "type": 0, "allow": "0", "deny": "1024"}
    roles = [
        {
            "id": snowflake(role),
            "name": f"Role {role} of server {number}" if role else "@everyone",
            "permissions": str(1071698660929 + role),
            "position": role,
            "color": 3447003,
            "colors": {"primary_color": 3447003, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": role == 1,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        for role in range(20)
    ]
    channels = [
        {
            "id": snowflake(100 + channel),
            "type": 0 if channel % 8 else 4,
            "name": f"channel-{channel}-of-server-{number}",
            "position": channel,
            "parent_id": snowflake(100 + channel // 8 * 8) if channel % 8 else None,
            "topic": f"What channel {channel} of server {number} is for, in a few words",
            "last_message_id": snowflake(5_000 + channel),
            "rate_limit_per_user": 0,
            "nsfw": False,
            "permission_overwrites": [
                everyone,
                {"id": snowflake(1 + channel // 8), "type": 0, "allow": "1024", "deny": "0"},
            ],
        }
        for channel in range(30)
    ]
    emojis = [
        {"id": snowflake(300 + emoji), "name": f"emoji{emoji}", "roles": [], "available": True}
        for emoji in range(20)
    ]
    member = {
        "user": {"id": me, "username": "Wetread", "discriminator": "0", "avatar": None, "bot": True},
        "roles": [snowflake(1)],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "flags": 0,
    }
    return {
        "id": snowflake(0),
        "name": f"Invented server {number}",
        "icon": f"{number:032x}",
        "owner_id": "5",
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "features": ["COMMUNITY", "NEWS"],
        "preferred_locale": "en-US",
        "member_count": 120,
        "large": False,
        "unavailable": False,
        "roles": roles,
        "emojis": emojis,
        "stickers": [],
        "channels": channels,
        "threads": [],
        "members": [member],
        "presences": [],
        "voice_states": [],
    }


# --- articles ----------------------------------------------------------------------------------------------


async def _much_known(count: int, feeds: int) -> tuple[float, float]:
    """Return the MiB of the bot with its children when feeds were read, articles searched and looked up.

    Once while all its children still run, and once two minutes later.
    """
    async with DiscordServer() as server, Web(Library(utc_now)) as internet:
        world = server.world
        _say(f"filling {count} articles")
        with serving() as port, TemporaryDirectory(prefix="wetread-benchmark-") as folder:
            path = Path(folder, "library.db")
            fill(path, count, world.guild.id)
            database = await Database.open(path)
            await database.run(watch, urls(port, feeds), None, guild=world.guild.id, channel=world.club.id)
            await database.close()
            known = _count(path)
            seams = {"source_urls": _source_urls(internet), "loop_seconds": {"update feeds": 2}}
            env = {"BOT_SEAMS": json.dumps(seams)}
            async with running(server, path.parent, _config(path), env) as bot:
                _say("reading feeds")
                while _count(path) < known + feeds * 20:  # noqa: ASYNC110  # another process counts
                    await asyncio.sleep(1)
                await _use(world, 20)
                await world.say(world.papers, "!abstract 10.5555/aisi.2026.0001")
                busy = with_children(bot)
                _say(f"at work {busy:.1f} MiB, the bot alone {resident(bot):.1f} MiB")
                await asyncio.sleep(2 * IDLE_SECONDS)
                return busy, with_children(bot)


def _source_urls(internet: Web) -> dict[str, str]:
    return {"pubmed": f"{internet.base_url}pubmed/eutils/", "crossref": f"{internet.base_url}crossref/"}


def _count(path: Path) -> int:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        [count] = connection.execute("SELECT count(*) FROM articles").fetchone()
    connection.close()
    return int(count)


async def _use(world: WireWorld, count: int) -> None:
    """Search for that many pairs of words, as members do."""
    words = Words.load().words
    for number in range(count):
        pair = f"{words[30 + number * 7]} {words[400 + number * 31]}"
        await world.say(world.papers, f"!search {pair}")


# --- a week ------------------------------------------------------------------------------------------------


async def _week(days: int) -> list[float]:
    """Return the MiB of the bot with its children on each day, which brings new articles.

    The median of the day: at this speed children end and begin many times a second.
    """
    begun = time.monotonic()
    template = rss(ITEMS)

    def today() -> int:
        return int((time.monotonic() - begun) * SPEED / DAY)

    async def feed(request: web.Request) -> web.Response:
        version = f'"{today()}"'
        if request.headers.get("If-None-Match") == version:
            return web.Response(status=304, headers={"ETag": version})
        body = filled(template, int(request.match_info["number"]), today())
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": version})

    app = web.Application()
    app.router.add_get("/feed/{number}", feed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found: list[float] = []
    try:
        async with DiscordServer() as server, Web(Library(utc_now)) as internet:
            world = server.world
            with library(2_000, world.guild.id) as db:  # as much as SQLite keeps in memory
                addresses = [f"http://127.0.0.1:{port}/feed/{number}" for number in range(20)]
                watch(db, addresses, None, guild=world.guild.id, channel=world.club.id)
                path = path_of(db)
                loops = {"update feeds": 0.1, "complete articles": 0.1, "deliver": 0.05}
                seams = {"source_urls": _source_urls(internet), "loop_seconds": loops}
                env = {"BOT_SEAMS": json.dumps(seams), "BOT_SPEED": str(SPEED)}
                async with running(server, path.parent, _config(path), env) as bot:
                    await _use(world, 20)  # what a search keeps for the next is there
                    first = today() + 1
                    for day in range(days + 1):  # day 0: all feeds were read
                        await _use(world, 3)
                        samples = [with_children(bot)]
                        while today() < first + day:
                            await asyncio.sleep(0.2)
                            samples.append(with_children(bot))
                        found.append(statistics.median(samples))
                        posts = len(world.posts(world.club))
                        _say(f"day {day}: {found[-1]:.1f} MiB, {_count(path)} articles, {posts} posts")
    finally:
        await runner.cleanup()
    return found[1:]
