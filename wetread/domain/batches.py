"""Divides work into batches. Pure."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return `items` in order in pieces of at most `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]
