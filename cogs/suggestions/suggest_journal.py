"""Members suggest a journal with a button and a form; moderators read it in their channel."""

from typing import Any

import discord

from cogs.client import Wetread
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.limits import INPUT_LABEL
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.panels import Panel, notice, quoted, text
from cogs.kit.presses import Modal, PersistentButton, answer, typed_into
from cogs.kit.words import span

LONGEST_NAME = 200


class SuggestButton(PersistentButton, template=r"wetread:suggest"):
    """Opens the form that asks which journal."""

    def __init__(self) -> None:
        super().__init__("Suggest a journal", "wetread:suggest", is_prominent=True)

    async def pressed(self, interaction: Interaction) -> None:
        """Show the form."""
        await interaction.response.send_modal(SuggestForm())


class SuggestForm(Modal, title="Suggest a journal"):
    """Asks for the journal."""

    journal: discord.ui.Label[Any] = discord.ui.Label(
        text="Which journal?"[:INPUT_LABEL],
        description="Its name, ISSN or web address. The moderators see your name.",
        component=discord.ui.TextInput(custom_id="journal", max_length=LONGEST_NAME),
    )

    async def submitted(self, interaction: Interaction) -> None:
        """Send the suggestion to the moderators."""
        member = interaction.user
        if not isinstance(member, discord.Member):
            raise discord.app_commands.NoPrivateMessage
        await interaction.response.defer(ephemeral=True, thinking=True)
        name = " ".join(typed_into(self.journal).split())
        await answer(interaction, view=await suggest(interaction.client, member, name))


async def suggest(bot: Wetread, member: discord.Member, name: str) -> Panel:
    """Post a suggestion in the moderators' channel; return the answer to the member."""
    channel = await moderators_channel(bot, member.guild)
    if channel is None:
        return notice(
            "Wetread has no channel for messages to the moderators.", "Please ask a moderator directly."
        )
    suggestions = bot.services.suggestions
    made = await suggestions.consider(member.guild.id, member.id, name)
    if made.journal is not None and made.is_watched:
        return notice(f"This server already has {quoted(made.journal.title)}.")
    if made.wait is not None:
        return notice(f"Please wait {span(made.wait)}, then try again.")
    command = f"{bot.config.discord.prefix}feed add {suggestions.typed(made, name)}"
    await channel.send(
        view=suggestion(member.id, made.journal.title if made.journal else name, command),
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return notice("Thank you.", f"The moderators can read your suggestion now: {quoted(name)}.")


def suggestion(member_id: int, name: str, command: str) -> Panel:
    """Build the message to the moderators. `name`: as in the catalogue, else as typed; `command`: adds it."""
    return Panel(
        colours.GREY,
        text(
            "### A member suggests a journal",
            f"<@{member_id}> would like to read {quoted(name)} here.",
            f"To add it: {code(command)}",
        ),
    )
