"""The buttons of a card and what they do. They hold only ids, so they work after a restart."""

from collections.abc import Awaitable, Callable, Mapping

import discord

from cogs.cards.article_panel import article_panel, links_of
from cogs.cards.authors_panel import authors_panel
from cogs.cards.card import Card, RetractedArticle, card, full_abstract
from cogs.cards.citation_panel import show_citation
from cogs.cards.discussion import discuss
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel
from cogs.kit.presses import NUMBER, PersistentButton, actions_of, answer
from wetread.domain.models import Article, Form
from wetread.services.article_actions import ArticleActions

_LABELS = {
    "abstract": "Full abstract",
    "authors": "All authors",
    "cite": "Cite",
    "discuss": "Discuss",
    "show": "Show to all",
    "article": "All details",
}


class CardButton(
    PersistentButton,
    template=rf"wetread:(?P<action>abstract|authors|cite|discuss|show|article):(?P<article_id>{NUMBER})"
    r"(?::wr-[0-9a-f]+:[0-9a-f]*)?",
):
    """One of a card's own buttons. What follows the article's id is read in `cogs/posting/recognition.py`."""

    def __init__(
        self, action: str, article_id: int, *, is_prominent: bool = False, marker: str | None = None
    ) -> None:
        carried = f":{marker}" if marker else ""
        super().__init__(
            _LABELS[action], f"wetread:{action}:{article_id}{carried}", is_prominent=is_prominent
        )
        self.action = action
        self.article_id = article_id

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the label says. Raises ArticleGoneError."""
        article = await actions_of(interaction).article(self.article_id, interaction.guild_id)
        await _ACTIONS[self.action](interaction, article)


def card_view(
    shown: Card,
    *,
    can_discuss: bool = False,
    can_show: bool = False,
    post_url: str | None = None,
    marker: str | None = None,
) -> discord.ui.View:
    """Return a card's buttons, in the order in which they are needed.

    `can_discuss`: under a post whose channel allows threads. `can_show`: under a private card, that may
    be shown to all. `post_url`: where the article was posted. `marker`: by which a post is recognised.
    """
    view = discord.ui.View(timeout=None)
    if shown.first_link:
        view.add_item(discord.ui.Button(label=shown.first_link.label, url=shown.first_link.url))
    if shown.opens:
        view.add_item(CardButton(shown.opens, shown.article_id, is_prominent=shown.is_prominent))
    view.add_item(CardButton("cite", shown.article_id, marker=marker))
    if can_discuss:
        view.add_item(CardButton("discuss", shown.article_id))
    if can_show:
        view.add_item(CardButton("show", shown.article_id))
    if post_url:
        view.add_item(discord.ui.Button(label="Go to the post", url=post_url))
    if shown.free_link:
        view.add_item(discord.ui.Button(label=shown.free_link.label, url=shown.free_link.url))
    return view


def cite_only(article_id: int, marker: str) -> discord.ui.View:
    """Return the only button of a post without a card."""
    view = discord.ui.View(timeout=None)
    return view.add_item(CardButton("cite", article_id, marker=marker))


async def open_card(interaction: Interaction, article_id: int) -> None:
    """Answer with an article's whole card, privately. Raises ArticleGoneError."""
    await show_card(interaction, await actions_of(interaction).article(article_id, interaction.guild_id))


async def show_card(interaction: Interaction, article: Article) -> None:
    """Answer with an article's whole card, privately."""
    actions = actions_of(interaction)
    shown = await drawn(interaction, article, Form.WHOLE)
    post_url = await actions.post_url(interaction.guild_id, article.id, None)
    can_show = interaction.guild_id is not None and post_url is None
    view = card_view(shown, can_show=can_show, post_url=post_url)
    await answer(interaction, embed=shown.embed, view=view)


async def drawn(interaction: Interaction, article: Article, form: Form) -> Card:
    """Return the card of an article as this server sees it."""
    actions = actions_of(interaction)
    retracted = RetractedArticle(*await actions.article_retracted_by(article, interaction.guild_id))
    return card(
        article,
        form,
        subject=actions.subject(article.record),
        today=actions.today(),
        retracted=retracted,
        proxy_prefix=await actions.proxy_prefix(interaction.guild_id),
    )


async def _show_abstract(interaction: Interaction, article: Article) -> None:
    actions = actions_of(interaction)
    subject = actions.subject(article.record)
    shown, more = full_abstract(article, subject=subject, today=actions.today())
    await answer(interaction, embed=shown.embed, view=card_view(shown))
    for embed in more:
        await answer(interaction, embed=embed)


async def _show_authors(interaction: Interaction, article: Article) -> None:
    subject = actions_of(interaction).subject(article.record)
    panel = authors_panel(article, subject)
    panel.add_buttons(CardButton("article", article.id))
    await answer(interaction, view=panel)


async def _show_article(interaction: Interaction, article: Article) -> None:
    await answer(interaction, view=await article_view(article, actions_of(interaction), interaction.guild_id))


async def article_view(article: Article, actions: ArticleActions, guild_id: int | None) -> Panel:
    """Build the panel with all details of an article, with its buttons."""
    panel = article_panel(article, actions.subject(article.record))
    panel.add_buttons(
        *([CardButton("abstract", article.id)] if article.record.abstract else []),
        CardButton("cite", article.id),
        *links_of(article.record, await actions.proxy_prefix(guild_id)),
    )
    return panel


async def _show_to_all(interaction: Interaction, article: Article) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await answer(interaction, view=await interaction.client.show_to_all(interaction, article))


_ACTIONS: Mapping[str, Callable[[Interaction, Article], Awaitable[None]]] = {
    "abstract": _show_abstract,
    "authors": _show_authors,
    "cite": show_citation,
    "discuss": discuss,
    "show": _show_to_all,
    "article": _show_article,
}
