"""The form in which a member names an article to share and adds a comment and a note."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from cogs.cards.share_line import COMMENT_LIMIT, NOTE_LIMIT
from cogs.kit.context import Interaction
from cogs.kit.limits import INPUT_LABEL
from cogs.kit.presses import Modal, typed_into
from cogs.sharing.notes import NOTE_HINT

_LONGEST_REFERENCE = 500

Submit = Callable[[Interaction, str, str, str], Awaitable[None]]
"""Shares the article with the comment and the note, and answers the member."""


class ShareForm(Modal, title="Share an article"):
    """Asks for the article and, if the member likes, a comment and a note."""

    reference: discord.ui.Label[Any] = discord.ui.Label(
        text="DOI, PMID, link or citation"[:INPUT_LABEL],
        component=discord.ui.TextInput(custom_id="reference", max_length=_LONGEST_REFERENCE),
    )
    comment: discord.ui.Label[Any] = discord.ui.Label(
        text="Your comment (optional)"[:INPUT_LABEL],
        description="Shown above the article, under your name.",
        component=discord.ui.TextInput(
            custom_id="comment",
            style=discord.TextStyle.paragraph,
            max_length=COMMENT_LIMIT,
            required=False,
        ),
    )

    note: discord.ui.Label[Any] = discord.ui.Label(
        text="A note (optional)"[:INPUT_LABEL],
        description=f"{NOTE_HINT} A line of its own, under your name.",
        component=discord.ui.TextInput(
            custom_id="note",
            style=discord.TextStyle.paragraph,
            max_length=NOTE_LIMIT,
            required=False,
        ),
    )

    def __init__(self, submit: Submit) -> None:
        super().__init__()
        self._submit = submit

    async def submitted(self, interaction: Interaction) -> None:
        """Share it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._submit(
            interaction, typed_into(self.reference), typed_into(self.comment), typed_into(self.note)
        )
