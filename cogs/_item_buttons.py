"""Buttons and menus that open an article for whoever presses. They live on after a restart."""

import re
from collections.abc import Sequence
from typing import Any

import discord

from cogs import _colours
from cogs._actions import Interaction, actions_of, answer, guarded
from cogs._card_buttons import open_card
from cogs._escape import plain, unescaped
from cogs._limits import OPTION_TEXT, SELECT_OPTIONS
from cogs._panels import Panel, quoted, rows, text, words_within
from cogs._words import counted, month
from wetread.models import Article
from wetread.text import cut
from wetread.titles import shown_title

_ASKED = re.compile(r"“(.*)”")


class OpenButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wetread:open:(?P<article>\d+):(?P<owner>\d+)",
):
    """Opens an article's card privately. `owner_id`: the only one who may press, 0 = everybody."""

    def __init__(self, button: discord.ui.Button[Any], article_id: int, owner_id: int) -> None:
        super().__init__(button)
        self.article_id = article_id
        self.owner_id = owner_id

    @classmethod
    def numbered(cls, number: int, article_id: int, owner_id: int = 0) -> "OpenButton":
        """A button that shows its number in a list; a sentence before it says what it does."""
        custom_id = f"wetread:open:{article_id}:{owner_id}"
        return cls(discord.ui.Button(label=str(number), custom_id=custom_id), article_id, owner_id)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "OpenButton":
        """See discord.py."""
        assert isinstance(item, discord.ui.Button)  # noqa: S101  # our custom_ids are on buttons only
        return cls(item, int(match["article"]), int(match["owner"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answer with the card, or say whose list this is."""

        async def act() -> None:
            if self.owner_id and interaction.user.id != self.owner_id:
                await answer(interaction, view=not_yours(self.owner_id))
            else:
                await open_card(interaction, self.article_id)

        await guarded(interaction, act)


def not_yours(owner_id: int) -> Panel:
    """A list's buttons are for whoever asked for it."""
    return Panel(_colours.GREY, text(f"This list is <@{owner_id}>’s. `/search` makes one for you."))


class PickMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"wetread:pick"):
    """A menu of articles; the choice is opened privately."""

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "PickMenu":
        """At most 25 articles, each once."""
        options = [
            discord.SelectOption(
                label=cut(plain(shown_title(article.record)), OPTION_TEXT),
                value=str(article.id),
                description=cut(plain(_place(article)), OPTION_TEXT) or None,
            )
            for article in articles[:SELECT_OPTIONS]
        ]
        return cls(
            discord.ui.Select(custom_id="wetread:pick", placeholder="Open an article", options=options)
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> "PickMenu":
        """See discord.py."""
        assert isinstance(item, discord.ui.Select)  # noqa: S101  # our custom_ids are on selects only
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Answer with the card."""

        async def act() -> None:
            await open_card(interaction, int(self.item.values[0]))

        await guarded(interaction, act)


class PubMedButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"wetread:pubmed"):
    """Asks PubMed for the words that the panel quotes."""

    @classmethod
    def labelled(cls, label: str = "Search PubMed") -> "PubMedButton":
        """The likely next step, so blurple."""
        return cls(
            discord.ui.Button(label=label, custom_id="wetread:pubmed", style=discord.ButtonStyle.primary)
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> "PubMedButton":
        """See discord.py."""
        assert isinstance(item, discord.ui.Button)  # noqa: S101  # our custom_ids are on buttons only
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Answer with what PubMed finds."""

        async def act() -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            message = interaction.message
            words = unescaped(words_within(_ASKED, message) or "") if message else ""
            found = await actions_of(interaction).search_sources(words)
            await answer(interaction, view=several(words, found) if found else _nothing(words))

        await guarded(interaction, act)


def several(words: str, articles: Sequence[Article], *, is_capped: bool = False) -> Panel:
    """Several articles fit: a menu of them."""
    count = f"More than {len(articles)} articles" if is_capped else counted(len(articles), "article")
    verb = "matches" if len(articles) == 1 and not is_capped else "match"
    return Panel(
        _colours.GREY,
        text(f"**{count} {verb} {quoted(cut(words, 100))}.**", "Choose one to see its abstract."),
        *rows([PickMenu.of(articles)]),
    )


def _nothing(words: str) -> Panel:
    return Panel(
        _colours.GREY,
        text(f"**PubMed knows no article for {quoted(cut(words, 100))}.**", "Fewer words find more."),
    )


def _place(article: Article) -> str:
    record = article.record
    date = month(record.published_on) if record.published_on else ""
    return " · ".join(filter(None, (record.journal_abbreviation or record.journal, date)))
