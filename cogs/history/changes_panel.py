"""The list of what moderators changed: newest first, six a page, with a button to undo each."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from cogs.history.change_words import SUBJECTS, by_line, change_detail, change_title
from cogs.history.changes_file import changes_file
from cogs.history.undo_change import UndoChangeButton
from cogs.kit import colours
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import plain
from cogs.kit.limits import LAYOUT_TEXT, OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Item, Panel, rows, rule, small, text
from cogs.kit.presses import NUMBER, PersistentButton, PersistentMenu, answer
from wetread.domain.changes import Change, ChangeSubject
from wetread.domain.text import cut, utf16_length
from wetread.services.services import Services
from wetread.storage.undoing import Prospect

PAGE_SIZE = 6
DAYS = 90
EVERYBODY = 0
ALL = "all"

_BLOCK_LIMIT = (LAYOUT_TEXT - 300) // PAGE_SIZE
_WHATS = "|".join((ALL, *ChangeSubject))
_PLACE = rf"(?P<page>\d{{1,6}}):(?P<who>{NUMBER}):(?P<what>{_WHATS})"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the list. `who`: a member's id, 0 = everybody; `what`: a ChangeSubject, or "all"."""

    page: int = 0
    who: int = EVERYBODY
    what: str = ALL

    def __str__(self) -> str:
        """Return how a custom_id holds it."""
        return f"{self.page}:{self.who}:{self.what}"


class TurnButton(PersistentButton, template=rf"wetread:changes:(?P<way>previous|next):{_PLACE}"):
    """Shows a page of the list in place of what is there."""

    def __init__(self, way: str, page: int, who: int, what: str, *, is_disabled: bool = False) -> None:
        place = Place(page, who, what)
        super().__init__(way.capitalize(), f"wetread:changes:{way}:{place}", is_disabled=is_disabled)
        self.place = place

    async def pressed(self, interaction: Interaction) -> None:
        """Show that page."""
        await show_changes(interaction, self.place)


class WhoMenu(PersistentMenu, template=rf"wetread:changes:who:{_PLACE}"):
    """Chooses whose changes are listed."""

    def __init__(
        self, page: int, who: int, what: str, members: Sequence[tuple[int, str]] = ((0, "everybody"),)
    ) -> None:
        options = [
            discord.SelectOption(
                label=cut(f"Who: {plain(name) or member}", OPTION_TEXT),
                value=str(member),
                default=member == who,
            )
            for member, name in members
        ]
        super().__init__(f"wetread:changes:who:{Place(page, who, what)}", options)
        self.place = Place(0, who, what)

    async def pressed(self, interaction: Interaction) -> None:
        """Show the first page of their changes."""
        [chosen] = self.item.values
        who = int(chosen) if chosen.isdecimal() else EVERYBODY
        await show_changes(interaction, replace(self.place, who=who))


class WhatMenu(PersistentMenu, template=rf"wetread:changes:what:{_PLACE}"):
    """Chooses what the listed changes are about."""

    def __init__(self, page: int, who: int, what: str) -> None:
        names = {ALL: "all changes"} | {str(subject): words for subject, words in SUBJECTS.items()}
        options = [
            discord.SelectOption(label=f"What: {name}", value=value, default=value == what)
            for value, name in names.items()
        ]
        super().__init__(f"wetread:changes:what:{Place(page, who, what)}", options)
        self.place = Place(0, who, what)

    async def pressed(self, interaction: Interaction) -> None:
        """Show the first page of these changes."""
        [chosen] = self.item.values
        what = chosen if chosen in set(ChangeSubject) else ALL
        await show_changes(interaction, replace(self.place, what=what))


class FileButton(PersistentButton, template=rf"wetread:changes:file:{_PLACE}"):
    """Sends all changes that are listed, as a file."""

    def __init__(self, page: int, who: int, what: str) -> None:
        place = Place(page, who, what)
        super().__init__("As a file", f"wetread:changes:file:{place}")
        self.place = place

    async def pressed(self, interaction: Interaction) -> None:
        """Answer privately with the file."""
        member = await moderator_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = interaction.client.services
        found = _meant(await services.history.of_guild(member.guild.id), self.place)
        content = io.BytesIO(changes_file(found).encode())
        await answer(interaction, file=discord.File(content, filename="changes.csv"))


async def show_changes(interaction: Interaction, place: Place) -> None:
    """Replace the message by a page of the list."""
    member = await moderator_of(interaction)
    await interaction.response.defer()
    panel = await draw_changes(interaction.client.services, member.guild.id, place)
    await interaction.edit_original_response(view=panel)


async def draw_changes(services: Services, guild_id: int, place: Place = Place()) -> Panel:
    """Draw a page of what moderators of a server changed."""
    found = await services.history.of_guild(guild_id)
    meant = _meant(found, place)
    place = replace(place, page=min(place.page, max(0, (len(meant) - 1) // PAGE_SIZE)))
    first = place.page * PAGE_SIZE
    shown = await services.history.prospects(meant[first : first + PAGE_SIZE])
    members = {change.by.id: change.by.name for change in reversed(found)}
    return changes_panel(shown, place, len(meant), members=list(members.items()), has_any=bool(found))


def changes_panel(
    shown: Sequence[Prospect],
    place: Place,
    total: int,
    *,
    members: Sequence[tuple[int, str]] = (),
    has_any: bool = True,
) -> Panel:
    """Build a page. `total`: how many changes are meant; `members`: who changed something, with names."""
    if not has_any:
        return Panel(
            colours.GREY, text("### What moderators changed", f"Nothing was changed in the last {DAYS} days.")
        )
    first = place.page * PAGE_SIZE
    head = f"Newest first · {first + 1:,} to {first + len(shown):,} of {total:,} in the last {DAYS} days"
    if not shown:
        head = f"None in the last {DAYS} days. Choose below what to show."
    where = (place.page, place.who, place.what)
    is_last = first + len(shown) >= total
    everybody = [(EVERYBODY, "everybody"), *members][:SELECT_OPTIONS]
    if place.who not in dict(everybody):
        everybody[-1] = (place.who, dict(members).get(place.who, "somebody"))
    return Panel(
        colours.TEAL,
        text("### What moderators changed", head),
        rule(),
        *(_block(each) for each in shown),
        *([rule()] if shown else []),
        discord.ui.ActionRow(WhoMenu(*where, everybody)),
        discord.ui.ActionRow(WhatMenu(*where)),
        *rows(
            [
                TurnButton("previous", max(0, place.page - 1), *where[1:], is_disabled=place.page == 0),
                TurnButton("next", place.page + 1, *where[1:], is_disabled=is_last),
                *([FileButton(*where)] if total else []),
            ]
        ),
    )


def change_lines(change: Change, prospect: Prospect | None = None) -> list[str]:
    """Return the lines about one change, within what a page has for each."""
    title, detail = f"**{change_title(change.new)}**", change_detail(change.new)
    by = small(by_line(change, prospect.obstacle if prospect else None))
    lines = [title, *detail.splitlines(), by]
    while utf16_length("\n".join(lines)) > _BLOCK_LIMIT and len(lines) > 2:
        del lines[-2]
    return lines


def _block(prospect: Prospect) -> Item:
    words = text(*change_lines(prospect.change, prospect))
    if prospect.obstacle is not None:
        return words
    return discord.ui.Section(words, accessory=UndoChangeButton("ask", prospect.change.id))


def _meant(found: Sequence[Change], place: Place) -> list[Change]:
    return [
        change
        for change in found
        if place.who in (EVERYBODY, change.by.id) and place.what in (ALL, change.new.subject)
    ]
