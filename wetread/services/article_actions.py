"""What readers can do with stored articles, by command, button or menu.

Buttons outlive restarts, so no object of ours is bound to them: whoever is pressed asks
`interaction.client.services.actions`.
"""

from collections.abc import Sequence
from datetime import date, datetime

from wetread.domain.catalogue import Catalogue
from wetread.domain.citations import Style
from wetread.domain.clock import Clock
from wetread.domain.digests import Digest
from wetread.domain.errors import WordsForgottenError
from wetread.domain.identifiers import Identifier
from wetread.domain.models import Article, PartialDate, Record, Subject
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.domain.query import TEXT_LIMIT
from wetread.domain.query_faults import TypedQuery
from wetread.domain.search_request import PAGE_SIZE, Hit, SearchRequest, SearchResults
from wetread.domain.text import clean
from wetread.services.lookup import ArticleLookup, LookupResult
from wetread.storage import (
    corrections,
    deliveries,
    digests,
    lookups,
    search,
    settings,
    typed_queries,
    typed_words,
)
from wetread.storage.database import Database
from wetread.storage.typed_words import Typist

LATEST_COUNT = 10
NO_SERVER = 0
"""A server that knows no article: what a direct message searches in."""


class ArticleActions:
    """Open, search, cite and place articles. `guild_id` None = a direct message, where nothing is posted."""

    def __init__(self, database: Database, lookup: ArticleLookup, catalogue: Catalogue, clock: Clock) -> None:
        self._run = database.run
        self._look = database.read
        self._lookup = lookup
        self._catalogue = catalogue
        self._clock = clock

    async def article(self, article_id: int, guild_id: int | None) -> Article:
        """Return an article of this server by its id. Raises ArticleGoneError."""
        return await self._lookup.open(article_id, guild_id)

    async def post_url(self, guild_id: int | None, article_id: int, channel_id: int | None) -> str | None:
        """Return the link to the article's post in the server, or in that channel; None = not posted."""
        if guild_id is None:
            return None
        return await self._run(lookups.post_url, guild_id, article_id, channel_id)

    async def article_retracted_by(
        self, article: Article, guild_id: int | None
    ) -> tuple[PartialDate | None, str | None]:
        """Return when the article that this notice retracts appeared, and the link to its post here."""
        found = publication_status(article.record)
        if found.kind is not StatusKind.RETRACTION_NOTICE or found.notice is None:
            return None, None
        for key in (f"doi:{found.notice.doi}", f"pmid:{found.notice.pmid}"):
            retracted = await self._run(lookups.find, key, guild_id)
            if retracted is not None:
                url = await self.post_url(guild_id, retracted.id, None)
                return retracted.record.published_on, url
        return None, None

    async def proxy_prefix(self, guild_id: int | None) -> str | None:
        """Return the address of the proxy of the server's library, None if it has none."""
        if guild_id is None:
            return None
        return (await self._run(settings.guild_settings, guild_id)).proxy_prefix

    async def by_identifier(self, identifier: Identifier, guild_id: int | None) -> Article:
        """Return the article with this identifier. Raises as `ArticleLookup.look_up`."""
        return await self._lookup.by_identifier(identifier, guild_id)

    async def new_search(self, asker_id: int, text: str, typist: Typist) -> SearchRequest:
        """Return the first page of a search for what a member typed.

        Raises EmptyQueryError, UnclearQueryError.
        """
        typed = await self._read(clean(text, limit=TEXT_LIMIT + 1), typist.guild_id)
        typed.understood()
        return SearchRequest(asker_id, typed.text, await self.remember_words(typed.text, typist))

    async def look_up_as_typed(self, words: str, guild_id: int | None) -> LookupResult:
        """Return what is found for words without correcting them. Raises as `ArticleLookup.look_up`."""
        return await self._lookup.look_up(words, guild_id, as_typed=True)

    async def remember_words(self, words: str, typist: Typist) -> int:
        """Store words that a member typed, for a button; return their id."""
        return await self._run(typed_words.remember, clean(words, limit=TEXT_LIMIT + 1), typist, self.now())

    async def typed_words(self, words_id: int, reader: Typist) -> str:
        """Return words that this member may read. Raises WordsForgottenError if there are none."""
        words = await self._run(typed_words.recall, words_id, reader, self.now())
        if words is None:
            raise WordsForgottenError
        return words

    async def search(self, request: SearchRequest, guild_id: int | None) -> SearchResults:
        """Return one page of the articles of a server that match. Raises as `new_search`."""
        guild_id = guild_id or NO_SERVER
        typed = await self._read(request.text, guild_id)
        query = typed.understood()
        better = None
        if not request.as_typed:
            better = await self._look(corrections.corrected, guild_id, query)
        page = await self._look(
            search.search,
            guild_id,
            better or query,
            order=request.order.value,
            since=request.since(self.today()),
            kind=request.kind_words,
            limit=PAGE_SIZE,
            offset=request.offset,
        )
        hits = await self._look(lookups.placed, guild_id, page.hits)
        return SearchResults(
            tuple(Hit(each.article, each.snippet, each.post_url, each.shared_by) for each in hits),
            page.total,
            is_capped=page.is_capped,
            faults=typed.faults,
            is_cut=query.is_cut,
            related_count=page.related_count,
            corrected=better.text if better else None,
        )

    async def _read(self, text: str, guild_id: int) -> TypedQuery:
        return await self._look(typed_queries.read, guild_id, text, self.today())

    async def search_sources(self, text: str) -> Sequence[Article]:
        """Search PubMed for words. Raises RecordSourceError."""
        return await self._lookup.search_sources(text)

    async def latest(self, guild_id: int | None) -> Sequence[tuple[Article, str | None]]:
        """Return the server's newest articles, each with the link to its post."""
        found = await self._look(lookups.latest, guild_id or NO_SERVER, limit=LATEST_COUNT)
        return [(each.article, each.post_url) for each in found]

    async def citation_style(self, user_id: int) -> Style:
        """Return the style that the member used last; AMA at first."""
        chosen = await self._run(settings.member_settings, user_id)
        return Style(chosen.citation_style) if chosen.citation_style else Style.AMA

    async def remember_citation_style(self, user_id: int, style: Style) -> None:
        """Store the style for the next time."""
        await self._run(settings.save_member_settings, user_id, settings.MemberSettings(style))

    async def digest(self, delivery_id: int, guild_id: int | None) -> Digest | None:
        """Return a digest of this server, None if the delivery is none of its digests."""
        delivery = await self._run(deliveries.get, delivery_id)
        if delivery is None or delivery.article_id is not None or delivery.guild_id != guild_id:
            return None
        found = await self._run(digests.content, delivery)
        return found if isinstance(found, Digest) else None

    async def note_discussion(self, message_id: int, thread_id: int) -> None:
        """Remember that a post has a discussion thread."""
        delivery = await self._run(deliveries.by_message, message_id)
        if delivery is not None:
            await self._run(deliveries.note_discussion, delivery.id, thread_id)

    def subject(self, record: Record) -> Subject:
        """Return the field of the article's journal."""
        return self._catalogue.subject_of(record)

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock()

    def today(self) -> date:
        """Return the present day, in UTC."""
        return self._clock().date()
