"""PubMed: what is asked, in how few requests, and which answers count."""

from datetime import date

import pytest

from tests.bibliography.answers import answer
from tests.doubles import ScriptedWeb
from wetread.bibliography import Wanted
from wetread.bibliography.pubmed import PubMed, identifier_terms, parse_esearch, title_term
from wetread.errors import FetchFailure, RecordSourceError
from wetread.models import PartialDate
from wetread.web import HttpRequest, HttpResponse

BASE = "https://eutils.example/"
SEARCH, FETCH = f"{BASE}esearch.fcgi", f"{BASE}efetch.fcgi"
TITLE = "Cooled versus conventional H₂O phantoms, p <.001: a randomized trial"


def hits(*pmids: str) -> bytes:
    listed = ",".join(f'"{pmid}"' for pmid in pmids)
    return f'{{"esearchresult":{{"count":"{len(pmids)}","idlist":[{listed}]}}}}'.encode()


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
    await pubmed.fetch_records([Wanted(1, doi="10.5555/jii.2026.0001")])

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
    wanted = [Wanted(number, pmid=str(99000001 + number)) for number in range(201)]
    found = await pubmed.fetch_records(wanted)

    assert list(found) == [0]
    assert [request.method for request in web.requests] == ["POST", "POST"]
    assert len(dict(web.requests[0].form)["id"].split(",")) == 200


@pytest.mark.row("D06")
async def test_dois_are_found_together_and_their_records_mapped_by_identity(web: ScriptedWeb) -> None:
    web.serve(SEARCH, hits("99000012", "99000011", "99000013"))
    web.serve(FETCH, answer("pubmed/oddities.xml"))
    wanted = [
        Wanted(1, doi="10.5555/ajx.26.13"),
        Wanted(2, doi="10.5555/vz.2018.11"),
        Wanted(3, doi="10.5555/not.mine"),
    ]
    found = await PubMed(web, base_url=BASE).fetch_records(wanted)

    assert {key: record.pmid for key, record in found.items()} == {1: "99000013", 2: "99000011"}
    assert len(web.requests) == 2


@pytest.mark.row("D06", "D07")
async def test_a_record_that_was_not_asked_for_is_ignored(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(SEARCH, hits("99000001"))

    assert await pubmed.fetch_records([Wanted(1, doi="10.5555/another")]) == {}


async def test_a_title_is_looked_for_only_without_doi_and_pmid(web: ScriptedWeb, pubmed: PubMed) -> None:
    wanted = Wanted(1, title=TITLE, published_on=PartialDate(2026), first_author="Example")
    found = await pubmed.fetch_records([wanted])

    assert found[1].is_probable
    assert found[1].pmid == "99000001"
    assert '"[ti] AND 2026[dp]' in dict(web.requests[0].params)["term"]


async def test_a_pii_is_certain(web: ScriptedWeb, pubmed: PubMed) -> None:
    found = await pubmed.fetch_records([Wanted(1, pii="S9999999926000123")])

    assert not found[1].is_probable
    assert dict(web.requests[0].params)["term"] == '"S9999999926000123"[aid] OR "S9999-9999(26)00012-3"[aid]'


async def test_a_search_keeps_pubmeds_order(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.serve(SEARCH, hits("99000013", "99000010", "99000077"))
    web.serve(FETCH, answer("pubmed/oddities.xml"))
    records = await pubmed.search("invented", 3)

    assert [record.pmid for record in records] == ["99000013", "99000010"]
    assert dict(web.requests[0].params)["sort"] == "relevance"


async def test_a_query_can_be_counted_and_followed_by_entry_date(web: ScriptedWeb, pubmed: PubMed) -> None:
    count = await pubmed.count('"facet joint"[tiab]')
    entered = await pubmed.entered('"facet joint"[tiab]', date(2026, 11, 1), date(2026, 11, 2))

    assert (count, entered.pmids) == (1, ("99000001",))
    assert dict(web.requests[1].params)["mindate"] == "2026/11/01"


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
        await pubmed.fetch_records([Wanted(1, pmid="99000001")])

    assert caught.value.kind == kind
    assert "203.0.113.9" not in str(caught.value)


async def test_a_failed_fetch_is_an_outage(web: ScriptedWeb, pubmed: PubMed) -> None:
    web.fail(FETCH, FetchFailure.TIMEOUT)
    with pytest.raises(RecordSourceError) as caught:
        await pubmed.fetch_records([Wanted(1, pmid="99000001")])

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
    wanted = Wanted(
        1, doi='10.5555/x"OR"y', title='The "invented" phantom \\ of [all] imaging', journal='J" X'
    )
    (doi_term,) = identifier_terms(wanted)

    assert doi_term.count('"') == 2
    assert (title_term(wanted) or "").count('"') == 4


def test_titles_of_many_are_not_looked_for() -> None:
    assert title_term(Wanted(1, title="Editorial Board of the Journal of Invented Imaging")) is None
    assert title_term(Wanted(1, title="Reply")) is None


async def test_several_candidates_are_none(web: ScriptedWeb, pubmed: PubMed) -> None:
    twice = answer("pubmed/trial.xml").replace(b"</PubmedArticleSet>", b"")
    start = twice.index(b"<PubmedArticle>")
    second = twice[start:].replace(b"99000001", b"99000002").replace(b"2026.0001", b"2026.0002")

    def both(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, request.url, twice + second + b"</PubmedArticleSet>")

    web.answer(FETCH, both)
    web.serve(SEARCH, hits("99000001", "99000002"))
    wanted = Wanted(1, title=TITLE, published_on=PartialDate(2026), first_author="Example")

    assert await pubmed.fetch_records([wanted]) == {}
