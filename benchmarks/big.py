"""A file of 1 GB as version 0.3.0 left it: brought up to date, opened, backed up and checked.

Each is done by a process of its own: `python -m benchmarks.big WORK PATH` prints what it measured as JSON.
"""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks import corpus
from benchmarks.lag import heart_beat, p99
from benchmarks.measure import Row, peak_memory
from wetread.domain.serialise import record_to_json
from wetread.operations import collector
from wetread.operations.maintenance import check_database
from wetread.storage import bot_state
from wetread.storage.backup import BackupFolder, Occasion
from wetread.storage.database import Database

SCHEMA = Path(__file__).parents[1] / "tests" / "data" / "schemas" / "0.3.0.sql"
FIRST = 101  # number of the first article; below are those of the schema's file
AT = "2026-11-02T09:00:00Z"
MEMORY = 120.0  # MiB, as for the bot at work
LAG = 10.0  # ms

_INSERTS = (
    """
    INSERT INTO articles (
        id, title, journal, published_on, first_seen_at, facets, authors, abstract, provenance, record
    ) VALUES (?, ?, ?, ?, ?, 'a g10', ?, ?, '{}', ?)
    """,
    "INSERT INTO records (article_id, source, record, fetched_at) VALUES (?, 'feed:1', ?, ?)",
    "INSERT INTO article_keys (key, feed_id, article_id) VALUES (?, 0, ?)",
    "INSERT INTO article_days (article_id, day) VALUES (?, ?)",
    "INSERT INTO guild_articles (guild_id, article_id, since) VALUES (10, ?, ?)",
    "INSERT INTO titles_fts (rowid, title) VALUES (?, ?)",
)
_AT_ONCE = 1_000

Measured = Mapping[str, float]
Work = Callable[[Path], Awaitable[dict[str, float]]]


def run(*, is_quick: bool) -> Iterator[Row]:
    """Make the file, and measure each work once."""
    count = 1_000 if is_quick else 100_000
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        path = Path(folder, "wetread.db")
        make_old_file(path, count)
        case = f"{count:,} articles of 0.3.0"
        yield Row("big", case, "the file", "", _megabytes(path), unit="MB")
        for work in _WORK:
            print(f"  {work}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "benchmarks.big", work, str(path)]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our own module
            found = json.loads(answer.stdout)
            yield Row("big", case, work, "", found["wall"], found["wall"] * 1000, unit="s")
            yield Row("big", case, "… memory", "", found["memory"], bar=MEMORY, unit="MiB")
            if (
                _WORK[work] is _back_up
            ):  # the others are done before the loop has anything to do, or without it
                yield Row("big", case, "… 99 of 100 beats", "", found["lag"], found["lag"], LAG, "ms")
            if work == "brought up to date":
                yield Row("big", case, "the file after it", "", _megabytes(path), unit="MB")
            if "write" in found:
                yield Row("big", case, "… longest wait of a write", "", found["write"], unit="ms")


def make_old_file(path: Path, count: int) -> None:
    """Write a database of 0.3.0 with so many more articles: about 10 kB each."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:  # which sees virtual tables
        connection.execute("PRAGMA synchronous=OFF")  # for filling only
        rows = _rows(count)
        while some := list(islice(rows, _AT_ONCE)):
            connection.execute("BEGIN")
            for statement, values in zip(_INSERTS, zip(*some, strict=True), strict=True):
                connection.executemany(statement, values)
            connection.execute("COMMIT")
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(count: int) -> Iterator[tuple[tuple[object, ...], ...]]:
    """Yield for each article the values of each of _INSERTS."""
    for number, record in enumerate(corpus.records(count), FIRST):
        text = json.dumps(record_to_json(record), ensure_ascii=False, separators=(",", ":"))
        names = "; ".join(f"{author.given} {author.family}" for author in record.authors)
        [section] = record.abstract
        on = record.online_on
        assert on is not None
        day = datetime(on.year, on.month or 1, on.day or 1, tzinfo=UTC).toordinal()
        yield (
            (number, record.title, record.journal, str(on), AT, names, section.text, text),
            (number, text, AT),
            (f"doi:{record.doi}", number),
            (number, day),
            (number, AT),
            (number, record.title),
        )


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1_000_000


# --- one work in its own process -------------------------------------------------------------------------


async def _open(path: Path) -> dict[str, float]:
    """Open it as the bot does; the first time it is brought up to date, after a backup."""
    database = await Database.open(path, backups=_folder(path))
    await database.close()
    return {}


async def _back_up(path: Path) -> dict[str, float]:
    """Make a backup while the bot writes; return the longest time that one of its transactions took."""
    database = await Database.open(path)
    loop, waits = asyncio.get_running_loop(), [0.0]

    async def write() -> None:
        while True:
            began = loop.time()
            await database.run(_remember)
            waits.append((loop.time() - began) * 1000)
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(write())
    await asyncio.to_thread(_folder(path).make, Occasion.MANUAL, datetime.now(UTC))
    writing.cancel()
    await database.close()
    return {"write": max(waits)}


def _remember(db: sqlite_utils.Database) -> None:
    bot_state.remember(db, "benchmark", "x" * 1_000)


async def _check(path: Path) -> dict[str, float]:
    await asyncio.to_thread(check_database, path)
    return {}


def _folder(path: Path) -> BackupFolder:
    return BackupFolder(path, None, keep_daily=1, keep_weekly=1)


_WORK: Mapping[str, Work] = {
    "brought up to date": _open,
    "opened again": _open,
    "backed up beside writes": _back_up,
    "checked": _check,
}


async def _measured(work: Work, path: Path) -> Measured:
    loop = asyncio.get_running_loop()
    async with heart_beat() as lags:
        began = loop.time()
        found = await work(path)
        wall = loop.time() - began
    return {"wall": wall, "memory": peak_memory(), "lag": p99(lags), **found}


def main() -> None:
    """Do one work and print its measures."""
    collector.settle()  # as in the bot
    print(json.dumps(asyncio.run(_measured(_WORK[sys.argv[1]], Path(sys.argv[2])))))


if __name__ == "__main__":
    main()
