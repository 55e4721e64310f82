"""Dates and years as queries hold them: "2024-06", "2020-2024", "2020-". Pure."""

import re

from wetread.domain.models import PartialDate

FIRST_YEAR, LAST_YEAR = 1600, 2099
"""The years of publication that can be searched."""

DASHES = "-–"
_AROUND = " \t()[]{}<>.,;:!?'\"*"
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_SPAN = re.compile(rf"(\d{{4}})?(?:[{DASHES}]|\.\.)(\d{{4}})?")


def read_date(text: str) -> PartialDate | None:
    """Return `text` ("2024", "2024-06", "2024/6/1") as a date, None if it is not one."""
    match = _DATE.fullmatch(text.strip(_AROUND))
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR or month > 12 or day > 31 or (match[2] and not month):
        return None
    return PartialDate(year, month, day)


def read_years(text: str) -> tuple[PartialDate, PartialDate] | None:
    """Return the first and the last date of a span, None for other texts.

    "2024", "2024-06" (from and to the same), "2020-2024", "2020-" (until the last year), "-2019".
    """
    if date := read_date(text):
        return date, date
    match = _SPAN.fullmatch(text.strip(_AROUND))
    if match is None or not (match[1] or match[2]):
        return None
    first, last = read_date(match[1] or str(FIRST_YEAR)), read_date(match[2] or str(LAST_YEAR))
    return (min(first, last), max(first, last)) if first and last else None
