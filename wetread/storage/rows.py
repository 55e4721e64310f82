"""Values to columns and back."""

from datetime import UTC, datetime

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def to_text(instant: datetime) -> str:
    """Write an aware instant as the schema stores it, in UTC to the second."""
    return instant.astimezone(UTC).strftime(_FORMAT)


def to_optional_text(instant: datetime | None) -> str | None:
    """As `to_text`; None stays NULL."""
    return None if instant is None else to_text(instant)


def to_instant(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)


def to_optional_instant(text: str | None) -> datetime | None:
    """As `to_instant`; NULL stays None."""
    return None if text is None else to_instant(text)
