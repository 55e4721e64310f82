"""When an article is asked for again. Pure."""

from datetime import datetime, timedelta

from wetread.bibliography.standing import expects_abstract
from wetread.models import Record

ENRICHMENT_PAUSES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
    timedelta(days=60),
    timedelta(days=90),
)
"""How long after the first sighting an article without an abstract is asked for again (FAULTS D04)."""

OUTAGE_PAUSE = timedelta(minutes=10)
"""After an outage: soon, since nothing was learned; the breaker keeps it from being a storm (D03)."""

AHEAD_OF_PRINT_PAUSES = (timedelta(days=30), timedelta(days=90), timedelta(days=180), timedelta(days=365))
"""A complete article that has no volume yet is looked at again, so that the card gains one."""


def next_enrichment_at(
    first_seen_at: datetime, attempt_count: int, record: Record, now: datetime
) -> datetime | None:
    """Return when the record sources are asked (again) after `attempt_count` answered attempts; None = never.

    `record` is the merged one. The result is never in the past: a bot that was off for a month asks once,
    not for every try it missed.
    """
    if attempt_count == 0:
        return now
    if record.abstract or not expects_abstract(record) or record.has_no_abstract:
        if record.is_ahead_of_print and not record.volume:
            return _first_after(now, first_seen_at, AHEAD_OF_PRINT_PAUSES)
        return None
    return _first_after(now, first_seen_at, ENRICHMENT_PAUSES)


def after_outage(attempt_count: int, now: datetime) -> datetime:
    """Return when to ask again after a try in which a source was down; later the more answers there were."""
    return now + OUTAGE_PAUSE * (1 + min(attempt_count, 5))


def _first_after(now: datetime, start: datetime, pauses: tuple[timedelta, ...]) -> datetime | None:
    return next((start + pause for pause in pauses if start + pause > now), None)
