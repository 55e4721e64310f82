"""Sends the answers to errors, so that nothing ends in silence. The table is in `explaining.py`."""

from typing import Any

import discord
from discord.ext import commands

from cogs.client import Wetread
from cogs.errors.explaining import Invocation, explain, near_words
from cogs.errors.panels import no_longer_works
from cogs.kit.context import Context, Interaction
from cogs.kit.escape import code, safe
from cogs.kit.floods import FloodError, Floods, called
from cogs.kit.panels import notice
from cogs.kit.permissions import answering_in, granted, lacking, named
from cogs.kit.presses import OURS, answer
from cogs.kit.replies import reply
from wetread.domain.clock import Sleep

_MISSPELLED = "?"

STALE_AFTER = 2.0
"""Seconds after which this cog answers a press that nobody has answered; Discord waits for three."""


class ErrorHandler(commands.Cog):
    """Answers errors of commands, and presses that nobody else answers."""

    def __init__(self, bot: Wetread, sleep: Sleep, floods: Floods) -> None:
        self._bot = bot
        self._sleep = sleep
        self._floods = floods
        self._tree_error = bot.tree.on_error
        bot.answer_error = self.on_interaction_error

    async def cog_load(self) -> None:
        """Handle the errors of the command tree."""
        self._bot.tree.on_error = self.on_interaction_error  # type: ignore[method-assign]  # documented so

    async def cog_unload(self) -> None:
        """Give the errors of the command tree back to discord.py."""
        self._bot.tree.on_error = self._tree_error  # type: ignore[method-assign]  # as above

    async def bot_check_once(self, ctx: Context) -> bool:  # type: ignore[override]  # the bot is ours
        """Limit how often a member uses each command. Raises FloodError."""
        self._floods.count(ctx.author.id, called(ctx))
        return True

    @commands.Cog.listener()
    async def on_command_error(self, ctx: Context, error: commands.CommandError) -> None:
        """Answer a command that failed, in either form. A flood of messages is answered once."""
        if isinstance(error, commands.CommandNotFound):
            await self._suggest(ctx)
            return
        if isinstance(error, FloodError) and not error.is_first and ctx.interaction is None:
            return
        panel = explain(error, invocation_of(ctx))
        if panel is not None:
            await reply(ctx, view=panel)

    async def on_interaction_error(self, interaction: Interaction, error: Exception) -> None:
        """Answer a press, a context menu or an autocomplete that failed."""
        missing = missing_in(interaction.channel, interaction.app_permissions)
        prefix = self._bot.config.discord.prefix
        panel = explain(error, Invocation(prefix, can_be_private=True, missing=missing))
        if panel is None or interaction.type is discord.InteractionType.autocomplete:
            return  # it is logged; an autocomplete list cannot show a message
        await answer(interaction, view=panel)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press on something that no longer works, so that no press stays unanswered."""
        if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            return
        data: Any = interaction.data
        custom_id = str(data["custom_id"])
        if self._bot.is_persistent(custom_id):
            return  # registered buttons answer their own presses and errors
        if not custom_id.startswith(OURS):
            await self._sleep(STALE_AFTER)  # a panel that lives in memory may answer it
        if not interaction.response.is_done():
            await answer(interaction, view=no_longer_works(self._bot.config.discord.prefix))

    async def _suggest(self, ctx: Context) -> None:
        """Help with a misspelled command; other words with the same prefix may be meant for another bot."""
        typed = (ctx.invoked_with or "").casefold()
        names = [command.name for command in self._bot.commands]
        near = near_words(typed, names) if len(typed) > 2 else ()
        if not near:
            return
        try:
            self._floods.count(ctx.author.id, _MISSPELLED)
        except FloodError:
            return  # it would not help any more
        prefix = self._bot.config.discord.prefix
        await reply(
            ctx,
            view=notice(f"There is no command “{safe(typed)}”.", f"Did you mean {code(prefix + near[0])}?"),
        )


def invocation_of(ctx: Context) -> Invocation:
    """Return how a command was invoked, for an answer in the same form."""
    prefix = ctx.bot.config.discord.prefix
    is_slash = ctx.interaction is not None
    example = ctx.command.extras.get("example", ctx.command.qualified_name) if ctx.command else ""
    shown = f"{'/' if is_slash else prefix}{example}" if example else ""
    held = ctx.interaction.app_permissions if ctx.interaction else granted(ctx.channel, ctx.guild)
    return Invocation(prefix, shown, can_be_private=is_slash, missing=missing_in(ctx.channel, held))


def missing_in(channel: object, held: discord.Permissions | None) -> str:
    """Return the permissions that answers in a channel need and Wetread lacks, in words."""
    return named(lacking(held, answering_in(channel)))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    seams = bot.services.seams
    floods = Floods(bot.config.limits.lookups_per_minute, seams.monotonic)
    await bot.add_cog(ErrorHandler(bot, seams.sleep, floods))
