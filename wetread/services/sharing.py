"""Sharing: a member posts an article at once, by the same protocol as scheduled deliveries (delivery.md)."""

from wetread.domain.clock import Clock
from wetread.domain.models import Delivery
from wetread.services.delivery import Deliverer
from wetread.storage import deliveries, shares
from wetread.storage.database import Database


class Sharing:
    """Posts articles that members share."""

    def __init__(self, database: Database, deliverer: Deliverer, clock: Clock) -> None:
        self._database = database
        self._deliverer = deliverer
        self._clock = clock

    async def share(self, wanted: shares.ShareRequest) -> tuple[Delivery, bool]:
        """Post an article; return its delivery and whether this call started it.

        If not, the article is in that channel or scheduled for it already. Failures of Discord raise nothing;
        the state of the delivery shows them.
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

    async def save_note(self, delivery_id: int, text: str | None, member_id: int) -> None:
        """Write, change or (None) remove the note above a shared article; its post gets an edit soon.

        Raises LookupError if no member shared it.
        """
        await self._database.run(shares.save_note, delivery_id, text, member_id, self._clock())
