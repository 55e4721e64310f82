"""Words that members typed and that buttons need again: a custom_id has no room for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.storage.rows import to_text

KEPT_FOR = timedelta(days=90)
"""Words that nobody used for this time are deleted."""


@dataclass(frozen=True, slots=True)
class Typist:
    """Who may read typed words again. `guild_id` 0 = in a direct message.

    `member_id` 0 = everybody in the server, because the answer to the words is public.
    """

    guild_id: int
    member_id: int


def remember(db: sqlite_utils.Database, words: str, typist: Typist, now: datetime) -> int:
    """Store words, which must not be empty, and return their id; the same words of one typist have one id.

    Deletes what is older than `KEPT_FOR`.
    """
    db.conn.execute("DELETE FROM typed_words WHERE last_used_at < ?", [to_text(now - KEPT_FOR)])
    [[words_id]] = db.conn.execute(
        """
        INSERT INTO typed_words (words, guild_id, member_id, last_used_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (words, guild_id, member_id) DO UPDATE SET last_used_at = excluded.last_used_at
        RETURNING id
        """,
        [words, typist.guild_id, typist.member_id, to_text(now)],
    ).fetchall()
    return int(words_id)


def recall(db: sqlite_utils.Database, words_id: int, reader: Typist, now: datetime) -> str | None:
    """Return the words with this id and note their use.

    None if they are no longer stored, or if neither the reader nor everybody in the reader's server may read
    them.
    """
    row = db.conn.execute(
        """
        UPDATE typed_words SET last_used_at = ?
        WHERE id = ? AND guild_id = ? AND member_id IN (0, ?) RETURNING words
        """,
        [to_text(now), words_id, reader.guild_id, reader.member_id],
    ).fetchone()
    return None if row is None else str(row[0])
