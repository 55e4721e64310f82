"""Questions for moderators: articles that are held, and posts that could not be confirmed.

Each answer is kept with who gave it. The first one counts, however many press; what was not posted can be
undone for a while.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject, NewChange, Value
from wetread.domain.digests import Content, content_name
from wetread.domain.models import Delivery, DeliveryState, PartialDate, Reason
from wetread.feeds.planner import is_old
from wetread.storage import changes, deliveries, digests
from wetread.storage.rows import to_instant, to_text

UNDO_FOR = timedelta(minutes=10)

UNSETTLED = "state IN ('pending', 'sending', 'held', 'parked', 'uncertain')"
"""SQL: as the partial index has it, so that it serves."""

NOT_KNOWN = "Discord did not say whether it arrived"


class QuestionKind(StrEnum):
    """What is asked."""

    HELD = "held"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `subject` is a held flood's subscription, or an uncertain delivery.

    `scheduled_at`: when the flood came, to the second; None for an uncertain delivery.
    """

    guild_id: int
    kind: QuestionKind
    subject: int
    scheduled_at: datetime | None = None

    @property
    def detail(self) -> str:
        """What tells it from another question about the same subject."""
        return "" if self.scheduled_at is None else to_text(self.scheduled_at)


@dataclass(frozen=True, slots=True)
class Flood:
    """Articles that are held together. `article_ids` newest first; `are_old`: all are known to be."""

    question: Question
    name: str
    channel_id: int
    article_ids: tuple[int, ...]
    are_old: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer. `left_count` are those that are not posted; `by_name`: who gave it, as they were called."""

    id: int
    question: Question
    posted_count: int
    left_count: int
    by_name: str
    at: datetime

    def can_be_undone(self, now: datetime) -> bool:
        """Whether nothing has followed from it yet that stays."""
        return self.posted_count == 0 and now < self.at + UNDO_FOR


def of_guild(db: sqlite_utils.Database, guild_id: int) -> list[Question]:
    """Return what waits for an answer in a server, longest first."""
    return [question for question, _ in waiting(db, guild_id)]


def waiting(db: sqlite_utils.Database, guild_id: int | None = None) -> list[tuple[Question, datetime]]:
    """Return what waits for an answer, and since when, longest first; None = in all servers."""
    rows = db.conn.execute(
        f"""
        SELECT guild_id, state, coalesce(subscription_id, 0), scheduled_at, scheduled_at FROM deliveries
        WHERE {UNSETTLED} AND state = 'held' AND (? IS NULL OR guild_id = ?)
        GROUP BY guild_id, subscription_id, scheduled_at
        UNION ALL
        SELECT guild_id, state, id, '', coalesce(last_attempt_at, scheduled_at) FROM deliveries
        WHERE {UNSETTLED} AND state = 'uncertain' AND (? IS NULL OR guild_id = ?)
        ORDER BY 5
        """,  # noqa: S608  # a constant of ours
        [guild_id, guild_id, guild_id, guild_id],
    )
    return [
        (_question(guild, kind, subject, detail), to_instant(since))
        for guild, kind, subject, detail, since in rows
    ]


def flood(db: sqlite_utils.Database, question: Question) -> Flood | None:
    """Return what a question about a flood is about, None if nothing of it is held any more."""
    rows = db.conn.execute(
        """
        SELECT d.article_id, a.published_on, d.channel_id, s.name
        FROM deliveries AS d JOIN articles AS a ON a.id = d.article_id
            JOIN subscriptions AS s ON s.id = d.subscription_id
            LEFT JOIN article_days USING (article_id)
        WHERE d.subscription_id = ? AND d.state IN ('pending', 'collected', 'held', 'parked')
            AND d.state = 'held' AND d.guild_id = ? AND d.scheduled_at = ?
        ORDER BY day DESC, d.id DESC
        """,
        [question.subject, question.guild_id, question.detail],
    ).fetchall()
    if not rows:
        return None
    dates = [row[1] and PartialDate.from_iso(row[1]) for row in rows]
    seen_at = question.scheduled_at or to_instant(question.detail)
    return Flood(
        question=question,
        name=rows[0][3],
        channel_id=rows[0][2],
        article_ids=tuple(int(row[0]) for row in rows),
        are_old=all(date and is_old(date, seen_at) for date in dates),
    )


def uncertain(db: sqlite_utils.Database, question: Question) -> Delivery | None:
    """Return the delivery that a question is about, None if it is not uncertain any more."""
    delivery = deliveries.get(db, question.subject)
    is_asked = delivery and delivery.guild_id == question.guild_id
    return delivery if delivery and is_asked and delivery.state is DeliveryState.UNCERTAIN else None


def content_of(db: sqlite_utils.Database, question: Question) -> Content | None:
    """Return what an uncertain delivery posts, also when it is not uncertain any more."""
    delivery = deliveries.get(db, question.subject)
    if delivery is None or delivery.guild_id != question.guild_id:
        return None
    return digests.content(db, delivery)


def name_of(db: sqlite_utils.Database, guild_id: int, subscription_id: int) -> str:
    """Return what moderators call a subscription of a server, also a removed one; "" for no such id."""
    row = db.conn.execute(
        "SELECT name FROM subscriptions WHERE id = ? AND guild_id = ?", [subscription_id, guild_id]
    ).fetchone()
    return "" if row is None else str(row[0])


# Answering --------------------------------------------------------------------------------------------


def decide_held(
    db: sqlite_utils.Database, question: Question, newest: int | None, by: ChangedBy, now: datetime
) -> Decision | None:
    """Post the newest `newest` of the held articles (None = all, 0 = none) and skip the others.

    Returns the decision that holds: an earlier one, if there is; None if nothing of it is held any more.
    """
    args = (question.guild_id, question.subject)
    held = deliveries.held_ids(db, *args, question.scheduled_at)
    if not held:
        return decision_on(db, question)
    posted = len(held) if newest is None else min(newest, len(held))
    decision_id = _insert(db, question, (posted, len(held) - posted), by, now)
    db.conn.executemany(
        "UPDATE deliveries SET decision_id = ? WHERE id = ?", [(decision_id, each) for each in held]
    )
    deliveries.release_held(db, *args, newest, now, scheduled_at=question.scheduled_at)
    return decision_on(db, question)


def decide_uncertain(
    db: sqlite_utils.Database, question: Question, by: ChangedBy, now: datetime, *, post_again: bool
) -> Decision | None:
    """Take an uncertain delivery as posted, or post it again. Returns as `decide_held`."""
    is_settled = deliveries.resolve_uncertain(
        db, question.guild_id, question.subject, now, post_again=post_again
    )
    if is_settled:
        decision_id = _insert(db, question, (int(post_again), int(not post_again)), by, now)
        db.conn.execute("UPDATE deliveries SET decision_id = ? WHERE id = ?", [decision_id, question.subject])
    return decision_on(db, question)


def undo(
    db: sqlite_utils.Database, guild_id: int, decision_id: int, by: ChangedBy, now: datetime
) -> Question | None:
    """Ask again what a decision has answered; None if it is too late, or nothing of it is left."""
    decision = get_decision(db, guild_id, decision_id)
    if decision is None or not decision.can_be_undone(now):
        return None
    if decision.question.kind is QuestionKind.HELD:
        reopened = db.conn.execute(
            """
            UPDATE deliveries SET state = 'held', reason = ?, settled_at = NULL, decision_id = NULL
            WHERE decision_id = ? AND state = 'skipped' AND reason = ?
            """,
            [Reason.FLOOD, decision_id, Reason.DECLINED],
        )
    else:
        reopened = db.conn.execute(
            """
            UPDATE deliveries SET state = 'uncertain', reason = ?, settled_at = NULL, decision_id = NULL
            WHERE decision_id = ? AND state = 'sent' AND message_id IS NULL AND was_deleted = 0
            """,
            [NOT_KNOWN, decision_id],
        )
        deliveries.reopen_members(db, decision.question.subject)
    if not reopened.rowcount:
        return None
    db.conn.execute("UPDATE decisions SET undone_at = ? WHERE id = ?", [to_text(now), decision_id])
    noted = changes.last(db, guild_id, ChangeSubject.DECISION, decision_id)
    values = noted.new.after if noted else {}
    changes.note(db, by, _change(db, decision.question, decision_id, before=values), now)
    undoing = changes.last(db, guild_id, ChangeSubject.DECISION, decision_id)
    if noted is not None and undoing is not None:
        changes.mark_undone(db, noted, undoing)
    return decision.question


def decision_on(db: sqlite_utils.Database, question: Question) -> Decision | None:
    """Return the last answer to a question that holds, None if there is none."""
    rows = db.query(
        """
        SELECT * FROM decisions WHERE guild_id = ? AND kind = ? AND subject = ? AND detail = ?
            AND undone_at IS NULL
        ORDER BY id DESC LIMIT 1
        """,
        [question.guild_id, question.kind, question.subject, question.detail],
    )
    return next((_to_decision(row) for row in rows), None)


def get_decision(db: sqlite_utils.Database, guild_id: int, decision_id: int) -> Decision | None:
    """Return a server's decision that was not undone, None if there is none with that id."""
    rows = db.query(
        "SELECT * FROM decisions WHERE id = ? AND guild_id = ? AND undone_at IS NULL", [decision_id, guild_id]
    )
    return next((_to_decision(row) for row in rows), None)


def _insert(
    db: sqlite_utils.Database, question: Question, counts: tuple[int, int], by: ChangedBy, now: datetime
) -> int:
    cursor = db.conn.execute(
        """
        INSERT INTO decisions (
            guild_id, kind, subject, detail, posted_count, left_count, decided_by, decided_by_name, decided_at
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            question.guild_id,
            question.kind,
            question.subject,
            question.detail,
            *counts,
            by.id,
            by.name,
            to_text(now),
        ],
    )
    decision_id = int(cursor.lastrowid or 0)
    values: dict[str, Value] = {"kind": question.kind, "posted_count": counts[0], "left_count": counts[1]}
    changes.note(db, by, _change(db, question, decision_id, after=values), now)
    return decision_id


def _change(
    db: sqlite_utils.Database,
    question: Question,
    decision_id: int,
    *,
    before: Mapping[str, Value] | None = None,
    after: Mapping[str, Value] | None = None,
) -> NewChange:
    """Describe the change that a decision is, or its undoing, by the feed's name or the article's title."""
    if question.kind is QuestionKind.HELD:
        name = name_of(db, question.guild_id, question.subject)
    else:
        content = content_of(db, question)
        name = content_name(content) if content else ""
    return NewChange(
        question.guild_id, ChangeSubject.DECISION, decision_id, name, before=before or {}, after=after or {}
    )


def _to_decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        id=row["id"],
        question=_question(row["guild_id"], row["kind"], row["subject"], row["detail"]),
        posted_count=row["posted_count"],
        left_count=row["left_count"],
        by_name=row["decided_by_name"],
        at=to_instant(row["decided_at"]),
    )


def _question(guild_id: int, kind: str, subject: int, detail: str) -> Question:
    return Question(guild_id, QuestionKind(kind), subject, to_instant(detail) if detail else None)
