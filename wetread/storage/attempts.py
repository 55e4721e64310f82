"""How often posting was begun: counted in the database, and noted in a file beside it.

A database that counts less than the file notes is an older copy: what was posted since is unknown to it.
"""

import logging
import os
from pathlib import Path

import sqlite_utils

from wetread.storage import bot_state

log = logging.getLogger(__name__)

_MEMORY = "attempts"


def counted(db: sqlite_utils.Database) -> int:
    """Return how often posting was begun, as far as this database knows."""
    return int(bot_state.get(db, _MEMORY) or 0)


def count_up(db: sqlite_utils.Database) -> None:
    """Count one more. Called in the transaction after which a request leaves."""
    raise_to(db, counted(db) + 1)


def raise_to(db: sqlite_utils.Database, count: int) -> None:
    """Count at least that many."""
    bot_state.remember(db, _MEMORY, str(max(count, counted(db))))


class AttemptNote:
    """The file beside a database that notes its count.

    It is written after the transaction is in the database for good and before the request leaves. So it is
    never ahead of the database, wherever the process is killed or the power is cut: no false alarm. And it is
    never behind what Discord may have, unless a power cut takes the note itself; it is not forced onto the
    disk, because that would cost as much as the transaction did, and the note only guards against copies.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.attempts")
        self._noted = self.read()
        self._has_failed = False

    def read(self) -> int:
        """Return what is noted, 0 if nothing readable is."""
        try:
            return int(self.path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def write(self, count: int) -> None:
        """Note a count, if it is higher than what is noted. A failure is logged once."""
        if count <= self._noted:
            return
        part = self.path.with_name(f".{self.path.name}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{count}\n")
            part.replace(self.path)
        except OSError as error:
            if not self._has_failed:
                log.warning(
                    "%s could not be written: %s. Wetread works, but would not notice an older copy of its "
                    "database.",
                    self.path,
                    error,
                )
            self._has_failed = True
        else:
            self._noted, self._has_failed = count, False
