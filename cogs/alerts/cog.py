"""Alerts for moderators: in the channel they chose, else once as a hint after a command."""

from discord.ext import commands

from cogs.alerts.notice_panels import RetryButton
from cogs.alerts.notifier import Notifier
from cogs.alerts.questions import HeldButton, ShowQuestionsButton, UncertainButton, UndoButton
from cogs.client import Wetread
from cogs.kit.context import Context
from cogs.kit.escape import code
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.open_panel import OPENS, OpenPanelButton
from cogs.kit.panels import notice
from cogs.kit.replies import reply
from cogs.posting.loops import LoopsCog, SupervisedLoop
from cogs.suggestions.suggest_journal import SuggestButton
from wetread.storage import notices

LOOP_SECONDS = 60.0


class Alerts(LoopsCog):
    """Posts alerts and questions for moderators."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        loop = SupervisedLoop(
            "tell moderators",
            Notifier(bot).notify,
            seconds=LOOP_SECONDS,
            clock=self._services.seams.clock,
            board=self._services.loops,
            ready=bot.wait_until_ready,
        )
        super().__init__([loop])

    @commands.Cog.listener()
    async def on_command_completion(self, ctx: Context) -> None:
        """Tell a moderator who uses `feed` that something waits, if the server has no alert channel."""
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
            await reply(ctx, content=_hint(count))
        else:
            button = OpenPanelButton("status")
            await reply(
                ctx, view=notice("Something waits for a moderator’s decision.", OPENS, buttons=[button])
            )


def _hint(count: int) -> str:
    waiting = "1 matter needs" if count == 1 else f"{count:,} matters need"
    return (
        f"{waiting} a moderator: {code('/status')}. "
        f"To get alerts in a channel: {code('/feed settings')}, option *moderator channel*."
    )


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(
        HeldButton, UncertainButton, UndoButton, ShowQuestionsButton, RetryButton, SuggestButton
    )
    await bot.add_cog(Alerts(bot))
