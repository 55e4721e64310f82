"""What Wetread may do in a destination, in the words that Discord's settings use."""

import discord

from cogs.kit.permissions import NAMES
from wetread.domain.models import DestinationKind

PostableChannel = discord.TextChannel | discord.Thread | discord.ForumChannel
"""Where articles can go; announcement channels are text channels here."""

_NEEDED = {
    DestinationKind.TEXT: ("view_channel", "send_messages", "embed_links", "read_message_history"),
    DestinationKind.THREAD: (
        "view_channel",
        "send_messages_in_threads",
        "embed_links",
        "read_message_history",
    ),
    DestinationKind.FORUM: ("view_channel", "send_messages", "embed_links", "read_message_history"),
}


def kind_of(channel: PostableChannel) -> DestinationKind:
    """Return what kind of destination a channel is."""
    if isinstance(channel, discord.Thread):
        return DestinationKind.THREAD
    if isinstance(channel, discord.ForumChannel):
        return DestinationKind.FORUM
    return DestinationKind.TEXT


def permissions_missing(channel: PostableChannel, me: discord.Member, kind: DestinationKind) -> list[str]:
    """Return the permissions that posting there needs and that Wetread lacks, as Discord names them.

    Read Message History is one of them: without it nobody could tell whether a post whose answer was
    lost is there. Posting in a forum is called Create Posts there.
    """
    has = permissions_in(channel, me)
    missing = [NAMES[name] for name in _NEEDED[kind] if not getattr(has, name)]
    if isinstance(channel, discord.Thread) and channel.locked and not has.manage_threads:
        missing.append(NAMES["manage_threads"])
    if kind is DestinationKind.FORUM:
        return ["Create Posts" if name == "Send Messages" else name for name in missing]
    return missing


def permissions_in(channel: PostableChannel, me: discord.Member) -> discord.Permissions:
    """Return what Wetread may do there; nothing in a thread whose channel it cannot see."""
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return discord.Permissions.none()
    return channel.permissions_for(me)


def is_open(channel: PostableChannel) -> bool:
    """Whether nothing that can be seen from here is in the way of a post."""
    me: discord.Member | None = channel.guild.me
    if me is None or permissions_missing(channel, me, kind_of(channel)):
        return False
    if isinstance(channel, discord.ForumChannel) and channel.flags.require_tag:
        return any(not tag.moderated for tag in channel.available_tags)
    return True
