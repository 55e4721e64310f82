"""Draw the panels of a server's topics from what is stored."""

import discord

from cogs.client import Content, DrawPanel
from cogs.feeds.feed_health import on
from cogs.feeds.page_buttons import form_panel, move_panel
from cogs.feeds.step_choices import Choices
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.roles import mention_words
from cogs.topics.add_steps import which_panel
from cogs.topics.page_buttons import ask_to_remove, list_buttons, page_buttons
from cogs.topics.panels import PAGE_SIZE, TopicLine, all_matches, topic_line, topic_list, topic_page
from wetread.domain.feed_address import split_query
from wetread.services.services import Services
from wetread.storage import deliveries
from wetread.storage.deliveries import BlockedChannel
from wetread.storage.topics import TopicState
from wetread.storage.troubles import CHANNEL_GONE


class TopicPanels:
    """The panels about topics, by name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._topics = services.topics

    @property
    def panels(self) -> dict[str, DrawPanel]:
        """Return each panel's drawing function by the name that buttons use."""
        return {
            "topics": self._list,
            "topic": self._page,
            "topicadd": self._add,
            "topicall": self._all,
            "topicform": self._form,
            "topicmove": self._move,
            "topicremove": self._remove,
        }

    async def _list(self, guild: discord.Guild, page: int) -> Content:
        blocked = await self._blocked(guild.id)
        lines = [self._line(each, blocked) for each in await self._topics.of_guild(guild.id)]
        page = min(page, max(0, len(lines) - 1) // PAGE_SIZE)
        return {"view": topic_list(lines, list_buttons(lines, page), page=page)}

    async def _page(self, guild: discord.Guild, topic_id: int) -> Content:
        each = await self._topics.get(guild.id, topic_id)
        preview = await self._topics.preview(guild.id, each.topic.filter or "")
        line = self._line(each, await self._blocked(guild.id))
        query = split_query(each.query.url) if each.query else None
        buttons = page_buttons(each.topic, preview.count)
        mention = mention_words(guild, each.topic)
        return {
            "view": topic_page(
                each, line, preview, buttons, query=query[1] if query else None, mention=mention
            )
        }

    async def _add(self, _guild: discord.Guild, _about: int) -> Content:
        return {"view": which_panel(Choices())}

    async def _all(self, guild: discord.Guild, topic_id: int) -> Content:
        topic = (await self._topics.get(guild.id, topic_id)).topic
        matches = await self._topics.all_matches(guild.id, topic.filter or "")
        back = OpenPanelButton("topic", topic.id, label="Back", is_prominent=False)
        return {"view": all_matches(topic.name, matches, [back])}

    async def _form(self, guild: discord.Guild, topic_id: int) -> Content:
        return {"view": form_panel((await self._topics.get(guild.id, topic_id)).topic)}

    async def _move(self, guild: discord.Guild, topic_id: int) -> Content:
        return {"view": move_panel((await self._topics.get(guild.id, topic_id)).topic)}

    async def _remove(self, guild: discord.Guild, topic_id: int) -> Content:
        return {"view": ask_to_remove((await self._topics.get(guild.id, topic_id)).topic)}

    async def _blocked(self, guild_id: int) -> dict[int, BlockedChannel]:
        found = await self._services.database.read(deliveries.blocked_channels, guild_id)
        return {each.channel_id: each for each in found}

    def _line(self, each: TopicState, blocked: dict[int, BlockedChannel]) -> TopicLine:
        hindrance = blocked.get(each.topic.channel_id)
        why = None
        if hindrance is not None:
            is_gone = hindrance.code == CHANNEL_GONE
            what = "was deleted" if is_gone else "cannot be written to"
            why = f"<#{hindrance.channel_id}> {what}{' on' if is_gone else ' since'} {on(hindrance.since)}"
        return topic_line(each, self._services.actions.now(), why)
