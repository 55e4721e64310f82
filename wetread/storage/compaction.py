"""Room on the disk: enough for a migration that writes everything anew, and given back after it."""

import logging
import shutil
import sqlite3
from pathlib import Path

import sqlite_utils

from wetread.domain.errors import StorageError
from wetread.storage import bot_state
from wetread.storage.backup import RESERVE
from wetread.storage.packing_migration import TO_SHRINK

log = logging.getLogger(__name__)


def ensure_room(path: Path, backups: Path | None) -> None:
    """Raise StorageError if the disk has no room for writing the database at `path` anew.

    That takes as much as the database has now, for a while, and as much again for the backup in `backups`.
    """
    size = path.stat().st_size
    needed = size + RESERVE
    if backups is not None and _disk(backups) == _disk(path):
        needed += size
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise StorageError(
            f"This version of Wetread stores its database in less room, and has to write it anew once. That "
            f"needs {_megabytes(needed)} of free disk where {path} is, and {_megabytes(free)} are free. The "
            f"database was left as it was. Please make {_megabytes(needed - free)} more free, or move the "
            "database to a larger disk ([storage] path in config.toml), and start Wetread again."
        )


def finish(db: sqlite_utils.Database) -> None:
    """Give the disk back what the migration has freed, if that was not done yet.

    Outside of transactions. Killed meanwhile, the database is as it was, and the next start does it. Where
    there is no room for it, the database works on as it is, and the next start tries again.
    """
    if bot_state.get(db, TO_SHRINK) is None:
        return
    [[page_size], [page_count], [free_count]] = [
        db.conn.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "page_count", "freelist_count")
    ]
    [*_, file] = db.conn.execute("PRAGMA database_list").fetchone()
    needed = 2 * page_size * (page_count - free_count) + RESERVE  # a copy, and the log that writes it back
    folder = Path(file).parent
    if file and (free := shutil.disk_usage(folder).free) < needed:
        log.warning(
            "%s could be smaller by %s, but that needs %s of free disk for a moment, and %s are free. "
            "Wetread works without it. To shrink it, please make room and start Wetread again.",
            file,
            _megabytes(page_size * free_count),
            _megabytes(needed),
            _megabytes(free),
        )
        return
    log.info("Giving %s of the database back to the disk …", _megabytes(page_size * free_count))
    try:
        # By itself SQLite would use the folder for temporary files, which may be small, or in memory.
        db.conn.execute(f"PRAGMA temp_store_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        db.conn.execute("VACUUM")
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        log.warning("The database keeps its size, which does no harm: %s. The next start tries again.", error)
        return
    finally:
        db.conn.execute("PRAGMA temp_store_directory = ''")
    bot_state.forget(db, TO_SHRINK)


def _disk(path: Path) -> int:
    """Return the number of the disk on which a folder or file is, or will be."""
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
