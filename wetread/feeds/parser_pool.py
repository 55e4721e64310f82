"""Parses feeds in warm child processes that can be killed, so that no feed blocks or crashes the bot.

A thread does not suffice: a regular expression holds the interpreter's lock, and expat can crash the process
(faults.md F01–F04). A child's answer is checked like data from outside (S17).
"""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from wetread.domain import clock
from wetread.domain.errors import FeedParseError
from wetread.domain.models import Entry, ParsedFeed, RetrievedFeed
from wetread.domain.serialise import entry_from_json, feed_from_json
from wetread.feeds.frames import ENTRIES_PER_FRAME, LENGTH, MOST_ANSWER_BYTES, MOST_FRAME_BYTES, to_frame
from wetread.net.addresses import shown_url

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-E", "-s", "-m", "wetread.feeds.parser_child")
_WALL_SECONDS = 8.0
_CPU_SECONDS = 5
_START_SECONDS = 60.0  # on a busy machine; usually a tenth of a second
_PARSES_PER_CHILD = 1_000  # then a new process, which frees what libraries leave behind
_MOST_ENTRIES = 500
_KINDS = frozenset(
    ["not_a_feed", "empty", "truncated", "entities", "error_page", "too_large", "timeout", "crashed"]
)


class ParserPool:
    """Up to `size` children, started with the first parses, replaced when they die."""

    def __init__(
        self,
        size: int = 1,
        *,
        wall_seconds: float = _WALL_SECONDS,
        cpu_seconds: int = _CPU_SECONDS,
        command: tuple[str, ...] = _COMMAND,
        sleep: clock.Sleep = clock.sleep,
    ) -> None:
        self._size = size
        self._wall_seconds = wall_seconds
        self._command = (*command, str(cpu_seconds))
        self._sleep = sleep
        self._started = 0
        self._is_closed = False
        self._slots: asyncio.Queue[asyncio.Task[_Child]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[_Child]] = set()

    async def parse(self, retrieved: RetrievedFeed, now: datetime) -> ParsedFeed:
        """Return the parsed feed. Raises FeedParseError.

        Kind "timeout": it took longer than eight seconds, or five of processor time; "crashed": the child
        died or its answer was invalid. In both cases the child is killed and another is started at once.
        """
        slot = await self._take()
        child: _Child | None = None
        is_usable = False
        try:
            child = await asyncio.shield(slot)
            if child.is_dead:  # it died while it was idle, not because of this feed
                slot = self._start()
                child = await asyncio.shield(slot)
            async with asyncio.timeout(self._wall_seconds):
                feed = await self._ask(child, retrieved, now)
            is_usable = child.parse_count < _PARSES_PER_CHILD
            return feed
        except FeedParseError as error:
            is_usable = error.kind not in ("crashed", "timeout")
            raise
        except TimeoutError:
            raise FeedParseError(shown_url(retrieved.url), "timeout") from None
        except (EOFError, OSError, ValueError) as error:
            kind, detail = await _cause_of_death(child, error)
            raise FeedParseError(shown_url(retrieved.url), kind, detail=detail) from None
        finally:
            await self._give_back(slot, is_usable=is_usable)

    async def close(self) -> None:
        """End all children. Parses that are under way fail."""
        self._is_closed = True
        while self._tasks:
            await self._end(self._tasks.pop())

    async def _take(self) -> "asyncio.Task[_Child]":
        if self._is_closed:
            raise RuntimeError("the parser pool is closed")
        if self._slots.empty() and self._started < self._size:
            self._started += 1
            return self._start()
        return await self._slots.get()

    def _start(self) -> "asyncio.Task[_Child]":
        task = asyncio.create_task(_start_child(self._command), name="start feed parser")
        self._tasks.add(task)
        return task

    async def _give_back(self, slot: "asyncio.Task[_Child]", *, is_usable: bool) -> None:
        if not slot.done() or is_usable:
            self._slots.put_nowait(slot)
            return
        self._tasks.discard(slot)
        if not self._is_closed:
            self._slots.put_nowait(self._start())  # ready before it is needed
        await self._end(slot)

    @staticmethod
    async def _end(slot: "asyncio.Task[_Child]") -> None:
        slot.cancel()
        with suppress(asyncio.CancelledError, OSError, EOFError, ValueError, TimeoutError):
            child = await slot
            await child.kill()

    async def _ask(self, child: "_Child", retrieved: RetrievedFeed, now: datetime) -> ParsedFeed:
        head = await child.ask(
            {
                "url": _without_credentials(retrieved.url),
                "content_type": retrieved.content_type,
                "now": now.isoformat(),
            },
            retrieved.body,
        )
        if "error" in head:
            kind, detail = str(head["error"]), str(head.get("detail", ""))[:200]
            raise FeedParseError(
                shown_url(retrieved.url), kind if kind in _KINDS else "crashed", detail=detail
            )
        feed, count = feed_from_json(head.get("feed")), head.get("count")
        if type(count) is not int or not 0 <= count <= _MOST_ENTRIES:
            raise ValueError("not a count of entries")
        entries: list[Entry] = []
        while len(entries) < count:
            part = (await child.read()).get("entries")
            if not isinstance(part, list) or not 0 < len(part) <= min(
                ENTRIES_PER_FRAME, count - len(entries)
            ):
                raise ValueError("not the entries that were announced")
            entries.extend(map(entry_from_json, part))
            await self._sleep(0)  # the event loop's turn
        return replace(feed, entries=tuple(entries))


class _Child:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._unread = 0  # bytes that the current answer may still have
        self.parse_count = 0

    @property
    def is_dead(self) -> bool:
        return self._process.returncode is not None

    async def wait_until_ready(self) -> None:
        """Wait until the process has loaded its libraries. Raises EOFError, OSError, ValueError."""
        self._unread = MOST_FRAME_BYTES
        await self.read()

    async def ask(self, header: dict[str, Any], body: bytes) -> dict[str, Any]:
        """Send a request and return the answer's first frame. Raises EOFError, OSError, ValueError."""
        self.parse_count += 1
        self._unread = MOST_ANSWER_BYTES
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101  # we asked for a pipe
        pipe.write(b"".join((to_frame(header), LENGTH.pack(len(body)), body)))
        await pipe.drain()
        return await self.read()

    async def read(self) -> dict[str, Any]:
        """Return the next frame, an object. Raises EOFError, ValueError."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101  # we asked for a pipe
        (length,) = LENGTH.unpack(await pipe.readexactly(LENGTH.size))
        self._unread -= length
        if length > MOST_FRAME_BYTES or self._unread < 0:
            raise ValueError("the parser's answer is too large")
        try:
            value = json.loads((await pipe.readexactly(length)).decode())
        except RecursionError:
            raise ValueError("the parser's answer is too deep") from None
        if not isinstance(value, dict):
            raise ValueError("the parser's answer is not an object")  # noqa: TRY004  # as every other shape
        return value

    async def wait(self) -> int:
        return await self._process.wait()

    async def kill(self) -> None:
        """End the process, if it has not ended, and wait until it has."""
        if not self.is_dead:
            # Not Process.kill(): it polls first, and then asyncio does not learn why the child died.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()


async def _start_child(command: tuple[str, ...]) -> _Child:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env={"LC_ALL": "C.UTF-8"},  # no secrets for a process that may be taken over by a hostile feed
        start_new_session=True,  # Ctrl-C goes to the bot, which ends its children itself
        limit=MOST_FRAME_BYTES,
    )
    child = _Child(process)
    try:
        async with asyncio.timeout(_START_SECONDS):
            await child.wait_until_ready()
    except BaseException:
        await child.kill()
        raise
    return child


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


async def _cause_of_death(child: _Child | None, error: Exception) -> tuple[str, str]:
    """Return why no answer came: the kind of FeedParseError, and a word for the log."""
    if child is None or isinstance(error, ValueError):
        return "crashed", type(error).__name__
    await child.kill()
    status = await child.wait()
    if status == -signal.SIGXCPU:
        return "timeout", "processor time"
    return "crashed", signal.Signals(-status).name if status < 0 else f"status {status}"
