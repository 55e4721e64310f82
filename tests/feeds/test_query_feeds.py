"""Queries as feeds: over a PubMed that counts requests, a busy week, and a real database."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from tests.support.eutils import FakeEutils
from tests.support.watch_stage import ADA, BY_ADA, HERE, PAPERS, SPINE, THEIRS, THERE
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import FaultyQueryError, FeedRetrievalError, TooBroadQueryError
from wetread.domain.models import DeliveryState, Feed, NotModified, Reason
from wetread.feeds.check_result import Retrieval
from wetread.feeds.query_feeds import MOST_AT_ONCE, NEWEST, PubMedRetriever
from wetread.feeds.retrievers import FeedRequest, SchemeRetriever
from wetread.operations.config import Secrets, SourcesConfig
from wetread.services.feed_check import MOST_A_MONTH, FeedChecker, QueryChecker
from wetread.services.sources import build_record_sources
from wetread.services.subscriptions import Subscriptions
from wetread.services.updater import FeedUpdater
from wetread.storage import articles, deliveries, feeds, subscriptions
from wetread.storage.database import Database
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination

SPINE_QUERY = "pubmed:spine"
HOURS = timedelta(hours=1)


async def no_documents(asked: FeedRequest) -> Retrieval | NotModified:
    raise AssertionError(f"nobody asks for {asked.url}")


class Desk:
    """A bot that watches queries, and PubMed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.eutils = FakeEutils(self.clock)
        self.start()

    def start(self, *, most_at_once: int = MOST_AT_ONCE) -> None:
        """Start the bot, as after a restart."""
        sources = build_record_sources(
            SourcesConfig(enabled=("pubmed",)),
            Secrets(),
            self.eutils,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
        )
        self.pubmed = sources.pubmed
        assert self.pubmed
        retrievers = SchemeRetriever(
            no_documents,
            {"pubmed": PubMedRetriever(self.pubmed, self.known_guids, self.clock, most_at_once=most_at_once)},
        )
        self.updater = FeedUpdater(
            self.database,
            retrievers,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            chance=lambda: 0.5,
        )
        catalogue = Catalogue([])
        checker = QueryChecker(retrievers, catalogue, pubmed=self.pubmed, crossref=None, clock=self.clock)

        async def no_web(_request: object) -> None:
            raise AssertionError

        self.subscriptions = Subscriptions(
            self.database,
            FeedChecker(no_web, no_web, catalogue, checker, clock=self.clock),  # type: ignore[arg-type]  # never asked
            catalogue,
            clock=self.clock,
            chance=lambda: 0.5,
        )

    async def known_guids(self, url: str, guids: Sequence[str]) -> frozenset[str]:
        return await self.database.run(feeds.known_guids, url, guids)

    def enter(self, count: int, *, ago: timedelta = timedelta(0), lag: timedelta = timedelta(0)) -> None:
        self.eutils.enter(count, self.clock() - ago, lag=lag)

    async def watch(self, *, newest: int = 0, guild: int = HERE, channel: int = PAPERS) -> int:
        """Subscribe after a check, as moderators do; returns the subscription's id."""
        checked = await self.subscriptions.check(SPINE_QUERY)
        made = await self.subscriptions.subscribe(guild, Destination(channel), BY_ADA, checked, newest=newest)
        return made.id

    async def poll(self, **span: float) -> list[FeedUpdate]:
        self.clock.advance(**(span or {"hours": 3}))
        return await self.updater.update_due_feeds()

    async def feed(self) -> Feed:
        feed = await self.database.run(feeds.by_url, SPINE_QUERY)
        assert feed
        return feed

    async def scheduled(self, channel: int = PAPERS) -> list[str]:
        """Return the PMIDs scheduled for a channel, in the order in which they are posted."""
        found = await self.database.run(deliveries.listing, None, {DeliveryState.PENDING}, limit=100_000)
        here = [each.article_id for each in reversed(found) if each.channel_id == channel and each.article_id]
        records = await self.database.run(articles.merged_records, here)
        return [records[each].pmid or "" for each in here]

    async def delivery_states(self) -> Counter[tuple[DeliveryState, str | None]]:
        found = await self.database.run(deliveries.listing, None, set(DeliveryState), limit=100_000)
        return Counter((each.state, each.reason) for each in found)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = await Database.open(tmp_path / "wetread.db")
    yield Desk(database)
    await database.close()


# Proving ----------------------------------------------------------------------------------------------


async def test_a_query_is_checked_at_once_with_counts_and_a_sample(desk: Desk) -> None:
    desk.enter(40, ago=timedelta(days=400))
    desk.enter(2, ago=timedelta(days=20))
    checked = await desk.subscriptions.check(SPINE_QUERY)

    assert checked.counts
    assert (checked.counts.count, checked.counts.month_count) == (42, 2)
    assert [entry.record.pmid for entry in checked.entries][:2] == ["99000042", "99000041"]
    assert len(checked.entries) == NEWEST
    assert checked.entries[0].record.abstract
    assert (checked.url, checked.title) == (SPINE_QUERY, "PubMed: spine")


async def test_a_query_that_finds_nothing_yet_can_be_watched(desk: Desk) -> None:
    await desk.watch()
    desk.enter(1)
    await desk.poll()

    assert await desk.scheduled() == ["99000001"]


async def test_what_pubmed_does_not_know_is_named(desk: Desk) -> None:
    with pytest.raises(FaultyQueryError) as caught:
        await desk.subscriptions.check("pubmed:jiont[tiab]")
    assert caught.value.unknown == ("jiont[tiab]",)


async def test_what_pubmed_searches_without_is_a_warning(desk: Desk) -> None:
    desk.enter(1)
    checked = await desk.subscriptions.check(f"pubmed:spine OR jiont{'x' * 1000}")

    assert checked.warnings[0].startswith("PubMed does not know jiont")
    assert len(checked.warnings[0]) < 400


async def test_a_query_that_finds_too_much_is_refused_before_its_records_are_fetched(desk: Desk) -> None:
    desk.enter(MOST_A_MONTH + 1, ago=timedelta(days=5))
    with pytest.raises(TooBroadQueryError) as caught:
        await desk.subscriptions.check(SPINE_QUERY)
    assert caught.value.count == MOST_A_MONTH + 1
    assert desk.eutils.fetched == []


async def test_a_query_without_pubmed_is_no_address(desk: Desk) -> None:
    with pytest.raises(FeedRetrievalError) as caught:
        await SchemeRetriever(no_documents, {})(FeedRequest(SPINE_QUERY))
    assert caught.value.kind == "switched_off"


# Watching ---------------------------------------------------------------------------------------------


async def test_the_first_asking_remembers_its_window_and_schedules_the_newest(desk: Desk) -> None:
    desk.enter(30, ago=timedelta(days=40))
    desk.enter(25, ago=timedelta(days=1))
    await desk.watch(newest=3)

    assert await desk.scheduled() == ["99000053", "99000054", "99000055"]
    assert await desk.delivery_states() == {
        (DeliveryState.PENDING, None): 3,
        (DeliveryState.SKIPPED, Reason.BEFORE): 22,
    }
    await desk.poll()
    assert len(await desk.scheduled()) == 3


async def test_entries_are_whole_records_of_pubmed(desk: Desk) -> None:
    desk.enter(1)
    await desk.watch(newest=1)
    [article] = await desk.database.run(articles.get_many, [1])

    assert article.provenance["abstract"] == "PubMed"
    assert [stamp.source for stamp in article.sources] == ["PubMed"]
    assert article.record.doi == "10.5555/jii.99000001"


async def test_only_new_numbers_have_their_records_fetched(desk: Desk) -> None:
    desk.enter(20)
    await desk.watch()
    desk.enter(2)
    before = len(desk.eutils.fetched)
    await desk.poll()
    await desk.poll()

    assert desk.eutils.fetched[before:] == ["99000022", "99000021"]


async def test_an_article_that_shows_two_days_late_is_not_missed(desk: Desk) -> None:
    await desk.watch()
    desk.enter(1, lag=timedelta(days=2))
    for _ in range(20):
        await desk.poll()

    assert await desk.scheduled() == ["99000001"]


async def test_a_record_that_is_not_there_yet_is_asked_for_again(desk: Desk) -> None:
    await desk.watch()
    desk.enter(1)
    desk.eutils.lacks.add("99000001")
    await desk.poll()
    assert await desk.scheduled() == []
    desk.eutils.lacks.clear()
    await desk.poll(days=2)
    assert await desk.scheduled() == ["99000001"]


@pytest.mark.row("D01")
async def test_a_busy_week_with_an_outage_loses_nothing_and_repeats_nothing(desk: Desk) -> None:
    """2,500 articles in a week, some shown late; PubMed is down for a day; the bot restarts now and then."""
    chance = random.Random(7)
    desk.enter(300, ago=timedelta(days=2))
    await desk.watch()
    came = 0
    for hour in range(7 * 24):
        desk.eutils.is_down = 60 <= hour < 84
        if hour == 120:  # the answer breaks off between two pages of records
            desk.eutils.fails_after = 4
        if hour == 126:
            desk.eutils.fails_after = None
        count = 700 if hour == 100 else chance.randrange(0, 24)
        came += count
        desk.enter(count, lag=chance.choice([timedelta(0), 5 * HOURS, 40 * HOURS]))
        if hour % 50 == 0:
            desk.start()
        await desk.poll(hours=1)
        feed = await desk.feed()
        if desk.eutils.is_down and hour > 63:
            assert feed.failure in {"timeout", "circuit_open"}
            assert feed.seen_until
            assert feed.seen_until < desk.clock() - timedelta(hours=hour - 64)
    for _ in range(30):
        await desk.poll(hours=2)

    scheduled = await desk.scheduled()
    assert came >= 2_400
    assert Counter(scheduled) == Counter(each.pmid for each in desk.eutils.articles[300:])
    assert desk.eutils.refused_count == 0
    assert (await desk.feed()).may_have_missed_at is None
    asked_for = Counter(desk.eutils.fetched)
    assert sum(asked_for.values()) < 1.3 * len(asked_for)  # the broken answer's are asked for again


async def test_six_weeks_off_are_caught_up_in_parts_the_earliest_first(desk: Desk) -> None:
    desk.start(most_at_once=50)
    await desk.watch()
    for _ in range(42):
        desk.enter(10)
        desk.clock.advance(days=1)
    sizes = [update.new_count for _ in range(60) for update in await desk.poll(minutes=20)]

    assert max(sizes) <= 50
    assert sum(sizes) == 420
    assert await desk.scheduled() == [each.pmid for each in desk.eutils.articles]


@pytest.mark.row("E32")
async def test_twelve_thousand_hits_are_listed_in_windows_that_fit(desk: Desk) -> None:
    began = desk.clock()
    for _ in range(4):
        desk.enter(3_000)
        desk.clock.advance(days=1)
    listed: list[str] = []

    async def all_are_known(_url: str, guids: Sequence[str]) -> frozenset[str]:
        listed.extend(guids)
        return frozenset(guids)

    assert desk.pubmed
    retrieve = PubMedRetriever(desk.pubmed, all_are_known, desk.clock)
    await retrieve(FeedRequest(SPINE_QUERY, seen_until=began))

    assert sorted(listed) == [f"pubmed:{each.pmid}" for each in desk.eutils.articles]
    assert desk.eutils.refused_count == 0


@pytest.mark.row("E32")
async def test_more_in_a_day_than_pubmed_lists_is_said_and_nothing_passed_over(desk: Desk) -> None:
    await desk.watch()
    before = (await desk.feed()).seen_until
    desk.enter(10_000)
    [update] = await desk.poll()

    assert update.failure == "too_many"
    assert (await desk.feed()).seen_until == before
    assert desk.eutils.fetched == []


# Several servers --------------------------------------------------------------------------------------


async def test_a_second_server_gets_its_newest_and_the_first_nothing_twice(desk: Desk) -> None:
    desk.enter(5)
    await desk.watch(newest=2)
    desk.enter(1)
    desk.clock.advance(minutes=5)
    await desk.watch(newest=3, guild=THERE, channel=THEIRS)

    assert await desk.scheduled() == ["99000004", "99000005", "99000006"]
    assert await desk.scheduled(THEIRS) == ["99000004", "99000005", "99000006"]


async def test_a_second_server_does_not_hide_what_the_first_has_not_seen_yet(desk: Desk) -> None:
    """PubMed was not asked for ten days; somebody else's first look covers three of them."""
    await desk.watch()
    desk.clock.advance(days=5)
    desk.enter(1)
    desk.clock.advance(days=5)
    await desk.watch(guild=THERE, channel=THEIRS)
    await desk.poll()

    assert await desk.scheduled() == ["99000001"]
    assert await desk.scheduled(THEIRS) == []


async def test_a_query_that_nobody_watched_for_months_begins_anew(desk: Desk) -> None:
    subscription = await desk.watch()
    await desk.subscriptions.remove(HERE, subscription, BY_ADA)
    for _ in range(60):
        desk.enter(10)
        desk.clock.advance(days=1)
    await desk.watch(newest=1, channel=SPINE)
    desk.enter(1)
    await desk.poll()

    assert await desk.scheduled(SPINE) == ["99000600", "99000601"]
    assert len(set(desk.eutils.fetched)) < 60


async def test_a_paused_query_goes_on_without_what_came_in_between(desk: Desk) -> None:
    subscription = await desk.watch()
    await desk.subscriptions.pause(HERE, subscription, BY_ADA)
    for _ in range(20):
        desk.enter(3)
        desk.clock.advance(days=1)
    await desk.subscriptions.resume(HERE, subscription, BY_ADA)
    await desk.poll()
    desk.enter(1)
    await desk.poll()

    assert await desk.scheduled() == ["99000061"]


async def test_parts_of_a_window_start_nobody(desk: Desk) -> None:
    """Nothing is scheduled for a subscription that has not started."""
    await desk.watch()
    for _ in range(12):
        desk.enter(3)
        desk.clock.advance(days=1)
    wish = subscriptions.NewSubscription(THERE, Destination(THEIRS), SPINE_QUERY, "Spine", ADA)
    await desk.database.run(subscriptions.subscribe, wish, desk.clock(), limit=9)
    desk.start(most_at_once=5)
    for _ in range(40):
        await desk.poll(minutes=20)

    assert len(await desk.scheduled()) == 36
    assert await desk.scheduled(THEIRS) == []
