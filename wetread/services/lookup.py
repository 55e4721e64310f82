"""Look-ups: return the article of a DOI, a PMID, an address or a few words, from the archive or a source."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from wetread.bibliography.record_source import RecordRequest, RecordSource, request_for
from wetread.domain.clock import Clock
from wetread.domain.errors import (
    ArticleGoneError,
    ArticleNotFoundError,
    EmptyQueryError,
    IdentifierError,
    RecordSourceError,
)
from wetread.domain.identifiers import Identifier, parse_identifier
from wetread.domain.models import Article, Record
from wetread.domain.publication_types import expects_abstract
from wetread.domain.query import TEXT_LIMIT, parse_query
from wetread.domain.text import clean
from wetread.storage import articles, lookups
from wetread.storage.database import Database

CHOICES_LIMIT = 25
"""The most options of a menu in Discord."""

NEAR_LIMIT = 3
SOURCE_HITS_LIMIT = 5

Complete = Callable[[RecordRequest], Awaitable[Mapping[str, Record]]]
"""Returns the records of one article by source (`Enricher.complete`). Raises RecordSourceError."""


@dataclass(frozen=True, slots=True)
class SeveralMatches:
    """Several articles match the words, the best first. `is_capped`: there are more."""

    text: str
    articles: tuple[Article, ...]
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No article here matches the words. `near`: the articles whose titles are most similar."""

    text: str
    near: tuple[Article, ...] = ()


LookupResult = Article | SeveralMatches | NoMatch


class ArticleLookup:
    """Looks in the archive first, then asks the record sources and keeps what they return."""

    def __init__(
        self, database: Database, complete: Complete, searched: Sequence[RecordSource], clock: Clock
    ) -> None:
        """`searched`: the sources that `search_sources` asks, in order."""
        self._database = database
        self._complete = complete
        self._searched = searched
        self._clock = clock

    async def look_up(self, text: str, guild_id: int | None) -> LookupResult:
        """Return the article that `text` identifies, or the articles of the server that match its words.

        Raises IdentifierError if `text` is neither, ArticleNotFoundError if no source knows the article, and
        RecordSourceError if it is not stored and a source that might know it is down.
        """
        try:
            identifier = parse_identifier(text)
        except IdentifierError:
            return await self._by_words(text, guild_id)
        return await self.by_identifier(identifier, guild_id)

    async def by_identifier(self, identifier: Identifier, guild_id: int | None) -> Article:
        """Return the article with this identifier. Raises the errors of `look_up`."""
        stored = await self._database.run(lookups.find, str(identifier))
        if stored is not None and is_complete(stored.record):
            return await self._known_to(guild_id, stored)
        try:
            found = await self._complete(_wanted(identifier, stored))
        except RecordSourceError:
            if stored is None:
                raise
            return await self._known_to(guild_id, stored)  # without its abstract it still helps
        if found:
            return await self._keep(found, guild_id)
        if stored is not None:
            return await self._known_to(guild_id, stored)
        example = await self._database.run(articles.doi_like, identifier.value)
        raise ArticleNotFoundError(str(identifier), example)

    async def open(self, article_id: int, guild_id: int | None) -> Article:
        """Return an article of this server by its id, as a button has it. Raises ArticleGoneError.

        `guild_id` None: a direct message opens what anybody can look up by an identifier.
        """
        article = await self._database.run(lookups.visible, article_id, guild_id)
        if article is None:
            raise ArticleGoneError(article_id)
        return article

    async def search_sources(self, text: str) -> tuple[Article, ...]:
        """Search the record sources for words; keep and return the articles. Raises RecordSourceError."""
        for source in self._searched:
            kept = [
                await self._keep({source.name: record}, None)
                for record in await source.search(text, SOURCE_HITS_LIMIT)
            ]
            if kept:
                return tuple({article.id: article for article in kept}.values())
        return ()

    async def _by_words(self, text: str, guild_id: int | None) -> LookupResult:
        try:
            query = parse_query(" ".join(f'"{word}"' for word in text.replace('"', " ").split()))
        except EmptyQueryError:
            raise IdentifierError(text) from None
        if guild_id is None:  # no server, no archive
            if _looks_like_an_identifier(text):
                raise IdentifierError(text)
            return _no_match(text)
        found = await self._database.run(
            lookups.matching, guild_id, query, text, limit=CHOICES_LIMIT, near_limit=NEAR_LIMIT
        )
        if len(found.articles) == 1:
            return found.articles[0]
        if found.articles:
            return SeveralMatches(text, found.articles, is_capped=found.is_capped)
        if not found.near and _looks_like_an_identifier(text):
            raise IdentifierError(text)
        return _no_match(text, found.near)

    async def _known_to(self, guild_id: int | None, article: Article) -> Article:
        if guild_id is not None:
            await self._database.run(articles.make_known, [guild_id], [article.id], self._clock())
        return article

    async def _keep(self, found: Mapping[str, Record], guild_id: int | None) -> Article:
        return await self._database.run(lookups.keep, found, guild_id, self._clock())


def is_complete(record: Record) -> bool:
    """Say whether the record sources cannot add anything that a look-up would show."""
    return bool(record.abstract) or record.has_no_abstract or not expects_abstract(record)


def _wanted(identifier: Identifier, stored: Article | None) -> RecordRequest:
    if stored is not None:
        return request_for(stored.id, stored.record)
    named = {identifier.kind.value: identifier.value}
    return RecordRequest(
        key=0,
        doi=named.get("doi"),
        pmid=named.get("pmid"),
        pmcid=named.get("pmcid"),
        pii=named.get("pii"),
        arxiv=named.get("arxiv"),
    )


def _no_match(text: str, near: tuple[Article, ...] = ()) -> NoMatch:
    if not clean(text, limit=TEXT_LIMIT):
        raise IdentifierError(text)
    return NoMatch(text, near)


def _looks_like_an_identifier(text: str) -> bool:
    return " " not in text.strip() and any(character in "./:0123456789" for character in text)
