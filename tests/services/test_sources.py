"""Sources are built as the operator enabled them, each with its rate limit."""

import asyncio

import pytest

from tests.bibliography.answers import answer
from tests.support.doubles import FakeClock, ScriptedWeb
from wetread.bibliography import crossref, pubmed
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.errors import RecordSourceError
from wetread.net.circuit_breaker import BreakerState
from wetread.net.web import HttpRequest, HttpResponse
from wetread.operations.config import Secrets, SourcesConfig
from wetread.services.sources import RecordSources, build_record_sources

PUBMED = pubmed.BASE_URL
ANN = "ann@invented.example"


def built(web: ScriptedWeb, clock: FakeClock, settings: SourcesConfig, **secrets: str) -> RecordSources:
    return build_record_sources(
        settings, Secrets(**secrets), web, clock=clock, monotonic=clock.monotonic, sleep=clock.sleep
    )


@pytest.fixture
def web() -> ScriptedWeb:
    web = ScriptedWeb()
    web.serve(f"{PUBMED}efetch.fcgi", answer("pubmed/trial.xml"))
    return web


async def test_they_are_asked_in_the_order_of_the_registry(web: ScriptedWeb) -> None:
    everything = SourcesConfig(
        contact_email=ANN, enabled=("unpaywall", "semantic_scholar", *SourcesConfig().enabled)
    )
    sources = built(web, FakeClock(), everything)

    assert [source.name for source in sources.sources] == [
        "PubMed",
        "Europe PMC",
        "Crossref",
        "OpenAlex",
        "Semantic Scholar",
        "Unpaywall",
    ]
    assert set(sources.fetches) == {source.name for source in sources.sources}


async def test_unpaywall_is_off_without_an_address(web: ScriptedWeb) -> None:
    names = [source.name for source in built(web, FakeClock(), SourcesConfig()).sources]

    assert "Unpaywall" not in names


@pytest.mark.row("D01")
@pytest.mark.parametrize(("secrets", "rate"), [({}, 3), ({"ncbi_api_key": "k3y"}, 10)])
async def test_pubmed_is_never_asked_faster_than_ncbi_allows(
    web: ScriptedWeb, secrets: dict[str, str], rate: int
) -> None:
    clock = FakeClock()
    source = built(web, clock, SourcesConfig(), **secrets).pubmed
    assert source is not None
    times: list[float] = []
    reply = answer("pubmed/trial.xml")

    def note(request: HttpRequest) -> HttpResponse:
        times.append(clock.monotonic())
        return HttpResponse(200, request.url, reply)

    web.answer(f"{PUBMED}efetch.fcgi", note)
    await asyncio.gather(*(source.fetch_records([RecordRequest(1, pmid="99000001")]) for _ in range(30)))

    windows = [sum(start <= at < start + 1 for at in times) for start in times]
    assert len(times) == 30
    assert max(windows) <= rate


@pytest.mark.row("E33")
@pytest.mark.parametrize(("email", "works", "lists"), [(ANN, 10, 3), ("", 5, 1)])
async def test_crossref_is_asked_for_lists_less_often_than_for_works_from_the_first_request_on(
    email: str, works: int, lists: int
) -> None:
    web, clock = ScriptedWeb(), FakeClock()
    source = built(web, clock, SourcesConfig(contact_email=email)).crossref
    assert source is not None
    times: dict[bool, list[float]] = {True: [], False: []}

    def note(request: HttpRequest) -> HttpResponse:
        is_work = "/works/" in request.url
        times[is_work].append(clock.monotonic())
        rate = str(works if is_work else lists)
        headers = {"x-rate-limit-limit": rate, "x-rate-limit-interval": "1s"}
        message = b'{"status": "ok", "message": {"items": []}}'
        return HttpResponse(404 if is_work else 200, request.url, message, headers)

    web.answer(f"{crossref.BASE_URL}works", note)
    web.answer(f"{crossref.BASE_URL}works/10.5555%2Fjii%2C1", note)
    work = [RecordRequest(1, doi="10.5555/jii,1")]  # with a comma it is no part of a list
    await asyncio.gather(
        *(source.search("spine", 5) for _ in range(10)), *(source.fetch_records(work) for _ in range(20))
    )

    assert (len(times[True]), len(times[False])) == (20, 10)
    for is_work, allowed in ((True, works), (False, lists)):
        assert max(sum(at <= other < at + 1 for other in times[is_work]) for at in times[is_work]) <= allowed
    assert times[True][-1] < times[False][-1]


async def test_a_source_that_is_down_is_left_alone_and_tried_again(web: ScriptedWeb) -> None:
    clock = FakeClock()
    sources = built(web, clock, SourcesConfig())
    source = sources.pubmed
    assert source is not None
    web.serve(f"{PUBMED}efetch.fcgi", "", 502)
    for _ in range(20):
        with pytest.raises(RecordSourceError):
            await source.fetch_records([RecordRequest(1, pmid="99000001")])

    assert len(web.requests) == 5
    assert sources.fetches["PubMed"].breaker.state is BreakerState.OPEN
    web.serve(f"{PUBMED}efetch.fcgi", answer("pubmed/trial.xml"))
    clock.advance(minutes=31)
    assert list(await source.fetch_records([RecordRequest(1, pmid="99000001")])) == [1]
