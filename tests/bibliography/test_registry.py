"""The registry of record sources: complete, and the only place that a new source needs beside its module."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import pytest

from cogs.cards.card import card
from tests.bibliography.answers import answer
from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.invented import TODAY, article
from wetread.bibliography import registry
from wetread.bibliography.answer_fields import prose, raw, read_json
from wetread.bibliography.merge import merge_records
from wetread.bibliography.record_report import read_saved_answer
from wetread.bibliography.record_source import RecordRequest
from wetread.bibliography.registry import (
    REGISTRY,
    Connection,
    Credentials,
    Precedence,
    RateLimit,
    Role,
    SourceEntry,
)
from wetread.bibliography.source_fetch import fetch_answer
from wetread.domain.models import Form, Record, Section, Subject
from wetread.domain.record_sources import FEED, Source, SourceName
from wetread.net.web import Fetch, HttpRequest
from wetread.operations.config import SOURCE_NAMES, Secrets, SourcesConfig
from wetread.services.sources import build_record_sources

SAVED = {
    Source.PUBMED: "pubmed/trial.xml",
    Source.EUROPEPMC: "europepmc/search.json",
    Source.CROSSREF: "crossref/list.json",
    Source.OPENALEX: "openalex/list.json",
    Source.SEMANTIC_SCHOLAR: "semantic_scholar/paper.json",
    Source.UNPAYWALL: "unpaywall/location.json",
}


def test_every_source_has_one_entry() -> None:
    assert sorted(entry.source for entry in REGISTRY) == sorted(Source)
    assert set(SOURCE_NAMES) == {source.key for source in Source}


@pytest.mark.parametrize("source", Source)
def test_every_source_is_built_and_its_saved_answers_are_read(source: Source) -> None:
    entry = registry.entry_of(source)
    assert entry is not None
    who = Credentials("ada@invented.example", "k3y")
    made = entry.make(Connection(ScriptedWeb(), entry.base_url, who, FakeClock().monotonic))

    assert made.name == source
    assert entry.base_url.startswith("https://")
    assert entry.base_url.endswith("/")
    assert entry.api_key is None or entry.api_key in {field.name for field in fields(Secrets)}
    assert {record.source for record in read_saved_answer(answer(SAVED[source]))} == {source}
    assert entry.rate_limit(who).per_second >= entry.rate_limit(Credentials()).per_second


# A source that Wetread does not have, as a contributor would write it.


class Invented(SourceName):
    """Its name."""

    INDEX = "Invented Index"


class InventedIndex:
    """Its module: a request, a parser and a class."""

    name = Invented.INDEX

    def __init__(self, fetch: Fetch, base_url: str) -> None:
        self._fetch = fetch
        self._base_url = base_url

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key."""
        found: dict[int, Record] = {}
        for each in wanted:
            response = await fetch_answer(self.name, self._fetch, HttpRequest(f"{self._base_url}{each.doi}"))
            [found[each.key]] = parse(response.body)
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return nothing."""
        raise NotImplementedError


def parse(body: bytes) -> tuple[Record, ...]:
    """Return the record of an answer."""
    found = read_json(Invented.INDEX, body)
    record = Record(
        Invented.INDEX,
        title="An invented finding",
        doi=raw(found.get("invented_doi")),
        journal="Journal of Invented Imaging",
        abstract=(Section(prose(found.get("summary"))),),
    )
    return (record,)


ENTRY = SourceEntry(
    Invented.INDEX,
    make=lambda to: InventedIndex(to.fetch, to.base_url),
    base_url="https://index.invented.example/",
    rate_limit=lambda _who: RateLimit(1.0, 1),
    role=Role.FALLBACK,
    precedence=Precedence(45, journal=1),
    recognises=lambda saved: "invented_doi" in saved.json,
    parse=parse,
)
ANSWER = b'{"invented_doi": "10.5555/index.1", "summary": "What was found was invented."}'


async def test_a_source_that_only_the_registry_knows_is_asked_merged_and_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "REGISTRY", (*REGISTRY, ENTRY))
    web, clock = ScriptedWeb(), FakeClock()
    web.serve("https://index.invented.example/10.5555/index.1", ANSWER)

    sources = build_record_sources(
        SourcesConfig(enabled=(Invented.INDEX.key,)),
        Secrets(),
        web,
        clock=clock,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )
    [source] = sources.sources
    found = await source.fetch_records([RecordRequest(1, doi="10.5555/index.1")])
    said = {FEED: Record(FEED, title="An invented finding", journal="JII", url="https://jii.example/1")}
    merged, provenance = merge_records(said | {source.name: found[1]})

    assert list(sources.fetches) == ["Invented Index"]
    assert provenance["abstract"] == provenance["journal"] == "Invented Index"
    assert read_saved_answer(ANSWER) == (found[1],)
    shown = card(article(7, merged, provenance=provenance), Form.WHOLE, subject=Subject.GENERAL, today=TODAY)
    assert "What was found was invented." in str(shown.embed.to_dict())
    assert "Invented Index" in str(shown.embed.to_dict())
