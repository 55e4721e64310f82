"""Draw the panels of a server's feeds from what is stored."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from cogs.cards.card import card
from cogs.client import Content, DrawPanel
from cogs.feeds.feed_health import feed_facts, feed_line
from cogs.feeds.find_subscription import watched_by_id
from cogs.feeds.panels import feed_list, feed_page
from cogs.feeds.settings_panel import settings_panel
from cogs.feeds.types_panel import draw_types
from cogs.kit.escape import safe
from cogs.kit.panels import notice
from cogs.kit.words import counted
from cogs.posting.delivery_words import delivery_status
from wetread.domain.models import Article, DeliveryState, Entry, Form
from wetread.domain.publication_types import expects_abstract
from wetread.domain.text import cut
from wetread.domain.titles import shown_title
from wetread.services.services import Services
from wetread.storage import articles, deliveries, settings

_LAST_COUNT = 3
_SAMPLE_ID = 0  # a sample is not stored


class FeedPanels:
    """The panels about feeds, by name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._actions = services.actions

    @property
    def panels(self) -> dict[str, DrawPanel]:
        """Return each panel's drawing function by the name that buttons use."""
        return {
            "list": self._list,
            "show": self._page,
            "test": self._sample,
            "settings": self._settings,
            "types": self._types,
        }

    async def _list(self, guild: discord.Guild, _about: int) -> Content:
        now = self._actions.now()
        watched = await self._services.subscriptions.of_guild(guild.id)
        return {"view": feed_list([feed_line(each, now, self._services.catalogue) for each in watched])}

    async def _page(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        run = self._services.database.run
        chosen = await run(settings.guild_settings, guild.id)
        last = await run(
            deliveries.listing,
            guild.id,
            list(DeliveryState),
            limit=_LAST_COUNT,
            subscription_id=subscription_id,
        )
        found = {each.id: each for each in await run(articles.get_many, [each.article_id for each in last])}
        lines = [
            f"**{safe(delivery_status(each))}** · {safe(cut(shown_title(article.record), 120))}"
            for each in last
            if (article := found.get(each.article_id))
        ]
        wait = self._usual_wait() if chosen.abstract_wait is None else chosen.abstract_wait
        line = feed_line(watched, self._actions.now(), self._services.catalogue)
        return {"view": feed_page(feed_facts(watched, line, wait, lines))}

    async def _sample(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        checked = await self._services.subscriptions.check(watched.feed.url)
        embed = self.sample_embed(checked.entries, watched.subscription.form)
        if embed is None:
            return {"view": notice("The feed can be read. It has no articles at the moment.")}
        count = counted(len(checked.entries), "article")
        name = safe(watched.subscription.name)
        return {
            "content": f"**{name}** can be read and has {count}. A card looks like this. Nothing is posted.",
            "embed": embed,
        }

    async def _settings(self, guild: discord.Guild, _about: int) -> Content:
        chosen = await self._services.database.run(settings.guild_settings, guild.id)
        return {"view": settings_panel(chosen, self._usual_wait())}

    async def _types(self, guild: discord.Guild, _about: int) -> Content:
        return {"view": await draw_types(self._services, guild.id)}

    def sample_embed(self, entries: Sequence[Entry], form: Form) -> discord.Embed | None:
        """Draw the newest entry, preferably one with an abstract; None = the feed has no entry."""
        if not entries:
            return None
        entry = min(entries, key=_bareness)
        now = self._actions.now()
        article = Article(
            id=_SAMPLE_ID,
            record=entry.record,
            provenance={},
            sources=(),
            first_seen_at=now,
            next_enrichment_at=now,  # what a feed does not tell would be looked for at once
        )
        subject = self._actions.subject(article.record)
        return card(article, form, subject=subject, today=now.date()).embed

    def _usual_wait(self) -> timedelta:
        return timedelta(hours=self._services.config.delivery.abstract_wait_hours)


def _bareness(entry: Entry) -> int:
    """How little a card of it shows: those of letters and errata show least."""
    return 0 if entry.record.abstract else 1 if expects_abstract(entry.record) else 2
