"""Proof that something can be watched: it is asked before anybody subscribes to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import PubMed
from wetread.domain.catalogue import Catalogue
from wetread.domain.clock import Clock
from wetread.domain.errors import (
    FaultyQueryError,
    FeedBlockedError,
    FeedError,
    FeedParseError,
    FeedRetrievalError,
    RecordSourceError,
    TooBroadQueryError,
    UnknownIssnError,
)
from wetread.domain.models import Entry, Journal, RetrievedFeed, Validators
from wetread.domain.places import (
    CROSSREF,
    PUBMED,
    journal_term,
    normalise_address,
    pubmed_place,
    query_of,
    read_place,
)
from wetread.feeds.discovery import feed_links
from wetread.feeds.outcome import Retrieval
from wetread.feeds.queries import as_feed_error
from wetread.feeds.retrieval import Asked, Parse, Retrieve
from wetread.feeds.retriever import body_hash, retrieve_feed
from wetread.net.addresses import shown_url
from wetread.net.web import Fetch

MOST_TRIED = 6
"""So many of the addresses that a page names are tried."""

MONTH = timedelta(days=30)
MOST_A_MONTH = 10_000
"""A query that finds more is not watched: nobody reads it, and PubMed would have to send it all."""


@dataclass(frozen=True, slots=True)
class Finds:
    """How many articles a query finds: in all, and of those that came in the last 30 days."""

    count: int
    month_count: int


@dataclass(frozen=True, slots=True)
class Proof:
    """That something can be watched: what was retrieved there a moment ago.

    `url` is where it is watched, `title` what to call it. `page_url`: the page on which it was found, None
    if the address was the feed's own. `others` are further feeds that the page names, not tried. `finds`:
    how much a query finds, None for a feed.
    """

    url: str
    title: str
    retrieval: Retrieval
    journal: Journal | None = None
    page_url: str | None = None
    others: tuple[str, ...] = ()
    finds: Finds | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The feed's entries, in its order."""
        return self.retrieval.parsed.entries if self.retrieval.parsed else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about the feed, for people."""
        return self.retrieval.parsed.warnings if self.retrieval.parsed else ()


class QueryProver:
    """Proves queries, at the sources that answer them. None = that source is switched off."""

    def __init__(
        self,
        retrieve: Retrieve,
        catalogue: Catalogue,
        *,
        pubmed: PubMed | None,
        crossref: Crossref | None,
        clock: Clock,
    ) -> None:
        self._retrieve = retrieve
        self._catalogue = catalogue
        self._pubmed = pubmed
        self._crossref = crossref
        self._clock = clock

    async def prove(self, place: str) -> Proof:
        """Return what a query finds now; a journal's number becomes a query of PubMed, else of Crossref.

        Raises FeedRetrievalError, FaultyQueryError, TooBroadQueryError and UnknownIssnError.
        """
        scheme, asked_for = query_of(place) or ("", "")
        try:
            if scheme == PUBMED:
                return await self._term(asked_for)
            if scheme == CROSSREF:
                return await self._at_crossref(asked_for)
            return await self._by_issn(asked_for)
        except RecordSourceError as error:
            raise as_feed_error(place, error) from error

    async def _term(self, term: str) -> Proof:
        place = pubmed_place(term)
        if self._pubmed is None:
            raise FeedRetrievalError(place, "switched_off")
        found = await self._pubmed.newest(term, 0)
        if not found.count and found.unknown:
            raise FaultyQueryError(term, found.unknown)
        today = self._clock().date()
        month_count = await self._pubmed.entered_count(term, today - MONTH, today + timedelta(days=1))
        if month_count > MOST_A_MONTH:
            raise TooBroadQueryError(term, month_count, MOST_A_MONTH)
        return await self._proof(place, Finds(found.count, month_count))

    async def _by_issn(self, issn: str) -> Proof:
        journal = self._catalogue.named(issn)
        if self._pubmed is not None:
            term = journal_term(nlm_id=journal.nlm_id if journal else None, issn=issn) or ""
            if (await self._pubmed.newest(term, 0)).count:
                return _of_journal(await self._term(term), journal, issn)
        return _of_journal(await self._at_crossref(issn), journal, issn)

    async def _at_crossref(self, issn: str) -> Proof:
        place = f"{CROSSREF}:{issn}"
        if self._crossref is None:
            raise FeedRetrievalError(place, "switched_off")
        title = await self._crossref.journal_title(issn)
        if title is None:
            raise UnknownIssnError(issn)
        return replace(await self._proof(place), title=title)

    async def _proof(self, place: str, finds: Finds | None = None) -> Proof:
        answer = await self._retrieve(Asked(place))
        if not isinstance(answer, Retrieval) or answer.parsed is None:
            raise FeedRetrievalError(shown_url(place), "status")
        return Proof(place, answer.parsed.title or place, answer, finds=finds)


class Prover:
    """Proves addresses, pages, journals and queries."""

    def __init__(
        self, fetch: Fetch, parse: Parse, catalogue: Catalogue, queries: QueryProver, *, clock: Clock
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._catalogue = catalogue
        self._queries = queries
        self._clock = clock

    async def prove(self, place: str | Journal) -> Proof:
        """Return the feed at an address, on a page, or of a journal, or what a query finds, asked now.

        For a journal whose usual feed cannot be had its publisher is asked, and PubMed by query. Raises
        FeedRetrievalError (FeedBlockedError with what may take its place) and FeedParseError, for the
        first address that was tried; of `read_place` and `QueryProver.prove` what they raise.
        """
        if isinstance(place, Journal):
            return await self._journal(place)
        url = read_place(place) or normalise_address(place)
        if query_of(url) is not None:
            return await self._queries.prove(url)
        try:
            return await self._address(url)
        except FeedRetrievalError as error:
            if error.kind != "blocked":
                raise
            substitute = self._catalogue.substitute(url)
            raise FeedBlockedError(error.url, status=error.status, substitute=substitute) from error

    async def _address(self, url: str) -> Proof:
        retrieved = await self._retrieved(url)
        try:
            return await self._proof(url, retrieved)
        except FeedParseError as error:
            if error.kind != "not_a_feed":
                raise
            links = feed_links(retrieved.body, retrieved.url, retrieved.content_type)
            found = await self._first_feed(links[:MOST_TRIED])
            if found is None:
                raise
            others = tuple(link for link in links[:MOST_TRIED] if link != found.url)
            return replace(found, page_url=url, others=others)

    async def _journal(self, journal: Journal) -> Proof:
        urls = [url for url in (journal.feed_url, journal.publisher_feed_url) if url]
        try:
            if not urls:
                raise FeedRetrievalError(journal.title, "not_found")
            return replace(await self._proof(urls[0], await self._retrieved(urls[0])), journal=journal)
        except FeedError:
            found = await self._first_feed(urls[1:]) or await self._journal_by_query(journal)
            if found is None:
                raise
            return replace(found, journal=journal)

    async def _journal_by_query(self, journal: Journal) -> Proof | None:
        term = journal_term(nlm_id=journal.nlm_id, issn=next(iter(journal.issns), None))
        if term is None:
            return None
        try:
            proof = await self._queries.prove(pubmed_place(term))
        except FeedError:
            return None
        return proof if proof.entries else None

    async def _first_feed(self, urls: Sequence[str]) -> Proof | None:
        for url in urls:
            try:
                return await self._proof(url, await self._retrieved(url))
            except FeedError:
                continue
        return None

    async def _retrieved(self, url: str) -> RetrievedFeed:
        answer = await retrieve_feed(self._fetch, url, Validators(), now=self._clock())
        if not isinstance(answer, RetrievedFeed):
            raise FeedRetrievalError(shown_url(url), "status", status=304)  # to a request without validators
        return answer

    async def _proof(self, url: str, retrieved: RetrievedFeed) -> Proof:
        parsed = await self._parse(retrieved)
        retrieval = Retrieval(retrieved, body_hash(retrieved.body), parsed, was_unconditional=True)
        # An address that is permanently elsewhere is watched there from the start.
        url = retrieved.permanent_url or url
        return Proof(url, parsed.title or urlsplit(url).netloc.rpartition("@")[2], retrieval)


def _of_journal(proof: Proof, journal: Journal | None, issn: str) -> Proof:
    """A query that is a journal bears the journal's name."""
    records = [entry.record for entry in proof.entries]
    names = (each.journal_abbreviation or each.journal for each in records)
    title = proof.title if proof.url.startswith(f"{CROSSREF}:") else next(filter(None, names), f"ISSN {issn}")
    return replace(proof, title=title, journal=journal)
