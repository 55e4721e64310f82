"""Wetread is killed between claiming and settling a delivery and started again: one post (P1, A01 to A04).

A few cells of the matrix, once each; `make torture` runs all of them (`tests/torture/`).
"""

from pathlib import Path

import pytest

from tests.torture.kills import Cell, covering, play


@pytest.mark.row("A01", "A02", "A03", "A04", "F23")
@pytest.mark.parametrize("cell", covering(), ids=str)
async def test_killed_at_any_point_wetread_posts_each_article_once(cell: Cell, tmp_path: Path) -> None:
    assert await play(cell, 1, tmp_path) == []
