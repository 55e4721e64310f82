"""Dates are read as publishers write them, and no further than they can be believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import clamp, find_date, is_future, parse_date, partial_date, to_instant

NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 04 Jan 2026 06:00:00 -0500", "2026-01-04"),
        ("Thu, 21 May 2026 22:40:42 PDT", "2026-05-21"),  # the day there, though it is the 22nd in UTC
        ("2026-06-14T07:00:00Z", "2026-06-14"),
        ("2013-09-16T06:57:33.39885-05:00", "2013-09-16"),
        ("2026/6/4", "2026-06-04"),
        ("20260614", "2026-06-14"),
        ("2026-05", "2026-05"),
        ("2026", "2026"),
        ("22 July 2026", "2026-07-22"),
        ("Available online 22 July 2026", "2026-07-22"),
        ("April 14, 2026", "2026-04-14"),
        ("14th Apr. 2026", "2026-04-14"),
        ("2025 Apr 9. doi: 10.5555/x", "2025-04-09"),
        ("2025 Apr;315(1)", "2025-04"),
        ("2026 Jul-Aug", "2026-07"),
        ("May 2026", "2026-05"),
        ("Sept 2026", "2026-09"),
        ("Nov-Dec 2026", "2026-11"),
        ("November/December 2026", "2026-11"),
        ("Spring 2026", "2026"),
        ("Jan-Dec 2026", "2026"),
        ("2026 Jan-Dec", "2026"),
        ("2026 Winter", "2026"),
        ("1 December 2026", "2026-12-01"),
        ("31 Feb 2026", "2026-02"),
        ("2026-02-30", "2026-02"),
        ("2026-13-45", "2026"),
        ("0000-00-00", None),
        ("1 March 1774", None),
        ("2099-01-01", None),
        ("Maybe 2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_is_as_precise_as_it_can_be(text: str, expected: str | None) -> None:
    found = parse_date(text, now=NOW)
    assert (str(found) if found else None) == expected


@given(st.dates(date(1900, 1, 1), date(2027, 12, 31)))
def test_every_day_is_read_in_each_form(day: date) -> None:
    expected = PartialDate(day.year, day.month, day.day)
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y 12:00:00 GMT", "%Y %b %d"):
        assert parse_date(day.strftime(form), now=NOW) == expected


@pytest.mark.row("B09")
@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse_date(text, now=NOW)
    assert found is None or to_instant(found) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As MEDLINE and the databases write citations and spans.
        ("Ann Imaginary Spine Interv. 2021 Jun 3;299(3):E12", "2021-06-03"),
        ("J Invent Imaging. 2018 Jul-Aug;12(4):101", "2018-07"),
        ("J Invent Imaging 2013 Sep 13 1024-9", "2013-09-13"),
        ("1998 Dec-1999 Jan", "1998-12"),
        ("2003 Dec 22-29", "2003-12-22"),
        ("2003 1st Quart", "2003"),
        ("1976-1977", "1976"),
        ("Winter 1999-2000", "1999"),
        ("1998 Jan-Dec", "1998"),
        ("1774 Mar 1", "1774-03-01"),
        ("8 August 2025", "2025-08-08"),
        ("2026-07-14T10:30:00Z", "2026-07-14"),
        ("In press", None),
        ("", None),
    ],
)
def test_a_citation_has_at_least_its_year(text: str, expected: str | None) -> None:
    found = find_date(text)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((2026, 7, 14), "2026-07-14"),
        (("2026", "07", "14"), "2026-07-14"),
        (("2026", "Apr", "4"), "2026-04-04"),
        (("2026", "September"), "2026-09"),
        ((2024, 2, 29), "2024-02-29"),
        ((2026, 2, 29), "2026-02"),
        ((2026, 13, 1), "2026"),
        ((2026, None, 5), "2026"),
        ((2026, True), "2026"),
        (("", "Apr"), None),
        ((26,), None),
        ((99999,), None),
        ((None,), None),
        (([2026],), None),
    ],
)
def test_parts_are_a_date_as_far_as_they_make_sense(parts: tuple[object, ...], expected: str | None) -> None:
    found = partial_date(*parts)
    assert (str(found) if found else None) == expected


def test_only_what_is_certainly_ahead_is_future() -> None:
    assert not is_future(PartialDate(2026, 8, 24), NOW)  # already so, at the date line
    assert is_future(PartialDate(2026, 8, 25), NOW)
    assert is_future(PartialDate(2026, 9), NOW)
    assert not is_future(PartialDate(2026), NOW)


def test_an_instant_is_kept_within_reason() -> None:
    assert clamp(NOW + timedelta(days=400), NOW) == NOW
    assert clamp(NOW - timedelta(days=400), NOW) == NOW - timedelta(days=400)
    assert clamp(datetime(1774, 3, 1, tzinfo=UTC), NOW) is None
    assert clamp(None, NOW) is None
