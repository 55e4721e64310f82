"""For the operator: backups and statistics for SQLite each day, the health file, and less memory."""

import asyncio
import logging
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

from discord.ext import commands

from cogs.client import Wetread
from cogs.posting.loops import LoopsCog, SupervisedLoop
from wetread.domain.errors import StorageError
from wetread.operations.health import HealthFacts, health_report
from wetread.operations.health_file import write_report
from wetread.operations.memory import give_back
from wetread.operations.versions import versions
from wetread.services.services import Services
from wetread.storage.overview import overview

log = logging.getLogger(__name__)

BACKUP_LOOP_SECONDS = 600.0
HEALTH_LOOP_SECONDS = 60.0
MEMORY_LOOP_SECONDS = 10.0
OPTIMIZE_LOOP_SECONDS = 86_400.0


class Upkeep(LoopsCog):
    """Runs backup and health loops, also while Discord cannot be reached."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._clock = services.seams.clock
        self._file = services.config.health.file
        self._started_at = self._clock()
        self._disconnected_since: datetime | None = self._started_at
        self._versions = versions()
        loop = partial(SupervisedLoop, clock=self._clock, board=services.loops, ready=_at_once)
        backing_up = loop("back up", services.daily_backup.make_if_due, seconds=BACKUP_LOOP_SECONDS)
        telling = loop("write health", self.tell, seconds=HEALTH_LOOP_SECONDS)
        tidying = loop("optimize the database", services.database.optimize, seconds=OPTIMIZE_LOOP_SECONDS)
        shrinking = loop("give memory back", _give_back, seconds=MEMORY_LOOP_SECONDS)
        super().__init__([backing_up, tidying, shrinking, *([telling] if self._file else [])])

    async def cog_unload(self) -> None:
        """Stop the loops and a running backup, and write into the health file that Wetread was stopped."""
        self._services.daily_backup.stop()
        await super().cog_unload()
        try:
            await self.tell(is_stopping=True)
        except OSError as error:
            log.warning("the health file could not be written at the end: %s", error)

    async def tell(self, *, is_stopping: bool = False) -> None:
        """Write the health file, if one is wanted. Raises OSError."""
        if self._file is not None:
            report = health_report(await self._facts(), is_stopping=is_stopping)
            await asyncio.to_thread(write_report, self._file, report)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note that Discord is connected."""
        self._disconnected_since = None

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Note that Discord is connected again."""
        self._disconnected_since = None

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note since when Discord is not connected; the event repeats with every failed attempt."""
        self._disconnected_since = self._disconnected_since or self._clock()

    async def _facts(self) -> HealthFacts:
        services = self._services
        database = services.database
        pause = services.deliverer.pause
        try:
            seen = await database.run(overview)
        except StorageError:  # `trouble` says why
            seen = None
        return HealthFacts(
            at=self._clock(),
            started_at=self._started_at,
            disconnected_since=self._disconnected_since,
            server_count=len(self._bot.guilds),
            loops=services.loops.all(),
            pause=pause.reason if pause else None,
            trouble=database.trouble,
            overview=seen,
            open_breakers=list(services.sources.open_breakers),
            database_bytes=await asyncio.to_thread(_size, database.path),
            disk_free=await asyncio.to_thread(_free, database.path),
            backup_at=await services.daily_backup.newest_at(),
            is_backing_up=services.daily_backup.is_on,
            versions=self._versions,
        )


async def _give_back() -> None:
    """Give the system the memory that is free."""
    give_back()


async def _at_once() -> None:
    """Return at once: these loops do not wait for Discord."""


def _size(path: Path) -> int | None:
    """Return the bytes of the database and of its log."""
    log_file = path.with_name(f"{path.name}-wal")
    try:
        return path.stat().st_size + (log_file.stat().st_size if log_file.exists() else 0)
    except OSError:
        return None


def _free(path: Path) -> int | None:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Upkeep(bot, bot.services))
