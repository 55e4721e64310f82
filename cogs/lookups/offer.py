"""The offer under a message that names an article: a button that shows its card. Off by default."""

from collections.abc import Mapping
from typing import Any, Self

import discord

from cogs.cards.buttons import CardButton, drawn
from cogs.kit.context import Interaction
from cogs.kit.limits import CUSTOM_ID
from cogs.kit.presses import PersistentButton, identifier_in
from wetread.domain.errors import IdentifierError
from wetread.domain.identifiers import Identifier, IdentifierKind, find_doi, parse_identifier
from wetread.domain.models import Form

OFFER = "This message names an article."

_MOST_WORDS = 400
_LONGEST = CUSTOM_ID - len("wetread:offer:")


class OfferButton(
    PersistentButton,
    template=rf"wetread:offer:(?P<identifier>(?:{'|'.join(IdentifierKind)}):\S+)",
):
    """Replaces the offer by the card of the article."""

    def __init__(self, identifier: Identifier) -> None:
        super().__init__("Show the card", f"wetread:offer:{identifier}")
        self.identifier = identifier

    @classmethod
    def restored(cls, groups: Mapping[str, Any]) -> Self:
        """See `PersistentItem`."""
        kind, _, value = groups["identifier"].partition(":")
        return cls(Identifier(IdentifierKind(kind), value))

    async def pressed(self, interaction: Interaction) -> None:
        """Show a short card with two buttons."""
        identifier = identifier_in(str(self.identifier))
        await interaction.response.defer()
        article = await interaction.client.services.lookup.by_identifier(identifier, interaction.guild_id)
        shown = await drawn(interaction, article, Form.TITLE)
        view = discord.ui.View(timeout=None)
        if shown.first_link:
            view.add_item(discord.ui.Button(label=shown.first_link.label, url=shown.first_link.url))
        if shown.opens:
            view.add_item(CardButton(shown.opens, article.id, is_prominent=not shown.first_link))
        url = await interaction.client.services.actions.post_url(interaction.guild_id, article.id, None)
        if url:
            view.add_item(discord.ui.Button(label="Go to the post", url=url))
        await interaction.edit_original_response(content=None, embed=shown.embed, view=view)


def offer(text: str) -> discord.ui.View | None:
    """Return the offer for a message; None if it names no article, or too long for a custom_id."""
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
