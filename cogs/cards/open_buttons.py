"""Buttons and menus that open an article for whoever presses. They live on after a restart."""

import re
from collections.abc import Sequence
from typing import Self

import discord

from cogs.cards.buttons import open_card
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import plain
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Panel, quoted, rows, text
from cogs.kit.persistent import PersistentButton, PersistentMenu
from cogs.kit.presses import actions_of, answer
from cogs.kit.words import counted, journal_and_month
from wetread.domain.models import Article
from wetread.domain.text import cut
from wetread.domain.titles import shown_title


class OpenButton(
    PersistentButton,
    template=r"wetread:open:(?P<article>\d+):(?P<owner>\d+)",
):
    """Opens an article's card privately. `owner_id`: the only one who may press, 0 = everybody."""

    def __init__(self, number: int, article_id: int, owner_id: int = 0) -> None:
        """Show a number in a list; a sentence before it says what it does."""
        custom_id = f"wetread:open:{article_id}:{owner_id}"
        super().__init__(discord.ui.Button(label=str(number), custom_id=custom_id))
        self.article_id = article_id
        self.owner_id = owner_id

    @classmethod
    def restored(cls, match: re.Match[str]) -> Self:
        """See `PersistentItem`."""
        return cls(0, int(match["article"]), int(match["owner"]))

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the card, or say whose list this is."""
        if self.owner_id and interaction.user.id != self.owner_id:
            await answer(interaction, view=not_yours(self.owner_id))
        else:
            await open_card(interaction, self.article_id)


def not_yours(owner_id: int) -> Panel:
    """Build the answer to a member who presses a button of somebody else's list."""
    return Panel(
        colours.GREY, text(f"This list belongs to <@{owner_id}>. You can get your own with `/search`.")
    )


class PickMenu(PersistentMenu, template=r"wetread:pick"):
    """A menu of articles; the choice is opened privately."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        """Offer at most 25 articles, each once."""
        options = [
            discord.SelectOption(
                label=cut(plain(shown_title(article.record)), OPTION_TEXT),
                value=str(article.id),
                description=cut(journal_and_month(article.record), OPTION_TEXT) or None,
            )
            for article in articles[:SELECT_OPTIONS]
        ]
        super().__init__(
            discord.ui.Select(custom_id="wetread:pick", placeholder="Choose an article", options=options)
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the card."""
        await open_card(interaction, int(self.item.values[0]))


class PubMedButton(PersistentButton, template=r"wetread:pubmed:(?P<words>\d{1,18})"):
    """Searches PubMed for words that somebody typed."""

    def __init__(self, words_id: int) -> None:
        super().__init__(
            discord.ui.Button(
                label="Search PubMed",
                custom_id=f"wetread:pubmed:{words_id}",
                style=discord.ButtonStyle.primary,
            )
        )
        self.words_id = words_id

    @classmethod
    def restored(cls, match: re.Match[str]) -> Self:
        """See `PersistentItem`."""
        return cls(int(match["words"]))

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with what PubMed finds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        actions = actions_of(interaction)
        words = await actions.typed_words(self.words_id)
        found = await actions.search_sources(words)
        await answer(interaction, view=several(words, found) if found else _nothing(words))


def several(words: str, articles: Sequence[Article], *, is_capped: bool = False) -> Panel:
    """Several articles fit: a menu of them."""
    count = f"More than {len(articles)} articles" if is_capped else counted(len(articles), "article")
    verb = "matches" if len(articles) == 1 and not is_capped else "match"
    return Panel(
        colours.GREY,
        text(f"**{count} {verb} {quoted(cut(words, 100))}.**", "Choose one to see its abstract."),
        *rows([PickMenu(articles)]),
    )


def _nothing(words: str) -> Panel:
    return Panel(
        colours.GREY,
        text(f"**PubMed found no article for {quoted(cut(words, 100))}.**", "Please try fewer words."),
    )
