"""Each mutant of `make mutants` still fits the code; `make mutants` itself takes minutes."""

import ast
from collections import Counter

import pytest

from tests.mutants.mutants import ROOT, Mutant, load

MUTANTS = load()


def test_there_are_enough_with_ids_of_their_own() -> None:
    assert len(MUTANTS) >= 80
    assert [each for each, count in Counter(mutant.id for mutant in MUTANTS).items() if count > 1] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_it_changes_one_line_of_today_s_code(mutant: Mutant) -> None:
    lines = list(zip(mutant.old.split("\n"), mutant.new.split("\n"), strict=True))
    assert sum(old != new for old, new in lines) == 1, "the other lines only say which line is meant"
    changed = mutant.applied_to((ROOT / mutant.file).read_text(encoding="utf-8"))

    if mutant.file.endswith(".py"):
        ast.parse(changed)
    for test in mutant.tests:
        if not test.startswith("-") and "/" in test:
            assert (ROOT / test.partition("::")[0]).exists(), test
