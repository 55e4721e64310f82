"""What follows from the publication types."""

import pytest

from wetread.domain.models import Record
from wetread.domain.publication_types import expects_abstract, type_label


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Journal Article", "Multicenter Study", "Randomized Controlled Trial"), "Randomized trial"),
        (("Systematic Review", "Meta-Analysis", "Review"), "Meta-analysis"),
        (("Journal Article", "Review"), "Review"),
        (("Case Reports", "Letter"), "Letter"),
        (("Published Erratum", "Journal Article"), "Erratum"),
        (("Journal Article",), None),
        ((), None),
    ],
)
def test_the_label_comes_from_the_types(types: tuple[str, ...], expected: str | None) -> None:
    assert type_label(Record("PubMed", types=types)) == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Letter",), False),
        (("Editorial", "Comment"), False),
        (("Published Erratum",), False),
        (("Letter", "Randomized Controlled Trial"), True),
        (("Journal Article",), True),
        ((), True),
    ],
)
def test_letters_and_notices_are_not_expected_to_have_an_abstract(
    types: tuple[str, ...], expected: bool
) -> None:
    assert expects_abstract(Record("PubMed", types=types)) is expected
