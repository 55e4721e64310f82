"""Reads the list of mutants."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("mutants.toml")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One line of a file and what stands there instead, with lines around it if it alone stands there twice.

    `tests`: arguments of pytest, the tests of which one must fail. `second_layer`: why nothing can be noticed
    (another check refuses the same); None = a test must fail.
    """

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    second_layer: str | None = None

    @classmethod
    def read(cls, row: dict[str, str]) -> Self:
        """Read an entry of the list. Raises KeyError or TypeError for one that is not complete."""
        return cls(
            id=row["id"],
            file=row["file"],
            old=row["old"],
            new=row["new"],
            tests=tuple(row["tests"].split()),
            second_layer=row.get("second_layer"),
        )

    def applied_to(self, text: str) -> str:
        """Return the file's text with the change. Raises ValueError unless the old text stands there once."""
        if text.count(self.old) != 1:
            raise ValueError(
                f"{self.id}: {self.file} has {self.old!r} {text.count(self.old)} times, not once"
            )
        return text.replace(self.old, self.new)


def load() -> tuple[Mutant, ...]:
    """Return all mutants, in the order of the list."""
    return tuple(map(Mutant.read, tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]))
