"""The outbox with a real database and a Discord in memory, for the tests of delivery."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Self

from tests.support.doubles import FakeClock
from tests.support.doubles_messenger import Channels, FakeMessenger
from wetread.domain.errors import StorageFailedError
from wetread.domain.models import Delivery, DeliveryState, DestinationKind, Record, Section
from wetread.domain.pace import Pace
from wetread.feeds.planner import UpdatePolicy
from wetread.services.delivery import Deliverer
from wetread.services.topic_matching import TopicMatcher
from wetread.storage import arrivals, articles, deliveries, paces, scheduling, subscriptions, topics
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery
from wetread.storage.subscriptions import Destination, NewSubscription
from wetread.storage.topics import NewTopic

GUILD = 10
ADA = 7
PAPERS = 100
CLUB = 101
NO_WAIT = UpdatePolicy(abstract_wait=timedelta(0))
LOOP_SECONDS = 5.0
"""The time between two calls of `deliver_due`."""


class Killed(BaseException):
    """Ends the bot like SIGKILL: no code of Wetread catches it."""


class OutboxStage:
    """A bot that only delivers. Call `restart` after a kill; `channels` survives it.

    `at_point`: a kill point, and what happens each time that it is reached.
    """

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.channels = Channels(clock)
        self.kill_at: str | None = None
        self.at_point: tuple[str, Callable[[], None]] | None = None
        self.unauthorized_count = 0
        self.deliverer = self._new_deliverer()
        self.matcher = self._new_matcher()
        self._article_count = 0
        self._feed_count = 0

    @classmethod
    async def open(
        cls, folder: Path, on_replaced: Callable[[StorageFailedError], None] = lambda _error: None
    ) -> Self:
        """Return a stage with a new database."""
        return cls(await Database.open(folder / "wetread.db", on_replaced=on_replaced), FakeClock())

    def restart(self, **settings: int) -> None:
        """Start the bot again without what it had in memory. `settings` are those of the Deliverer."""
        self.kill_at = None
        self.deliverer = self._new_deliverer(**settings)
        self.matcher = self._new_matcher()

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()

    async def new_article(self) -> int:
        """Store another invented article, and return its id."""
        self._article_count += 1
        number = self._article_count
        record = Record(
            source="feed",
            title=f"Invented finding {number}",
            doi=f"10.5555/invented.{number}",
            journal="Journal of Invented Imaging",
            url=f"https://journal.example.org/{number}",
        )
        return await self.database.run(articles.create, {"feed:1": record}, {GUILD}, self.clock())

    async def subscribe(self, channel: int = PAPERS, kind: DestinationKind = DestinationKind.TEXT) -> int:
        """Let another feed post to a destination, and return the subscription's id."""
        self._feed_count += 1
        new = NewSubscription(
            GUILD, Destination(channel, kind), f"https://journal.example.org/{self._feed_count}.xml", "JII", 1
        )
        subscription, _ = await self.database.run(subscriptions.subscribe, new, self.clock(), limit=100)
        return subscription.id

    async def choose(self, pace: Pace, channel: int = PAPERS) -> None:
        """Choose how articles arrive at a destination."""
        await self.database.run(paces.save, GUILD, channel, pace, self.clock(), by=None)

    async def schedule(
        self, count: int = 1, channel: int = PAPERS, kind: DestinationKind = DestinationKind.TEXT
    ) -> list[int]:
        """Schedule that many new articles for a destination, and return their ids in order."""
        ids = [await self.new_article() for _ in range(count)]
        await self.schedule_articles(ids, channel, kind)
        return ids

    async def schedule_articles(
        self,
        article_ids: list[int],
        channel: int = PAPERS,
        kind: DestinationKind = DestinationKind.TEXT,
        **more: object,
    ) -> None:
        """Schedule articles that are stored already."""
        new_deliveries = [NewDelivery(GUILD, channel, kind, article_id) for article_id in article_ids]
        if more:
            new_deliveries = [replace(new_delivery, **more) for new_delivery in new_deliveries]  # type: ignore[arg-type]  # fields of NewDelivery
        await self.database.run(scheduling.schedule, new_deliveries, self.clock())

    async def add_topic(
        self, channel: int = PAPERS, kind: DestinationKind = DestinationKind.TEXT, words: str = "finding"
    ) -> None:
        """Let a topic post all that has these words to a destination."""
        new = NewTopic(GUILD, Destination(channel, kind), f"{words} in {channel}", words, ADA)
        await self.database.run(topics.add, new, self.clock(), limit=100)

    async def arrive(self, count: int = 1) -> list[int]:
        """Let a feed bring that many new articles, which topics are to be compared with; return their ids."""
        ids = [await self.new_article() for _ in range(count)]
        brought = {(GUILD, article_id): False for article_id in ids}
        await self.database.run(arrivals.note, brought, self.clock())
        return ids

    async def add_abstract(self, article_id: int, text: str) -> None:
        """Store an abstract that arrived, and schedule the edits of its posts."""
        article = await self.database.run(articles.get, article_id)
        record = replace(article.record, abstract=(Section(text),))
        await self.database.run(articles.rewrite, article_id, record, {"abstract": "feed"})
        await self.database.run(scheduling.schedule_edits, article_id, scheduling.ABSTRACT, self.clock())

    async def run(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Deliver now, and then at the loop's intervals for that long; long times have longer intervals."""
        span = timedelta(seconds=seconds, minutes=minutes, hours=hours)
        end, step = self.clock() + span, max(LOOP_SECONDS, span.total_seconds() / 120)
        while True:
            await self.turn()
            if self.clock() >= end:
                return
            self.clock.advance(seconds=step)

    async def turn(self) -> None:
        """Run the delivery loop once."""
        await self.matcher.examine()
        await self.deliverer.deliver_due()
        await self.deliverer.join()

    async def run_until_killed(self, point: str) -> None:
        """Deliver until the bot reaches `point`, and kill it there."""
        self.kill_at = point
        try:
            await self.run(minutes=1)
        except Killed:
            self.restart()
            return
        raise AssertionError(f"{point} was never reached")

    async def deliveries(self, channel: int = PAPERS) -> list[Delivery]:
        """Return the deliveries of a destination, in order."""
        found = await self.database.run(deliveries.listing, None, set(DeliveryState), limit=1000)
        return [each for each in reversed(found) if each.channel_id == channel]

    async def delivery(self, channel: int = PAPERS) -> Delivery:
        """Return the only delivery of a destination."""
        [only] = await self.deliveries(channel)
        return only

    def order(self, channel: int = PAPERS) -> list[int]:
        """Return the articles posted to a destination, in order."""
        return [int(post.text.split()[0][1:]) for post in self.channels.posts(channel)]

    def _new_deliverer(self, **settings: int) -> Deliverer:
        return Deliverer(
            self.database,
            FakeMessenger(self.channels),
            **settings,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            chance=lambda: 0.5,
            seconds_between_posts=12,
            kill_point=self._kill_point,
            on_unauthorized=self._count_unauthorized,
        )

    def _new_matcher(self) -> TopicMatcher:
        return TopicMatcher(self.database, self.clock, NO_WAIT, kill_point=self._kill_point)

    def _kill_point(self, point: str) -> None:
        if point == self.kill_at:
            raise Killed(point)
        if self.at_point is not None and point == self.at_point[0]:
            self.at_point[1]()

    def _count_unauthorized(self) -> None:
        self.unauthorized_count += 1
