"""Undo what moderators changed: put back what was before, through the functions that changed it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlite_utils

from wetread.domain.changes import Change, ChangedBy, ChangeSubject, NewChange, Value
from wetread.domain.models import DestinationKind, Form
from wetread.domain.undoing import Effect, Obstacle, columns_of, effect_of, obstacle
from wetread.storage import changes, paces, questions, scheduling, subscriptions, topic_matching
from wetread.storage.subscriptions import Destination


@dataclass(frozen=True, slots=True)
class Prospect:
    """A change, and what undoing it meets: an obstacle, or a later change of the same that is lost then."""

    change: Change
    obstacle: Obstacle | None = None
    later: Change | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What undoing keeps to: the publication types usually skipped, and the most feeds of a server."""

    skipped_types: tuple[str, ...]
    limit: int


def prospect(db: sqlite_utils.Database, change: Change, now: datetime) -> Prospect:
    """Return what undoing a change would meet."""
    new = change.new
    if new.subject is ChangeSubject.DECISION:
        return Prospect(change, obstacle(change, {}, now))
    current = changes.row(db, new.subject, new.guild_id, new.subject_id)
    found = obstacle(change, current, now)
    is_other = any(current.get(name) != new.after.get(name) for name in columns_of(new))
    if found or not is_other or effect_of(new) in (Effect.ADDS, Effect.REMOVES):
        return Prospect(change, found)
    return Prospect(change, later=changes.last_of(db, change, columns_of(new)))


def prospects(db: sqlite_utils.Database, shown: Iterable[Change], now: datetime) -> list[Prospect]:
    """Return what undoing each of these changes would meet."""
    return [prospect(db, each, now) for each in shown]


def undo(
    db: sqlite_utils.Database, guild_id: int, change_id: int, by: ChangedBy, now: datetime, *, rules: Rules
) -> Change | None:
    """Undo a change and return the change that this is; None if it cannot be undone (any more).

    Raises as the functions that add, move and filter subscriptions.
    """
    change = changes.get(db, guild_id, change_id)
    if change is None or prospect(db, change, now).obstacle is not None:
        return None
    new = change.new
    if new.subject is ChangeSubject.DECISION:
        if questions.undo(db, guild_id, new.subject_id, by, now) is None:
            return None
        return changes.last(db, guild_id, new.subject, new.subject_id)
    last = changes.last(db, guild_id, new.subject, new.subject_id)
    if new.subject is ChangeSubject.DESTINATION and last is not None and last.id == change.id:
        paces.undo(db, guild_id, new.subject_id, now, by=by)
        return changes.last(db, guild_id, new.subject, new.subject_id)
    with changes.noting(db, by, now, new.subject, guild_id=guild_id, subject_id=new.subject_id):
        _UNDO.get(new.subject, _put_back)(db, new, by, now, rules)
    undoing = changes.last(db, guild_id, new.subject, new.subject_id)
    if undoing is None or undoing.id == change.id:
        return None
    changes.mark_undone(db, change, undoing)
    return changes.get(db, guild_id, undoing.id)


Undo = Callable[[sqlite_utils.Database, NewChange, ChangedBy, datetime, Rules], None]


def _put_back(
    db: sqlite_utils.Database, new: NewChange, _by: ChangedBy, _now: datetime, _rules: Rules
) -> None:
    changes.put_back(db, new)


def _undo_subscription(
    db: sqlite_utils.Database, new: NewChange, by: ChangedBy, now: datetime, rules: Rules
) -> None:
    guild_id, subscription_id, before = new.guild_id, new.subject_id, new.before
    match effect_of(new):
        case Effect.ADDS:
            subscriptions.restore(db, guild_id, subscription_id, now, limit=rules.limit)
            return
        case Effect.REMOVES:
            subscriptions.remove(db, guild_id, subscription_id, now)
            return
        case Effect.RESUMES:
            subscriptions.resume(db, guild_id, subscription_id, now)
        case Effect.PAUSES:
            subscriptions.pause(db, guild_id, subscription_id, now, paused_by=by.id)
    rest = set(columns_of(new)) - {"paused_at", "paused_by", "starts_with", "looks_since"}
    if "channel_id" in rest:
        kind = before.get("kind") or subscriptions.get(db, guild_id, subscription_id).kind
        destination = Destination(_number(before["channel_id"]), DestinationKind(str(kind)))
        subscriptions.move(db, guild_id, subscription_id, destination, now)
    if "form" in rest:
        subscriptions.set_form(db, guild_id, subscription_id, Form(str(before["form"])), now)
    if "filter" in rest:
        query = before.get("filter")
        if new.subject is ChangeSubject.TOPIC:
            topic_matching.set_words(db, guild_id, subscription_id, str(query), now)
            rest.discard("filter")
    if "filter" in rest:
        subscriptions.set_filter(
            db,
            guild_id,
            subscription_id,
            None if query is None else str(query),
            now,
            skipped_types=rules.skipped_types,
        )
    rest -= {"channel_id", "kind", "form", "filter"}
    if rest:
        changes.put_back(db, replace(new, before=_only(before, rest), after=_only(new.after, rest)))


def _undo_settings(
    db: sqlite_utils.Database, new: NewChange, by: ChangedBy, now: datetime, rules: Rules
) -> None:
    changes.put_back(db, new)
    if "time_zone" in columns_of(new):
        paces.follow_zone(db, new.guild_id, now)
    if "skipped_types" in columns_of(new):
        types = new.before.get("skipped_types")
        wanted = None if types is None else tuple(json.loads(str(types)))
        scheduling.skip_types(db, new.guild_id, wanted, rules.skipped_types, now, by=by)


def _undo_destination(
    db: sqlite_utils.Database, new: NewChange, _by: ChangedBy, now: datetime, _rules: Rules
) -> None:
    changes.put_back(db, new)
    paces.follow(db, new.guild_id, new.subject_id, now)


def _only(values: Mapping[str, Value], names: set[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _number(value: Value) -> int:
    assert isinstance(value, int)  # noqa: S101  # a column of Discord's ids
    return value


_UNDO: Mapping[ChangeSubject, Undo] = {
    ChangeSubject.FEED: _undo_subscription,
    ChangeSubject.TOPIC: _undo_subscription,
    ChangeSubject.SETTINGS: _undo_settings,
    ChangeSubject.DESTINATION: _undo_destination,
}
"""How a subject's change is undone, where putting its row back is not all."""
