"""Restore a backup. The database then knows that it does not know what was posted since.

After the restore point another database, now lost, may have posted what is pending in this one, and what it
has not seen yet. Both are marked as if they had been attempted at that point, so that the outbox looks for
each before it posts (faults.md C14, 3.5).
"""

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlite_utils

from wetread.domain.delivery_rules import baseline_at, nonce_of
from wetread.domain.errors import StorageError
from wetread.domain.models import Delivery, DeliveryState
from wetread.storage import attempts, bot_state, deliveries, inspection, migrations
from wetread.storage.attempts import AttemptNote
from wetread.storage.backup import copy_database
from wetread.storage.rows import to_instant, to_text
from wetread.storage.scheduling import RECONSIDERED_FOR, NewDelivery

_MEMORY = "restored"
RESTORE_CAUTION = timedelta(days=60)
"""So long after a restoration a feed that is read for the first time may show what was posted before it."""

_NUMBERED = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"

_LAST_SIGN = """
    SELECT max(at) FROM (
        SELECT max(last_checked_at) AS at FROM feeds
        UNION ALL SELECT max(first_seen_at) FROM articles
        UNION ALL SELECT max(max(scheduled_at, coalesce(last_attempt_at, ''), coalesce(settled_at, '')))
            FROM deliveries
        UNION ALL SELECT max(created_at) FROM subscriptions
    )
"""

_MAY_HAVE_BEEN_POSTED = """
    SELECT * FROM deliveries WHERE first_attempt_at IS NULL AND (
        state IN ('pending', 'held', 'parked') OR (state = 'collected' AND digest_id IS NULL)
        OR (state = 'skipped' AND reason IN ('filter', 'type', 'front_matter') AND scheduled_at >= ?)
    )
"""


_OPEN = (DeliveryState.PENDING, DeliveryState.COLLECTED, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Restored:
    """A restoration. `point`: the last that the backup knows of. `at`: when it took the database's place."""

    point: datetime
    at: datetime


def restore(backup: Path, database: Path, now: datetime) -> tuple[Restored, Path | None]:
    """Put a copy of `backup` in the place of `database`, which nobody may use meanwhile.

    Returns what was restored, and where the database that was there is kept; None = there was none. Raises
    StorageError; then everything is as it was.
    """
    if inspection.inspect(backup).is_fresh:
        raise StorageError(f"There is nothing in {backup}. A copy made by hand lacks what stood beside it.")
    if damaged := inspection.damage(backup, is_thorough=True):
        raise StorageError(f"{backup} is damaged ({damaged}). Please choose an older one.")
    made: list[Restored] = []

    def change(connection: sqlite3.Connection) -> None:
        db = sqlite_utils.Database(connection)
        migrations.migrate(db)
        with db.atomic():
            made.append(begin(db, now, AttemptNote(database).read()))

    new = database.with_name(f"{database.name}.restoring")
    new.unlink(missing_ok=True)
    copy_database(backup, new, change=change)
    try:
        kept = _put_aside(database, now)
        new.replace(database)
    except OSError as error:
        raise StorageError(f"{database} could not be replaced: {error}.") from error
    finally:
        new.unlink(missing_ok=True)
    return made[0], kept


def begin(db: sqlite_utils.Database, now: datetime, noted: int) -> Restored:
    """Let a database that was a backup begin again: look before posting, read each feed anew.

    `noted`: what is noted beside it (`attempts`); from now on it knows of these attempts.
    """
    [[sign]] = db.conn.execute(_LAST_SIGN)
    restored = Restored(min(to_instant(sign), now) if sign else now, now)
    recently = to_text(restored.point - RECONSIDERED_FOR)
    for row in list(db.query(_MAY_HAVE_BEEN_POSTED, [recently])):
        _doubt(db, deliveries.to_delivery(row), restored.point)
    db.conn.execute("UPDATE handouts SET must_look = 1")
    # Ids given since are on cards in Discord: none may come to mean another article.
    for (table,) in db.conn.execute(_NUMBERED).fetchall():
        [[last]] = db.conn.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", [table]
        )
        db.conn.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
        db.conn.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, max(last, int(now.timestamp()))]
        )
    db.conn.execute("UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL")
    attempts.raise_to(db, noted)
    bot_state.forget(db, "commands")  # a version since may have told Discord others
    bot_state.remember(db, _MEMORY, json.dumps({"point": to_text(restored.point), "at": to_text(now)}))
    return restored


def last_restored(db: sqlite_utils.Database) -> Restored | None:
    """Return the last restoration, None if there was none."""
    text = bot_state.get(db, _MEMORY)
    if text is None:
        return None
    known = json.loads(text)
    return Restored(to_instant(known["point"]), to_instant(known["at"]))


def must_look(db: sqlite_utils.Database, feed_id: int) -> bool:
    """Return whether a lost database may have posted what a feed has now.

    So it is at the first check after a restoration, whose success is not written down yet.
    """
    restored = last_restored(db)
    if restored is None:
        return False
    [[success]] = db.conn.execute("SELECT last_success_at FROM feeds WHERE id = ?", [feed_id])
    return success is None or to_instant(success) < restored.at


def look_first(db: sqlite_utils.Database, new_deliveries: Iterable[NewDelivery], now: datetime) -> None:
    """Make the outbox look for articles before it posts them, if a restoration was not long ago."""
    restored = last_restored(db)
    if restored is None or now - restored.at > RESTORE_CAUTION:
        return
    for new_delivery in new_deliveries:
        delivery = deliveries.in_channel(db, new_delivery.channel_id, new_delivery.article_id)
        if delivery is not None and delivery.state in _OPEN:
            _doubt(db, delivery, restored.point)


def _doubt(db: sqlite_utils.Database, delivery: Delivery, point: datetime) -> None:
    """Mark a delivery as one that may have been posted at any time since `point`.

    The newest post of this database is older than what a lost one posted since, whatever our clock said. What
    waits for a digest is looked for by itself.
    """
    [[newest]] = db.conn.execute("SELECT max(message_id) FROM deliveries WHERE message_id IS NOT NULL")
    baseline = baseline_at(point, newest or delivery.channel_id)
    db.conn.execute(
        """
        UPDATE deliveries SET nonce = coalesce(nonce, ?), baseline = ?, first_attempt_at = ?,
            last_attempt_at = ?,
            next_try_at = CASE state WHEN 'collected' THEN ? ELSE next_try_at END,
            state = CASE state WHEN 'collected' THEN 'pending' ELSE state END
        WHERE id = ?
        """,
        [nonce_of(delivery), baseline, *[to_text(point)] * 3, delivery.id],
    )


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Move the present database to another name, to make room for the new one.

    Its file stays under its own name as well until it is replaced, so that there is always one.
    """
    if not database.exists():
        return None
    with contextlib.suppress(sqlite3.DatabaseError), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # where it is sound, one file is all of it
    kept = database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}")
    try:
        os.link(database, kept)
    except OSError:  # not every file system has links
        shutil.copy2(database, kept)
    for suffix in ("-wal", "-shm"):
        companion = database.with_name(database.name + suffix)
        if companion.exists():
            companion.rename(kept.with_name(kept.name + suffix))
    return kept
