"""Copies of the database: made while the bot writes, checked, kept in a folder, and thinned out."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from wetread.domain.errors import StorageError
from wetread.storage import inspection

RESERVE = 32 * 1024 * 1024
"""Bytes of a disk that are left alone, so that what is under way can still be written down."""

_STEP_PAGES = 512  # of 16 kB; between two steps a copy can be given up
_CHECK_STEPS = 100_000  # of SQLite's machine, likewise while a copy is checked
_KEPT_UPGRADES = 3
_ABANDONED_AFTER = timedelta(days=1)
_NAME = re.compile(r"-(\d{4}-\d\d-\d\dT\d{6}Z)-([a-z]+)\.db$")
_INSTANT = "%Y-%m-%dT%H%M%SZ"


class Occasion(StrEnum):
    """Why a backup was made."""

    DAILY = "daily"
    UPGRADE = "upgrade"  # before a new version's migrations
    MANUAL = "manual"  # somebody asked; only people delete these


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as its name tells."""

    path: Path
    made_at: datetime
    occasion: Occasion


class BackupFolder:
    """The backups of one database. `keep_daily`, `keep_weekly`: of how many days and weeks one is kept."""

    def __init__(self, database: Path, folder: Path | None, *, keep_daily: int, keep_weekly: int) -> None:
        self.database = database
        self.folder = database.parent / "backups" if folder is None else folder
        self._keep_daily = keep_daily
        self._keep_weekly = keep_weekly

    def new_path(self, occasion: Occasion, now: datetime) -> Path:
        """Return where a backup made now belongs."""
        instant = now.astimezone(UTC).strftime(_INSTANT)
        return self.folder / f"{self.database.stem}-{instant}-{occasion}.db"

    def make(
        self, occasion: Occasion, now: datetime, is_stopping: Callable[[], bool] = lambda: False
    ) -> Path:
        """Make a backup, then delete what is no longer kept. Raises StorageError."""
        at = now
        # Killed after its backup, an upgrade may begin again within the same second.
        while (path := self.new_path(occasion, at)).exists():
            at += timedelta(seconds=1)
        copy_database(self.database, path, is_stopping)
        for part in self.folder.glob(f".{self.database.stem}-*.part*"):
            if part.stat().st_mtime < (now - _ABANDONED_AFTER).timestamp():  # its process was killed
                part.unlink(missing_ok=True)
        for old in to_discard(self.listing(), keep_daily=self._keep_daily, keep_weekly=self._keep_weekly):
            old.path.unlink(missing_ok=True)
        return path

    def listing(self) -> list[Backup]:
        """Return the backups that are there, newest first."""
        found = []
        for path in self.folder.glob(f"{self.database.stem}-*.db"):
            if (match := _NAME.search(path.name)) and match[2] in set(Occasion):
                made_at = datetime.strptime(match[1], _INSTANT).replace(tzinfo=UTC)
                found.append(Backup(path, made_at, Occasion(match[2])))
        return sorted(found, key=lambda backup: backup.made_at, reverse=True)

    def newest_good(self) -> Path | None:
        """Return the newest backup that is sound, None if there is none."""
        return next((each.path for each in self.listing() if inspection.damage(each.path) is None), None)


def copy_database(
    source: Path,
    target: Path,
    is_stopping: Callable[[], bool] = lambda: False,
    *,
    change: Callable[[sqlite3.Connection], None] = lambda _connection: None,
) -> None:
    """Write a complete, checked copy of `source` that only its owner can read.

    It is one file in rollback mode, which may be copied like any other (faults.md C13). The bot may write
    meanwhile. `is_stopping` is asked now and then; once it says so, the copy is given up. `change` is made
    in the copy before it gets its name. Raises StorageError; then there is no file, and `target` never
    existed in part.
    """
    if target.exists():
        raise StorageError(f"There is a file {target} already. It was left as it is.")
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(target.parent).free < source.stat().st_size + RESERVE:
            raise StorageError(f"There is not enough room for a copy in {target.parent}.")
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with (
            closing(inspection.open_for_reading(source)) as reader,
            closing(_writing(part)) as writer,
        ):
            _copy(reader, writer, is_stopping)
            change(writer)
            writer.execute("PRAGMA journal_mode=DELETE")
            if damaged := inspection.damage_seen(writer, is_thorough=True):
                raise StorageError(f"{source} could be copied, but it is damaged: {damaged}.")
        _rename(part, target)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"No copy could be written to {target}: {error}.") from error
    finally:
        for leftover in (part, *_companions(part)):
            with suppress(OSError):
                leftover.unlink()


def to_discard(backups: Iterable[Backup], *, keep_daily: int, keep_weekly: int) -> list[Backup]:
    """Return the backups to delete.

    Of the daily ones the last of each of the last days and of the last weeks is kept, counted in days and
    weeks that have one; of those before upgrades the last three.
    """
    newest_first = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    daily = [backup for backup in newest_first if backup.occasion is Occasion.DAILY]
    upgrades = [backup for backup in newest_first if backup.occasion is Occasion.UPGRADE]
    kept = {
        *_last_of_each(daily, keep_daily, lambda backup: backup.made_at.date()),
        *_last_of_each(daily, keep_weekly, lambda backup: backup.made_at.isocalendar()[:2]),
        *upgrades[:_KEPT_UPGRADES],
    }
    return [backup for backup in (*daily, *upgrades) if backup not in kept]


def _last_of_each(
    newest_first: Iterable[Backup], count: int, span: Callable[[Backup], object]
) -> Iterator[Backup]:
    seen: set[object] = set()
    for backup in newest_first:
        if span(backup) not in seen and len(seen) < count:
            seen.add(span(backup))
            yield backup


def _writing(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


class _GivenUpError(StorageError):
    """The bot stops, so a copy is not finished."""


def _copy(reader: sqlite3.Connection, writer: sqlite3.Connection, is_stopping: Callable[[], bool]) -> None:
    def go_on(_status: int = 0, _remaining: int = 0, _total: int = 0) -> None:
        if is_stopping():
            raise _GivenUpError("The copy was given up, because Wetread stops.")

    # While this transaction lasts the reader sees one moment; else each write would begin the copy anew.
    reader.execute("BEGIN")
    reader.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    reader.backup(writer, pages=_STEP_PAGES, progress=go_on)
    reader.execute("COMMIT")
    writer.set_progress_handler(is_stopping, _CHECK_STEPS)


def _rename(part: Path, target: Path) -> None:
    """Give the finished file its name, for good: also after a power cut."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("-journal", "-wal", "-shm")]
