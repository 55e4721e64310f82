"""Reads dates as feeds, databases and journals write them. Pure.

A date orders and displays; it never decides whether an article is new (sources.md, Dates).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from wetread.domain.models import PartialDate

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

FIRST_YEAR = 1900
"""An older date in a feed is a mistake."""

_YEARS = range(1600, 2201)  # of a database's record
_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}

_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_SPAN = rf"(?:\s*[-–—/&]\s*{_MONTH})?"  # "Nov-Dec 2026": an issue of two months has the date of the first
_YEAR = r"(\d{4})(?!\d)"

_ISO = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d-])")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"\b{_YEAR}\s+{_MONTH}{_SPAN}(?:\s+(\d{{1,2}}))?\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"\b{_MONTH}{_SPAN},?\s+{_YEAR}", re.IGNORECASE)
_SEASON = re.compile(rf"\b(?:spring|summer|fall|autumn|winter|q[1-4])\b.{{0,12}}?{_YEAR}", re.IGNORECASE)
_SEASON_AFTER = re.compile(rf"\b{_YEAR}\s+(?:spring|summer|fall|autumn|winter)\b", re.IGNORECASE)
_ANY_MONTH = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_ANY_YEAR = re.compile(r"\b(1[6-9]\d\d|20\d\d|21\d\d)\b")


def parse_date(text: str, *, now: datetime | None = None) -> PartialDate | None:
    """Return the date that `text` begins with or holds, as precise as possible, or None.

    Reads ISO dates, "Sun, 04 Jan 2026 06:00:00 -0500", "22 July 2026", "2025 Apr 9", "May 2026", "Nov-Dec
    2026" (the first month), "Jan-Dec 2026" and "Spring 2026" (the year). The day is the one written, in
    whichever time zone. A day or a month that does not exist is left out. With `now`, as for feeds, a year
    before 1900 or more than two years ahead is a mistake; without it one outside 1600 to 2200 is.
    """
    return _parsed(text[:120], range(FIRST_YEAR, now.year + 3) if now else _YEARS)


def find_date(text: str) -> PartialDate | None:
    """Return the date in a citation ("Radiology. 2021 Jun 3;299…"), at least its year; None without one.

    MEDLINE's own spellings are such texts, too: "1998 Dec-1999 Jan", "2003 1st Quart".
    """
    found = _parsed(text[:1000], _YEARS)
    if found is None and (year := _ANY_YEAR.search(text)):
        return PartialDate(int(year[1]))
    return found


def partial_date(year: object, month: object = None, day: object = None) -> PartialDate | None:
    """Return the date of parts, numbers or texts, as far as they make sense.

    The month may be a name ("Apr"). None if the year is not between 1600 and 2200.
    """
    return _date(year, month, day, _YEARS)


def is_future(date: PartialDate, now: datetime) -> bool:
    """Say whether `date` is certainly later than the day after `now` anywhere on Earth."""
    tomorrow = now + timedelta(days=1)
    latest = (date.year, date.month or 1, date.day or 1)
    return latest > (tomorrow.year, tomorrow.month, tomorrow.day)


def listed_on(published: PartialDate | None, seen_on: date) -> date:
    """Return the day by which lists put an article in order, newest first.

    A date without month or day counts as the last day that it can mean. No article counts as newer than the
    day on which Wetread first saw it: issues carry dates of coming months. Without a date that day counts.
    """
    if published is None:
        return seen_on
    month = published.month or 12
    last = monthrange(published.year, month)[1]
    return min(date(published.year, month, min(published.day or last, last)), seen_on)


def clamp(instant: datetime | None, now: datetime) -> datetime | None:
    """Return an instant for ordering: `now` for one in the future, None for one before 1900."""
    if instant is None or instant.year < FIRST_YEAR:
        return None
    return min(instant, now)


def to_instant(date: PartialDate | None) -> datetime | None:
    """Return the first moment of a partial date, in UTC."""
    if date is None:
        return None
    return datetime(date.year, date.month or 1, date.day or 1, tzinfo=UTC)


def _parsed(text: str, years: range) -> PartialDate | None:
    """The first way to read `text` that gives a year in `years`."""
    match = _COMPACT.match(text) or _ISO.match(text)
    found = _date(match[1], match[2], match[3], years) if match else None
    if found is not None and (found.month or not _ANY_MONTH.search(text)):
        return found
    return next(filter(None, (_date(*parts, years) for parts in _readings(text))), None)


def _readings(text: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Year, month and day as each form finds them in `text`, the most precise form first."""
    if match := _DAY_FIRST.search(text):
        yield match[3], match[2], match[1]
    if match := _MONTH_FIRST.search(text):
        yield match[3], match[1], match[2]
    if match := _YEAR_FIRST.search(text):
        yield match[1], _first_month(match[2], match[3]), match[4]
    if match := _MONTH_ONLY.search(text):
        yield match[3], _first_month(match[1], match[2]), None
    if match := _SEASON.search(text) or _SEASON_AFTER.search(text):
        yield match[1], None, None


def _first_month(first: str, last: str | None) -> str | None:
    """The first month of a span; None for a whole year."""
    is_whole_year = last is not None and (_month(first), _month(last)) == (1, 12)
    return None if is_whole_year else first


def _date(year: object, month: object, day: object, years: range) -> PartialDate | None:
    number = _number(year)
    if number not in years:
        return None
    month_number = _month(month)
    if not 1 <= month_number <= 12:
        return PartialDate(number)
    day_number = _number(day)
    if not 1 <= day_number <= monthrange(number, month_number)[1]:
        return PartialDate(number, month_number)
    return PartialDate(number, month_number, day_number)


def _month(value: object) -> int:
    """4 for "Apr", "April", "04" or 4; 0 for what is no month."""
    return _number(value) or (_NUMBERS.get(value[:3].lower(), 0) if isinstance(value, str) else 0)


def _number(value: object) -> int:
    """The number, 0 for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
