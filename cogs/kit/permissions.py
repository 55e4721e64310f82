"""Discord's permissions by the names that its settings use, and which of them Wetread has in a channel."""

from collections.abc import Iterable

import discord

NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "manage_threads": "Manage Threads",
    "manage_channels": "Manage Channels",
    "create_public_threads": "Create Public Threads",
    "manage_roles": "Manage Roles",
    "mention_everyone": "Mention @everyone, @here, and All Roles",
}

WHO_GRANTS = "A moderator can allow this for the Wetread role: Edit Channel → Permissions."


def granted(channel: object, guild: discord.Guild | None) -> discord.Permissions | None:
    """Return what Wetread may do in a channel; None where that is not known, as in a direct message."""
    if guild is None or guild.me is None:
        return None
    if isinstance(channel, discord.Thread):
        return None if channel.parent is None else channel.permissions_for(guild.me)
    return channel.permissions_for(guild.me) if isinstance(channel, discord.abc.GuildChannel) else None


def sending_in(channel: object) -> list[str]:
    """Return the permissions that any message needs in a channel."""
    if not isinstance(channel, discord.Thread):
        return ["send_messages"]
    return ["send_messages_in_threads", *(["manage_threads"] if channel.locked else [])]


def answering_in(channel: object) -> list[str]:
    """Return the permissions that answers to commands need in a channel."""
    return ["view_channel", *sending_in(channel), "embed_links", "attach_files", "read_message_history"]


def lacking(held: discord.Permissions | None, needed: Iterable[str]) -> list[str]:
    """Return those of the needed permissions that are known to be missing."""
    return [] if held is None else [name for name in needed if not getattr(held, name)]


def named(permissions: Iterable[str]) -> str:
    """Return permissions as Discord's settings name them, in italics."""
    return ", ".join(f"*{NAMES[each]}*" for each in permissions)
