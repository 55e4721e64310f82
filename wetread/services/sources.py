"""The record sources, each behind its own rate, as the operator has switched them on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from wetread.bibliography.crossref import Crossref
from wetread.bibliography.europepmc import EuropePMC
from wetread.bibliography.openalex import OpenAlex
from wetread.bibliography.pubmed import PubMed
from wetread.bibliography.record_source import RecordSource
from wetread.bibliography.semantic_scholar import SemanticScholar
from wetread.bibliography.unpaywall import Unpaywall
from wetread.domain.clock import Clock, Monotonic, Sleep
from wetread.net.rates import CircuitBreaker, PoliteFetch, TokenBucket
from wetread.net.web import Fetch
from wetread.operations.config import Secrets, SourcesConfig


@dataclass(frozen=True, slots=True)
class RecordSources:
    """`sources` in the order in which they are asked; `fetches` by source name, for `status`."""

    sources: tuple[RecordSource, ...]
    fetches: Mapping[str, PoliteFetch]

    @property
    def searched(self) -> tuple[RecordSource, ...]:
        """Those that answer free words, best first."""
        return tuple(each for each in self.sources if each.name in ("PubMed", "Crossref"))

    @property
    def pubmed(self) -> PubMed | None:
        """PubMed, for queries that are feeds; None if it is switched off."""
        return next((each for each in self.sources if isinstance(each, PubMed)), None)

    @property
    def crossref(self) -> Crossref | None:
        """Crossref, for the retractions of a day; None if it is switched off."""
        return next((each for each in self.sources if isinstance(each, Crossref)), None)


def build_record_sources(
    settings: SourcesConfig,
    secrets: Secrets,
    fetch: Fetch,
    *,
    clock: Clock,
    monotonic: Monotonic,
    sleep: Sleep,
) -> RecordSources:
    """Build the sources that are enabled, one bucket each for the whole process (sources.md)."""
    email = settings.contact_email

    def politely(rate: float, at_once: int) -> PoliteFetch:
        """At most `rate` requests a second, `at_once` under way together."""
        return PoliteFetch(
            fetch,
            TokenBucket(rate, monotonic=monotonic, sleep=sleep),
            CircuitBreaker(monotonic=monotonic),
            asyncio.Semaphore(at_once),
            clock,
        )

    # A little below what is allowed: the services count in windows that are not ours.
    fetches = {
        "pubmed": politely(9.0 if secrets.ncbi_api_key else 2.8, 3),
        "europepmc": politely(4.8, 2),
        "crossref": politely(9.0 if email else 4.5, 3 if email else 1),
        "openalex": politely(9.5, 3),
        "semantic_scholar": politely(0.95, 1),
        "unpaywall": politely(9.5, 3),
    }
    built: dict[str, RecordSource] = {
        "pubmed": PubMed(
            fetches["pubmed"], base_url=settings.pubmed_url, email=email, api_key=secrets.ncbi_api_key
        ),
        "europepmc": EuropePMC(fetches["europepmc"], base_url=settings.europepmc_url),
        "crossref": Crossref(fetches["crossref"], base_url=settings.crossref_url, email=email),
        "openalex": OpenAlex(
            fetches["openalex"],
            monotonic=monotonic,
            base_url=settings.openalex_url,
            api_key=secrets.openalex_api_key,
        ),
        "semantic_scholar": SemanticScholar(
            fetches["semantic_scholar"],
            base_url=settings.semantic_scholar_url,
            api_key=secrets.semantic_scholar_api_key,
        ),
        "unpaywall": Unpaywall(fetches["unpaywall"], email=email, base_url=settings.unpaywall_url),
    }
    enabled = [name for name in built if name in settings.enabled and (name != "unpaywall" or email)]
    return RecordSources(
        tuple(built[name] for name in enabled), {built[name].name: fetches[name] for name in enabled}
    )
