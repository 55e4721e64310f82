"""Parses feeds in child processes, so that no feed blocks or crashes the bot (see `isolation.pool`)."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from wetread.domain import clock
from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed, RetrievedFeed
from wetread.domain.serialise import entry_from_json, feed_from_json
from wetread.isolation.pool import CPU_SECONDS, WALL_SECONDS, ChildError, ChildPool, Reader, child_command
from wetread.net.addresses import shown_url

_COMMAND = child_command("wetread.feeds.parser_child")
_REFUSALS = frozenset(["not_a_feed", "empty", "truncated", "entities", "error_page", "too_large"])
_READER = Reader(feed_from_json, entry_from_json, most_items=500, refusals=_REFUSALS)


class ParserPool:
    """Parses feeds in up to `size` child processes."""

    def __init__(
        self,
        size: int = 1,
        *,
        wall_seconds: float = WALL_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        command: tuple[str, ...] = _COMMAND,
        sleep: clock.Sleep = clock.sleep,
    ) -> None:
        self._pool = ChildPool(command, size, wall_seconds=wall_seconds, cpu_seconds=cpu_seconds, sleep=sleep)

    async def parse(self, retrieved: RetrievedFeed, now: datetime) -> ParsedFeed:
        """Return the parsed feed. Raises FeedParseError.

        Kind "timeout": it took longer than eight seconds, or five of processor time; "crashed": the child
        died or its answer was invalid.
        """
        header = {
            "url": _without_credentials(retrieved.url),
            "content_type": retrieved.content_type,
            "now": now.isoformat(),
        }
        try:
            feed, entries = await self._pool.ask(header, retrieved.body, _READER)
        except ChildError as error:
            raise FeedParseError(shown_url(retrieved.url), error.kind, detail=error.detail) from None
        return replace(feed, entries=entries)

    async def close(self) -> None:
        """End all children. Parses that are under way fail."""
        await self._pool.close()


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
