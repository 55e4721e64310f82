"""The automatic daily backup."""

import asyncio
import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

from wetread.domain.clock import Clock
from wetread.operations.config import Config
from wetread.storage.backup import BackupFolder, Occasion

log = logging.getLogger(__name__)

WEEKLY_BACKUPS = 4
"""The last backup of each of this many weeks is kept as well."""


def backup_folder(config: Config) -> BackupFolder:
    """Return where the configuration has the database's backups."""
    wanted = config.backup
    return BackupFolder(
        config.storage.path,
        wanted.folder,
        keep_daily=wanted.keep_daily,
        keep_weekly=WEEKLY_BACKUPS,
    )


class DailyBackup:
    """Makes a backup once a day at `hour` (UTC), or later that day if Wetread was not there."""

    def __init__(self, folder: BackupFolder, clock: Clock, *, hour: int, is_on: bool) -> None:
        self.is_on = is_on
        self._folder = folder
        self._clock = clock
        self._hour = hour
        self._is_stopping = threading.Event()

    async def newest_at(self) -> datetime | None:
        """Return when the newest backup was made, whatever for; None if there is none."""
        found = await asyncio.to_thread(self._folder.listing)
        return found[0].made_at if found else None

    async def make_if_due(self) -> Path | None:
        """Make today's backup if it is time and there is none yet. Raises StorageError."""
        now = self._clock()
        if not self.is_on or not await asyncio.to_thread(self._is_due, now):
            return None
        # In a thread, by a connection of its own that only reads: the bot can write meanwhile.
        path = await asyncio.to_thread(self._folder.make, Occasion.DAILY, now, self._is_stopping.is_set)
        log.info("The database is backed up: %s", path)
        return path

    def stop(self) -> None:
        """Cancel a backup that is being made and delete its file."""
        self._is_stopping.set()

    def _is_due(self, now: datetime) -> bool:
        due_at = now.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        due_at -= timedelta(days=1) if due_at > now else timedelta()
        daily = (each.made_at for each in self._folder.listing() if each.occasion is Occasion.DAILY)
        return next(daily, datetime.min.replace(tzinfo=now.tzinfo)) < due_at
