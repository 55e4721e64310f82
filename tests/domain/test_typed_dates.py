"""Dates are read in the forms in which people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.typed_dates import FIRST_YEAR, LAST_YEAR, read_typed_date, read_years

TODAY = date(2026, 3, 31)  # a Tuesday, and the end of a month

FIXED = [
    ("2024", "2024"),
    ("2024-03", "2024-03"),
    ("2024-3-4", "2024-03-04"),
    ("2024/03/14", "2024-03-14"),
    ("20240314", "2024-03-14"),
    ("14.01.2026", "2026-01-14"),
    ("14.1.2026", "2026-01-14"),
    ("14/01/2026", "2026-01-14"),
    ("14-01-2026", "2026-01-14"),
    ("01/14/2026", "2026-01-14"),
    ("04/03/2026", "2026-03-04"),  # could be either: the day comes first
    ("03/2026", "2026-03"),
    ("3.2026", "2026-03"),
    ("march 2024", "2024-03"),
    ("Mar 2024", "2024-03"),
    ("Sept. 2024", "2024-09"),
    ("2024 march", "2024-03"),
    ("mar-2024", "2024-03"),
    ("Jan 14 2026", "2026-01-14"),
    ("January 14th, 2026", "2026-01-14"),
    ("14 jan 2026", "2026-01-14"),
    ("14. January 2026", "2026-01-14"),
    ("1st of May 2024", "2024-05-01"),
    ("29 feb 2024", "2024-02-29"),
]
RELATIVE = [
    ("today", "2026-03-31"),
    ("Yesterday", "2026-03-30"),
    ("30d", "2026-03-01"),
    ("30 days", "2026-03-01"),
    ("the last 30 days", "2026-03-01"),
    ("6w", "2026-02-17"),
    ("2 weeks ago", "2026-03-17"),
    ("a week ago", "2026-03-24"),
    ("1m", "2026-02-28"),
    ("3m", "2025-12-31"),
    ("past 3 months", "2025-12-31"),
    ("1y", "2025-03-31"),
    ("25 months ago", "2024-02-29"),
    ("2 years ago", "2024-03-31"),
    ("this week", "2026-03-30"),
    ("last week", "2026-03-23"),
    ("this month", "2026-03"),
    ("last month", "2026-02"),
    ("previous month", "2026-02"),
    ("this year", "2026"),
    ("last year", "2025"),
    ("march", "2026-03"),
    ("April", "2025-04"),
    ("14 march", "2026-03-14"),
    ("apr 1", "2025-04-01"),
]
NO_DATES = """
    soon|24|1492|2100|2024-13|2024-00|2024-02-30|31.02.2024|00.01.2024|13/13/2024|20241301|20240100|30x|d30|99999y
    9999y|d|last|last fortnight|last 3|march april|march 2024 2025|14 15 march|0 march|march 99|32 march 2024
    29 feb 2023|pain|2020-2024|2020-|--|may be|may not|in 2024|week|1.2.3.4|٢٠٢٤ march
"""


@pytest.mark.parametrize(("typed", "read"), FIXED)
def test_a_date_is_read(typed: str, read: str) -> None:
    found = read_typed_date(typed, TODAY)
    assert found
    assert (str(found.date), found.is_relative) == (read, False)
    assert read_typed_date(read, TODAY) == found


@pytest.mark.parametrize(("typed", "read"), RELATIVE)
def test_a_date_that_depends_on_the_day_is_read(typed: str, read: str) -> None:
    found = read_typed_date(typed, TODAY)
    assert found
    assert (str(found.date), found.is_relative) == (read, True)


@pytest.mark.parametrize(
    "typed", [each.strip() for line in NO_DATES.splitlines() for each in line.split("|")]
)
def test_other_texts_are_no_dates(typed: str) -> None:
    assert read_typed_date(typed, TODAY) is None


def test_a_week_ends_on_sunday() -> None:
    ends = [read_typed_date(f"{which} week", TODAY, is_end=True) for which in ("this", "last")]
    assert [str(each.date) for each in ends if each] == ["2026-04-05", "2026-03-29"]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", "2024", "2024"),
        ("2020-2024", "2020", "2024"),
        ("2024..2020", "2020", "2024"),
        ("2020-", "2020", str(LAST_YEAR)),
        ("–2019", str(FIRST_YEAR), "2019"),
    ],
)
def test_years_are_spans(typed: str, first: str, last: str) -> None:
    found = read_years(typed)
    assert found
    assert (str(found[0]), str(found[1])) == (first, last)


@pytest.mark.parametrize("typed", ["-", "--", "20-24", "2020--2024", "9999", "9999-", "year", ""])
def test_other_texts_are_no_years(typed: str) -> None:
    assert read_years(typed) is None


PARTS = st.sampled_from(
    [
        "0",
        "00",
        "1",
        "12",
        "13",
        "14",
        "31",
        "32",
        "2024",
        "9999",
        "/",
        ".",
        "-",
        ",",
        "st",
        "march",
        "jan",
        "last",
        "ago",
        "d",
        "w",
        "m",
        "y",
        "week",
        "month",
        "a",
    ]
)


@given(st.lists(PARTS, max_size=6).flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])))
def test_whatever_is_typed_is_a_real_date_or_none(text: str) -> None:
    found = read_typed_date(text, TODAY)
    if found is not None:
        assert FIRST_YEAR <= found.date.year <= LAST_YEAR
        date(found.date.year, found.date.month or 1, found.date.day or 1)
