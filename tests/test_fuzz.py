"""A second of fuzzing for everything that reads what strangers write; `make torture` has more of it."""

import pytest

from tests.torture.fuzz import TARGETS, fuzz


@pytest.mark.no_cover  # the more it can try in its second, the better
@pytest.mark.row("S17", "S21", "S24", "S29")
@pytest.mark.parametrize("target", TARGETS)
async def test_whatever_strangers_write_ends_as_it_should(target: str) -> None:
    assert (await fuzz(target, seconds=1.0, seed=1)).violations == []
