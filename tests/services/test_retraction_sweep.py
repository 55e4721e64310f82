"""Retractions reach stored articles once, however long a source was down; withdrawn ones are undone."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.support.doubles import FakeClock
from wetread.bibliography.crossref import NOTICES_A_PAGE, Crossref
from wetread.bibliography.pubmed import PubMed
from wetread.domain.models import DestinationKind, PartialDate, Posted, Record
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.net.web import HttpRequest, HttpResponse
from wetread.services.retraction_sweep import RetractionSweep
from wetread.storage import articles, outbox, retraction_checks, scheduling
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery

CROSSREF, PUBMED = "https://crossref.example/", "https://pubmed.example/"


class Literature:
    """Crossref and PubMed with invented works; `retracted` by DOI with whose word it is."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.retracted: dict[str, str] = {}
        self.retracted_pmids: set[str] = set()
        self.missing_pmids: set[str] = set()
        self.indexed: list[str] = []  # DOIs of retracted works, in the order of their notices
        self.is_down = False
        self.is_down_after_page: int | None = None
        self.pubmed_is_down = False

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        await asyncio.sleep(0)
        path = request.url.removeprefix(CROSSREF)
        if request.url.startswith(PUBMED):
            return self._efetch(request)
        return self._works(request) if path == "works" else answer(request, self._work(unquote(path[6:])))

    def retract(self, doi: str, by: str = "publisher", pmid: str | None = None) -> None:
        self.retracted[doi] = by
        self.indexed.append(doi)
        if pmid:
            self.retracted_pmids.add(pmid)

    def passes(self) -> list[dict[str, str]]:
        """What was asked for retractions, first pages only."""
        asked = [dict(request.params) for request in self.requests if request.url == f"{CROSSREF}works"]
        return [params for params in asked if params.get("cursor") == "*"]

    def batches(self) -> list[list[str]]:
        """The PMIDs of each efetch."""
        asked = [dict(request.form) for request in self.requests if request.form]
        return [form["id"].split(",") for form in asked]

    def _works(self, request: HttpRequest) -> HttpResponse:
        params = dict(request.params)
        if self.is_down:
            return answer(request, {}, 503)
        filters = params["filter"].split(",")
        if filters[0] != "update-type:retraction":
            return answer(request, {"items": [self._work(each.removeprefix("doi:")) for each in filters]})
        page = 0 if params["cursor"] == "*" else int(params["cursor"])
        if page == self.is_down_after_page:
            return answer(request, {}, 503)
        found = self.indexed[page * NOTICES_A_PAGE :][:NOTICES_A_PAGE]
        items = [
            {"DOI": f"{doi}.notice", "update-to": [{"DOI": doi.upper(), "type": "retraction"}]}
            for doi in found
        ]
        return answer(request, {"items": items, "next-cursor": str(page + 1)})

    def _work(self, doi: str) -> dict[str, Any]:
        work: dict[str, Any] = {"DOI": doi, "type": "journal-article", "title": [f"Invented {doi}"]}
        if by := self.retracted.get(doi):
            notice = {"DOI": f"{doi}.notice", "type": "retraction", "source": by}
            work["updated-by"] = [notice | {"updated": {"date-parts": [[2026, 1, 12]]}}]
        return work

    def _efetch(self, request: HttpRequest) -> HttpResponse:
        if self.pubmed_is_down:
            return HttpResponse(503, request.url, b"", {})
        pmids = [each for each in dict(request.form)["id"].split(",") if each not in self.missing_pmids]
        body = "".join(self._pubmed_article(pmid) for pmid in pmids)
        return HttpResponse(200, request.url, f"<PubmedArticleSet>{body}</PubmedArticleSet>".encode(), {})

    def _pubmed_article(self, pmid: str) -> str:
        kind = "Retracted Publication" if pmid in self.retracted_pmids else "Journal Article"
        return (
            f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue><PubDate>"
            f"<Year>2026</Year></PubDate></JournalIssue><Title>Invented</Title></Journal><ArticleTitle>"
            f"Invented {pmid}</ArticleTitle><PublicationTypeList><PublicationType>{kind}</PublicationType>"
            "</PublicationTypeList></Article></MedlineCitation></PubmedArticle>"
        )


def answer(request: HttpRequest, message: dict[str, Any], status: int = 200) -> HttpResponse:
    body = json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode()
    return HttpResponse(status, request.url, body, {})


class Swept:
    """The sweep over a real database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.literature = Literature()
        self.sweep = RetractionSweep(
            database,
            PubMed(self.literature, base_url=PUBMED),
            Crossref(self.literature, base_url=CROSSREF),
            self.clock,
        )

    async def keep(self, number: int, source: str = "PubMed", **fields: Any) -> int:
        record = Record(source, f"Invented {number}", doi=f"10.5555/a.{number}", **fields)
        return await self.database.run(articles.create, {source: record}, {1}, self.clock())

    async def kind(self, article_id: int) -> StatusKind:
        return publication_status((await self.database.run(articles.get, article_id)).record).kind

    async def run(self, **span: float) -> int:
        self.clock.advance(**span)
        return await self.sweep.sweep()


@pytest.fixture
async def swept(tmp_path: Path) -> AsyncIterator[Swept]:
    database = await Database.open(tmp_path / "wetread.db")
    yield Swept(database)
    await database.close()


@pytest.mark.row("D13", "D17")
async def test_a_day_of_retractions_is_asked_for_once_a_day_and_marks_what_is_stored(swept: Swept) -> None:
    ours = await swept.keep(1, "Crossref")
    swept.literature.retract("10.5555/somebody.else")
    swept.literature.retract("10.5555/a.1")

    await swept.run()
    await swept.run(hours=12)

    assert await swept.kind(ours) is StatusKind.RETRACTED
    assert len(swept.literature.passes()) == 1
    asked = swept.literature.passes()[0]
    assert asked["filter"] == "update-type:retraction,from-index-date:2026-10-03"


@pytest.mark.row("D13")
async def test_retraction_watch_alone_needs_pubmed_as_second_witness(swept: Swept) -> None:
    alone = await swept.keep(1, pmid="99000001")
    confirmed = await swept.keep(2, pmid="99000002")
    swept.literature.retract("10.5555/a.1", "retraction-watch")
    swept.literature.retract("10.5555/a.2", "retraction-watch", pmid="99000002")

    await swept.run()

    assert await swept.kind(alone) is StatusKind.NORMAL
    assert await swept.kind(confirmed) is StatusKind.RETRACTED


@pytest.mark.row("D17")
async def test_an_outage_of_two_weeks_leaves_no_gap(swept: Swept) -> None:
    """faults.md D17."""
    ours = await swept.keep(1, "Crossref")
    await swept.run()
    first = swept.literature.passes()[0]["filter"]
    swept.literature.is_down = True
    for _ in range(14):
        assert await swept.run(days=1) == 0
    swept.literature.retract("10.5555/a.1")
    swept.literature.is_down = False
    await swept.run(days=1)

    last = swept.literature.passes()[-1]["filter"]
    assert first == "update-type:retraction,from-index-date:2026-10-03"
    assert last == "update-type:retraction,from-index-date:2026-10-31"  # two days before the first pass
    assert await swept.kind(ours) is StatusKind.RETRACTED


@pytest.mark.row("D17")
async def test_an_interrupted_pass_begins_again(swept: Swept) -> None:
    ours = await swept.keep(1, "Crossref")
    for number in range(NOTICES_A_PAGE):
        swept.literature.retract(f"10.5555/other.{number}")
    swept.literature.retract("10.5555/a.1")
    swept.literature.is_down_after_page = 1
    await swept.run()
    assert await swept.kind(ours) is StatusKind.NORMAL

    swept.literature.is_down_after_page = None
    await swept.run(hours=1)

    assert await swept.kind(ours) is StatusKind.RETRACTED


@pytest.mark.row("D18")
async def test_pubmed_is_asked_again_weekly_about_the_young_and_monthly_about_the_old(swept: Swept) -> None:
    """faults.md D18."""
    await swept.keep(1, pmid="99000001", online_on=PartialDate(2026, 9))
    await swept.keep(2, pmid="99000002", issue_on=PartialDate(2001, 4))

    await swept.run(days=6)
    assert swept.literature.batches() == []
    await swept.run(days=1)
    assert swept.literature.batches() == [["99000001"]]
    for _ in range(23):
        await swept.run(days=1)

    asked = [pmid for batch in swept.literature.batches() for pmid in batch]
    assert asked.count("99000001") == 4
    assert asked.count("99000002") == 1


@pytest.mark.row("D18")
async def test_batches_hold_two_hundred(swept: Swept) -> None:
    for number in range(401):
        await swept.keep(number, pmid=str(99_000_001 + number))

    assert await swept.run(days=8) == 401

    assert [len(batch) for batch in swept.literature.batches()] == [200, 200, 1]


@pytest.mark.row("D13", "D16")
async def test_a_retraction_schedules_one_urgent_edit_for_each_post_and_its_withdrawal_another(
    swept: Swept,
) -> None:
    """faults.md D13, D16."""
    ours = await swept.keep(1, pmid="99000001")
    await swept.database.run(
        scheduling.schedule, [NewDelivery(1, 100, DestinationKind.TEXT, ours)], swept.clock()
    )
    claim = await swept.database.run(outbox.claim_next, 100, swept.clock(), 0)
    assert claim
    await swept.database.run(outbox.settle_sent, claim, Posted(5, shown_hash="x"), swept.clock())
    swept.literature.retract("10.5555/a.1", pmid="99000001")
    await swept.run(days=1)
    assert await scheduled(swept) == [scheduling.RETRACTION]
    await settle(swept)
    await swept.run(days=8)
    assert await scheduled(swept) == []  # nothing has changed since
    assert await swept.kind(ours) is StatusKind.RETRACTED

    swept.literature.retracted.clear()
    swept.literature.retracted_pmids.clear()
    await swept.run(days=8)

    assert await swept.kind(ours) is StatusKind.NORMAL
    assert await scheduled(swept) == [scheduling.RETRACTION]


async def test_a_record_that_pubmed_does_not_return_stays_and_is_asked_for_later(swept: Swept) -> None:
    ours = await swept.keep(1, pmid="99000001")
    swept.literature.missing_pmids.add("99000001")

    await swept.run(days=8)
    await swept.run(days=8)

    stored = await swept.database.run(articles.get, ours)
    assert stored.record.pmid == "99000001"
    assert len(swept.literature.batches()) == 1


@pytest.mark.row("D17")
async def test_an_outage_of_pubmed_concludes_nothing(swept: Swept) -> None:
    ours = await swept.keep(1, pmid="99000001")
    swept.literature.pubmed_is_down = True

    assert await swept.run(days=8) == 0

    due = await swept.database.run(retraction_checks.due, "PubMed", swept.clock(), 10)
    assert [article.id for article in due] == [ours]


async def test_with_both_sources_switched_off_nothing_is_asked(swept: Swept) -> None:
    sweep = RetractionSweep(swept.database, None, None, swept.clock)

    assert await sweep.sweep() == 0


async def scheduled(swept: Swept) -> list[int]:
    def read(db: Any) -> list[int]:
        return [row[0] for row in db.conn.execute("SELECT priority FROM edits")]

    return await swept.database.run(read)


async def settle(swept: Swept) -> None:
    def write(db: Any) -> None:
        db.conn.execute("DELETE FROM edits")

    await swept.database.run(write)
