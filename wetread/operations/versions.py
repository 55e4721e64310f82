"""Which versions run, and what an operator should know about them (faults.md S40)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from pyexpat import EXPAT_VERSION

from wetread import __version__
from wetread.storage.database import SQLITE_VERSION

_PINS = Path(__file__).parents[2] / "requirements.txt"
_SAFE_EXPAT = (2, 7, 0)
_SAFE_SQLITE = (3, 51, 3)


def versions() -> dict[str, str]:
    """Return the version of each part, Wetread's first; those of libraries as they are installed."""
    libraries = {name: _installed(name) for name in pinned_versions()}
    return {
        "wetread": __version__,
        "python": python_version(),
        "sqlite": SQLITE_VERSION,
        "expat": EXPAT_VERSION.removeprefix("expat_"),
        **libraries,
    }


def pinned_versions() -> dict[str, str]:
    """Return the versions of the libraries that Wetread was tested with: the pins of requirements.txt."""
    try:
        text = _PINS.read_text(encoding="utf-8")
    except OSError:
        return {}
    direct = text.partition("\n\n")[0]  # what these need in turn follows after a blank line
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", direct, re.MULTILINE))


def warnings(running: Mapping[str, str]) -> Iterator[str]:
    """Return warnings about these versions: known faults, and versions that were not tested."""
    if _numbers(running["expat"]) < _SAFE_EXPAT:
        yield (
            f"expat {running['expat']} is older than 2.7.0: a hostile feed can crash it (CVE-2024-8176). "
            "Wetread reads feeds in processes that may die, so this is safe; a newer Python is better."
        )
    if _numbers(running["sqlite"]) < _SAFE_SQLITE:
        yield (
            f"SQLite {running['sqlite']} is older than 3.51.3: with two programs that write to one database "
            "it can be damaged. Wetread writes by one connection; let no other program write to its file."
        )
    others = [
        f"{name} {running[name]} (tested: {tested})"
        for name, tested in pinned_versions().items()
        if running[name] != tested
    ]
    if others:
        yield f"Other versions than Wetread was tested with: {', '.join(others)}."


@cache
def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))
