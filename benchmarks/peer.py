"""Poll the same feeds with `reader`, the most similar program: all new, with search, and unchanged.

`python -m benchmarks.peer VARIANT PORT COUNT` is one variant in a fresh process.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks.measure import Row, cpu_seconds
from benchmarks.parse import living_cpu_seconds
from benchmarks.polling import NOW, WORKERS, client_and_pool, parsing, watch
from benchmarks.server import serving, urls
from wetread.feeds.retrievers import DocumentRetriever
from wetread.services.updater import FeedUpdater
from wetread.storage.database import Database

ROUNDS = 3
READER, WITH_SEARCH, OURS = "reader", "reader-with-search", "wetread"
VARIANTS = (READER, WITH_SEARCH, OURS)

Measured = Mapping[str, float]


def run(*, is_quick: bool) -> Iterator[Row]:
    """Poll 200 feeds of 20 items, in turns, then once more."""
    count, rounds = (10, 1) if is_quick else (200, ROUNDS)
    found: dict[str, list[Measured]] = {variant: [] for variant in VARIANTS}
    with serving() as port:
        for _ in range(rounds):
            for variant, measures in found.items():
                command = [sys.executable, "-m", "benchmarks.peer", variant, str(port), str(count)]
                answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
                measures.append(json.loads(answer.stdout))
    medians = {
        variant: {name: statistics.median(each[name] for each in measures) for name in measures[0]}
        for variant, measures in found.items()
    }
    yield from _rows(medians, f"{count} feeds")


def _rows(medians: Mapping[str, Measured], case: str) -> Iterator[Row]:
    """Return the bars: a third of the peer's time if all is new, a fifth if nothing is."""
    peer = medians[WITH_SEARCH]
    for variant, measured in medians.items():
        is_ours = variant == OURS
        for name, bar in (("new", 1 / 3), ("unchanged", 1 / 5)):
            ratio = measured[name] / peer[name]
            limit = round(bar, 2) if is_ours else None
            yield Row("peer", f"{case}, {name}", variant, WITH_SEARCH, ratio, measured[name] * 1000, limit)
        cpu = measured["new_cpu"] / peer["new_cpu"]
        yield Row("peer", f"{case}, new", variant, WITH_SEARCH, cpu, None, None, "× CPU")
        yield Row("peer", f"{case}, memory", variant, "", measured["memory"], unit="MiB")


# --- one variant in its own process ----------------------------------------------------------------------


def reader(port: int, count: int, folder: str, *, with_search: bool) -> Measured:
    """Add the feeds, update twice, with four workers; with the search index brought up to date if wanted."""
    from reader import make_reader

    peer = make_reader(str(Path(folder, "reader.db")))
    for url in urls(port, count):
        peer.add_feed(url)
    if with_search:
        peer.enable_search()

    def update() -> None:
        peer.update_feeds(workers=4, scheduled=False)
        if with_search:
            peer.update_search()

    measures = _twice(update)
    assert peer.get_entry_counts().total == count * 20
    peer.close()
    return measures


def _twice(update: Callable[[], None]) -> Measured:
    """Return wall and processor seconds of the first and of the second call."""
    found = []
    for _ in range(2):
        wall, cpu = time.perf_counter(), cpu_seconds()
        update()
        found.append((time.perf_counter() - wall, cpu_seconds() - cpu))
    return {"new": found[0][0], "new_cpu": found[0][1], "unchanged": found[1][0]}


async def wetread(port: int, count: int, folder: str) -> Measured:
    """Update the feeds twice, with two children that parse; everything is indexed at once."""
    database = await Database.open(Path(folder, "wetread.db"))
    await database.run(watch, urls(port, count), None)
    async with client_and_pool(port, with_children=True) as (client, pool):
        updater = FeedUpdater(
            database,
            DocumentRetriever(client.fetch, parsing(pool), clock=lambda: NOW),
            concurrency=WORKERS,
            clock=lambda: NOW,
        )
        found = []
        for _ in range(2):
            wall, cpu = time.perf_counter(), living_cpu_seconds()
            updates = await updater.update_due_feeds()
            found.append((time.perf_counter() - wall, living_cpu_seconds() - cpu))
            assert len(updates) == count
            assert not [update.failure for update in updates if update.failure]
            await database.run(make_due)
        [[stored]] = await database.run(
            lambda db: db.conn.execute("SELECT count(*) FROM articles").fetchall()
        )
        assert stored == count * 20
    await database.close()
    return {"new": found[0][0], "new_cpu": found[0][1], "unchanged": found[1][0]}


def make_due(db: sqlite_utils.Database) -> None:
    """Make every feed due now, with its validators."""
    instant = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    db.conn.execute("UPDATE feeds SET next_check_at = ?, unconditional_at = ?", (instant, instant))


def main() -> None:
    """Run one variant and print its measures."""
    variant, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        if variant == OURS:
            measured = asyncio.run(wetread(port, count, folder))
        else:
            measured = reader(port, count, folder, with_search=variant == WITH_SEARCH)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**measured, "memory": memory}))


if __name__ == "__main__":
    main()
