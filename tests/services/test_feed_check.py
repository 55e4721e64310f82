"""Checking queries and journals by number, and what is offered where a publisher refuses the bot."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.eutils import FakeEutils
from tests.support.watched_web import FEED, HOST, parse_with, rss
from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import PubMed
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import FeedBlockedError, FeedRetrievalError, UnknownIssnError
from wetread.domain.models import Journal, Subject
from wetread.feeds.query_feeds import CrossrefRetriever, PubMedRetriever
from wetread.feeds.retrievers import DocumentRetriever, SchemeRetriever
from wetread.services.feed_check import FeedChecker, QueryChecker

PUBMED_FEED = "https://pubmed.example.org/rss/jii"
CROSSREF = "https://crossref.example.org/"
ISSN = "0000-0019"
JII = Journal(
    key="jii",
    title="Journal of Invented Imaging",
    abbreviation="J Invent Imaging",
    issns=(ISSN,),
    nlm_id="9900001",
    subject=Subject.GENERAL,
    subspecialties=("spine",),
    feed_url=PUBMED_FEED,
    publisher_feed_url=FEED,
)
UNLISTED = "2049-3630"


def work(number: int) -> dict[str, object]:
    return {
        "DOI": f"10.5555/qq.{number}",
        "title": [f"Invented {number}"],
        "container-title": ["Quarterly of Questions"],
        "published-online": {"date-parts": [[2026, 10, 30]]},
    }


class Desk:
    """A checker, PubMed, Crossref and the web."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.web = ScriptedWeb()
        self.eutils = FakeEutils(self.clock)
        self.catalogue = Catalogue([JII])
        self.checker = self.made()

    def made(self, *, has_sources: bool = True) -> FeedChecker:
        parse = parse_with(self.clock)
        pubmed = PubMed(self.eutils, base_url="https://eutils.example.org/") if has_sources else None
        crossref = Crossref(self.web, base_url=CROSSREF) if has_sources else None
        queries = ({"pubmed": PubMedRetriever(pubmed, nothing_known, self.clock)} if pubmed else {}) | (
            {"crossref": CrossrefRetriever(crossref, self.clock)} if crossref else {}
        )
        retrievers = SchemeRetriever(DocumentRetriever(self.web, parse, clock=self.clock), queries)
        checker = QueryChecker(retrievers, self.catalogue, pubmed=pubmed, crossref=crossref, clock=self.clock)
        return FeedChecker(self.web, parse, self.catalogue, checker, clock=self.clock)

    def crossref_knows(self, issn: str, *numbers: int) -> None:
        message = {"items": [work(number) for number in numbers], "total-results": len(numbers)}
        self.web.serve(
            f"{CROSSREF}journals/{issn}", json.dumps({"message": {"title": "Quarterly of Questions"}})
        )
        self.web.serve(f"{CROSSREF}journals/{issn}/works", json.dumps({"message": message}))

    async def enter(self, count: int, term: str) -> None:
        self.eutils.enter(count, self.clock(), term=term)
        await self.clock.sleep(5)  # the fake counts requests a second


async def nothing_known(_url: str, _guids: Sequence[str]) -> frozenset[str]:
    return frozenset()


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.eutils = FakeEutils(desk.clock, rate=1000)
    desk.checker = desk.made()
    return desk


# Journals by number -----------------------------------------------------------------------------------


async def test_an_issn_is_watched_at_pubmed_if_it_has_the_journal(desk: Desk) -> None:
    await desk.enter(3, f'"{UNLISTED}"[ta]')
    checked = await desk.checker.check(f"issn: {UNLISTED}")

    assert checked.url == f'pubmed:"{UNLISTED}"[ta]'
    assert (checked.title, checked.journal) == ("J Invent Imaging", None)
    assert checked.counts
    assert checked.counts.count == 3


async def test_an_issn_of_the_catalogue_goes_by_nlms_number_and_bears_the_journals_name(desk: Desk) -> None:
    await desk.enter(3, "9900001[NLMID]")
    checked = await desk.checker.check(f"issn:{ISSN}")

    assert (checked.url, checked.journal) == ("pubmed:9900001[NLMID]", JII)


async def test_an_issn_that_pubmed_lacks_is_watched_at_crossref(desk: Desk) -> None:
    desk.crossref_knows(UNLISTED, 1, 2)
    checked = await desk.checker.check(f"issn:{UNLISTED}")

    assert (checked.url, checked.title) == (f"crossref:{UNLISTED}", "Quarterly of Questions")
    assert {entry.guid for entry in checked.entries} == {"doi:10.5555/qq.1", "doi:10.5555/qq.2"}
    assert all(entry.record.source == "Crossref" for entry in checked.entries)


async def test_a_journal_of_crossref_without_articles_can_be_watched(desk: Desk) -> None:
    desk.crossref_knows(UNLISTED)

    assert (await desk.checker.check(f"crossref:{UNLISTED}")).entries == ()


async def test_an_issn_that_nobody_knows_is_unknown(desk: Desk) -> None:
    desk.web.serve(f"{CROSSREF}journals/{UNLISTED}", "Resource not found.", 404)
    with pytest.raises(UnknownIssnError) as caught:
        await desk.checker.check(f"issn:{UNLISTED}")
    assert not caught.value.is_mistyped


async def test_an_outage_is_no_absence(desk: Desk) -> None:
    """Else a journal of PubMed's would be watched at Crossref for ever."""
    desk.eutils.is_down = True
    desk.crossref_knows(UNLISTED, 1)
    with pytest.raises(FeedRetrievalError) as caught:
        await desk.checker.check(f"issn:{UNLISTED}")
    assert caught.value.kind == "timeout"


async def test_without_sources_there_are_no_queries(desk: Desk) -> None:
    checker = desk.made(has_sources=False)
    for place in ("pubmed:spine", f"issn:{UNLISTED}", f"crossref:{UNLISTED}"):
        with pytest.raises(FeedRetrievalError) as caught:
            await checker.check(place)
        assert caught.value.kind == "switched_off"


async def test_a_category_is_a_feed_at_its_address(desk: Desk) -> None:
    address = "https://rss.arxiv.org/rss/eess.IV"
    desk.web.serve(address, rss([1], desk.clock(), "eess.IV updates"))

    assert (await desk.checker.check("arxiv: eess.IV")).url == address


# Where publishers refuse ------------------------------------------------------------------------------


@pytest.mark.row("B18")
@pytest.mark.parametrize(
    ("address", "headers", "substitute"),
    [
        (FEED, {}, "jii"),
        (f"{HOST}/journal/whatever", {}, "jii"),
        (FEED, {"cf-mitigated": "challenge"}, "jii"),
        (PUBMED_FEED, {}, f"issn:{ISSN}"),
        ("https://elsewhere.example.org/publication/00000019", {}, "jii"),
        (f"https://elsewhere.example.org/{UNLISTED}/feed", {}, f"issn:{UNLISTED}"),
        ("https://elsewhere.example.org/feed", {}, None),
    ],
)
async def test_a_refusal_names_what_may_take_the_feeds_place(
    desk: Desk, address: str, headers: dict[str, str], substitute: str | None
) -> None:
    desk.web.serve(address, "<html>Just a moment...</html>", 403, headers)
    with pytest.raises(FeedBlockedError) as caught:
        await desk.checker.check(address)

    assert caught.value.substitute == substitute
    assert caught.value.kind == "blocked"


async def test_a_journal_whose_feeds_refuse_is_watched_by_query(desk: Desk) -> None:
    desk.web.serve(PUBMED_FEED, status=403)
    desk.web.serve(FEED, status=403)
    await desk.enter(2, "9900001[NLMID]")
    checked = await desk.checker.check(JII)

    assert (checked.url, checked.journal) == ("pubmed:9900001[NLMID]", JII)
    assert len(checked.entries) == 2


async def test_a_journal_that_nobody_answers_for_tells_of_its_usual_feed(desk: Desk) -> None:
    desk.web.serve(PUBMED_FEED, status=403)
    desk.web.serve(FEED, status=403)
    desk.eutils.is_down = True
    with pytest.raises(FeedRetrievalError) as caught:
        await desk.checker.check(JII)
    assert caught.value.kind == "blocked"


async def test_a_journal_without_a_known_feed_is_watched_by_query(desk: Desk) -> None:
    journal = replace(JII, feed_url=None, publisher_feed_url=None, nlm_id=None)
    await desk.enter(2, f'"{ISSN}"[ta]')

    assert (await desk.checker.check(journal)).url == f'pubmed:"{ISSN}"[ta]'
