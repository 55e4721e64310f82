"""Topics are subscriptions that no list of feeds shows."""

import sqlite3
from typing import Any

import pytest

from tests.support.watch_stage import ADA, BY_ADA, HERE, JII, PAPERS, SPINE, THERE, WatchStage, doi, entries
from wetread.domain.errors import TooManyTopicsError, TopicNameTakenError, UnknownSubscriptionError
from wetread.domain.models import DeliveryState, Form, Reason, Subscription
from wetread.storage import feeds, notices, subscriptions, topics
from wetread.storage.subscriptions import Destination
from wetread.storage.topics import NewTopic


def add(
    stage: WatchStage,
    name: str = "Knee embolization",
    words: str = "finding",
    *,
    channel: int = SPINE,
    **more: Any,
) -> Subscription:
    guild, limit = more.pop("guild", HERE), more.pop("limit", 50)
    new = NewTopic(guild, Destination(channel), name, words, ADA, **more)
    with stage.transaction:
        return topics.add(stage.db, new, stage.now, limit=limit)


def test_a_topic_is_no_feed_in_lists_counts_and_limits(stage: WatchStage) -> None:
    add(stage)

    assert subscriptions.of_guild(stage.db, HERE) == []
    assert subscriptions.count(stage.db, HERE) == 0
    stage.subscribe(limit=1)
    assert [each.subscription.is_topic for each in subscriptions.of_guild(stage.db, HERE)] == [False]
    assert [each.name for each in topics.of_guild(stage.db, HERE)] == ["Knee embolization"]


def test_a_server_sees_and_changes_only_its_own_topics(stage: WatchStage) -> None:
    ours = add(stage)

    assert topics.of_guild(stage.db, THERE) == []
    with pytest.raises(UnknownSubscriptionError):
        subscriptions.pause(stage.db, THERE, ours.id, stage.now, by=BY_ADA)
    assert add(stage, guild=THERE).name == ours.name


def test_a_name_is_one_topics_whatever_its_capitals(stage: WatchStage) -> None:
    add(stage, "Dosis für Kinder")
    with pytest.raises(TopicNameTakenError):
        add(stage, "DOSIS FÜR KINDER")

    subscriptions.remove(stage.db, HERE, topics.of_guild(stage.db, HERE)[0].id, stage.now)
    add(stage, "DOSIS FÜR KINDER")


def test_topics_have_a_limit_of_their_own(stage: WatchStage) -> None:
    stage.subscribe()
    add(stage, limit=1)
    with pytest.raises(TooManyTopicsError):
        add(stage, "Another", limit=1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subscriptions SET filter = NULL",
        "UPDATE subscriptions SET looks_since = NULL",
        "UPDATE subscriptions SET name = ''",
        "UPDATE subscriptions SET name = '1234567890123456789012345678901'",
        "UPDATE subscriptions SET starts_with = 3",
        "UPDATE subscriptions SET is_topic = 0",
    ],
)
def test_the_database_refuses_a_broken_topic(stage: WatchStage, statement: str) -> None:
    add(stage)
    with pytest.raises(sqlite3.IntegrityError):
        stage.db.conn.execute(statement)


def test_a_topic_with_a_query_of_its_own_keeps_that_feed_asked(stage: WatchStage) -> None:
    feed = feeds.add(stage.db, JII, "A query", None, stage.now)
    topic = add(stage, feed_id=feed.id)

    assert stage.due() == [JII]
    assert topic.starts_with == 0, "what the query has by now is not posted"
    subscriptions.pause(stage.db, HERE, topic.id, stage.now, by=BY_ADA)
    assert stage.due() == []


def test_the_own_query_and_the_same_feed_do_not_exclude_each_other(stage: WatchStage) -> None:
    ours = stage.subscribe(PAPERS)
    topic = add(stage, feed_id=ours.feed_id, channel=SPINE)

    moved = subscriptions.move(stage.db, HERE, topic.id, Destination(PAPERS), stage.now)
    assert (moved.channel_id, moved.is_topic) == (PAPERS, True)


def test_what_the_own_query_brings_is_posted_whatever_the_words(stage: WatchStage) -> None:
    feed = feeds.add(stage.db, JII, "A query", None, stage.now)
    topic = add(stage, words="nowhere", feed_id=feed.id, form=Form.CONCLUSION)
    stage.serve(entries(1))
    stage.serve(entries(1, 2))
    subscriptions.set_filter(stage.db, HERE, topic.id, "neither", stage.now)

    assert stage.delivery_states(SPINE) == {
        doi(1): (DeliveryState.SKIPPED, Reason.BEFORE),
        doi(2): (DeliveryState.PENDING, None),
    }


def test_pausing_and_resuming_begins_with_what_comes_next(stage: WatchStage) -> None:
    topic = add(stage)
    subscriptions.pause(stage.db, HERE, topic.id, stage.now, by=BY_ADA)
    stage.wait(days=3)
    resumed = subscriptions.resume(stage.db, HERE, topic.id, stage.now)

    assert (resumed.paused_at, resumed.starts_with, resumed.looks_since) == (None, None, stage.now)


def test_a_server_that_comes_back_has_its_topics_again(stage: WatchStage) -> None:
    add(stage)
    subscriptions.freeze_guild(stage.db, HERE, stage.now)
    assert topics.of_guild(stage.db, HERE)[0].paused_at
    stage.wait(days=3)
    subscriptions.thaw_guild(stage.db, HERE, 3, stage.now)

    [back] = topics.of_guild(stage.db, HERE)
    assert (back.paused_at, back.starts_with, back.looks_since) == (None, None, stage.now)


def test_no_notice_takes_a_topic_for_a_feed(stage: WatchStage) -> None:
    feed = feeds.add(stage.db, JII, "A query", None, stage.now)
    add(stage, feed_id=feed.id)
    stage.db.conn.execute("UPDATE feeds SET failure = 'gone', failing_since = ?", ["2026-11-01T00:00:00Z"])

    assert notices.refresh(stage.db, stage.now) == []
