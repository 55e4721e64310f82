"""Stored feeds: which are due, and the recording of a check in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from wetread.domain.errors import FeedError, FeedParseError, FeedRetrievalError
from wetread.domain.models import Feed, ParsedFeed, Validators
from wetread.feeds.check_result import CheckResult, Retrieval
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.schedule import PollingPolicy, next_check_at, next_retry_at
from wetread.feeds.windows import Span
from wetread.storage import due_feeds, feed_entries
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
    deliveries, over all destinations; more follow unless it `is_handed_out` (`handing_out.next_part`).
    `warnings` are for people, in plain words.
    """

    feed: Feed
    new_count: int = 0
    updated_count: int = 0
    pending_count: int = 0
    held_count: int = 0
    is_handed_out: bool = True
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
    rows = db.query(f"SELECT * FROM feeds WHERE {due_feeds.IS_WANTED} ORDER BY title")  # noqa: S608  # a constant
    return [to_feed(row) for row in rows]


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
        if update.is_handed_out:
            feed_entries.start(db, feed.id)
    elif not has_more:
        feed_entries.start_unchanged(db, [feed.id])
    has_overflowed = has_more or update.may_have_missed
    hint = outcome.retrieved.hint if isinstance(outcome, Retrieval) else outcome.hint
    timing = _Timing(policy.polling, chance, hint, has_overflowed)
    _record_success(db, feed.id, now, timing)
    return replace(update, feed=get(db, feed.id))


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
        is_whole = not outcome.has_more
        found = feed_entries.record(db, feed.id, parsed.entries, now, policy, urls=urls, is_whole=is_whole)
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
        is_handed_out=found.is_handed_out,
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
    asked = due_feeds.get(db, feed.id)
    seen_until = seen.joined_to(to_optional_instant(asked.seen_until))
    db.conn.execute("UPDATE feeds SET seen_until = ? WHERE id = ?", [to_text(seen_until), feed.id])


def _record_success(db: sqlite_utils.Database, feed_id: int, now: datetime, timing: _Timing) -> None:
    [[ttl, last_new_at]] = db.conn.execute(
        "SELECT ttl_seconds, last_new_at FROM feeds WHERE id = ?", [feed_id]
    )
    next_at = next_check_at(
        now,
        policy=timing.policy,
        chance=timing.chance,
        hints=(timing.hint, ttl),
        last_new_at=to_optional_instant(last_new_at),
        has_overflowed=timing.has_overflowed,
    )
    db.conn.execute(
        "UPDATE feeds SET last_checked_at = ?1, last_success_at = ?1, next_check_at = ?2,"
        " failing_since = NULL, failure = NULL, failure_count = 0, is_gone = 0 WHERE id = ?3",
        [to_text(now), to_text(next_at), feed_id],
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
        if feed.moved_url is not None:
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
