"""The bytes that an article takes in the file, and how long a feed of many servers holds the database."""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks import corpus
from benchmarks.library import GUILD, bytes_by_table, connect
from benchmarks.measure import Row, Times, measure
from benchmarks.store import ITEMS, record, update_of, watch
from wetread.storage.database import prepared

SUBSCRIPTIONS = 1_000
BYTES = 3_700  # with abstracts of 1.8 kB
HOLD = 50.0  # ms

# Of tables whose names begin so, and of their indexes. The first that fits counts.
_PARTS = {
    "articles_fts": "full-text index",
    "titles_fts": "index of titles",
    "article_keys": "keys",
    "article_days": "days",
    "articles": "articles, packed",
    "records": "when sources were heard",
    "entries": "entries",
    "deliveries": "deliveries",
    "guild_articles": "who knows them",
}


def run(*, is_quick: bool) -> Iterator[Row]:
    """Fill a file by the updates of a feed, and measure it; then let many servers follow that feed."""
    count, rounds = (2_000, 2) if is_quick else (100_000, 10)
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        db = prepared(connect(Path(folder, "library.db")))
        abstracts = _fill(db, count)
        yield from _sizes(db, count, abstracts, None if is_quick else BYTES)
        yield _hold(db, count, rounds)
        db.conn.close()


def _fill(db: sqlite_utils.Database, count: int) -> int:
    """Store so many articles, each with its entry and its delivery; return the bytes of their abstracts."""
    watch(db, GUILD, 1)
    abstracts = 0
    records = corpus.records(count)
    db.conn.execute("PRAGMA synchronous=OFF")  # for filling only
    for number in range(count // ITEMS):
        some = list(islice(records, ITEMS))
        abstracts += sum(len(section.text.encode()) for each in some for section in each.abstract)
        record(db, update_of(number, some))
        if number % 500 == 499:
            print(f"  {(number + 1) * ITEMS:,} of {count:,} articles", file=sys.stderr, flush=True)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return abstracts


def _sizes(db: sqlite_utils.Database, count: int, abstracts: int, bar: float | None) -> Iterator[Row]:
    tables = bytes_by_table(db)
    case = f"bytes an article, abstracts of {abstracts / count / 1000:.1f} kB"
    yield Row("size", case, "everything", "", sum(tables.values()) / count, bar=bar, unit="bytes")
    parts = Counter[str]()
    for table, size in tables.items():
        name = table.removeprefix("sqlite_autoindex_")
        parts[next((part for start, part in _PARTS.items() if name.startswith(start)), "the rest")] += size
    for part, size in parts.most_common():
        yield Row("size", case, part, "", size / count, unit="bytes")


def _hold(db: sqlite_utils.Database, count: int, rounds: int) -> Row:
    """Return how long one new article keeps the database's thread when many servers follow its feed."""
    for number in range(SUBSCRIPTIONS - 1):
        watch(db, GUILD + 1 + number, 2 + number)
    times = Times()
    for number, new in enumerate(corpus.records(rounds, first=count, seed=9)):
        update = update_of(count + number, [new])
        measure(lambda update=update: record(db, update), times)  # type: ignore[misc]  # bound at once
    return Row(
        "size",
        f"one new article, {SUBSCRIPTIONS:,} subscriptions of its feed",
        "longest hold of the database, CPU",
        "",
        max(times.cpus) * 1000,
        bar=HOLD,
        unit="ms",
    )
