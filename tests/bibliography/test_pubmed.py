"""PubMed: which requests it gets, how few, and which answers count."""

import json
from datetime import date

import pytest

from tests.bibliography.answers import answer
from tests.support.doubles import ScriptedWeb
from wetread.bibliography.pubmed import MOST_IDS, PubMed, identifier_terms, parse_esearch, title_term
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.errors import FetchFailure, RecordSourceError
from wetread.domain.models import PartialDate
from wetread.net.web import HttpRequest, HttpResponse

BASE = "https://eutils.example/"
SEARCH, FETCH = f"{BASE}esearch.fcgi", f"{BASE}efetch.fcgi"
TITLE = "Cooled versus conventional H₂O phantoms, p <.001: a randomized trial"


def hits(*pmids: str) -> bytes:
    listed = ",".join(f'"{pmid}"' for pmid in pmids)
    return f'{{"esearchresult":{{"count":"{len(pmids)}","idlist":[{listed}]}}}}'.encode()


def paged(found: list[str], start: int, count: int) -> bytes:
    page = {"count": str(len(found)), "idlist": found[start : start + count]}
    return json.dumps({"esearchresult": page}).encode()


@pytest.fixture
def web() -> ScriptedWeb:
    web = ScriptedWeb()
    web.serve(FETCH, answer("pubmed/trial.xml"))
    web.serve(SEARCH, hits("99000001"))
    return web


@pytest.fixture
def pubmed(web: ScriptedWeb) -> PubMed:
    return PubMed(web, base_url=BASE, email="ann@invented.example", api_key="k3y")


@pytest.mark.row("D01")
async def test_every_request_says_who_asks(web: ScriptedWeb, pubmed: PubMed) -> None:
    await pubmed.fetch_records([RecordRequest(1, doi="10.5555/jii.2026.0001")])

    for request in web.requests:
        said = dict(request.params) | dict(request.form)
        assert (said["tool"], said["email"], said["api_key"], said["db"]) == (
            "wetread",
            "ann@invented.example",
            "k3y",
            "pubmed",
        )


@pytest.mark.row("D04", "D06")
async def test_two_hundred_pmids_are_one_post(web: ScriptedWeb, pubmed: PubMed) -> None:
    wanted = [RecordRequest(number, pmid=str(99000001 + number)) for number in range(201)]
    found = await pubmed.fetch_records(wanted)

    assert list(found) == [0]
    assert [request.method for request in web.requests] == ["POST", "POST"]
    assert len(dict(web.requests[0].form)["id"].split(",")) == 200


@pytest.mark.row("D06")
async def test_dois_are_found_together_and_their_records_mapped_by_identity(web: ScriptedWeb) -> None:
    web.serve(SEARCH, hits("99000012", "99000011", "99000013"))
    web.serve(FETCH, answer("pubmed/oddities.xml"))
    wanted = [
        RecordRequest(1, doi="10.5555/ajx.26.13"),
        RecordRequest(2, doi="10.5555/vz.2018.11"),
        RecordRequest(3, doi="10.5555/not.mine"),
    ]
    found = await PubMed(web, base_url=BASE).fetch_records(wanted)

    assert {key: record.pmid for key, record in found.items()} == {1: "99000013", 2: "99000011"}
    assert len(web.requests) == 2


@pytest.mark.row("D06", "D07")
async def test_a_record_that_was_not_asked_for_is_ignored(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(SEARCH, hits("99000001"))

    assert await pubmed.fetch_records([RecordRequest(1, doi="10.5555/another")]) == {}


async def test_a_title_is_looked_for_only_without_doi_and_pmid(web: ScriptedWeb, pubmed: PubMed) -> None:
    wanted = RecordRequest(1, title=TITLE, published_on=PartialDate(2026), first_author="Example")
    found = await pubmed.fetch_records([wanted])

    assert found[1].is_probable
    assert found[1].pmid == "99000001"
    assert '"[ti] AND 2026[dp]' in dict(web.requests[0].params)["term"]


async def test_a_pii_is_certain(web: ScriptedWeb, pubmed: PubMed) -> None:
    found = await pubmed.fetch_records([RecordRequest(1, pii="S9999999926000123")])

    assert not found[1].is_probable
    assert dict(web.requests[0].params)["term"] == '"S9999999926000123"[aid] OR "S9999-9999(26)00012-3"[aid]'


async def test_a_search_keeps_pubmeds_order(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(SEARCH, hits("99000013", "99000010", "99000077"))
    web.serve(FETCH, answer("pubmed/oddities.xml"))
    records = await pubmed.search("invented", 3)

    assert [record.pmid for record in records] == ["99000013", "99000010"]
    assert dict(web.requests[0].params)["sort"] == "relevance"


async def test_a_query_can_be_counted_and_followed_by_entry_date(web: ScriptedWeb, pubmed: PubMed) -> None:
    days = (date(2026, 11, 1), date(2026, 11, 2))
    newest = await pubmed.newest('"facet joint"[tiab]', 3)
    count = await pubmed.entered_count('"facet joint"[tiab]', *days)
    entered = await pubmed.entered('"facet joint"[tiab]', *days)

    assert (newest.pmids, count, entered.pmids) == (("99000001",), 1, ("99000001",))
    assert dict(web.requests[0].params)["retmax"] == "3"
    assert dict(web.requests[1].params)["retmax"] == "0"
    for request in web.requests[1:]:
        said = dict(request.params)
        assert (said["datetype"], said["mindate"], said["maxdate"]) == ("edat", "2026/11/01", "2026/11/02")


async def test_a_window_of_many_is_read_page_by_page(web: ScriptedWeb, pubmed: PubMed) -> None:
    """Also when PubMed gives less than it was asked for, and when the pages move meanwhile."""
    found = [str(number) for number in range(99010000, 99000000, -1)]

    def page(request: HttpRequest) -> HttpResponse:
        if len(web.requests) == 2:
            found.insert(0, "99020000")
        start = int(dict(request.params)["retstart"])
        return HttpResponse(200, request.url, paged(found, start, 4_000))

    web.answer(SEARCH, page)
    entered = await pubmed.entered("spine", date(2026, 11, 1), date(2026, 11, 2))

    assert set(found[1:]) <= set(entered.pmids)
    assert len(set(entered.pmids)) == len(entered.pmids)
    assert [dict(request.params)["retstart"] for request in web.requests] == ["0", "4000", "7999"]


async def test_of_more_than_ten_thousand_the_newest_are_returned_and_all_counted(
    web: ScriptedWeb, pubmed: PubMed
) -> None:
    found = [str(number) for number in range(99020000, 99000000, -1)]

    def page(request: HttpRequest) -> HttpResponse:
        said = dict(request.params)
        assert int(said["retstart"]) + int(said["retmax"]) <= MOST_IDS
        return HttpResponse(200, request.url, paged(found, int(said["retstart"]), int(said["retmax"])))

    web.answer(SEARCH, page)
    entered = await pubmed.entered("spine", date(2026, 11, 1), date(2026, 11, 2))

    assert entered.count == 20_000
    assert list(entered.pmids) == found[:MOST_IDS]


async def test_pubmed_names_the_unknown_parts_of_a_term(web: ScriptedWeb, pubmed: PubMed) -> None:
    lists = {
        "errorlist": {"phrasesnotfound": ["nursx"], "fieldsnotfound": ["[tiabx]"]},
        "warninglist": {
            "phrasesignored": ["of"],
            "quotedphrasesnotfound": ['"facet jiont"'],
            "outputmessages": ["No items found."],
        },
    }
    web.serve(SEARCH, json.dumps({"esearchresult": {"count": "0", "idlist": [], **lists}}))
    hits_ = await pubmed.newest("nursx[tiabx]", 10)

    assert hits_.unknown == ("nursx", "[tiabx]", '"facet jiont"')


async def test_a_long_term_is_posted(web: ScriptedWeb, pubmed: PubMed) -> None:
    term = " OR ".join(f"word{number}[tiab]" for number in range(300))
    await pubmed.newest(term, 10)

    assert web.requests[0].method == "POST"
    assert dict(web.requests[0].form)["term"] == term


@pytest.mark.row("D02")
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b'{"error":"API rate limit exceeded","api-key":"203.0.113.9"}', "throttled"),
        (200, b'{"error":"API rate limit exceeded","api-key":"203.0.113.9"}', "throttled"),
        (200, b'{"error":"/lbsm/eutils_lb -> Neg","api-key":"203.0.113.9"}', "server"),
        (200, b"<html><body>Down for maintenance</body></html>", "unreadable"),
        (200, b"<eFetchResult><ERROR>no</ERROR></eFetchResult>", "server"),
        (502, b"", "server"),
        (400, b"", "status"),
    ],
)
async def test_no_fault_is_ever_an_absence(
    web: ScriptedWeb, pubmed: PubMed, status: int, body: bytes, kind: str
) -> None:
    web.serve(FETCH, body, status)
    with pytest.raises(RecordSourceError) as caught:
        await pubmed.fetch_records([RecordRequest(1, pmid="99000001")])

    assert caught.value.kind == kind
    assert "203.0.113.9" not in str(caught.value)


async def test_a_failed_fetch_is_an_outage(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.fail(FETCH, FetchFailure.TIMEOUT)
    with pytest.raises(RecordSourceError) as caught:
        await pubmed.fetch_records([RecordRequest(1, pmid="99000001")])

    assert caught.value.kind == "timeout"


@pytest.mark.row("D02")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error":"API rate limit exceeded","count":"4"}', "throttled"),
        (b'{"esearchresult":{"ERROR":"Empty term"}}', "status"),
        (b'{"header":{}}', "unreadable"),
        (b"<html/>", "unreadable"),
    ],
)
def test_a_search_without_a_result_is_an_error(body: bytes, kind: str) -> None:
    with pytest.raises(RecordSourceError) as caught:
        parse_esearch(body)

    assert caught.value.kind == kind


def test_no_hit_is_a_result() -> None:
    assert parse_esearch(b'{"esearchresult":{"count":"0","idlist":[],"errorlist":{}}}').count == 0


def test_terms_cannot_be_broken_out_of() -> None:
    wanted = RecordRequest(
        1, doi='10.5555/x"OR"y', title='The "invented" phantom \\ of [all] imaging', journal='J" X'
    )
    (doi_term,) = identifier_terms(wanted)

    assert doi_term.count('"') == 2
    assert (title_term(wanted) or "").count('"') == 4


def test_titles_that_many_articles_have_are_not_searched() -> None:
    assert title_term(RecordRequest(1, title="Editorial Board of the Journal of Invented Imaging")) is None
    assert title_term(RecordRequest(1, title="Reply")) is None


async def test_several_candidates_are_no_match(web: ScriptedWeb, pubmed: PubMed) -> None:
    twice = answer("pubmed/trial.xml").replace(b"</PubmedArticleSet>", b"")
    start = twice.index(b"<PubmedArticle>")
    second = twice[start:].replace(b"99000001", b"99000002").replace(b"2026.0001", b"2026.0002")

    def both(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, request.url, twice + second + b"</PubmedArticleSet>")

    web.answer(FETCH, both)
    web.serve(SEARCH, hits("99000001", "99000002"))
    wanted = RecordRequest(1, title=TITLE, published_on=PartialDate(2026), first_author="Example")

    assert await pubmed.fetch_records([wanted]) == {}
