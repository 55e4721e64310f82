"""Values to columns and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wetread.domain.models import DestinationKind, Form, Subscription


def to_text(instant: datetime) -> str:
    """Write an aware instant as the schema stores it, in UTC to the second."""
    return f"{instant.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"


def to_optional_text(instant: datetime | None) -> str | None:
    """As `to_text`; None stays NULL."""
    return None if instant is None else to_text(instant)


def to_instant(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.fromisoformat(text)


def to_optional_instant(text: str | None) -> datetime | None:
    """As `to_instant`; NULL stays None."""
    return None if text is None else to_instant(text)


def to_subscription(row: Mapping[str, Any]) -> Subscription:
    """Read a row of `subscriptions`, whole."""
    return Subscription(
        id=row["id"],
        guild_id=row["guild_id"],
        feed_id=row["feed_id"],
        channel_id=row["channel_id"],
        kind=DestinationKind(row["kind"]),
        form=Form(row["form"]),
        name=row["name"],
        filter=row["filter"],
        created_at=to_instant(row["created_at"]),
        created_by=row["created_by"],
        paused_at=to_optional_instant(row["paused_at"]),
        paused_by=row["paused_by"],
        starts_with=row["starts_with"],
        is_topic=bool(row["is_topic"]),
        looks_since=to_optional_instant(row["looks_since"]),
        opens_threads=bool(row["opens_threads"]),
        role_id=row["role_id"],
        mention_filter=row["mention_filter"],
        mentions_a_day=row["mentions_a_day"],
    )
