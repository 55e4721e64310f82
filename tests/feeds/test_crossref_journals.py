"""A journal that PubMed lacks, watched at Crossref, on a real database."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from tests.support.watch_stage import ADA, HERE, PAPERS
from wetread.bibliography.crossref import Crossref
from wetread.domain.errors import FeedRetrievalError
from wetread.domain.models import DeliveryState
from wetread.feeds.query_feeds import CrossrefRetriever
from wetread.feeds.retrievers import FeedRequest
from wetread.net.web import HttpRequest, HttpResponse
from wetread.services.updater import FeedUpdater
from wetread.storage import articles, deliveries, subscriptions
from wetread.storage.database import Database
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination, NewSubscription

ISSN = "2049-3630"
PLACE = f"crossref:{ISSN}"


class Desk:
    """A bot that watches one journal, and Crossref's list of its works by the day they were made."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.works: list[tuple[date, dict[str, object]]] = []
        self.is_known = True
        self.journals = CrossrefRetriever(
            Crossref(self.answer, base_url="https://crossref.example/"), self.clock
        )
        self.updater = FeedUpdater(
            database, self.journals, clock=self.clock, monotonic=self.clock.monotonic, chance=lambda: 0.5
        )

    def make(self, count: int, *, year: int = 2026) -> None:
        """Let works be registered today that were published in that year."""
        for _ in range(count):
            number = len(self.works) + 1
            made: dict[str, object] = {
                "DOI": f"10.5555/qq.{number}",
                "title": [f"Invented question {number}"],
                "published-online": {"date-parts": [[year, 10, 30]]},
            }
            self.works.append((self.clock().date(), made))

    async def answer(self, request: HttpRequest) -> HttpResponse:
        if not self.is_known:
            return HttpResponse(404, request.url, b"Resource not found.")
        said = dict(request.params)
        filters = dict(part.split(":") for part in said["filter"].split(","))
        first = date.fromisoformat(filters.get("from-created-date", "1900-01-01"))
        last = date.fromisoformat(filters.get("until-created-date", "2100-01-01"))
        found = [made for on, made in reversed(self.works) if first <= on <= last]
        message = {"items": found[: int(said["rows"])], "total-results": len(found)}
        return HttpResponse(200, request.url, json.dumps({"message": message}).encode())

    async def watch(self, newest: int = 0) -> None:
        wish = NewSubscription(HERE, Destination(PAPERS), PLACE, "QQ", ADA, newest=newest)
        await self.database.run(subscriptions.subscribe, wish, self.clock(), limit=9)
        await self.poll()

    async def poll(self) -> FeedUpdate:
        [update] = await self.updater.update_due_feeds()
        self.clock.advance(hours=3)
        return update

    async def dois(self, state: DeliveryState) -> list[str]:
        found = await self.database.run(deliveries.listing, None, {state}, limit=1000)
        ids = [each.article_id for each in found if each.article_id]
        records = await self.database.run(articles.merged_records, ids)
        return sorted(record.doi or "" for record in records.values())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = await Database.open(tmp_path / "wetread.db")
    yield Desk(database)
    await database.close()


async def test_a_journals_new_works_are_scheduled_once(desk: Desk) -> None:
    desk.make(12)
    await desk.watch(newest=2)
    desk.make(2)
    await desk.poll()
    await desk.poll()
    desk.clock.advance(days=2)
    desk.make(1)
    await desk.poll()

    assert await desk.dois(DeliveryState.PENDING) == sorted(
        f"10.5555/qq.{number}" for number in (11, 12, 13, 14, 15)
    )


async def test_an_archive_that_is_deposited_today_is_held_and_not_posted(desk: Desk) -> None:
    desk.make(3)
    await desk.watch()
    desk.make(40, year=1998)
    desk.make(1)
    update = await desk.poll()

    assert (update.pending_count, update.held_count) == (1, 40)


async def test_what_an_outage_hid_is_had_afterwards(desk: Desk) -> None:
    await desk.watch()
    desk.is_known = False
    for _ in range(8):
        desk.make(1)
        desk.clock.advance(days=1)
        assert (await desk.updater.update_due_feeds())[0].failure == "not_found"
    desk.is_known = True
    desk.clock.advance(days=1)
    await desk.poll()

    assert len(await desk.dois(DeliveryState.PENDING)) == 8


async def test_a_journal_that_crossref_does_not_know_is_not_found(desk: Desk) -> None:
    desk.is_known = False
    with pytest.raises(FeedRetrievalError) as caught:
        await desk.journals(FeedRequest(PLACE))
    assert caught.value.kind == "not_found"
