"""Words that members typed and that buttons need again: a custom_id has no room for them."""

from datetime import datetime, timedelta

import sqlite_utils

from wetread.storage.rows import to_text

KEPT_FOR = timedelta(days=90)
"""Words that nobody used for this time are deleted."""


def remember(db: sqlite_utils.Database, words: str, now: datetime) -> int:
    """Store words, which must not be empty, and return their id; the same words have one id.

    Deletes what is older than `KEPT_FOR`.
    """
    db.conn.execute("DELETE FROM typed_words WHERE last_used_at < ?", [to_text(now - KEPT_FOR)])
    [[words_id]] = db.conn.execute(
        """
        INSERT INTO typed_words (words, last_used_at) VALUES (?, ?)
        ON CONFLICT (words) DO UPDATE SET last_used_at = excluded.last_used_at
        RETURNING id
        """,
        [words, to_text(now)],
    ).fetchall()
    return int(words_id)


def recall(db: sqlite_utils.Database, words_id: int, now: datetime) -> str | None:
    """Return the words with this id and note their use; None if they are no longer stored."""
    row = db.conn.execute(
        "UPDATE typed_words SET last_used_at = ? WHERE id = ? RETURNING words", [to_text(now), words_id]
    ).fetchone()
    return None if row is None else str(row[0])
