"""Does what follows a post: publishes announcements (faults.md E12), opens the thread under a post."""

import logging
from datetime import timedelta

from wetread.domain.chance import Chance
from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import Action, Handling, handle_failure
from wetread.domain.errors import DeliveryError
from wetread.services.delivery_pauses import DeliveryPauses, Lane
from wetread.services.messenger import Messenger, answer_of
from wetread.storage import articles, deliveries
from wetread.storage.database import Database
from wetread.storage.follow_ups import DISCUSSIONS, PUBLICATIONS, DueFollowUp, FollowUpQueue

logger = logging.getLogger(__name__)

DONE_WITHIN = timedelta(days=3)
"""After that time Wetread gives up. Discord lets a channel publish ten posts an hour, 720 in this time."""

_NOT_HERE = 50024
_REASONS = {_NOT_HERE: "the channel is no longer an announcement channel"}


class FollowUpWorker:
    """Does what is due after posts, oldest first, until Discord has taken it."""

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
        return await self._next(Lane.PUBLICATIONS, PUBLICATIONS, channel_id)

    async def open_next(self, channel_id: int) -> bool:
        """Open the thread under the oldest post that is to have one. Returns as `publish_next`."""
        return await self._next(Lane.DISCUSSIONS, DISCUSSIONS, channel_id)

    async def _next(self, lane: Lane, queue: FollowUpQueue, channel_id: int) -> bool:
        if not await self._pauses.has_turn(lane, channel_id):
            return False
        due = await self._database.run(queue.claim_next, channel_id, self._clock())
        if due is None:
            return False
        answer = await answer_of(self._request(lane, due), limit=self._request_limit)
        if isinstance(answer, DeliveryError):
            return await self._settle_failure(lane, queue, due, answer)
        await self._database.run(queue.settle, due.delivery.id)
        return True

    async def _request(self, lane: Lane, due: DueFollowUp) -> None:
        if lane is Lane.PUBLICATIONS:
            await self._messenger.publish(due.delivery)
        if lane is Lane.PUBLICATIONS or due.delivery.article_id is None:  # a digest opens no thread
            return
        article = await self._database.run(articles.get, due.delivery.article_id)
        thread_id = await self._messenger.open_thread(due.delivery, article)
        await self._database.run(deliveries.note_discussion, due.delivery.id, thread_id)

    async def _settle_failure(
        self, lane: Lane, queue: FollowUpQueue, due: DueFollowUp, error: DeliveryError
    ) -> bool:
        """Store what follows from a failure. Returns whether to continue with the next post."""
        delivery, run = due.delivery, self._database.run
        handling = handle_failure(error, due.attempt_count, self._chance())
        self._pauses.learn(lane, delivery.channel_id, error, handling)
        logger.info("Delivery %d, %s: %s (%s)", delivery.id, queue.kind, handling.action, error)
        match handling.action:
            case Action.DELETED:
                await run(deliveries.mark_removed, [delivery.message_id or 0])
                await run(queue.settle, delivery.id)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                retry_at = self._clock() + timedelta(seconds=handling.delay)
                if retry_at > (delivery.settled_at or delivery.scheduled_at) + DONE_WITHIN:
                    reason = f"it was not possible for {DONE_WITHIN.days} days ({handling.reason})"
                    await run(queue.give_up, delivery.id, reason)
                else:
                    await run(queue.retry, delivery.id, retry_at, _reason(handling))
                return False
            case _:
                await run(queue.give_up, delivery.id, _reason(handling))
        return True


def _reason(handling: Handling) -> str:
    words = _REASONS.get(handling.code or 0, handling.reason)
    return f"{words} ({handling.code})" if handling.code else words
