"""What buttons and menus can do, and how they find who does it.

They outlive restarts, so no object of ours is bound to them: whoever is pressed asks the client. A cog
gives the client its `panel_actions` once, when it is loaded, and `_persistent.PERSISTENT_ITEMS`.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol, cast

import discord

from cogs._panels import Panel
from cogs._search_request import Found, SearchRequest
from wetread.citations import Style
from wetread.models import Article, PartialDate, Record, Subject

Interaction = discord.Interaction[Any]


class PanelActions(Protocol):
    """What buttons need of the rest of Wetread. `guild_id` None = a direct message."""

    async def article(self, article_id: int, guild_id: int | None) -> Article:
        """Return a stored article. Raises LookupError if it is no longer there."""
        ...

    async def post_url(self, guild_id: int | None, article_id: int, channel_id: int | None) -> str | None:
        """Return the link to the article's post in the server, or in that channel; None = not posted."""
        ...

    async def withdrawn_by(
        self, article: Article, guild_id: int | None
    ) -> tuple[PartialDate | None, str | None]:
        """Return when the article that this notice withdraws appeared, and the link to its post here."""
        ...

    async def proxy_prefix(self, guild_id: int | None) -> str | None:
        """Return the address of the proxy of the server's library, None if it has none."""
        ...

    async def search(self, request: SearchRequest, guild_id: int | None) -> Found:
        """Run a search. Raises EmptyQueryError."""
        ...

    async def search_sources(self, text: str) -> Sequence[Article]:
        """Ask PubMed for words. Raises RecordSourceError."""
        ...

    async def latest(self, guild_id: int | None) -> Sequence[tuple[Article, str | None]]:
        """Return the server's newest articles, each with the link to its post."""
        ...

    async def citation_style(self, user_id: int) -> Style:
        """Return the style that the member used last; AMA at first."""
        ...

    async def remember_citation_style(self, user_id: int, style: Style) -> None:
        """Keep the style for the next time."""
        ...

    async def note_discussion(self, message_id: int, thread_id: int) -> None:
        """Remember that a post has a discussion."""
        ...

    async def show_to_all(self, interaction: Interaction, article: Article) -> Panel:
        """Post the article's card where the button was pressed, once; return what the member is told."""
        ...

    async def failed(self, interaction: Interaction, error: Exception) -> None:
        """Answer an error as every other error is answered."""
        ...

    def subject(self, record: Record) -> Subject:
        """Return the field of the article's journal."""
        ...

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def actions_of(interaction: Interaction) -> PanelActions:
    """Return what the client was given."""
    return cast(PanelActions, interaction.client.panel_actions)


def today(actions: PanelActions) -> date:
    """Return the present day, in UTC."""
    return actions.now().date()


async def guarded(interaction: Interaction, action: Callable[[], Awaitable[None]]) -> None:
    """Do what a press asks for; whatever goes wrong is answered, and never ends in silence."""
    try:
        await action()
    except Exception as error:  # noqa: BLE001  # the one place for all buttons; discord.py would only log it
        await actions_of(interaction).failed(interaction, error)


async def answer(interaction: Interaction, **content: Any) -> None:
    """Answer a press, seen by whoever pressed alone; also after the first answer was given."""
    content.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if interaction.response.is_done():
        await interaction.followup.send(ephemeral=True, **content)
    else:
        await interaction.response.send_message(ephemeral=True, **content)
