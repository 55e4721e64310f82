"""Parses the answers of record sources in a child process, so that none stalls or ends the bot."""

import logging
from typing import Any, TypeVar

from wetread.bibliography.answer_parsing import AnswerParser
from wetread.domain import clock
from wetread.domain.errors import RecordSourceError
from wetread.domain.serialise import record_from_json
from wetread.isolation.pool import ChildError, ChildPool, Reader, child_command

T = TypeVar("T")

log = logging.getLogger(__name__)

SMALL_ANSWER = 2_000
"""Bytes up to which an answer is parsed in the bot's own process; the worst that was found took 5 ms."""

_MOST_RECORDS = 5_000
_COMMAND = child_command("wetread.services.record_child")
_FAULTS = frozenset(["throttled", "server", "status", "unreadable"])


class RecordParsing:
    """A `ParseAnswer` over one child process, which is started with the first large answer.

    It is not the feeds' process: a member who looks something up does not wait for feeds.
    """

    def __init__(self, pool: ChildPool | None = None, *, sleep: clock.Sleep = clock.sleep) -> None:
        self._pool = pool or ChildPool(_COMMAND, sleep=sleep)

    async def __call__(self, parser: AnswerParser[T], body: bytes, /) -> T:
        """Parse an answer. Raises RecordSourceError, "unreadable" if the child was killed or died."""
        if len(body) <= SMALL_ANSWER:
            return parser(body)
        try:
            head, records = await self._pool.ask({"parser": parser.name}, body, _READER)
            return parser.shape.join(head, records)
        except ChildError as error:
            if error.kind in _FAULTS:
                raise RecordSourceError(parser.source, error.kind) from None
            log.warning("An answer of %s (%d bytes) was not parsed: %s", parser.source, len(body), error)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("An answer of %s was parsed into %s", parser.source, type(error).__name__)
        raise RecordSourceError(parser.source, "unreadable")

    async def close(self) -> None:
        """End the child process."""
        await self._pool.close()


def _head(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("the head is not an object")  # noqa: TRY004  # as every other shape
    return value


_READER = Reader(_head, record_from_json, most_items=_MOST_RECORDS, refusals=_FAULTS | {"too_large"})
