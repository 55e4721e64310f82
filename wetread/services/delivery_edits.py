"""Edits of posts whose articles have changed: a late abstract, a retraction, a published version."""

import logging
from datetime import timedelta

from wetread.domain.chance import Chance
from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import Action, handle_failure
from wetread.domain.errors import DeliveryError
from wetread.domain.models import Article, DestinationKind
from wetread.domain.publication_status import is_retracted
from wetread.services.delivery_pauses import DeliveryPauses, Lane
from wetread.services.messenger import Messenger, answer_of
from wetread.storage import deliveries, edits, outbox
from wetread.storage.database import Database

logger = logging.getLogger(__name__)

_AGAIN = (Action.RETRY, Action.UNKNOWN, Action.HALT)


class PostEditor:
    """Makes posts show what is known of their articles now (delivery.md, "Edits")."""

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

    async def edit_next(self, channel_id: int) -> bool:
        """Make the most important edit of a destination. Returns whether to continue with the next one."""
        if not await self._pauses.has_turn(Lane.EDITS, channel_id):
            return False
        edit = await self._database.run(edits.claim_next, channel_id, self._clock())
        if edit is None:
            return False
        request = self._messenger.edit(edit.delivery, edit.content)
        posted = await answer_of(request, limit=self._request_limit)
        if isinstance(posted, DeliveryError):
            self._pauses.count(Lane.EDITS, channel_id)
            return await self._settle_failure(edit, posted)
        if posted.shown_hash is None or posted.shown_hash != edit.delivery.shown_hash:
            self._pauses.count(Lane.EDITS, channel_id)
        await self._database.run(edits.settle, edit, posted.shown_hash)
        await self._announce_status(edit)
        return True

    async def _announce_status(self, edit: edits.DueEdit) -> None:
        """Write once into the post's discussion that the article was retracted, or no longer is."""
        if not isinstance(edit.content, Article):
            return
        delivery, is_now = edit.delivery, is_retracted(edit.content.record)
        if is_now == delivery.is_known_retracted:
            return
        if delivery.thread_id is not None:
            request = self._messenger.announce_status(delivery, edit.content)
            answer = await answer_of(request, limit=self._request_limit)
            if isinstance(answer, DeliveryError):
                handling = handle_failure(answer, edit.attempt_count, self._chance())
                logger.info("No message in the discussion of delivery %d: %s", delivery.id, answer)
                if handling.action in _AGAIN:
                    # It paused the discussion; the other edits of the destination need not wait for that.
                    self._pauses.learn(Lane.EDITS, delivery.thread_id, answer, handling)
                    retry_at = self._clock() + timedelta(seconds=handling.delay)
                    await self._database.run(edits.schedule, delivery.id, retry_at)
                    return
        await self._database.run(deliveries.note_announced, delivery.id, is_retracted=is_now)

    async def _settle_failure(self, edit: edits.DueEdit, error: DeliveryError) -> bool:
        """Store what follows from a failed edit. Returns whether to continue with the next one."""
        delivery = edit.delivery
        handling = handle_failure(error, edit.attempt_count, self._chance())
        self._pauses.learn(Lane.EDITS, delivery.channel_id, error, handling)
        logger.info("Edit of delivery %d: %s, %s (%s)", delivery.id, handling.action, handling.reason, error)
        is_forum_post = delivery.kind is DestinationKind.FORUM  # its thread refuses, not the whole forum
        match handling.action:
            case Action.DELETED:
                await self._database.run(edits.settle_removed, edit)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                retry_at = self._clock() + timedelta(seconds=handling.delay)
                await self._database.run(edits.retry, edit, retry_at)
            case Action.BLOCK if not is_forum_post:
                await self._database.run(
                    outbox.block_channel,
                    delivery,
                    self._clock(),
                    code=handling.code,
                    reason=handling.reason,
                    was_refused=False,
                )
            case _:
                await self._database.run(edits.park, edit, handling.reason)
        is_of_this_post = handling.action is Action.BLOCK and is_forum_post
        return handling.action in (Action.DELETED, Action.PARK) or is_of_this_post
