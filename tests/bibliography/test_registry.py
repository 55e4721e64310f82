"""The registry of record sources: complete, and the only place that a new source needs beside its module."""

from dataclasses import fields

import pytest

from cogs.cards.card import card
from tests.bibliography.answers import answer
from tests.bibliography.invented_index import Invented
from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.invented import TODAY, article
from wetread.bibliography import registry
from wetread.bibliography.merge import merge_records
from wetread.bibliography.record_report import read_saved_answer
from wetread.bibliography.record_source import Connection, Credentials, RecordRequest, SourceModule
from wetread.bibliography.registry import REGISTRY, Precedence, RateLimit, Role, SourceEntry
from wetread.domain.models import Form, Record, Subject
from wetread.domain.record_sources import FEED, Source
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
    module: SourceModule = entry.implementation
    made = module.make(Connection(ScriptedWeb(), module.BASE_URL, who, FakeClock().monotonic))

    assert made.name == source
    assert module.BASE_URL.startswith("https://")
    assert module.BASE_URL.endswith("/")
    assert entry.api_key is None or entry.api_key in {field.name for field in fields(Secrets)}
    assert {record.source for record in read_saved_answer(answer(SAVED[source]))} == {source}
    assert entry.rate_limit(who).per_second >= entry.rate_limit(Credentials()).per_second


ENTRY = SourceEntry(
    Invented.INDEX,
    module="tests.bibliography.invented_index",
    rate_limit=lambda _who: RateLimit(1.0, 1),
    role=Role.FALLBACK,
    precedence=Precedence(45, journal=1),
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
