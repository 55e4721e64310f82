"""Permissions that Wetread lacks where feeds post or where a command could not be answered as usual."""

from collections.abc import Iterable, Mapping

import discord

from cogs.client import Wetread
from cogs.kit.permissions import NAMES, granted
from cogs.posting.permissions import PostableChannel, kind_of, permissions_missing

_EFFECTS: Mapping[str, str] = {
    "View Channel": "Wetread cannot see it",
    "Send Messages": "commands there get no answer",
    "Send Messages in Threads": "commands there get no answer",
    "Create Posts": "nothing can be posted there",
    "Embed Links": "cards cannot be shown there",
    "Attach Files": "files cannot be sent there",
    "Read Message History": "answers are no replies, and a post that Discord did not confirm cannot be found",
    "Manage Threads": "nothing can be posted in a locked thread",
}


def lacks_in(bot: Wetread, guild: discord.Guild, destinations: Iterable[int]) -> dict[int, list[str]]:
    """Return the permissions that Wetread lacks, by channel, as Discord names them.

    Looked at are the destinations of feeds, and the channels where the last command met a lack, as long as
    nobody has changed Wetread's permissions there since.
    """
    found: dict[int, list[str]] = {}
    for channel_id in destinations:
        channel = guild.get_channel_or_thread(channel_id)
        if isinstance(channel, PostableChannel) and guild.me is not None:
            found[channel_id] = permissions_missing(channel, guild.me, kind_of(channel))
    for channel_id, hindrance in bot.hindrances.items():
        channel = guild.get_channel_or_thread(channel_id)
        if channel is not None and granted(channel, guild) == hindrance.held:
            known = found.setdefault(channel_id, [])
            known += [NAMES[each] for each in hindrance.missing if NAMES[each] not in known]
    return {channel_id: missing for channel_id, missing in found.items() if missing}


def lack_words(channel_id: int, missing: Iterable[str]) -> str:
    """Return what Wetread lacks in a channel, what follows from it, and what helps."""
    lines = [f"- *{name}*: {_EFFECTS[name]}" for name in missing]
    return "\n".join(
        [
            f"⚠️ **<#{channel_id}>**",
            "Wetread lacks permissions in this channel:",
            *lines,
            "**What you can do:** give them to the Wetread role there (Edit Channel → Permissions).",
        ]
    )
