"""Wetread is killed between storing an article and settling its delivery: each article is posted once.

Real processes, real SIGKILL, real sockets. A cell of the matrix is a kill point, a kind of destination, and
whether Discord still knows the nonces at the next start. All rounds of a cell use one database, so that later
rounds meet what earlier ones left behind.
"""

import asyncio
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path

from tests.support.discord_stage import Channel
from tests.wire import faults
from tests.wire.launcher import BotProcess
from tests.wire.server import DiscordServer
from wetread.domain.clock import utc_now
from wetread.domain.models import DeliveryState, DestinationKind, Record
from wetread.storage import arrivals, articles, scheduling, topics
from wetread.storage.database import Database
from wetread.storage.rows import to_text
from wetread.storage.scheduling import NewDelivery
from wetread.storage.subscriptions import Destination
from wetread.storage.topics import NewTopic

EXAMINING = ("before_examining", "between_parts")
IN_PROCESS = (
    *EXAMINING,
    "before_claim",
    "after_claim",
    "before_send",
    "after_send",
    "before_commit",
    "after_commit",
)
POINTS = (*IN_PROCESS[:5], "mid_send", *IN_PROCESS[5:])
KINDS = tuple(DestinationKind)

WITHIN = 30.0  # seconds for each step of a round
SOON, LATE = timedelta(seconds=36), timedelta(hours=3)  # how long Wetread seems to have been down

CONFIG = """
[storage]
path = "wetread.db"
[delivery]
seconds_between_posts = 0
abstract_wait_hours = 0
[sources]
enabled = []
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix. `is_remembered`: Discord still knows the nonces at the next start.

    `is_digest`: the article comes in a digest.
    """

    point: str
    is_remembered: bool
    kind: DestinationKind
    is_digest: bool = False

    def __str__(self) -> str:
        what = "digest, " if self.is_digest else ""
        return f"{self.point}, {what}{self.kind}, window {'open' if self.is_remembered else 'closed'}"


def matrix() -> list[Cell]:
    """Return all cells."""
    cells = [Cell(*each) for each in product(POINTS, (True, False), KINDS)]
    digests = [
        replace(cell, is_digest=True)
        for cell in cells
        if cell.kind is not DestinationKind.FORUM and cell.point not in EXAMINING  # forums have none
    ]
    return cells + digests


def covering() -> list[Cell]:
    """Return a few cells that cover every point, every destination, both windows, and digests."""
    windows, kinds = cycle((True, False)), cycle(KINDS)
    cells = [Cell(point, next(windows), next(kinds)) for point in POINTS]
    some = ("mid_send", "before_commit")
    digests = [Cell(point, next(windows), DestinationKind.TEXT, is_digest=True) for point in some]
    return cells + digests


async def play(cell: Cell, rounds: int, folder: Path) -> list[str]:
    """Kill Wetread that many times in this cell, and return the violations in words."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    async with DiscordServer() as server:
        stage = _Stage(cell, server, folder)
        try:
            await stage.start()
            for number in range(1, rounds + 1):
                await stage.kill_once(number)
                if violations := list(stage.violations(number)):
                    return [f"{cell}, round {number}: {each}" for each in violations]
        except (AssertionError, TimeoutError) as error:
            return [f"{cell}: {error}\n{stage.log}"]
        finally:
            await stage.end()
        server.assert_no_gaps()
    return []


class _Stage:
    """One cell while it runs."""

    def __init__(self, cell: Cell, server: DiscordServer, folder: Path) -> None:
        self._cell = cell
        self._server = server
        self._folder = folder
        self._path = folder / "wetread.db"
        self._bot: BotProcess | None = None

    @property
    def log(self) -> str:
        """Return the log of the running process."""
        return self._bot.log if self._bot else ""

    async def start(self) -> None:
        """Start Wetread, which is killed at the cell's point after a signal."""
        point = self._cell.point
        env = {"BOT_SEAMS": '{"loop_seconds": {"update feeds": 1, "complete articles": 60, "deliver": 1}}'}
        if point in IN_PROCESS:
            env |= {"BOT_KILL_AT": point, "BOT_KILL_ON_SIGNAL": "1"}
        arguments = ["--config", str(self._folder / "config.toml")]
        self._bot = await BotProcess.start(self._server, arguments=arguments, cwd=self._folder, env=env)

    async def kill_once(self, number: int) -> None:
        """Schedule an article, let Wetread be killed over it, restart it, and wait for the post."""
        bot = self._bot
        assert bot is not None
        if self._cell.point in IN_PROCESS:
            bot.process.send_signal(signal.SIGUSR1)
            await self._schedule(number)
            status = await bot.ended(within=WITHIN)
        else:
            status = await self._kill_in_mid_send(bot, number)
        assert status == -signal.SIGKILL, f"it ended with {status} by itself"
        await self._be_down()
        await self.start()
        await self._server.changes.until(lambda: self._posted()[_title(number)], within=WITHIN, what="a post")
        await self._settled()

    def violations(self, number: int) -> Iterator[str]:
        """Return what is wrong after that many rounds."""
        expected = dict.fromkeys(map(_title, range(1, number + 1)), 1)
        if (posted := dict(self._posted())) != expected:
            wrong = {title: posted.get(title, 0) for title in expected if posted.get(title) != 1}
            yield f"posts: {wrong or posted}"

    async def end(self) -> None:
        """End the process."""
        if self._bot is not None:
            await self._bot.kill()

    async def _kill_in_mid_send(self, bot: BotProcess, number: int) -> int:
        """Kill it while it waits for the answer; in every second round the request took effect."""
        effect = faults.Moment.BEFORE if number % 2 else faults.Moment.NEVER
        path = "threads" if self._cell.kind is DestinationKind.FORUM else "messages"
        rule = self._server.faults.add("POST", f"/channels/*/{path}", faults.Fault(effect, hangs=True))
        await self._schedule(number)
        await self._server.changes.until(lambda: rule.hits, within=WITHIN, what="the request")
        return await bot.kill()

    async def _schedule(self, number: int) -> None:
        """Schedule a new article from another connection to the database."""
        database = await Database.open(self._path)
        guild, now = self._server.world.guild.id, utc_now()
        record = Record(source="feed", title=_title(number), doi=f"10.5555/{number}")
        article = await database.run(articles.create, {"feed:1": record}, {guild}, now)
        if self._cell.point in EXAMINING:
            if number == 1:
                place = Destination(self._channel.id, self._cell.kind)
                await database.run(topics.add, NewTopic(guild, place, "Finding", "finding", 7), now, limit=1)
            await database.run(arrivals.note, {(guild, article): False}, now)
        else:
            state = DeliveryState.COLLECTED if self._cell.is_digest else DeliveryState.PENDING
            new_delivery = NewDelivery(guild, self._channel.id, self._cell.kind, article, state=state)
            await database.run(scheduling.schedule, [new_delivery], now)
        await database.close()

    async def _be_down(self) -> None:
        """Move the running attempt into the past, and let Discord forget nonces if the cell says so."""
        then = to_text(utc_now() - (SOON if self._cell.is_remembered else LATE))
        database = await Database.open(self._path)
        await database.run(
            lambda db: db.conn.execute(
                "UPDATE deliveries SET first_attempt_at = ?, last_attempt_at = ? WHERE state = 'sending'",
                [then, then],
            )
        )
        await database.close()
        if not self._cell.is_remembered:
            self._server.rest.forget_nonces()

    async def _settled(self) -> None:
        """Wait until Wetread has recorded everything as posted."""
        async with asyncio.timeout(WITHIN):
            while set(states(self._path)) != {"sent"}:  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.05)

    def _posted(self) -> Counter[str]:
        """Return how often each article was posted in the cell's destination."""
        world = self._server.world
        if self._cell.kind is DestinationKind.FORUM:
            return Counter(str(thread.name) for thread in world.threads(world.forum))
        if self._cell.is_digest:
            shown = [
                set(re.findall(r"Invented finding \d+", post.text)) for post in world.posts(self._channel)
            ]
            return Counter(title for titles in shown for title in titles)
        return Counter(post.embed.title or "" for post in world.posts(self._channel))

    @property
    def _channel(self) -> Channel:
        world = self._server.world
        places = {
            DestinationKind.TEXT: world.papers,
            DestinationKind.THREAD: world.thread,
            DestinationKind.FORUM: world.forum,
        }
        return places[self._cell.kind]


def states(path: Path) -> dict[str, int]:
    """Return how many deliveries are in each state in the database file."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall()
    connection.close()
    return dict(rows)


def _title(number: int) -> str:
    return f"Invented finding {number}"
