"""The timed loops: update feeds, complete articles, look for retractions, deliver.

Each has its own task, so that none waits for another.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from cogs.client import Wetread
from cogs.posting.loops import LoopsCog, SupervisedLoop
from wetread.services.delivery import Deliverer

LOOP_SECONDS = {
    "update feeds": 30.0,
    "complete articles": 30.0,
    "look for retractions": 900.0,
    "deliver": 5.0,
}
"""Seconds between two turns; what is then due follows its own schedule."""


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
    services = bot.services

    def loop(name: str, run: Callable[[], Awaitable[Any]]) -> SupervisedLoop:
        async def turn() -> None:
            await services.database.ensure_writable()
            await run()

        return SupervisedLoop(
            name,
            turn,
            seconds=services.seams.loop_seconds.get(name, LOOP_SECONDS[name]),
            clock=services.seams.clock,
            board=services.loops,
            ready=bot.wait_until_ready,
        )

    async def deliver() -> None:
        await services.topic_matcher.examine()
        await services.deliverer.deliver_due()

    loops = (
        loop("update feeds", services.updater.update_due_feeds),
        loop("complete articles", services.enricher.enrich_due),
        loop("look for retractions", services.retractions.sweep),
        loop("deliver", deliver),
    )
    await bot.add_cog(Polling(loops, services.deliverer))
