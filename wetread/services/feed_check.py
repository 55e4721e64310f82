"""Checks that an address, page, journal or query is a feed, by retrieving it before anybody subscribes."""

import re
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
from wetread.domain.feed_address import (
    CROSSREF,
    PUBMED,
    journal_term,
    normalise_address,
    parse_feed_address,
    pubmed_address,
    split_query,
)
from wetread.domain.models import Entry, Journal, RetrievedFeed, Validators
from wetread.domain.text import fold
from wetread.feeds.check_result import Retrieval
from wetread.feeds.conditional_get import body_hash, retrieve_feed
from wetread.feeds.discovery import feed_links
from wetread.feeds.query_feeds import as_feed_error
from wetread.feeds.retrievers import FeedRequest, Parse, Retrieve
from wetread.net.addresses import shown_url
from wetread.net.web import Fetch

_COMMENTS = re.compile(r"comments? (?:on|for|to)\b", re.IGNORECASE)

MOST_TRIED = 6
"""How many of the feed addresses that a page names are tried."""

MONTH = timedelta(days=30)
MOST_A_MONTH = 10_000
"""A query that counts more is not watched: nobody reads it, and PubMed would have to send it all."""


@dataclass(frozen=True, slots=True)
class QueryCounts:
    """How many articles a query finds: in all, and those added to PubMed in the last 30 days."""

    count: int
    month_count: int


@dataclass(frozen=True, slots=True)
class CheckedFeed:
    """A feed that was retrieved and parsed a moment ago, so somebody can subscribe to it.

    `url` is the address to store, `title` the feed's name. `page_url`: the page that named the feed, None
    if the address was the feed's own. `counts`: how many articles a query finds, None for other feeds.
    `others`: further feeds with other articles that the page names.
    """

    url: str
    title: str
    retrieval: Retrieval
    journal: Journal | None = None
    page_url: str | None = None
    counts: QueryCounts | None = None
    others: "tuple[CheckedFeed, ...]" = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The feed's entries, in its order."""
        return self.retrieval.parsed.entries if self.retrieval.parsed else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for people about what is unusual in the feed."""
        return self.retrieval.parsed.warnings if self.retrieval.parsed else ()


class QueryChecker:
    """Checks queries at PubMed and Crossref; None for one that is switched off."""

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

    async def check(self, address: str) -> CheckedFeed:
        """Return what a query finds now. An ISSN becomes a PubMed query, or else a Crossref query.

        Raises FeedRetrievalError, FaultyQueryError, TooBroadQueryError and UnknownIssnError.
        """
        scheme, asked_for = split_query(address) or ("", "")
        try:
            if scheme == PUBMED:
                return await self._term(asked_for)
            if scheme == CROSSREF:
                return await self._at_crossref(asked_for)
            return await self._by_issn(asked_for)
        except RecordSourceError as error:
            raise as_feed_error(address, error) from error

    async def _term(self, term: str) -> CheckedFeed:
        address = pubmed_address(term)
        if self._pubmed is None:
            raise FeedRetrievalError(address, "switched_off")
        found = await self._pubmed.newest(term, 0)
        if not found.count and found.unknown:
            raise FaultyQueryError(term, found.unknown)
        today = self._clock().date()
        month_count = await self._pubmed.entered_count(term, today - MONTH, today + timedelta(days=1))
        if month_count > MOST_A_MONTH:
            raise TooBroadQueryError(term, month_count, MOST_A_MONTH)
        return await self._checked(address, QueryCounts(found.count, month_count))

    async def _by_issn(self, issn: str) -> CheckedFeed:
        journal = self._catalogue.named(issn)
        if self._pubmed is not None:
            term = journal_term(nlm_id=journal.nlm_id if journal else None, issn=issn) or ""
            if (await self._pubmed.newest(term, 0)).count:
                return _of_journal(await self._term(term), journal, issn)
        return _of_journal(await self._at_crossref(issn), journal, issn)

    async def _at_crossref(self, issn: str) -> CheckedFeed:
        address = f"{CROSSREF}:{issn}"
        if self._crossref is None:
            raise FeedRetrievalError(address, "switched_off")
        title = await self._crossref.journal_title(issn)
        if title is None:
            raise UnknownIssnError(issn)
        return replace(await self._checked(address), title=title)

    async def _checked(self, address: str, counts: QueryCounts | None = None) -> CheckedFeed:
        answer = await self._retrieve(FeedRequest(address))
        if not isinstance(answer, Retrieval) or answer.parsed is None:
            raise FeedRetrievalError(shown_url(address), "status")
        return CheckedFeed(address, answer.parsed.title or address, answer, counts=counts)


class FeedChecker:
    """Checks addresses, web pages, journals and queries."""

    def __init__(
        self, fetch: Fetch, parse: Parse, catalogue: Catalogue, queries: QueryChecker, *, clock: Clock
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._catalogue = catalogue
        self._queries = queries
        self._clock = clock

    async def check(self, source: str | Journal) -> CheckedFeed:
        """Retrieve and return the feed at an address, named on a page, of a journal, or of a query.

        If a journal's usual feed fails, the publisher's own feed is tried, then a PubMed query. Raises
        FeedRetrievalError (FeedBlockedError with a substitute) and FeedParseError for the first address
        that was tried, and what `parse_feed_address` and `QueryChecker.check` raise.
        """
        if isinstance(source, Journal):
            return await self._journal(source)
        url = parse_feed_address(source) or normalise_address(source)
        if split_query(url) is not None:
            return await self._queries.check(url)
        try:
            return await self._address(url)
        except FeedRetrievalError as error:
            if error.kind != "blocked":
                raise
            substitute = self._catalogue.substitute(url)
            raise FeedBlockedError(error.url, status=error.status, substitute=substitute) from error

    async def _address(self, url: str) -> CheckedFeed:
        retrieved = await self._retrieved(url)
        try:
            return await self._checked(url, retrieved)
        except FeedParseError as error:
            if error.kind != "not_a_feed":
                raise
            page = (retrieved.body, retrieved.url, retrieved.content_type)
            named = feed_links(*page, has_usual=False)[:MOST_TRIED]
            found = await self._different_feeds(named)
            if not found:
                # The usual paths of a site are guesses: the first that is a feed will do.
                guessed = await self._first_feed(feed_links(*page)[len(named) : MOST_TRIED])
                found = [guessed] if guessed else []
            if not found:
                raise
            first, *others = (replace(each, page_url=url) for each in found)
            return replace(first, others=tuple(others))

    async def _journal(self, journal: Journal) -> CheckedFeed:
        urls = [url for url in (journal.feed_url, journal.publisher_feed_url) if url]
        try:
            if not urls:
                raise FeedRetrievalError(journal.title, "not_found")
            return replace(await self._checked(urls[0], await self._retrieved(urls[0])), journal=journal)
        except FeedError:
            found = await self._first_feed(urls[1:]) or await self._journal_by_query(journal)
            if found is None:
                raise
            return replace(found, journal=journal)

    async def _journal_by_query(self, journal: Journal) -> CheckedFeed | None:
        term = journal_term(nlm_id=journal.nlm_id, issn=next(iter(journal.issns), None))
        if term is None:
            return None
        try:
            checked = await self._queries.check(pubmed_address(term))
        except FeedError:
            return None
        return checked if checked.entries else None

    async def _different_feeds(self, urls: Sequence[str]) -> list[CheckedFeed]:
        """Return the feeds that can be read; no copies, and only of comments or empty if all are."""
        found: list[CheckedFeed] = []
        left: list[CheckedFeed] = []
        for url in urls:
            feed = await self._first_feed([url])  # None = it is none
            if feed is not None:
                is_copy = any(_have_same_articles(feed, each) for each in found)
                is_beside = not feed.entries or _COMMENTS.match(feed.title)
                (left if is_copy or is_beside else found).append(feed)
        return found or left[:1]

    async def _first_feed(self, urls: Sequence[str]) -> CheckedFeed | None:
        for url in urls:
            try:
                return await self._checked(url, await self._retrieved(url))
            except FeedError:
                continue
        return None

    async def _retrieved(self, url: str) -> RetrievedFeed:
        answer = await retrieve_feed(self._fetch, url, Validators(), now=self._clock())
        if not isinstance(answer, RetrievedFeed):
            raise FeedRetrievalError(shown_url(url), "status", status=304)  # to a request without validators
        return answer

    async def _checked(self, url: str, retrieved: RetrievedFeed) -> CheckedFeed:
        parsed = await self._parse(retrieved)
        retrieval = Retrieval(retrieved, body_hash(retrieved.body), parsed, was_unconditional=True)
        # A feed that has moved for good is stored under its new address from the start.
        url = retrieved.permanent_url or url
        return CheckedFeed(url, parsed.title or urlsplit(url).netloc.rpartition("@")[2], retrieval)


def _have_same_articles(one: CheckedFeed, other: CheckedFeed) -> bool:
    """Return whether most of the shorter feed is in the other one, as with one feed in two formats."""
    mine, theirs = ({fold(entry.record.title) for entry in each.entries} for each in (one, other))
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _of_journal(checked: CheckedFeed, journal: Journal | None, issn: str) -> CheckedFeed:
    """Give a query that stands for a journal the name of that journal."""
    records = [entry.record for entry in checked.entries]
    names = (each.journal_abbreviation or each.journal for each in records)
    title = (
        checked.title if checked.url.startswith(f"{CROSSREF}:") else next(filter(None, names), f"ISSN {issn}")
    )
    return replace(checked, title=title, journal=journal)
