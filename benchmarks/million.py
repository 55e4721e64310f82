"""Search with a million articles: how long each kind takes, and whether the loop stalls meanwhile.

One server knows all of them, another each hundredth. They are filled in by statements, with the texts and
tokens that Wetread's own functions make.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import sqlite_utils

from benchmarks import corpus
from benchmarks.corpus import COMMON, JOURNAL_COUNT, MIDDLING, RARE, Words, journal_name
from benchmarks.lag import heart_beat, p99
from benchmarks.library import GUILD, NOW, connect
from benchmarks.measure import Row
from wetread.domain.models import PartialDate, Record, Section
from wetread.domain.query import parse_query
from wetread.storage import articles, fts, packing, search
from wetread.storage.database import SWITCH_INTERVAL, Database, prepared

SUBJECT = "million"
FILE = "WETREAD_MILLION"
"""The environment variable with the file that `--file` names."""

OTHER = GUILD + 1
"""The server that knows each hundredth article."""

_AT_ONCE = 10_000
_SENTENCES = 200_000
_GROUPS = 5_000  # of authors
_ARTICLE = """
    INSERT INTO articles (id, title, journal, published_on, first_seen_at, is_searched, packed)
    VALUES (?, ?, ?, ?, ?, 1, ?)
"""
_DAY = "INSERT INTO article_days (article_id, day) VALUES (?, ?)"
_KNOWN = "INSERT INTO guild_articles (guild_id, article_id, since) VALUES (?, ?, ?)"
_INDEX = "INSERT INTO articles_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, ?, ?, ?)"


def run(*, is_quick: bool) -> Iterator[Row]:
    """Fill a database, then ask it."""
    count, rounds = (20_000, 10) if is_quick else (1_000_000, 100)
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        path = Path(os.environ.get(FILE) or Path(folder, "library.db"))
        if not path.exists():
            began = time.monotonic(), time.process_time()
            fill(path, count)
            wall, cpu = time.monotonic() - began[0], time.process_time() - began[1]
            yield Row(SUBJECT, "filled", f"{count:,} articles", "", wall, cpu, bar=900.0, unit="s")
        yield from measured(path, rounds)


def fill(path: Path, count: int, guild: int = GUILD) -> None:
    """Write so many articles into a new file."""
    connection = connect(path)
    prepared(connection)
    for pragma in ("synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):  # for filling only
        connection.execute(f"PRAGMA {pragma}")
    rows = _rows(count, guild)
    for done in range(0, count, _AT_ONCE):
        chosen = [next(rows) for _ in range(min(_AT_ONCE, count - done))]
        connection.execute("BEGIN")
        connection.executemany(_ARTICLE, [row[0] for row in chosen])
        connection.executemany(_DAY, [row[1] for row in chosen])
        connection.executemany(_KNOWN, sorted(known for row in chosen for known in row[2]))
        connection.executemany(_INDEX, [row[3] for row in chosen])
        connection.execute("COMMIT")
        if done % 100_000 == 0:
            print(f"{SUBJECT}: {done:,} articles …", file=sys.stderr, flush=True)
    connection.execute("INSERT INTO titles_fts (rowid, title) SELECT id, title FROM articles")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _rows(count: int, guild: int) -> Iterator[tuple[tuple, ...]]:  # type: ignore[type-arg]  # rows of four tables
    """Yield an article's rows for `articles`, `article_days`, `guild_articles` and the index."""
    rng, words = random.Random(7), Words.load()
    sentences = [" ".join(words.draw(rng, rng.randint(12, 26))).capitalize() + "." for _ in range(_SENTENCES)]
    groups = [tuple(corpus.author(rng) for _ in range(rng.randint(2, 8))) for _ in range(_GROUPS)]
    written = {
        group: ("; ".join(author.name for author in group), _tokens(authors=group)) for group in groups
    }
    shares = list(accumulate(1 / (number + 1) for number in range(JOURNAL_COUNT)))
    journals = [_tokens(journal=journal_name(number)) for number in range(JOURNAL_COUNT)]
    days: dict[date, str] = {}
    servers = {known: fts.facets_of(Record("feed", title=""), known) for known in ((guild,), (guild, OTHER))}
    start, since = datetime(2020, 1, 1, tzinfo=UTC), NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    for number in range(1, count + 1):
        on = (start + timedelta(minutes=3 * number)).date()
        published = PartialDate(on.year, on.month, on.day)
        if on not in days:
            days[on] = _tokens(online_on=published)
        group = rng.choice(groups)
        [journal] = rng.choices(range(JOURNAL_COUNT), cum_weights=shares)
        title = " ".join(words.draw(rng, rng.randint(9, 17))).capitalize()
        abstract = " ".join(rng.choices(sentences, k=rng.randint(9, 15)))
        record = Record(
            "feed",
            title=title,
            authors=group,
            abstract=(Section(abstract),),
            doi=f"10.5555/jii.{on.year}.{number}",
            journal=journal_name(journal),
            online_on=published,
        )
        known = (guild, OTHER) if number % 100 == 7 else (guild,)
        names, of_authors = written[group]
        facets = f"{servers[known]} {days[on]} {journals[journal]} {of_authors}"
        yield (
            (number, title, record.journal, str(published), since, packing.pack(record, {}, {})),
            (number, on.toordinal()),
            tuple((guild_id, number, since) for guild_id in known),
            (number, title, abstract, names, facets),
        )


def _tokens(**said: object) -> str:
    """Return the facets that follow from one field of a record."""
    record = Record("feed", title="", **said)  # type: ignore[arg-type]
    return fts.facets_of(record, ()).partition(" ")[2]


# --- the questions -------------------------------------------------------------------------------------


def measured(path: Path, rounds: int) -> Iterator[Row]:
    """Ask in the manner of the bot: a connection that only reads, with SQLite's own small cache."""
    db = sqlite_utils.Database(connect(path))
    prepared(db.conn)
    words, rng = Words.load(), random.Random(3)

    def pick(*bands: tuple[int, int]) -> str:
        return " ".join(words.pick(rng, band) for band in bands)

    kinds: dict[str, Callable[[], str]] = {
        "one common word": lambda: pick(COMMON),
        "one middling word": lambda: pick(MIDDLING),
        "one rare word": lambda: pick(RARE),
        "three words": lambda: pick(COMMON, MIDDLING, MIDDLING),
        "ten words": lambda: pick(*[COMMON] * 4, *[MIDDLING] * 3, *[RARE] * 3),
        "a whole title": lambda: " ".join(words.draw(rng, 13)),
        "twenty common words": lambda: pick(*[COMMON] * 20),
        "two common words, both": lambda: f"{pick(COMMON)} AND {pick(COMMON)}",
        "a phrase": lambda: f'"{pick(COMMON, COMMON)}"',
        "a beginning": lambda: f"{pick(MIDDLING)[:5]}*",
        "a journal": lambda: f'{pick(COMMON)} journal:"{journal_name(rng.randrange(20, 60))}"',
        "a year": lambda: f"{pick(COMMON)} year:2022",
        "not a word": lambda: f"-{pick(COMMON)}",
    }
    for kind, make in kinds.items():
        print(f"{SUBJECT}: {kind} …", file=sys.stderr, flush=True)
        asked = [make() for _ in range(rounds + 1)]
        times = {guild_id: _times(db, guild_id, asked) for guild_id in (GUILD, OTHER)}
        yield _slowest(kind, "knows all", times[GUILD], 150.0)
        yield _slowest(kind, "knows 1 %", times[OTHER], 150.0)
    newest = [pick(COMMON) for _ in range(rounds + 1)]
    yield _slowest("newest first", "knows all", _times(db, GUILD, newest, "newest"), 150.0)
    yield _slowest("newest first", "knows 1 %", _times(db, OTHER, newest, "newest"), 150.0)
    typed = [pick((25, 10_000))[: rng.randint(1, 5)] for _ in range(rounds + 1)]
    for guild_id, name in ((GUILD, "knows all"), (OTHER, "knows 1 %")):
        found = [_timed(partial(search.complete_titles, db, guild_id, text)) for text in typed]
        yield _slowest("autocomplete", name, found[1:], 20.0)
        found = [_timed(partial(search.journals, db, guild_id)) for _ in typed]
        yield _slowest("journals", name, found[1:], 20.0)
    db.conn.close()
    asked = [kinds[kind]() for kind in list(kinds)[:6] for _ in range(9)][:50]
    lags = asyncio.run(_beside_writes(path, asked))
    yield Row(
        SUBJECT, "loop lag, 50 searches", "while articles are stored", "", p99(lags), bar=10.0, unit="ms"
    )


def _times(db: sqlite_utils.Database, guild_id: int, asked: list[str], order: str = "best") -> list[float]:
    """Return how long each question took, without the first, which warms up."""
    chosen: Literal["best", "newest"] = "newest" if order == "newest" else "best"
    asking = [partial(search.search, db, guild_id, parse_query(text), order=chosen) for text in asked]
    return [_timed(ask) for ask in asking][1:]


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _slowest(kind: str, who: str, times: list[float], bar: float) -> Row:
    """Return the 99th percentile; the median stands beside it."""
    return Row(SUBJECT, f"{kind}, 99 of 100", who, "", p99(times), sorted(times)[len(times) // 2], bar, "ms")


def _newest(db: sqlite_utils.Database) -> int:
    return int(db.conn.execute("SELECT max(id) FROM articles").fetchone()[0])


async def _beside_writes(path: Path, asked: list[str]) -> list[float]:
    sys.setswitchinterval(SWITCH_INTERVAL)
    database = await Database.open(path)
    first = 5_000_000 + await database.run(_newest)  # so that a file may be asked again
    records = list(corpus.records(400, first=first))

    def store(db: sqlite_utils.Database, some: list[Record]) -> None:
        for record in some:
            articles.create(db, {"feed:1": record}, [GUILD], NOW)

    async def write() -> None:
        for number in range(0, len(records), 10):
            await database.run(store, records[number : number + 10])
            await asyncio.sleep(0.05)

    async with heart_beat() as lags:
        writing = asyncio.create_task(write())
        for text in asked:
            await database.read(search.search, GUILD, parse_query(text))
        writing.cancel()
    await database.close()
    return lags
