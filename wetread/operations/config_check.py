"""Find the faults of a configuration that only this machine can tell: files, folders, extra journals."""

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import ConfigError, ConfigFault
from wetread.operations.config import Config


def check_machine(config: Config) -> None:
    """Check that Wetread can use every file and folder that the configuration names.

    Creates nothing that stays. Raises ConfigError with all faults.
    """
    faults = [
        *_file("[storage] path", config.storage.path),
        *_folder("[backup] folder", config.backup.folder),
        *_file("[health] file", config.health.file),
        *_journals(config.catalogue.extra),
    ]
    if faults:
        raise ConfigError(tuple(faults))


def _file(place: str, path: Path | None) -> Iterator[ConfigFault]:
    if path is None:
        return
    try:
        kind = _kind(path)
        if kind is not None and stat.S_ISDIR(kind):
            hint = "Add the name of a file, for example wetread.db."
            yield ConfigFault(place, f"{str(path)!r} is a folder, not a file.", hint)
        elif kind is not None and not stat.S_ISREG(kind):
            yield ConfigFault(place, f"{str(path)!r} is a device or a socket, not a file.")
        else:
            yield from _folder(place, path.parent)
    except OSError as error:
        yield ConfigFault(place, f"{str(path)!r} cannot be used: {error.strerror}.")


def _folder(place: str, folder: Path | None) -> Iterator[ConfigFault]:
    """Yield a fault unless files can be written into the folder, or it can be created."""
    if folder is None:
        return
    existing = folder
    try:
        while _kind(existing) is None and existing != existing.parent:
            existing = existing.parent
        # Permissions do not tell it all (read-only and special file systems), so we try.
        with tempfile.TemporaryDirectory(prefix=".wetread-check-", dir=existing):
            pass
    except OSError as error:
        what = "written into" if existing == folder else "created"
        hint = "Choose another folder, or let the user that runs Wetread write there."
        yield ConfigFault(place, f"The folder {str(folder)!r} cannot be {what}: {error.strerror}.", hint)


def _kind(path: Path) -> int | None:
    """Return the mode of what stands at the path; None if nothing does. Raises OSError."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _journals(extra: Path | None) -> Iterator[ConfigFault]:
    try:
        Catalogue.load(extra)
    except ConfigError as error:
        for fault in error.faults:
            yield ConfigFault("[catalogue] extra", f"{fault.place}: {fault.problem}", fault.suggestion)
