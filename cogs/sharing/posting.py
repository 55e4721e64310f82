"""Posts an article in a member's name: where that is allowed, and the answer to the member."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from cogs.cards.discussion import can_discuss, open_discussion
from cogs.client import Wetread
from cogs.errors.panels import missing_permissions
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.panels import Panel, link_button, notice
from cogs.posting.delivery_words import delivery_status
from cogs.posting.permissions import PostableChannel, kind_of, permissions_missing
from cogs.sharing.notes import NoteButton, clean_note, note_too_long
from wetread.domain.models import Article, Delivery, DeliveryState, Note, Share
from wetread.storage import lookups, shares
from wetread.storage.subscriptions import Destination


@dataclass(frozen=True, slots=True)
class ShareTarget:
    """Where a member wants to share; `permissions` are the member's there."""

    channel: PostableChannel
    member: discord.Member
    permissions: discord.Permissions


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the article was posted; `answer` is the private answer to the member."""

    is_posted: bool
    answer: Panel


def share_target(channel: object, member: object, permissions: discord.Permissions) -> ShareTarget | Panel:
    """Return the channel to share in, or a panel that says why that is not possible."""
    if not isinstance(member, discord.Member) or not isinstance(channel, PostableChannel):
        return notice("You can share articles in text channels, threads and forums of a server.")
    is_thread = isinstance(channel, discord.Thread)
    if not (permissions.send_messages_in_threads if is_thread else permissions.send_messages):
        return notice(f"You cannot share in <#{channel.id}>, because you cannot write there.")
    missing = permissions_missing(channel, channel.guild.me, kind_of(channel))
    if missing:
        return missing_permissions(channel.id, missing)
    return ShareTarget(channel, member, permissions)


def target_in(channel: object, member: discord.Member) -> ShareTarget | Panel:
    """Return another channel to share in, or a panel that says why that is not possible.

    One that the member cannot see is as good as none (faults.md S32).
    """
    if isinstance(channel, PostableChannel):
        permissions = channel.permissions_for(member)
        if channel.guild.id == member.guild.id and permissions.view_channel:
            return share_target(channel, member, permissions)
    return notice("There is no such channel here.")


async def share(
    bot: Wetread, target: ShareTarget, article: Article, comment: str | None, note: str = ""
) -> Outcome:
    """Post the article's card credited to the member, and open its discussion. `note` "" = none."""
    channel, member = target.channel, target.member
    note = clean_note(note)
    if (too_long := note_too_long(note)) is not None:
        return Outcome(False, too_long)
    written = Note(note, member.id) if note else None
    delivery = await _post(bot, target, article, Share(member.id, member.display_name, comment, note=written))
    if isinstance(delivery, Panel):
        return Outcome(False, delivery)
    message_id = delivery.message_id or 0
    has_discussion = False
    if isinstance(channel, discord.TextChannel) and can_discuss(channel):
        with suppress(discord.DiscordException):  # the card has a button that opens it, too
            await open_discussion(channel.get_partial_message(message_id), article, bot.services.actions)
            has_discussion = True
    is_forum_post = isinstance(channel, discord.ForumChannel)
    where = f"The discussion is here: <#{message_id}>" if has_discussion or is_forum_post else ""
    buttons = [NoteButton(delivery.id, has_note=bool(note)), _post_button(delivery)]
    return Outcome(True, notice("Shared.", where, buttons=buttons))


async def show_to_all(interaction: Interaction, article: Article) -> Panel:
    """Post the card that only the member could see; a discussion is opened only on request.

    Returns the answer to the member.
    """
    target = share_target(interaction.channel, interaction.user, interaction.permissions)
    if isinstance(target, Panel):
        return target
    member = target.member
    delivery = await _post(
        interaction.client, target, article, Share(member.id, member.display_name, is_shown=True)
    )
    if isinstance(delivery, Panel):
        return delivery
    return notice("Everybody can see the article now.", buttons=[_post_button(delivery)])


async def _post(bot: Wetread, target: ShareTarget, article: Article, by: Share) -> Delivery | Panel:
    """Post the card; return its delivery, or a panel that says why there is no new post."""
    channel = target.channel
    destination = Destination(channel.id, kind_of(channel))
    delivery, is_begun = await bot.services.sharing.share(
        shares.ShareRequest(channel.guild.id, destination, article.id, by)
    )
    if not is_begun:
        return _there_already(delivery)
    if delivery.state is not DeliveryState.SENT or delivery.message_id is None:
        return _not_yet(delivery)
    return delivery


def _there_already(delivery: Delivery) -> Panel:
    if delivery.message_id is None:
        return notice(
            "This article may already be in this channel.",
            f"{safe(delivery_status(delivery))}. Wetread does not post it twice.",
        )
    by = delivery.share
    return notice(
        "This article is already in this channel.",
        f"{safe(by.user_name)} shared it." if by else "",
        buttons=[_post_button(delivery)],
    )


def _not_yet(delivery: Delivery) -> Panel:
    return notice(
        "The article is not posted yet.",
        f"{safe(delivery_status(delivery))}. Wetread tries again automatically.",
    )


def _post_button(delivery: Delivery) -> discord.ui.Button[Any]:
    url = lookups.message_url(delivery.guild_id, delivery.channel_id, delivery.message_id or 0)
    return link_button("Go to the post", url)
