"""What moderators changed: noted in the transaction of the change itself, and kept for 90 days."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from wetread.domain.changes import Change, ChangedBy, ChangeSubject, NewChange, Undone, Value
from wetread.storage.rows import to_instant, to_text

KEPT_FOR = timedelta(days=90)

ANNOUNCED_FOR = timedelta(days=7)
"""A moderators' channel that could not be told for so long is not told any more."""

_ROWS: Mapping[ChangeSubject, tuple[str, str]] = {
    ChangeSubject.FEED: ("subscriptions", "id"),
    ChangeSubject.TOPIC: ("subscriptions", "id"),
    ChangeSubject.DESTINATION: ("destinations", "channel_id"),
    ChangeSubject.SETTINGS: ("guild_settings", "guild_id"),
}
"""Where a subject's row is: its table, and the column of its id."""


@contextmanager
def noting(
    db: sqlite_utils.Database,
    by: ChangedBy | None,
    now: datetime,
    subject: ChangeSubject,
    *,
    guild_id: int,
    subject_id: int,
) -> Iterator[None]:
    """Note what the code inside changes in the subject's row; nothing if it changes nothing, or raises.

    `by` None: Wetread itself changes it, and nothing is noted.
    """
    before = row(db, subject, guild_id, subject_id) if by else {}
    yield
    _note_row(db, by, now, subject, before, guild_id=guild_id, subject_id=subject_id)


def note_added(
    db: sqlite_utils.Database,
    by: ChangedBy | None,
    now: datetime,
    subject: ChangeSubject,
    *,
    guild_id: int,
    subject_id: int,
) -> None:
    """Note that a row was added."""
    _note_row(db, by, now, subject, {}, guild_id=guild_id, subject_id=subject_id)


def _note_row(
    db: sqlite_utils.Database,
    by: ChangedBy | None,
    now: datetime,
    subject: ChangeSubject,
    before: Mapping[str, Value],
    *,
    guild_id: int,
    subject_id: int,
) -> None:
    if by is None:
        return
    after = row(db, subject, guild_id, subject_id)
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not differing:
        return
    is_removed = not after or (after.get("removed_at") is not None and before.get("removed_at") is None)
    shown = after or before
    new = NewChange(
        guild_id,
        ChangeSubject.TOPIC if shown.get("is_topic") else subject,
        subject_id,
        str(shown.get("name") or ""),
        # Of what is removed all is kept, so that the list can say what it was.
        before=_set(before) if is_removed else {name: before[name] for name in differing if before},
        after={name: after[name] for name in differing} if before and after else _set(after),
    )
    note(db, by, new, now)


def note(db: sqlite_utils.Database, by: ChangedBy, new: NewChange, now: datetime) -> None:
    """Note a change that is no difference of one row (see `noting`)."""
    db.conn.execute(
        """
        INSERT INTO changes (
            guild_id, changed_at, changed_by, changed_by_name, command, subject, subject_id, subject_name,
            "before", "after", announced_at
        ) VALUES (
            ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            iif(EXISTS (SELECT 1 FROM guild_settings WHERE guild_id = ? AND tells_changes = 1), NULL, ?)
        )
        """,
        [
            new.guild_id,
            to_text(now),
            by.id,
            by.name,
            by.command,
            new.subject,
            new.subject_id,
            new.name,
            _to_json(new.before),
            _to_json(new.after),
            new.guild_id,
            to_text(now),
        ],
    )
    # Those that were undone name a later one, so none is named by what stays.
    db.conn.execute(
        "DELETE FROM changes WHERE guild_id = ? AND changed_at < ?", [new.guild_id, to_text(now - KEPT_FOR)]
    )


def of_guild(db: sqlite_utils.Database, guild_id: int, now: datetime) -> list[Change]:
    """Return what moderators of a server changed in the last 90 days, newest first."""
    rows = db.query(
        f"{_SELECT} WHERE c.guild_id = ? AND c.changed_at >= ? ORDER BY c.id DESC",
        [guild_id, to_text(now - KEPT_FOR)],
    )
    return [_to_change(row) for row in rows]


def get(db: sqlite_utils.Database, guild_id: int, change_id: int) -> Change | None:
    """Return a server's change; None if there is none with that id, also if it is another server's."""
    rows = db.query(f"{_SELECT} WHERE c.guild_id = ? AND c.id = ?", [guild_id, change_id])
    return next((_to_change(row) for row in rows), None)


def last(db: sqlite_utils.Database, guild_id: int, subject: ChangeSubject, subject_id: int) -> Change | None:
    """Return the last change of a subject, None if there is none."""
    rows = db.query(
        f"{_SELECT} WHERE c.guild_id = ? AND c.subject = ? AND c.subject_id = ? ORDER BY c.id DESC LIMIT 1",
        [guild_id, subject, subject_id],
    )
    return next((_to_change(row) for row in rows), None)


def last_of(db: sqlite_utils.Database, change: Change, columns: Collection[str]) -> Change | None:
    """Return the last change after `change` of any of these columns of the same subject; None if none was."""
    new = change.new
    rows = db.query(
        f"{_SELECT} WHERE c.guild_id = ? AND c.subject = ? AND c.subject_id = ? AND c.id > ?"
        " ORDER BY c.id DESC",
        [new.guild_id, new.subject, new.subject_id, change.id],
    )
    later = (_to_change(row) for row in list(rows))
    return next((each for each in later if {*each.new.before, *each.new.after} & {*columns}), None)


def put_back(db: sqlite_utils.Database, new: NewChange) -> None:
    """Give the columns that a change changed the values that they had before; a row that was added goes."""
    table, key = _ROWS[new.subject]
    known = {column.name for column in db.table(table).columns}
    names = [name for name in {**new.before, **new.after} if name in known]
    if not new.after:
        values_before = {name: new.before.get(name) for name in names}
        db.table(table).insert({key: new.subject_id, "guild_id": new.guild_id, **values_before})
        return
    values: list[Value] = []
    if not new.before:
        statement = f"DELETE FROM {table}"  # noqa: S608  # a constant of ours
    else:
        assigned = ", ".join(f'"{name}" = ?' for name in names)
        statement = f"UPDATE {table} SET {assigned}"  # noqa: S608  # a constant of ours, the table's columns
        values = [new.before.get(name) for name in names]
    db.conn.execute(f"{statement} WHERE {key} = ? AND guild_id = ?", [*values, new.subject_id, new.guild_id])


def unannounced(db: sqlite_utils.Database, now: datetime) -> list[Change]:
    """Return the changes that servers' channels are still to be told, by server, oldest first."""
    rows = db.query(
        f"{_SELECT} WHERE c.announced_at IS NULL AND c.changed_at >= ? ORDER BY c.guild_id, c.id",
        [to_text(now - ANNOUNCED_FOR)],
    )
    return [_to_change(row) for row in rows]


def mark_announced(db: sqlite_utils.Database, guild_id: int, last_id: int, now: datetime) -> None:
    """Note that a server's channel was told of its changes up to this one."""
    db.conn.execute(
        "UPDATE changes SET announced_at = ? WHERE guild_id = ? AND id <= ? AND announced_at IS NULL",
        [to_text(now), guild_id, last_id],
    )


def mark_undone(db: sqlite_utils.Database, undone: Change, undoing: Change) -> None:
    """Note that one change undid another."""
    db.conn.execute("UPDATE changes SET undone_by = ? WHERE id = ?", [undoing.id, undone.id])


_SELECT = """
    SELECT c.*, u.changed_at AS undone_at, u.changed_by AS undone_by_id, u.changed_by_name AS undone_by_name,
        u.command AS undone_command, (SELECT id FROM changes WHERE undone_by = c.id) AS undoes
    FROM changes AS c LEFT JOIN changes AS u ON u.id = c.undone_by
    """


def row(
    db: sqlite_utils.Database, subject: ChangeSubject, guild_id: int, subject_id: int
) -> dict[str, Value]:
    """Return what a subject's row holds; {} if there is none."""
    table, key = _ROWS[subject]
    statement = f"SELECT * FROM {table} WHERE {key} = ? AND guild_id = ?"  # noqa: S608  # constants of ours
    rows = db.query(statement, [subject_id, guild_id])
    return {name: value for found in rows for name, value in found.items() if name not in (key, "guild_id")}


def _set(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _to_json(values: Mapping[str, Value]) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


def _to_change(row: Mapping[str, Any]) -> Change:
    change = Change(
        id=row["id"],
        new=NewChange(
            row["guild_id"],
            ChangeSubject(row["subject"]),
            row["subject_id"],
            row["subject_name"],
            before=json.loads(row["before"]),
            after=json.loads(row["after"]),
        ),
        by=ChangedBy(row["changed_by"], row["changed_by_name"], row["command"]),
        at=to_instant(row["changed_at"]),
        undoes=row["undoes"],
    )
    if row["undone_by"] is None:
        return change
    by = ChangedBy(row["undone_by_id"], row["undone_by_name"], row["undone_command"])
    return replace(change, undone=Undone(by, to_instant(row["undone_at"])))
