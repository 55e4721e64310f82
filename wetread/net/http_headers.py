"""Times in HTTP headers: when to ask again, how long an answer stays fresh. Pure.

`headers` is an HttpResponse's: lower-case names. Dates count from the server's own `Date`, because its
clock and ours may differ (faults.md B17), or from `now` if it sends none.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 366 * 86400.0
"""The most seconds that a header is believed; larger values count as this."""


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that Retry-After asks us to wait, None if it is missing, past or unreadable.

    A date counts as unreadable if the answer has no `Date` and `now` is None.
    """
    text = headers.get("retry-after", "").strip()
    number = seconds_in(text)
    return _seconds_until(text, headers, now) if number is None else number


def seconds_in(text: str) -> float | None:
    """Return a header's number of seconds, at most LONGEST; None for anything else."""
    return min(float(text), LONGEST) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()) else None


def freshness(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many more seconds the server declares its answer fresh, None if it does not say.

    The longer of Cache-Control's max-age, less the Age that a cache gave it, and Expires.
    """
    if "expires" not in headers and "cache-control" not in headers:
        return None
    wishes = [_seconds_until(headers.get("expires", ""), headers, now)]
    if found := re.search(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]+)", headers.get("cache-control", "").lower()):
        age = headers.get("age", "").strip()
        remaining = min(float(found[1]), LONGEST) - (float(age) if re.fullmatch(r"[0-9]+", age) else 0)
        wishes.append(remaining if remaining > 0 else None)
    return max((wish for wish in wishes if wish is not None), default=None)


def _seconds_until(text: str, headers: Mapping[str, str], now: datetime | None) -> float | None:
    instant = _http_date(text) if text else None
    if instant is None:
        return None
    start = _http_date(headers.get("date", "")) or now
    if start is None:
        return None
    seconds = (instant - start).total_seconds()
    return min(seconds, LONGEST) if seconds > 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
