"""Buttons, menus and forms that work after a restart: they carry ids, and every error is answered."""

import re
from typing import Any, Generic, Self, TypeVar, cast

import discord

from cogs.kit.context import Interaction

ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any])


class PersistentItem(discord.ui.DynamicItem[ItemT], Generic[ItemT], template=r"(?!)"):
    """A button or menu that is known by its custom_id. A subclass names its template.

    discord.py builds it anew for each press, so it must be built from the custom_id alone (`restored`).
    A cog registers its own with `bot.add_persistent_items`.
    """

    @classmethod
    def restored(cls, match: re.Match[str]) -> Self:  # noqa: ARG003  # for those with groups
        """Build the item that was pressed from the groups of its template; as it is: a template without."""
        return cls()  # type: ignore[call-arg]  # such a subclass needs no argument

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button or menu says."""
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See discord.py."""
        restored = cls.restored(match)
        restored.item = cast(ItemT, item)  # as it was shown, for a menu's choices
        return restored

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it; every error is answered, so no press ends in silence."""
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001  # the one place for all buttons; discord.py would only log it
            await interaction.client.answer_error(interaction, error)


PersistentButton = PersistentItem[discord.ui.Button[Any]]
PersistentMenu = PersistentItem[discord.ui.Select[Any]]


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
