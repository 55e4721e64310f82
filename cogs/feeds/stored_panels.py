"""Draw the panels of a server's feeds from what is stored."""

from dataclasses import replace
from datetime import timedelta

import discord

from cogs.cards.links import linked_title
from cogs.client import Content, DrawPanel
from cogs.feeds.add_steps import which_panel
from cogs.feeds.confirmations import ask_to_remove
from cogs.feeds.feed_health import feed_facts, feed_line, on, thread_words, usual_form
from cogs.feeds.find_subscription import watched_by_id
from cogs.feeds.forum_tags import draw_tags
from cogs.feeds.page_buttons import form_panel, list_buttons, move_panel, page_buttons
from cogs.feeds.panels import PAGE_SIZE, feed_list, feed_page
from cogs.feeds.sample import sample_embed
from cogs.feeds.settings_panel import settings_panel
from cogs.feeds.several import copy_panel
from cogs.feeds.step_choices import Choices
from cogs.feeds.types_panel import draw_types
from cogs.kit.escape import safe
from cogs.kit.panels import notice, small
from cogs.kit.roles import mention_words
from cogs.kit.words import counted
from cogs.posting.delivery_words import delivery_status
from wetread.domain.models import Delivery, DeliveryState, Record, Subscription
from wetread.domain.next_article import next_article_words
from wetread.domain.time_zones import zone_named
from wetread.services.services import Services
from wetread.storage import (
    articles,
    deliveries,
    delivery_history,
    follow_ups,
    paces,
    rhythms,
    settings,
    troubles,
)

_LAST_COUNT = 3
_TITLE_LIMIT = 120


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
            "add": self._add,
            "form": self._form,
            "move": self._move,
            "remove": self._remove,
            "copy": self._copy,
            "tags": self._tags,
            "settings": self._settings,
            "types": self._types,
        }

    async def _list(self, guild: discord.Guild, page: int) -> Content:
        now = self._actions.now()
        watched = await self._services.subscriptions.of_guild(guild.id)
        posted = await self._services.database.run(
            delivery_history.posted_since, guild.id, now - timedelta(days=7)
        )
        arrivals = await self._services.database.read(rhythms.arrivals, guild.id, now)
        gone = await self._services.database.run(troubles.gone_channels, guild.id)
        usual = usual_form(watched)
        lines = [
            feed_line(
                each,
                now,
                self._services.catalogue,
                week_count=posted.get(each.subscription.id, 0),
                usual=usual,
                arrivals=arrivals,
                gone=gone.get(each.subscription.channel_id),
            )
            for each in watched
        ]
        page = min(page, max(0, len(lines) - 1) // PAGE_SIZE)
        return {"view": feed_list(lines, list_buttons(lines, page), page=page)}

    async def _form(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        return {"view": form_panel(watched.subscription)}

    async def _move(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        return {"view": move_panel(watched.subscription)}

    async def _copy(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        others = await self._services.subscriptions.of_guild(guild.id)
        return {"view": copy_panel(watched.subscription, others)}

    async def _tags(self, guild: discord.Guild, forum_id: int) -> Content:
        return {"view": await draw_tags(self._services, guild, forum_id)}

    async def _remove(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        return {"view": ask_to_remove(watched.subscription)}

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
        ids = [each.article_id for each in last if each.article_id is not None]
        found = {each.id: each for each in await run(articles.get_many, ids)}
        lines = [
            last_line(each, article.record)
            for each in last
            if each.article_id is not None and (article := found.get(each.article_id))
        ]
        wait = self._usual_wait() if chosen.abstract_wait is None else chosen.abstract_wait
        now = self._actions.now()
        arrivals = await self._services.database.read(rhythms.arrivals, guild.id, now)
        gone = (await run(troubles.gone_channels, guild.id)).get(watched.subscription.channel_id)
        line = feed_line(watched, now, self._services.catalogue, arrivals=arrivals, gone=gone)
        delay = await run(follow_ups.delay_of_threads, subscription_id)
        page = feed_facts(watched, line, wait, lines, thread_words(watched.subscription, delay))
        page = replace(
            page,
            next_article=await self._next_article(watched.subscription),
            mention=mention_words(guild, watched.subscription),
        )
        return {"view": feed_page(page, page_buttons(watched.subscription))}

    async def _next_article(self, subscription: Subscription) -> str:
        now = self._actions.now()
        found = await self._services.database.run(
            paces.arrival, subscription.guild_id, subscription.channel_id, now
        )
        return next_article_words(
            found.pace,
            now,
            zone_named(found.zone or "UTC"),
            found.posted_today,
            is_paused=subscription.paused_at is not None,
        )

    async def _add(self, _guild: discord.Guild, _about: int) -> Content:
        return {"view": which_panel(self._services.catalogue, Choices())}

    async def _sample(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await watched_by_id(self._services.subscriptions, guild.id, subscription_id)
        checked = await self._services.subscriptions.check(watched.feed.url)
        embed = sample_embed(self._services, checked.entries, watched.subscription.form)
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

    def _usual_wait(self) -> timedelta:
        return timedelta(hours=self._services.config.delivery.abstract_wait_hours)


def last_line(delivery: Delivery, record: Record) -> str:
    """Return one of the last articles of a page: day, title, and why it was not posted if it was not."""
    title = linked_title(record, _TITLE_LIMIT)
    if delivery.state is DeliveryState.SENT and not delivery.was_deleted:
        return f"{on(delivery.settled_at or delivery.scheduled_at)} · {title}"
    return f"{on(delivery.scheduled_at)} · {title}\n{small(safe(delivery_status(delivery)))}"
