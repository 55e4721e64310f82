"""Alerts for moderators about troubles and questions, each sent once.

Nothing is told from an event, which a crash could swallow: at each turn what is the matter is compared with
what was told, and the difference is due.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlite_utils

from wetread.storage import questions, troubles
from wetread.storage.feeds import NOTIFIED_AFTER
from wetread.storage.questions import Question, QuestionKind
from wetread.storage.rows import to_instant, to_text

NOTIFIED_AGAIN_AFTER = timedelta(hours=24)
"""A feed that fails and recovers all the time is a matter for people once a day."""

OLD_NEWS = timedelta(days=7)
"""Of what happened once, and could not be told for so long, nothing is told any more."""

MOST_NEW = 200
"""So many new ones are taken in at a turn, the rest at the next: an outage of all must not hold up posts."""

FAILING = "failing"
NOTIFIED_AT_ONCE = ("gone", "blocked", "quarantined")
"""The kinds of failure that do not end by themselves."""


class NoticeKind(StrEnum):
    """What a notice is about, and what its subject is the id of."""

    FEED = "feed"  # a feed that cannot be read; `detail`: why
    MISSED = "missed"  # a feed that entries have left unseen; `detail`: when
    CHANNEL = "channel"  # a destination that Discord refuses us; `detail`: the code
    REMOVED = "removed"  # a subscription that was removed with its channel
    STOPPED = "stopped"  # a destination in which posts are refused one by one; `detail`: the code
    EDITS = "edits"  # a destination in which posts cannot be brought up to date
    HELD = "held"  # a flood (see `questions`)
    UNCERTAIN = "uncertain"


class Stage(StrEnum):
    """How far it has come."""

    OPEN = "open"
    UNDOABLE = "undoable"  # answered, and the answer can still be undone
    OVER = "over"


_HAPPENED_ONCE = (NoticeKind.MISSED, NoticeKind.REMOVED)
_WITH_AN_END = (NoticeKind.FEED, NoticeKind.CHANNEL)
"""Of these moderators are told also that they are over."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One trouble or question. `shows`: what was told of it last, None = nothing; where, None = nowhere."""

    id: int
    guild_id: int
    kind: NoticeKind
    subject: int
    detail: str
    since: datetime
    shows: Stage | None = None
    channel_id: int | None = None
    message_id: int | None = None

    @property
    def question(self) -> Question | None:
        """What is asked, None if nothing is."""
        if self.kind not in (NoticeKind.HELD, NoticeKind.UNCERTAIN):
            return None
        scheduled_at = to_instant(self.detail) if self.detail else None
        return Question(self.guild_id, QuestionKind(self.kind), self.subject, scheduled_at)


@dataclass(frozen=True, slots=True)
class Due:
    """That moderators are to be told, or shown otherwise, how far a notice has come."""

    notice: Notice
    stage: Stage


def refresh(db: sqlite_utils.Database, now: datetime) -> list[Due]:
    """Compare the present troubles with the alerts sent; return the alerts to send, by server, oldest first.

    Subscriptions whose channel is gone for good are removed here, so that their moderators are told.
    """
    for orphan in troubles.remove_orphans(db, now):
        _open(db, Notice(0, orphan.guild_id, NoticeKind.REMOVED, orphan.id, "", now))
    current = {(each.guild_id, each.kind, each.subject, each.detail): each for each in _current(db, now)}
    known = {(each.guild_id, each.kind, each.subject, each.detail): each for each in _unclosed(db)}
    new = [key for key in current if key not in known]
    for key in new[:MOST_NEW]:
        known[key] = _open(db, current[key])
    due = []
    for key, notice in known.items():
        stage = _stage(db, notice, is_current=key in current, now=now)
        if stage is None or stage is notice.shows is Stage.OVER:
            _close(db, notice, now)
        elif stage is not notice.shows and not (
            notice.shows is None and _was_notified_lately(db, notice, now)
        ):
            due.append(Due(notice, stage))
    return sorted(due, key=lambda each: (each.notice.guild_id, each.notice.since, each.notice.id))


def record_notified(
    db: sqlite_utils.Database,
    due: Due,
    now: datetime,
    *,
    channel_id: int | None = None,
    message_id: int | None = None,
) -> None:
    """Remember that it was told; with a message, where it stands."""
    notice = due.notice
    db.conn.execute(
        """
        UPDATE notices SET shows = ?, notified_at = coalesce(notified_at, ?),
            channel_id = coalesce(?, channel_id), message_id = coalesce(?, message_id)
        WHERE id = ?
        """,
        [due.stage, to_text(now), channel_id, message_id, notice.id],
    )
    if due.stage is Stage.OVER or notice.kind in _HAPPENED_ONCE:
        _close(db, notice, now)
    if due.stage is Stage.OVER and notice.kind is NoticeKind.FEED:
        # It had several troubles, and has none any more: said once.
        db.conn.execute(
            "UPDATE notices SET closed_at = ? WHERE guild_id = ? AND kind = 'feed' AND subject = ?"
            " AND closed_at IS NULL",
            [to_text(now), notice.guild_id, notice.subject],
        )


def shown(db: sqlite_utils.Database, question: Question, stage: Stage, message_id: int) -> None:
    """Remember that a question's message has been changed by the press that answered or asked it again."""
    db.conn.execute(
        """
        UPDATE notices SET shows = ? WHERE guild_id = ? AND kind = ? AND subject = ? AND detail = ?
            AND message_id = ? AND closed_at IS NULL
        """,
        [stage, question.guild_id, question.kind, question.subject, question.detail, message_id],
    )


def forget_message(db: sqlite_utils.Database, notice: Notice, now: datetime) -> None:
    """Its message is gone: somebody has removed it, and it is not told again."""
    db.conn.execute("UPDATE notices SET message_id = NULL WHERE id = ?", [notice.id])
    _close(db, notice, now)


def waiting_count(db: sqlite_utils.Database, guild_id: int) -> int:
    """Return how much waits that the moderators of a server know nothing of."""
    [[count]] = db.conn.execute(
        "SELECT count(*) FROM notices WHERE guild_id = ? AND shows IS NULL AND hinted_at IS NULL"
        " AND closed_at IS NULL",
        [guild_id],
    )
    return int(count)


def hint(db: sqlite_utils.Database, guild_id: int, now: datetime) -> int:
    """As `waiting_count`, and remember that a moderator is told now that something waits."""
    count = waiting_count(db, guild_id)
    if count:
        db.conn.execute(
            "UPDATE notices SET hinted_at = ? WHERE guild_id = ? AND shows IS NULL AND closed_at IS NULL"
            " AND hinted_at IS NULL",
            [to_text(now), guild_id],
        )
    return count


# What is the matter -----------------------------------------------------------------------------------


def _current(db: sqlite_utils.Database, now: datetime) -> Iterator[Notice]:
    yield from _failing_feeds(db)
    yield from _missed(db, now)
    for channel in troubles.blocked(db):
        code = str(channel.code)
        yield Notice(0, channel.guild_id, NoticeKind.CHANNEL, channel.channel_id, code, channel.since)
    for guild_id, group in troubles.stopped(db):
        yield Notice(0, guild_id, NoticeKind.STOPPED, group.channel_id, str(group.code), group.since)
    for guild_id, unedited in troubles.unedited(db):
        yield Notice(0, guild_id, NoticeKind.EDITS, unedited.channel_id, "", unedited.since)
    for question, since in questions.waiting(db):
        kind = NoticeKind(question.kind)
        yield Notice(0, question.guild_id, kind, question.subject, question.detail, since)


def _failing_feeds(db: sqlite_utils.Database) -> Iterator[Notice]:
    rows = db.conn.execute(
        """
        SELECT DISTINCT s.guild_id, f.id, f.failure, f.failing_since, f.last_checked_at
        FROM feeds AS f JOIN subscriptions AS s ON s.feed_id = f.id
        WHERE f.failure IS NOT NULL AND s.is_topic = 0 AND s.removed_at IS NULL AND s.paused_at IS NULL
        """
    )
    for guild_id, feed_id, failure, since, checked_at in rows:
        failing_since = to_instant(since)
        if failure in NOTIFIED_AT_ONCE:
            yield Notice(0, guild_id, NoticeKind.FEED, feed_id, failure, failing_since)
        elif checked_at is not None and to_instant(checked_at) - failing_since >= NOTIFIED_AFTER:
            yield Notice(0, guild_id, NoticeKind.FEED, feed_id, FAILING, failing_since)


def _missed(db: sqlite_utils.Database, now: datetime) -> Iterator[Notice]:
    rows = db.conn.execute(
        """
        SELECT DISTINCT s.guild_id, f.id, f.may_have_missed_at
        FROM feeds AS f JOIN subscriptions AS s ON s.feed_id = f.id
        WHERE f.may_have_missed_at > s.created_at AND f.may_have_missed_at >= ?
            AND s.is_topic = 0 AND s.removed_at IS NULL AND s.paused_at IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM notices AS n WHERE n.guild_id = s.guild_id AND n.kind = 'missed'
                    AND n.subject = f.id AND n.detail = f.may_have_missed_at AND n.closed_at IS NOT NULL
            )
        """,
        [to_text(now - OLD_NEWS)],
    )
    for guild_id, feed_id, at in rows:
        yield Notice(0, guild_id, NoticeKind.MISSED, feed_id, at, to_instant(at))


def _stage(db: sqlite_utils.Database, notice: Notice, *, is_current: bool, now: datetime) -> Stage | None:
    """How far it has come; None = nothing more is to be told."""
    if is_current or (notice.kind is NoticeKind.REMOVED and notice.since > now - OLD_NEWS):
        return Stage.OPEN
    if notice.kind is NoticeKind.FEED and _still_fails(db, notice):
        return notice.shows
    if notice.shows is None or notice.message_id is None:
        return None
    if (question := notice.question) is not None:
        decision = questions.decision_on(db, question)
        can_be_undone = decision is not None and decision.can_be_undone(now)
        return Stage.UNDOABLE if can_be_undone else Stage.OVER
    has_end_notice = notice.kind in _WITH_AN_END and _is_well(db, notice)
    return Stage.OVER if has_end_notice else None


def _still_fails(db: sqlite_utils.Database, notice: Notice) -> bool:
    """In another way now: that is one trouble still."""
    [[is_failing]] = db.conn.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM feeds AS f JOIN subscriptions AS s ON s.feed_id = f.id
            WHERE f.id = ? AND f.failure IS NOT NULL AND s.guild_id = ? AND s.is_topic = 0
                AND s.removed_at IS NULL AND s.paused_at IS NULL
        )
        """,
        [notice.subject, notice.guild_id],
    )
    return bool(is_failing) and notice.shows is not None


def _is_well(db: sqlite_utils.Database, notice: Notice) -> bool:
    """Whether it ended well, and not because nobody wants it any more."""
    statement = {
        NoticeKind.FEED: """
            SELECT EXISTS (
                SELECT 1 FROM feeds AS f JOIN subscriptions AS s ON s.feed_id = f.id
                WHERE f.id = ?1 AND f.failure IS NULL AND s.guild_id = ?2 AND s.is_topic = 0
                    AND s.removed_at IS NULL AND s.paused_at IS NULL
            )
            """,
        NoticeKind.CHANNEL: """
            SELECT NOT EXISTS (SELECT 1 FROM blocked_channels WHERE channel_id = ?1)
                AND EXISTS (SELECT 1 FROM subscriptions
                    WHERE channel_id = ?1 AND guild_id = ?2 AND removed_at IS NULL)
            """,
    }[notice.kind]
    [[is_well]] = db.conn.execute(statement, [notice.subject, notice.guild_id])
    return bool(is_well)


def _was_notified_lately(db: sqlite_utils.Database, notice: Notice, now: datetime) -> bool:
    if notice.kind not in (NoticeKind.FEED, NoticeKind.MISSED):
        return False
    [[is_so]] = db.conn.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM notices WHERE kind = ? AND subject = ? AND guild_id = ? AND notified_at > ?
                AND (kind = 'missed' OR detail = ?)
        )
        """,
        [notice.kind, notice.subject, notice.guild_id, to_text(now - NOTIFIED_AGAIN_AFTER), notice.detail],
    )
    return bool(is_so)


# Rows -------------------------------------------------------------------------------------------------


def _open(db: sqlite_utils.Database, notice: Notice) -> Notice:
    cursor = db.conn.execute(
        "INSERT INTO notices (guild_id, kind, subject, detail, since) VALUES (?, ?, ?, ?, ?)",
        [notice.guild_id, notice.kind, notice.subject, notice.detail, to_text(notice.since)],
    )
    rows = db.query("SELECT * FROM notices WHERE id = ?", [cursor.lastrowid])
    return next(_to_notice(row) for row in rows)


def _close(db: sqlite_utils.Database, notice: Notice, now: datetime) -> None:
    db.conn.execute("UPDATE notices SET closed_at = ? WHERE id = ?", [to_text(now), notice.id])


def _unclosed(db: sqlite_utils.Database) -> list[Notice]:
    return [_to_notice(row) for row in db.query("SELECT * FROM notices WHERE closed_at IS NULL")]


def _to_notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        id=row["id"],
        guild_id=row["guild_id"],
        kind=NoticeKind(row["kind"]),
        subject=row["subject"],
        detail=row["detail"],
        since=to_instant(row["since"]),
        shows=Stage(row["shows"]) if row["shows"] else None,
        channel_id=row["channel_id"],
        message_id=row["message_id"],
    )
