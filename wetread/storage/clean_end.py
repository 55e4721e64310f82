"""Whether the bot ended in good order, so that the next start need not read the whole database.

At the end a file beside the database says what the database looks like from outside. A start takes it away:
after a kill or a power cut it is not there, and after a copy or a repair by hand it does not fit. Then the
database is checked from end to end.
"""

from contextlib import suppress
from pathlib import Path

from wetread.storage.file_watch import log_of


class CleanEnd:
    """The note about the end of the database at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.closed")
        self._database = path

    def write(self) -> None:
        """Note that the database was closed as it now is. Raises OSError."""
        self.path.write_text(self._look(), encoding="utf-8")

    def take(self) -> bool:
        """Return whether the database is as it was when it was closed; the note is gone after that."""
        try:
            noted = self.path.read_text(encoding="utf-8")
            self.path.unlink()
            return noted == self._look()
        except (OSError, ValueError):
            return False

    def _look(self) -> str:
        """Return size and time of the file, and the size of what is not yet written back into it."""
        now = self._database.stat()
        left = 0
        with suppress(FileNotFoundError):
            left = log_of(self._database).stat().st_size
        return f"{now.st_size} {now.st_mtime_ns} {left}\n"
