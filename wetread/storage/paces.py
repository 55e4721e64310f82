"""How articles arrive at each destination: what moderators chose, and what follows for an article now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

import sqlite_utils

from wetread.domain.changes import Change, ChangedBy, ChangeSubject
from wetread.domain.models import Delivery, Reason
from wetread.domain.pace import (
    AT_ONCE,
    POST,
    Decision,
    Pace,
    QuietHours,
    When,
    day_start,
    decide,
    next_digest_at,
)
from wetread.domain.time_zones import zone_named
from wetread.storage import changes, deliveries, settings
from wetread.storage.rows import to_text


def get(db: sqlite_utils.Database, channel_id: int) -> Pace:
    """Return how articles arrive at a destination: at once, if nobody chose."""
    rows = db.query("SELECT * FROM destinations WHERE channel_id = ?", [channel_id])
    return next((_to_pace(row) for row in rows), AT_ONCE)


UNDO_FOR = timedelta(days=30)

_COLUMNS = {
    *("pace", "weekday", "digest_minute", "joins_issues", "quiet_start", "quiet_end", "most_a_day"),
}
_SAME_ISSUE_COUNT = 500
"""So many of the newest deliveries of a destination are looked through for a large issue."""


class Waiting(StrEnum):
    """What becomes of articles that wait for a digest when there are no digests any more."""

    POST = "post"  # in a last digest, now
    SEEN = "seen"  # they count as seen


def save(
    db: sqlite_utils.Database,
    guild_id: int,
    channel_id: int,
    pace: Pace,
    now: datetime,
    *,
    by: ChangedBy | None,
    waiting: Waiting = Waiting.POST,
) -> None:
    """Choose how articles arrive at a destination of a server, from now on.

    What waits there follows: for the next digest by the new choice, else `waiting` says what becomes of it.
    """
    with changes.noting(db, by, now, ChangeSubject.DESTINATION, guild_id=guild_id, subject_id=channel_id):
        _write(db, guild_id, channel_id, pace)
    _follow(db, guild_id, channel_id, pace, now, waiting=waiting)


def save_zone(
    db: sqlite_utils.Database, guild_id: int, name: str | None, now: datetime, *, by: ChangedBy
) -> None:
    """Choose a server's time zone by IANA's name, None = UTC; what waits follows."""
    settings.change_guild_settings(db, guild_id, lambda chosen: replace(chosen, time_zone=name), by, now)
    follow_zone(db, guild_id, now)


def follow_zone(db: sqlite_utils.Database, guild_id: int, now: datetime) -> None:
    """Let what waits in a server wait by its time zone as it is now."""
    rows = db.conn.execute("SELECT channel_id FROM destinations WHERE guild_id = ?", [guild_id]).fetchall()
    for (channel_id,) in rows:
        _follow(db, guild_id, channel_id, get(db, channel_id), now)


def follow(db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime) -> None:
    """Let what waits in a destination wait by its pace as it is now."""
    _follow(db, guild_id, channel_id, get(db, channel_id), now)


def undo(
    db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime, *, by: ChangedBy
) -> Pace | None:
    """Choose for a destination again what was chosen before its last change; return that.

    What counted as seen by that change waits again. None = nothing was changed in the last UNDO_FOR.
    """
    found = last_change(db, guild_id, channel_id, now)
    if found is None or not found[1]:
        return None
    last, _ = found
    rows = db.query("SELECT * FROM destinations WHERE channel_id = ?", [channel_id])
    chosen = next((dict(row) for row in rows), {})
    before = {
        **{name: value for name, value in chosen.items() if name not in last.new.after},
        **last.new.before,
    }
    pace = _to_pace(before) if "pace" in before else AT_ONCE
    db.conn.execute(
        """
        UPDATE deliveries SET state = 'pending', reason = NULL, settled_at = NULL, next_try_at = ?1
        WHERE channel_id = ?2 AND state = 'skipped' AND reason = 'seen' AND settled_at = ?3
        """,
        [to_text(now), channel_id, to_text(last.at)],
    )
    save(db, guild_id, channel_id, pace, now, by=by)
    undoing = changes.last(db, guild_id, ChangeSubject.DESTINATION, channel_id)
    if undoing is not None:
        changes.mark_undone(db, last, undoing)
    return pace


def last_change(
    db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime
) -> tuple[Change, bool] | None:
    """Return the last change of how articles arrive at a destination, and whether it can be undone now."""
    last = changes.last(db, guild_id, ChangeSubject.DESTINATION, channel_id)
    if last is None or not {*last.new.before, *last.new.after} <= _COLUMNS:  # it is about a forum's tags
        return None
    return last, last.undone is None and now - last.at <= UNDO_FOR


def _write(db: sqlite_utils.Database, guild_id: int, channel_id: int, pace: Pace) -> None:
    if pace == AT_ONCE:
        db.conn.execute(
            "DELETE FROM destinations WHERE channel_id = ? AND guild_id = ?", [channel_id, guild_id]
        )
        return
    quiet = [pace.quiet.start, pace.quiet.end] if pace.quiet else [None, None]
    db.conn.execute(
        """
        INSERT INTO destinations (
            channel_id, guild_id, pace, weekday, digest_minute, joins_issues, quiet_start, quiet_end,
            most_a_day
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (channel_id) DO UPDATE SET pace = excluded.pace, weekday = excluded.weekday,
            digest_minute = excluded.digest_minute, joins_issues = excluded.joins_issues,
            quiet_start = excluded.quiet_start, quiet_end = excluded.quiet_end,
            most_a_day = excluded.most_a_day
        WHERE destinations.guild_id = excluded.guild_id
        """,
        [
            channel_id,
            guild_id,
            pace.when,
            pace.weekday,
            pace.digest_minute,
            int(pace.joins_issues),
            *quiet,
            pace.most_a_day,
        ],
    )


def _follow(
    db: sqlite_utils.Database,
    guild_id: int,
    channel_id: int,
    pace: Pace,
    now: datetime,
    *,
    waiting: Waiting = Waiting.POST,
) -> None:
    """Let what waits in a destination wait by its pace as it is now."""
    where = "channel_id = ? AND guild_id = ? AND state = 'collected' AND digest_id IS NULL"
    place = [channel_id, guild_id]
    if waiting is Waiting.SEEN and not pace.has_digests:
        deliveries.skip(db, where, place, Reason.SEEN, now)
    at = next_digest_at(pace, now, zone(db, guild_id)) if pace.has_digests else now
    db.conn.execute(
        f"UPDATE deliveries INDEXED BY deliveries_collected SET next_try_at = ? WHERE {where}",  # noqa: S608  # a constant
        [to_text(at), *place],
    )  # a constant
    # What waited for the end of the quiet hours is judged anew.
    db.conn.execute(
        """
        UPDATE deliveries INDEXED BY deliveries_queue SET next_try_at = ?
        WHERE channel_id = ? AND guild_id = ? AND state IN ('pending', 'sending') AND state = 'pending'
            AND first_attempt_at IS NULL AND reason IS NULL AND waits_for_abstract = 0 AND next_try_at > ?
        """,
        [to_text(now), *place, to_text(now)],
    )


def zone(db: sqlite_utils.Database, guild_id: int) -> tzinfo:
    """Return a server's time zone: UTC, if nobody chose."""
    chosen = settings.guild_settings(db, guild_id).time_zone
    return zone_named(chosen) if chosen else UTC


@dataclass(frozen=True, slots=True)
class Arrival:
    """How articles arrive at a destination, and what follows now.

    `zone`: IANA's name of the server's time zone, None = UTC. `feed_count` and `topic_count`: what posts
    there; `is_paused`: all of it is. `week_count`: articles in the last week. `change`: the last one, None =
    never.
    """

    pace: Pace
    zone: str | None
    posted_today: int
    waiting_count: int
    week_count: int
    feed_count: int
    topic_count: int
    is_paused: bool
    change: Change | None = None
    can_undo: bool = False


def arrival(db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime) -> Arrival:
    """Return how articles arrive at a destination of a server."""
    [[feed_count, topic_count, running_count]] = db.conn.execute(
        """
        SELECT coalesce(sum(is_topic = 0), 0), coalesce(sum(is_topic), 0), coalesce(sum(paused_at IS NULL), 0)
        FROM subscriptions WHERE guild_id = ? AND channel_id = ? AND removed_at IS NULL
        """,
        [guild_id, channel_id],
    )
    [[week_count]] = db.conn.execute(
        """
        SELECT count(*) FROM (
            SELECT channel_id, state, scheduled_at FROM deliveries
            WHERE guild_id = ? AND article_id IS NOT NULL ORDER BY id DESC LIMIT 1000
        )
        WHERE channel_id = ? AND state <> 'skipped' AND scheduled_at >= ?
        """,
        [guild_id, channel_id, to_text(now - timedelta(days=7))],
    )
    last = last_change(db, guild_id, channel_id, now)
    return Arrival(
        pace=get(db, channel_id),
        zone=settings.guild_settings(db, guild_id).time_zone,
        posted_today=posted_count(db, channel_id, day_start(now, zone(db, guild_id))),
        waiting_count=waiting_count(db, channel_id),
        week_count=int(week_count),
        feed_count=int(feed_count),
        topic_count=int(topic_count),
        is_paused=feed_count + topic_count > 0 and running_count == 0,
        change=last[0] if last else None,
        can_undo=bool(last and last[1]),
    )


def decision(db: sqlite_utils.Database, delivery: Delivery, now: datetime, *, is_urgent: bool) -> Decision:
    """Return what the pace of its destination says about a delivery of an article that is due."""
    pace = get(db, delivery.channel_id)
    if pace == AT_ONCE:
        return POST
    where = zone(db, delivery.guild_id)
    count = posted_count(db, delivery.channel_id, day_start(now, where)) if pace.most_a_day else 0
    return decide(pace, now, where, count, is_urgent=is_urgent)


def posted_count(
    db: sqlite_utils.Database, channel_id: int, since: datetime, until: datetime | None = None
) -> int:
    """Return how many articles of feeds and topics were posted by themselves in a destination since then.

    One that is perhaps posted counts.
    """
    [[sent]] = db.conn.execute(
        """
        SELECT count(*) FROM deliveries INDEXED BY deliveries_posted
        WHERE channel_id = ? AND state = 'sent' AND subscription_id IS NOT NULL AND digest_id IS NULL
            AND settled_at >= ? AND settled_at < ?
        """,
        [channel_id, to_text(since), to_text(until) if until else "9"],
    )
    if until is not None:
        return int(sent)
    [[sending]] = db.conn.execute(
        """
        SELECT count(*) FROM deliveries
        WHERE channel_id = ? AND state IN ('pending', 'sending') AND state = 'sending'
            AND subscription_id IS NOT NULL AND first_attempt_at >= ?
        """,
        [channel_id, to_text(since)],
    )
    return int(sent) + int(sending)


def waiting_count(db: sqlite_utils.Database, channel_id: int) -> int:
    """Return how many articles wait for a digest in a destination."""
    [[count]] = db.conn.execute(
        "SELECT count(*) FROM deliveries INDEXED BY deliveries_collected"
        " WHERE channel_id = ? AND state = 'collected'",
        [channel_id],
    )
    return int(count)


def same_issue(db: sqlite_utils.Database, delivery: Delivery, now: datetime) -> list[tuple[int, int]]:
    """Return what is scheduled today beside this delivery from its journal, itself included.

    Deliveries with their articles; [] if issues are not joined in its destination.
    """
    if not get(db, delivery.channel_id).joins_issues:
        return []
    rows = db.conn.execute(
        """
        SELECT new.id, new.article_id FROM (
            SELECT * FROM deliveries WHERE channel_id = ? AND state IN ('pending', 'sending')
            ORDER BY id DESC LIMIT ?
        ) AS new CROSS JOIN articles AS a ON a.id = new.article_id
        WHERE new.state = 'pending' AND new.first_attempt_at IS NULL AND new.subscription_id IS NOT NULL
            AND new.scheduled_at >= ? AND a.journal = (SELECT journal FROM articles WHERE id = ?)
            AND NOT EXISTS (
                SELECT 1 FROM subscriptions AS s WHERE s.id = new.subscription_id AND s.paused_at IS NOT NULL
            )
        ORDER BY new.id
        """,
        [
            delivery.channel_id,
            _SAME_ISSUE_COUNT,
            to_text(day_start(now, zone(db, delivery.guild_id))),
            delivery.article_id,
        ],
    ).fetchall()
    return [(int(delivery_id), int(article_id)) for delivery_id, article_id in rows]


def _to_pace(row: Mapping[str, Any]) -> Pace:
    return Pace(
        when=When(row["pace"]),
        weekday=row["weekday"],
        digest_minute=row["digest_minute"],
        joins_issues=bool(row["joins_issues"]),
        quiet=None if row["quiet_start"] is None else QuietHours(row["quiet_start"], row["quiet_end"]),
        most_a_day=row["most_a_day"],
    )
