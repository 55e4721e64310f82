"""Instants as Discord shows them: each reader sees them in their own language and time zone."""

from datetime import datetime


def date_time(instant: datetime) -> str:
    """Return a day with its time: "14 January 2026 08:31"."""
    return _stamp(instant, "f")


def date_only(instant: datetime) -> str:
    """Return a day: "14/01/2026"."""
    return _stamp(instant, "d")


def relative_time(instant: datetime) -> str:
    """Return how long ago or how far ahead it is: "3 minutes ago"; it stays right as time goes by."""
    return _stamp(instant, "R")


def _stamp(instant: datetime, style: str) -> str:
    return f"<t:{int(instant.timestamp())}:{style}>"
