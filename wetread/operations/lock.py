"""One process per database (faults.md C07): a lock that a killed process cannot leave behind."""

import fcntl
import os
from pathlib import Path

from wetread.domain.errors import StorageError


class DatabaseLock:
    """Holds `<database>.lock` by flock(2), which ends with the process, however it ends."""

    def __init__(self, database: Path) -> None:
        """Take the lock. Raises StorageError naming the process that has it."""
        database.parent.mkdir(parents=True, exist_ok=True)
        self._path = database.with_name(database.name + ".lock")
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 32).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise StorageError(
                f"Another Wetread uses {database} already (process {holder or 'unknown'}). "
                "Stop that one first, or give this one a database of its own in config.toml."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another process have the database. Idempotent."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
