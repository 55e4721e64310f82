"""Post waves of articles to many channels of a Discord that keeps its limits, over real sockets.

The floor is Discord's 50 requests a second. The bot is a process of its own; its Discord is in this one. The
Discord refuses more than 50 requests in any second, and more than five messages to a channel in five seconds.
"""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks.lag import heart_beat
from benchmarks.live import running
from benchmarks.measure import Row
from tests.wire.buckets import Limits
from tests.wire.launcher import BotProcess
from tests.wire.rest import Call
from tests.wire.server import DiscordServer
from wetread.domain.clock import utc_now
from wetread.domain.models import DestinationKind, Record
from wetread.operations import collector
from wetread.storage import articles, scheduling
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery

LIMITS = Limits()
FLOOR = LIMITS.in_a_second
STALL = 0.5  # seconds
CHANNELS_OF_A_SERVER = 50
QUIET = 6.0  # seconds between two waves: longer than the window of a channel's limit
PATIENCE = 60.0  # seconds for a wave beyond its floor

CONFIG = """
[storage]
path = "wetread.db"
[delivery]
seconds_between_posts = 0
[sources]
enabled = []
"""
SEAMS = '{"loop_seconds": {"update feeds": 3600, "complete articles": 3600, "deliver": 0.5}}'

Place = tuple[int, int]
"""A server's id and a channel's."""


@dataclass(slots=True)
class Wave:
    """What came of posting `count` articles to each of `places`."""

    places: Sequence[Place]
    count: int
    titles: list[str] = field(default_factory=list)
    due_at: datetime | None = None
    calls: list[Call] = field(default_factory=list)
    lag: float = 0.0  # ms for which this Discord was held up: what it then reads together came one by one
    posted: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def wanted(self) -> int:
        return len(self.places) * self.count

    @property
    def times(self) -> list[float]:
        """Return when the requests came, in seconds."""
        return sorted(call.at.timestamp() for call in self.calls)

    @property
    def seconds(self) -> float:
        """Return the seconds from the first request to the last."""
        return self.times[-1] - self.times[0]

    @property
    def lost(self) -> int:
        return self.wanted - len(self.posted)

    @property
    def repeated(self) -> int:
        return self.posted.total() - len(self.posted)


def run(*, is_quick: bool) -> Iterator[Row]:
    """Post waves to many channels, one while the bot is held up, and then six articles to some channels."""
    channels, few = (60, 20) if is_quick else (500, 100)
    waves = asyncio.run(_post(channels, few))
    for case, wave in waves.items():
        stalled = STALL if "held up" in case else 0.0
        of_a_channel = (wave.count - 1) // LIMITS.in_a_bucket * LIMITS.bucket_seconds
        floor = max(wave.wanted / FLOOR + stalled, of_a_channel)
        yield Row("posting", case, "Wetread", "the floor", wave.seconds / floor, wave.seconds * 1000, 1.12)
        late = wave.times[0] - wave.due_at.timestamp() if wave.due_at else 0.0
        yield Row("posting", case, "first post after", "", late, late * 1000, 1.5, "s")
    every = list(waves.values())
    posts = sum(wave.wanted for wave in every)
    refused = sum(call.status == 429 for wave in every for call in wave.calls)
    requests = sum(len(wave.calls) for wave in every)
    case = f"all {posts}"
    yield Row("posting", case, "requests a post", "", requests / posts, None, 1.0, "requests")
    yield Row("posting", case, "busiest second", "", max(map(_busiest, every)), None, FLOOR, "requests")
    yield Row("posting", case, "refused", "", refused, None, 0.0, "× 429")
    lag = max(wave.lag for wave in every)
    yield Row("posting", case, "longest stall of this Discord", "", lag, unit="ms")
    yield Row("posting", case, "lost", "", sum(wave.lost for wave in every), None, 0.0, "posts")
    yield Row("posting", case, "posted twice", "", sum(wave.repeated for wave in every), None, 0.0, "posts")


async def one_wave(channel_count: int) -> Wave:
    """Post one article to each of that many channels, and return what came of it."""
    async with _bot(channel_count) as (server, _, path, places):
        wave = Wave(places, 1)
        await _play(server, path, wave)
        return wave


def _busiest(wave: Wave) -> int:
    """Return the number of requests in the fullest second, wherever it begins."""
    times = wave.times
    return max(sum(begun <= time < begun + 1 for time in times) for begun in times)


async def _post(channel_count: int, few: int) -> dict[str, Wave]:
    waves: dict[str, Wave] = {}
    async with _bot(channel_count) as (server, bot, path, places):
        for case, each in {
            f"{channel_count} channels × 1, first wave": Wave(places, 1),
            f"{channel_count} channels × 1, second wave": Wave(places, 1),
            f"{channel_count} channels × 1, third wave": Wave(places, 1),
            f"{channel_count} channels × 1, held up for {STALL} s": Wave(places, 1),
            f"{few} channels × 6": Wave(places[:few], 6),
        }.items():
            print(f"  {case}", file=sys.stderr, flush=True)
            stalling = asyncio.create_task(_hold_up(bot, each)) if "held up" in case else None
            await _play(server, path, each)
            if stalling is not None:
                await stalling
            waves[case] = each
            await asyncio.sleep(QUIET)
        server.assert_no_gaps()
    return waves


@asynccontextmanager
async def _bot(
    channel_count: int,
) -> AsyncIterator[tuple[DiscordServer, BotProcess, Path, list[Place]]]:
    """Yield a Discord with that many channels, the bot, its database and the channels."""
    async with DiscordServer(LIMITS) as server:
        places: list[Place] = []
        while len(places) < channel_count:
            guild = server.world.env.create_guild(f"Invented Radiology {len(places)}")
            count = min(CHANNELS_OF_A_SERVER, channel_count - len(places))
            channels = [guild.create_text_channel(f"papers-{number}") for number in range(count)]
            places += [(guild.id, channel.id) for channel in channels]
        collector.settle()  # else this Discord is held up by Python's collector, and counts late
        with TemporaryDirectory(prefix="wetread-benchmark-") as name:
            folder = Path(name)
            async with running(server, folder, CONFIG, {"BOT_SEAMS": SEAMS}) as bot:
                await asyncio.sleep(2)  # what comes with the start is over
                yield server, bot, folder / "wetread.db", places


async def _play(server: DiscordServer, path: Path, wave: Wave) -> None:
    """Schedule a wave's articles, and wait until all are posted."""
    before = len(server.rest.calls)
    database = await Database.open(path)
    await database.run(_schedule, wave)
    await database.close()
    until = asyncio.get_running_loop().time() + wave.wanted / FLOOR + PATIENCE
    async with heart_beat() as lags:
        while wave.lost and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.2)
            _look(server, wave)
    wave.lag = max(lags)
    wave.calls = server.rest.calls[before:]


def _schedule(db: sqlite_utils.Database, wave: Wave) -> None:
    now, guilds = utc_now(), {guild for guild, _ in wave.places}
    for number in range(wave.count):
        title = f"Invented finding {now:%H%M%S} {number}"
        record = Record(source="feed", title=title, doi=f"10.5555/{now:%H%M%S%f}.{number}")
        article = articles.create(db, {"feed:1": record}, guilds, now)
        wave.titles.append(title)
        scheduling.schedule(
            db,
            [NewDelivery(guild, channel, DestinationKind.TEXT, article) for guild, channel in wave.places],
            now,
        )
    wave.due_at = now


def _look(server: DiscordServer, wave: Wave) -> None:
    """Count the posts of the wave's articles in its channels."""
    stored = server.backend.messages
    wave.posted = Counter(
        (channel, str(embed.get("title")))
        for _, channel in wave.places
        for message in stored.get(channel, {}).values()
        for embed in message.embeds
        if embed.get("title") in wave.titles
    )


async def _hold_up(bot: BotProcess, wave: Wave) -> None:
    """Stop the bot's process for a while in the middle of the wave."""
    while len(wave.posted) < wave.wanted / 3:  # noqa: ASYNC110  # counted by _look, not by us
        await asyncio.sleep(0.05)
    bot.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(STALL)
    bot.process.send_signal(signal.SIGCONT)
