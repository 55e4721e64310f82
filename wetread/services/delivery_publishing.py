"""Publishes posts of announcement channels to the channels that follow them (faults.md E12)."""

import logging
from datetime import timedelta

from wetread.domain.chance import Chance
from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import Action, Handling, handle_failure
from wetread.domain.errors import DeliveryError
from wetread.services.delivery_pauses import DeliveryPauses, Lane
from wetread.services.messenger import Messenger, answer_of
from wetread.storage import deliveries, publications
from wetread.storage.database import Database

logger = logging.getLogger(__name__)

PUBLISHED_WITHIN = timedelta(days=3)
"""After that time Wetread gives up. Discord lets a channel publish ten posts an hour, 720 in this time."""

_NOT_HERE = 50024
_REASONS = {_NOT_HERE: "the channel is no longer an announcement channel"}


class Publisher:
    """Publishes what was posted in announcement channels, oldest first, until Discord has taken it."""

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        pauses: DeliveryPauses,
        *,
        clock: Clock,
        chance: Chance,
        request_limit: float,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._pauses = pauses
        self._clock = clock
        self._chance = chance
        self._request_limit = request_limit

    async def publish_next(self, channel_id: int) -> bool:
        """Publish the oldest due post of a channel. Returns whether to continue with the next one."""
        if not await self._pauses.has_turn(Lane.PUBLICATIONS, channel_id):
            return False
        due = await self._database.run(publications.claim_next, channel_id, self._clock())
        if due is None:
            return False
        answer = await answer_of(self._messenger.publish(due.delivery), limit=self._request_limit)
        if isinstance(answer, DeliveryError):
            return await self._settle_failure(due, answer)
        await self._database.run(publications.settle, due.delivery.id)
        return True

    async def _settle_failure(self, due: publications.DuePublication, error: DeliveryError) -> bool:
        """Store what follows from a failure. Returns whether to continue with the next post."""
        delivery, run = due.delivery, self._database.run
        handling = handle_failure(error, due.attempt_count, self._chance())
        self._pauses.learn(Lane.PUBLICATIONS, delivery.channel_id, error, handling)
        logger.info("Delivery %d was not published: %s (%s)", delivery.id, handling.action, error)
        match handling.action:
            case Action.DELETED:
                await run(deliveries.mark_removed, [delivery.message_id or 0])
                await run(publications.settle, delivery.id)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                retry_at = self._clock() + timedelta(seconds=handling.delay)
                if retry_at > (delivery.settled_at or delivery.scheduled_at) + PUBLISHED_WITHIN:
                    reason = f"it was not possible for {PUBLISHED_WITHIN.days} days ({handling.reason})"
                    await run(publications.give_up, delivery.id, reason)
                else:
                    await run(publications.retry, delivery.id, retry_at)
                return False
            case _:
                await run(publications.give_up, delivery.id, _reason(handling))
        return True


def _reason(handling: Handling) -> str:
    words = _REASONS.get(handling.code or 0, handling.reason)
    return f"{words} ({handling.code})" if handling.code else words
