"""One question to whatever is watched: what have you now? Here it is put to documents behind addresses.

FeedUpdater, Subscriptions ──Asked──▶ Places ─┬ https:     Documents         this file
                                              ├ pubmed:    PubMedQueries     queries.py
                                              └ crossref:  CrossrefJournals  queries.py
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wetread.domain.clock import Clock, utc_now
from wetread.domain.errors import FeedRetrievalError
from wetread.domain.models import Feed, NotModified, ParsedFeed, RetrievedFeed, Validators
from wetread.domain.places import query_of
from wetread.feeds.outcome import Retrieval
from wetread.feeds.retriever import body_hash, retrieve_feed
from wetread.feeds.schedule import is_unconditional_due
from wetread.net.addresses import shown_url
from wetread.net.web import Fetch

Parse = Callable[[RetrievedFeed], Awaitable[ParsedFeed]]
"""Makes values of a feed's bytes. Raises errors.FeedParseError."""


_NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and what was had of it last: nothing for the first time, or if all is wanted again.

    `seen_until`: of a query, what came to its source before that was seen; None = never asked.
    """

    url: str
    validators: Validators = _NO_VALIDATORS
    body_hash: str | None = None
    seen_until: datetime | None = None

    @classmethod
    def of(cls, feed: Feed, now: datetime) -> "Asked":
        """Return the question to a watched feed; once a day its document is asked for in any case."""
        validators = Validators() if is_unconditional_due(feed.unconditional_at, now) else feed.validators
        return cls(feed.url, validators, feed.body_hash, feed.seen_until)

    @property
    def is_whole(self) -> bool:
        """Whether also what was seen before is wanted."""
        return self.body_hash is None


class Retrieve(Protocol):
    """Answers what a place has now."""

    async def __call__(self, asked: Asked, /) -> Retrieval | NotModified:
        """Return what there is, or that nothing has changed. Raises the two kinds of FeedError."""
        ...


class Documents:
    """Feeds behind addresses: asked for conditionally, and parsed unless they are what they were."""

    def __init__(self, fetch: Fetch, parse: Parse, *, clock: Clock = utc_now) -> None:
        self._fetch = fetch
        self._parse = parse
        self._clock = clock

    async def __call__(self, asked: Asked, /) -> Retrieval | NotModified:
        """See `Retrieve`."""
        answer = await retrieve_feed(self._fetch, asked.url, asked.validators, now=self._clock())
        if isinstance(answer, NotModified):
            return answer
        digest = body_hash(answer.body)
        parsed = None if digest == asked.body_hash else await self._parse(answer)
        return Retrieval(answer, digest, parsed, was_unconditional=asked.validators == _NO_VALIDATORS)


class Places:
    """Asks each place in its own way. A query without anybody to ask is an error, and never an address."""

    def __init__(self, documents: Retrieve, queries: Mapping[str, Retrieve]) -> None:
        """`queries` by scheme (`wetread.domain.places`)."""
        self._documents = documents
        self._queries = queries

    async def __call__(self, asked: Asked, /) -> Retrieval | NotModified:
        """See `Retrieve`."""
        query = query_of(asked.url)
        if query is None:
            return await self._documents(asked)
        if query[0] not in self._queries:
            raise FeedRetrievalError(shown_url(asked.url), "switched_off")
        return await self._queries[query[0]](asked)
