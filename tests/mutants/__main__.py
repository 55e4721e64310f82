"""`make mutants`: change one line of critical code at a time, and see that a test fails within a minute.

    python -m tests.mutants [--only TEXT] [--workers NUMBER]

Works in copies of the tree, so the tree itself is never changed. Prints a table and ends with 1 if a mutant
survived that is not named as a second layer.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from tests.mutants.mutants import ROOT, Mutant, load

SECONDS = 60.0
"""The time in which the tests of a mutant must fail."""

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "pictures", "data.local")

PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")


def main(arguments: Sequence[str]) -> int:
    """Run the mutants and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="only mutants whose id or file contains this text")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    mutants = [each for each in load() if options.only in each.id or options.only in each.file]
    trees: Queue[Path] = Queue()
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="wetread-mutants-") as folder:
        for number in range(options.workers):
            tree = Path(folder) / str(number)
            shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
            trees.put(tree)

        def judge(mutant: Mutant) -> tuple[Mutant, str, float]:
            tree = trees.get()
            try:
                return (mutant, *outcome(mutant, tree))
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(options.workers) as pool:
            for number, (mutant, verdict, seconds) in enumerate(pool.map(judge, mutants), 1):
                is_survivor = not verdict.startswith("killed")
                survivors += is_survivor and mutant.second_layer is None
                reason = (
                    f" (second layer: {mutant.second_layer})" if is_survivor and mutant.second_layer else ""
                )
                place = f"{number:3}/{len(mutants)}"
                print(f"{place}  {mutant.id:24} {seconds:5.1f} s  {verdict}{reason}", flush=True)
                if is_survivor:
                    print(
                        f"         {mutant.file}: {mutant.old.strip()}  →  {mutant.new.strip()}", flush=True
                    )
    print(f"{len(mutants)} mutants, {survivors} survived.")
    return 1 if survivors else 0


def outcome(mutant: Mutant, tree: Path) -> tuple[str, float]:
    """Run the mutant's tests in a copy of the tree; return the verdict and the seconds."""
    began = time.perf_counter()
    with changed(mutant, tree):
        try:
            done = subprocess.run(  # noqa: S603  # our own tests
                [*PYTEST, *mutant.tests],
                cwd=tree,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            )
        except subprocess.TimeoutExpired:
            return "survived: no test failed within a minute", SECONDS
    seconds = time.perf_counter() - began
    if done.returncode == 0:
        return "survived", seconds
    if done.returncode == 1 and "\nFAILED " in done.stdout:
        first = done.stdout.partition("\nFAILED ")[2].partition("\n")[0]
        return f"killed by {first.partition(' - ')[0]}", seconds
    last = (done.stdout + done.stderr).strip().rpartition("\n")[2]
    return f"survived: the tests could not be run ({last})", seconds


@contextmanager
def changed(mutant: Mutant, tree: Path) -> Iterator[None]:
    """Change the line meanwhile."""
    path = tree / mutant.file
    text = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied_to(text), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
