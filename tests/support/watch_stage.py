"""Feeds and servers with a real database, for the tests of recording feeds."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from wetread.domain.catalogue import Catalogue
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import FeedError
from wetread.domain.models import (
    DeliveryState,
    Entry,
    Journal,
    NotModified,
    ParsedFeed,
    PartialDate,
    Record,
    RetrievedFeed,
    Section,
    Subject,
    Subscription,
    Validators,
)
from wetread.feeds.check_result import CheckResult, Retrieval
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import articles, deliveries, due_feeds, feeds, subscriptions
from wetread.storage.database import prepared
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination, NewSubscription

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE, THERE = 10, 20
PAPERS, SPINE, THEIRS = 100, 101, 200
ADA = 7
BY_ADA = ChangedBy(ADA, "ada", "feed example")
JII = "https://journal.example.org/rss"
PUBMED = "https://pubmed.example.org/rss/journals/0000001/"
INVENTED = Catalogue(
    [
        Journal(
            key="jii",
            title="Journal of Invented Imaging",
            abbreviation="J Invent Imaging",
            issns=(),
            nlm_id=None,
            subject=Subject.GENERAL,
            subspecialties=(),
            feed_url=PUBMED,
            publisher_feed_url=JII,
        )
    ]
)
"""The catalogue knows the sites of both feeds, so that their articles are everybody's."""
ABSTRACT = (Section("Invented text that says something."),)


def record(number: int, **changes: Any) -> Record:
    """Return an invented article with a DOI, a recent date and an abstract."""
    made = Record(
        source="feed",
        title=f"Invented finding number {number} at imaging",
        abstract=ABSTRACT,
        doi=f"10.5555/jii.{number}",
        journal="Journal of Invented Imaging",
        online_on=PartialDate(2026, 10, 30),
        url=f"https://journal.example.org/{number}",
    )
    return replace(made, **changes)


def entry(number: int, guid: str | None = None, **changes: Any) -> Entry:
    """Return an entry about the article with that number; higher numbers are newer."""
    published_at = changes.pop("published_at", NOW - timedelta(days=5) + timedelta(minutes=number))
    return Entry(guid or f"guid-{number}", record(number, **changes), published_at)


def entries(*numbers: int) -> list[Entry]:
    """Return entries about these articles in the order of a feed: newest first."""
    return [entry(number) for number in sorted(numbers, reverse=True)]


def anonymous(number: int, guid: str | None = None, **changes: Any) -> Entry:
    """Return an entry without an identifier of its article."""
    return entry(number, guid, **{"doi": None, "journal": None, **changes})


class WatchStage:
    """A bot that records feeds and delivers nothing. Time passes by `wait`."""

    def __init__(self, folder: Path, catalogue: Catalogue = INVENTED) -> None:
        self.path = folder / "wetread.db"
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.db: sqlite_utils.Database = prepared(self.connection, catalogue)
        self.catalogue = catalogue
        self.now = NOW
        self.policy = UpdatePolicy()

    def close(self) -> None:
        self.connection.close()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def subscribe(
        self,
        channel: int = PAPERS,
        *,
        guild: int = HERE,
        url: str = JII,
        shown: list[Entry] | None = None,
        limit: int = 200,
        by: ChangedBy | None = None,
        **changes: Any,
    ) -> Subscription:
        """Subscribe; `shown` is what the feed has at that moment, None = it was not read yet."""
        wish = replace(NewSubscription(guild, Destination(channel), url, "J Inv Imaging", ADA), **changes)
        checked = None if shown is None else (retrieval(url, shown), self.policy, 0.5)
        with self.transaction:
            made, _ = subscriptions.subscribe(self.db, wish, self.now, limit=limit, checked=checked, by=by)
            return made

    @property
    def transaction(self) -> "_Transaction":
        return _Transaction(self.connection)

    def feed_id(self, url: str = JII) -> int:
        feed = feeds.by_url(self.db, url)
        assert feed
        return feed.id

    def serve(self, shown: list[Entry], url: str = JII, **changes: Any) -> FeedUpdate:
        """Record that the feed was retrieved with these entries."""
        return self.record(retrieval(url, shown, **changes), url)

    def unchanged(self, url: str = JII) -> FeedUpdate:
        """Record that the feed answered 304."""
        return self.record(NotModified(url, Validators('"1"')), url)

    def fail(self, error: FeedError, url: str = JII) -> FeedUpdate:
        """Record that the feed could not be retrieved."""
        return self.record(error, url)

    def record(self, outcome: CheckResult, url: str = JII) -> FeedUpdate:
        with self.transaction:
            return feeds.record_update(self.db, self.feed_id(url), outcome, self.now, self.policy, chance=0.5)

    def due(self) -> list[str]:
        """Return the addresses of the feeds that are due now."""
        return [feed.url for feed in due_feeds.due(self.db, self.now, 100, self.policy.polling)]

    def delivery_states(self, channel: int = PAPERS) -> dict[str, tuple[DeliveryState, str | None]]:
        """Return the state and reason of each article's delivery to a channel, by DOI or title."""
        return {
            name(articles.get(self.db, each.article_id).record): (each.state, each.reason)
            for each in self.outbox(channel)
        }

    def scheduled(self, channel: int = PAPERS) -> list[str]:
        """Return the articles scheduled for a channel, in the order in which they will be posted."""
        return [
            name(articles.get(self.db, each.article_id).record)
            for each in self.outbox(channel)
            if each.state is DeliveryState.PENDING
        ]

    def outbox(self, channel: int = PAPERS) -> list[Any]:
        found = deliveries.listing(self.db, None, set(DeliveryState), limit=10_000)
        return [each for each in reversed(found) if each.channel_id == channel]

    def post_all(self, channel: int = PAPERS) -> None:
        """Post everything that is scheduled for a channel."""
        for each in self.outbox(channel):
            if each.state is DeliveryState.PENDING:
                self.db.conn.execute(
                    "UPDATE deliveries SET state = 'sent', nonce = 'n' || id, message_id = id + 9000,"
                    " first_attempt_at = next_try_at, attempt_count = 1, waits_for_abstract = 0 WHERE id = ?",
                    [each.id],
                )

    def records(self, channel: int = PAPERS) -> list[Record]:
        """Return the record of each article that has a delivery to the channel."""
        return [articles.get(self.db, each.article_id).record for each in self.outbox(channel)]

    def edits(self) -> dict[str, int]:
        """Return the priority of each post's scheduled edit, by DOI."""
        rows = self.db.conn.execute(
            "SELECT article_id, priority FROM edits JOIN deliveries ON deliveries.id = delivery_id"
        )
        return {name(articles.get(self.db, article_id).record): priority for article_id, priority in rows}

    def count(self, table: str) -> int:
        return self.db.table(table).count


class _Transaction:
    """A transaction like that of `Database.run`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self.connection.execute("COMMIT" if kind is None else "ROLLBACK")


def name(record: Record) -> str:
    return record.doi or record.title


def doi(number: int) -> str:
    return f"10.5555/jii.{number}"


def retrieval(
    url: str,
    shown: list[Entry],
    *,
    etag: str = '"1"',
    permanent_url: str | None = None,
    ttl: float | None = None,
    hint: float | None = None,
) -> Retrieval:
    """Return a retrieval that brought these entries."""
    body = repr(shown).encode()
    retrieved = RetrievedFeed(url, body, "application/rss+xml", Validators(etag), hint, permanent_url)
    return Retrieval(
        retrieved, str(hash(body)), ParsedFeed("Invented", "rss20", ttl=ttl, entries=tuple(shown))
    )
