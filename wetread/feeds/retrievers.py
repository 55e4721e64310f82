"""Retrieves a feed by the scheme of its address: documents over HTTP here, queries in query_feeds.py.

FeedUpdater, FeedChecker ──FeedRequest──▶ SchemeRetriever ─┬ https:     DocumentRetriever  this file
                                                           ├ pubmed:    PubMedRetriever    query_feeds.py
                                                           └ crossref:  CrossrefRetriever  query_feeds.py
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from wetread.domain.clock import Clock, utc_now
from wetread.domain.errors import FeedRetrievalError
from wetread.domain.feed_address import split_query
from wetread.domain.models import NotModified, ParsedFeed, RetrievedFeed, Validators
from wetread.feeds.check_result import Retrieval
from wetread.feeds.conditional_get import body_hash, retrieve_feed
from wetread.net.addresses import shown_url
from wetread.net.web import Fetch

Parse = Callable[[RetrievedFeed], Awaitable[ParsedFeed]]
"""Parses a feed's bytes. Raises errors.FeedParseError."""


_NO_VALIDATORS = Validators()


class FeedRequest(NamedTuple):
    """A feed's address and what is known of its last retrieval.

    Empty validators make an HTTP request unconditional. `body_hash` None: the feed is retrieved for the
    first time, or everything is wanted again. `seen_until`: a query has returned everything that its source
    added before that instant; None = never request.
    """

    url: str
    validators: Validators = _NO_VALIDATORS
    body_hash: str | None = None
    seen_until: datetime | None = None

    @property
    def wants_all(self) -> bool:
        """Whether entries that were seen before are wanted too."""
        return self.body_hash is None


class Retrieve(Protocol):
    """Retrieves a feed."""

    async def __call__(self, request: FeedRequest, /) -> Retrieval | NotModified:
        """Return the feed, or NotModified. Raises FeedRetrievalError and FeedParseError."""
        ...


class DocumentRetriever:
    """Retrieves feed documents by conditional GET, and parses those that have changed."""

    def __init__(self, fetch: Fetch, parse: Parse, *, clock: Clock = utc_now) -> None:
        self._fetch = fetch
        self._parse = parse
        self._clock = clock

    async def __call__(self, request: FeedRequest, /) -> Retrieval | NotModified:
        """See `Retrieve`."""
        answer = await retrieve_feed(self._fetch, request.url, request.validators, now=self._clock())
        if isinstance(answer, NotModified):
            return answer
        digest = body_hash(answer.body)
        parsed = None if digest == request.body_hash else await self._parse(answer)
        return Retrieval(answer, digest, parsed, was_unconditional=request.validators == _NO_VALIDATORS)


class SchemeRetriever:
    """Chooses the retriever by the address. A query whose source is switched off is an error."""

    def __init__(self, documents: Retrieve, queries: Mapping[str, Retrieve]) -> None:
        """`queries`: retrievers by scheme (`wetread.domain.feed_address`)."""
        self._documents = documents
        self._queries = queries

    async def __call__(self, request: FeedRequest, /) -> Retrieval | NotModified:
        """See `Retrieve`."""
        query = split_query(request.url)
        if query is None:
            return await self._documents(request)
        if query[0] not in self._queries:
            raise FeedRetrievalError(shown_url(request.url), "switched_off")
        return await self._queries[query[0]](request)
