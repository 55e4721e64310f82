"""Dates in the forms in which people type them, and years as queries hold them. Pure.

| typed | meant |
|---|---|
| 2024 · 2024-03 · 2024-03-14 · 20240314 | the year, the month, the day |
| 14.01.2026 · 14/01/2026 · 14-1-2026 | the day comes first |
| 01/14/2026 | the month comes first, because there is no 14th month |
| 03/2026 · march 2026 · 2026 Mar | the month |
| Jan 14 2026 · 14 January 2026 | the day |
| march · 14 march | the last one that has begun |
| today · yesterday · this week · last month · last year | weeks begin on Monday |
| 30d · 6w · 3m · 1y · 30 days · last 3 months · 2 years ago | so long before today |
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import MONTHS

FIRST_YEAR, LAST_YEAR = 1600, 2099
"""The years of publication that can be searched."""

DASHES = "-–"
_AROUND = " \t()[]{}.,;:!?'\"*"
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


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A date that somebody typed. `is_relative`: tomorrow the same words will mean another date."""

    date: PartialDate
    is_relative: bool = False


_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})")
_NAMES = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_LONG_NAMES = """
    january february march april may june july august september october november december
"""
_NAMES |= {"sept": 9} | {name: number for number, name in enumerate(_LONG_NAMES.split(), 1)}
_BESIDE = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|[\s,.’'/-]+|\bof\b")
_UNITS = {
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("m", "mo", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
_AGO = re.compile(r"(?:(?:in )?(?:the )?(?:last|past) )?(\d{1,4}|an?) ?([a-z]+)(?: ago)?")
_SPAN_NAMED = re.compile(r"(?:the )?(this|last|past|previous) (week|month|year)")


def read_typed_date(text: str, today: date, *, is_end: bool = False) -> TypedDate | None:
    """Return the date that somebody means by `text` (the table above), None if it is no date.

    `is_end`: the date ends a span, so that "last week" means its Sunday.
    """
    words = " ".join(text.strip(_AROUND).lower().split())
    fixed = read_date(words) or _of_numbers(words)
    if fixed is not None:
        return TypedDate(fixed) if _exists(fixed) else None
    named = _of_month_name(words, today)
    if named is not None:
        return named if _exists(named.date) else None
    relative = _relative(words, today, is_end=is_end)
    return TypedDate(relative, is_relative=True) if relative and _exists(relative) else None


def _exists(day: PartialDate) -> bool:
    if not FIRST_YEAR <= day.year <= LAST_YEAR or day.month > 12:
        return False
    return not day.day or (day.month > 0 and day.day <= monthrange(day.year, day.month)[1])


def _of_numbers(words: str) -> PartialDate | None:
    if match := _COMPACT.fullmatch(words):
        return PartialDate(int(match[1]), int(match[2]) or 13, int(match[3]) or 32)
    if match := _NUMBERS.fullmatch(words):
        first, second = int(match[1]), int(match[3])
        day, month = (second, first) if second > 12 >= first else (first, second)
        return PartialDate(int(match[4]), month or 13, day or 32)
    if match := _MONTH_AND_YEAR.fullmatch(words):
        return PartialDate(int(match[2]), int(match[1]) or 13)
    return None


def _of_month_name(words: str, today: date) -> TypedDate | None:
    """ "March 2024", "14 Jan 2026", "Jan 14"; without a year the last one that has begun."""
    parts = [part for part in _BESIDE.split(words) if part]
    months = [_NAMES[part] for part in parts if part in _NAMES]
    numbers = [part for part in parts if part.isascii() and part.isdigit()]
    if len(months) != 1 or len(parts) != 1 + len(numbers):
        return None
    years = [int(part) for part in numbers if len(part) == 4]
    days = [int(part) for part in numbers if len(part) < 3]
    if len(years) > 1 or len(days) > 1 or len(years) + len(days) != len(numbers) or 0 in days:
        return None
    [month], [day] = months, days or [0]
    if years:
        return TypedDate(PartialDate(years[0], month, day))
    is_past = (month, day or 1) <= (today.month, today.day)
    return TypedDate(PartialDate(today.year - (not is_past), month, day), is_relative=True)


def _relative(words: str, today: date, *, is_end: bool) -> PartialDate | None:
    if words in {"today", "now", "yesterday"}:
        return _partial(today - timedelta(days=words == "yesterday"))
    if match := _SPAN_NAMED.fullmatch(words):
        return _named_span(match[2], today, is_last=match[1] != "this", is_end=is_end)
    match = _AGO.fullmatch(words)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        return None
    count = int(match[1]) if match[1].isdecimal() else 1
    if unit in {"day", "week"}:
        days = count * (7 if unit == "week" else 1)
        return _partial(today - timedelta(days=days))
    return _months_before(today, count * (12 if unit == "year" else 1))


def _named_span(unit: str, today: date, *, is_last: bool, is_end: bool) -> PartialDate:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * is_last)
        return _partial(monday + timedelta(days=6 * is_end))
    if unit == "year":
        return PartialDate(today.year - is_last)
    before = _months_before(today, int(is_last))
    return PartialDate(before.year, before.month)


def _months_before(today: date, count: int) -> PartialDate:
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return PartialDate(year, month + 1, min(today.day, monthrange(max(year, 1), month + 1)[1]))


def _partial(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)
