"""Panels are private: a command typed as a message answers with a button that opens the panel.

In a private panel a press draws the next panel in the same place, so that a desk does not become a list.
"""

import discord

from cogs.client import Content, DrawPanel
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel, notice, text
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, answer

OPENS = "Press the button to open this. Only you will see it."


class OpenPanelButton(
    PersistentButton,
    template=rf"wetread:panel:(?P<name>[a-z]+):(?P<about>{NUMBER})",
):
    """Opens a panel privately, for a moderator."""

    def __init__(self, name: str, about: int = 0, *, label: str = "Open", is_prominent: bool = True) -> None:
        super().__init__(label, f"wetread:panel:{name}:{about}", is_prominent=is_prominent)
        self.name = name
        self.about = about

    async def pressed(self, interaction: Interaction) -> None:
        """Open the panel, or say that only moderators can. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        await open_panel(interaction, guild, self.name, self.about)


async def open_panel(
    interaction: Interaction, guild: discord.Guild, name: str, about: int = 0, *, said: str = ""
) -> None:
    """Show a panel to whoever pressed, in the place of a private panel; `said`: a line below it.

    Whether a member may see it is the caller's to check. Raises NoLongerWorksError.
    """
    draw = panel_named(interaction, name)
    await begin(interaction)
    content = await draw(guild, about)
    if said and isinstance(content.get("view"), Panel):
        content["view"].add_item(text(said))
    await show(interaction, content)


def panel_named(interaction: Interaction, name: str) -> DrawPanel:
    """Return the drawing function of a panel. Raises NoLongerWorksError."""
    draw = interaction.client.panels.get(name)
    if draw is None:
        raise NoLongerWorksError
    return draw


async def begin(interaction: Interaction) -> None:
    """Acknowledge a press whose answer takes longer than three seconds, unless it was acknowledged."""
    if interaction.response.is_done():
        return
    if is_private(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def show(interaction: Interaction, content: Content) -> None:
    """Show `content` to whoever pressed, in the place of a private message where Discord allows it.

    Discord turns an ordinary message into a panel, and never back. The press must have been acknowledged by
    `begin`.
    """
    is_panel = isinstance(content.get("view"), Panel)
    if not is_private(interaction) or (_is_panel(interaction) and not is_panel):
        await answer(interaction, **content)
        return
    if not is_panel or not _is_panel(interaction):
        content = {"content": None, "embed": None} | content
    await interaction.edit_original_response(**content, allowed_mentions=discord.AllowedMentions.none())


def _is_panel(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.components_v2


def is_private(interaction: Interaction) -> bool:
    """Return whether a press came from a message that one member sees alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def open_offer(name: str, about: int = 0) -> Panel:
    """Build the answer to a message that asks for a panel."""
    return notice(OPENS, buttons=[OpenPanelButton(name, about)])
