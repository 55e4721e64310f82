"""Timestamps that Discord shows in each reader's own language and time zone."""

from datetime import datetime


def date_time(instant: datetime) -> str:
    """Return a day with its time: "14 January 2026 08:31"."""
    return _stamp(instant, "f")


def date_only(instant: datetime) -> str:
    """Return a day: "14/01/2026"."""
    return _stamp(instant, "d")


def time_only(instant: datetime) -> str:
    """Return a time of day: "08:31"."""
    return _stamp(instant, "t")


def relative_time(instant: datetime) -> str:
    """Return the distance from now, as "3 minutes ago" or "in 5 hours"; Discord keeps it up to date."""
    return _stamp(instant, "R")


def _stamp(instant: datetime, style: str) -> str:
    return f"<t:{int(instant.timestamp())}:{style}>"
