"""Seven simulated days among all kinds of feeds: what the servers' own logs say of us (P12).

Real sockets and a real database; only time is the test's. Bad days are spread over the week, and the bot is
restarted often. Nothing is asked more often than it may be, nobody is flooded, nothing is lost.
"""

import random
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from tests.support.doubles_messenger import Channels, FakeMessenger
from tests.support.eutils import FakeEutils
from tests.support.servers import FakeResolver, FeedServer, SeenRequest, feed_server
from tests.support.watch_stage import ADA, HERE, PAPERS
from tests.support.watched_web import parse_with, rss
from wetread.domain.models import DeliveryState
from wetread.feeds.retrievers import DocumentRetriever
from wetread.net.http_client import HttpClient
from wetread.operations.config import Secrets, SourcesConfig
from wetread.services.delivery import Deliverer
from wetread.services.delivery_pauses import POSTS_AT_ONCE
from wetread.services.enricher import Enricher
from wetread.services.sources import build_record_sources
from wetread.services.updater import FeedUpdater
from wetread.storage import deliveries, subscriptions
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, NewSubscription

USER_AGENT = "Wetread/test (+https://example.org; mailto:ada@example.org)"
HOUR, DAY = 3600.0, 86400.0
LOOP = 600.0  # seconds between two turns of the loops
BETWEEN_POSTS = 12.0
INTERVAL = 0.9 * HOUR  # the usual interval, with all of its jitter

DAILY, QUIET, ISSUE, BLOCKED, THROTTLED = "/daily", "/quiet", "/issue", "/blocked", "/throttled"
GONE, MOVED, NEW_PLACE, BROKEN = "/gone", "/moved", "/new-place", "/broken"
GUIDS, EMPTIED = "/guids", "/emptied"
FEEDS = (DAILY, QUIET, ISSUE, BLOCKED, THROTTLED, GONE, MOVED, BROKEN, GUIDS, EMPTIED)
ON_ONE_HOST = ("/one/a", "/one/b", "/one/c")


def host_of(path: str) -> str:
    """Each feed at a host of its own, but for three that share one."""
    return f"{path.split('/')[1]}.example.org"


class Week:
    """The bot, its feeds, and what has come out so far. Articles are numbered through all feeds."""

    def __init__(self, server: FeedServer, database: Database, clock: FakeClock) -> None:
        self.server = server
        self.database = database
        self.clock = clock
        self.eutils = FakeEutils(clock)
        self.channels = Channels(clock)
        self.shown: dict[str, list[int]] = {}
        self.published: list[int] = []  # after the start: what is scheduled
        self.marks: dict[str, float] = {}
        self._rng = random.Random("a week")
        self._number = 0
        self._client: HttpClient | None = None

    async def start(self) -> None:
        """Start the bot; what the last process knew is gone."""
        await self.stop()
        clock = self.clock
        names = {host_of(path): [["127.0.0.1"]] for path in (*FEEDS, NEW_PLACE, *ON_ONE_HOST)}
        self._client = HttpClient(
            user_agent=USER_AGENT,
            allowed_addresses=("127.0.0.1:*",),
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            resolver=FakeResolver(names),
        )
        self.updater = FeedUpdater(
            self.database,
            DocumentRetriever(self._client.fetch, parse_with(clock), clock=clock),
            clock=clock,
            monotonic=clock.monotonic,
            chance=self._rng.random,
        )
        settings = SourcesConfig(enabled=("pubmed",), contact_email="ada@example.org")
        sources = build_record_sources(
            settings, Secrets(), self.eutils, clock=clock, monotonic=clock.monotonic, sleep=clock.sleep
        )
        self.enricher = Enricher(self.database, sources.sources, clock)
        self.deliverer = Deliverer(
            self.database,
            FakeMessenger(self.channels),
            clock=clock,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            seconds_between_posts=BETWEEN_POSTS,
        )

    async def stop(self) -> None:
        """Close what `start` opened."""
        if self._client is not None:
            await self._client.close()

    async def turn(self) -> None:
        """All loops once."""
        await self.updater.update_due_feeds()
        await self.enricher.enrich_due()
        await self.deliverer.deliver_due()
        await self.deliverer.join()

    async def live(self, *, days: float) -> None:
        """Let the loops turn for so long."""
        for _ in range(round(days * DAY / LOOP)):
            self.clock.advance(seconds=LOOP)
            await self.turn()

    def publish(self, path: str, count: int = 1, *, is_scheduled: bool = True) -> None:
        """A feed brings new articles, and is sorted anew whenever it does."""
        new = [self._number + number for number in range(1, count + 1)]
        self._number += count
        if is_scheduled:
            self.published += new
        self.shown[path] = self.shown.get(path, []) + new
        self.show(path)

    def show(self, path: str, *, is_empty: bool = False, max_age: int = 0) -> None:
        """A feed shows all that it ever had, or nothing, in any order."""
        document = rss([] if is_empty else self.shown[path], self.clock())
        headers = {"Cache-Control": f"max-age={max_age}"} if max_age else None
        self.server.publish(path, shuffled(document, self._rng), headers=headers)

    def mark(self, name: str) -> None:
        """Something begins now."""
        self.marks[name] = self.clock.monotonic()

    def requests(self, path: str, since: str = "start", until: str = "end") -> list[SeenRequest]:
        """The requests for a feed from one mark to another."""
        began, ended = self.marks[since], self.marks[until]
        return [each for each in self.server.requests_to(path) if began < each.at <= ended]

    def gaps(self, path: str, since: str = "start", until: str = "end") -> list[float]:
        """The seconds between two requests for a feed, while the machine's clock was right."""
        wrong, right = self.marks["clock is wrong"], self.marks["clock is right"]
        return [
            later.at - earlier.at
            for earlier, later in pairwise(self.requests(path, since, until))
            if later.at < wrong or earlier.at > right
        ]


def shuffled(document: str, rng: random.Random) -> str:
    """The same document with its items in another order."""
    head, *items = re.split("(?=<item>|</channel>)", document)
    tail = items.pop()
    rng.shuffle(items)
    return "".join([head, *items, tail])


@pytest.mark.row("B04", "B05", "B12", "B15", "B17", "B18", "B28", "B29", "C18", "D01")
async def test_a_week_of_good_and_bad_days(tmp_path: Path) -> None:
    clock = FakeClock()
    async with feed_server(clock.monotonic) as server:
        database = await Database.open(tmp_path / "wetread.db", clock=clock)
        week = Week(server, database, clock)
        await week.start()
        try:
            await live_through(week)
            assert_nobody_was_bothered(week)
            await assert_everybody_got_everything_once(week)
        finally:
            await week.stop()
            await database.close()


async def live_through(week: Week) -> None:
    """The week itself."""
    server, clock = week.server, week.clock
    week.mark("start")
    for path in (*FEEDS, *ON_ONE_HOST):
        week.publish(path, 10, is_scheduled=False)
        wish = NewSubscription(HERE, Destination(PAPERS), server.url(path, host=host_of(path)), path, ADA)
        await week.database.run(subscriptions.subscribe, wish, clock(), limit=100)
    week.show(QUIET, max_age=10800)
    await week.live(days=1 / 24)

    # Monday: a quiet day, and one feed moves for good.
    server.redirect(MOVED, server.url(NEW_PLACE, host=host_of(NEW_PLACE)))
    week.shown[NEW_PLACE] = week.shown[MOVED]
    week.show(NEW_PLACE)
    week.publish(DAILY, 2)
    await week.live(days=1)

    # Tuesday: everything breaks, and somebody restarts the bot again and again.
    week.mark("Tuesday")
    server.answer(BLOCKED, 403, "<html>Just a moment...</html>", {"cf-mitigated": "challenge"})
    server.answer(THROTTLED, 429, b"", {"Retry-After": f"{3 * HOUR:.0f}"})
    server.answer(BROKEN, 503)
    server.answer(GONE, 410)
    week.show(EMPTIED, is_empty=True)
    week.publish(DAILY, 2)
    await week.live(days=0.5)
    for _ in range(20):
        await week.start()
        clock.advance(seconds=30)
        await week.turn()
    await week.live(days=0.5)

    # Wednesday: it is over, and a journal publishes its issue.
    week.mark("Wednesday")
    for path in (BLOCKED, THROTTLED, BROKEN, EMPTIED):
        week.show(path)
    week.publish(ISSUE, 40)
    await week.live(days=1)

    # Thursday: a publisher changes its system; PubMed is down.
    document = rss(week.shown[GUIDS], clock())
    server.publish(GUIDS, document.replace('isPermaLink="false">jii-', 'isPermaLink="false">new-system/'))
    week.mark("PubMed is down")
    week.eutils.is_down = True
    week.publish(DAILY, 2)
    await week.live(days=0.5)
    week.eutils.is_down = False
    week.mark("PubMed is up")
    await week.live(days=0.5)

    # Friday: the machine's clock is a day ahead, for an hour.
    week.mark("clock is wrong")
    clock.jump(days=1)
    await week.live(days=1 / 24)
    clock.jump(days=-1)
    await week.live(days=1 / 24)
    week.mark("clock is right")
    for path in (DAILY, BROKEN, BLOCKED, NEW_PLACE, *ON_ONE_HOST):
        week.publish(path, 1)
    await week.live(days=1)

    # The weekend.
    week.publish(THROTTLED, 1)
    week.publish(EMPTIED, 1)
    week.publish(GUIDS, 1)
    await week.live(days=2)
    week.mark("end")


def assert_nobody_was_bothered(week: Week) -> None:
    """By the logs of the servers."""
    server = week.server
    for path in (*FEEDS, NEW_PLACE, *ON_ONE_HOST):
        assert min(week.gaps(path), default=DAY) >= INTERVAL, path
        assert len(week.requests(path)) <= 7 * 24, path
        assert len(week.requests(path, "clock is wrong", "clock is right")) <= 3, path

    for each in server.requests:
        assert each.headers["user-agent"] == USER_AGENT
        assert not {"cookie", "referer"} & each.headers.keys()
    for path in (DAILY, QUIET, ISSUE, *ON_ONE_HOST):
        unconditional = [each for each in week.requests(path) if "if-none-match" not in each.headers]
        assert len(unconditional) <= 9, path
        assert len(week.requests(path)) >= 7 * 4, path

    # One host with three feeds: one request at a time, a second or more between two.
    shared = sorted(each.at for path in ON_ONE_HOST for each in week.requests(path))
    assert min(later - earlier for earlier, later in pairwise(shared)) >= 1 - 1e-6

    # What a server says about when to come back is heeded, and a failure makes us patient.
    assert min(week.gaps(QUIET)) >= 3 * HOUR
    assert min(week.gaps(THROTTLED, "Tuesday", "Wednesday")) >= 3 * HOUR
    assert min(week.gaps(BLOCKED, "Tuesday", "Wednesday")) >= 4 * INTERVAL
    assert len(week.requests(BROKEN, "Tuesday", "Wednesday")) <= 7
    assert len(week.requests(GONE, "Tuesday")) == 1
    assert week.requests(MOVED, "Wednesday") == []
    assert len(week.requests(NEW_PLACE, "Wednesday")) >= 5 * 4

    # PubMed: its rate, our name, and no storm while it is down.
    assert week.eutils.refused_count == 0
    for _, request in week.eutils.requests:
        assert {("tool", "wetread"), ("email", "ada@example.org")} <= {*request.params, *request.form}
    down, up = week.marks["PubMed is down"], week.marks["PubMed is up"]
    assert 0 < sum(down < at <= up for at, _ in week.eutils.requests) <= (up - down) / 600


async def assert_everybody_got_everything_once(week: Week) -> None:
    """All that was published is posted, at a pace that can be read, and nothing else."""
    posts = week.channels.posts(PAPERS)
    numbers = [int(post.text.partition("finding number ")[2].split()[0]) for post in posts]
    assert Counter(numbers) == Counter(week.published)
    counts = await week.database.run(deliveries.counts)
    assert {state: count for state, count in counts.items() if count} == {
        DeliveryState.SENT: len(week.published),
        DeliveryState.SKIPPED: 10 * len((*FEEDS, *ON_ONE_HOST)),
    }
    times = [post.sent_at for post in posts]
    for earlier, later in zip(times, times[POSTS_AT_ONCE:], strict=False):
        assert not timedelta(0) <= later - earlier < timedelta(seconds=BETWEEN_POSTS)
