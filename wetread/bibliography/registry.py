"""The registry of record sources: how each is asked, read and weighed, in the order in which they are asked.

A new source is one module and one entry here (CONTRIBUTING.md, "Add a record source").
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from wetread.bibliography import (
    crossref,
    crossref_json,
    europepmc,
    europepmc_json,
    openalex,
    openalex_json,
    pubmed,
    pubmed_xml,
    semantic_scholar,
    unpaywall,
)
from wetread.bibliography.answer_fields import Json, raw
from wetread.bibliography.record_source import RecordSource
from wetread.domain.clock import Monotonic
from wetread.domain.models import Record
from wetread.domain.record_sources import FEED, MERGED, Source, SourceName
from wetread.net.web import Fetch


class Role(Enum):
    """What a source is asked for when an article is completed (`services/enricher.py`)."""

    EVERY_ARTICLE = "every article"
    """Asked about every article, and again later whether its record has changed."""
    INDEX = "index"
    """Asked for a missing abstract, title or identifier. While it is down nobody can say "not found"."""
    FALLBACK = "fallback"
    """Asked for a missing abstract. Nobody waits for it: it may have used up its requests of the day."""
    ABSTRACTS = "abstracts"
    """Asked for a missing abstract of an article that another source knows."""
    FREE_COPIES = "free copies"
    """Asked where an article with a DOI may be read for free."""


@dataclass(frozen=True, slots=True)
class Precedence:
    """Which source's value a merged record takes: the lowest number that has one. None = as `usual`."""

    usual: int
    journal: int | None = None
    abstract: int | None = None
    dates: int | None = None
    url: int | None = None
    free_url: int | None = None
    licence: int | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the operator has given: an address to be written to ("" = none), and the source's API key."""

    email: str = ""
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many requests a second, and so many at the same time."""

    per_second: float
    at_once: int


@dataclass(frozen=True, slots=True)
class Connection:
    """What a source is built with. `fetch` keeps to the source's rate limit."""

    fetch: Fetch
    base_url: str
    credentials: Credentials
    monotonic: Monotonic


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer in a file. `json` is empty for XML; `is_xml` says which it is."""

    body: bytes
    json: Json
    is_xml: bool


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One record source.

    `source`: a member of `Source`. `rate_limit`: a little below what the source allows, because it counts in
    windows that begin at other moments than ours. `api_key`: the field of `config.Secrets`, None = it has no
    keys. `answers_words`: whether a search that finds nothing here is sent to it. `recognises` and `parse`
    are for `check-record`: whether a saved answer is this source's, and its records.
    """

    source: SourceName
    make: Callable[[Connection], RecordSource]
    base_url: str
    rate_limit: Callable[[Credentials], RateLimit]
    role: Role
    precedence: Precedence
    recognises: Callable[[SavedAnswer], bool]
    parse: Callable[[bytes], tuple[Record, ...]]
    api_key: str | None = None
    needs_email: bool = False
    answers_words: bool = False


def _is_response_wrapper(saved: SavedAnswer) -> bool:
    """Whether this XML is Europe PMC's; NCBI's has many roots."""
    return b"<responseWrapper" in saved.body[:1000]


REGISTRY: tuple[SourceEntry, ...] = (
    SourceEntry(
        Source.PUBMED,
        make=lambda to: pubmed.PubMed(
            to.fetch, base_url=to.base_url, email=to.credentials.email, api_key=to.credentials.api_key
        ),
        base_url=pubmed.BASE_URL,
        rate_limit=lambda who: RateLimit(9.0 if who.api_key else 2.8, 3),
        api_key="ncbi_api_key",
        role=Role.EVERY_ARTICLE,
        answers_words=True,
        precedence=Precedence(10),
        recognises=lambda saved: (
            not _is_response_wrapper(saved)
            if saved.is_xml
            else "error" in saved.json and "api-key" in saved.json
        ),
        parse=pubmed_xml.parse_efetch,
    ),
    SourceEntry(
        Source.EUROPEPMC,
        make=lambda to: europepmc.EuropePMC(to.fetch, base_url=to.base_url),
        base_url=europepmc.BASE_URL,
        rate_limit=lambda _who: RateLimit(4.8, 2),
        role=Role.INDEX,
        precedence=Precedence(20),
        recognises=lambda saved: (
            _is_response_wrapper(saved)
            if saved.is_xml
            else "resultList" in saved.json or "hitCount" in saved.json
        ),
        parse=europepmc_json.parse_search,
    ),
    SourceEntry(
        Source.CROSSREF,
        make=lambda to: crossref.Crossref(to.fetch, base_url=to.base_url, email=to.credentials.email),
        base_url=crossref.BASE_URL,
        rate_limit=lambda who: RateLimit(9.0, 3) if who.email else RateLimit(4.5, 1),
        role=Role.INDEX,
        answers_words=True,
        # PubMed writes "European radiology"; Crossref has the name on the cover.
        precedence=Precedence(30, journal=5, dates=15, url=5, licence=7),
        recognises=lambda saved: (
            ("message" in saved.json and ("message-type" in saved.json or "status" in saved.json))
            or "DOI" in saved.json
        ),
        parse=crossref_json.parse_saved,
    ),
    SourceEntry(
        Source.OPENALEX,
        make=lambda to: openalex.OpenAlex(
            to.fetch, monotonic=to.monotonic, base_url=to.base_url, api_key=to.credentials.api_key
        ),
        base_url=openalex.BASE_URL,
        rate_limit=lambda _who: RateLimit(9.5, 3),
        api_key="openalex_api_key",
        role=Role.FALLBACK,
        precedence=Precedence(40),
        recognises=lambda saved: (
            "results" in saved.json or raw(saved.json.get("id")).startswith("https://openalex.org/")
        ),
        parse=openalex_json.parse_works,
    ),
    SourceEntry(
        Source.SEMANTIC_SCHOLAR,
        make=lambda to: semantic_scholar.SemanticScholar(
            to.fetch, base_url=to.base_url, api_key=to.credentials.api_key
        ),
        base_url=semantic_scholar.BASE_URL,
        rate_limit=lambda _who: RateLimit(0.95, 1),
        api_key="semantic_scholar_api_key",
        role=Role.ABSTRACTS,
        precedence=Precedence(60),
        recognises=lambda saved: "paperId" in saved.json,
        parse=lambda body: (semantic_scholar.parse_paper(body),),
    ),
    SourceEntry(
        Source.UNPAYWALL,
        make=lambda to: unpaywall.Unpaywall(to.fetch, base_url=to.base_url, email=to.credentials.email),
        base_url=unpaywall.BASE_URL,
        rate_limit=lambda _who: RateLimit(9.5, 3),
        needs_email=True,
        role=Role.FREE_COPIES,
        precedence=Precedence(50, free_url=5, licence=5),
        recognises=lambda saved: "is_oa" in saved.json and "oa_locations" in saved.json,
        parse=lambda body: (unpaywall.parse_location(body),),
    ),
)

_PRECEDENCE_OF_OTHERS = {
    MERGED: Precedence(0),
    FEED: Precedence(90, abstract=35, dates=35, url=6),
}
_PRECEDENCE_OF_UNKNOWN = Precedence(100)


def entry_of(name: str) -> SourceEntry | None:
    """Return the entry of a record source; None for a feed, or a source of an older or later version."""
    return next((entry for entry in REGISTRY if entry.source == name), None)


def precedence_of(name: str) -> Precedence:
    """Return the precedence of a record source, a feed or a merged record; unknown sources come last."""
    entry = entry_of(name)
    return entry.precedence if entry else _PRECEDENCE_OF_OTHERS.get(name, _PRECEDENCE_OF_UNKNOWN)
