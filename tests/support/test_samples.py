"""Each real document that tests read has one of the project's own beside it."""

import pytest

from tests.support.samples import OWN, REAL, needs_real, twins


def test_each_own_document_that_is_named_exists() -> None:
    assert [own for own in twins().values() if not (OWN / own).is_file()] == []


@needs_real
@pytest.mark.parametrize("folder", ["feeds", "hostile"])
def test_each_real_feed_has_an_own_one_of_its_shape(folder: str) -> None:
    real = {f"{folder}/{path.name}" for path in (REAL / folder).iterdir()}

    assert real - twins().keys() == set()


@needs_real
def test_each_document_with_a_twin_is_there() -> None:
    assert [name for name in twins() if not (REAL / name).is_file()] == []
