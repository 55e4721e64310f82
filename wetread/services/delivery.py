"""The outbox's worker: claims what is owed, hands it to a messenger, settles what became of it."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, Sleep
from wetread.domain.delivery_rules import Action, Handling, baseline_at, handle_failure
from wetread.domain.errors import (
    DeliveryAmbiguousError,
    DeliveryDelayedError,
    DeliveryError,
    DeliveryRefusedError,
)
from wetread.domain.models import Article, Delivery, DestinationKind, Posted
from wetread.domain.publication_status import is_retracted
from wetread.net.rate_limiter import RateLimiter
from wetread.storage import deliveries, edits, outbox
from wetread.storage.database import Database

logger = logging.getLogger(__name__)
T = TypeVar("T")

REQUEST_LIMIT = 60.0
"""Seconds for one request, rate limits waited out included (faults.md A13)."""

PUBLISH_LIMIT = 10.0
"""Seconds for publishing in an announcement channel: it must not hold up what is owed."""

STOP_LIMIT = 7.0
"""Seconds that requests in flight get when the bot stops (faults.md C16)."""

REQUESTS_PER_SECOND = 42.0
"""Of Discord's 50 for the whole bot; discord.py does not keep them, and replies need some."""

POSTS_AT_ONCE = 3
"""What may come without a pause after a quiet time, such as the newest three of a journal just added."""

SECONDS_BETWEEN_EDITS = 3.0
"""Discord slows down edits of messages older than an hour (faults.md A25)."""

PAUSE_AFTER_NO_ANSWER = 60.0
"""Seconds a destination rests after a request without a usable answer."""

INVALID_REQUEST_LIMIT = 1000
"""Refusals within ten minutes after which nothing is sent; at 10,000 Discord bans the address."""

INVALID_REQUEST_SPAN = 600.0


class Messenger(Protocol):
    """The port that puts an article into Discord; each method is one attempt, never a retry of ours."""

    def last_message_id(self, channel_id: int) -> int | None:
        """Return the newest message (or forum post) that Discord told of in a destination, None = unknown."""
        ...

    async def post(self, delivery: Delivery, article: Article, *, is_plain: bool = False) -> Posted:
        """Post the article's card with the delivery's nonce and marker; `is_plain`: only title and link.

        Raises DeliveryRefusedError, DeliveryDelayedError, DeliveryAmbiguousError or MessageDeletedError.
        """
        ...

    async def find(self, delivery: Delivery, article: Article) -> Posted | None:
        """Look through the destination's history after `delivery.baseline` for the post; None = not there.

        It is known by its marker; if the delivery `is_doubted`, by any marker under the article's address.
        Raises HistoryUnreadableError where an empty history proves nothing, and DeliveryRefusedError,
        DeliveryDelayedError or DeliveryAmbiguousError where Discord could not be asked.
        """
        ...

    async def edit(self, delivery: Delivery, article: Article) -> Posted:
        """Make the post show the article as it is now; does nothing if it does already (`shown_hash`).

        Raises as `post`; MessageDeletedError = the post is gone.
        """
        ...

    async def tell(self, delivery: Delivery, article: Article) -> None:
        """Say in the discussion of a post that its article was retracted, or that this was withdrawn.

        Raises as `post`.
        """
        ...

    async def publish(self, delivery: Delivery, posted: Posted) -> None:
        """Pass a post in an announcement channel on to those who follow it; elsewhere does nothing.

        Raises as `post`; the caller takes every failure as final.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing at all is sent for that many seconds (0 = nobody knows); `reason` is for people."""

    reason: str
    seconds_left: float


class Deliverer:
    """Takes the outbox to Discord: each destination in its own task, oldest first.

    `seconds_between_posts` is the pace of one destination: on an issue day the rest waits in the outbox.
    `kill_point` is told the name of each point between claim and settle; tests stop the process there.
    `on_unauthorized` is called once when Discord no longer accepts the token: nothing is sent after that.
    """

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        *,
        clock: Clock,
        monotonic: Monotonic,
        sleep: Sleep,
        chance: Chance = random_number,
        seconds_between_posts: float,
        request_limit: float = REQUEST_LIMIT,
        invalid_request_limit: int = INVALID_REQUEST_LIMIT,
        kill_point: Callable[[str], None] = lambda _name: None,
        on_unauthorized: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._seconds_between_posts = seconds_between_posts
        self._request_limit = request_limit
        self._invalid_request_limit = invalid_request_limit
        self._kill_point = kill_point
        self._on_unauthorized = on_unauthorized
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._rate_limiter = RateLimiter(REQUESTS_PER_SECOND, monotonic=monotonic, sleep=sleep)
        self._post_limits: dict[int, RateLimiter] = {}
        self._edit_limits: dict[int, RateLimiter] = {}
        self._paused_until: dict[int, float] = {}  # destination → until when, monotonic
        self._all_paused_until = 0.0
        self._pause_reason = ""
        self._refused_at: deque[float] = deque()
        self._is_stopping = False

    @property
    def pause(self) -> Pause | None:
        """Why nothing at all is sent at the moment; None = all is well."""
        if self._database.trouble is not None:  # what cannot be written down would be sent again (C03)
            return Pause(self._database.trouble.words.rstrip("."), 0.0)
        left = self._all_paused_until - self._monotonic()
        return Pause(self._pause_reason, left) if left > 0 else None

    async def deliver_due(self) -> int:
        """Put every destination that has something due to work, and return how many were.

        They go on by themselves; `join` waits for them. A destination that is at work already, or rests
        by its pace or after a failure, is left for the next call. Raises what a worker stumbled over
        since the last call: the database, that is, for Discord's failures are settled as such.
        """
        self._raise_what_failed()
        if self._is_stopping or self.pause is not None:
            return 0
        due = await self._database.run(outbox.due_channels, self._clock())
        ready = [channel_id for channel_id in due if self._is_ready(channel_id)]
        for channel_id in ready:
            self._workers[channel_id] = asyncio.create_task(
                self._work(channel_id), name=f"deliver to {channel_id}"
            )
        return len(ready)

    async def join(self) -> None:
        """Wait until no destination is at work. Raises as `deliver_due`."""
        if self._workers:
            await asyncio.wait(self._workers.values())
        self._raise_what_failed()

    async def post_now(self, claim: outbox.Claim) -> None:
        """Post what somebody has claimed out of turn; what goes wrong is settled as for everything else.

        The claim has to keep the destination's own worker away from it for REQUEST_LIMIT (`shares.begin`).
        """
        if not await self._has_turn(claim.delivery.channel_id):
            await self._put_back(claim.delivery)
        else:
            await self._send(claim, claim.delivery)

    def baseline(self, channel_id: int) -> int:
        """Return a message id below that of all that is posted in a destination from now on."""
        return baseline_at(self._clock(), self._messenger.last_message_id(channel_id))

    async def stop(self, patience: float = STOP_LIMIT) -> None:
        """Claim nothing more; give requests in flight `patience` seconds, then drop them.

        What is dropped stays `sending` and is looked for after the next start.
        """
        self._is_stopping = True
        running = [worker for worker in self._workers.values() if not worker.done()]
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=patience)
        for worker in late:
            worker.cancel()
        for answer in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(answer, Exception):
                logger.error("a destination stopped with %s", type(answer).__name__, exc_info=answer)

    # One destination --------------------------------------------------------------------------------

    async def _work(self, channel_id: int) -> None:
        while self._may_post(channel_id) and await self._deliver_next(channel_id):
            pass
        while self._may_edit(channel_id) and await self._edit_next(channel_id):
            pass

    async def _deliver_next(self, channel_id: int) -> bool:
        """Take the oldest due delivery as far as it goes. Returns whether to go on with the next."""
        if not await self._has_turn(channel_id):
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
            found = await self._answer(self._messenger.find(delivery, claim.article))
            if isinstance(found, DeliveryError):
                return await self._conclude(delivery, found, was_posting=False)
            if found is not None:
                await self._settle(claim, found, is_current=False)
                return True
            delivery = await self._database.run(
                outbox.begin_attempt, delivery, self._clock(), self.baseline(channel_id)
            )
        if not self._is_awake(channel_id):  # something happened since the turn: nothing is sent
            await self._put_back(delivery)
            return False
        return await self._send(claim, delivery)

    async def _send(self, claim: outbox.Claim, delivery: Delivery) -> bool:
        self._post_limit(delivery.channel_id).take()
        posted = await self._post(delivery, claim.article)
        if isinstance(posted, DeliveryError):
            return await self._conclude(delivery, posted, was_posting=True)
        # A second send with the same nonce may have returned the first message.
        await self._settle(claim, posted, is_current=delivery.attempt_count == 1)
        await self._publish(delivery, posted)
        return True

    async def _put_back(self, delivery: Delivery) -> None:
        reason = "everything rests"
        await self._database.run(
            outbox.retry, delivery, self._clock(), code=None, reason=reason, was_refused=True
        )

    async def _post(self, delivery: Delivery, article: Article) -> Posted | DeliveryError:
        self._kill_point("before_send")
        answer = await self._answer(self._messenger.post(delivery, article))
        if (
            isinstance(answer, DeliveryRefusedError)
            and self._handling(answer, delivery.attempt_count).action is Action.FALL_BACK
        ):
            logger.error("bug: Discord refused the card of delivery %d (%s)", delivery.id, answer)
            answer = await self._answer(self._messenger.post(delivery, article, is_plain=True))
        self._kill_point("after_send")
        return answer

    async def _settle(self, claim: outbox.Claim, posted: Posted, *, is_current: bool) -> None:
        self._kill_point("before_commit")
        await self._database.run(outbox.settle_sent, claim, posted, self._clock(), is_current=is_current)
        self._kill_point("after_commit")

    async def _publish(self, delivery: Delivery, posted: Posted) -> None:
        answer = await self._answer(self._messenger.publish(delivery, posted), limit=PUBLISH_LIMIT)
        if isinstance(answer, DeliveryError):
            logger.info("delivery %d was not passed on to followers: %s", delivery.id, answer)

    async def _conclude(self, delivery: Delivery, error: DeliveryError, *, was_posting: bool) -> bool:
        """Settle what came instead of a post. Returns whether the destination goes on with the next."""
        found = self._handling(error, delivery.attempt_count)
        self._heed(delivery.channel_id, error, found)
        logger.info("delivery %d: %s, %s (%s)", delivery.id, found.action, found.reason, error)
        now = self._clock()
        retry_at = now + timedelta(seconds=found.delay)
        match found.action:
            case Action.DELETED:
                await self._database.run(outbox.settle_removed, delivery.id, now)
            case Action.UNCERTAIN:
                await self._database.run(outbox.settle_uncertain, delivery.id, found.reason)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                await self._database.run(
                    outbox.retry,
                    delivery,
                    retry_at,
                    code=found.code,
                    reason=found.reason,
                    was_refused=was_posting and found.action is not Action.UNKNOWN,
                )
            case Action.PARK | Action.FALL_BACK:
                await self._database.run(
                    outbox.park, delivery, code=found.code, reason=found.reason, was_refused=was_posting
                )
            case Action.BLOCK:
                await self._database.run(
                    outbox.block_channel,
                    delivery,
                    now,
                    code=found.code,
                    reason=found.reason,
                    was_refused=was_posting,
                )
        return found.action in (
            Action.DELETED,
            Action.UNCERTAIN,
            Action.PARK,
            Action.FALL_BACK,
        )

    async def _edit_next(self, channel_id: int) -> bool:
        """Bring the most important changed post up to date. Returns whether to go on with the next."""
        if not await self._has_turn(channel_id):
            return False
        edit = await self._database.run(edits.claim_next, channel_id, self._clock())
        if edit is None:
            return False
        posted = await self._answer(self._messenger.edit(edit.delivery, edit.article))
        if isinstance(posted, DeliveryError):
            self._edit_limit(channel_id).take()
            return await self._conclude_edit(edit, posted)
        if posted.shown_hash is None or posted.shown_hash != edit.delivery.shown_hash:
            self._edit_limit(channel_id).take()
        await self._database.run(edits.settle, edit, posted.shown_hash)
        await self._tell_discussion(edit)
        return True

    async def _tell_discussion(self, edit: edits.DueEdit) -> None:
        """Say once in the post's discussion what the card says of a retraction now."""
        delivery, is_now = edit.delivery, is_retracted(edit.article.record)
        if is_now == delivery.is_known_retracted:
            return
        if delivery.thread_id is not None:
            answer = await self._answer(self._messenger.tell(delivery, edit.article))
            if isinstance(answer, DeliveryError):
                found = self._handling(answer, edit.attempt_count)
                logger.info("the discussion of delivery %d was not told: %s", delivery.id, answer)
                if found.action in (Action.RETRY, Action.UNKNOWN, Action.HALT):
                    self._heed(delivery.channel_id, answer, found)
                    retry_at = self._clock() + timedelta(seconds=found.delay)
                    await self._database.run(edits.owe, delivery.id, retry_at)
                    return
        await self._database.run(deliveries.note_told, delivery.id, is_retracted=is_now)

    async def _conclude_edit(self, edit: edits.DueEdit, error: DeliveryError) -> bool:
        found = self._handling(error, edit.attempt_count)
        self._heed(edit.delivery.channel_id, error, found)
        logger.info("edit of delivery %d: %s, %s (%s)", edit.delivery.id, found.action, found.reason, error)
        is_forum_post = edit.delivery.kind is DestinationKind.FORUM  # its thread is refused, not the forum
        match found.action:
            case Action.DELETED:
                await self._database.run(edits.settle_removed, edit)
            case Action.RETRY | Action.UNKNOWN | Action.HALT:
                retry_at = self._clock() + timedelta(seconds=found.delay)
                await self._database.run(edits.retry, edit, retry_at)
            case Action.BLOCK if not is_forum_post:
                await self._database.run(
                    outbox.block_channel,
                    edit.delivery,
                    self._clock(),
                    code=found.code,
                    reason=found.reason,
                    was_refused=False,
                )
            case _:
                await self._database.run(edits.park, edit, found.reason)
        return found.action in (Action.DELETED, Action.PARK) or (
            found.action is Action.BLOCK and is_forum_post
        )

    # Asking Discord, and when not to ----------------------------------------------------------------

    async def _answer(self, request: Awaitable[T], *, limit: float | None = None) -> T | DeliveryError:
        """Wait for a request. What went wrong comes back as a value; what nobody foresaw is ambiguous."""
        seconds = self._request_limit if limit is None else limit
        try:
            async with asyncio.timeout(seconds):
                return await request
        except TimeoutError:
            return DeliveryAmbiguousError(f"no answer within {seconds:g} s")
        except DeliveryError as error:
            return error
        except Exception as error:
            logger.exception("a request to Discord failed in an unforeseen way")
            return DeliveryAmbiguousError(type(error).__name__)

    def _handling(self, error: DeliveryError, attempt_count: int) -> Handling:
        return handle_failure(error, attempt_count, self._chance())

    def _heed(self, channel_id: int, error: DeliveryError, found: Handling) -> None:
        """Rest as long as Discord's answer asks for: the destination, or everything."""
        match found.action:
            case Action.HALT:
                if self._all_paused_until != float("inf"):
                    self._pause_all(float("inf"), found.reason)
                    self._on_unauthorized()
            case Action.RETRY if isinstance(error, DeliveryDelayedError) and error.is_everywhere:
                self._pause_all(found.delay, "Discord turns all requests from this address away")
            case Action.RETRY:
                self._paused_until[channel_id] = self._monotonic() + found.delay
            case Action.UNKNOWN:
                self._paused_until[channel_id] = self._monotonic() + min(found.delay, PAUSE_AFTER_NO_ANSWER)
            case _:
                pass
        is_invalid = isinstance(error, DeliveryRefusedError) and error.status in (401, 403)
        if is_invalid or isinstance(error, DeliveryDelayedError):
            self._count_invalid_request()

    def _count_invalid_request(self) -> None:
        now = self._monotonic()
        self._refused_at.append(now)
        while self._refused_at[0] < now - INVALID_REQUEST_SPAN:
            self._refused_at.popleft()
        if len(self._refused_at) >= self._invalid_request_limit:
            self._pause_all(INVALID_REQUEST_SPAN, "Discord refused too many requests in a short time")

    def _pause_all(self, seconds: float, reason: str) -> None:
        until = self._monotonic() + seconds
        if until > self._all_paused_until:
            if self.pause is None:
                logger.error("nothing is sent for %g s: %s", seconds, reason)
            self._all_paused_until = until
            self._pause_reason = reason

    async def _has_turn(self, channel_id: int) -> bool:
        """Wait for the next request of all. Returns whether the destination may still make it."""
        await self._rate_limiter.acquire()
        return self._is_awake(channel_id)

    def _is_ready(self, channel_id: int) -> bool:
        return channel_id not in self._workers and (self._may_post(channel_id) or self._may_edit(channel_id))

    def _may_post(self, channel_id: int) -> bool:
        return self._is_awake(channel_id) and not self._post_limit(channel_id).wait()

    def _may_edit(self, channel_id: int) -> bool:
        return self._is_awake(channel_id) and not self._edit_limit(channel_id).wait()

    def _is_awake(self, channel_id: int) -> bool:
        paused_until = max(self._paused_until.get(channel_id, 0.0), self._all_paused_until)
        is_writable = self._database.trouble is None
        return is_writable and not self._is_stopping and self._monotonic() >= paused_until

    def _post_limit(self, channel_id: int) -> RateLimiter:
        return self._post_limits.setdefault(
            channel_id,
            RateLimiter(
                1 / self._seconds_between_posts if self._seconds_between_posts else math.inf,
                monotonic=self._monotonic,
                sleep=self._sleep,
                burst=POSTS_AT_ONCE,
            ),
        )

    def _edit_limit(self, channel_id: int) -> RateLimiter:
        limit = RateLimiter(1 / SECONDS_BETWEEN_EDITS, monotonic=self._monotonic, sleep=self._sleep)
        return self._edit_limits.setdefault(channel_id, limit)

    def _raise_what_failed(self) -> None:
        """Forget workers that have ended, and raise the first of their failures."""
        ended = [channel_id for channel_id, worker in self._workers.items() if worker.done()]
        workers = [self._workers.pop(channel_id) for channel_id in ended]
        failures = [worker.exception() for worker in workers if not worker.cancelled()]
        for failure in filter(None, failures):
            raise failure
