"""Buttons and menus that open an article privately. They work after a restart."""

from collections.abc import Sequence

import discord

from cogs.cards.buttons import open_card
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import plain
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Panel, quoted, rows, text
from cogs.kit.presses import NUMBER, PersistentButton, PersistentMenu, actions_of, answer
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
        super().__init__("wetread:pick", options, placeholder="Choose an article")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the card."""
        await open_card(interaction, int(self.item.values[0]))


class PubMedButton(PersistentButton, template=rf"wetread:pubmed:(?P<words_id>{NUMBER})"):
    """Searches PubMed for words that somebody typed."""

    def __init__(self, words_id: int) -> None:
        super().__init__("Search PubMed", f"wetread:pubmed:{words_id}", is_prominent=True)
        self.words_id = words_id

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
