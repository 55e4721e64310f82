"""Panels are private: a command typed as a message answers with a button that opens the panel."""

from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel, notice
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
        await interaction.response.defer(ephemeral=True, thinking=True)
        draw = interaction.client.panels.get(self.name)
        if draw is None:
            raise NoLongerWorksError
        await answer(interaction, **await draw(guild, self.about))


def open_offer(name: str, about: int = 0) -> Panel:
    """Build the answer to a message that asks for a panel."""
    return notice(OPENS, buttons=[OpenPanelButton(name, about)])
