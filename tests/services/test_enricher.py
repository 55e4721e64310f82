"""Completing articles over time, on a real database."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Article, Record, Section
from wetread.services.enricher import Enricher
from wetread.storage import articles
from wetread.storage.database import Database

ABSTRACT = (Section("To invent.", "PURPOSE"), Section("Invented.", "RESULTS"))


@dataclass
class Shelf:
    """A record source with records by DOI; `outage` is raised while set, `poison` spoils its batch."""

    name: str
    records: dict[str, Record] = field(default_factory=dict)
    outage: str | None = None
    poison: str | None = None
    asked: list[list[str | None]] = field(default_factory=list)

    def has(self, doi: str, **fields: object) -> None:
        self.records[doi] = Record(self.name, doi=doi, title="Invented", **fields)  # type: ignore[arg-type]  # real fields

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        self.asked.append([each.doi for each in wanted])
        if self.outage:
            raise RecordSourceError(self.name, self.outage)
        if self.poison in {each.doi for each in wanted}:
            raise RecordSourceError(self.name, "unreadable")
        return {each.key: self.records[each.doi] for each in wanted if each.doi in self.records}

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        raise AssertionError(f"nobody enriches by words: {text}, {limit}")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "wetread.db")
    yield database
    await database.close()


@pytest.fixture
def pubmed() -> Shelf:
    return Shelf("PubMed")


@pytest.fixture
def crossref() -> Shelf:
    return Shelf("Crossref")


@pytest.fixture
def unpaywall() -> Shelf:
    return Shelf("Unpaywall")


@pytest.fixture
def enricher(
    database: Database, clock: FakeClock, pubmed: Shelf, crossref: Shelf, unpaywall: Shelf
) -> Enricher:
    return Enricher(database, [pubmed, crossref, unpaywall], clock)


async def seen(database: Database, clock: FakeClock, doi: str = "10.5555/a", **fields: object) -> int:
    record = Record("feed", title=f"Seen {doi}", doi=doi, **fields)  # type: ignore[arg-type]  # real fields
    return await database.run(articles.create, {articles.feed_source(1): record}, [], clock())


async def stored(database: Database, article_id: int) -> Article:
    return await database.run(articles.get, article_id)


async def test_an_abstract_comes_from_pubmed_and_the_others_are_not_asked(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.has("10.5555/a", pmid="99000001", abstract=ABSTRACT)

    assert await enricher.enrich_due() == 1
    article = await stored(database, article_id)
    assert article.record.abstract == ABSTRACT
    assert article.provenance["abstract"] == "PubMed"
    assert article.abstract_added_at == clock()
    assert article.next_enrichment_at is None
    assert crossref.asked == []


async def test_a_source_with_a_fresh_record_is_not_asked_again_but_the_others_are(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    """An article of a query brings its record along."""
    record = Record("PubMed", title="Seen", doi="10.5555/a", pmid="99000001")
    article_id = await database.run(articles.create, {"PubMed": record}, [], clock())
    crossref.has("10.5555/a", abstract=ABSTRACT)
    clock.advance(minutes=5)
    await enricher.enrich_due()

    assert (pubmed.asked, crossref.asked) == ([], [["10.5555/a"]])
    article = await stored(database, article_id)
    assert article.enrichment_count == 1
    assert article.record.abstract == ABSTRACT


async def test_what_pubmed_leaves_out_comes_from_the_next(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.has("10.5555/a", pmid="99000001")
    crossref.has("10.5555/a", abstract=ABSTRACT)
    await enricher.enrich_due()

    article = await stored(database, article_id)
    assert (article.record.pmid, article.provenance["abstract"]) == ("99000001", "Crossref")


async def test_the_free_copy_is_asked_for_beside_the_abstract(
    database: Database, clock: FakeClock, enricher: Enricher, unpaywall: Shelf
) -> None:
    article_id = await seen(database, clock, abstract=ABSTRACT)
    unpaywall.has("10.5555/a", free_url="https://free.example/")
    await enricher.enrich_due()

    assert (await stored(database, article_id)).record.free_url == "https://free.example/"


async def test_articles_are_asked_for_in_one_batch(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    for number in range(45):
        await seen(database, clock, f"10.5555/{number}")
    await enricher.enrich_due()

    assert [len(batch) for batch in pubmed.asked] == [45]


@pytest.mark.row("D04")
async def test_an_abstract_that_comes_late_is_found_at_a_later_try(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    article_id = await seen(database, clock)
    await enricher.enrich_due()
    first = await stored(database, article_id)
    pubmed.has("10.5555/a", pmid="99000001", abstract=ABSTRACT)
    clock.advance(minutes=59)

    assert first.next_enrichment_at == first.first_seen_at + timedelta(hours=1)
    assert await enricher.enrich_due() == 0
    clock.advance(minutes=1)
    assert await enricher.enrich_due() == 1
    assert (await stored(database, article_id)).record.abstract == ABSTRACT


@pytest.mark.row("D04")
async def test_after_the_ninth_pause_nobody_asks_any_more(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    await seen(database, clock)
    for hours in [1] * 24 + [24] * 100:
        await enricher.enrich_due()
        clock.advance(hours=hours)

    assert len(pubmed.asked) == 10  # at once, and after each of the nine pauses


@pytest.mark.row("D03")
async def test_an_outage_is_not_reported_as_missing(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.outage = "server"
    for _ in range(24):
        await enricher.enrich_due()
        clock.advance(minutes=15)
    during = await stored(database, article_id)

    assert (during.enrichment_count, during.record.has_no_abstract) == (0, False)
    assert during.next_enrichment_at is not None
    pubmed.outage = None
    pubmed.has("10.5555/a", pmid="99000001", abstract=ABSTRACT)
    clock.advance(minutes=15)
    await enricher.enrich_due()
    assert (await stored(database, article_id)).record.abstract == ABSTRACT


@pytest.mark.row("D03")
async def test_during_an_outage_of_pubmed_the_others_are_still_asked(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.outage = "timeout"
    crossref.has("10.5555/a", abstract=ABSTRACT)
    await enricher.enrich_due()

    article = await stored(database, article_id)
    assert article.record.abstract == ABSTRACT
    assert article.next_enrichment_at is not None  # PubMed's types and PMID are still to come


async def test_an_outage_of_unpaywall_delays_nothing(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, unpaywall: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.has("10.5555/a", pmid="99000001", abstract=ABSTRACT)
    unpaywall.outage = "server"
    await enricher.enrich_due()

    assert (await stored(database, article_id)).next_enrichment_at is None


async def test_one_bad_record_does_not_cost_the_others_their_abstracts(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    ids = [await seen(database, clock, f"10.5555/{number}") for number in range(16)]
    for number in range(16):
        pubmed.has(f"10.5555/{number}", pmid=str(99000001 + number), abstract=ABSTRACT)
    pubmed.poison = "10.5555/11"
    await enricher.enrich_due()

    without = [
        number for number, each in enumerate(ids) if not (await stored(database, each)).record.abstract
    ]
    assert without == [11]
    assert len(pubmed.asked) < 16


async def test_a_source_that_answers_only_nonsense_is_not_asked_for_ever(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf
) -> None:
    for number in range(64):
        await seen(database, clock, f"10.5555/{number}")
    pubmed.outage = "unreadable"
    await enricher.enrich_due()

    assert len(pubmed.asked) == 3


async def test_a_letter_is_asked_for_once(
    database: Database, clock: FakeClock, enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    article_id = await seen(database, clock)
    pubmed.has("10.5555/a", pmid="99000001", types=("Letter",))
    await enricher.enrich_due()

    assert (await stored(database, article_id)).next_enrichment_at is None
    assert crossref.asked == []


async def test_a_look_up_stops_at_the_first_abstract(
    enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    pubmed.has("10.5555/a", pmid="99000001", abstract=ABSTRACT)
    found = await enricher.complete(RecordRequest(0, doi="10.5555/a"))

    assert list(found) == ["PubMed"]
    assert crossref.asked == []


async def test_a_look_up_that_no_source_knows_is_empty(enricher: Enricher, unpaywall: Shelf) -> None:
    unpaywall.has("10.5555/a", free_url="https://free.example/")

    assert await enricher.complete(RecordRequest(0, doi="10.5555/a")) == {}


async def test_a_look_up_during_an_outage_says_so_only_if_nothing_was_found(
    enricher: Enricher, pubmed: Shelf, crossref: Shelf
) -> None:
    pubmed.outage = "server"
    with pytest.raises(RecordSourceError):
        await enricher.complete(RecordRequest(0, doi="10.5555/a"))

    crossref.has("10.5555/a")
    assert list(await enricher.complete(RecordRequest(0, doi="10.5555/a"))) == ["Crossref"]


# E01: a wrong identifier beside a right one


class ByPmid(Shelf):
    """PubMed: a PMID is asked for before a DOI."""

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        self.asked.append([each.pmid or each.doi for each in wanted])
        names = ((each.key, each.pmid or each.doi) for each in wanted)
        return {key: self.records[name] for key, name in names if name in self.records}


OTHER = Record("PubMed", title="Sham cement for the painful vertebra", doi="10.5555/z", pmid="99000009")
RIGHT = Record("PubMed", title="Invented contrast", doi="10.5555/a", pmid="99000001", abstract=ABSTRACT)
CLAIMED = Record("feed", title="Invented contrast", doi="10.5555/a", pmid="99000009")


@pytest.mark.row("E01")
async def test_an_article_with_a_wrong_pmid_is_completed_by_its_doi(
    database: Database, clock: FakeClock
) -> None:
    pubmed = ByPmid("PubMed", {"99000009": OTHER, "10.5555/a": RIGHT})
    enricher = Enricher(database, [pubmed], clock)
    article_id = await database.run(articles.create, {"feed:1": CLAIMED}, [1], clock())

    while await enricher.enrich_due():
        pass

    article = await database.run(articles.get, article_id)
    assert (article.record.title, article.record.pmid) == (RIGHT.title, RIGHT.pmid)
    assert article.record.abstract == ABSTRACT
    assert pubmed.asked == [["99000009"], ["10.5555/a"]]


@pytest.mark.row("E01")
async def test_one_article_with_a_wrong_pmid_is_asked_for_again_by_its_doi(
    database: Database, clock: FakeClock
) -> None:
    pubmed = ByPmid("PubMed", {"99000009": OTHER, "10.5555/a": RIGHT})
    enricher = Enricher(database, [pubmed], clock)
    wanted = RecordRequest(0, doi="10.5555/a", pmid="99000009", title="Invented contrast")

    assert await enricher.complete(wanted) == {"PubMed": RIGHT}
