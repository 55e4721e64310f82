"""Panels are private: a command typed as a message answers with a button that opens the panel."""

import re
from typing import Self

import discord

from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel, notice
from cogs.kit.persistent import PersistentButton
from cogs.kit.presses import answer

OPENS = "Press the button to open this. Only you will see it."


class OpenPanelButton(
    PersistentButton,
    template=r"wetread:panel:(?P<name>[a-z]+):(?P<about>\d+)",
):
    """Opens a panel privately, for a moderator. Works after a restart."""

    def __init__(self, name: str, about: int = 0, *, label: str = "Open", is_prominent: bool = True) -> None:
        style = discord.ButtonStyle.primary if is_prominent else discord.ButtonStyle.secondary
        custom_id = f"wetread:panel:{name}:{about}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style))
        self.name = name
        self.about = about

    @classmethod
    def restored(cls, match: re.Match[str]) -> Self:
        """See `PersistentItem`."""
        return cls(match["name"], int(match["about"]))

    async def pressed(self, interaction: Interaction) -> None:
        """Open the panel, or say that only moderators can."""
        guild = (await moderator_of(interaction)).guild
        await interaction.response.defer(ephemeral=True, thinking=True)
        draw = interaction.client.panels[self.name]
        await answer(interaction, **await draw(guild, self.about))


def open_offer(name: str, about: int = 0) -> Panel:
    """Build the answer to a message that asks for a panel."""
    return notice(OPENS, buttons=[OpenPanelButton(name, about)])
