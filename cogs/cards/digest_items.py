"""The menus and buttons of digests. They work after a restart."""

from collections.abc import Callable, Mapping, Sequence

import discord

from cogs.cards.buttons import open_card
from cogs.cards.discussion import can_discuss, forbidden
from cogs.cards.links import address_hash, article_url, linked_title, short_hash
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import plain, safe
from cogs.kit.limits import LAYOUT_TEXT, OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Item, Panel, first_that_fits, rows, rule, small, text
from cogs.kit.presses import (
    NUMBER,
    NoLongerWorksError,
    PersistentButton,
    PersistentMenu,
    actions_of,
    answer,
)
from cogs.kit.words import counted, journal_and_month
from wetread.domain.batches import batches
from wetread.domain.digests import Digest
from wetread.domain.issue_sections import Placed, placed
from wetread.domain.models import Article, Record, Subject
from wetread.domain.publication_types import type_label
from wetread.domain.text import cut
from wetread.domain.titles import shown_title

MARKER = r"wr-[0-9a-f]{1,15}"
_MARK_LENGTH = 4
_TITLE = 100
_LIST_LIMIT = LAYOUT_TEXT - 200  # the rest is for the heading
_TRIALS = ("Randomized trial", "Clinical trial")


class DigestMenu(PersistentMenu, template=rf"wetread:digest:open(?P<number>\d{{1,2}}):(?P<marker>{MARKER})"):
    """A menu of articles of a digest; the choice is opened privately."""

    def __init__(
        self, number: int = 0, marker: str = "", entries: Sequence[Placed] = (), placeholder: str = ""
    ) -> None:
        options = [
            discord.SelectOption(
                label=cut(f"{each.number} {plain(shown_title(each.article.record))}", OPTION_TEXT),
                value=f"{each.article.id}:{address_hash(article_url(each.article.record))}",
                description=cut(journal_and_month(each.article.record), OPTION_TEXT) or None,
            )
            for each in entries[:SELECT_OPTIONS]
        ]
        super().__init__(f"wetread:digest:open{number}:{marker}", options, placeholder=placeholder)

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the card. Raises ArticleGoneError, NoLongerWorksError."""
        [value] = self.item.values or [""]
        number, _, _ = value.partition(":")
        if not number.isdecimal():
            raise NoLongerWorksError
        await open_card(interaction, int(number))


class SubjectMenu(PersistentMenu, template=rf"wetread:digest:subject:(?P<marker>{MARKER})"):
    """A menu of the subjects of a digest; the articles of the choice are listed privately.

    Its options carry, beside their subject, short hashes of the digest's articles, for the look-back.
    """

    def __init__(
        self, marker: str = "", counts: Mapping[str, int] | None = None, articles: Sequence[Article] = ()
    ) -> None:
        names = [name for name, _ in sorted((counts or {}).items(), key=lambda each: -each[1])]
        marks = [short_hash(article_url(each.record)) for each in articles]
        options = []
        for name in names[:SELECT_OPTIONS]:
            room = (OPTION_TEXT - len(name) - 1) // _MARK_LENGTH
            carried, marks = marks[:room], marks[room:]
            options.append(
                discord.SelectOption(
                    label=f"{name} {(counts or {})[name]:,}", value=f"{name}:{''.join(carried)}"
                )
            )
        super().__init__(f"wetread:digest:subject:{marker}", options, placeholder="Show one subject")
        self.marker = marker

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the articles of the subject. Raises NoLongerWorksError."""
        [value] = self.item.values or [""]
        subject = value.partition(":")[0]
        if subject not in _SUBJECTS:
            raise NoLongerWorksError
        await _show(interaction, self.marker, f"s{_SUBJECTS.index(subject)}", 0)


_SUBJECTS = [*(str(each) for each in Subject if each is not Subject.GENERAL), "Other"]
_SHORT_LABELS = {
    "all": "All",
    "trials": "Only the trials",
    "free": "Only free",
    "discuss": "Discuss the issue",
}


class DigestButton(
    PersistentButton,
    template=rf"wetread:digest:(?P<part>all|trials|free|discuss|s\d{{1,2}}):(?P<page>{NUMBER}):(?P<marker>{MARKER})",
):
    """Lists a part of a digest privately, page by page, or opens its discussion."""

    def __init__(
        self, part: str, page: int, marker: str, label: str = "", *, is_prominent: bool = False
    ) -> None:
        super().__init__(
            label or _SHORT_LABELS.get(part, "Show"),
            f"wetread:digest:{part}:{page}:{marker}",
            is_prominent=is_prominent,
        )
        self.part = part
        self.page = page
        self.marker = marker

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the label says. Raises NoLongerWorksError."""
        if self.part == "discuss":
            await _discuss(interaction, self.marker)
        else:
            await _show(interaction, self.marker, self.part, self.page)


async def _show(interaction: Interaction, marker: str, part: str, page: int) -> None:
    """Answer with one page of a part of a digest; in the place of the page that is shown, if it is a list."""
    digest = await _digest(interaction, marker)
    actions = actions_of(interaction)
    found = [each for each in placed(digest.articles) if _is_of(each.article.record, part, actions.subject)]
    panel = digest_page(found, marker, part, page)
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.edit_message(view=panel)
    else:
        await answer(interaction, view=panel)


async def _digest(interaction: Interaction, marker: str) -> Digest:
    found = await actions_of(interaction).digest(int(marker.removeprefix("wr-"), 16), interaction.guild_id)
    if found is None:
        raise NoLongerWorksError
    return found


def _is_of(record: Record, part: str, subject_of: Callable[[Record], Subject]) -> bool:
    match part:
        case "trials":
            return type_label(record) in _TRIALS
        case "free":
            return record.free_url is not None
        case "all":
            return True
        case _:
            subject = subject_of(record)
            return _SUBJECTS[int(part[1:])] == ("Other" if subject is Subject.GENERAL else str(subject))


def digest_page(entries: Sequence[Placed], marker: str, part: str, page: int) -> Panel:
    """Build a private list of articles of a digest, with a menu that opens each."""
    pages = batches(entries, SELECT_OPTIONS)
    if not pages:
        return Panel(colours.GREY, text("None of these articles is left."))
    page = min(page, len(pages) - 1)
    shown = pages[page]
    head = f"**{_part_words(part, len(entries))}**"
    position = (
        f"{shown[0].number} to {shown[-1].number}" if part == "all" else f"page {page + 1} of {len(pages)}"
    )
    buttons: list[Item] = []
    if page:
        buttons.append(DigestButton(part, page - 1, marker, "Previous"))
    if page + 1 < len(pages):
        buttons.append(DigestButton(part, page + 1, marker, "Next"))
    return Panel(
        colours.TEAL,
        text(head, small(position) if len(pages) > 1 else ""),
        rule(),
        first_that_fits(_LIST_LIMIT, *(_lines(shown, limit) for limit in (100, 60, 30))),
        *rows([DigestMenu(page, marker, shown, "Open an article")]),
        *rows(buttons),
    )


def _lines(entries: Sequence[Placed], limit: int) -> list[str]:
    return [f"`{each.number}` {safe(cut(shown_title(each.article.record), limit))}" for each in entries]


def _part_words(part: str, count: int) -> str:
    match part:
        case "trials":
            return counted(count, "trial")
        case "free":
            return f"{counted(count, 'article')} with free full text"
        case "all":
            return f"All {counted(count, 'article')}"
        case _:
            return f"{_SUBJECTS[int(part[1:])]}: {counted(count, 'article')}"


async def _discuss(interaction: Interaction, marker: str) -> None:
    """Open the thread under the digest, or link to it."""
    message = interaction.message
    digest = await _digest(interaction, marker)
    if message is None or not can_discuss(interaction.channel):
        await answer(interaction, view=forbidden())
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    if not message.flags.has_thread:
        records = [each.article.record for each in placed(digest.articles)]
        first = linked_title(records[0], _TITLE) if records else "an issue"
        more = f" and {len(records) - 1:,} more" if len(records) > 1 else ""
        try:
            thread = await message.create_thread(name=f"Discussion of {counted(len(records), 'article')}")
            await thread.send(
                f"Discussion of {first}{more}. Please do not post patient details.",
                suppress_embeds=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.Forbidden:
            await answer(interaction, view=forbidden())
            return
        await actions_of(interaction).note_discussion(message.id, thread.id)
    # A message's thread has the message's id.
    await answer(interaction, content=f"The discussion is here: <#{message.id}>")
