"""Panels are for moderators alone: typed as a message, a command offers a button that opens them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import discord

from cogs._actions import Interaction, answer, guarded
from cogs._checks import moderator_of
from cogs._error_panel import notice
from cogs._panels import Panel

OPENS = "This opens for you alone."

Content = dict[str, Any]
Draw = Callable[[discord.Guild, int], Awaitable[Content]]
"""Draws a panel of a server, about the thing with that number: what is sent, as keywords."""


class PanelBook(Protocol):
    """Where cogs put what they can draw, by name."""

    panels: dict[str, Draw]


class OpenPanelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wetread:panel:(?P<name>[a-z]+):(?P<about>\d+)",
):
    """Opens a panel privately, for a moderator. Lives on after a restart."""

    def __init__(self, name: str, about: int = 0, *, label: str = "Open", is_prominent: bool = True) -> None:
        style = discord.ButtonStyle.primary if is_prominent else discord.ButtonStyle.secondary
        custom_id = f"wetread:panel:{name}:{about}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style))
        self.name = name
        self.about = about

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "OpenPanelButton":
        """See discord.py."""
        return cls(match["name"], int(match["about"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open it, or say that it is for moderators."""

        async def act() -> None:
            guild = (await moderator_of(interaction)).guild
            await interaction.response.defer(ephemeral=True, thinking=True)
            book = cast(PanelBook, interaction.client)
            await answer(interaction, **await book.panels[self.name](guild, self.about))

        await guarded(interaction, act)


def open_offer(name: str, about: int = 0) -> Panel:
    """Build the answer to a message that asks for a panel."""
    return notice(OPENS, buttons=[OpenPanelButton(name, about)])
