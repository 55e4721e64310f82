"""Poll many feeds once, and compare with bare GETs of the same server; each variant in a new process.

`python -m benchmarks.polling VARIANT PORT COUNT` is one variant; it prints what it measured as JSON.
"""

import asyncio
import json
import math
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import psutil
import sqlite_utils

from benchmarks.lag import heart_beat, p99
from benchmarks.measure import Row, peak_memory
from benchmarks.server import ETAG, HOST_COUNT, serving, urls
from wetread.domain import clock
from wetread.domain.models import ParsedFeed, RetrievedFeed, Validators
from wetread.feeds.parser_pool import ParserPool
from wetread.feeds.retrievers import DocumentRetriever, FeedRequest
from wetread.net.http_client import HttpClient
from wetread.operations import collector
from wetread.operations.config import PollingConfig
from wetread.services.updater import MOST_A_ROUND, FeedUpdater
from wetread.storage.database import Database

ROUNDS = 3
WORKERS = 100  # of the bare client
CONCURRENCY = PollingConfig().concurrency  # as the bot ships
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
USER_AGENT = "Wetread benchmark"
SMALL = b'<rss version="2.0"><channel><title>J</title><item><title>Invented</title></item></channel></rss>'

Measured = Mapping[str, float]


def run(*, is_quick: bool) -> Iterator[Row]:
    """Poll unchanged and changed feeds."""
    unchanged, fewer, changed, rounds = (500, 50, 40, 1) if is_quick else (10_000, 1_000, 1_000, ROUNDS)
    with serving() as port:
        yield from _unchanged(port, unchanged, fewer, rounds)
        yield from _changed(port, changed, rounds)


def _unchanged(port: int, count: int, fewer: int, rounds: int) -> Iterator[Row]:
    case = f"{count} unchanged"
    found = _in_turns(("bare-304", "retrieve-304", "wetread-304"), port, count, rounds)
    bare, retrieve, ours = found["bare-304"], found["retrieve-304"], found["wetread-304"]
    [few] = _in_turns(("wetread-304",), port, fewer, 1).values()
    yield Row(
        "polling",
        case,
        "Wetread, asking only",
        "bare GET",
        retrieve["cpu"] / bare["cpu"],
        None,
        None,
        "× CPU",
    )
    yield Row("polling", case, "Wetread", "bare GET", ours["cpu"] / bare["cpu"], None, 1.3, "× CPU")
    yield Row("polling", case, "Wetread", "bare GET", ours["wall"] / bare["wall"], ours["wall"] * 1000)
    yield Row("polling", case, "Wetread, memory", "", ours["memory"], bar=60.0, unit="MiB")
    yield Row("polling", case, "Wetread, memory", f"{fewer} feeds", ours["memory"] / few["memory"], bar=1.5)
    yield Row("polling", case, "Wetread, 99 of 100 beats", "", ours["lag"], ours["lag"], 10.0, "ms")


def _changed(port: int, count: int, rounds: int) -> Iterator[Row]:
    """Return the rows; bars apply to fetching and parsing, because storing has its own benchmark."""
    case = f"{count} changed"
    found = _in_turns(("bare-200", "retrieve-200", "wetread-200"), port, count, rounds)
    bare, retrieve, ours = found["bare-200"], found["retrieve-200"], found["wetread-200"]

    def cpu(measured: Measured) -> float:
        return (measured["cpu"] + measured["children"]) / bare["cpu"]

    asking = "Wetread, asking and parsing"
    walls = (retrieve["wall"], ours["wall"])
    yield Row("polling", case, asking, "bare GET", walls[0] / bare["wall"], walls[0] * 1000, 30.0)
    yield Row("polling", case, asking, "bare GET", cpu(retrieve), None, 60.0, "× CPU")
    yield Row(
        "polling", case, "… parent alone", "bare GET", retrieve["cpu"] / bare["cpu"], None, 6.0, "× CPU"
    )
    yield Row("polling", case, "Wetread, stored too", "bare GET", walls[1] / bare["wall"], walls[1] * 1000)
    yield Row("polling", case, "Wetread, stored too", "bare GET", cpu(ours), None, None, "× CPU")
    yield Row("polling", case, "Wetread, memory of the parent", "", ours["memory"], unit="MiB")
    yield Row("polling", case, "Wetread, 99 of 100 beats", "", ours["lag"], ours["lag"], 50.0, "ms")


def _in_turns(variants: tuple[str, ...], port: int, count: int, rounds: int) -> dict[str, Measured]:
    """Return the median of each measure of each variant."""
    found: dict[str, list[Measured]] = {variant: [] for variant in variants}
    for _ in range(rounds):
        for variant, measures in found.items():
            command = [sys.executable, "-m", "benchmarks.polling", variant, str(port), str(count)]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our own module
            measures.append(json.loads(answer.stdout))
    return {
        variant: {name: statistics.median(each[name] for each in measures) for name in measures[0]}
        for variant, measures in found.items()
    }


# --- one variant in its own process ----------------------------------------------------------------------


async def measured(work: Callable[[], Awaitable[None]]) -> Measured:
    """Run `work` and return seconds of wall, own and children's processor time, MiB at most, ms of lag."""
    loop, own = asyncio.get_running_loop(), psutil.Process()
    async with heart_beat() as lags:
        wall, cpu, children = loop.time(), _own_seconds(own), _children_seconds(own)
        await work()
        wall, cpu = loop.time() - wall, _own_seconds(own) - cpu
        children = _children_seconds(own) - children
    return {"wall": wall, "cpu": cpu, "children": children, "memory": peak_memory(), "lag": p99(lags)}


def _own_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _children_seconds(process: psutil.Process) -> float:
    times = [child.cpu_times() for child in process.children(recursive=True)]
    return float(sum(each.user + each.system for each in times))


async def bare(port: int, count: int, *, is_known: bool) -> Measured:
    """Get every feed with aiohttp alone: a pool of workers, no parsing, nothing stored."""
    headers = {"User-Agent": USER_AGENT} | ({"If-None-Match": ETAG} if is_known else {})
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def work() -> None:
            waiting = iter(urls(port, count))

            async def worker() -> None:
                for url in waiting:
                    async with session.get(url) as response:
                        await response.read()

            await asyncio.gather(*(worker() for _ in range(WORKERS)))

        return await measured(work)


async def retrieve(port: int, count: int, *, is_known: bool) -> Measured:
    """Fetch every feed as Wetread does and parse it in two child processes; nothing is stored."""
    validators = Validators(ETAG) if is_known else Validators()
    async with client_and_pool(port, with_children=not is_known) as (client, pool):
        ask = DocumentRetriever(client.fetch, parsing(pool), clock=lambda: NOW)

        async def work() -> None:
            waiting = iter(urls(port, count))

            async def worker() -> None:
                for url in waiting:
                    await ask(FeedRequest(url, validators))

            await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))

        return await measured(work)


async def wetread(port: int, count: int, *, is_known: bool) -> Measured:
    """Update every feed with two parser processes; store and index each new article."""
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        database = await Database.open(Path(folder, "wetread.db"))
        await database.run(watch, urls(port, count), ETAG if is_known else None)
        async with client_and_pool(port, with_children=not is_known) as (client, pool):
            updater = FeedUpdater(
                database,
                DocumentRetriever(client.fetch, parsing(pool), clock=lambda: NOW),
                concurrency=CONCURRENCY,
                clock=lambda: NOW,
            )

            async def work() -> None:
                for _ in range(math.ceil(count / MOST_A_ROUND)):
                    updates = await updater.update_due_feeds()
                    assert not [update.failure for update in updates if update.failure]

            found = await measured(work)
            assert await database.run(checked_count) == count
        await database.close()
    return found


@asynccontextmanager
async def client_and_pool(port: int, *, with_children: bool) -> AsyncIterator[tuple[HttpClient, ParserPool]]:
    """Yield the retrievers and parsers of a bot."""
    client = HttpClient(
        user_agent=USER_AGENT,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        allowed_addresses=[f"127.0.0.{host}:{port}" for host in range(1, HOST_COUNT + 1)],
        host_gap=0.0,
    )
    pool = ParserPool(2)
    if with_children:  # warm, as they are in a bot that has run for a minute
        from benchmarks.parse import document  # with feedparser, which the bot has in children only

        await asyncio.gather(pool.parse(document(SMALL), NOW), pool.parse(document(SMALL), NOW))
    try:
        yield client, pool
    finally:
        await pool.close()
        await client.close()


def parsing(pool: ParserPool) -> Callable[[RetrievedFeed], Awaitable[ParsedFeed]]:
    """Return the parsers of an updater."""
    return lambda retrieved: pool.parse(retrieved, NOW)


def watch(
    db: sqlite_utils.Database, addresses: list[str], etag: str | None, *, guild: int = 1, channel: int = 1
) -> None:
    """Put feeds into the database, watched by a server; `etag`: as if all had been fetched before."""
    due = "2026-11-02T08:00:00Z"
    db.conn.executemany(
        "INSERT INTO feeds (url, title, next_check_at, etag, unconditional_at) VALUES (?, 'J', ?, ?, ?)",
        [(url, due, etag, due if etag else None) for url in addresses],
    )
    db.conn.execute(
        "INSERT INTO subscriptions (guild_id, feed_id, channel_id, kind, form, name, created_at, created_by)"
        " SELECT ?, id, ?, 'text', 'whole', 'invented', ?, 1 FROM feeds",
        (guild, channel, due),
    )


def checked_count(db: sqlite_utils.Database) -> int:
    """Return how many feeds were checked without a failure."""
    [[count]] = db.conn.execute("SELECT count(last_success_at) FROM feeds").fetchall()
    return int(count)


def main() -> None:
    """Run one variant and print its measures."""
    variant, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    name, _, status = variant.partition("-")
    if name != "bare":
        collector.settle()  # as the bot does when it has started
    work = {"bare": bare, "retrieve": retrieve, "wetread": wetread}[name]
    print(json.dumps(asyncio.run(work(port, count, is_known=status == "304"))))


if __name__ == "__main__":
    main()
