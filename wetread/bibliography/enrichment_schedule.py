"""Decides when the record sources are asked about an article again. Pure."""

from datetime import UTC, datetime, timedelta

from wetread.bibliography.registry import Role, entry_of
from wetread.domain.models import Record, RelationKind
from wetread.domain.publication_status import WEIGHED
from wetread.domain.publication_types import RETRACTED_TYPE, expects_abstract, is_preprint

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
"""How long after it was first seen the sources are asked again for a missing abstract (faults.md D04)."""

OUTAGE_PAUSE = timedelta(minutes=10)
"""The pause after an outage: short, because nothing was learned. The circuit breaker prevents a storm of
requests (faults.md D03)."""

AHEAD_OF_PRINT_PAUSES = (timedelta(days=30), timedelta(days=90), timedelta(days=180), timedelta(days=365))
"""When the sources are asked again about an article without a volume or a preprint without its published
version."""


def next_enrichment_at(
    first_seen_at: datetime, attempt_count: int, record: Record, now: datetime
) -> datetime | None:
    """Return when to ask the record sources (again) after `attempt_count` answered attempts; None = never.

    `record` is the merged one. The result is never in the past: after a month without running, Wetread asks
    once and not for every attempt that it missed.
    """
    if attempt_count == 0:
        return now
    if record.abstract or not expects_abstract(record) or record.has_no_abstract:
        if (record.is_ahead_of_print and not record.volume) or _may_be_published(record):
            return _first_after(now, first_seen_at, AHEAD_OF_PRINT_PAUSES)
        return None
    return _first_after(now, first_seen_at, ENRICHMENT_PAUSES)


YOUNG = timedelta(days=365)
CHECK_YOUNG_AFTER = timedelta(days=7)
CHECK_OLD_AFTER = timedelta(days=30)
"""How often a record is checked again. Most retractions come within a year (faults.md D18)."""


def next_record_check_at(source: str, record: Record, now: datetime) -> datetime | None:
    """Return when to ask a source again whether its record has changed; None = never.

    PubMed is asked again about every article, about young ones more often. Other record sources are asked
    again only if they say that the article was retracted, because a retraction may be withdrawn.
    """
    is_doubted = RETRACTED_TYPE in record.types or any(each.kind in WEIGHED for each in record.relations)
    entry = entry_of(source)
    if entry is None or not (entry.role is Role.EVERY_ARTICLE or is_doubted):
        return None
    on = record.published_on
    is_old = on is not None and datetime(on.year, on.month or 12, 1, tzinfo=UTC) < now - YOUNG
    return now + (CHECK_OLD_AFTER if is_old and not is_doubted else CHECK_YOUNG_AFTER)


def after_outage(attempt_count: int, now: datetime) -> datetime:
    """Return when to ask again after a source was down: the more attempts there were, the later."""
    return now + OUTAGE_PAUSE * (1 + min(attempt_count, 5))


def _may_be_published(record: Record) -> bool:
    """Whether a preprint's published version is not known yet."""
    return is_preprint(record) and all(each.kind is not RelationKind.PREPRINT_OF for each in record.relations)


def _first_after(now: datetime, start: datetime, pauses: tuple[timedelta, ...]) -> datetime | None:
    return next((start + pause for pause in pauses if start + pause > now), None)
