"""Reads lists of feeds in a child process, which starts with the first list and ends when idle."""

from typing import Any

from wetread.domain import clock
from wetread.feeds.feed_lists import MOST_BYTES, MOST_FEEDS, FeedList, ListedFeed, UnreadableListError
from wetread.isolation.pool import ChildError, ChildPool, Reader, child_command

_COMMAND = child_command("wetread.feeds.list_child")
_REFUSALS = frozenset(["too_large", "empty", "entities", "not_a_list", "not_settings"])


class ListReader:
    """Reads a member's file. The feeds' own child process is not kept waiting."""

    def __init__(self, pool: ChildPool | None = None, *, sleep: clock.Sleep = clock.sleep) -> None:
        self._pool = pool or ChildPool(_COMMAND, sleep=sleep)

    async def read(self, body: bytes) -> FeedList:
        """Return the feeds of a file. Raises UnreadableListError, also "crashed" and "timeout"."""
        if len(body) > MOST_BYTES:
            raise UnreadableListError("too_large")
        try:
            head, feeds = await self._pool.ask({}, body, _READER)
        except ChildError as error:
            raise UnreadableListError(error.kind) from None
        return FeedList(feeds, int(head["left_out"]), bool(head["is_cut"]))

    async def read_settings(self, body: bytes) -> dict[str, Any]:
        """Return what stands in a settings file. Raises UnreadableListError as `read`."""
        if len(body) > MOST_BYTES:
            raise UnreadableListError("too_large")
        try:
            content, _ = await self._pool.ask({"is_settings": True}, body, _SETTINGS)
        except ChildError as error:
            raise UnreadableListError(error.kind) from None
        return content

    async def close(self) -> None:
        """End the child process."""
        await self._pool.close()


def _head(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or type(value.get("left_out")) is not int or "is_cut" not in value:
        raise ValueError("not the head of a list")
    return value


def listed_feed(value: object) -> ListedFeed:
    """Return a feed of its JSON value. Raises ValueError for any other."""
    if not isinstance(value, dict) or set(value) != {"url", "name", "folder", "is_paused"}:
        raise ValueError("not a feed of a list")
    url, name, folder, is_paused = value["url"], value["name"], value["folder"], value["is_paused"]
    if not (isinstance(url, str) and isinstance(name, str) and isinstance(folder, str)):
        raise ValueError("not a feed of a list")  # noqa: TRY004  # as every other shape
    return ListedFeed(url, name, folder, bool(is_paused))


def _settings(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("settings"), dict):
        raise ValueError("not settings")  # noqa: TRY004  # as every other shape
    return dict(value["settings"])


_SETTINGS = Reader(_settings, listed_feed, most_items=0, refusals=_REFUSALS)
_READER = Reader(_head, listed_feed, most_items=MOST_FEEDS, refusals=_REFUSALS)
