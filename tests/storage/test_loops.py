"""What loops ask again and again costs the same with a hundred thousand deliveries as with a few."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils

from wetread.domain.models import Entry, ParsedFeed, Record, RetrievedFeed, Validators
from wetread.domain.pace import Pace, QuietHours
from wetread.feeds.check_result import Retrieval
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.schedule import PollingPolicy
from wetread.storage import (
    articles,
    digests,
    due_feeds,
    edits,
    feeds,
    follow_ups,
    notices,
    outbox,
    overview,
    paces,
    records,
    retraction_checks,
    troubles,
)
from wetread.storage.database import Database, prepared
from wetread.storage.follow_ups import DISCUSSIONS, PUBLICATIONS, FollowUp

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
THEN = "2026-01-02T09:00:00Z"
SOME, MANY = 1_000, 100_000
CHANNEL, GUILD = 41, 4101
COUNTED = 50  # instructions of SQLite's machine

GROWING = {
    *("articles", "article_keys", "article_days", "records", "entries", "guild_articles", "deliveries"),
    *("wrong_identifiers", "versions", "decisions"),
}
"""Tables that only grow. What else there is stays small, or is thinned out."""

PARTIAL = (
    r" USING (COVERING )?INDEX "
    r"(deliveries_(open|queue|collected|unposted|unsettled)|articles_next_enrichment)"
)
"""Indexes of what is open only, which may be read whole."""


def watched(number: int) -> Record:
    return Record("feed", title=f"Invented finding {number}", doi=f"10.5555/loops.{number}")


def library(count: int) -> sqlite_utils.Database:
    """A database with so many deliveries, all of one channel, and one of each kind that is due."""
    db = prepared(sqlite3.connect(":memory:", isolation_level=None))
    feeds.add(db, "https://pubs.example.org/feed", "Journal of Invented Imaging", None, NOW)
    for guild_id, channel_id in ((GUILD, CHANNEL), (GUILD, CHANNEL + 1)):
        db.conn.execute(
            "INSERT INTO subscriptions (guild_id, feed_id, channel_id, kind, form, name, created_at,"
            " created_by) VALUES (?, 1, ?, 'text', 'whole', 'jii', ?, 1)",
            [guild_id, channel_id, THEN],
        )
    for number in range(1, 5):
        articles.create(db, {"feed:1": watched(number), "PubMed": watched(number)}, [GUILD], NOW)
    db.conn.execute("PRAGMA foreign_keys=OFF")  # their articles do not matter here
    db.conn.execute(
        """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
        INSERT INTO deliveries (guild_id, channel_id, kind, article_id, subscription_id, form, state,
            scheduled_at, next_try_at, nonce, message_id)
        SELECT ?, ?, 'text', n, 1, 'whole', 'sent', ?, ?, 'wr-' || n, n FROM numbers
        """,
        [count, GUILD, CHANNEL, THEN, THEN],
    )
    db.conn.execute("UPDATE deliveries SET state = 'pending', nonce = NULL, message_id = NULL WHERE id = 1")
    db.conn.execute("UPDATE deliveries SET state = 'parked', message_id = NULL, code = 1 WHERE id = 4")
    db.conn.execute("INSERT INTO blocked_channels VALUES (?, ?, 50013, 'no permission', ?)", [7, GUILD, THEN])
    db.conn.execute("UPDATE deliveries SET settled_at = ? WHERE state = 'sent'", [THEN])
    db.conn.execute("INSERT INTO edits VALUES (2, 1, ?, ?, 0, NULL)", [THEN, THEN])
    follow_ups.schedule(db, 3, FollowUp.PUBLISH, NOW)
    follow_ups.schedule(db, 3, FollowUp.DISCUSS, NOW)
    return db


def unchanged(db: sqlite_utils.Database) -> None:
    due_feeds.record_unchanged(db, {1: NOW}, NOW)


def changed(db: sqlite_utils.Database) -> object:
    entries = tuple(Entry(f"guid-{number}", watched(number)) for number in range(3, 6))
    document = ParsedFeed("Journal of Invented Imaging", "rss20", entries=entries)
    retrieved = RetrievedFeed("https://pubs.example.org/feed", b"", None, Validators())
    check = Retrieval(retrieved, "hash", document)
    return feeds.record_update(db, 1, check, NOW, UpdatePolicy(), chance=0.5)


def posted(db: sqlite_utils.Database) -> None:
    claim = outbox.claim_next(db, CHANNEL, NOW, 1)
    assert claim is not None
    outbox.settle_removed(db, claim.delivery.id, NOW)


def paced(db: sqlite_utils.Database) -> None:
    chosen = Pace(quiet=QuietHours(0, 60), most_a_day=8, joins_issues=True)
    paces.save(db, GUILD, CHANNEL, chosen, NOW, by=None)
    posted(db)


def collected(db: sqlite_utils.Database) -> None:
    db.conn.execute("UPDATE deliveries SET state = 'collected' WHERE id = 1")
    posted(db)


def edited(db: sqlite_utils.Database) -> None:
    edit = edits.claim_next(db, CHANNEL, NOW)
    assert edit is not None
    edits.settle(db, edit, "hash")


ASKED: dict[str, Callable[[sqlite_utils.Database], object]] = {
    "feeds that are due": lambda db: due_feeds.due(db, NOW, 100, PollingPolicy()),
    "a feed that has not changed": unchanged,
    "a feed that has changed": changed,
    "articles to complete": lambda db: records.for_enrichment(db, NOW, 10),
    "an article that is completed": lambda db: records.add_records(db, 2, {"PubMed": watched(2)}, NOW),
    "channels with a post": lambda db: outbox.due_channels(db, NOW),
    "is there a post": lambda db: outbox.is_due(db, CHANNEL, NOW),
    "a post": posted,
    "a post where much is chosen": paced,
    "a digest": collected,
    "how articles arrive": lambda db: paces.arrival(db, GUILD, CHANNEL, NOW),
    "a reply": lambda db: digests.note_reply(db, 5, NOW),
    "channels with an edit": lambda db: edits.due_channels(db, NOW),
    "is there an edit": lambda db: edits.is_due(db, CHANNEL, NOW),
    "an edit": edited,
    "edits to try again": lambda db: edits.unpark(db, CHANNEL, NOW),
    "channels with a publication": lambda db: PUBLICATIONS.due_channels(db, NOW),
    "is there a publication": lambda db: PUBLICATIONS.is_due(db, CHANNEL, NOW),
    "a publication": lambda db: PUBLICATIONS.claim_next(db, CHANNEL, NOW),
    "a thread": lambda db: DISCUSSIONS.claim_next(db, CHANNEL, NOW),
    "why threads wait": lambda db: follow_ups.delay_of_threads(db, 1),
    "retractions to look for": lambda db: retraction_checks.due(db, "PubMed", NOW + timedelta(days=99), 10),
    "alerts": lambda db: notices.refresh(db, NOW),
    "what is blocked": troubles.blocked,
    "what cannot be edited": troubles.unedited,
    "the health file": overview.overview,
}


@pytest.fixture(scope="module")
def few() -> Iterator[sqlite_utils.Database]:
    db = library(SOME)
    yield db
    db.conn.close()


@pytest.fixture(scope="module", params=["without statistics", "with statistics"])
def many(request: pytest.FixtureRequest) -> Iterator[sqlite_utils.Database]:
    db = library(MANY)
    if request.param == "with statistics":
        db.conn.execute("ANALYZE")
    yield db
    db.conn.close()


def steps(db: sqlite_utils.Database, ask: Callable[[sqlite_utils.Database], object]) -> tuple[int, set[str]]:
    """How many instructions SQLite needs for it, and the statements; what it writes is undone."""
    count, statements = 0, set[str]()

    def counted() -> int:
        nonlocal count
        count += COUNTED
        return 0

    db.conn.execute("SAVEPOINT asked")
    db.conn.set_trace_callback(statements.add)
    db.conn.set_progress_handler(counted, COUNTED)
    try:
        ask(db)
    finally:
        db.conn.set_progress_handler(None, 0)
        db.conn.set_trace_callback(None)
        db.conn.execute("ROLLBACK TO asked")
        db.conn.execute("RELEASE asked")
    return count, statements


@pytest.mark.parametrize("question", ASKED)
def test_what_loops_ask_costs_no_more_with_many_deliveries(
    few: sqlite_utils.Database, many: sqlite_utils.Database, question: str
) -> None:
    before, _ = steps(few, ASKED[question])
    after, statements = steps(many, ASKED[question])

    assert after <= before * 1.5 + 500
    scans = {
        f"{step[3]}: {statement}"
        for statement in statements
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement)
        for step in many.conn.execute(f"EXPLAIN QUERY PLAN {statement}")
        if (found := re.match(r"SCAN (\w+)", step[3]))
        and found[1] in GROWING | {"d"}
        and not re.search(PARTIAL, step[3])
    }
    assert scans == set()


async def test_statistics_are_kept_of_a_database_that_has_grown(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")

    def grow(db: sqlite_utils.Database) -> None:
        for number in range(60):
            articles.create(db, {"feed:1": watched(number)}, [GUILD], NOW)

    def statistics(db: sqlite_utils.Database) -> set[str]:
        if not db["sqlite_stat1"].exists():
            return set()
        return {str(row[0]) for row in db.conn.execute("SELECT tbl FROM sqlite_stat1")}

    await database.run(grow)
    await database.run(lambda db: articles.find_by_keys(db, ["doi:10.5555/loops.1"]))
    assert await database.run(statistics) == set()

    await database.optimize()

    assert "article_keys" in await database.run(statistics)
    await database.close()
