"""`/history` and `/feed history`: what moderators changed; their channel is told if they choose that."""

from collections.abc import Sequence
from itertools import groupby
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.feeds.find_subscription import guild_of
from cogs.history.change_words import change_title
from cogs.history.changes_panel import (
    FileButton,
    TurnButton,
    WhatMenu,
    WhoMenu,
    change_lines,
    draw_changes,
)
from cogs.history.undo_change import UndoChangeButton
from cogs.kit import colours
from cogs.kit.checks import moderators_only
from cogs.kit.context import Context
from cogs.kit.hybrid_commands import Command, Group, command
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.open_panel import OpenPanelButton, open_offer
from cogs.kit.panels import Panel, fitted, rows, small, text
from cogs.kit.replies import reply
from cogs.posting.loops import LoopsCog, SupervisedLoop
from wetread.domain.changes import Change
from wetread.storage import changes

LOOP_SECONDS = 60.0
_TEXT_LIMIT = LAYOUT_TEXT - 300


class Changes(LoopsCog):
    """Shows what moderators changed, and posts it in their channel."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        bot.panels["history"] = self._draw
        loop = SupervisedLoop(
            "tell changes",
            self.announce,
            seconds=LOOP_SECONDS,
            clock=self._services.seams.clock,
            board=self._services.loops,
            ready=bot.wait_until_ready,
        )
        super().__init__([loop])

    @command("history")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def history(self, ctx: Context) -> None:
        """Show what moderators changed in the last 90 days, and undo it."""
        await self.show(ctx)

    async def show(self, ctx: Context) -> None:
        """Show the list; to a message, behind a button."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer("history"))
            return
        await ctx.defer(ephemeral=True)
        await reply(ctx, **await self._draw(guild_of(ctx), 0))

    async def _draw(self, guild: discord.Guild, _about: int) -> Content:
        return {"view": await draw_changes(self._services, guild.id)}

    async def announce(self) -> None:
        """Post what was changed in the moderators' channels of the servers that want it."""
        run, now = self._services.database.run, self._services.seams.clock()
        await self._services.database.ensure_writable()
        if self._services.deliverer.pause is not None:
            return
        for guild_id, group in groupby(await run(changes.unannounced, now), lambda each: each.new.guild_id):
            guild = self._bot.get_guild(guild_id)
            channel = None if guild is None else await moderators_channel(self._bot, guild)
            if channel is None:
                continue
            waiting = list(group)
            await channel.send(
                view=announcement(waiting),
                nonce=f"wc-{waiting[-1].id:x}",
                allowed_mentions=discord.AllowedMentions.none(),
            )
            await run(changes.mark_announced, guild_id, waiting[-1].id, now)


def announcement(waiting: Sequence[Change]) -> Panel:
    """Build the message about changes, oldest first."""
    blocks = ["\n".join(change_lines(each)) for each in waiting]
    kept, left_out = fitted(blocks, _TEXT_LIMIT)
    if not kept:
        kept, left_out = [f"**{change_title(waiting[0].new)}**"], len(waiting) - 1
    more = small(f"and {left_out:,} more") if left_out else ""
    button = OpenPanelButton("history", label="All changes", is_prominent=False)
    return Panel(colours.NEUTRAL, text(*kept, more), *rows([button]))


def feed_history_command(cog: Changes) -> Command:
    """Return the command `feed history`, another way to `history`."""

    @command("feed history", name="history")
    @moderators_only()
    async def history(ctx: Context) -> None:
        """Show what moderators changed in the last 90 days, and undo it."""
        await cog.show(ctx)

    return history


async def setup(bot: Wetread) -> None:
    """Load the cog, and add its command to the group `feed`."""
    bot.add_persistent_items(TurnButton, WhoMenu, WhatMenu, FileButton, UndoChangeButton)
    cog = Changes(bot)
    await bot.add_cog(cog)
    cast(Group, bot.get_command("feed")).add_command(feed_history_command(cog))


async def teardown(bot: Wetread) -> None:
    """Take the command out of the group, if that is still there."""
    group = bot.get_command("feed")
    if isinstance(group, commands.HybridGroup):
        group.remove_command("history")
