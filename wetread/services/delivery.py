"""Posts scheduled deliveries: claim, send, settle (delivery.md). The rules: domain/delivery_rules.py."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, Sleep
from wetread.domain.delivery_rules import Action, Handling, baseline_at, handle_failure
from wetread.domain.digests import Content
from wetread.domain.errors import DeliveryError, DeliveryRefusedError, StorageFailedError
from wetread.domain.models import Delivery, Posted
from wetread.services.delivery_edits import PostEditor
from wetread.services.delivery_follow_ups import FollowUpWorker
from wetread.services.delivery_pauses import INVALID_REQUEST_LIMIT, DeliveryPauses, Lane, Pause
from wetread.services.messenger import Messenger, answer_of
from wetread.storage import edits, outbox
from wetread.storage.database import Database
from wetread.storage.follow_ups import DISCUSSIONS, PUBLICATIONS

logger = logging.getLogger(__name__)

REQUEST_LIMIT = 60.0
"""Seconds for one request, including waits for rate limits (delivery.md, "Queue and time limits")."""

STOP_LIMIT = 7.0
"""Seconds that requests under way get when the bot stops (delivery.md, "Queue and time limits")."""


class _Queue(Protocol):
    """What is due in one lane; the functions run in the database's thread."""

    def due_channels(self, db: Any, now: datetime, /) -> list[int]: ...

    def is_due(self, db: Any, channel_id: int, now: datetime, /) -> bool: ...


class Deliverer:
    """Posts scheduled deliveries to Discord, oldest first, edits posts, and does what follows them.

    Each destination has a task for each of these, so that none waits for another.

    `seconds_between_posts` is the pace of one destination; further deliveries wait in the outbox.
    `kill_point` is called with the name of each point between claim and settle; tests stop the process
    there. `on_unauthorized` is called once when Discord no longer accepts the token: then nothing is sent.
    """

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        *,
        clock: Clock,
        monotonic: Monotonic,
        sleep: Sleep,
        seconds_between_posts: float,
        chance: Chance = random_number,
        request_limit: float = REQUEST_LIMIT,
        invalid_request_limit: int = INVALID_REQUEST_LIMIT,
        kill_point: Callable[[str], None] = lambda _name: None,
        on_unauthorized: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._chance = chance
        self._request_limit = request_limit
        self._kill_point = kill_point
        self._pauses = DeliveryPauses(
            database,
            monotonic=monotonic,
            sleep=sleep,
            seconds_between_posts=seconds_between_posts,
            invalid_request_limit=invalid_request_limit,
            on_unauthorized=on_unauthorized,
        )
        self._editor = PostEditor(
            database, messenger, self._pauses, clock=clock, chance=chance, request_limit=request_limit
        )
        self._follow_ups = FollowUpWorker(
            database, messenger, self._pauses, clock=clock, chance=chance, request_limit=request_limit
        )
        self._lanes: dict[Lane, tuple[_Queue, Callable[[int], Awaitable[bool]]]] = {
            Lane.POSTS: (outbox, self._deliver_next),
            Lane.EDITS: (edits, self._editor.edit_next),
            Lane.PUBLICATIONS: (PUBLICATIONS, self._follow_ups.publish_next),
            Lane.DISCUSSIONS: (DISCUSSIONS, self._follow_ups.open_next),
        }
        self._workers: dict[tuple[Lane, int], asyncio.Task[None]] = {}  # by lane and destination

    @property
    def pause(self) -> Pause | None:
        """Why nothing at all is sent at the moment; None = posting works."""
        return self._pauses.pause

    async def deliver_due(self) -> int:
        """Start a task for each destination that has something due, and return how many were started.

        The tasks run on by themselves; `join` waits for them. What is paused, or whose task still runs, is
        left for the next call. Raises an unexpected failure of a task since the last call:
        one of the database, because failures of Discord are stored with the delivery.
        """
        self._raise_failures()
        if self._pauses.is_stopping or self.pause is not None:
            return 0
        before = len(self._workers)
        for lane, (queue, _) in self._lanes.items():
            for channel_id in await self._database.run(queue.due_channels, self._clock()):
                if (lane, channel_id) not in self._workers and self._pauses.may_send(lane, channel_id):
                    work = self._work(lane, channel_id)
                    self._workers[lane, channel_id] = asyncio.create_task(work, name=f"{lane} {channel_id}")
        return len(self._workers) - before

    async def join(self) -> None:
        """Wait until no task runs. Raises as `deliver_due`."""
        if self._workers:
            await asyncio.wait(self._workers.values())
        self._raise_failures()

    async def post_now(self, claim: outbox.Claim) -> None:
        """Post a delivery that was claimed out of turn; failures are stored as for every delivery.

        The claim must keep the destination's own task away from it for REQUEST_LIMIT (`shares.begin`).
        """
        if not self._pauses.takes_turn(Lane.POSTS, claim.delivery.channel_id):
            await self._put_back(claim.delivery)
        else:
            await self._send(claim, claim.delivery)

    def baseline(self, channel_id: int) -> int:
        """Return a message id below the ids of all messages posted in a destination from now on."""
        return baseline_at(self._clock(), self._messenger.last_message_id(channel_id) or channel_id)

    async def stop(self, patience: float = STOP_LIMIT) -> None:
        """Claim nothing more; wait `patience` seconds for requests under way, then cancel them.

        A cancelled delivery stays `sending`; after the next start Wetread looks for its post.
        """
        self._pauses.is_stopping = True
        workers = list(self._workers.values())
        if not workers:
            return
        _, late = await asyncio.wait(workers, timeout=patience)
        for worker in late:
            worker.cancel()
        for answer in await asyncio.gather(*workers, return_exceptions=True):
            if isinstance(answer, Exception) and not isinstance(answer, StorageFailedError):
                logger.error("A delivery task ended with %s.", type(answer).__name__, exc_info=answer)

    # One destination --------------------------------------------------------------------------------

    async def _work(self, lane: Lane, channel_id: int) -> None:
        """Send until nothing is due. Something was due; what else is, is looked up before a turn is taken."""
        queue, send_next = self._lanes[lane]
        while self._pauses.may_send(lane, channel_id) and await send_next(channel_id):
            if not await self._database.run(queue.is_due, channel_id, self._clock()):
                return

    async def _deliver_next(self, channel_id: int) -> bool:
        """Claim and post the oldest due delivery. Returns whether to continue with the next one."""
        if not await self._pauses.has_turn(Lane.POSTS, channel_id):
            return False
        self._kill_point("before_claim")
        claim = await self._database.run(
            outbox.claim_next, channel_id, self._clock(), self.baseline(channel_id)
        )
        if claim is None:
            return False
        self._kill_point("after_claim")
        delivery = claim.delivery
        if claim.must_look_back:
            request = self._messenger.find(delivery, claim.content)
            found = await answer_of(request, limit=self._request_limit)
            if isinstance(found, DeliveryError):
                return await self._settle_failure(delivery, found, was_posting=False)
            if found is not None:
                await self._settle(claim, found, is_current=False)
                return True
            begun = await self._database.run(
                outbox.begin_missing, delivery, self._clock(), self.baseline(channel_id)
            )
            if begun is None:
                return True
            delivery = begun
        if not self._pauses.is_open(Lane.POSTS, channel_id):  # a pause began since the turn: nothing is sent
            await self._put_back(delivery)
            return False
        return await self._send(claim, delivery)

    async def _send(self, claim: outbox.Claim, delivery: Delivery) -> bool:
        self._pauses.count(Lane.POSTS, delivery.channel_id)
        posted = await self._post(delivery, claim.content)
        if isinstance(posted, DeliveryError):
            return await self._settle_failure(delivery, posted, was_posting=True)
        # A second request with the same nonce may have returned the first message.
        await self._settle(claim, posted, is_current=delivery.attempt_count == 1)
        return True

    async def _put_back(self, delivery: Delivery) -> None:
        """Schedule a claimed delivery again that was not sent because of a pause."""
        reason = "posting is paused"
        await self._database.run(
            outbox.retry, delivery, self._clock(), code=None, reason=reason, was_refused=True
        )

    async def _post(self, delivery: Delivery, content: Content) -> Posted | DeliveryError:
        self._kill_point("before_send")
        answer = await answer_of(self._messenger.post(delivery, content), limit=self._request_limit)
        if (
            isinstance(answer, DeliveryRefusedError)
            and not answer.may_have_posted
            and self._handling(answer, delivery).action is Action.FALL_BACK
        ):
            logger.error("Bug: Discord refused the card of delivery %d (%s).", delivery.id, answer)
            plain = self._messenger.post(delivery, content, is_plain=True)
            answer = await answer_of(plain, limit=self._request_limit)
        self._kill_point("after_send")
        return answer

    async def _settle(self, claim: outbox.Claim, posted: Posted, *, is_current: bool) -> None:
        self._kill_point("before_commit")
        await self._database.run(
            outbox.settle_sent,
            claim,
            posted,
            self._clock(),
            is_current=is_current,
            is_announced=self._messenger.announces(claim.delivery.channel_id),
        )
        self._kill_point("after_commit")

    def _handling(self, error: DeliveryError, delivery: Delivery) -> Handling:
        return handle_failure(error, delivery.attempt_count, self._chance())

    async def _settle_failure(self, delivery: Delivery, error: DeliveryError, *, was_posting: bool) -> bool:
        """Store what follows from a failed request. Returns whether to continue with the next delivery.

        `was_posting`: a refusal means that this attempt posted nothing; one of a look-back means nothing.
        """
        is_unposted = was_posting and not error.may_have_posted
        handling = self._handling(error, delivery)
        self._pauses.learn(Lane.POSTS, delivery.channel_id, error, handling)
        logger.info("Delivery %d: %s, %s (%s)", delivery.id, handling.action, handling.reason, error)
        now = self._clock()
        code, reason = handling.code, handling.reason
        match handling.action:
            case Action.DELETED:
                await self._database.run(outbox.settle_removed, delivery.id, now)
            case Action.UNCERTAIN:
                await self._database.run(outbox.settle_uncertain, delivery.id, reason)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                retry_at = now + timedelta(seconds=handling.delay)
                was_refused = is_unposted and handling.action is not Action.UNKNOWN
                await self._database.run(
                    outbox.retry, delivery, retry_at, code=code, reason=reason, was_refused=was_refused
                )
            case Action.PARK | Action.FALL_BACK:
                await self._database.run(
                    outbox.park, delivery, code=code, reason=reason, was_refused=is_unposted
                )
            case Action.BLOCK:
                await self._database.run(
                    outbox.block_channel, delivery, now, code=code, reason=reason, was_refused=is_unposted
                )
        return handling.action in (Action.DELETED, Action.UNCERTAIN, Action.PARK, Action.FALL_BACK)

    def _raise_failures(self) -> None:
        """Forget tasks that have ended, and raise the first of their failures."""
        ended = [key for key, worker in self._workers.items() if worker.done()]
        workers = [self._workers.pop(key) for key in ended]
        failures = [worker.exception() for worker in workers if not worker.cancelled()]
        for failure in filter(None, failures):
            raise failure
