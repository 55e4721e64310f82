"""The n-th operation fails, for n = 1, 2, 3 … until a whole scenario has fewer than n operations.

Scenario: a feed is added, brings three articles and changes one; a topic posts all three to another channel.
Operations are transactions, retrievals,
parses and requests to Discord. After each run nothing may be lost or repeated, and every post must show the
latest text.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlite_utils

from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.doubles_messenger import Channels, FakeMessenger, Weather
from tests.support.watch_stage import ADA, HERE, PAPERS, SPINE
from tests.support.watched_web import FEED, parse_with, rss
from wetread.domain.errors import FeedParseError, FetchError, FetchFailure
from wetread.domain.models import DestinationKind, ParsedFeed, Posted, RetrievedFeed
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.retrievers import DocumentRetriever
from wetread.net.web import HttpRequest, HttpResponse
from wetread.services.delivery import Deliverer
from wetread.services.topic_matching import TopicMatcher
from wetread.services.updater import FeedUpdater
from wetread.storage import subscriptions, topics
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, NewSubscription
from wetread.storage.topics import NewTopic

KNOWN, NEW, CHANGED = (1, 2), (3, 4, 5), 4
LATER = "at imaging, corrected"
PAUSES = (0, 2 * 3600, 7 * 3600, 25 * 3600)
"""Seconds before each round of the loops, longer than any pause after one failure."""


class Failure(StrEnum):
    """What fails, and at which moment."""

    ROLLED_BACK = "a transaction fails and is rolled back"
    COMMITTED = "a transaction is committed and its caller never hears of it"
    FETCH = "a retrieval fails"
    PARSE = "a parser dies"
    NOT_ARRIVED = "a request to Discord never arrives"
    ARRIVED = "a request to Discord arrives and its answer is lost"


class Trouble:
    """Counts operations of one kind and lets the n-th fail once."""

    def __init__(self, failure: Failure, at: int) -> None:
        self.failure = failure
        self.count = 0
        self._at = at

    def strikes(self, *failures: Failure) -> bool:
        """Return whether this operation, which can fail in these ways, fails now."""
        if self.failure not in failures:
            return False
        self.count += 1
        return self.count == self._at


class _FailingDatabase(Database):
    failing: Trouble | None = None

    def _connect(self) -> None:
        super()._connect()
        self._connection().conn.execute("PRAGMA synchronous=OFF")  # saves time; no test cuts the power

    async def run(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        trouble = self.failing
        if trouble is None or not trouble.strikes(Failure.ROLLED_BACK, Failure.COMMITTED):
            return await super().run(fn, *args, **kwargs)
        if trouble.failure is Failure.COMMITTED:
            await super().run(fn, *args, **kwargs)
        raise sqlite3.OperationalError("disk I/O error")


async def fail_each_operation(kind: DestinationKind, failure: Failure, folder: Path) -> tuple[list[str], int]:
    """Run the scenario once for each operation, which then fails.

    Returns the violations in words, and how many operations there were.
    """
    at = 0
    while True:
        at += 1
        trouble = Trouble(failure, at)
        stage = await _Stage.open(folder / f"{at}.db", kind, trouble)
        await stage.play()
        wrong = await stage.violations()
        await stage.database.close()
        if wrong:
            return [f"{failure}, operation {at}, {kind}: {each}" for each in wrong], at
        if trouble.count < at:
            return [], at - 1


class _Stage:
    """A bot that watches one feed and posts its articles."""

    def __init__(self, database: _FailingDatabase, kind: DestinationKind, trouble: Trouble) -> None:
        self.database = database
        self._kind = kind
        self._trouble = trouble
        self._clock = FakeClock()
        self._web = ScriptedWeb()
        self._channels = Channels(self._clock)
        self._parse_document = parse_with(self._clock)
        self._updater = FeedUpdater(
            database,
            DocumentRetriever(self._fetch, self._parse, clock=self._clock),
            clock=self._clock,
            monotonic=self._clock.monotonic,
            chance=lambda: 0.5,
        )
        self._matcher = TopicMatcher(database, self._clock, UpdatePolicy())
        self._deliverer = Deliverer(
            database,
            FakeMessenger(self._channels),
            clock=self._clock,
            monotonic=self._clock.monotonic,
            sleep=self._clock.sleep,
            seconds_between_posts=0,
        )

    @classmethod
    async def open(cls, path: Path, kind: DestinationKind, trouble: Trouble) -> "_Stage":
        """Return a stage with a new database."""
        return cls(await _FailingDatabase.open(path), kind, trouble)

    async def play(self) -> None:
        """Add the feed, let it bring articles, and let it change one."""
        wish = NewSubscription(HERE, Destination(PAPERS, self._kind), FEED, "JII", ADA)
        await self.database.run(subscriptions.subscribe, wish, self._clock(), limit=10)
        topic = NewTopic(HERE, Destination(SPINE), "Imaging", "imaging", ADA)
        await self.database.run(topics.add, topic, self._clock(), limit=10)
        for method in ("post", "find", "edit"):
            self._channels.forecast(*[self._meet] * 100, method=method)
        self.database.failing = self._trouble
        await self._show(rss(KNOWN, self._clock()))
        published_at = self._clock()
        document = rss((*KNOWN, *NEW), published_at)
        await self._show(document)
        await self._show(document.replace(f"number {CHANGED} at imaging", f"number {CHANGED} {LATER}"))
        self.database.failing = None

    async def violations(self) -> list[str]:
        """Return what is wrong at the end, in words."""
        rows = await self.database.run(
            lambda db: db.conn.execute(
                "SELECT title, state FROM deliveries JOIN articles ON articles.id = article_id"
                " WHERE channel_id = ?",
                [PAPERS],
            ).fetchall()
        )
        fates = {_number(title): state for title, state in rows}
        posts = Counter(_number(message.text) for message in self._channels.posts(PAPERS))
        changed = [message.text for message in self._channels.posts(PAPERS) if LATER in message.text]
        expected = dict.fromkeys(KNOWN, "skipped") | dict.fromkeys(NEW, "sent")
        wrong = []
        if fates != expected or len(rows) != len(expected):
            wrong.append(f"lost, or doubled: {sorted(rows)}")
        if posts != Counter(NEW):
            wrong.append(f"posts: {dict(posts)}")
        if [_number(text) for text in changed] != [CHANGED]:
            wrong.append(f"the change is shown by {changed}")
        if (found := Counter(_number(each.text) for each in self._channels.posts(SPINE))) != Counter(NEW):
            wrong.append(f"posts of the topic: {dict(found)}")
        if await self.database.run(_has_parked_edits):
            wrong.append("an edit was given up")
        return wrong

    async def _show(self, document: str) -> None:
        """Let the feed show this, and run the loops for a day and a half."""
        self._web.serve(FEED, document)
        for pause in PAUSES:
            self._clock.advance(seconds=pause)
            with suppress(sqlite3.OperationalError):
                await self._updater.update_due_feeds()
            for wait in (0, 200):
                self._clock.advance(seconds=wait)
                with suppress(sqlite3.OperationalError):
                    await self._matcher.examine()
                    await self._deliverer.deliver_due()
                    await self._deliverer.join()

    async def _fetch(self, request: HttpRequest) -> HttpResponse:
        if self._trouble.strikes(Failure.FETCH):
            raise FetchError(request.url, FetchFailure.CONNECTION)
        return await self._web(request)

    async def _parse(self, retrieved: RetrievedFeed) -> ParsedFeed:
        if self._trouble.strikes(Failure.PARSE):
            raise FeedParseError(retrieved.url, "crashed")
        return await self._parse_document(retrieved)

    def _meet(self, request: Callable[[], Posted]) -> Posted:
        if not self._trouble.strikes(Failure.NOT_ARRIVED, Failure.ARRIVED):
            return Weather.fine(request)
        if self._trouble.failure is Failure.ARRIVED:
            return Weather.lost_after(request)
        return Weather.lost_before(request)


def _number(text: str) -> int:
    """Return 4 for "Invented finding number 4 at imaging"."""
    return int(text.partition("finding number ")[2].split()[0])


def _has_parked_edits(db: sqlite_utils.Database) -> bool:
    return bool(db["edits"].count_where("parked_reason IS NOT NULL"))
