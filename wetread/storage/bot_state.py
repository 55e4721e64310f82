"""What the bot remembers of itself from one start to the next."""

import sqlite_utils


def get(db: sqlite_utils.Database, name: str) -> str | None:
    """Return the value remembered under `name`, None if there is none."""
    row = db.conn.execute("SELECT value FROM bot_state WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def remember(db: sqlite_utils.Database, name: str, value: str) -> None:
    """Remember `value` under `name`, in place of what was there."""
    db.conn.execute(
        "INSERT INTO bot_state (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
    )


def forget(db: sqlite_utils.Database, name: str) -> None:
    """Forget what is remembered under `name`, if anything is."""
    db.conn.execute("DELETE FROM bot_state WHERE name = ?", [name])
