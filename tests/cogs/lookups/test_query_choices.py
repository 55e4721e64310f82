"""While a query is typed, the values of the field at its end are suggested."""

from datetime import date

import pytest

from cogs.lookups.query_choices import query_choices
from wetread.domain.catalogue import Catalogue
from wetread.domain.query_faults import read_query

CATALOGUE = Catalogue.load()
TODAY = date(2026, 3, 31)


def values(typed: str, *, is_filter: bool = False) -> list[str]:
    return [value for _, value in query_choices(CATALOGUE, typed, TODAY, is_filter=is_filter)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pain type:syst", 'pain type:"systematic review"'),
        ("pain -type:lett", "pain -type:letter"),
        ("type:", 'type:"randomized trial"'),
        ("pain is:", "pain is:free"),
        ("pain is:ret", "pain is:retracted"),
        ("has:", "has:abstract"),
        ("pain since:la", "pain since:last week"),
        ("pain since: 202", "pain since:2026"),
        ("pain year:20", "pain year:2026"),
        ('pain journal:"pain med', 'pain journal:"Pain Medicine"'),
        ("pain IS:f", "pain IS:free"),
    ],
)
def test_the_last_field_is_completed(typed: str, first: str) -> None:
    assert values(typed)[0] == first


@pytest.mark.parametrize(
    "typed",
    ["", "pain", "pain is:free ", "colour:r", "author:Ex", "type:qwertz", "x: y", ":"],
)
def test_words_are_not_completed(typed: str) -> None:
    assert values(typed) == []


@pytest.mark.parametrize("field", ["journal", "type", "has", "is", "since", "until", "year"])
@pytest.mark.parametrize("is_filter", [False, True])
def test_everything_that_is_suggested_is_understood(field: str, *, is_filter: bool) -> None:
    found = values(f"pain {field}:", is_filter=is_filter)
    assert found
    for each in found:
        assert not read_query(each, TODAY, is_filter=is_filter).faults
