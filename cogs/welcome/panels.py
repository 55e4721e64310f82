"""The messages of the welcome: hello, set up, back again, and which permissions are missing."""

from collections.abc import Sequence
from datetime import datetime

import discord

from cogs.client import PERMISSIONS
from cogs.kit import colours
from cogs.kit.escape import code, safe_cut
from cogs.kit.panels import Item, Panel, rows, rule, small, text
from cogs.kit.permissions import NAMES
from cogs.kit.timestamps import date_time
from cogs.kit.words import counted
from wetread.domain.changes import ChangedBy

NOTHING_YET = "Nothing is posted yet."

_USES = {
    "view_channel": "to see the channels in which it posts",
    "send_messages": "to post articles",
    "send_messages_in_threads": "to post in threads and answer there",
    "create_public_threads": "to open a discussion under an article",
    "manage_threads": "to add an abstract that comes late to a post in an archived thread",
    "embed_links": "to show articles as cards",
    "attach_files": "to send references as files",
    "read_message_history": "to look whether a post arrived, so that none comes twice",
}


def welcome_panel(buttons: Sequence[Item]) -> Panel:
    """Build the first message in a server."""
    return Panel(
        colours.TEAL,
        text(
            "### Hello, this is Wetread",
            "It posts new radiology articles with their abstracts, and finds any article you ask for.",
            "**Nothing is posted until a moderator presses Start.**",
        ),
        rule(),
        text(
            "**1** Choose your subjects",
            "**2** Choose a channel",
            "**3** See a sample, then start",
            small(
                "It takes about two minutes and needs *Manage Channels*. The steps are shown to you alone."
            ),
        ),
        *rows(buttons),
    )


def done_panel(channel_id: int, by: ChangedBy, at: datetime, buttons: Sequence[Item]) -> Panel:
    """Build what the welcome becomes after Start."""
    return Panel(
        colours.NEUTRAL,
        text(
            f"**Wetread is set up.** It posts in <#{channel_id}>.",
            small(f"Set up by {safe_cut(by.name, 60)}, {date_time(at)}"),
        ),
        *rows(buttons),
    )


def back_panel(count: int, buttons: Sequence[Item]) -> Panel:
    """Build the message of a bot that was away. `count`: the feeds and topics that rest since then."""
    rest = "Its journal is paused." if count == 1 else f"Its {counted(count, 'journal')} are paused."
    return Panel(
        colours.TEAL,
        text(
            f"**Wetread is back. {rest}**",
            f"*Go on* posts what appears from now on, where it was posted before. *Start anew* removes "
            f"{'it' if count == 1 else 'them'}, and begins with your subjects.",
            small("It needs *Manage Channels*. Articles that appeared meanwhile are not posted."),
        ),
        *rows(buttons),
    )


def permissions_lines(guild: discord.Guild) -> list[str]:
    """Return which permissions Wetread lacks in a server, each with what it is for; none if all are there."""
    me: discord.Member | None = guild.me
    if me is None:
        return []
    lacking = [
        name for name, is_needed in PERMISSIONS if is_needed and not getattr(me.guild_permissions, name)
    ]
    if not lacking:
        return []
    return [
        "⚠️ **Permissions that Wetread lacks on this server**",
        *(f"- *{NAMES[name]}*: {_USES[name]}" for name in lacking),
        small(f"To allow them: Server Settings → Roles → Wetread. Then use {code('/setup')} again."),
    ]
