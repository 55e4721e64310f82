"""The citation of an article to copy, in the member's style, with buttons for the other styles."""

import io
import re

import discord

from cogs.cards.links import linked_title
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import code_block
from cogs.kit.panels import Item, Panel, rows, small, text
from cogs.kit.presses import NUMBER, PersistentButton, actions_of, answer
from cogs.kit.words import day, source_words
from wetread.domain.citations import Style, cite
from wetread.domain.models import Article, PartialDate
from wetread.domain.text import utf16_length

_BLOCK_LIMIT = 2_800  # of the 4,000 that a panel takes; a longer reference comes as a file
_LONGEST_TITLE = 200
_ENDINGS = {Style.RIS: "ris", Style.BIBTEX: "bib"}


class StyleButton(
    PersistentButton,
    template=rf"wetread:style:(?P<style>ama|vancouver|apa|bibtex|ris):(?P<article_id>{NUMBER})",
):
    """Shows the reference in another style."""

    def __init__(self, style: str, article_id: int, *, is_current: bool = False) -> None:
        self.style = Style(style)
        super().__init__(
            "RIS file" if self.style is Style.RIS else self.style.label,
            f"wetread:style:{style}:{article_id}",
            is_prominent=is_current,
            is_disabled=is_current,
        )
        self.article_id = article_id

    async def pressed(self, interaction: Interaction) -> None:
        """Redraw a private panel; under a public one, answer the member with a private one."""
        actions = actions_of(interaction)
        article = await actions.article(self.article_id, interaction.guild_id)
        await actions.remember_citation_style(interaction.user.id, self.style)
        panel, files = citation_panel(article, self.style)
        if interaction.message and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(view=panel, attachments=files)
        else:
            await answer(interaction, view=panel, files=files)


def citation_panel(article: Article, style: Style) -> tuple[Panel, list[discord.File]]:
    """Build the panel, and the file it shows if the reference is one or is too long to show."""
    record = article.record
    reference = cite(record, style)
    block = code_block(reference)
    items: list[Item] = [text("### Citation", linked_title(record, _LONGEST_TITLE), f"\n**{style.label}**")]
    files: list[discord.File] = []
    if style is Style.RIS or utf16_length(block) > _BLOCK_LIMIT:
        file = discord.File(
            io.BytesIO(reference.encode("utf-8", "replace")), filename=_file_name(article, style)
        )
        files.append(file)
        items.append(discord.ui.File(file))
    else:
        items.append(text(block))
    items += rows([StyleButton(each, article.id, is_current=each is style) for each in Style])
    items.append(text(small(f"{_origin(article)} Please check it against the journal before you submit.")))
    return Panel(colours.GREY, *items), files


async def show_citation(interaction: Interaction, article: Article) -> None:
    """Answer a press with the reference in the style that the member used last."""
    style = await actions_of(interaction).citation_style(interaction.user.id)
    panel, files = citation_panel(article, style)
    await answer(interaction, view=panel, files=files)


def _origin(article: Article) -> str:
    """The source of what a reference consists of, and its day."""
    name = article.provenance.get("title", article.record.source)
    stamp = next((stamp for stamp in article.sources if stamp.source == name), None)
    source = source_words(name)
    source = source if source.startswith("the ") else f"the {source} record"
    if stamp is None:
        return f"From {source}."
    at = stamp.fetched_at
    return f"From {source} of {day(PartialDate(at.year, at.month, at.day))}."


def _file_name(article: Article, style: Style) -> str:
    record = article.record
    name = (record.doi or "").partition("/")[2] or record.pmid or f"article-{article.id}"
    return (
        f"{re.sub(r'[^A-Za-z0-9.-]+', '-', name).strip('.-')[:60] or 'article'}.{_ENDINGS.get(style, 'txt')}"
    )
