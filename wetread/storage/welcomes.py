"""Which servers were greeted, where the welcome stands, and what rests since Wetread was removed from one."""

import json
from contextlib import ExitStack
from datetime import datetime

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject
from wetread.storage import bot_state, changes, subscriptions

_RESTING = "guild_id = ? AND paused_at IS NOT NULL AND paused_by IS NULL AND removed_at IS NULL"


def claim(db: sqlite_utils.Database, guild_id: int, *, is_back: bool) -> bool:
    """Return whether a server is to be greeted now, and remember that it was.

    A server that has subscriptions was set up before Wetread greeted anybody: only a return is told.
    """
    if bot_state.get(db, _name(guild_id)) is not None:
        return False
    if not is_back and subscriptions.count(db, guild_id):
        return False
    bot_state.remember(db, _name(guild_id), "{}")
    return True


def note_message(db: sqlite_utils.Database, guild_id: int, channel_id: int, message_id: int) -> None:
    """Remember where the welcome stands."""
    bot_state.remember(db, _name(guild_id), json.dumps([channel_id, message_id]))


def message_of(db: sqlite_utils.Database, guild_id: int) -> tuple[int, int] | None:
    """Return the channel and the message of a server's welcome, None if there is none."""
    found = json.loads(bot_state.get(db, _name(guild_id)) or "{}")
    return (int(found[0]), int(found[1])) if found else None


def note_set_up(db: sqlite_utils.Database, guild_id: int) -> None:
    """Remember that a server needs no welcome any more."""
    if bot_state.get(db, _name(guild_id)) is None:
        bot_state.remember(db, _name(guild_id), "{}")


def forget(db: sqlite_utils.Database, guild_id: int) -> None:
    """Forget that a server was greeted."""
    bot_state.forget(db, _name(guild_id))


def resting_count(db: sqlite_utils.Database, guild_id: int) -> int:
    """Return how many subscriptions of a server are paused because Wetread was removed from it."""
    [[count]] = db.conn.execute(f"SELECT count(*) FROM subscriptions WHERE {_RESTING}", [guild_id])  # noqa: S608
    return int(count)


def go_on(db: sqlite_utils.Database, guild_id: int, now: datetime, *, by: ChangedBy) -> int:
    """Resume what rests, without a backlog (faults.md A30), and return how many that were."""
    resting = _resting(db, guild_id)
    with ExitStack() as noting:
        for each in resting:
            noting.enter_context(
                changes.noting(db, by, now, ChangeSubject.FEED, guild_id=guild_id, subject_id=each)
            )
        subscriptions.thaw_guild(db, guild_id, 0, now)
    return len(resting)


def start_anew(db: sqlite_utils.Database, guild_id: int, now: datetime, *, by: ChangedBy) -> int:
    """Remove what rests, and return how many that were."""
    resting = _resting(db, guild_id)
    for each in resting:
        subscriptions.remove(db, guild_id, each, now, by=by)
    return len(resting)


def _resting(db: sqlite_utils.Database, guild_id: int) -> list[int]:
    rows = db.conn.execute(f"SELECT id FROM subscriptions WHERE {_RESTING}", [guild_id]).fetchall()  # noqa: S608
    return [int(row[0]) for row in rows]


def _name(guild_id: int) -> str:
    return f"welcome:{guild_id}"
