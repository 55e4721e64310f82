"""One second of fuzzing for each reader of input from outside; `make torture` runs longer."""

import pytest

from tests.torture.fuzz import TARGETS, fuzz


@pytest.mark.no_cover  # the more it can try in its second, the better
@pytest.mark.row("S17", "S21", "S24", "S29")
@pytest.mark.parametrize("target", TARGETS)
async def test_no_input_from_outside_breaks_a_promise(target: str) -> None:
    assert (await fuzz(target, seconds=1.0, seed=1)).violations == []
