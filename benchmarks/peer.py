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
from benchmarks.polling import CONCURRENCY, NOW, checked_count, client_and_pool, parsing, watch
from benchmarks.server import serving, urls
from wetread.feeds.retrievers import DocumentRetriever
from wetread.operations import collector
from wetread.services.updater import FeedUpdater
from wetread.storage.database import Database

ROUNDS = 3
ITEMS = 20  # of a feed
IN_ALL = "Invented"  # a word of every journal's name
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
    """Return the bars, of wall and of processor time: if all is new a quarter and a half, else an eighth."""
    peer = medians[WITH_SEARCH]
    for variant, measured in medians.items():
        is_ours = variant == OURS
        for name, wall_bar, cpu_bar in (("new", 0.25, 0.5), ("unchanged", 0.125, 0.125)):
            wall, cpu = (measured[key] / peer[key] for key in (name, f"{name}_cpu"))
            milliseconds, bar = measured[name] * 1000, wall_bar if is_ours else None
            yield Row("peer", f"{case}, {name}", variant, WITH_SEARCH, wall, milliseconds, bar)
            bar = cpu_bar if is_ours else None
            yield Row("peer", f"{case}, {name}", variant, WITH_SEARCH, cpu, None, bar, "× CPU")
        if is_ours:
            children = measured["new_children"] / peer["new_cpu"]
            yield Row("peer", f"{case}, new", "… children alone", WITH_SEARCH, children, None, None, "× CPU")
        yield Row("peer", f"{case}, memory", variant, "", measured["memory"], unit="MiB")


# --- one variant in its own process ----------------------------------------------------------------------


def reader(port: int, count: int, folder: str, *, with_search: bool) -> Measured:
    """Add the feeds and update twice, as `reader` does unasked; with the search index if wanted."""
    from reader import make_reader

    peer = make_reader(str(Path(folder, "reader.db")))
    for url in urls(port, count):
        peer.add_feed(url)
    if with_search:
        peer.enable_search()

    def update() -> None:
        peer.update_feeds(scheduled=False)  # unasked, it would update nothing the second time
        if with_search:
            peer.update_search()

    measures = _twice(update)
    assert peer.get_entry_counts().total == count * ITEMS
    if with_search:
        assert peer.search_entry_counts(IN_ALL).total == count * ITEMS
    peer.close()
    return measures


def _twice(update: Callable[[], None]) -> Measured:
    """Return wall and processor seconds of the first and of the second call."""
    found = []
    for _ in range(2):
        wall, cpu = time.perf_counter(), cpu_seconds()
        update()
        found.append((time.perf_counter() - wall, cpu_seconds() - cpu))
    (new, new_cpu), (unchanged, unchanged_cpu) = found
    return {"new": new, "new_cpu": new_cpu, "unchanged": unchanged, "unchanged_cpu": unchanged_cpu}


async def wetread(port: int, count: int, folder: str) -> Measured:
    """Update the feeds twice, with two children that parse; everything is indexed at once."""
    database = await Database.open(Path(folder, "wetread.db"))
    await database.run(watch, urls(port, count), None)
    async with client_and_pool(port, with_children=True) as (client, pool):
        updater = FeedUpdater(
            database,
            DocumentRetriever(client.fetch, parsing(pool), clock=lambda: NOW),
            concurrency=CONCURRENCY,
            clock=lambda: NOW,
        )
        found = []
        for _ in range(2):
            wall, cpu, own = time.perf_counter(), living_cpu_seconds(), time.process_time()
            updates = await updater.update_due_feeds()
            cpu, own = living_cpu_seconds() - cpu, time.process_time() - own
            found.append((time.perf_counter() - wall, cpu, cpu - own))
            assert not [update.failure for update in updates if update.failure]
            assert await database.run(checked_count) == count
            await database.run(make_due)
        [[stored]] = await database.run(
            lambda db: db.conn.execute("SELECT count(*) FROM articles").fetchall()
        )
        assert stored == count * ITEMS
    await database.close()
    (new, new_cpu, new_children), (unchanged, unchanged_cpu, _) = found
    return {
        "new": new,
        "new_cpu": new_cpu,
        "new_children": new_children,
        "unchanged": unchanged,
        "unchanged_cpu": unchanged_cpu,
    }


def make_due(db: sqlite_utils.Database) -> None:
    """Make every feed due now, with its validators."""
    instant = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    db.conn.execute(
        "UPDATE feeds SET next_check_at = ?, unconditional_at = ?, last_success_at = NULL", (instant, instant)
    )


def main() -> None:
    """Run one variant and print its measures."""
    variant, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        if variant == OURS:
            collector.settle()  # as the bot does when it has started
            measured = asyncio.run(wetread(port, count, folder))
        else:
            measured = reader(port, count, folder, with_search=variant == WITH_SEARCH)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**measured, "memory": memory}))


if __name__ == "__main__":
    main()
