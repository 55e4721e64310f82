"""The other record sources: which requests they get, and which answers count."""

import json
import logging
from datetime import date

import pytest

from tests.bibliography.answers import answer
from tests.support.doubles import FakeClock, ScriptedWeb
from wetread.bibliography.crossref import Crossref
from wetread.bibliography.europepmc import EuropePMC
from wetread.bibliography.openalex import OpenAlex
from wetread.bibliography.record_source import RecordRequest, RecordSource
from wetread.bibliography.semantic_scholar import SemanticScholar
from wetread.bibliography.unpaywall import Unpaywall
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import PartialDate
from wetread.net.web import HttpRequest, HttpResponse

BASE = "https://api.example/"
DOI = "10.5555/jii.2026.0001"
WANTED = RecordRequest(1, doi=DOI)


@pytest.fixture
def web() -> ScriptedWeb:
    return ScriptedWeb()


async def test_crossref_is_asked_for_one_work_by_its_encoded_doi(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works/10.5555%2Fjii.2026.0001", answer("crossref/work.json"))
    found = await Crossref(web, base_url=BASE, email="ann@invented.example").fetch_records([WANTED])

    assert found[1].doi == DOI
    assert web.requests[0].params == (("mailto", "ann@invented.example"),)


async def test_crossref_answers_several_in_one_list(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works", answer("crossref/list.json"))
    web.serve(f"{BASE}works/10.5555%2Fwith%2Ccomma", "Resource not found.", 404)
    wanted = [
        RecordRequest(1, doi="10.5555/too.good"),
        RecordRequest(2, doi="10.5555/notice"),
        RecordRequest(3, doi="10.5555/with,comma"),
    ]
    found = await Crossref(web, base_url=BASE).fetch_records(wanted)

    assert {key: record.doi for key, record in found.items()} == {1: "10.5555/too.good", 2: "10.5555/notice"}
    assert dict(web.requests[0].params)["filter"] == "doi:10.5555/too.good,doi:10.5555/notice"


async def test_a_list_names_only_fields_that_crossref_lets_select(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works", answer("crossref/list.json"))
    await Crossref(web, base_url=BASE).search("invented", 3)

    fields = set(dict(web.requests[0].params)["select"].split(","))
    assert {"DOI", "abstract", "updated-by"} <= fields
    assert fields.isdisjoint({"language", "subtype", "institution", "reference"})


async def test_a_list_that_crossref_refuses_is_asked_one_by_one(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works", '{"status":"failed","message-type":"validation-failure","message":[]}', 400)
    web.serve(f"{BASE}works/10.5555%2Fjii.2026.0001", answer("crossref/work.json"))
    web.serve(f"{BASE}works/10.5555%2Fodd", "", 400)
    found = await Crossref(web, base_url=BASE).fetch_records([WANTED, RecordRequest(2, doi="10.5555/odd")])

    assert list(found) == [1]


async def test_crossref_resolves_a_pii_in_both_spellings(web: ScriptedWeb) -> None:
    listed = {"message-type": "work-list", "message": {"items": [_work()]}}
    web.serve(f"{BASE}works", json.dumps(listed))
    crossref = Crossref(web, base_url=BASE)

    assert (await crossref.fetch_records([RecordRequest(1, pii="S9999999926000123")]))[1].doi == DOI
    assert dict(web.requests[0].params)["filter"] == (
        "alternative-id:S9999999926000123,alternative-id:S9999-9999(26)00012-3"
    )
    assert await crossref.fetch_records([RecordRequest(1, pii="S8888888826000123")]) == {}


async def test_crossref_lists_a_journals_works_by_the_day_their_dois_were_created(web: ScriptedWeb) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        said = dict(request.params)
        first = {"*": 0, "two": 200, "three": 400}[said["cursor"]]
        dois = [f"10.5555/jii.{number}" for number in range(first, min(first + 200, 450))]
        cursor = {"*": "two", "two": "three", "three": "three"}[said["cursor"]]
        message = {"items": [{"DOI": doi} for doi in dois], "total-results": 450, "next-cursor": cursor}
        return HttpResponse(200, request.url, json.dumps({"status": "ok", "message": message}).encode())

    web.answer(f"{BASE}journals/0000-0019/works", page)
    crossref = Crossref(web, base_url=BASE)
    records = await crossref.created("0000-0019", date(2026, 10, 30), date(2026, 11, 2))

    assert {record.doi for record in records} == {f"10.5555/jii.{number}" for number in range(450)}
    assert len(web.requests) == 3
    said = dict(web.requests[0].params)
    assert said["filter"] == (
        "from-created-date:2026-10-30,until-created-date:2026-11-02,type:journal-article"
    )
    assert {"sort", "offset"}.isdisjoint(said)  # neither goes with a cursor


async def test_a_cursor_that_never_ends_is_no_list_of_works(web: ScriptedWeb) -> None:
    message = {"items": [{"DOI": DOI}], "total-results": 9, "next-cursor": "again"}
    web.serve(f"{BASE}journals/0000-0019/works", json.dumps({"message": message}))
    with pytest.raises(RecordSourceError):
        await Crossref(web, base_url=BASE).created("0000-0019", date(2026, 10, 30), date(2026, 11, 2))


async def test_crossref_knows_a_journal_by_its_issn_or_does_not(web: ScriptedWeb) -> None:
    crossref = Crossref(web, base_url=BASE)
    web.serve(f"{BASE}journals/0000-0019", '{"message": {"title": "Journal of Invented Imaging"}}')
    web.serve(f"{BASE}journals/2049-3630", "Resource not found.", 404)
    web.serve(f"{BASE}journals/2434-561X", "", 503)

    assert await crossref.journal_title("0000-0019") == "Journal of Invented Imaging"
    assert await crossref.journal_title("2049-3630") is None
    with pytest.raises(RecordSourceError):
        await crossref.journal_title("2434-561X")


async def test_crossref_finds_by_title_only_what_cannot_be_another_article(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works", json.dumps({"message-type": "work-list", "message": {"items": [_work()]}}))
    title = "Cooled versus conventional phantoms: a randomized trial"
    wanted = RecordRequest(1, title=title, published_on=PartialDate(2026, 1), first_author="Example")

    assert (await Crossref(web, base_url=BASE).fetch_records([wanted]))[1].is_probable


async def test_europepmc_answers_several_in_one_search(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}search", answer("europepmc/search.json"))
    wanted = [
        RecordRequest(1, pmid="99000001"),
        RecordRequest(2, doi="10.5555/preprint.7"),
        RecordRequest(3, doi="10.5555/no"),
    ]
    found = await EuropePMC(web, base_url=BASE).fetch_records(wanted)

    assert {key: record.source for key, record in found.items()} == {1: "Europe PMC", 2: "Europe PMC"}
    params = dict(web.requests[0].params)
    assert params["query"] == (
        '(EXT_ID:99000001 AND SRC:MED) OR DOI:"10.5555/preprint.7" OR DOI:"10.5555/no"'
    )
    assert params["resultType"] == "core"


@pytest.mark.row("D10")
async def test_openalex_without_a_key_is_asked_for_single_works_only(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works/doi:10.5555/jii.2026.0001", answer("openalex/work.json"))
    web.serve(f"{BASE}works/pmid:99000002", "", 404)
    openalex = OpenAlex(web, monotonic=FakeClock().monotonic, base_url=BASE)
    found = await openalex.fetch_records(
        [WANTED, RecordRequest(2, pmid="99000002"), RecordRequest(3, title="A title")]
    )

    assert list(found) == [1]
    assert await openalex.search("invented", 3) == ()


async def test_openalex_with_a_key_answers_lists(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}works", answer("openalex/list.json"))
    openalex = OpenAlex(web, monotonic=FakeClock().monotonic, base_url=BASE, api_key="k3y")
    found = await openalex.fetch_records(
        [RecordRequest(1, doi="10.48550/arxiv.2608.19967"), RecordRequest(2, doi=DOI)]
    )

    assert list(found) == [1]
    assert dict(web.requests[0].params)["api_key"] == "k3y"


@pytest.mark.row("D10")
async def test_openalex_is_left_alone_until_its_reset(web: ScriptedWeb) -> None:
    clock = FakeClock()
    url = f"{BASE}works/doi:10.5555/jii.2026.0001"
    web.serve(url, "{}", 429, {"X-RateLimit-Reset": "3600"}, once=True)
    web.serve(url, answer("openalex/work.json"))
    openalex = OpenAlex(web, monotonic=clock.monotonic, base_url=BASE)
    for _ in range(2):
        with pytest.raises(RecordSourceError, match="throttled"):
            await openalex.fetch_records([WANTED])

    assert len(web.requests) == 1
    clock.advance(hours=1, seconds=1)
    assert list(await openalex.fetch_records([WANTED])) == [1]


@pytest.mark.row("D10")
async def test_openalex_is_left_alone_when_the_days_sum_is_used_up(web: ScriptedWeb) -> None:
    used_up = {"X-RateLimit-Remaining-USD": "0.0", "X-RateLimit-Reset": "60"}
    web.serve(f"{BASE}works/doi:10.5555/jii.2026.0001", answer("openalex/work.json"), 200, used_up)
    openalex = OpenAlex(web, monotonic=FakeClock().monotonic, base_url=BASE)
    await openalex.fetch_records([WANTED])
    with pytest.raises(RecordSourceError, match="throttled"):
        await openalex.fetch_records([WANTED])


async def test_unpaywall_gives_the_free_copy(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}{DOI}", answer("unpaywall/location.json"))
    web.serve(f"{BASE}10.5555/unknown", "", 404)
    unpaywall = Unpaywall(web, email="ann@invented.example", base_url=BASE)
    found = await unpaywall.fetch_records([WANTED, RecordRequest(2, doi="10.5555/unknown")])

    assert {key: record.free_url for key, record in found.items()} == {1: "https://repository.example/1.pdf"}


@pytest.mark.row("D11")
async def test_a_refused_address_is_logged_once_and_switches_unpaywall_off(
    web: ScriptedWeb, caplog: pytest.LogCaptureFixture
) -> None:
    web.serve(f"{BASE}{DOI}", '{"error": true}', 422)
    unpaywall = Unpaywall(web, email="nonsense", base_url=BASE)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert await unpaywall.fetch_records([WANTED, WANTED]) == {}

    assert len(web.requests) == len(caplog.records) == 1
    assert not unpaywall.is_on


async def test_unpaywall_without_an_address_sends_no_request(web: ScriptedWeb) -> None:
    assert await Unpaywall(web, email="", base_url=BASE).fetch_records([WANTED]) == {}
    assert web.requests == []


async def test_semantic_scholar_gives_the_abstract_of_the_very_article(web: ScriptedWeb) -> None:
    web.serve(f"{BASE}paper/DOI:{DOI}", answer("semantic_scholar/paper.json"))
    web.serve(f"{BASE}paper/DOI:10.5555/other", answer("semantic_scholar/paper.json"))
    web.serve(f"{BASE}paper/PMID:99000002", '{"error": "Paper not found"}', 404)
    source = SemanticScholar(web, base_url=BASE, api_key="k3y")
    found = await source.fetch_records(
        [WANTED, RecordRequest(2, doi="10.5555/other"), RecordRequest(3, pmid="99000002")]
    )

    assert list(found) == [1]
    assert found[1].title == ""
    assert web.requests[0].headers == {"x-api-key": "k3y"}


@pytest.mark.parametrize(("status", "kind"), [(429, "throttled"), (503, "server"), (403, "status")])
@pytest.mark.parametrize("name", ["crossref", "europepmc", "openalex", "unpaywall", "semantic_scholar"])
async def test_an_outage_is_never_an_absence(web: ScriptedWeb, name: str, status: int, kind: str) -> None:
    sources: dict[str, tuple[str, RecordSource]] = {
        "crossref": ("works/10.5555%2Fjii.2026.0001", Crossref(web, base_url=BASE)),
        "europepmc": ("search", EuropePMC(web, base_url=BASE)),
        "openalex": (f"works/doi:{DOI}", OpenAlex(web, monotonic=FakeClock().monotonic, base_url=BASE)),
        "unpaywall": (DOI, Unpaywall(web, email="ann@invented.example", base_url=BASE)),
        "semantic_scholar": (f"paper/DOI:{DOI}", SemanticScholar(web, base_url=BASE)),
    }
    path, source = sources[name]
    web.serve(BASE + path, "", status, {"Retry-After": "7"})
    with pytest.raises(RecordSourceError) as caught:
        await source.fetch_records([WANTED])

    assert (caught.value.source, caught.value.kind) == (source.name, kind)


def _work() -> object:
    return json.loads(answer("crossref/work.json"))["message"]
