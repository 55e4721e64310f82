"""Buttons and menus that open an article privately. They work after a restart."""

from collections.abc import Sequence

import discord

from cogs.cards.buttons import open_card, show_card
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import plain
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Panel, quoted, rows, text
from cogs.kit.presses import (
    NUMBER,
    PersistentButton,
    PersistentMenu,
    actions_of,
    answer,
    chosen_number,
    identifier_in,
    typist_of,
)
from cogs.kit.words import counted, journal_and_month
from wetread.domain.models import Article
from wetread.domain.text import cut
from wetread.domain.titles import shown_title


class OpenButton(
    PersistentButton,
    template=rf"wetread:open:(?P<article_id>{NUMBER}):(?P<owner_id>{NUMBER})",
):
    """Opens an article's card privately. `owner_id`: the only one who may press, 0 = everybody."""

    def __init__(self, article_id: int, owner_id: int = 0, *, number: int = 0) -> None:
        """Show `number` as the label; a sentence before the buttons says what they do."""
        super().__init__(str(number), f"wetread:open:{article_id}:{owner_id}")
        self.article_id = article_id
        self.owner_id = owner_id

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

    def __init__(self, articles: Sequence[Article] = (), *, by_identifier: bool = False) -> None:
        """Offer at most 25 articles, each once.

        `by_identifier`: the choice is looked up like a typed PMID or DOI, because the server does not know
        these articles yet.
        """
        options = [
            discord.SelectOption(
                label=cut(plain(shown_title(article.record)), OPTION_TEXT),
                value=_identifier(article) if by_identifier else str(article.id),
                description=cut(journal_and_month(article.record), OPTION_TEXT) or None,
            )
            for article in articles[:SELECT_OPTIONS]
        ]
        super().__init__("wetread:pick", options, placeholder="Choose an article")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the card. Raises ArticleGoneError, NoLongerWorksError."""
        [value] = self.item.values or [""]
        if ":" in value:
            identifier = identifier_in(value)
            await interaction.response.defer(ephemeral=True, thinking=True)
            found = await actions_of(interaction).by_identifier(identifier, interaction.guild_id)
            await show_card(interaction, found)
        else:
            await open_card(interaction, chosen_number(self.item))


def _identifier(article: Article) -> str:
    """Return what looks the article up again ("pmid:99000001"); its id if it has nothing so short."""
    record = article.record
    value = f"pmid:{record.pmid}" if record.pmid else f"doi:{record.doi}" if record.doi else ""
    return value if 0 < len(value) <= OPTION_TEXT else str(article.id)


class PubMedButton(PersistentButton, template=rf"wetread:pubmed:(?P<words_id>{NUMBER})"):
    """Searches PubMed for words that somebody typed."""

    def __init__(self, words_id: int) -> None:
        super().__init__("Search PubMed", f"wetread:pubmed:{words_id}", is_prominent=True)
        self.words_id = words_id

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with what PubMed finds."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        actions = actions_of(interaction)
        words = await actions.typed_words(self.words_id, typist_of(interaction))
        found = await actions.search_sources(words)
        panel = several(words, found, by_identifier=True) if found else _nothing(words)
        await answer(interaction, view=panel)


def several(
    words: str, articles: Sequence[Article], *, is_capped: bool = False, by_identifier: bool = False
) -> Panel:
    """Several articles fit: a menu of them. `by_identifier`: as `PickMenu` has it."""
    count = f"More than {len(articles)} articles" if is_capped else counted(len(articles), "article")
    verb = "matches" if len(articles) == 1 and not is_capped else "match"
    return Panel(
        colours.GREY,
        text(f"**{count} {verb} {quoted(cut(words, 100))}.**", "Choose one to see its abstract."),
        *rows([PickMenu(articles, by_identifier=by_identifier)]),
    )


def _nothing(words: str) -> Panel:
    return Panel(
        colours.GREY,
        text(f"**PubMed found no article for {quoted(cut(words, 100))}.**", "Please try fewer words."),
    )
