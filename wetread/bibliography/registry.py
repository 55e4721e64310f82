"""The registry of record sources: how each is asked, read and weighed, in the order in which they are asked.

A new source is one module and one entry here (CONTRIBUTING.md, "Add a record source").
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import cast

from wetread.bibliography.record_source import Credentials, SourceModule
from wetread.domain.record_sources import FEED, MERGED, Source, SourceName


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
class RateLimit:
    """At most so many requests a second, and so many at the same time.

    `lists_per_second`: of requests for lists (`HttpRequest.is_list`); None = counted with all others.
    """

    per_second: float
    at_once: int
    lists_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One record source.

    `source`: a member of `Source`. `module`: its implementation, a `SourceModule`; it is imported when it is
    first needed, so that commands that ask no source start quickly. `rate_limit`: a little below what the
    source allows, because it counts in windows that begin at other moments than ours. `api_key`: the field
    of `config.Secrets`, None = it has no keys. `answers_words`: whether searches that find nothing here are
    sent to it.
    """

    source: SourceName
    module: str
    rate_limit: Callable[[Credentials], RateLimit]
    role: Role
    precedence: Precedence
    api_key: str | None = None
    needs_email: bool = False
    answers_words: bool = False

    @property
    def implementation(self) -> SourceModule:
        """The module."""
        return cast(SourceModule, import_module(self.module))


REGISTRY: tuple[SourceEntry, ...] = (
    SourceEntry(
        Source.PUBMED,
        module="wetread.bibliography.pubmed",
        rate_limit=lambda who: RateLimit(9.0 if who.api_key else 2.8, 3),
        role=Role.EVERY_ARTICLE,
        precedence=Precedence(10),
        api_key="ncbi_api_key",
        answers_words=True,
    ),
    SourceEntry(
        Source.EUROPEPMC,
        module="wetread.bibliography.europepmc",
        rate_limit=lambda _who: RateLimit(4.8, 2),
        role=Role.INDEX,
        precedence=Precedence(20),
    ),
    SourceEntry(
        Source.CROSSREF,
        module="wetread.bibliography.crossref",
        rate_limit=lambda who: RateLimit(9.0, 3, 2.8) if who.email else RateLimit(4.5, 1, 0.95),
        role=Role.INDEX,
        # PubMed writes "European radiology"; Crossref has the name on the cover.
        precedence=Precedence(30, journal=5, dates=15, url=5, licence=7),
        answers_words=True,
    ),
    SourceEntry(
        Source.OPENALEX,
        module="wetread.bibliography.openalex",
        rate_limit=lambda _who: RateLimit(9.5, 3),
        role=Role.FALLBACK,
        precedence=Precedence(40),
        api_key="openalex_api_key",
    ),
    SourceEntry(
        Source.SEMANTIC_SCHOLAR,
        module="wetread.bibliography.semantic_scholar",
        rate_limit=lambda _who: RateLimit(0.95, 1),
        role=Role.ABSTRACTS,
        precedence=Precedence(60),
        api_key="semantic_scholar_api_key",
    ),
    SourceEntry(
        Source.UNPAYWALL,
        module="wetread.bibliography.unpaywall",
        rate_limit=lambda _who: RateLimit(9.5, 3),
        role=Role.FREE_COPIES,
        precedence=Precedence(50, free_url=5, licence=5),
        needs_email=True,
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
