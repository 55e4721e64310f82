"""Members suggest a journal, by a button and a form; moderators read it where they are told things."""

from typing import Any, Protocol, cast

import discord

from cogs import _colours
from cogs._actions import Interaction, answer, guarded
from cogs._escape import code
from cogs._limits import INPUT_LABEL
from cogs._panels import Panel, quoted, text

_LONGEST_NAME = 200


class Suggestions(Protocol):
    """Who passes suggestions on."""

    async def suggest(self, member: discord.Member, name: str) -> Panel:
        """Tell the moderators what a member would like to read; return what the member is told."""
        ...


class SuggestButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"wetread:suggest"):
    """Asks which journal. Lives on after a restart."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(
                label="Suggest a journal", custom_id="wetread:suggest", style=discord.ButtonStyle.primary
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], _match: Any, /
    ) -> "SuggestButton":
        """See discord.py."""
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        """Show the form."""

        async def act() -> None:
            await interaction.response.send_modal(SuggestForm())

        await guarded(interaction, act)


class SuggestForm(discord.ui.Modal, title="Suggest a journal"):
    """Asks for the journal."""

    journal: discord.ui.Label[Any] = discord.ui.Label(
        text="Which journal?"[:INPUT_LABEL],
        description="Its name, ISSN or address. The moderators see who asks.",
        component=discord.ui.TextInput(custom_id="journal", max_length=_LONGEST_NAME),
    )

    async def on_submit(self, interaction: Interaction) -> None:
        """Pass it on."""

        async def act() -> None:
            member = interaction.user
            if not isinstance(member, discord.Member):
                raise discord.app_commands.NoPrivateMessage
            await interaction.response.defer(ephemeral=True, thinking=True)
            assert isinstance(self.journal.component, discord.ui.TextInput)  # noqa: S101  # as declared above
            name = " ".join(self.journal.component.value.split())
            news = cast(Suggestions, interaction.client.get_cog("News"))
            await answer(interaction, view=await news.suggest(member, name))

        await guarded(interaction, act)


def suggestion(member_id: int, name: str, command: str) -> Panel:
    """Build what the moderators read. `name`: as the catalogue or the member has it, `command`: adds it."""
    return Panel(
        _colours.GREY,
        text(
            "### A journal is suggested",
            f"<@{member_id}> would like to read {quoted(name)} here.",
            f"{code(command)} adds it.",
        ),
    )
