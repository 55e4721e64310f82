"""Write the table of docs/faults.md from tests/fault_rows.toml and the `row` markers of the tests."""

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "faults.md"
MARK = "<!-- table -->\n"

GROUPS = {
    "A": "A. Posting and editing",
    "B": "B. Feeds",
    "C": "C. Storage and process",
    "D": "D. Record sources",
    "E": "E. Found by breaking 0.1.0",
    "F": "F. Topics, pace and moderators' decisions",
    "S": "S. Attacks",
}


def tests_by_row() -> dict[str, list[str]]:
    """Return the files whose tests are marked with each row, from the source."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for row in sorted(set(_rows_of(path))):
            found[row].append(path.relative_to(ROOT).as_posix())
    return found


def _rows_of(path: Path) -> Iterator[str]:
    """Yield the arguments of every call of `row` (or of a function that ends in it) in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "row":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def table() -> str:
    """Return the table as Markdown."""
    content = tomllib.loads((TESTS / "fault_rows.toml").read_text(encoding="utf-8"))
    proofs = tests_by_row()
    lines: list[str] = []
    for row, fault in content["rows"].items():
        if not lines or lines[-1][2] != row[0]:
            lines += [
                f"\n### {GROUPS[row[0]]}\n",
                "| row | fault | what Wetread does | proof |",
                "|---|---|---|---|",
            ]
        not_built = content["not_built"].get(row)
        proof = ", ".join(f"`{file}`" for file in proofs[row]) or f"not built: {not_built}"
        lines.append(f"| {row} | {fault} | {content['behaviour'][row]} | {proof} |")
    return "\n".join(lines).lstrip() + "\n"


def page() -> str:
    """Return the whole page: the hand-written part unchanged, then the table."""
    written, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return f"{written}{MARK}\n{table()}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
