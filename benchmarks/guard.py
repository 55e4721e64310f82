"""`python -m benchmarks.guard [--accept]`: counts that a busy machine does not change.

Each is compared with benchmarks/guard.toml. One that grew by a tenth ends the run with status 1; `--accept`
writes today's counts there instead.
"""

import argparse
import asyncio
import gc
import random
import sqlite3
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import sqlite_utils

from benchmarks import corpus
from benchmarks.corpus import COMMON, MIDDLING, Words
from benchmarks.feeds import filled, rss
from benchmarks.library import GUILD, NOW, bytes_by_table, library
from benchmarks.posting import one_wave
from benchmarks.store import update_of, watch
from wetread.domain.query import parse_query
from wetread.feeds.parser import parse_feed
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import edits, feeds, outbox, search

COUNTS = Path(__file__).with_name("guard.toml")
GROWTH = 1.1
"""A count may be this many times the accepted one."""

ARTICLES = 2_000
ITEMS = 20
CHANNELS = 40
FEED_URL = "https://pubs.example.org/feed"


@dataclass(slots=True)
class Counted:
    """What SQLite did: statements, and steps of its virtual machine; a row that is read takes a few."""

    statements: int = 0
    steps: int = 0


def measured() -> dict[str, float]:
    """Count everything; the same on every machine with the same versions."""
    return dict(_storage()) | dict(_parsing()) | dict(_posting())


def grown(counts: Mapping[str, float], accepted: Mapping[str, float]) -> list[str]:
    """Return the names of the counts that grew by a tenth, and of those that nobody accepted yet."""
    return [name for name, count in counts.items() if count > accepted.get(name, -1.0) * GROWTH]


def main() -> int:
    """Measure, print a table, and compare or accept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write today's counts to guard.toml")
    options = parser.parse_args()
    counts = measured()
    accepted = tomllib.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}
    if options.accept:
        COUNTS.write_text(as_toml(counts), encoding="utf-8")
        accepted = counts
    bad = grown(counts, accepted)
    for name, count in counts.items():
        before = f"{accepted[name]:>10,.1f}" if name in accepted else f"{'new':>10}"
        print(f"{name:<60} {count:>10,.1f} {before} {'GREW' if name in bad else ''}".rstrip())
    if bad:
        print("Counts grew by a tenth. If that is worth it, accept them: python -m benchmarks.guard --accept")
    return 1 if bad else 0


def as_toml(counts: Mapping[str, float]) -> str:
    """Return the counts as a TOML document."""
    lines = [f'"{name}" = {count:.1f}' for name, count in counts.items()]
    return "\n".join(
        ["# Counts that are not to grow by a tenth; written by `python -m benchmarks.guard`.", *lines, ""]
    )


def _storage() -> Iterator[tuple[str, float]]:
    with library(ARTICLES) as db:
        yield "bytes an article", sum(bytes_by_table(db).values()) / ARTICLES
        watch(db, GUILD, 1)
        new = update_of(1, list(corpus.records(ITEMS, first=ARTICLES, seed=8)))
        for name in ("new", "known"):
            counted = _counted(db, lambda: feeds.record_update(db, 1, new, NOW, UpdatePolicy(), chance=0.5))
            yield f"statements a {name} article", counted.statements / ITEMS
            yield f"steps of SQLite a {name} article", counted.steps / ITEMS
            feeds.record_update(db, 1, new, NOW, UpdatePolicy(), chance=0.5)
        yield from _outbox(db)
        yield from _search(db)


def _outbox(db: sqlite_utils.Database) -> Iterator[tuple[str, float]]:
    later = NOW + timedelta(hours=1)
    looks: dict[str, Callable[[], object]] = {
        "to see which channels have something to post": lambda: outbox.due_channels(db, later),
        "to see which channels have something to edit": lambda: edits.due_channels(db, later),
        "to take the next article to post": lambda: outbox.claim_next(db, 1, later, 1),
        "to take the next edit": lambda: edits.claim_next(db, 1, later),
    }
    _many_sent(db)
    for name, look in looks.items():
        yield f"steps of SQLite {name}", _counted(db, look).steps


def _many_sent(db: sqlite_utils.Database) -> None:
    """Let every stored article have been posted to channel 1 of another feed, as after a year."""
    db.conn.execute(
        "INSERT OR IGNORE INTO deliveries (guild_id, channel_id, kind, article_id, subscription_id, form,"
        " state, scheduled_at, next_try_at, nonce, message_id, settled_at)"
        " SELECT :guild, 1, 'text', id, 1, 'whole', 'sent', :at, :at, id, id, :at FROM articles",
        {"guild": GUILD, "at": "2026-01-01T00:00:00Z"},
    )


def _search(db: sqlite_utils.Database) -> Iterator[tuple[str, float]]:
    words, rng = Words.load(), random.Random(5)
    common, middling = words.pick(rng, COMMON), words.pick(rng, MIDDLING)
    asked = {"one common word": common, "three words": f"{common} {middling} {words.pick(rng, MIDDLING)}"}
    for name, text in asked.items():
        query = parse_query(text)
        call = partial(search.search, db, GUILD, query)
        yield f"steps of SQLite for {name}", _counted(db, call).steps
        yield f"calls of Python for {name}", _calls(call)
    completed = _counted(db, lambda: search.complete_titles(db, GUILD, common[:3]))
    yield "steps of SQLite to complete a title", completed.steps


def _parsing() -> Iterator[tuple[str, float]]:
    body = filled(rss(ITEMS), 1, 1)
    yield (
        "calls of Python a feed entry",
        _calls(lambda: parse_feed(body, url=FEED_URL, content_type=None, now=NOW)) / ITEMS,
    )


def _posting() -> Iterator[tuple[str, float]]:
    wave = asyncio.run(one_wave(CHANNELS))
    assert not wave.lost
    yield "requests a post", len(wave.calls) / wave.wanted


def _counted(db: sqlite_utils.Database, call: Callable[[], object]) -> Counted:
    """Run `call`, warm, in a transaction that is undone, and count what SQLite did."""
    counted = Counted()
    with _undone(db.conn):
        call()
    with _undone(db.conn):
        # The full-text index traces the statements that it makes itself with "--" in front.
        db.conn.set_trace_callback(lambda statement: _add(counted, statements=not statement.startswith("--")))
        db.conn.set_progress_handler(lambda: _add(counted, steps=1), 1)
        try:
            call()
        finally:
            db.conn.set_trace_callback(None)
            db.conn.set_progress_handler(None, 0)
    return counted


def _add(counted: Counted, *, statements: int = 0, steps: int = 0) -> int:
    counted.statements += statements
    counted.steps += steps
    return 0  # a progress handler that returns anything else stops the statement


@contextmanager
def _undone(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _calls(call: Callable[[], object]) -> int:
    """Return how many functions of Python and C a warm `call` calls in this thread."""
    call()
    gc.collect()
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


if __name__ == "__main__":
    sys.exit(main())
