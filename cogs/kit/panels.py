"""Parts of all panels: Discord's components v2, in one container with a coloured stripe."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.limits import BUTTONS_IN_ROW, LAYOUT_TEXT
from wetread.domain.text import utf16_length
from wetread.net.addresses import without_secrets

Item = discord.ui.Item[Any]
Row = discord.ui.ActionRow[Any]


class Panel(discord.ui.LayoutView):
    """A panel. Its buttons work after a restart, so it has no timeout unless one is given."""

    def __init__(self, colour: int, *items: Item, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        self._container: discord.ui.Container[Any] = discord.ui.Container(*items, accent_colour=colour)
        self.add_item(self._container)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, _item: Item, /) -> None:
        """Answer an error of a button that is not persistent; persistent ones answer their own."""
        await interaction.client.answer_error(interaction, error)

    def add_small_print(self, words: str) -> None:
        """Add a line of small print at the bottom, if the panel has room for it."""
        if words and self.content_length() + len(words) + len(small("")) <= LAYOUT_TEXT:
            self._container.add_item(text(small(words)))

    def add_buttons(self, *buttons: Item) -> None:
        """Add buttons at the bottom."""
        for row in rows(buttons):
            self._container.add_item(row)


def text(*lines: str) -> discord.ui.TextDisplay[Any]:
    """Return lines of markdown; empty ones are left out."""
    return discord.ui.TextDisplay("\n".join(line for line in lines if line))


def small(words: str) -> str:
    """Return one line of small print."""
    return f"-# {words}"


def rule() -> discord.ui.Separator[Any]:
    """Return a horizontal line."""
    return discord.ui.Separator()


def rows(items: Sequence[Item]) -> list[Row]:
    """Return buttons in rows of five, and each menu in a row of its own."""
    found: list[list[Item]] = []
    room = 0
    for item in items:
        if item.width > room:
            found.append([])
            room = BUTTONS_IN_ROW
        found[-1].append(item)
        room -= item.width
    return [discord.ui.ActionRow(*each) for each in found]


def link_button(label: str, url: str) -> discord.ui.Button[Any]:
    """Return a link button."""
    return discord.ui.Button(label=label, url=url)


def fitted(blocks: Iterable[str], limit: int, *, joint: str = "\n") -> tuple[list[str], int]:
    """Return as many blocks from the start as fit together, and how many were left out."""
    kept: list[str] = []
    left_out = used = 0
    for block in blocks:
        used += utf16_length(block) + utf16_length(joint)
        if left_out or used > limit:
            left_out += 1
        else:
            kept.append(block)
    return kept, left_out


def first_that_fits(limit: int, *choices: Sequence[str]) -> discord.ui.TextDisplay[Any]:
    """Return the first of several versions of a text that is within `limit`; the last if none is."""
    found = [text(*lines) for lines in choices]
    return next((each for each in found if utf16_length(each.content) <= limit), found[-1])


def quoted(words: str) -> str:
    """Return foreign words in quotation marks, escaped, and without the secrets of addresses."""
    return f"“{safe(without_secrets(words))}”"


def notice(
    title: str,
    *lines: str,
    colour: int = colours.GREY,
    example: str | None = None,
    buttons: Sequence[Item] = (),
) -> Panel:
    """Build a short answer: a sentence, what helps, perhaps an example and buttons.

    `title` and `lines` are markdown: foreign words in them must be escaped with `safe`.
    `example` is a command to copy.
    """
    body = text(f"**{title}**", *lines, code(example) if example else "")
    return Panel(colour, body, *rows(buttons))
