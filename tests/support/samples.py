"""The documents that parsers are tested with: real ones, and the project's own in each of their shapes.

The real documents belong to others and are no part of the project. They lie in ../shared/samples; where that
folder is missing, their tests are skipped, and the terminal summary says how many.
`tests/data/twins.toml` names for each of them our own document of the same shape, and the same tests read
both: `@pytest.mark.parametrize("path", both("hostile"))`.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

OWN = Path(__file__).parents[1] / "data"
REAL = Path(__file__).parents[3] / "shared" / "samples"

NO_REAL = "there is no ../shared/samples"
"""Why a test of real documents is skipped; `tests/summary_plugin.py` counts the tests with this reason."""

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=NO_REAL)


def twins() -> dict[str, str]:
    """Return the real documents, below REAL, with our own of the same shape, below OWN."""
    tables = tomllib.loads((OWN / "twins.toml").read_text(encoding="utf-8"))
    return {f"{folder}/{name}": own for folder, names in tables.items() for name, own in names.items()}


def documents(folder: Path) -> list[Path]:
    """Return the documents of a folder, without what is expected of them; [] if there is no such folder."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.is_file() and path.suffix != ".json"]


def both(folder: str) -> list[Any]:
    """Return each real and each own document of a folder as a parameter of a test."""
    real = documents(REAL / folder) or [REAL / folder / "real documents"]
    return [
        *(pytest.param(path, marks=needs_real, id=path.name) for path in real),
        *(pytest.param(path, id=f"own {path.name}") for path in documents(OWN / folder)),
    ]


def pair(name: str) -> list[Any]:
    """Return a real document, named as in twins.toml, and its twin as parameters of a test."""
    own = twins()[name]
    return [
        pytest.param(REAL / name, marks=needs_real, id=Path(name).name),
        pytest.param(OWN / own, id=f"own {Path(own).name}"),
    ]
