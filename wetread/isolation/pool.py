"""A pool of warm child processes that parse and can be killed, so that no document blocks or crashes the bot.

A thread does not suffice: a regular expression holds the interpreter's lock, and expat can crash the process
(faults.md M01–M04). A child's answer is checked like data from outside (S17).
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from wetread.domain import clock
from wetread.isolation.frames import ITEMS_PER_FRAME, LENGTH, MOST_ANSWER_BYTES, MOST_FRAME_BYTES, to_frame

HeadT = TypeVar("HeadT")
ItemT = TypeVar("ItemT")

_ROOT = Path(__file__).parents[2]
WALL_SECONDS = 8.0
CPU_SECONDS = 5
_START_SECONDS = 60.0  # on a busy machine; usually a tenth of a second
IDLE_SECONDS = 60.0
"""After so long without a document all children end: each takes 14 MiB, and starts in a third of a second."""

_REQUESTS_PER_CHILD = 1_000  # then a new process, which frees what libraries leave behind
_MOST_DETAIL = 200  # characters


class ChildError(Exception):
    """A document was not parsed. `kind` "timeout": it took too long; "crashed": the child died or lied.

    Any other kind is the child's reason to refuse the document (`Reader.refusals`).
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Reader(Generic[HeadT, ItemT]):
    """How an answer's JSON is read. `head` and `item` raise ValueError for what is not as it should be."""

    head: Callable[[object], HeadT]
    item: Callable[[object], ItemT]
    most_items: int
    refusals: frozenset[str]


def child_command(module: str) -> tuple[str, ...]:
    """Return the command that starts a module of ours as a child."""
    return (sys.executable, "-E", "-s", "-m", module)


class ChildPool:
    """Up to `size` children, started with the first documents, replaced when they die, ended when idle."""

    def __init__(
        self,
        command: tuple[str, ...],
        size: int = 1,
        *,
        wall_seconds: float = WALL_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        sleep: clock.Sleep = clock.sleep,
    ) -> None:
        """Take the command of a child (see `child_command`); it is given the seconds of processor time."""
        self._size = size
        self._wall_seconds = wall_seconds
        self._command = (*command, str(cpu_seconds))
        self._idle_seconds = idle_seconds
        self._sleep = sleep
        self._use_count = 0
        self._tidying: asyncio.Task[None] | None = None
        self._started = 0
        self._is_closed = False
        self._slots: asyncio.Queue[asyncio.Task[_Child]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[_Child]] = set()

    async def ask(
        self, header: dict[str, Any], body: bytes, reader: Reader[HeadT, ItemT]
    ) -> tuple[HeadT, tuple[ItemT, ...]]:
        """Return head and items of a child's answer about a document. Raises ChildError.

        A child that takes longer than eight seconds, or five of processor time, that dies or whose answer
        is invalid is killed, and another is started at once.
        """
        slot = await self._take()
        child: _Child | None = None
        is_usable = False
        try:
            child = await asyncio.shield(slot)
            if child.is_dead:  # it died or was ended while it was idle, not because of this document
                self._tasks.discard(slot)
                slot = self._start()
                child = await asyncio.shield(slot)
            child.is_busy = True
            async with asyncio.timeout(self._wall_seconds):
                answer = await self._ask(child, header, body, reader)
            is_usable = child.request_count < _REQUESTS_PER_CHILD
            return answer
        except ChildError as error:
            is_usable = error.kind not in ("crashed", "timeout")
            raise
        except TimeoutError:
            raise ChildError("timeout") from None
        except (EOFError, OSError, ValueError) as error:
            raise await _cause_of_death(child, error) from None
        finally:
            if child is not None:
                child.is_busy = False
            self._use_count += 1
            if not self._is_closed and (self._tidying is None or self._tidying.done()):
                self._tidying = asyncio.create_task(self._end_when_idle(), name="end idle parsers")
            await self._give_back(slot, is_usable=is_usable)

    async def close(self) -> None:
        """End all children. Requests that are under way fail."""
        self._is_closed = True
        if self._tidying is not None:
            self._tidying.cancel()
        while self._tasks:
            await self._end(self._tasks.pop())

    async def _end_when_idle(self) -> None:
        """End the children once none was used for a while; the next document starts a new one."""
        used = -1
        while used != self._use_count:
            used = self._use_count
            await self._sleep(self._idle_seconds)
        children = [
            slot.result()
            for slot in self._tasks
            if slot.done() and not slot.cancelled() and not slot.exception()
        ]
        for child in children:
            if not child.is_busy:
                await child.kill()

    async def _take(self) -> "asyncio.Task[_Child]":
        if self._is_closed:
            raise RuntimeError("the pool of parsers is closed")
        if self._slots.empty() and self._started < self._size:
            self._started += 1
            return self._start()
        return await self._slots.get()

    def _start(self) -> "asyncio.Task[_Child]":
        task = asyncio.create_task(_start_child(self._command), name="start parser")
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

    async def _ask(
        self, child: "_Child", header: dict[str, Any], body: bytes, reader: Reader[HeadT, ItemT]
    ) -> tuple[HeadT, tuple[ItemT, ...]]:
        first = await child.ask(header, body)
        if "error" in first:
            kind, detail = first["error"], str(first.get("detail", ""))[:_MOST_DETAIL]
            is_known = isinstance(kind, str) and kind in reader.refusals
            raise ChildError(kind if is_known else "crashed", detail)
        head, count = reader.head(first.get("head")), first.get("count")
        if type(count) is not int or not 0 <= count <= reader.most_items:
            raise ValueError("not a count of items")
        items: list[ItemT] = []
        while len(items) < count:
            part = (await child.read()).get("items")
            if not isinstance(part, list) or not 0 < len(part) <= min(ITEMS_PER_FRAME, count - len(items)):
                raise ValueError("not the items that were announced")
            items.extend(map(reader.item, part))
            await self._sleep(0)  # the event loop's turn
        return head, tuple(items)


class _Child:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._unread = 0  # bytes that the current answer may still have
        self._is_ended = False
        self.is_busy = False
        self.request_count = 0

    @property
    def is_dead(self) -> bool:
        return self._is_ended or self._process.returncode is not None

    async def wait_until_ready(self) -> None:
        """Wait until the process has loaded its libraries. Raises EOFError, OSError, ValueError."""
        self._unread = MOST_FRAME_BYTES
        await self.read()

    async def ask(self, header: dict[str, Any], body: bytes) -> dict[str, Any]:
        """Send a request and return the answer's first frame. Raises EOFError, OSError, ValueError."""
        self.request_count += 1
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
        self._is_ended = True
        if self._process.returncode is None:
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
        env={"LC_ALL": "C.UTF-8"},  # no secrets for a process that a hostile document may take over
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


async def _cause_of_death(child: _Child | None, error: Exception) -> ChildError:
    """Return why no answer came, with a word for the log."""
    if child is None or isinstance(error, ValueError):
        return ChildError("crashed", type(error).__name__)
    await child.kill()
    status = await child.wait()
    if status == -signal.SIGXCPU:
        return ChildError("timeout", "processor time")
    return ChildError("crashed", signal.Signals(-status).name if status < 0 else f"status {status}")
