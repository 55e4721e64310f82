"""Look-ups: return the article of a DOI, a PMID, an address or a few words, from the archive or a source."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from wetread.bibliography.record_source import RecordRequest, RecordSource, request_for
from wetread.domain.cited_places import bare_place
from wetread.domain.clock import Clock
from wetread.domain.errors import (
    AddressError,
    ArticleGoneError,
    ArticleNotFoundError,
    EmptyQueryError,
    IdentifierError,
    PlaceNotFoundError,
    RecordSourceError,
)
from wetread.domain.identifiers import Identifier, IdentifierKind
from wetread.domain.models import Article, JournalPlace, Record
from wetread.domain.publication_types import expects_abstract
from wetread.domain.query import TEXT_LIMIT, all_words
from wetread.domain.references import Reference
from wetread.domain.text import clean
from wetread.services.place_lookup import PlaceLookup
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
    """Several articles match the words, the best first. `is_capped`: there are more.

    `corrected`: the words that were searched, because no article has the typed ones; None = the typed ones.
    Then it may be a single article: perhaps not the one that was meant.
    """

    text: str
    articles: tuple[Article, ...]
    is_capped: bool = False
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No article here matches the words. `near`: the articles that have most of them."""

    text: str
    near: tuple[Article, ...] = ()


LookupResult = Article | SeveralMatches | NoMatch


class ArticleLookup:
    """Looks in the archive first, then asks the record sources and keeps what they return."""

    def __init__(
        self,
        database: Database,
        complete: Complete,
        searched: Sequence[RecordSource],
        places: PlaceLookup,
        clock: Clock,
    ) -> None:
        """`searched`: the sources that `search_sources` asks, in order."""
        self._database = database
        self._complete = complete
        self._searched = searched
        self._places = places
        self._clock = clock

    def read(self, text: str) -> Reference | None:
        """Return the identifier, address or citation in a text; None if it is to be read as words."""
        return self._places.read(text)

    async def look_up(self, text: str, guild_id: int | None, *, as_typed: bool = False) -> LookupResult:
        """Return the article that `text` names, or the articles of the server that match its words.

        Words that no article has are corrected, unless `as_typed`.

        Raises IdentifierError if `text` is neither, AddressError if it is an address that does not say which
        article it leads to, ArticleNotFoundError if no source knows the article, and RecordSourceError if it
        is not stored and a source that might know it is down.
        """
        reference = self.read(text)
        if reference is None:
            return await self._by_words_or_place(text, guild_id, as_typed=as_typed)
        match reference.named:
            case Identifier() as identifier:
                return await self.by_identifier(identifier, guild_id)
            case JournalPlace() as place:
                return await self.by_place(place, reference.text, guild_id)
        raise AddressError(reference.text)

    async def by_identifier(self, identifier: Identifier, guild_id: int | None) -> Article:
        """Return the article with this identifier. Raises the errors of `look_up`."""
        stored = await self._database.run(lookups.find, str(identifier), guild_id)
        if stored is not None and not await self._database.run(lookups.is_claim, stored.id, str(identifier)):
            return await self._completed(stored, guild_id)
        try:
            found = await self._complete(_wanted(identifier))
        except RecordSourceError:
            if stored is None:
                raise
            found = {}
        if found:
            return await self._keep(found, guild_id)
        if stored is not None:
            return await self._completed(stored, guild_id)
        example = await self._database.run(articles.doi_like, identifier.value)
        raise ArticleNotFoundError(str(identifier), example)

    async def by_place(
        self, place: JournalPlace, text: str, guild_id: int | None, *, is_known_then: bool = True
    ) -> Article | SeveralMatches:
        """Return the article at a place in a journal, several if a page has several.

        `is_known_then`: the server knows what was found from now on, so that its buttons open it. Raises
        PlaceNotFoundError with what stands there in another year or issue, or RecordSourceError.
        """
        placed = await self._places.find(place, text, guild_id)
        guild_id = guild_id if is_known_then else None
        if len(placed.articles) == 1:
            return await self._completed(placed.articles[0], guild_id)
        if placed.articles:
            return SeveralMatches(text, placed.articles)
        if len(placed.records) == 1:
            [(_, record)] = placed.records
            named = best_identifier(record)
            if named is not None:
                return await self.by_identifier(named, guild_id)
        found = await self._kept_alone(placed.records, guild_id)
        if found:
            return SeveralMatches(text, found) if len(found) > 1 else found[0]
        near = [each for each in placed.other if isinstance(each, Article)]
        other = [each for each in placed.other if not isinstance(each, Article)][:NEAR_LIMIT]
        near += await self._kept_alone(other, guild_id)
        raise PlaceNotFoundError(place, tuple(near[:NEAR_LIMIT]), self._places.asked)

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
            found = await source.search(text, SOURCE_HITS_LIMIT)
            if kept := await self._kept_alone([(source.name, record) for record in found], None):
                return kept
        return ()

    async def _kept_alone(
        self, found: Sequence[tuple[str, Record]], guild_id: int | None
    ) -> tuple[Article, ...]:
        """Keep records, each of an article of its own and with its source, and return the articles."""
        kept = [await self._keep({source: record}, guild_id) for source, record in found]
        return tuple({article.id: article for article in kept}.values())

    async def _completed(self, stored: Article, guild_id: int | None) -> Article:
        """Return a stored article with what the sources add, if anything is missing and they answer."""
        if not is_complete(stored.record):
            with suppress(RecordSourceError):  # without its abstract it still helps
                found = await self._complete(request_for(stored.id, stored.record))
                if found:
                    return await self._keep(found, guild_id)
        return await self._known_to(guild_id, stored)

    async def _by_words_or_place(self, text: str, guild_id: int | None, *, as_typed: bool) -> LookupResult:
        """Look for words; what fits nothing and looks like journal, volume and page is a citation, too."""
        place = bare_place(text)
        found = await self._by_words(text, guild_id, as_typed=as_typed)
        if place is None or not isinstance(found, NoMatch) or found.near:
            return found
        return await self.by_place(place, text, guild_id)

    async def _by_words(self, text: str, guild_id: int | None, *, as_typed: bool) -> LookupResult:
        try:
            query = all_words(text)
        except EmptyQueryError:
            raise IdentifierError(text) from None
        if guild_id is None:  # no server, no archive
            if _looks_like_an_identifier(text):
                raise IdentifierError(text)
            return _no_match(text)
        found = await self._database.read(
            lookups.matching,
            guild_id,
            query,
            limit=CHOICES_LIMIT,
            near_limit=NEAR_LIMIT,
            as_typed=as_typed,
        )
        if len(found.articles) == 1 and found.corrected is None:
            return found.articles[0]
        if found.articles:
            return SeveralMatches(text, found.articles, found.is_capped, found.corrected)
        if not found.near and _looks_like_an_identifier(text):
            raise IdentifierError(text)
        return _no_match(text, found.near)

    async def _known_to(self, guild_id: int | None, article: Article) -> Article:
        if guild_id is None:
            return article
        return await self._database.run(lookups.make_known, article.id, guild_id, self._clock())

    async def _keep(self, found: Mapping[str, Record], guild_id: int | None) -> Article:
        return await self._database.run(lookups.keep, found, guild_id, self._clock())


def is_complete(record: Record) -> bool:
    """Say whether the record sources cannot add anything that a look-up would show."""
    return bool(record.abstract) or record.has_no_abstract or not expects_abstract(record)


def best_identifier(record: Record) -> Identifier | None:
    """Return the identifier by which sources find an article best: its PMID, else its DOI."""
    if record.pmid:
        return Identifier(IdentifierKind.PMID, record.pmid)
    return Identifier(IdentifierKind.DOI, record.doi) if record.doi else None


def _wanted(identifier: Identifier) -> RecordRequest:
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
