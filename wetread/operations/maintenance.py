"""The database commands of the operator; each returns its answer in sentences."""

from datetime import datetime
from pathlib import Path

from wetread.domain.errors import StorageError
from wetread.storage import inspection
from wetread.storage.backup import BackupFolder, Occasion, copy_database
from wetread.storage.overview import summary_of
from wetread.storage.restore import restore


def back_up(folder: BackupFolder, target: Path | None, now: datetime) -> str:
    """Copy the database to `target` (None = into the folder of backups). Raises StorageError."""
    if inspection.inspect(folder.database).is_fresh:
        raise StorageError(f"There is nothing in {folder.database} yet.")
    if target is None:
        path = folder.make(Occasion.MANUAL, now)
    else:
        path = target / folder.new_path(Occasion.MANUAL, now).name if target.is_dir() else target
        copy_database(folder.database, path)
    return f"Backed up to {path}, and checked: {summary_of(path)}."


def restore_backup(backup: Path, database: Path, now: datetime) -> str:
    """Put a backup in the database's place, which nobody uses. Raises StorageError."""
    restored, kept = restore(backup, database, now)
    lines = [f"Restored from {backup}: {summary_of(database)}."]
    if kept is not None:
        lines.append(f"The database that was there is kept as {kept}.")
    lines.append(
        f"This database does not know what was changed or posted after {restored.point:%Y-%m-%d %H:%M} UTC. "
        "At the next start Wetread reads each feed again, and looks for pending articles in the channels "
        "before it posts them. Feeds that were added since then must be added again."
    )
    return "\n".join(lines)


def check_database(path: Path) -> str:
    """Read the whole file and say what it holds. Raises StorageError for what is wrong with it."""
    schema = inspection.inspect(path)
    if schema.is_fresh:
        raise StorageError(f"There is nothing in {path}. A copy made by hand lacks what stood beside it.")
    if damaged := inspection.damage(path, is_thorough=True):
        raise StorageError(f"{path} is damaged: {damaged}.")
    missing = len(schema.pending)
    state = f"{missing} migrations behind this version; the start catches up" if missing else "up to date"
    return f"{path} is sound: {summary_of(path)}. Schema: {schema.applied[-1]}, {state}."
