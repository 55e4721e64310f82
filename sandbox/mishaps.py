"""What the console makes go wrong: missing permissions, retractions, a full disk."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from sandbox.library import SampleArticle
from sandbox.stage import Channel, Stage
from sandbox.typed import TypedError
from wetread.services.retraction_sweep import LAST_PASS
from wetread.storage import bot_state
from wetread.storage.backup import RESERVE

if TYPE_CHECKING:
    from cogs.client import Wetread

NEEDED = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "manage_threads",
    "embed_links",
    "attach_files",
    "read_message_history",
)
"""The permissions that the invite link asks for."""


MOST_PAGES = 4_294_967_294
"""SQLite's own limit of `max_page_count` (https://sqlite.org/pragma.html)."""


def set_permission(stage: Stage, text: str, *, is_allowed: bool) -> tuple[str, Channel]:
    """Give the bot a permission in a channel or take it away; typed as "embed links #papers".

    Returns the permission's name and the channel. Raises TypedError.
    """
    words, _, name = text.partition("#")
    channel = stage.find_channel(name) if name else stage.channel
    if channel is None:
        raise TypedError(f"there is no channel {name!r}. There are: {', '.join(stage.channels)}.")
    wanted = "_".join(words.replace("-", " ").replace("_", " ").lower().split())
    if wanted not in NEEDED:
        raise TypedError(f"the permissions are: {', '.join(each.replace('_', ' ') for each in NEEDED)}.")
    flag = discord.Permissions(**{wanted: True}).value
    backend = stage.env.backend
    state = backend.get_channel(channel.id)
    if state.is_thread and state.parent_id is not None:
        state = backend.get_channel(state.parent_id)  # a thread has the permissions of its channel
    bot_id = backend.bot_user.id
    denied = sum(each.deny for each in state.overwrites if each.target_id == bot_id)
    denied = denied & ~flag if is_allowed else denied | flag
    others = [each for each in state.overwrites if each.target_id != bot_id]
    own = [Overwrite(target_id=bot_id, type=OverwriteType.MEMBER, deny=denied)] if denied else []
    backend.edit_channel(state.id, {}, overwrites=[*others, *own])
    return wanted.replace("_", " "), channel


async def retract(stage: Stage, reference: str) -> SampleArticle:
    """Let a journal retract an article, the newest with an abstract unless a DOI is typed. Raises TypedError.

    Wetread asks for retractions once a day; here its last request becomes a day old, so that it asks soon.
    """
    library = stage.library
    known = sorted(library.articles, key=lambda article: article.published_at)
    wanted = reference.strip().lower()
    chosen = [each for each in known if (each.doi == wanted if wanted else not each.is_letter)]
    if not chosen:
        raise TypedError(f"there is no article {reference!r}. Type a DOI as on its card: {known[-1].doi}")
    library.retracted.add(chosen[-1].doi)
    yesterday = stage.env.now() - timedelta(days=1)
    await _bot(stage).services.database.run(bot_state.remember, LAST_PASS, yesterday.isoformat())
    return chosen[-1]


async def fill_disk(stage: Stage, *, is_full: bool) -> None:
    """Make Wetread's disk full: its database cannot grow, and it wants more free space than any disk has."""
    database = _bot(stage).services.database
    most_pages = 1 if is_full else MOST_PAGES  # SQLite takes a smaller number than the present as the present
    await database.run(lambda db: db.execute(f"PRAGMA max_page_count = {most_pages}"))
    database.reserve = sys.maxsize if is_full else RESERVE


def _bot(stage: Stage) -> "Wetread":
    return cast("Wetread", stage.env.bot)
