"""Members suggest a journal, by a button and a form; moderators read it where they are told things."""

from typing import Any

import discord

from cogs.client import Wetread
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.limits import INPUT_LABEL
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.panels import Panel, notice, quoted, text
from cogs.kit.persistent import Modal, PersistentButton
from cogs.kit.presses import answer
from cogs.kit.words import span

_LONGEST_NAME = 200


class SuggestButton(PersistentButton, template=r"wetread:suggest"):
    """Asks which journal. Lives on after a restart."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(
                label="Suggest a journal", custom_id="wetread:suggest", style=discord.ButtonStyle.primary
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Show the form."""
        await interaction.response.send_modal(SuggestForm())


class SuggestForm(Modal, title="Suggest a journal"):
    """Asks for the journal."""

    journal: discord.ui.Label[Any] = discord.ui.Label(
        text="Which journal?"[:INPUT_LABEL],
        description="Its name, ISSN or address. The moderators see who asks.",
        component=discord.ui.TextInput(custom_id="journal", max_length=_LONGEST_NAME),
    )

    async def submitted(self, interaction: Interaction) -> None:
        """Pass it on."""
        member = interaction.user
        if not isinstance(member, discord.Member):
            raise discord.app_commands.NoPrivateMessage
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert isinstance(self.journal.component, discord.ui.TextInput)  # noqa: S101  # as declared above
        name = " ".join(self.journal.component.value.split())
        await answer(interaction, view=await suggest(interaction.client, member, name))


async def suggest(bot: Wetread, member: discord.Member, name: str) -> Panel:
    """Post a suggestion in the moderators' channel; return what the member is told."""
    channel = await moderators_channel(bot, member.guild)
    if channel is None:
        return notice("Nobody would read that here at the moment.", "Please ask a moderator directly.")
    suggestions = bot.services.suggestions
    made = await suggestions.consider(member.guild.id, member.id, name)
    if made.journal is not None and made.is_watched:
        return notice(f"{quoted(made.journal.title)} is watched here already.")
    if made.wait is not None:
        return notice(f"Ready again in {span(made.wait)}.")
    command = f"{bot.config.discord.prefix}feed add {suggestions.typed(made, name)}"
    await channel.send(
        view=suggestion(member.id, made.journal.title if made.journal else name, command),
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return notice("Thank you.", f"The moderators read that you would like {quoted(name)} here.")


def suggestion(member_id: int, name: str, command: str) -> Panel:
    """Build what the moderators read. `name`: as the catalogue or the member has it, `command`: adds it."""
    return Panel(
        colours.GREY,
        text(
            "### A journal is suggested",
            f"<@{member_id}> would like to read {quoted(name)} here.",
            f"{code(command)} adds it.",
        ),
    )
