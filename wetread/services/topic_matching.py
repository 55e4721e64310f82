"""Compares what feeds brought with the topics of each server, before it is posted."""

import logging
from collections.abc import Callable

from wetread.domain.clock import Clock
from wetread.domain.errors import StorageError
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import topic_matching
from wetread.storage.database import Database

log = logging.getLogger(__name__)


class TopicMatcher:
    """Examines arrivals in parts, so that other work comes between. After a crash the rest is examined.

    `kill_point` is called with the name of a point before, between and after the parts; tests stop the
    process there.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: UpdatePolicy,
        *,
        kill_point: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._kill_point = kill_point

    async def examine(self) -> None:
        """Examine all that has arrived. Raises StorageError only: what cannot be examined is left out.

        An article whose comparison fails must not keep others, or itself, from being posted.
        """
        while await self._database.read(topic_matching.has_waiting):
            self._kill_point("before_examining")
            try:
                await self._database.run(topic_matching.examine_next, self._clock(), self._policy)
            except StorageError:
                raise
            except Exception:
                log.exception("New articles could not be compared with topics; they are compared one by one.")
                await self._examine_one()
            self._kill_point("between_parts")

    async def _examine_one(self) -> None:
        try:
            await self._database.run(topic_matching.examine_next, self._clock(), self._policy, most=1)
        except StorageError:
            raise
        except Exception:
            log.exception("An article could not be compared with topics; feeds post it, and no topic does.")
            await self._database.run(topic_matching.skip_next, self._clock())
