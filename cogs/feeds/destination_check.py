"""Check a destination before a feed is added or moved: permissions of the member and of Wetread, tags."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from cogs.errors.panels import missing_permissions
from cogs.kit import colours
from cogs.kit.panels import Panel, notice
from cogs.kit.permissions import NAMES
from cogs.kit.presses import answer
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of, permissions_missing
from wetread.domain.models import Subscription

_FOR_THREADS = ("create_public_threads", "send_messages_in_threads")
_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes


def refusal(channel: Channel, author: discord.Member, again: Callable[[], Awaitable[None]]) -> Panel | None:
    """Return why the channel cannot be used, None if it can.

    `again` continues once a missing permission is granted.
    """
    if not _may_post(author, channel):
        return notice(
            f"You may not post in <#{channel.id}>.", "Please choose a channel in which you may post."
        )
    missing = permissions_missing(channel, channel.guild.me, kind_of(channel))
    if missing:
        panel = missing_permissions(channel.id, missing, [_CheckAgainButton(channel, author, again)])
        panel.timeout = _TIMEOUT
        return panel
    if isinstance(channel, discord.ForumChannel) and _lacks_tag(channel):
        return notice(
            f"<#{channel.id}> requires a tag on each post, but has no tag that Wetread may use.",
            "Please add a tag to the forum, or allow posts without tags.",
            colour=colours.AMBER,
        )
    return None


def threads_refusal(guild: discord.Guild, subscription: Subscription) -> Panel | None:
    """Return why no thread can be opened under the posts of a feed, None if one can."""
    channel = guild.get_channel(subscription.channel_id)
    if not isinstance(channel, discord.TextChannel):
        return notice(
            f"Posts in <#{subscription.channel_id}> have no threads.",
            "Only posts in text channels have threads. In a forum each post is one already.",
        )
    may = channel.permissions_for(guild.me)
    missing = [NAMES[name] for name in _FOR_THREADS if not getattr(may, name)]
    return missing_permissions(channel.id, missing, []) if missing else None


def _may_post(author: discord.Member, channel: Channel) -> bool:
    may = channel.permissions_for(author)
    posting = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    return may.view_channel and (posting or may.manage_channels)


def _lacks_tag(forum: discord.ForumChannel) -> bool:
    return forum.flags.require_tag and all(tag.moderated for tag in forum.available_tags)


class _CheckAgainButton(discord.ui.Button[Any]):
    """Checks the permissions again and continues when they are there. Only the member who asked may press."""

    def __init__(
        self, channel: Channel, author: discord.Member, again: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(label="Check again", style=discord.ButtonStyle.primary)
        self._channel = channel
        self._author = author
        self._again = again

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is still missing, or continue."""
        if interaction.user.id != self._author.id:
            await answer(interaction, view=notice("Only the member who asked can use this button."))
            return
        still = refusal(self._channel, self._author, self._again)
        if still is not None:
            await interaction.response.edit_message(view=still)
            return
        allowed = notice(f"Wetread may post in <#{self._channel.id}> now.", "Continuing.")
        await interaction.response.edit_message(view=allowed)
        await self._again()
