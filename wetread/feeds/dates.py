"""Dates as publishers write them, and the sense in them. A date orders and displays; it decides nothing."""

import re
from datetime import UTC, datetime, timedelta

from wetread.domain.models import PartialDate

FIRST_YEAR = 1900  # an older date in a feed is a mistake (sources.md: 1 March 1774)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_SPAN = rf"(?:\s*[-–—/&]\s*{_MONTH})?"  # "Nov-Dec 2026": an issue of two months, dated by its first
_YEAR = r"(\d{4})(?!\d)"

_ISO = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d-])")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"\b{_YEAR}\s+{_MONTH}{_SPAN}(?:\s+(\d{{1,2}}))?\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"\b{_MONTH}{_SPAN},?\s+{_YEAR}", re.IGNORECASE)
_SEASON = re.compile(rf"\b(?:spring|summer|fall|autumn|winter|q[1-4])\b.{{0,12}}?{_YEAR}", re.IGNORECASE)
_SEASON_AFTER = re.compile(rf"\b{_YEAR}\s+(?:spring|summer|fall|autumn|winter)\b", re.IGNORECASE)


def parse_date(text: str, *, now: datetime) -> PartialDate | None:
    """Return the date that `text` begins with or holds, as precise as it is possible, or None.

    ISO dates, "Sun, 04 Jan 2026 06:00:00 -0500", "22 July 2026", "2025 Apr 9", "May 2026", "Nov-Dec 2026"
    (the first month), "Spring 2026" (the year). The day is the one written, in whichever time zone. A day
    or a month that cannot be is dropped; a year before 1900 or beyond the one after next makes None.
    """
    text = text[:120]
    if match := _COMPACT.match(text) or _ISO.match(text):
        found = _date(match[1], match[2], match[3], now)
        if found and (found.month or not _names_a_month(text)):
            return found
    if match := _DAY_FIRST.search(text):
        return _date(match[3], match[2], match[1], now)
    if match := _MONTH_FIRST.search(text):
        return _date(match[3], match[1], match[2], now)
    if match := _YEAR_FIRST.search(text):
        return _date(match[1], match[2], match[4], now)
    if match := _MONTH_ONLY.search(text):
        return _date(match[3], match[1], None, now)
    if match := _SEASON.search(text) or _SEASON_AFTER.search(text):
        return _date(match[1], None, None, now)
    return None


def _names_a_month(text: str) -> bool:
    return re.search(rf"\b{_MONTH}", text, re.IGNORECASE) is not None


def _date(year: str, month: str | None, day: str | None, now: datetime) -> PartialDate | None:
    if not FIRST_YEAR <= int(year) <= now.year + 2:
        return None
    number = 0
    if month:
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    if not 1 <= number <= 12:
        return PartialDate(int(year))
    if not day or not 1 <= int(day) <= days_in_month(int(year), number):
        return PartialDate(int(year), number)
    return PartialDate(int(year), number, int(day))


def days_in_month(year: int, month: int) -> int:
    """Return how many days that month has (Gregorian calendar)."""
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return (following - timedelta(days=1)).day


def is_future(date: PartialDate, now: datetime) -> bool:
    """Whether `date` is certainly later than the day after `now` anywhere on Earth."""
    tomorrow = now + timedelta(days=1)
    latest = (date.year, date.month or 1, date.day or 1)
    return latest > (tomorrow.year, tomorrow.month, tomorrow.day)


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
