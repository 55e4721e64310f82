"""Feeds brought up to date, over a scripted web and a real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.watch_stage import ADA, HERE, PAPERS
from tests.support.watched_web import FEED, HOST, parse_with, rss
from wetread.domain.errors import FetchFailure
from wetread.domain.models import DeliveryState, Feed
from wetread.feeds.retrievers import DocumentRetriever
from wetread.net.web import HttpRequest, HttpResponse
from wetread.services.updater import ROUND_SECONDS, FeedUpdater
from wetread.storage import deliveries, feeds, handing_out, subscriptions
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, NewSubscription


class Bot:
    """A bot that watches and does nothing else."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.web = ScriptedWeb()
        self.updater = self.started()

    def started(self) -> FeedUpdater:
        return FeedUpdater(
            self.database,
            DocumentRetriever(self.web, parse_with(self.clock), clock=self.clock),
            clock=self.clock,
            monotonic=self.clock.monotonic,
            chance=lambda: 0.5,
        )

    async def watch(self, url: str = FEED, channel: int = PAPERS) -> int:
        wish = NewSubscription(HERE, Destination(channel), url, "JII", ADA)
        made, _ = await self.database.run(subscriptions.subscribe, wish, self.clock(), limit=100)
        assert made.feed_id is not None
        return made.feed_id

    async def pending_count(self) -> int:
        counts = await self.database.run(deliveries.counts)
        return counts[DeliveryState.PENDING]

    async def feed(self, feed_id: int) -> Feed:
        return await self.database.run(feeds.get, feed_id)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    database = await Database.open(tmp_path / "wetread.db")
    yield Bot(database)
    await database.close()


async def test_due_feed_is_retrieved_parsed_and_recorded(bot: Bot) -> None:
    feed_id = await bot.watch()
    bot.web.serve(FEED, rss([1, 2], bot.clock()), headers={"ETag": 'W/"1"'})
    [first] = await bot.updater.update_due_feeds()
    assert (first.failure, first.new_count, first.pending_count) == (None, 2, 0)
    assert (await bot.feed(feed_id)).validators.etag == 'W/"1"'

    bot.clock.advance(hours=2)
    bot.web.serve(FEED, rss([1, 2, 3], bot.clock()))
    [second] = await bot.updater.update_due_feeds()
    assert (second.new_count, second.pending_count) == (1, 1)
    assert await bot.pending_count() == 1


@pytest.mark.row("C01")
async def test_what_an_end_cut_off_is_handed_out_before_the_next_feed(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await bot.watch(channel=PAPERS + number)
    bot.web.serve(FEED, rss([1], bot.clock()))
    await bot.updater.update_due_feeds()
    monkeypatch.setattr(handing_out, "DELIVERIES_AT_ONCE", 1)
    bot.clock.advance(hours=2)
    bot.web.serve(FEED, rss([1, 2], bot.clock()))

    ended = asyncio.create_task(bot.updater.update_due_feeds())
    while await bot.pending_count() != 1:  # noqa: ASYNC110  # the database has no event for it
        await asyncio.sleep(0)
    ended.cancel()
    with suppress(asyncio.CancelledError):
        await ended
    assert await bot.pending_count() < 3

    assert await bot.started().update_due_feeds() == []
    assert await bot.pending_count() == 3


async def test_an_update_counts_all_its_parts(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        await bot.watch(channel=PAPERS + number)
    bot.web.serve(FEED, rss([1], bot.clock()))
    await bot.updater.update_due_feeds()
    monkeypatch.setattr(handing_out, "DELIVERIES_AT_ONCE", 1)
    bot.clock.advance(hours=2)
    bot.web.serve(FEED, rss([1, 2, 3], bot.clock()))

    [update] = await bot.updater.update_due_feeds()

    assert (update.pending_count, update.is_handed_out) == (6, True)


@pytest.mark.row("B28")
async def test_feed_that_is_not_due_is_not_asked_not_even_after_restarts(bot: Bot) -> None:
    """B28."""
    await bot.watch()
    bot.web.serve(FEED, rss([1], bot.clock()))
    for _ in range(20):
        bot.updater = bot.started()
        await bot.updater.update_due_feeds()
        bot.clock.advance(seconds=30)

    assert len(bot.web.requests) == 1


@pytest.mark.row("B25", "B26")
async def test_validators_go_back_byte_for_byte_and_once_a_day_they_do_not(bot: Bot) -> None:
    """B25, B26."""
    await bot.watch()
    headers = {"ETag": 'W/"abc--gzip"', "Last-Modified": "Mon, 2 Nov 2026 08:00:00 GMT"}
    bot.web.serve(FEED, rss([1], bot.clock()), headers=headers, once=True)
    bot.web.serve(FEED, status=304, headers=headers)
    await bot.updater.update_due_feeds()
    bot.clock.advance(hours=7)
    assert await bot.updater.update_due_feeds() == []
    assert bot.web.requests[1].headers["If-None-Match"] == 'W/"abc--gzip"'
    assert bot.web.requests[1].headers["If-Modified-Since"] == "Mon, 2 Nov 2026 08:00:00 GMT"

    bot.clock.advance(hours=20)
    bot.web.serve(FEED, rss([1, 2], bot.clock()), headers=headers, once=True)
    [update] = await bot.updater.update_due_feeds()
    assert "If-None-Match" not in bot.web.requests[2].headers
    assert update.new_count == 1


@pytest.mark.row("B24")
async def test_same_body_is_not_parsed_again(bot: Bot) -> None:
    """B24."""
    feed_id = await bot.watch()
    body = rss([1], bot.clock())
    bot.web.serve(FEED, body)
    await bot.updater.update_due_feeds()
    before = await bot.feed(feed_id)
    bot.clock.advance(hours=2)
    [update] = await bot.updater.update_due_feeds()

    assert (update.new_count, update.updated_count) == (0, 0)
    assert update.feed.body_hash == before.body_hash
    assert update.feed.last_checked_at == bot.clock()


@pytest.mark.row("B31", "B32")
async def test_failure_of_one_feed_is_its_own(bot: Bot) -> None:
    for number in range(5):
        await bot.watch(f"https://host{number}.example.org/rss")
    bot.web.fail("https://host0.example.org/rss", FetchFailure.TLS)
    bot.web.serve("https://host1.example.org/rss", "<html><body>No feed here</body></html>")
    bot.web.serve("https://host2.example.org/rss", "crash")
    bot.web.serve("https://host3.example.org/rss", "bug")
    bot.web.serve("https://host4.example.org/rss", rss([1], bot.clock()))
    updates = await bot.updater.update_due_feeds()

    assert sorted(update.failure or "" for update in updates) == [
        "",
        "crashed",
        "not_a_feed",
        "tls",
        "unexpected",
    ]
    assert await bot.updater.update_due_feeds() == [], "each has a later time now"


@pytest.mark.row("B21")
async def test_cut_body_keeps_the_old_validators_and_loses_nothing(bot: Bot) -> None:
    """B21."""
    feed_id = await bot.watch()
    bot.web.serve(FEED, rss([1], bot.clock()), headers={"ETag": '"1"'})
    await bot.updater.update_due_feeds()
    bot.clock.advance(hours=2)
    whole = rss([1, 2, 3], bot.clock())
    bot.web.serve(FEED, whole[: len(whole) * 2 // 3], headers={"ETag": '"2"'})
    [update] = await bot.updater.update_due_feeds()
    assert update.failure == "truncated"
    assert (await bot.feed(feed_id)).validators.etag == '"1"'

    bot.clock.advance(hours=2)
    bot.web.serve(FEED, whole, headers={"ETag": '"2"'})
    [update] = await bot.updater.update_due_feeds()
    assert update.pending_count == 2


async def test_feed_is_checked_on_demand_due_or_not(bot: Bot) -> None:
    feed_id = await bot.watch()
    bot.web.serve(FEED, rss([1], bot.clock()))
    await bot.updater.update_due_feeds()
    bot.web.serve(FEED, rss([1, 2], bot.clock()))
    update = await bot.updater.update(feed_id)

    assert update.pending_count == 1
    with pytest.raises(LookupError):
        await bot.updater.update(feed_id + 1)


async def test_gone_feed_can_be_checked_by_hand(bot: Bot) -> None:
    feed_id = await bot.watch()
    bot.web.serve(FEED, status=410, once=True)
    bot.web.serve(FEED, rss([1], bot.clock()))
    [update] = await bot.updater.update_due_feeds()
    assert update.feed.is_gone
    bot.clock.advance(days=3)
    assert await bot.updater.update_due_feeds() == []
    update = await bot.updater.update(feed_id)

    assert not update.feed.is_gone


@pytest.mark.row("B29")
async def test_hosts_are_asked_side_by_side_each_one_thing_at_a_time(bot: Bot) -> None:
    """B29: and a host that hangs holds up nobody else."""
    busy: dict[str, int] = {}
    most: dict[str, int] = {}

    async def slow(request: HttpRequest) -> HttpResponse:
        host = request.url.split("/")[2]
        busy[host] = busy.get(host, 0) + 1
        most[host] = max(most.get(host, 0), busy[host])
        most["all"] = max(most.get("all", 0), sum(busy.values()))
        await bot.clock.sleep(2)
        busy[host] -= 1
        return HttpResponse(200, request.url, rss([1], bot.clock()).encode())

    for number in range(12):
        await bot.watch(f"https://host{number % 4}.example.org/{number}")
    updater = FeedUpdater(
        bot.database,
        DocumentRetriever(slow, parse_with(bot.clock), clock=bot.clock),
        concurrency=3,
        clock=bot.clock,
        monotonic=bot.clock.monotonic,
    )
    updates = await updater.update_due_feeds()

    assert len(updates) == 12
    assert {host: count for host, count in most.items() if host != "all"} == {
        f"host{number}.example.org": 1 for number in range(4)
    }
    assert most["all"] == 3


async def test_slow_host_leaves_the_rest_for_the_next_round(bot: Bot) -> None:
    async def hanging(request: HttpRequest) -> HttpResponse:
        await bot.clock.sleep(ROUND_SECONDS / 2)
        return HttpResponse(200, request.url, rss([1], bot.clock()).encode())

    for number in range(5):
        await bot.watch(f"{HOST}/{number}")
    updater = FeedUpdater(
        bot.database,
        DocumentRetriever(hanging, parse_with(bot.clock), clock=bot.clock),
        clock=bot.clock,
        monotonic=bot.clock.monotonic,
    )

    assert [len(await updater.update_due_feeds()) for _ in range(3)] == [2, 2, 1]


async def test_check_by_hand_waits_for_the_one_under_way(bot: Bot) -> None:
    feed_id = await bot.watch()
    bot.web.serve(FEED, rss([1], bot.clock()))
    await bot.updater.update_due_feeds()
    bot.clock.advance(hours=2)
    bot.web.serve(FEED, rss([1, 2], bot.clock()))
    [due], by_hand = await asyncio.gather(bot.updater.update_due_feeds(), bot.updater.update(feed_id))

    assert due.pending_count + by_hand.pending_count == 1
    assert await bot.pending_count() == 1


@pytest.mark.row("C03")
async def test_failure_to_write_ends_the_round(bot: Bot) -> None:
    """C03: what cannot be recorded is not asked for either."""
    await bot.watch()
    bot.web.serve(FEED, rss([1], bot.clock()))
    await bot.database.run(
        lambda db: db.conn.execute(
            "CREATE TEMP TRIGGER full BEFORE UPDATE ON feeds BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    )
    with pytest.raises(Exception, match="disk is full"):
        await bot.updater.update_due_feeds()


async def test_feeds_that_have_not_changed_are_recorded_together(bot: Bot) -> None:
    urls = [f"https://host{number}.example.org/rss" for number in range(5)]
    for url in urls:
        await bot.watch(url)
        bot.web.serve(url, rss([1], bot.clock()), headers={"ETag": '"1"'}, once=True)
        bot.web.serve(url, status=403, once=True)
        bot.web.serve(url, status=304)
    await bot.updater.update_due_feeds()
    bot.clock.advance(hours=2)
    await bot.updater.update_due_feeds()
    bot.clock.advance(hours=6)
    assert await bot.updater.update_due_feeds() == [], "nothing that was not known"

    for feed_id in range(1, 6):
        feed = await bot.feed(feed_id)
        assert (feed.failure, feed.failing_since, feed.failure_count) == (None, None, 0)
        assert feed.last_checked_at == bot.clock()
        assert feed.next_check_at > bot.clock()
    assert await bot.updater.update_due_feeds() == []
