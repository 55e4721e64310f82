"""Topics: comparing what arrived in parts, and trying words: 50 ready topics, 200 articles."""

import statistics
import time
from collections.abc import Callable, Iterator

import sqlite_utils

from benchmarks import titles
from benchmarks.library import GUILD, NOW, library
from benchmarks.measure import Row
from wetread.domain.query import Query, parse_query
from wetread.domain.ready_topics import ready_topics
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import arrivals, search, topic_matching, topic_previews, topics
from wetread.storage.subscriptions import Destination
from wetread.storage.topics import NewTopic

TOPICS = 50
ARRIVED = 200


def run(*, is_quick: bool) -> Iterator[Row]:
    """Let 200 articles arrive in a server with 50 topics, then try each topic's words."""
    known = list(titles.titles(2_000 if is_quick else 20_000))
    with library(len(known), records=titles.records(known)) as db:
        _furnish(db)
        yield from _examined(db)
        yield from _tried(db)


def _furnish(db: sqlite_utils.Database) -> None:
    """Watch a feed that brought all articles, add the topics, and let the last articles arrive."""
    db.conn.execute("PRAGMA foreign_keys=OFF")
    db.conn.execute("BEGIN")
    db.conn.execute(
        "INSERT INTO feeds (id, url, title, next_check_at) VALUES (1, 'https://e.example/', 'E', ?)",
        ["2026-11-02T09:00:00Z"],
    )
    db.conn.execute(
        "INSERT INTO subscriptions (guild_id, feed_id, channel_id, kind, form, name, created_at, created_by)"
        " VALUES (?, 1, 1, 'text', 'whole', 'E', '2026-11-02T09:00:00Z', 1)",
        [GUILD],
    )
    db.conn.execute(
        "INSERT INTO entries (feed_id, guid, article_id, first_seen_at, content_hash)"
        " SELECT 1, id, id, '2026-11-02T09:00:00Z', '' FROM articles"
    )
    for number, topic in enumerate(ready_topics()[:TOPICS]):
        new = NewTopic(GUILD, Destination(100 + number), topic.name, topic.query, 1)
        topics.add(db, new, NOW, limit=TOPICS)
    last = topic_previews.last_articles(db, GUILD, ARRIVED)
    arrivals.note(db, {(GUILD, article_id): False for article_id in last}, NOW)
    db.conn.execute("COMMIT")


def _examined(db: sqlite_utils.Database) -> Iterator[Row]:
    """Compare what arrived, part by part, each in a transaction as in the bot."""
    parts = []
    while topic_matching.has_waiting(db):
        db.conn.execute("BEGIN IMMEDIATE")
        parts.append(_cpu(lambda: topic_matching.examine_next(db, NOW, UpdatePolicy())))
        db.conn.execute("COMMIT")
    pairs = TOPICS * ARRIVED
    case = f"{ARRIVED} articles, {TOPICS} topics"
    yield Row("topics", case, "a part, median", "", statistics.median(parts), unit="ms CPU", bar=20)
    yield Row("topics", case, "a part, longest", "", max(parts), unit="ms CPU")
    yield Row("topics", case, "an article and a topic", "", sum(parts) * 1000 / pairs, unit="µs CPU")


def _tried(db: sqlite_utils.Database) -> Iterator[Row]:
    """Try each topic's words on the last 100 articles, beside a search for the same words."""

    def preview(query: Query) -> object:
        return topic_previews.preview(db, GUILD, query)

    def found(query: Query) -> object:
        return search.search(db, GUILD, query)

    queries = [parse_query(topic.query) for topic in ready_topics()[:TOPICS]]
    taken = {"preview": [], "search": []}  # type: dict[str, list[float]]
    asks: dict[str, Callable[[Query], object]] = {"preview": preview, "search": found}
    for query in queries:
        for name, ask in asks.items():
            taken[name].append(_cpu(lambda ask=ask, query=query: ask(query)))  # type: ignore[misc]  # bound now
    median = {name: statistics.median(each) for name, each in taken.items()}
    case = "words of a ready topic"
    yield Row("topics", case, "preview", "", median["preview"], unit="ms CPU", bar=100)
    yield Row(
        "topics",
        case,
        "preview",
        "!search",
        median["preview"] / median["search"],
        median["preview"],
        unit="× CPU",
    )


def _cpu(call: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of one call."""
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000
