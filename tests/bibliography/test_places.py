"""PubMed's citation match and Crossref: what they are asked about a place in a journal, and what counts."""

import json

import pytest

from tests.bibliography.answers import answer
from tests.support.doubles import ScriptedWeb
from wetread.bibliography.crossref import Crossref
from wetread.bibliography.ecitmatch import citation_lines, parse_ecitmatch, place_term
from wetread.bibliography.pubmed import PubMed
from wetread.domain.errors import FetchFailure, RecordSourceError
from wetread.domain.models import JournalPlace

BASE = "https://eutils.example/"
MATCH, SEARCH, FETCH = f"{BASE}ecitmatch.cgi", f"{BASE}esearch.fcgi", f"{BASE}efetch.fcgi"
WORKS = "https://crossref.example/works"
PLACE = JournalPlace(("J Invent Imaging",), "21", "927", "4", 2001)
TEXT = "Example A. A study. J Invent Imaging 2001;21(4):927-30"


def hits(*pmids: str) -> bytes:
    return json.dumps({"esearchresult": {"count": str(len(pmids)), "idlist": pmids}}).encode()


@pytest.fixture
def web() -> ScriptedWeb:
    web = ScriptedWeb()
    web.serve(FETCH, answer("pubmed/trial.xml"))
    web.serve(SEARCH, hits())
    return web


@pytest.fixture
def pubmed(web: ScriptedWeb) -> PubMed:
    return PubMed(web, base_url=BASE, email="ann@invented.example", api_key="k3y")


@pytest.mark.parametrize(
    ("body", "pmids"),
    [
        ("j invent imaging||21|927||0|99000001", ("99000001",)),
        ("j invent imaging||21|927||0|99000001\n", ("99000001",)),
        ("j invent imaging||21|927||0|99000001\r\n", ("99000001",)),
        ("j invent imaging||21|927||0|NOT_FOUND", ()),
        ("j invent imaging||21|927|0|NOT_FOUND;INVALID_JOURNAL", ()),
        ("j invent imaging||21|927||0|AMBIGUOUS 99000001,99000002", ("99000001", "99000002")),
        ("j invent imaging||21|927||0|AMBIGUOUS 99000001, 99000002", ("99000001", "99000002")),
        ("j invent imaging||21|927||0|AMBIGUOUS (783 citations)", ()),
        ("j invent imaging||21|927||0|AMBIGUOUS(5 citations)", ()),
        ("a||21|927||0|NOT_FOUND\nb||21|927||1|99000001", ("99000001",)),
        ("a||21|927||0|99000001\nb||21|927||1|99000001", ("99000001",)),
        ("a||21|927||0|", ()),
        ("", ()),
        ("anything else", ()),
        ("a||1|2||0|" + "9" * 30, ()),
    ],
)
def test_the_ends_of_the_lines_are_read(body: str, pmids: tuple[str, ...]) -> None:
    assert parse_ecitmatch(body.encode()) == pmids


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4","limit":"3"}', "throttled"),
        (b"<!DOCTYPE html><html>Batch Citation Matcher</html>", "unreadable"),
        (b"{", "unreadable"),
    ],
)
def test_an_answer_of_another_kind_is_a_failure(body: bytes, kind: str) -> None:
    with pytest.raises(RecordSourceError) as caught:
        parse_ecitmatch(body)
    assert caught.value.kind == kind


def test_each_name_of_the_journal_is_a_line_that_no_name_can_break() -> None:
    place = JournalPlace(("J\rInvent|Imaging", "Imaging"), "21", "927")

    assert citation_lines(place) == "J Invent Imaging||21|927||0|\rImaging||21|927||1|"
    assert place_term(place) == '("J Invent|Imaging"[ta] OR "Imaging"[ta]) AND "21"[vi] AND "927"[pg]'


async def test_what_the_citation_match_finds_is_fetched(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(MATCH, "j invent imaging||21|927||0|99000001")

    [record] = await pubmed.at_place(PLACE, TEXT, ())

    match, fetch = web.requests
    said = dict(match.params)
    assert record.pmid == "99000001"
    assert said["bdata"] == "J Invent Imaging||21|927||0|"
    assert (said["db"], said["retmode"], said["tool"]) == ("pubmed", "xml", "wetread")
    assert (said["email"], said["api_key"]) == ("ann@invented.example", "k3y")
    assert dict(fetch.form)["id"] == "99000001"


@pytest.mark.parametrize("end", ["NOT_FOUND", "NOT_FOUND;INVALID_JOURNAL", "AMBIGUOUS (5 citations)"])
async def test_what_it_does_not_find_is_searched_for(end: str, web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(MATCH, f"j invent imaging||21|927||0|{end}")
    web.serve(SEARCH, hits("99000001"))

    [record] = await pubmed.at_place(PLACE, TEXT, ())

    assert record.pmid == "99000001"
    assert dict(web.requests[1].params)["term"] == '("J Invent Imaging"[ta]) AND "21"[vi] AND "927"[pg]'


async def test_nothing_is_fetched_where_nothing_is_found(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(MATCH, "j invent imaging||21|927||0|NOT_FOUND")

    assert await pubmed.at_place(PLACE, TEXT, ()) == []
    assert len(web.requests) == 2


async def test_an_outage_of_the_citation_match_is_one(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.fail(MATCH, FetchFailure.TIMEOUT)

    with pytest.raises(RecordSourceError) as caught:
        await pubmed.at_place(PLACE, TEXT, ())
    assert caught.value.source == "PubMed"


async def test_crossref_compares_the_whole_citation_within_the_journal() -> None:
    web = ScriptedWeb()
    web.serve(WORKS, answer("crossref/list.json"))
    crossref = Crossref(web, base_url="https://crossref.example/", email="ann@invented.example")

    found = await crossref.at_place(PLACE, TEXT, ("0000-0019", "0000-0027"))

    [request] = web.requests
    said = dict(request.params)
    assert found
    assert said["query.bibliographic"] == TEXT
    assert said["filter"] == "type:journal-article,issn:0000-0019,issn:0000-0027"
    assert said["mailto"] == "ann@invented.example"
    assert request.is_list


async def test_crossref_is_asked_without_an_issn_if_the_journal_is_not_known() -> None:
    web = ScriptedWeb()
    web.serve(WORKS, b'{"status":"ok","message":{"items":[],"total-results":0}}')

    assert not await Crossref(web, base_url="https://crossref.example/").at_place(PLACE, "x" * 900, ())

    said = dict(web.requests[0].params)
    assert said["filter"] == "type:journal-article"
    assert len(said["query.bibliographic"]) == 500
