"""Which tag of a forum stands for a subject or a kind of study, where moderators chose another name."""

from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject, NewChange
from wetread.storage import changes


def of_forum(db: sqlite_utils.Database, forum_id: int) -> dict[str, int]:
    """Return the chosen tags of a forum: label → the tag's id."""
    rows = db.conn.execute("SELECT label, tag_id FROM forum_tags WHERE forum_id = ?", [forum_id])
    return {str(label): int(tag_id) for label, tag_id in rows}


@dataclass(frozen=True, slots=True)
class ChosenTag:
    """The tag that stands for a label in a forum. `id` None = the one of the label's name, if there is one.

    `name` and `was`: its name and that of the tag before, for the history; None as for `id`.
    """

    guild_id: int
    forum_id: int
    label: str
    id: int | None
    name: str | None = None
    was: str | None = None


def choose(db: sqlite_utils.Database, chosen: ChosenTag, now: datetime, by: ChangedBy) -> None:
    """Let a tag stand for a label in a forum from now on."""
    before = of_forum(db, chosen.forum_id).get(chosen.label)
    if chosen.id is None:
        db.conn.execute(
            "DELETE FROM forum_tags WHERE forum_id = ? AND label = ?", [chosen.forum_id, chosen.label]
        )
    else:
        db.conn.execute(
            """
            INSERT INTO forum_tags (forum_id, label, tag_id) VALUES (?, ?, ?)
            ON CONFLICT (forum_id, label) DO UPDATE SET tag_id = excluded.tag_id
            """,
            [chosen.forum_id, chosen.label, chosen.id],
        )
    if before != chosen.id:
        what = f"tag for {chosen.label}"
        noted = NewChange(
            chosen.guild_id,
            ChangeSubject.DESTINATION,
            chosen.forum_id,
            before={what: chosen.was},
            after={what: chosen.name},
        )
        changes.note(db, by, noted, now)
