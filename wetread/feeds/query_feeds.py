"""Query feeds: the articles that PubMed finds for a term, and a journal's works at Crossref.

Each retrieval covers some days (`windows.py`). Only for new PMIDs are records fetched from PubMed; these
records become the entries, so they need no completion later.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import EsearchResult, PubMed
from wetread.domain.clock import Clock
from wetread.domain.errors import FeedRetrievalError, RecordSourceError
from wetread.domain.feed_address import split_query
from wetread.domain.models import Entry, ParsedFeed, RetrievedFeed, Validators
from wetread.domain.text import cut
from wetread.feeds.check_result import Retrieval
from wetread.feeds.retrievers import FeedRequest
from wetread.feeds.windows import Span, Window, window_to_ask
from wetread.net.addresses import shown_url

log = logging.getLogger(__name__)

NEWEST = 10
"""How many of the newest articles the first retrieval returns, however old they are."""

MOST_AT_ONCE = 200
"""The most new articles of one retrieval; the earliest days come first, the rest follows soon. Storing that
many blocks the database for a quarter of a second."""

PAUSE = 2 * 3600.0
"""Seconds between two retrievals, as in the ttl of PubMed's own feeds."""

_TITLE, _WARNING = 80, 300  # characters of a term

_SEEN: Final = "query"  # in place of a body's hash: the query was asked before

KnownGuids = Callable[[str, Sequence[str]], Awaitable[frozenset[str]]]
"""Returns which of these guids are known entries of the feed at an address."""


class PubMedRetriever:
    """Retrieves `pubmed:` feeds."""

    def __init__(
        self, pubmed: PubMed, known_guids: KnownGuids, clock: Clock, *, most_at_once: int = MOST_AT_ONCE
    ) -> None:
        self._pubmed = pubmed
        self._known_guids = known_guids
        self._clock = clock
        self._most_at_once = most_at_once

    async def __call__(self, request: FeedRequest, /) -> Retrieval:
        """See `Retrieve`. Raises FeedRetrievalError, "too_many" for more than 9,999 articles in a day."""
        _, term = split_query(request.url) or ("", "")
        try:
            return await self._retrieved(request, term)
        except RecordSourceError as error:
            raise as_feed_error(request.url, error) from error

    async def _retrieved(self, request: FeedRequest, term: str) -> Retrieval:
        now = self._clock()
        whole = window_to_ask(request.seen_until, now)
        newest = await self._pubmed.newest(term, NEWEST) if request.wants_all else EsearchResult(0, ())
        window, new, unknown = await self._earliest_new(request, term, whole)
        shown = tuple(dict.fromkeys((*newest.pmids, *new)))
        records = await self._pubmed.records(shown)
        if len(records) < len(shown):
            log.info("PubMed has no records for %d of %d PMIDs yet.", len(shown) - len(records), len(shown))
        seen = window.seen(now)
        # For this feed an article is as new as its PMID, whatever the date of its issue.
        dates = dict.fromkeys(new, seen.until)
        entries = [
            Entry(_guid(record.pmid), record, dates.get(record.pmid)) for record in records if record.pmid
        ]
        unknown = tuple(dict.fromkeys((*newest.unknown, *unknown)))
        words = cut(", ".join(unknown), _WARNING)
        warnings = (f"PubMed does not know {words} and ignores it.",) if unknown else ()
        title = f"PubMed: {cut(term, _TITLE)}"
        return _retrieval(request, title, entries, seen, warnings, has_more=window != whole)

    async def _earliest_new(
        self, request: FeedRequest, term: str, window: Window
    ) -> tuple[Window, list[str], tuple[str, ...]]:
        """Return (window, new PMIDs newest first, unknown words) of the whole window or its earliest part."""
        # The first retrieval must take everything at once: later finds would count as new. After that,
        # each part reaches beyond what was seen, so that the parts come to an end.
        least = window.last if request.seen_until is None else min(request.seen_until.date(), window.last)
        while True:
            hits = await self._came(request, term, window)
            known = await self._known_guids(request.url, list(map(_guid, hits.pmids)))
            new = [pmid for pmid in hits.pmids if _guid(pmid) not in known]
            if len(new) <= self._most_at_once or window.last <= least:
                return window, new, hits.unknown
            window = window.shortened(least)

    async def _came(self, request: FeedRequest, term: str, window: Window) -> EsearchResult:
        """Return all articles that came in a window, newest first, however many."""
        hits = await self._pubmed.entered(term, window.first, window.last)
        if hits.count <= len(hits.pmids):
            return hits
        if window.is_one_day:
            raise FeedRetrievalError(shown_url(request.url), "too_many")
        earlier, later = window.halves
        last, first = await self._came(request, term, later), await self._came(request, term, earlier)
        pmids = tuple(dict.fromkeys((*last.pmids, *first.pmids)))
        return EsearchResult(len(pmids), pmids, hits.unknown)


class CrossrefRetriever:
    """Retrieves `crossref:` feeds: journals that PubMed does not have."""

    def __init__(self, crossref: Crossref, clock: Clock) -> None:
        self._crossref = crossref
        self._clock = clock

    async def __call__(self, request: FeedRequest, /) -> Retrieval:
        """See `Retrieve`. Raises FeedRetrievalError."""
        _, issn = split_query(request.url) or ("", "")
        now = self._clock()
        window = window_to_ask(request.seen_until, now)
        try:
            newest = await self._crossref.newest(issn, NEWEST) if request.wants_all else ()
            came = await self._crossref.created(issn, window.first, window.last)
        except RecordSourceError as error:
            raise as_feed_error(request.url, error) from error
        # Entries without dates: a publisher may deposit its archive today, and these articles are old.
        came = sorted(came, key=lambda each: str(each.published_on or ""), reverse=True)
        records = {record.doi: record for record in (*newest, *came)}
        entries = [Entry(f"doi:{doi}", record) for doi, record in records.items()]
        title = next((each.journal for each in records.values() if each.journal), f"ISSN {issn}")
        return _retrieval(request, title, entries, window.seen(now), ())


def as_feed_error(url: str, error: RecordSourceError) -> FeedRetrievalError:
    """Return a source's failure as a feed's; a journal that the source does not know is "not_found"."""
    kind = "not_found" if error.status == 404 else error.kind
    return FeedRetrievalError(shown_url(url), kind, status=error.status, retry_after=error.retry_after)


def _guid(pmid: str | None) -> str:
    """Return the guid that PubMed's own feeds use."""
    return f"pubmed:{pmid}"


def _retrieval(
    request: FeedRequest,
    title: str,
    entries: Sequence[Entry],
    seen: Span,
    warnings: tuple[str, ...],
    *,
    has_more: bool = False,
) -> Retrieval:
    scheme, _ = split_query(request.url) or ("", "")
    ttl = None if has_more else PAUSE
    parsed = ParsedFeed(title, scheme, ttl=ttl, entries=tuple(entries), warnings=warnings)
    nothing = RetrievedFeed(request.url, b"", None, Validators())
    return Retrieval(nothing, _SEEN, parsed, seen=seen, has_more=has_more)
