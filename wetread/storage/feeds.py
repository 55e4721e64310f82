"""Stored feeds: which are due, and the recording of a check in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from wetread.domain.errors import FeedError, FeedParseError, FeedRetrievalError
from wetread.domain.models import Feed, NotModified, ParsedFeed, Validators
from wetread.feeds.check_result import CheckResult, Retrieval
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.schedule import PollingPolicy, latest_check_at, next_check_at, next_retry_at
from wetread.feeds.windows import Span
from wetread.storage import feed_entries
from wetread.storage.rows import to_instant, to_optional_instant, to_optional_text, to_text

QUARANTINE = 3
"""So many parser processes may a feed kill before it is set apart (faults.md S16)."""

NOTIFIED_AFTER = timedelta(days=3)
"""Failing so long, a feed is a matter for people (faults.md B16)."""

MOVED_COUNT, MOVED_FOR = 3, timedelta(hours=24)
"""A permanent redirect is believed when it led to the same address so often and for so long (B12)."""


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """The result of one check of a feed. `failure` None = it succeeded; only then the counts are valid.

    `new_count` are articles that this feed had not brought before; `pending_count` and `held_count` are
    deliveries, over all destinations. `warnings` are for people, in plain words.
    """

    feed: Feed
    new_count: int = 0
    updated_count: int = 0
    pending_count: int = 0
    held_count: int = 0
    failure: str | None = None
    warnings: tuple[str, ...] = ()
    may_have_missed: bool = False


# Which feeds there are --------------------------------------------------------------------------------


def add(db: sqlite_utils.Database, url: str, title: str, journal_key: str | None, now: datetime) -> Feed:
    """Return the feed at `url`, added if it is not there; it is due at once, once somebody subscribes."""
    db.conn.execute(
        "INSERT INTO feeds (url, title, journal_key, next_check_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (url) DO NOTHING",
        [url, title, journal_key, to_text(now)],
    )
    feed = by_url(db, url)
    if feed is None:
        raise LookupError(url)
    return feed


def get(db: sqlite_utils.Database, feed_id: int) -> Feed:
    """Return a feed. Raises LookupError for no such id."""
    for row in db.query("SELECT * FROM feeds WHERE id = ?", [feed_id]):
        return to_feed(row)
    raise LookupError(f"no feed {feed_id}")


def by_url(db: sqlite_utils.Database, url: str) -> Feed | None:
    """Return the feed at this address, as it is stored; None if there is none."""
    return next((to_feed(row) for row in db.query("SELECT * FROM feeds WHERE url = ?", [url])), None)


def due(db: sqlite_utils.Database, now: datetime, limit: int, policy: PollingPolicy) -> list[Feed]:
    """Return the feeds to check now, longest due first; feeds with paused subscriptions only are not due.

    A time so far ahead that only a wrong clock can have written it counts as due (faults.md C18).
    """
    rows = db.query(
        f"""
        SELECT *, {_NEEDS_DOCUMENT} AS needs_document, {_IS_RUNNING} AS is_running FROM feeds
        WHERE (next_check_at <= ? OR next_check_at > ?) AND is_gone = 0 AND {_IS_WANTED}
        ORDER BY next_check_at LIMIT ?
        """,  # noqa: S608  # a constant of this file
        [to_text(now), to_text(latest_check_at(now, policy)), limit],
    )
    return [_to_be_asked(row) for row in rows]


def to_be_asked(db: sqlite_utils.Database, feed_id: int) -> Feed:
    """Return a feed as it is to be asked now, due or not. Raises LookupError for no such id."""
    rows = db.query(
        f"SELECT *, {_NEEDS_DOCUMENT} AS needs_document, {_IS_RUNNING} AS is_running"  # noqa: S608  # constants
        " FROM feeds WHERE id = ?",
        [feed_id],
    )
    for row in rows:
        return _to_be_asked(row)
    raise LookupError(f"no feed {feed_id}")


_IS_WANTED = """
    EXISTS (SELECT 1 FROM subscriptions WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL)
"""
_NEEDS_DOCUMENT = """
    EXISTS (
        SELECT 1 FROM subscriptions
        WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL AND starts_with > 0
    )
"""


_IS_RUNNING = """
    EXISTS (
        SELECT 1 FROM subscriptions
        WHERE feed_id = feeds.id AND removed_at IS NULL AND paused_at IS NULL AND starts_with IS NULL
    )
"""


def _to_be_asked(row: Mapping[str, Any]) -> Feed:
    """A subscription that starts with some of the newest needs the document, not a 304 or a known hash.

    If all are yet to start, nobody wants what came to a query while it was not asked.
    """
    feed = to_feed(row)
    if row["needs_document"]:
        feed = replace(feed, validators=Validators(), body_hash=None)
    return feed if row["is_running"] else replace(feed, seen_until=None)


def known_guids(db: sqlite_utils.Database, url: str, guids: Sequence[str]) -> frozenset[str]:
    """Return those of `guids` under which the feed at this address has brought something."""
    rows = db.conn.execute(
        "SELECT guid FROM entries WHERE feed_id = (SELECT id FROM feeds WHERE url = ?)"
        " AND guid IN (SELECT value FROM json_each(?))",
        [url, json.dumps(list(guids))],
    )
    return frozenset(str(row[0]) for row in rows)


def watched(db: sqlite_utils.Database) -> list[Feed]:
    """Return all feeds that a subscription that is not paused wants, in any server: for the operator."""
    return [to_feed(row) for row in db.query(f"SELECT * FROM feeds WHERE {_IS_WANTED} ORDER BY title")]  # noqa: S608  # a constant of this file


# Recording a check ------------------------------------------------------------------------------------


def record_update(
    db: sqlite_utils.Database,
    feed_id: int,
    outcome: CheckResult,
    now: datetime,
    policy: UpdatePolicy,
    *,
    chance: float,
) -> FeedUpdate:
    """Record a check of a feed in one transaction: articles, entries, pending deliveries, and validators.

    The validators never get ahead of the entries, or a 304 would hide these for ever (delivery.md, "Rules").
    `chance` is a random number from 0 to 1, by which the next check varies. Raises LookupError for an
    unknown feed.
    """
    feed = get(db, feed_id)
    if isinstance(outcome, FeedError):
        after = _record_failure(db, feed, outcome, now, _Timing(policy.polling, chance))
        return FeedUpdate(after, failure=after.failure)
    update = FeedUpdate(feed)
    if isinstance(outcome, Retrieval):
        update = _record_retrieval(db, feed, outcome, now, policy)
    has_more = isinstance(outcome, Retrieval) and outcome.has_more
    if isinstance(outcome, Retrieval) and outcome.parsed is not None and not has_more:
        feed_entries.start(db, feed.id)
    elif not has_more:
        feed_entries.start_unchanged(db, [feed.id])
    has_overflowed = has_more or update.may_have_missed
    hint = outcome.retrieved.hint if isinstance(outcome, Retrieval) else outcome.hint
    timing = _Timing(policy.polling, chance, hint, has_overflowed)
    _record_successes(db, [_successful(get(db, feed.id), now, timing)])
    return replace(update, feed=get(db, feed.id))


def unchanged(feed: Feed, answer: NotModified, now: datetime, policy: UpdatePolicy, *, chance: float) -> Feed:
    """Return a feed as it is after an answer "not modified", for `record_unchanged`; nothing is stored."""
    return _successful(feed, now, _Timing(policy.polling, chance, answer.hint))


def record_unchanged(db: sqlite_utils.Database, after: Sequence[Feed]) -> None:
    """Record, as `record_update` does, many feeds that have not changed."""
    _record_successes(db, after)
    feed_entries.start_unchanged(db, [feed.id for feed in after])


@dataclass(frozen=True, slots=True)
class _Timing:
    """What decides when to ask again, beside the feed itself."""

    policy: PollingPolicy
    chance: float
    hint: float | None = None
    has_overflowed: bool = False


def _record_retrieval(
    db: sqlite_utils.Database, feed: Feed, outcome: Retrieval, now: datetime, policy: UpdatePolicy
) -> FeedUpdate:
    retrieved, parsed = outcome.retrieved, outcome.parsed
    found = feed_entries.NOTHING
    if parsed is not None:
        urls = {feed.url, retrieved.url}
        found = feed_entries.record(db, feed.id, parsed.entries, now, policy, urls=urls)
        if outcome.seen is not None:
            # There is no document that anything could have left. What was new is all that was had.
            found = replace(found, may_have_missed=False, warnings=())
            _note_seen(db, feed, outcome.seen)
        _note_document(db, feed.id, parsed, found, now)
    db.conn.execute(
        "UPDATE feeds SET etag = ?, last_modified = ?, body_hash = ?, crash_count = 0,"
        " unconditional_at = coalesce(?, unconditional_at) WHERE id = ?",
        [
            retrieved.validators.etag,
            retrieved.validators.last_modified,
            outcome.body_hash,
            to_text(now) if outcome.was_unconditional else None,
            feed.id,
        ],
    )
    _follow_move(db, feed, retrieved.permanent_url, now)
    return FeedUpdate(
        feed,
        new_count=found.new_count,
        updated_count=found.updated_count,
        pending_count=found.pending_count,
        held_count=found.held_count,
        warnings=(*(parsed.warnings if parsed else ()), *found.warnings),
        may_have_missed=found.may_have_missed,
    )


def _note_document(
    db: sqlite_utils.Database,
    feed_id: int,
    parsed: ParsedFeed,
    found: feed_entries.EntryCounts,
    now: datetime,
) -> None:
    db.conn.execute(
        "UPDATE feeds SET ttl_seconds = ?, last_new_at = coalesce(?, last_new_at),"
        " may_have_missed_at = coalesce(?, may_have_missed_at) WHERE id = ?",
        [
            parsed.ttl,
            to_text(now) if found.new_count else None,
            to_text(now) if found.may_have_missed else None,
            feed_id,
        ],
    )


def _note_seen(db: sqlite_utils.Database, feed: Feed, seen: Span) -> None:
    """Remember until when a query is known without a gap, by those who have followed it."""
    is_running = db.conn.execute(f"SELECT {_IS_RUNNING} FROM feeds WHERE id = ?", [feed.id]).fetchone()[0]  # noqa: S608  # a constant
    seen_until = seen.joined_to(feed.seen_until if is_running else None)
    db.conn.execute("UPDATE feeds SET seen_until = ? WHERE id = ?", [to_text(seen_until), feed.id])


def _successful(feed: Feed, now: datetime, timing: _Timing) -> Feed:
    """Return the feed as it is after a check that went well."""
    next_at = next_check_at(
        now,
        policy=timing.policy,
        chance=timing.chance,
        hints=(timing.hint, feed.ttl),
        last_new_at=feed.last_new_at,
        has_overflowed=timing.has_overflowed,
    )
    # Written out: `replace` needs as long as the rest of this function, for each of many feeds.
    return Feed(
        id=feed.id,
        url=feed.url,
        title=feed.title,
        journal_key=feed.journal_key,
        validators=feed.validators,
        body_hash=feed.body_hash,
        next_check_at=next_at.replace(microsecond=0),
        last_checked_at=now,
        last_new_at=feed.last_new_at,
        may_have_missed_at=feed.may_have_missed_at,
        seen_until=feed.seen_until,
        ttl=feed.ttl,
        unconditional_at=feed.unconditional_at,
        crash_count=feed.crash_count,
        moved_url=feed.moved_url,
        moved_count=feed.moved_count,
        moved_since=feed.moved_since,
    )


def _record_successes(db: sqlite_utils.Database, after: Sequence[Feed]) -> None:
    db.conn.executemany(
        "UPDATE feeds SET last_checked_at = ?1, last_success_at = ?1, next_check_at = ?2,"
        " failing_since = NULL, failure = NULL, failure_count = 0, is_gone = 0 WHERE id = ?3",
        [(to_optional_text(feed.last_checked_at), to_text(feed.next_check_at), feed.id) for feed in after],
    )


def _record_failure(
    db: sqlite_utils.Database, feed: Feed, error: FeedError, now: datetime, timing: _Timing
) -> Feed:
    kind = str(getattr(error, "kind", "unexpected"))
    has_crashed = isinstance(error, FeedParseError) and kind in {"crashed", "timeout"}
    crash_count = feed.crash_count + has_crashed
    if has_crashed and crash_count >= QUARANTINE:
        kind = "quarantined"
    is_gone = feed.is_gone or kind == "gone"
    next_at = next_retry_at(
        now,
        policy=timing.policy,
        chance=timing.chance,
        kind=kind,
        failure_count=feed.failure_count + 1,
        retry_after=error.retry_after if isinstance(error, FeedRetrievalError) else None,
    )
    db.conn.execute(
        "UPDATE feeds SET last_checked_at = ?, next_check_at = ?, failing_since = coalesce(failing_since, ?),"
        " failure = ?, failure_count = failure_count + 1, crash_count = ?, is_gone = ? WHERE id = ?",
        [to_text(now), to_text(next_at), to_text(now), kind, crash_count, is_gone, feed.id],
    )
    return get(db, feed.id)


def _follow_move(db: sqlite_utils.Database, feed: Feed, target: str | None, now: datetime) -> None:
    """Count a permanent redirect that led to a feed; adopt it when it is proven (faults.md B12, B13)."""
    if target is None or target == feed.url:
        _note_move(db, feed.id, None, 0, None)
        return
    is_same = target == feed.moved_url
    count = feed.moved_count + 1 if is_same else 1
    since = feed.moved_since if is_same and feed.moved_since else now
    is_taken = by_url(db, target) is not None
    if is_taken or count < MOVED_COUNT or now - since < MOVED_FOR:
        _note_move(db, feed.id, target, count, since)
        return
    db.conn.execute("UPDATE feeds SET url = ? WHERE id = ?", [target, feed.id])
    _note_move(db, feed.id, None, 0, None)


def _note_move(
    db: sqlite_utils.Database, feed_id: int, target: str | None, count: int, since: datetime | None
) -> None:
    db.conn.execute(
        "UPDATE feeds SET moved_url = ?, moved_count = ?, moved_since = ? WHERE id = ?",
        [target, count, to_optional_text(since), feed_id],
    )


def to_feed(row: Mapping[str, Any]) -> Feed:
    """Read a row of `feeds`."""
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        journal_key=row["journal_key"],
        validators=Validators(row["etag"], row["last_modified"]),
        body_hash=row["body_hash"],
        next_check_at=to_instant(row["next_check_at"]),
        last_checked_at=to_optional_instant(row["last_checked_at"]),
        last_new_at=to_optional_instant(row["last_new_at"]),
        may_have_missed_at=to_optional_instant(row["may_have_missed_at"]),
        seen_until=to_optional_instant(row["seen_until"]),
        ttl=row["ttl_seconds"],
        unconditional_at=to_optional_instant(row["unconditional_at"]),
        failing_since=to_optional_instant(row["failing_since"]),
        failure=row["failure"],
        failure_count=row["failure_count"],
        crash_count=row["crash_count"],
        is_gone=bool(row["is_gone"]),
        moved_url=row["moved_url"],
        moved_count=row["moved_count"],
        moved_since=to_optional_instant(row["moved_since"]),
    )
