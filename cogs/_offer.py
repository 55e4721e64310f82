"""Under a message that names an article: its card, one press away. For servers that allow it."""

import re
from typing import TYPE_CHECKING, Any, cast

import discord

from cogs._actions import Interaction, guarded
from cogs._card_buttons import CardButton, drawn
from cogs._limits import CUSTOM_ID
from wetread.errors import IdentifierError
from wetread.identifiers import Identifier, IdentifierKind, find_doi, parse_identifier
from wetread.models import Form

if TYPE_CHECKING:
    from cogs._bot import Wetread

OFFER = "This looks like an article."

_MOST_WORDS = 400
_LONGEST = CUSTOM_ID - len("wetread:offer:")


class OfferButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wetread:offer:(?P<kind>[a-z]+):(?P<value>\S+)",
):
    """Puts the card of the article in the place of the offer. Lives on after a restart."""

    def __init__(self, identifier: Identifier) -> None:
        super().__init__(discord.ui.Button(label="Show the card", custom_id=f"wetread:offer:{identifier}"))
        self.identifier = identifier

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "OfferButton":
        """See discord.py."""
        return cls(Identifier(IdentifierKind(match["kind"]), match["value"]))

    async def callback(self, interaction: Interaction) -> None:
        """Show a short card: what it is, and two ways on."""

        async def act() -> None:
            await interaction.response.defer()
            bot = cast("Wetread", interaction.client)
            article = await bot.services.lookup.by_identifier(self.identifier, interaction.guild_id)
            shown = await drawn(interaction, article, Form.TITLE)
            view = discord.ui.View(timeout=None)
            if shown.first_link:
                view.add_item(discord.ui.Button(label=shown.first_link.label, url=shown.first_link.url))
            if shown.opens:
                view.add_item(CardButton(shown.opens, article.id, is_prominent=not shown.first_link))
            url = await bot.panel_actions.post_url(interaction.guild_id, article.id, None)
            if url:
                view.add_item(discord.ui.Button(label="Go to the post", url=url))
            await interaction.edit_original_response(content=None, embed=shown.embed, view=view)

        await guarded(interaction, act)


def offer(text: str) -> discord.ui.View | None:
    """Return the offer for a message, None if it names no article whose name a button can hold."""
    identifier = named_in(text)
    if identifier is None or len(str(identifier)) > _LONGEST:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(OfferButton(identifier))
    return view


def named_in(text: str) -> Identifier | None:
    """Return the DOI, or the article of the first address, in a message; None if there is neither."""
    if doi := find_doi(text):
        return Identifier(IdentifierKind.DOI, doi)
    for word in text.split()[:_MOST_WORDS]:
        if "/" not in word or "." not in word:
            continue
        try:
            return parse_identifier(word)
        except IdentifierError:
            continue
    return None
