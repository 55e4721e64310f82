"""`python -m benchmarks [NAME…] [--json] [--quick] [--keep]`: each in its own process, then one table."""

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import judged, million, results
from benchmarks.measure import Row, print_table

SUBJECTS = (
    "search",
    "known",
    "store",
    "holding",
    "size",
    "parse",
    "polling",
    "peer",
    "stall",
    "complete",
    "posting",
    "memory",
    "million",
    "judged",
    "topics",
)
APART = ("big",)
"""Only run if it is named: it writes 4 GB, and takes about a quarter of an hour."""


def main() -> int:
    """Run the named benchmarks, each in a new process, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"of {', '.join(SUBJECTS)}; all if none is given; or {', '.join(APART)}",
    )
    parser.add_argument("--json", action="store_true", help="one object with all rows instead of the table")
    parser.add_argument("--quick", action="store_true", help="small and rough, to see that it runs")
    parser.add_argument("--keep", action="store_true", help="write the results to docs/performance.md")
    parser.add_argument(
        "--judged", metavar="FOLDER", type=Path, help="judge the collections in this folder as well"
    )
    parser.add_argument(
        "--file",
        metavar="FILE",
        type=Path,
        help="for `million`: ask the database in this file; if there is none, fill one and keep it",
    )
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - {*SUBJECTS, *APART}:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS + APART)}")
    if options.judged is not None:
        os.environ[judged.FOLDER] = str(options.judged.resolve())
    if options.file is not None:
        os.environ[million.FILE] = str(options.file.resolve())
    if options.alone:
        [name] = options.names
        found = list(importlib.import_module(f"benchmarks.{name}").run(is_quick=options.quick))
    else:
        found = []
        for name in options.names or (SUBJECTS if options.judged is None else ["judged"]):
            of_subject = _run(name, is_quick=options.quick)
            if options.keep:
                results.keep(name, of_subject)
            found += of_subject
    if options.json or options.alone:
        print(json.dumps({"rows": [dataclasses.asdict(row) | {"is_met": row.is_met} for row in found]}))
    else:
        print_table(found)
    return 0


def _run(name: str, *, is_quick: bool) -> list[Row]:
    """Run a benchmark in its own process, so that it does not influence the next one."""
    print(f"{name} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks", name, "--alone", *(["--quick"] if is_quick else [])]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our own module
    return [results.row_of(row) for row in json.loads(answer.stdout)["rows"]]


if __name__ == "__main__":
    sys.exit(main())
