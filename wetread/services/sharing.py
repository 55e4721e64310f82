"""Sharing: a member posts an article, at once and by the same protocol as everything that is owed."""

from wetread.domain.clock import Clock
from wetread.domain.models import Delivery
from wetread.services.delivery import Deliverer
from wetread.storage import deliveries, shares
from wetread.storage.database import Database


class Sharing:
    """Posts articles in members' names."""

    def __init__(self, database: Database, deliverer: Deliverer, clock: Clock) -> None:
        self._database = database
        self._deliverer = deliverer
        self._clock = clock

    async def share(self, wanted: shares.Wanted) -> tuple[Delivery, bool]:
        """Post an article there; return its delivery as it then is, and whether this call began it.

        If it did not, the article is there or on its way already. Never raises for what Discord says:
        the delivery tells (sent, still being tried, parked).
        """
        begun = await self._database.run(
            shares.begin,
            wanted,
            self._clock(),
            self._deliverer.baseline(wanted.destination.channel_id),
        )
        if begun.claim is None:
            return begun.delivery, False
        await self._deliverer.post_now(begun.claim)
        return await self._database.run(deliveries.get, begun.delivery.id) or begun.delivery, True
