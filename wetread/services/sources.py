"""Builds the record sources that the operator has switched on, each behind its own rate limit."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from wetread.bibliography import registry
from wetread.bibliography.answer_parsing import ParseAnswer, parse_here
from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import PubMed
from wetread.bibliography.record_source import Connection, Credentials, PlaceSource, RecordSource
from wetread.domain.clock import Clock, Monotonic, Sleep
from wetread.net.circuit_breaker import BreakerState, CircuitBreaker
from wetread.net.polite_fetch import PoliteFetch
from wetread.net.rate_limiter import RateLimiter
from wetread.net.web import Fetch
from wetread.operations.config import Secrets, SourcesConfig


@dataclass(frozen=True, slots=True)
class RecordSources:
    """`sources` in the order in which they are asked; `fetches` by source name, for `/status`."""

    sources: tuple[RecordSource, ...]
    fetches: Mapping[str, PoliteFetch]

    @property
    def open_breakers(self) -> Mapping[str, float]:
        """Seconds until each source is asked again whose circuit breaker is open, by the source's name."""
        return {
            name: fetch.breaker.seconds_left
            for name, fetch in self.fetches.items()
            if fetch.breaker.state is BreakerState.OPEN
        }

    @property
    def searched(self) -> tuple[RecordSource, ...]:
        """The sources that a search for words is sent to, in order."""
        searched = {entry.source for entry in registry.REGISTRY if entry.answers_words}
        return tuple(each for each in self.sources if each.name in searched)

    @property
    def placing(self) -> tuple[PlaceSource, ...]:
        """The sources that find an article by journal, volume and page, in order."""
        return tuple(each for each in (self.pubmed, self.crossref) if each is not None)

    @property
    def pubmed(self) -> PubMed | None:
        """PubMed, for queries that are feeds; None if it is switched off."""
        return next((each for each in self.sources if isinstance(each, PubMed)), None)

    @property
    def crossref(self) -> Crossref | None:
        """Crossref, for queries that are feeds and the day's retractions; None if it is switched off."""
        return next((each for each in self.sources if isinstance(each, Crossref)), None)


def build_record_sources(
    settings: SourcesConfig,
    secrets: Secrets,
    fetch: Fetch,
    *,
    clock: Clock,
    monotonic: Monotonic,
    sleep: Sleep,
    source_urls: Mapping[str, str] | None = None,
    parse: ParseAnswer = parse_here,
) -> RecordSources:
    """Build the sources that are enabled, in the registry's order. One rate limit each for the whole process.

    `parse`: where answers are parsed.
    `source_urls`: base addresses by key ("pubmed") that tests and the sandbox use instead of the real ones.
    """
    urls = source_urls or {}
    sources: list[RecordSource] = []
    fetches: dict[str, PoliteFetch] = {}
    for entry in registry.REGISTRY:
        api_key = getattr(secrets, entry.api_key) if entry.api_key else None
        who = Credentials(settings.contact_email, api_key)
        if entry.source.key not in settings.enabled or (entry.needs_email and not who.email):
            continue
        limit = entry.rate_limit(who)
        polite = PoliteFetch(
            fetch,
            RateLimiter(limit.per_second, monotonic=monotonic, sleep=sleep),
            CircuitBreaker(monotonic=monotonic),
            asyncio.Semaphore(limit.at_once),
            clock,
            RateLimiter(limit.lists_per_second, monotonic=monotonic, sleep=sleep)
            if limit.lists_per_second
            else None,
        )
        url = urls.get(entry.source.key, entry.implementation.BASE_URL)
        sources.append(entry.implementation.make(Connection(polite, url, who, monotonic, parse)))
        fetches[entry.source] = polite
    return RecordSources(tuple(sources), fetches)
