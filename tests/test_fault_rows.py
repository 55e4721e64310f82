"""Every row has a test or a reason. Read from the source, so that no test has to run for it."""

import ast
from collections import Counter
from pathlib import Path

from scripts.faults import PAGE, page
from tests.faults_plugin import Line, Outcomes, Registry, lines

TESTS = Path(__file__).parent


def rows_marked() -> set[str]:
    """Return the rows that some test says it proves."""
    return {
        argument.value
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "row"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_the_list_is_whole() -> None:
    counts = Counter(
        row[0] for row in Registry.load().titles if row[0] != "F"
    )  # F grows with each kind of post

    assert counts == {"A": 45, "B": 38, "C": 21, "D": 18, "E": 36, "S": 40}


def test_every_row_has_a_test_or_a_reason() -> None:
    registry = Registry.load()

    assert sorted(registry.titles.keys() - rows_marked() - registry.not_built.keys()) == []
    assert registry.not_built.keys() <= registry.titles.keys()


def test_docs_faults_md_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/faults.py"


def test_a_row_is_as_good_as_the_worst_of_its_tests() -> None:
    registry = Registry({"A01": "One", "A02": "Two", "A03": "Three", "A04": "Four"}, {"A03": "no need"})
    outcomes = Outcomes()
    outcomes.passed["A01"] |= {"a", "b"}
    outcomes.passed["A02"].add("a")
    outcomes.failed["A02"].add("c")

    assert list(lines(registry, outcomes)) == [
        Line("A01", "passed (2 tests)", "One", False),
        Line("A02", "failed (1 of 2)", "Two", True, ("c",)),
        Line("A03", "not built", "Three: no need", False),
        Line("A04", "no test", "Four", True),
    ]
