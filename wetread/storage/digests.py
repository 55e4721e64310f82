"""Digests: several articles in one post, which is claimed, sent and settled as every delivery (delivery.md).

Articles that wait for one are `collected`. When it is due, they become the members of a new delivery without
an article of its own. From its first attempt on they share its state; until then each can leave it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlite_utils

from wetread.domain.batches import batches
from wetread.domain.digests import Content, Digest, Discussed
from wetread.domain.models import Delivery, Form, Reason
from wetread.domain.pace import AT_ONCE, LARGE_ISSUE, DigestKind, Step, instant, is_urgent
from wetread.storage import articles, deliveries, paces
from wetread.storage.rows import to_instant, to_text

MOST_MEMBERS = 250
"""More articles that wait become several digests."""

DISCUSSED_COUNT = 3
_SAMPLE_COUNT = 10

_WAITS = """
    state = 'collected' AND digest_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM subscriptions AS s WHERE s.id = deliveries.subscription_id AND s.paused_at IS NOT NULL
    )
"""
"""SQL: it waits for a digest that is not formed yet, and its subscription runs."""


# What waits -------------------------------------------------------------------------------------------


def due_channels(db: sqlite_utils.Database, now: datetime) -> list[int]:
    """Return the destinations with a digest to form."""
    rows = db.conn.execute(
        f"""
        SELECT DISTINCT channel_id FROM deliveries INDEXED BY deliveries_collected  -- the few that wait
        WHERE {_WAITS} AND next_try_at <= ?
            AND NOT EXISTS (SELECT 1 FROM blocked_channels AS b WHERE b.channel_id = deliveries.channel_id)
        """,  # noqa: S608  # a constant of ours
        [to_text(now)],
    )
    return [int(channel_id) for (channel_id,) in rows]


def is_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> bool:
    """Return whether a destination has a digest to form."""
    found = db.conn.execute(
        f"SELECT 1 FROM deliveries INDEXED BY deliveries_collected"  # noqa: S608  # a constant of ours
        f" WHERE {_WAITS} AND channel_id = ? AND next_try_at <= ? LIMIT 1",  # a constant of ours
        [channel_id, to_text(now)],
    )
    return found.fetchone() is not None


def form_due(db: sqlite_utils.Database, channel_id: int, now: datetime) -> None:
    """Put the digest of a destination into the outbox if it is due, with all that waits for it."""
    if not is_due(db, channel_id, now):
        return
    rows = db.conn.execute(
        f"SELECT id, scheduled_at, next_try_at FROM deliveries INDEXED BY deliveries_collected"  # noqa: S608  # a constant of ours
        f" WHERE {_WAITS} AND channel_id = ? ORDER BY id",  # a constant of ours
        [channel_id],
    ).fetchall()
    pace = paces.get(db, channel_id)
    zone = paces.zone(db, _guild_of(db, rows[0][0]))
    due_on = min(to_instant(due) for *_, due in rows).astimezone(zone).date()
    for part in batches(rows, MOST_MEMBERS):
        first, last = to_instant(part[0][1]).astimezone(zone).date(), due_on
        if pace.digest_kind is DigestKind.WEEKLY:
            first, last = due_on - timedelta(days=7), due_on - timedelta(days=1)
        _form(db, pace.digest_kind, [each for each, *_ in part], (min(first, last), last), now)


def holds_back(db: sqlite_utils.Database, delivery: Delivery, now: datetime) -> bool:
    """Do with a delivery that is about to be posted what its destination's pace says.

    Returns False if it is posted now. What may have been posted already, and what a member shares, is.
    """
    if delivery.article_id is None:
        return _is_skipped_as_empty(db, delivery, now)
    if delivery.subscription_id is None or paces.get(db, delivery.channel_id) == AT_ONCE:
        return False
    urgent = is_urgent(articles.get(db, delivery.article_id).record)
    decided = paces.decision(db, delivery, now, is_urgent=urgent)
    match decided.step:
        case Step.WAIT:
            _set_aside(db, delivery.id, "pending", decided.at or now)
        case Step.COLLECT:
            _set_aside(db, delivery.id, "collected", decided.at or now)
        case Step.POST:
            return not urgent and _joins_issue(db, delivery, now)
    return True


def _set_aside(db: sqlite_utils.Database, delivery_id: int, state: str, until: datetime) -> None:
    db.conn.execute(
        """
        UPDATE deliveries SET state = ?, next_try_at = ?, waits_for_abstract = 0, code = NULL, reason = NULL,
            first_attempt_at = NULL, last_attempt_at = NULL, attempt_count = 0
        WHERE id = ?
        """,
        [state, to_text(until), delivery_id],
    )


def _joins_issue(db: sqlite_utils.Database, delivery: Delivery, now: datetime) -> bool:
    """Make one post of this article and the others of its journal that came on this day, if they are many."""
    ids = paces.same_issue(db, delivery, now)
    records = articles.merged_records(db, [article_id for _, article_id in ids])
    members = [each for each, article_id in ids if not is_urgent(records[article_id])]
    if len(members) <= LARGE_ISSUE:
        return False
    today = now.astimezone(paces.zone(db, delivery.guild_id)).date()
    for part in batches(members, MOST_MEMBERS):
        _form(db, DigestKind.ISSUE, part, (today, today), now)
    return True


def _form(
    db: sqlite_utils.Database,
    kind: DigestKind,
    members: Sequence[int],
    days: tuple[date, date],
    now: datetime,
) -> None:
    """Put a digest of these deliveries into the outbox; it is due at once."""
    cursor = db.conn.execute(
        """
        INSERT INTO deliveries (guild_id, channel_id, kind, form, state, scheduled_at, next_try_at)
        SELECT guild_id, channel_id, kind, ?, 'pending', ?, ? FROM deliveries WHERE id = ?
        """,
        [Form.TITLE, to_text(now), to_text(now), members[0]],
    )
    digest_id = int(cursor.lastrowid or 0)
    db.conn.execute(
        "INSERT INTO digests (delivery_id, kind, from_on, until_on) VALUES (?, ?, ?, ?)",
        [digest_id, kind, *(each.isoformat() for each in days)],
    )
    db.conn.executemany(
        """
        UPDATE deliveries SET state = 'collected', digest_id = ?, next_try_at = ?, waits_for_abstract = 0
        WHERE id = ?
        """,
        [(digest_id, to_text(now), each) for each in members],
    )


def _is_skipped_as_empty(db: sqlite_utils.Database, digest: Delivery, now: datetime) -> bool:
    """Skip a digest whose articles have all left it. Returns whether it is one."""
    if _member_ids(db, digest.id):
        return False
    deliveries.skip(db, "id = ?", [digest.id], Reason.EMPTY, now)
    return True


def sample(db: sqlite_utils.Database, guild_id: int, channel_id: int, now: datetime) -> Digest:
    """Return the digest of what waits in a destination now, or else of its last articles."""
    rows = db.conn.execute(
        """
        SELECT article_id, state = 'collected' FROM deliveries
        WHERE guild_id = ? AND channel_id = ? AND article_id IS NOT NULL AND state IN ('collected', 'sent')
        ORDER BY state = 'sent', id DESC LIMIT ?
        """,
        [guild_id, channel_id, MOST_MEMBERS],
    ).fetchall()
    waiting = [int(article_id) for article_id, waits in rows if waits]
    shown = waiting or [int(article_id) for article_id, _ in rows[:_SAMPLE_COUNT]]
    pace = paces.get(db, channel_id)
    today = now.astimezone(paces.zone(db, guild_id)).date()
    first = today - timedelta(days=7 if pace.digest_kind is DigestKind.WEEKLY else 0)
    return Digest(pace.digest_kind, first, today, tuple(articles.get_many(db, shown[::-1])))


# What is posted ---------------------------------------------------------------------------------------


def content(db: sqlite_utils.Database, delivery: Delivery) -> Content:
    """Return what a delivery posts: its article or its digest."""
    if delivery.article_id is not None:
        return articles.get(db, delivery.article_id)
    [[kind, first, last]] = db.conn.execute(
        "SELECT kind, from_on, until_on FROM digests WHERE delivery_id = ?", [delivery.id]
    )
    days = date.fromisoformat(first), date.fromisoformat(last)
    digest = Digest(
        DigestKind(kind), *days, articles=tuple(articles.get_many(db, _member_ids(db, delivery.id)))
    )
    match digest.kind:
        case DigestKind.WEEKLY:
            return _week(db, delivery, digest)
        case DigestKind.REST:
            zone = paces.zone(db, delivery.guild_id)
            start, end = (instant(days[1] + timedelta(days=each), 0, zone) for each in (0, 1))
            count = paces.posted_count(db, delivery.channel_id, start, min(end, delivery.scheduled_at))
            return replace(digest, posted_count=count)
        case _:
            return digest


def _guild_of(db: sqlite_utils.Database, delivery_id: int) -> int:
    [[guild_id]] = db.conn.execute("SELECT guild_id FROM deliveries WHERE id = ?", [delivery_id])
    return int(guild_id)


def _member_ids(db: sqlite_utils.Database, digest_id: int) -> list[int]:
    """Return the articles of a digest, in the order in which they came."""
    rows = db.conn.execute("SELECT article_id FROM deliveries WHERE digest_id = ? ORDER BY id", [digest_id])
    return [int(article_id) for (article_id,) in rows]


def _week(db: sqlite_utils.Database, delivery: Delivery, digest: Digest) -> Digest:
    """Add what a week's digest tells of posts of its destination that members can see there."""
    days = [digest.first_day.isoformat(), digest.last_day.isoformat()]
    noted = db.conn.execute(
        """
        SELECT DISTINCT c.article_id FROM status_changes AS c JOIN deliveries AS d USING (article_id)
        WHERE c.noticed_on BETWEEN ? AND ? AND d.channel_id = ? AND d.state = 'sent' AND d.was_deleted = 0
        ORDER BY c.noticed_on, c.article_id
        """,
        [*days, delivery.channel_id],
    )
    discussed = db.conn.execute(
        """
        SELECT d.article_id, d.shared_by_name, sum(r.reply_count) AS count
        FROM replies AS r JOIN deliveries AS d ON d.id = r.delivery_id
        WHERE r.replied_on BETWEEN ? AND ? AND d.channel_id = ? AND d.article_id IS NOT NULL
            AND d.was_deleted = 0
        GROUP BY d.id ORDER BY count DESC, d.id DESC LIMIT ?
        """,
        [*days, delivery.channel_id, DISCUSSED_COUNT],
    ).fetchall()
    return replace(
        digest,
        noted=tuple(
            each
            for each in articles.get_many(db, [article_id for (article_id,) in noted])
            if is_urgent(each.record)
        ),
        discussed=tuple(
            Discussed(articles.get(db, article_id), count, name) for article_id, name, count in discussed
        ),
    )


def note_status_change(db: sqlite_utils.Database, article_id: int, now: datetime) -> None:
    """Remember that the publication status of an article changed, for weekly digests."""
    db.conn.execute(
        "INSERT INTO status_changes (noticed_on, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [now.date().isoformat(), article_id],
    )


def note_reply(db: sqlite_utils.Database, thread_id: int, now: datetime) -> None:
    """Count a member's message in the discussion of a post; do nothing if it is no discussion."""
    db.conn.execute(
        """
        INSERT INTO replies (replied_on, delivery_id, reply_count)
        SELECT ?, id, 1 FROM deliveries WHERE thread_id = ?
        ON CONFLICT (replied_on, delivery_id) DO UPDATE SET reply_count = reply_count + 1
        """,
        [now.date().isoformat(), thread_id],
    )
