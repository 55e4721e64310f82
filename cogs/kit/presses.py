"""How a press of a button or a choice in a menu is answered."""

from typing import Any

import discord

from cogs.kit.context import Interaction
from wetread.services.article_actions import ArticleActions


def actions_of(interaction: Interaction) -> ArticleActions:
    """Return what can be done with articles."""
    return interaction.client.services.actions


async def answer(interaction: Interaction, **content: Any) -> None:
    """Answer a press privately, also after a first answer was given."""
    content.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if interaction.response.is_done():
        await interaction.followup.send(ephemeral=True, **content)
    else:
        await interaction.response.send_message(ephemeral=True, **content)
