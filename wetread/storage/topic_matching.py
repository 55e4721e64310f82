"""Compares what arrived with the topics of its server, in parts, and schedules what matches."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject
from wetread.domain.models import DeliveryState, Reason, Record, Subscription
from wetread.domain.query import Query, parse_query
from wetread.feeds.delivery_plan import PlannedDelivery
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import (
    articles,
    changes,
    deliveries,
    delivery_topics,
    restore,
    scheduling,
    search,
    settings,
    subscriptions,
    topic_previews,
    topics,
)
from wetread.storage.rows import to_instant, to_text

AT_ONCE = 10
"""The most articles that one part compares: some 20 ms with 50 topics of many words each."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    article_id: int
    arrived_at: datetime
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """Some arrivals of one server, longest waiting first, and its topics."""

    guild_id: int
    arrivals: Sequence[_Arrival]
    topics: Sequence[Subscription]

    @property
    def article_ids(self) -> list[int]:
        return [each.article_id for each in self.arrivals]


def has_waiting(db: sqlite_utils.Database) -> bool:
    """Return whether an article waits to be compared."""
    return db.conn.execute("SELECT 1 FROM arrivals WHERE examined_at IS NULL LIMIT 1").fetchone() is not None


def examine_next(
    db: sqlite_utils.Database, now: datetime, policy: UpdatePolicy, *, most: int = AT_ONCE
) -> None:
    """Compare the articles that wait longest with their server's topics.

    At most `most` articles, of one server. What matches is put into the outbox, and each post remembers its
    topics.
    """
    part = _next_part(db, most)
    if part is None:
        return
    records = articles.merged_records(db, part.article_ids)
    _forget_names(db, part)
    queries = [_parsed(topic.filter or "") for topic in part.topics]
    found = search.matching_each(db, part.article_ids, queries, part.guild_id)
    matches = [
        (topic, each)
        for topic, with_words in zip(part.topics, found, strict=True)
        for each in _matching(db, topic, part, with_words)
    ]
    order = {article_id: place for place, article_id in enumerate(part.article_ids)}
    matches.sort(key=lambda match: order[match[1].article_id])
    step = _Step(db, now, policy, part.guild_id)
    for topic, arrival in matches:
        step.post(topic, arrival, records[arrival.article_id])
    _mark(db, part, now)


def skip_next(db: sqlite_utils.Database, now: datetime) -> None:
    """Let the article that waits longest be posted without being compared: comparing it fails."""
    if part := _next_part(db, 1):
        _mark(db, replace(part, arrivals=part.arrivals[:1]), now)


def add(
    db: sqlite_utils.Database,
    new: topics.NewTopic,
    now: datetime,
    policy: UpdatePolicy,
    *,
    limit: int,
    newest: int = 0,
    by: ChangedBy | None = None,
) -> tuple[Subscription, int]:
    """Add a topic (`topics.add`), and schedule the `newest` newest of the last articles that it finds.

    Returns it, and how many are scheduled: what its channel has already is not.
    """
    topic = topics.add(db, new, now, limit=limit, by=by)
    found, _ = topic_previews.found_among_last(
        db, new.guild_id, parse_query(new.words), skipped_types=policy.skipped_types
    )
    records = articles.merged_records(db, found[:newest])
    step = _Step(db, now, policy, new.guild_id)
    posted = [step.post_wished(topic, each, records[each]) for each in reversed(found[:newest])]
    return topic, sum(posted)


def _next_part(db: sqlite_utils.Database, most: int) -> _Part | None:
    first = db.conn.execute(
        "SELECT guild_id FROM arrivals WHERE examined_at IS NULL ORDER BY arrived_at LIMIT 1"
    ).fetchone()
    if first is None:
        return None
    guild_id = int(first[0])
    of_server = topics.of_guild(db, guild_id)
    rows = db.conn.execute(
        """
        SELECT article_id, arrived_at, is_suspect FROM arrivals
        WHERE examined_at IS NULL AND guild_id = ? ORDER BY arrived_at, article_id LIMIT ?
        """,
        [guild_id, most],
    ).fetchall()
    arrived = [_Arrival(number, to_instant(at), bool(is_suspect)) for number, at, is_suspect in rows]
    return _Part(guild_id, arrived, of_server)


def _matching(
    db: sqlite_utils.Database, topic: Subscription, part: _Part, with_words: set[int]
) -> list[_Arrival]:
    """Return what a topic finds among the arrivals; nothing that its server had before it looked."""
    new = [each for each in part.arrivals if topic.looks_since and each.arrived_at >= topic.looks_since]
    found = with_words
    if topic.feed_id is not None:
        found = found | scheduling.brought_by(db, topic.feed_id, part.article_ids)
    return [each for each in new if each.article_id in found and not _came_before(db, topic, each)]


@lru_cache(maxsize=256)
def _parsed(words: str) -> Query:
    return parse_query(words)


def found_by(db: sqlite_utils.Database, topic: Subscription, article_ids: Sequence[int]) -> set[int]:
    """Return which of these articles a topic's words find, or its own query brought."""
    found = search.matching(db, article_ids, _parsed(topic.filter or ""), topic.guild_id)
    if topic.feed_id is not None:
        found |= scheduling.brought_by(db, topic.feed_id, article_ids)
    return found


def _came_before(db: sqlite_utils.Database, topic: Subscription, arrival: _Arrival) -> bool:
    """Whether another feed of the server has shown the article earlier than the topic looks back."""
    [[first]] = db.conn.execute(
        """
        SELECT min(e.first_seen_at) FROM entries AS e
        WHERE e.article_id = ? AND e.feed_id IN (SELECT feed_id FROM subscriptions WHERE guild_id = ?)
        """,
        [arrival.article_id, topic.guild_id],
    )
    return first is not None and topic.looks_since is not None and to_instant(first) < topic.looks_since


def _forget_names(db: sqlite_utils.Database, part: _Part) -> None:
    """Take the topics off what is not posted yet; those that still match are named again."""
    db.conn.execute(
        """
        DELETE FROM delivery_topics WHERE delivery_id IN (
            SELECT id FROM deliveries WHERE article_id IN (SELECT value FROM json_each(?)) AND guild_id = ?
                AND state IN ('pending', 'collected', 'held', 'parked', 'skipped')
        )
        """,
        [json.dumps(part.article_ids), part.guild_id],
    )


def _mark(db: sqlite_utils.Database, part: _Part, now: datetime) -> None:
    db.conn.executemany(
        "UPDATE arrivals SET examined_at = ? WHERE article_id = ? AND guild_id = ?",
        [(to_text(now), article_id, part.guild_id) for article_id in part.article_ids],
    )


def set_words(
    db: sqlite_utils.Database,
    guild_id: int,
    topic_id: int,
    words: str,
    now: datetime,
    *,
    by: ChangedBy | None = None,
) -> Subscription:
    """Look for other words from the next article on; what is not posted yet and has none of them is left out.

    `words` is one that `query.parse_query` reads. Raises UnknownSubscriptionError.
    """
    subscriptions.get(db, guild_id, topic_id)
    with changes.noting(db, by, now, ChangeSubject.TOPIC, guild_id=guild_id, subject_id=topic_id):
        db.conn.execute(
            "UPDATE subscriptions SET filter = ? WHERE id = ? AND is_topic = 1", [words, topic_id]
        )
    after = subscriptions.get(db, guild_id, topic_id)
    wanted = delivery_topics.unposted(db, topic_id)
    lost = sorted({*wanted} - found_by(db, after, wanted))
    delivery_topics.leave(db, topic_id, lost)
    for article_id in lost:
        deliveries.skip(
            db,
            "subscription_id = ? AND article_id = ? AND state IN ('pending', 'collected')"
            " AND first_attempt_at IS NULL",
            [topic_id, article_id],
            Reason.FILTER,
            now,
        )
    return after


class _Step:
    """Puts the matches of one server into the outbox."""

    def __init__(self, db: sqlite_utils.Database, now: datetime, policy: UpdatePolicy, guild_id: int) -> None:
        self._db = db
        self._now = now
        self._reason = scheduling.type_rule(db, policy.skipped_types)
        chosen = settings.guild_settings(db, guild_id).abstract_wait
        self._wait = policy.abstract_wait if chosen is None else chosen

    def post(self, topic: Subscription, arrival: _Arrival, record: Record) -> None:
        """Post, hold or skip one article for one topic, and name the topic on the post."""
        there = deliveries.in_channel(self._db, topic.channel_id, arrival.article_id)
        if there and there.state is DeliveryState.SKIPPED and there.subscription_id == topic.id:
            return  # settled: `scheduling.reconsider` looks at it again
        planned = self._planned(topic, arrival, record)
        # What is held together was brought together: moderators are asked once.
        at = arrival.arrived_at if planned.state is DeliveryState.HELD else self._now
        new = scheduling.to_new_delivery(planned, record, self._wait, at)
        scheduled = scheduling.schedule(self._db, [new], at)
        restore.look_first(self._db, scheduled, self._now)
        if planned.state is not DeliveryState.SKIPPED:
            delivery_topics.name_topic(self._db, topic, arrival.article_id, self._now)

    def post_wished(self, topic: Subscription, article_id: int, record: Record) -> bool:
        """Post one of the articles with which a moderator lets a topic start; False if it is there."""
        planned = PlannedDelivery(replace(topic, starts_with=None), article_id, DeliveryState.PENDING)
        new = scheduling.to_new_delivery(planned, record, self._wait, self._now)
        scheduled = scheduling.schedule(self._db, [replace(new, is_wish=True)], self._now)
        restore.look_first(self._db, scheduled, self._now)
        if scheduled:
            delivery_topics.name_topic(self._db, topic, article_id, self._now)
        return bool(scheduled)

    def _planned(self, topic: Subscription, arrival: _Arrival, record: Record) -> PlannedDelivery:
        reason = Reason.PAUSED if topic.paused_at else self._reason(topic.guild_id, record)
        state = DeliveryState.PENDING if reason is None else DeliveryState.SKIPPED
        if reason is None and arrival.is_suspect:
            state, reason = DeliveryState.HELD, Reason.FLOOD
        return PlannedDelivery(replace(topic, starts_with=None), arrival.article_id, state, reason)
