"""Buttons, menus and forms: how a press is answered, and which of them work after a restart."""

import re
from collections.abc import Mapping
from typing import Any, Generic, Self, TypeVar, cast

import discord
from discord.ext import commands

from cogs.kit.context import Interaction
from wetread.domain.errors import IdentifierError
from wetread.domain.identifiers import Identifier, parse_identifier
from wetread.services.article_actions import ArticleActions
from wetread.storage.typed_words import Typist

ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any])

OURS = "wetread:"
"""The beginning of the custom_id of every persistent button and menu."""

NUMBER = r"(?:[1-8]\d{18}|\d{1,18})"
"""A number in the template of a custom_id; it is below 2^63, as SQLite's integers are."""


class NoLongerWorksError(commands.CheckFailure):
    """A button or menu names something that this version does not have."""


async def answer(interaction: Interaction, **content: Any) -> None:
    """Answer a press privately, also after a first answer was given."""
    content.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if interaction.response.is_done():
        await interaction.followup.send(ephemeral=True, **content)
    else:
        await interaction.response.send_message(ephemeral=True, **content)


def actions_of(interaction: Interaction) -> ArticleActions:
    """Return what can be done with articles."""
    return interaction.client.services.actions


def typist_of(interaction: Interaction) -> Typist:
    """Return the member who pressed, as a reader of words that were typed."""
    return Typist(interaction.guild_id or 0, interaction.user.id)


def identifier_in(custom: str) -> Identifier:
    """Return the identifier that a button or a choice holds ("pmid:99000001"). Raises NoLongerWorksError."""
    try:
        return parse_identifier(custom)
    except IdentifierError:
        raise NoLongerWorksError from None


def chosen_number(menu: discord.ui.Select[Any]) -> int:
    """Return the number that was chosen from a menu. Raises NoLongerWorksError for anything else."""
    [value] = menu.values or [""]
    if not re.fullmatch(NUMBER, value):
        raise NoLongerWorksError
    return int(value)


class PersistentItem(discord.ui.DynamicItem[ItemT], Generic[ItemT], template=r"(?!)"):
    """A button or menu that works after a restart, because its custom_id holds all that a press needs.

    A subclass gives the template of its custom_id. The named groups are the arguments with which discord.py
    builds the item anew for each press. A cog registers its items with `bot.add_persistent_items`.
    """

    @classmethod
    def restored(cls, groups: Mapping[str, Any]) -> Self:
        """Build the item from the groups of its template; those of digits are int."""
        return cls(**groups)

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button or menu says."""
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See discord.py."""
        groups = match.groupdict().items()
        restored = cls.restored({name: int(text) if text.isdecimal() else text for name, text in groups})
        restored.item = cast(ItemT, item)  # it has the label, and the choice from a menu
        return restored

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Call `pressed` and answer every error, so no press stays without an answer."""
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001  # the one place for all buttons; discord.py would only log it
            await interaction.client.answer_error(interaction, error)


class PersistentButton(PersistentItem[discord.ui.Button[Any]], template=r"(?!)"):
    """A button that works after a restart."""

    def __init__(
        self, label: str, custom_id: str, *, is_prominent: bool = False, is_disabled: bool = False
    ) -> None:
        style = discord.ButtonStyle.primary if is_prominent else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label, custom_id=custom_id, style=style, disabled=is_disabled)
        )


class PersistentMenu(PersistentItem[discord.ui.Select[Any]], template=r"(?!)"):
    """A menu that works after a restart."""

    def __init__(
        self,
        custom_id: str,
        options: list[discord.SelectOption],
        *,
        placeholder: str | None = None,
        least: int = 1,
        most: int = 1,
    ) -> None:
        """Offer `options`, of which at least and at most so many are chosen."""
        super().__init__(
            discord.ui.Select(
                custom_id=custom_id,
                options=options,
                placeholder=placeholder,
                min_values=least,
                max_values=most,
            )
        )


def typed_into(field: discord.ui.Label[Any]) -> str:
    """Return what was typed into a form's text field, without white space at the ends."""
    assert isinstance(field.component, discord.ui.TextInput)  # noqa: S101  # every form of ours has only those
    return field.component.value.strip()


class Modal(discord.ui.Modal):
    """A form that pops up; every error is answered. It ends with a restart, as forms are short-lived."""

    async def submitted(self, interaction: Interaction) -> None:
        """Do what the form asks for."""
        raise NotImplementedError

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """See discord.py."""
        await self.submitted(interaction)

    async def on_error(  # type: ignore[override]  # as `Modal` has it; its base has one argument more
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Answer an error."""
        await interaction.client.answer_error(interaction, error)
