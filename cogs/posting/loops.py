"""Timed loops that survive errors, and the record of their successes and failures."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from discord.ext import commands, tasks

from wetread.domain.clock import Clock
from wetread.domain.errors import StorageError, StorageFailedError
from wetread.operations.loops import LoopHealth, LoopsHealth

log = logging.getLogger(__name__)

WATCH_SECONDS = 60.0

TURN_LIMIT = 1800.0
"""Seconds after which a turn counts as stuck and is cancelled."""


class SupervisedLoop:
    """Calls `run` every `seconds`; a failed turn is logged and counted, and the next turn runs as usual.

    `discord.ext.tasks` ends a loop for good on most errors, and repeats the whole body at once on some
    (faults.md M12), so no error may leave the body. `revive` restarts a loop that ended all the same.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[], Awaitable[object]],
        *,
        seconds: float,
        clock: Clock,
        board: LoopsHealth,
        ready: Callable[[], Awaitable[None]],
        turn_limit: float = TURN_LIMIT,
    ) -> None:
        self.name = name
        self._board = board
        board.add(name)
        self._run = run
        self._clock = clock
        self._ready = ready
        self._turn_limit = turn_limit
        self._loop = tasks.loop(seconds=seconds)(self._turn)
        self._loop.before_loop(self._before)

    @property
    def health(self) -> LoopHealth:
        """The successes and failures of this loop."""
        return self._board.of(self.name)

    def start(self) -> None:
        """Start; the first turn waits until the bot is ready. Raises RuntimeError if it is running."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop, also in the middle of a turn, and wait until it has stopped."""
        task = self._loop.get_task()
        self._loop.cancel()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def revive(self) -> bool:
        """Restart the loop if it has ended; return whether it had."""
        if self._loop.is_running():
            return False
        log.error("loop %r had stopped; starting it again", self.name)
        self._board.note_restart(self.name)
        self._loop.start()
        return True

    async def _before(self) -> None:
        await self._ready()

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(self._turn_limit):
                await self._run()
        except StorageFailedError as error:  # the database has said it once in the log
            self._note_failure(error)
        except StorageError as error:  # its sentence says what to do; a traceback would hide it
            log.error("loop %r: %s", self.name, error)  # noqa: TRY400  # as just said
            self._note_failure(error)
        except Exception as error:
            log.exception("a turn of loop %r failed", self.name)
            self._note_failure(error)
        else:
            self._board.note_success(self.name, self._clock())

    def _note_failure(self, error: Exception) -> None:
        self._board.note_failure(self.name, self._clock(), type(error).__name__)


class LoopsCog(commands.Cog):
    """A cog with loops that run while the cog is loaded; a watchdog restarts those that end."""

    def __init__(self, loops: Sequence[SupervisedLoop]) -> None:
        self._loops = loops

    async def cog_load(self) -> None:
        """Start the loops. Once, however often the bot becomes ready (faults.md A39)."""
        for loop in self._loops:
            loop.start()
        self._watch.start()

    async def cog_unload(self) -> None:
        """End the loops."""
        self._watch.cancel()
        for loop in self._loops:
            await loop.stop()

    @tasks.loop(seconds=WATCH_SECONDS)
    async def _watch(self) -> None:
        for loop in self._loops:
            loop.revive()
