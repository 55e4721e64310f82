from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.net.http_headers import LONGEST, freshness, retry_after

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.row("B17")
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("0", 0),
        ("-30", None),
        ("soon", None),
        ("", None),
        ("99999999999999999999", LONGEST),
        ("9" * 5000, LONGEST),
        ("Mon, 02 Nov 2026 09:05:00 GMT", 300),
        ("Mon, 02 Nov 2026 08:05:00 GMT", None),
        ("Thu, 01 Jan 2099 00:00:00 GMT", LONGEST),
        ("Mon, 99 Nov 2026 09:05:00 GMT", None),
        ("Sunday, 06-Nov-94 08:49:37 GMT", None),
        ("120, 120", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    """faults.md B17."""
    assert retry_after({"retry-after": value}, NOW) == seconds


@pytest.mark.row("B17")
def test_retry_after_as_a_date_counts_from_the_servers_clock() -> None:
    headers = {"retry-after": "Mon, 02 Nov 2026 12:10:00 GMT", "date": "Mon, 02 Nov 2026 12:00:00 GMT"}

    assert retry_after(headers, NOW) == 600


def test_no_header_is_no_wish() -> None:
    assert retry_after({}, NOW) is None
    assert freshness({}, NOW) is None


@pytest.mark.row("B27")
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=7200"}, 7200),
        ({"cache-control": 'Max-Age="7200"'}, 7200),
        ({"cache-control": "s-maxage=7200"}, None),
        ({"cache-control": "no-store, max-age=0"}, None),
        ({"cache-control": "max-age=7200", "age": "7000"}, 200),
        ({"cache-control": "max-age=7200", "age": "9000"}, None),
        ({"cache-control": "max-age=7200", "age": "old"}, 7200),
        ({"cache-control": "max-age=-1"}, None),
        ({"expires": "Mon, 02 Nov 2026 10:00:00 GMT"}, 3600),
        ({"expires": "0"}, None),
        ({"expires": "Mon, 02 Nov 2026 10:00:00 GMT", "cache-control": "max-age=60"}, 3600),
        ({"expires": "Mon, 02 Nov 2026 10:00:00 GMT", "date": "Mon, 02 Nov 2026 09:59:00 GMT"}, 60),
    ],
)
def test_freshness_is_the_longest_that_the_server_names(
    headers: dict[str, str], seconds: float | None
) -> None:
    """faults.md B27."""
    assert freshness(headers, NOW) == seconds


@given(st.text(), st.text(), st.text())
def test_any_header_is_survived(first: str, second: str, third: str) -> None:
    headers = {"retry-after": first, "expires": first, "date": second, "cache-control": third, "age": second}

    for seconds in (retry_after(headers, NOW), freshness(headers, NOW)):
        assert seconds is None or 0 <= seconds <= LONGEST
