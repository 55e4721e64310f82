"""The timed loops: update feeds, complete articles, look for retractions, deliver.

Each has its own task, so that none waits for another.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from cogs.client import Wetread
from cogs.posting.loops import LoopsCog, SupervisedLoop
from wetread.services.delivery import Deliverer

RETRACTION_LOOP_SECONDS = 900.0
"""How often the loop checks whether a look-up is due; the sweep has its own schedule."""


class Polling(LoopsCog):
    """Runs the loops while the bot runs and stops them before it ends."""

    def __init__(self, loops: Sequence[SupervisedLoop], deliverer: Deliverer) -> None:
        super().__init__(loops)
        self._deliverer = deliverer

    async def cog_unload(self) -> None:
        """Stop the loops, and let the posts that have begun finish."""
        await super().cog_unload()
        await self._deliverer.stop()


async def setup(bot: Wetread) -> None:
    """Load the cog with the loops of this bot."""
    services, config = bot.services, bot.config

    def loop(name: str, run: Callable[[], Awaitable[Any]], seconds: float) -> SupervisedLoop:
        async def turn() -> None:
            await services.database.ensure_writable()
            await run()

        return SupervisedLoop(
            name,
            turn,
            seconds=seconds,
            clock=services.seams.clock,
            board=services.loops,
            ready=bot.wait_until_ready,
        )

    loops = (
        loop("update feeds", services.updater.update_due_feeds, config.polling.loop_seconds),
        loop("complete articles", services.enricher.enrich_due, config.sources.enrich_loop_seconds),
        loop("look for retractions", services.retractions.sweep, RETRACTION_LOOP_SECONDS),
        loop("deliver", services.deliverer.deliver_due, config.delivery.loop_seconds),
    )
    await bot.add_cog(Polling(loops, services.deliverer))
