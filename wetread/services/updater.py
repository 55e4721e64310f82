"""Updates feeds: retrieves those that are due and records what they contain."""

import asyncio
import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, monotonic, utc_now
from wetread.domain.errors import FeedError
from wetread.domain.feed_address import split_query
from wetread.domain.models import NotModified
from wetread.feeds.check_result import CheckResult
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.retrievers import Retrieve
from wetread.net.addresses import shown_url
from wetread.storage import due_feeds, feeds, handing_out
from wetread.storage.database import Database
from wetread.storage.due_feeds import DueFeed
from wetread.storage.feeds import FeedUpdate

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
"""After that time a round starts no further feed of a host, so that a slow host does not delay the next."""

MOST_A_ROUND = 2_000
MOST_UNCHANGED = 1_000
"""How many unchanged feeds share a transaction; a crash would lose only the times of these checks."""


class FeedUpdater:
    """Retrieves feeds that are due: one at a time per host, several hosts at a time."""

    def __init__(
        self,
        database: Database,
        retrieve: Retrieve,
        *,
        policy: UpdatePolicy | None = None,
        concurrency: int = 50,
        clock: Clock = utc_now,
        monotonic: Monotonic = monotonic,
        chance: Chance = random_number,
    ) -> None:
        self._database = database
        self._retrieve = retrieve
        self._policy = policy or UpdatePolicy()
        self._slots = asyncio.Semaphore(concurrency)
        self._clock = clock
        self._monotonic = monotonic
        self._chance = chance
        self._under_way: dict[int, asyncio.Event] = {}

    async def update_due_feeds(self) -> list[FeedUpdate]:
        """Check the feeds that are due; return the updates of those that are not as they were.

        A failure stays with its own feed. A feed whose turn does not come in this round stays due. What was
        left to be handed out when Wetread ended is handed out first. Raises only if nothing can be stored.
        """
        await self._hand_out()
        due = await self._database.run(due_feeds.due, self._clock(), MOST_A_ROUND, self._policy.polling)
        by_host: defaultdict[str, list[DueFeed]] = defaultdict(list)
        for feed in due:
            by_host[_host(feed.url)].append(feed)
        turn = _Round(self._monotonic() + ROUND_SECONDS)
        try:
            async with asyncio.TaskGroup() as group:
                for each in by_host.values():
                    group.create_task(self._update_host(each, turn))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            await self._record_unchanged(turn)
        return turn.updates

    async def update(self, feed_id: int) -> FeedUpdate:
        """Check one feed now, even if it is not due or is gone. Raises LookupError for an unknown feed."""
        feed = await self._database.run(due_feeds.get, feed_id)
        await self._begin(feed_id)
        try:
            return await self._record(feed_id, await self._outcome(feed))
        finally:
            self._end(feed_id)

    async def _update_host(self, due: list[DueFeed], turn: "_Round") -> None:
        for feed in due:
            if self._monotonic() >= turn.end:
                return
            async with self._slots:
                await self._begin(feed.id)
                try:
                    await self._update(feed, turn)
                except Exception:
                    log.exception("Feed %d (%s) could not be updated.", feed.id, shown_url(feed.url))
                    failure = FeedError(shown_url(feed.url), "unexpected")
                    turn.updates.append(await self._record(feed.id, failure))
                finally:
                    self._end(feed.id)

    async def _update(self, feed: DueFeed, turn: "_Round") -> None:
        outcome = await self._outcome(feed)
        if not isinstance(outcome, NotModified):
            turn.updates.append(await self._record(feed.id, outcome))
            return
        # Made here, feed by feed: a thousand at once in the database's thread would hold up the event loop.
        turn.unchanged[feed.id] = feed.next_check_at(
            outcome, self._clock(), self._policy.polling, self._chance()
        )
        if len(turn.unchanged) >= MOST_UNCHANGED:
            await self._record_unchanged(turn)

    async def _begin(self, feed_id: int) -> None:
        """Wait until nobody else checks this feed."""
        while (other := self._under_way.get(feed_id)) is not None:
            await other.wait()
        self._under_way[feed_id] = asyncio.Event()

    def _end(self, feed_id: int) -> None:
        self._under_way.pop(feed_id).set()

    async def _record_unchanged(self, turn: "_Round") -> None:
        next_checks, turn.unchanged = turn.unchanged, {}
        if next_checks:
            await self._database.run(due_feeds.record_unchanged, next_checks, self._clock())

    async def _record(self, feed_id: int, outcome: CheckResult) -> FeedUpdate:
        update = await self._database.run(
            feeds.record_update, feed_id, outcome, self._clock(), self._policy, chance=self._chance()
        )
        if update.is_handed_out:
            return update
        pending_count, held_count = await self._hand_out(feed_id)
        return replace(update, pending_count=pending_count, held_count=held_count, is_handed_out=True)

    async def _hand_out(self, feed_id: int | None = None) -> tuple[int, int]:
        """Hand out, part by part, what is noted; return how many deliveries are then pending and held."""
        pending_count, held_count = 0, 0
        while (part := await self._database.run(handing_out.next_part, feed_id)) is not None:
            pending_count += part.pending_count
            held_count += part.held_count
        return pending_count, held_count

    async def _outcome(self, feed: DueFeed) -> CheckResult:
        try:
            return await self._retrieve(feed.request(self._clock()))
        except FeedError as error:
            return error


@dataclass(slots=True)
class _Round:
    """One round: when it ends, its updates, and when to check again what has not changed, by feed."""

    end: float
    updates: list[FeedUpdate] = field(default_factory=list)
    unchanged: dict[int, datetime] = field(default_factory=dict)


def _host(url: str) -> str:
    query = split_query(url)
    return query[0] if query else _AUTHORITY.split(url.partition("//")[2], 1)[0].rpartition("@")[2].lower()


_AUTHORITY = re.compile(r"[/?#]")  # ends it (RFC 3986, 3.2); `urlsplit` needs five times as long
