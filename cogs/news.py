"""Moderators hear of what needs them: in the channel that they have chosen, else by a hint, once."""

import discord
from discord.ext import commands

from cogs._bot import Wetread
from cogs._context import Context
from cogs._error_panel import notice
from cogs._error_panel import wait as waits
from cogs._escape import code
from cogs._loops import LoopsCog, SupervisedLoop
from cogs._moderators_channel import moderators_channel
from cogs._open_panel import OPENS, OpenPanelButton
from cogs._panels import Panel, quoted
from cogs._replies import answer
from cogs._suggesting import suggestion
from cogs._telling import Teller
from wetread.storage import notices

LOOP_SECONDS = 60.0

MOST_SUGGESTIONS, SUGGESTIONS_SECONDS = 3, 3600.0
"""So many journals can a member suggest in such a time."""


class News(LoopsCog):
    """Tells moderators of troubles and questions."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        clock = self._services.seams.clock
        teller = Teller(bot)
        loop = SupervisedLoop(
            "tell moderators", teller.tell, seconds=LOOP_SECONDS, clock=clock, ready=bot.wait_until_ready
        )
        super().__init__([loop])
        self._suggestions: commands.CooldownMapping[discord.Member] = commands.CooldownMapping(
            commands.Cooldown(MOST_SUGGESTIONS, SUGGESTIONS_SECONDS), lambda member: member.id
        )

    @commands.Cog.listener()
    async def on_command_completion(self, ctx: Context) -> None:
        """Say to a moderator who looks after feeds that something waits, if it cannot be said elsewhere."""
        command = ctx.command
        if ctx.guild is None or command is None or command.qualified_name.split()[0] != "feed":
            return
        if await moderators_channel(self._bot, ctx.guild) is not None:
            return
        now = self._services.seams.clock()
        count = await self._services.database.run(notices.hint, ctx.guild.id, now)
        if not count:
            return
        if ctx.interaction is not None:
            await answer(ctx, content=_hint(count))
        else:
            button = OpenPanelButton("status")
            await answer(ctx, view=notice("Something waits for a moderator.", OPENS, buttons=[button]))

    async def suggest(self, member: discord.Member, name: str) -> Panel:
        """Tell the moderators what a member would like to read; return what the member is told."""
        channel = await moderators_channel(self._bot, member.guild)
        if channel is None:
            return notice("Nobody would read that here at the moment.", "Please ask a moderator directly.")
        journal = self._services.catalogue.named(name)
        watched = await self._services.subscriptions.of_guild(member.guild.id)
        if journal is not None and any(each.feed.journal_key == journal.key for each in watched):
            return notice(f"{quoted(journal.title)} is watched here already.")
        now = self._services.seams.clock().timestamp()
        wait = self._suggestions.update_rate_limit(member, now)
        if wait is not None:
            return waits(wait)
        typed = self._services.catalogue.typed(journal) if journal else name
        command = f"{self._bot.config.discord.prefix}feed add {typed}"
        await channel.send(
            view=suggestion(member.id, journal.title if journal else name, command),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        return notice("Thank you.", f"The moderators read that you would like {quoted(name)} here.")


def _hint(count: int) -> str:
    waits = "thing waits" if count == 1 else "things wait"
    chosen = f"{code('/feed settings')} chooses a channel in which Wetread says so."
    return f"{count:,} {waits} for a moderator: {code('/status')}. {chosen}"


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(News(bot))
