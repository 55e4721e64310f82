"""What buttons and menus can do, done by the services."""

from collections.abc import Sequence
from datetime import datetime

from cogs._actions import Interaction, answer
from cogs._explaining import Asked, explain
from cogs._panels import Panel
from cogs._search_request import PAGE_SIZE, Found, Hit, SearchRequest
from cogs._sharing import place_of, show_to_all
from wetread.bibliography.standing import StandingKind, standing
from wetread.citations import Style
from wetread.lookup import Several
from wetread.models import Article, PartialDate, Record, Subject
from wetread.query import parse_query
from wetread.services import Services
from wetread.storage import deliveries, lookups, search, settings

LATEST_COUNT = 10
NO_SERVER = 0
"""A server that knows no article: what a direct message searches in."""


class ServiceActions:
    """A `PanelActions` over the services. `guild_id` None = a direct message, where nothing is searched."""

    def __init__(self, services: Services, prefix: str) -> None:
        self._services = services
        self._run = services.database.run
        self._prefix = prefix

    async def article(self, article_id: int, guild_id: int | None) -> Article:
        """See PanelActions."""
        return await self._services.lookup.open(article_id, guild_id)

    async def post_url(self, guild_id: int | None, article_id: int, channel_id: int | None) -> str | None:
        """See PanelActions."""
        if guild_id is None:
            return None
        return await self._run(lookups.post_url, guild_id, article_id, channel_id)

    async def withdrawn_by(
        self, article: Article, guild_id: int | None
    ) -> tuple[PartialDate | None, str | None]:
        """See PanelActions."""
        found = standing(article.record)
        if found.kind is not StandingKind.NOTICE or found.notice is None:
            return None, None
        for key in (f"doi:{found.notice.doi}", f"pmid:{found.notice.pmid}"):
            withdrawn = await self._run(lookups.find, key)
            if withdrawn is not None:
                url = await self.post_url(guild_id, withdrawn.id, None)
                return withdrawn.record.published_on, url
        return None, None

    async def proxy_prefix(self, guild_id: int | None) -> str | None:
        """See PanelActions."""
        if guild_id is None:
            return None
        return (await self._run(settings.guild_settings, guild_id)).proxy_prefix

    async def search(self, request: SearchRequest, guild_id: int | None) -> Found:
        """See PanelActions."""
        guild_id = guild_id or NO_SERVER
        page = await self._run(
            search.search,
            guild_id,
            parse_query(request.text),
            order=request.order.value,
            since=request.since(self.now().date()),
            kind=request.kind_words,
            limit=PAGE_SIZE,
            offset=request.offset,
        )
        hits = await self._run(lookups.placed, guild_id, page.hits)
        return Found(
            tuple(Hit(each.article, each.snippet, each.post_url, each.shared_by) for each in hits),
            page.total,
            is_capped=page.is_capped,
        )

    async def search_sources(self, text: str) -> Sequence[Article]:
        """See PanelActions."""
        found = await self._services.lookup.search_sources(text)
        return found.articles if isinstance(found, Several) else ()

    async def latest(self, guild_id: int | None) -> Sequence[tuple[Article, str | None]]:
        """See PanelActions."""
        found = await self._run(lookups.latest, guild_id or NO_SERVER, limit=LATEST_COUNT)
        return [(each.article, each.post_url) for each in found]

    async def citation_style(self, user_id: int) -> Style:
        """See PanelActions."""
        chosen = await self._run(settings.member_settings, user_id)
        return Style(chosen.citation_style) if chosen.citation_style else Style.AMA

    async def remember_citation_style(self, user_id: int, style: Style) -> None:
        """See PanelActions."""
        await self._run(settings.save_member_settings, user_id, settings.MemberSettings(style))

    async def note_discussion(self, message_id: int, thread_id: int) -> None:
        """See PanelActions."""
        delivery = await self._run(deliveries.by_message, message_id)
        if delivery is not None:
            await self._run(deliveries.note_discussion, delivery.id, thread_id)

    async def show_to_all(self, interaction: Interaction, article: Article) -> Panel:
        """See PanelActions."""
        place = place_of(interaction.channel, interaction.user, interaction.permissions)
        if isinstance(place, Panel):
            return place
        return await show_to_all(interaction.client, place, article)

    async def failed(self, interaction: Interaction, error: Exception) -> None:
        """See PanelActions."""
        panel = explain(error, Asked(self._prefix, can_be_private=True))
        if panel is not None:
            await answer(interaction, view=panel)

    def subject(self, record: Record) -> Subject:
        """See PanelActions."""
        return self._services.catalogue.subject_of(record)

    def now(self) -> datetime:
        """See PanelActions."""
        return self._services.seams.clock()
