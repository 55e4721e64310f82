"""Answer a command: privately to `/`, in reply to `!`."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import discord

from cogs.kit.context import Context


async def reply(ctx: Context, *, is_private: bool = True, **content: Any) -> discord.Message:
    """Answer a command. `is_private` holds for `/` only: a message's answer is seen by the channel."""
    if ctx.interaction is not None:
        return await ctx.send(ephemeral=is_private, **content)
    return await ctx.reply(mention_author=False, **content)


def thinking(ctx: Context, *, is_private: bool = True) -> AbstractAsyncContextManager[Any]:
    """Show that an answer is on its way; for `/` this also buys 15 minutes instead of 3 seconds.

    `is_private` must be the one given to `answer`: Discord fixes it with the first sign of life.
    """
    if ctx.interaction is not None:
        return ctx.typing(ephemeral=is_private)
    return ctx.typing()
