"""The timed loops: update feeds, complete articles, look for retractions, deliver.

Each its own, so that none waits for another.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord.ext import commands

from cogs._bot import Wetread
from cogs._drawing import drawing
from cogs._loops import LoopsCog, SupervisedLoop
from cogs._messenger import DiscordMessenger
from wetread.delivery import Deliverer, Rest

log = logging.getLogger(__name__)

RETRACTION_LOOP_SECONDS = 900.0
"""How often it is looked whether something is due; what is asked follows its own calendar."""


class Polling(LoopsCog):
    """Runs the loops while the bot is there, watches over them, and ends them before it leaves.

    `hear` is told of each message of the gateway: our own prove that they were posted (FAULTS 3.3).
    """

    def __init__(
        self,
        loops: Sequence[SupervisedLoop],
        deliverer: Deliverer,
        hear: Callable[[discord.Message], None],
    ) -> None:
        super().__init__(loops)
        self.deliverer = deliverer
        self._hear = hear

    @property
    def rest(self) -> Rest | None:
        """Why nothing is posted anywhere at the moment; None = posting works."""
        return self.deliverer.rest

    async def cog_unload(self) -> None:
        """End the loops, and let what is being posted be posted (FAULTS O4)."""
        await super().cog_unload()
        await self.deliverer.stop()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take note of our own posts."""
        self._hear(message)


async def setup(bot: Wetread) -> None:
    """Load the cog with the loops of this bot."""
    services, config, seams = bot.services, bot.config, bot.services.seams
    messenger = DiscordMessenger(bot, drawing(bot, bot.panel_actions))
    deliverer = Deliverer(
        services.database,
        messenger,
        clock=seams.clock,
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        seconds_between_posts=config.delivery.seconds_between_posts,
        reached=seams.reached,
        on_unauthorized=bot.token_was_refused,
    )

    def loop(name: str, run: Callable[[], Awaitable[Any]], seconds: float) -> SupervisedLoop:
        async def turn() -> None:
            await services.database.ensure_writable()
            await run()

        return SupervisedLoop(name, turn, seconds=seconds, clock=seams.clock, ready=bot.wait_until_ready)

    loops = (
        loop("update feeds", services.updater.update_due_feeds, config.polling.loop_seconds),
        loop("complete articles", services.enricher.enrich_due, config.sources.enrich_loop_seconds),
        loop("look for retractions", services.retractions.sweep, RETRACTION_LOOP_SECONDS),
        loop("deliver", deliverer.deliver_due, config.delivery.loop_seconds),
    )
    await bot.add_cog(Polling(loops, deliverer, messenger.hear))
