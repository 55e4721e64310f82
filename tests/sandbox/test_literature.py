"""The sandbox's PubMed, Crossref and publishers answer every request that Wetread sends to the real ones."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.library import Library, SampleArticle
from sandbox.web import Web
from tests.support.doubles import FakeClock
from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import PubMed
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.models import PartialDate
from wetread.net.http_client import HttpClient
from wetread.net.web import HttpRequest


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
async def web(clock: FakeClock) -> AsyncIterator[Web]:
    async with Web(Library(clock)) as running:
        yield running


@pytest.fixture
async def client(clock: FakeClock) -> AsyncIterator[HttpClient]:
    made = HttpClient(
        user_agent="Wetread/test",
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        allowed_addresses=("127.0.0.1:*",),
        host_gap=0,
    )
    yield made
    await made.close()


def article(web: Web, key: str, number: int) -> SampleArticle:
    journal = web.library.find(key)
    assert journal is not None
    while len(web.library.out(journal)) < number:
        web.library.publish(journal)
    return web.library.out(journal)[-number]


async def test_pubmed_finds_by_doi_pmid_pii_and_title(web: Web, client: HttpClient) -> None:
    pubmed = PubMed(client.fetch, base_url=f"{web.base_url}pubmed/eutils/")
    trial, bears = article(web, "aisi", 1), article(web, "eafr", 1)

    found = await pubmed.fetch_records(
        [
            RecordRequest(1, doi=trial.doi),
            RecordRequest(2, pmid=bears.pmid),
            RecordRequest(3, pii=bears.pii),
            RecordRequest(
                4,
                title=trial.title,
                journal=trial.journal.title,
                published_on=PartialDate(trial.published_at.year),
                first_author=trial.authors[0].family,
            ),
            RecordRequest(5, doi="10.5555/unknown"),
        ]
    )

    dois = {key: record.doi for key, record in found.items()}
    assert dois == {1: trial.doi, 2: bears.doi, 3: bears.doi, 4: trial.doi}
    assert [section.label for section in found[1].abstract] == [
        "BACKGROUND",
        "METHODS",
        "RESULTS",
        "CONCLUSION",
    ]
    assert found[1].authors[0].affiliations == ("Clinic for Pretend Pain, Utopia.",)
    assert found[1].types == ("Journal Article", "Randomized Controlled Trial")


async def test_pubmed_finds_by_words(web: Web, client: HttpClient) -> None:
    pubmed = PubMed(client.fetch, base_url=f"{web.base_url}pubmed/eutils/")

    found = await pubmed.search("epidural injection imaginary", 5)

    assert [record.doi for record in found] == [article(web, "aisi", 1).doi]


async def test_an_abstract_may_come_late(web: Web, client: HttpClient, clock: FakeClock) -> None:
    pubmed = PubMed(client.fetch, base_url=f"{web.base_url}pubmed/eutils/")
    late = article(web, "aisi", 4)
    assert late.late

    before = (await pubmed.fetch_records([RecordRequest(1, doi=late.doi)]))[1]
    clock.advance(seconds=late.late)
    after = (await pubmed.fetch_records([RecordRequest(1, doi=late.doi)]))[1]

    assert not before.abstract
    assert after.abstract


async def test_crossref_knows_the_works_without_abstracts(web: Web, client: HttpClient) -> None:
    crossref = Crossref(client.fetch, base_url=f"{web.base_url}crossref/")
    one, other = article(web, "jii", 1), article(web, "eafr", 1)

    found = await crossref.fetch_records(
        [
            RecordRequest(1, doi=one.doi),
            RecordRequest(2, pii=other.pii),
            RecordRequest(3, doi="10.5555/unknown"),
        ]
    )

    assert {key: record.doi for key, record in found.items()} == {1: one.doi, 2: other.doi}
    assert not found[1].abstract


async def test_feeds_answer_conditional_requests(web: Web, client: HttpClient) -> None:
    journal = web.library.journals[0]
    url = web.feed_url(journal)

    first = await client.fetch(HttpRequest(url))
    again = await client.fetch(HttpRequest(url, headers={"If-None-Match": first.headers["etag"]}))
    web.library.publish(journal)
    changed = await client.fetch(HttpRequest(url, headers={"If-None-Match": first.headers["etag"]}))
    web.library.broken.add(journal.key)
    broken = await client.fetch(HttpRequest(url))

    assert [answer.status for answer in (first, again, changed, broken)] == [200, 304, 200, 503]


async def test_real_journals_of_the_catalogue_get_invented_articles_that_say_so(
    web: Web, client: HttpClient
) -> None:
    journal = web.with_stand_ins(None).find("Radiology")
    assert journal.feed_url is not None

    answer = await client.fetch(HttpRequest(journal.feed_url))

    assert b"Radiology (sandbox)" in answer.body
    assert answer.body.count(b"<item>") == 3


def test_every_article_has_identifiers_of_its_own() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    library = Library(lambda: now + timedelta())
    for _ in range(40):
        library.publish()

    for name in ("doi", "pmid", "pii", "title"):
        values = [getattr(article, name) for article in library.articles]
        assert len(values) == len(set(values))
