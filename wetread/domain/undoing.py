"""Which changes of moderators can be undone, and what undoing one does besides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from wetread.domain.changes import Change, ChangeSubject, NewChange, Value

UNDO_FOR = timedelta(days=30)

DECISION_UNDO_FOR = timedelta(minutes=10)
"""What a question was about may then be decided upon by others' reading it."""

DESTINATION_COLUMNS = (
    "pace",
    "weekday",
    "digest_minute",
    "joins_issues",
    "quiet_start",
    "quiet_end",
    "most_a_day",
)
"""What can be put back of a destination. Its forum's tags are Discord's as well."""

_SUBSCRIPTIONS = (ChangeSubject.FEED, ChangeSubject.TOPIC)


class Obstacle(StrEnum):
    """Why a change cannot be undone."""

    UNDONE = "undone"  # it was undone
    LATE = "late"  # its time is over
    POSTED = "posted"  # posts followed from it
    ASKED_AGAIN = "asked again"  # it undid an answer, and the question waits again
    REMOVED = "removed"  # what it changed was removed later
    ALREADY = "already"  # everything is as it was before
    NOTHING = "nothing"  # it changed nothing that is kept


class Effect(StrEnum):
    """What undoing a change does besides; each is asked first."""

    ADDS = "adds"  # a feed or topic posts again that was removed
    REMOVES = "removes"
    RESUMES = "resumes"
    PAUSES = "pauses"


def last_moment(new: NewChange, at: datetime) -> datetime:
    """Return until when a change can be undone."""
    return at + (DECISION_UNDO_FOR if new.subject is ChangeSubject.DECISION else UNDO_FOR)


def obstacle(change: Change, current: Mapping[str, Value], now: datetime) -> Obstacle | None:
    """Return why a change cannot be undone, None if it can.

    `current`: the columns of its subject as they are now, {} if it is not there.
    """
    new = change.new
    if change.undone is not None:
        return Obstacle.UNDONE
    if new.subject is ChangeSubject.DECISION:
        if not new.after:
            return Obstacle.ASKED_AGAIN
        if new.after.get("posted_count"):
            return Obstacle.POSTED
    if now >= last_moment(new, change.at):
        return Obstacle.LATE
    if new.subject is ChangeSubject.DECISION:
        return None
    return _obstacle_in_row(new, current)


def _obstacle_in_row(new: NewChange, current: Mapping[str, Value]) -> Obstacle | None:
    if not (new.before or new.after):
        return Obstacle.NOTHING
    is_removal = effect_of(new) is Effect.ADDS
    if is_removal and current and current.get("removed_at") is None:
        return Obstacle.ALREADY
    if new.subject in _SUBSCRIPTIONS and not is_removal and (not current or current.get("removed_at")):
        return Obstacle.REMOVED
    names = columns_of(new)
    if new.subject is ChangeSubject.DESTINATION and not {*names} & {*DESTINATION_COLUMNS}:
        return Obstacle.NOTHING
    if not new.before and not current:
        return Obstacle.ALREADY
    if new.before and not is_removal and all(current.get(name) == new.before.get(name) for name in names):
        return Obstacle.ALREADY
    return None


def effect_of(new: NewChange) -> Effect | None:
    """Return what undoing a change does besides, None if it only puts a value back."""
    if new.subject not in _SUBSCRIPTIONS:
        return None
    if not new.before:
        return Effect.REMOVES
    if new.after.get("removed_at") is not None:
        return Effect.ADDS
    if new.before.get("removed_at") is not None:
        return Effect.REMOVES
    if new.after.get("paused_at") is not None:
        return Effect.RESUMES
    return Effect.PAUSES if new.before.get("paused_at") is not None else None


def columns_of(new: NewChange) -> tuple[str, ...]:
    """Return the columns that a change changed."""
    return tuple(name for name in {**new.before, **new.after} if new.before.get(name) != new.after.get(name))
