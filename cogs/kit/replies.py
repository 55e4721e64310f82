"""Answer a command: privately to `/`, in reply to `!`; and what happens where Discord refuses the answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import discord

from cogs.client import Hindrance, Wetread
from cogs.kit.context import Context
from cogs.kit.permissions import NAMES, WHO_GRANTS, granted, lacking, named, sending_in

log = logging.getLogger(__name__)

TYPING_SECONDS = 8.0
"""Seconds between two typing indicators; Discord shows each for ten."""

_MEANWHILE = "Until then you can use the same command with `/`; only you see its answer."
_HISTORY = "read_message_history"
_UNKNOWN_CHANNEL = 10003
_INVALID_FORM = 50035
_REPLY_WITHOUT_HISTORY = 160002


async def reply(ctx: Context, *, is_private: bool = True, **content: Any) -> discord.Message | None:
    """Answer a command; return the answer, None where Wetread may not write.

    `is_private` holds for `/` only: a message's answer is seen by the channel.
    """
    if ctx.interaction is not None:
        return await ctx.send(ephemeral=is_private, **content)
    return await reply_to(ctx.bot, ctx.message, **content)


async def reply_to(bot: Wetread, message: discord.Message, **content: Any) -> discord.Message | None:
    """Reply to a message; return the reply, None where Wetread may not write.

    If the reply needs a permission that Wetread lacks, one sentence takes its place and names it. Where
    nothing can be sent, the log and `/status` say so (faults.md E10).
    """
    channel, sending = message.channel, sending_in(message.channel)
    held = granted(channel, message.guild)
    bot.hindrances.pop(channel.id, None)
    missing = lacking(held, [*sending, *_needed(content)])
    if not missing and (sent := await _send(bot, message, content)) is not None:
        return sent
    missing = missing or _needed(content) or sending  # Discord does not say which one it is
    _note(bot, message, missing)
    if not set(sending) & set(missing):
        words = f"Wetread cannot answer here: it lacks {named(missing)}. {WHO_GRANTS} {_MEANWHILE}"
        if (sent := await _send(bot, message, {"content": words})) is not None:
            return sent
        missing = sending
        _note(bot, message, missing)
    names = ", ".join(NAMES[each] for each in missing)
    log.warning("Wetread may not answer in channel %d: it lacks %s.", channel.id, names)
    return None


def thinking(ctx: Context, *, is_private: bool = True) -> AbstractAsyncContextManager[Any]:
    """Show that an answer is on its way; for `/` this also buys 15 minutes instead of 3 seconds.

    `is_private` must be the one given to `answer`: Discord fixes it with the first sign of life.
    """
    return _typing(ctx) if ctx.interaction is None else ctx.typing(ephemeral=is_private)


@asynccontextmanager
async def _typing(ctx: Context) -> AsyncIterator[None]:
    """Show the typing indicator meanwhile. The answer neither waits for it nor needs it (faults.md E14)."""
    if lacking(granted(ctx.channel, ctx.guild), sending_in(ctx.channel)):
        yield
        return
    task = asyncio.create_task(_type(ctx))
    try:
        yield
    finally:
        task.cancel()


async def _type(ctx: Context) -> None:
    try:
        while True:
            await ctx.typing()
            await ctx.bot.services.seams.sleep(TYPING_SECONDS)
    except Exception as error:  # noqa: BLE001  # a connection can fail in many ways, and nobody misses much
        log.debug("The typing indicator failed: %r", error)


async def _send(bot: Wetread, message: discord.Message, content: Mapping[str, Any]) -> discord.Message | None:
    """Send a reply; None if Wetread may not send it, or the channel is gone."""
    try:
        return await _send_reply(bot, message, content)
    except discord.Forbidden as error:
        if error.code == 0:  # not Discord, but Cloudflare before it
            raise
        return None
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL:
            raise
        return None


async def _send_reply(bot: Wetread, message: discord.Message, content: Mapping[str, Any]) -> discord.Message:
    """Send a reply, or an ordinary message where Discord refuses the reference (faults.md E08, E09)."""
    channel = message.channel
    if not lacking(granted(channel, message.guild), [_HISTORY]):
        # If the message that is replied to is gone, Discord leaves the reference out by itself.
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            return await channel.send(reference=reference, mention_author=False, **content)
        except discord.HTTPException as error:
            if error.code == _REPLY_WITHOUT_HISTORY:
                _note(bot, message, [_HISTORY])
            elif error.code != _INVALID_FORM or "message_reference" not in error.text:
                raise
        for file in content.get("files", ()):
            file.reset()
    else:
        _note(bot, message, [_HISTORY])
    return await channel.send(**content)


def _needed(content: Mapping[str, Any]) -> list[str]:
    """Return the permissions that a message with this content needs besides that of sending."""
    parts = {"embed_links": content.get("embed"), "attach_files": content.get("files")}
    return [name for name, part in parts.items() if part]


def _note(bot: Wetread, message: discord.Message, missing: list[str]) -> None:
    """Remember for `/status` what was missing."""
    held = granted(message.channel, message.guild)
    bot.hindrances[message.channel.id] = Hindrance(tuple(missing), held)
