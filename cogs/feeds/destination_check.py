"""Whether articles can go to a destination, said in words before anything is chosen."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from cogs.errors.panels import missing_permissions
from cogs.kit import colours
from cogs.kit.panels import Panel, notice
from cogs.kit.presses import answer
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of, permissions_missing

_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes


def refusal(channel: Channel, author: discord.Member, again: Callable[[], Awaitable[None]]) -> Panel | None:
    """Return why nothing can be posted there, None if it can: for the member's sake, or for Wetread's.

    `again` does what was asked once a missing permission is there.
    """
    if not _may_post(author, channel):
        return notice(
            f"You may not post in <#{channel.id}> yourself.", "Please choose a channel in which you may."
        )
    missing = permissions_missing(channel, channel.guild.me, kind_of(channel))
    if missing:
        panel = missing_permissions(channel.id, missing, [_CheckAgainButton(channel, author, again)])
        panel.timeout = _TIMEOUT
        return panel
    if isinstance(channel, discord.ForumChannel) and _lacks_tag(channel):
        return notice(
            f"<#{channel.id}> wants a tag on each post, and has none that Wetread may give.",
            "Please add a tag to it, or let posts go without.",
            colour=colours.AMBER,
        )
    return None


def _may_post(author: discord.Member, channel: Channel) -> bool:
    may = channel.permissions_for(author)
    posting = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    return may.view_channel and (posting or may.manage_channels)


def _lacks_tag(forum: discord.ForumChannel) -> bool:
    return forum.flags.require_tag and all(tag.moderated for tag in forum.available_tags)


class _CheckAgainButton(discord.ui.Button[Any]):
    """Looks whether the permissions are there now, and if so goes on; for whoever asked."""

    def __init__(
        self, channel: Channel, author: discord.Member, again: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(label="Check again", style=discord.ButtonStyle.primary)
        self._channel = channel
        self._author = author
        self._again = again

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is still missing, or go on."""
        if interaction.user.id != self._author.id:
            await answer(interaction, view=notice("Only whoever asked can go on with this."))
            return
        still = refusal(self._channel, self._author, self._again)
        if still is not None:
            await interaction.response.edit_message(view=still)
            return
        allowed = notice(f"Wetread may post in <#{self._channel.id}> now.", "It goes on with your wish.")
        await interaction.response.edit_message(view=allowed)
        await self._again()
