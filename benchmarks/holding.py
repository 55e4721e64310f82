"""How long one transaction holds the database's only writer, where many channels want the same articles."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks import corpus
from benchmarks.library import NOW, connect
from benchmarks.measure import Row
from benchmarks.store import update_of
from wetread.domain.models import Record
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import feeds, handing_out, records
from wetread.storage.database import prepared

BAR = 50  # ms
CASES = ((1_000, 1), (1_000, 20), (5_000, 1))
"""Subscriptions of one feed, each in a server of its own, and new articles."""


def run(*, is_quick: bool) -> Iterator[Row]:
    """Record documents and what completes them, each database fresh."""
    for subscriptions, articles in CASES[:1] if is_quick else CASES:
        with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
            db = prepared(connect(Path(folder, "holding.db")))
            subscribe(db, subscriptions)
            found = list(corpus.records(articles))
            case = f"{subscriptions:,} subscriptions × {articles}"
            bare = [replace(each, abstract=()) for each in found]
            yield _row(case, "a document, its longest transaction", max(hand_out(db, bare)))
            yield _row(
                case, "an abstract comes for all who wait", _held(db, partial(complete, db, found[-1]))
            )
            db.conn.close()


def subscribe(db: sqlite_utils.Database, count: int) -> None:
    """Let so many servers follow the feed, a channel each."""
    feed = feeds.add(db, "https://pubs.example.org/feed", "Journal of Invented Imaging", None, NOW)
    db.conn.executemany(
        "INSERT INTO subscriptions (guild_id, feed_id, channel_id, kind, form, name, created_at, created_by)"
        " VALUES (?, ?, ?, 'text', 'whole', 'jii', '2026-01-01T00:00:00Z', 1)",
        [(number, feed.id, number) for number in range(1, count + 1)],
    )


def hand_out(db: sqlite_utils.Database, found: list[Record]) -> list[float]:
    """Record a document as the updater does; return the seconds of each transaction."""
    document = update_of(1, found)
    times = [
        _held(db, lambda: feeds.record_update(db, 1, document, NOW, UpdatePolicy(), chance=0.5)),
    ]
    parts: list[handing_out.Part | None] = [handing_out.Part()]
    while parts[-1] is not None:
        times.append(_held(db, lambda: parts.append(handing_out.next_part(db))))
    return times


def complete(db: sqlite_utils.Database, record: Record) -> None:
    """Store what a record source knows of the first article stored, as the enricher does."""
    said = {"PubMed": replace(record, source="PubMed")}
    records.save_enrichments(db, [records.Enrichment(1, said, None, was_answered=True)], NOW)


def _held(db: sqlite_utils.Database, work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    db.conn.execute("BEGIN IMMEDIATE")
    work()
    db.conn.execute("COMMIT")
    return time.perf_counter() - begun


def _row(case: str, variant: str, seconds: float) -> Row:
    return Row("holding", case, variant, "", seconds * 1000, bar=BAR, unit="ms")
