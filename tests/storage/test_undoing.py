"""Undo puts back what was before, notes itself, and says why where it cannot. Real SQLite."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.watch_stage import BY_ADA, HERE, PAPERS, PUBMED, SPINE, THERE, WatchStage, entries
from wetread.domain.changes import Change, ChangedBy
from wetread.domain.errors import AlreadySubscribedError, TooManySubscriptionsError
from wetread.domain.models import DeliveryState, Form, Subscription
from wetread.domain.pace import AT_ONCE, Pace, When
from wetread.domain.undoing import Obstacle
from wetread.storage import changes, paces, scheduling, settings, subscriptions, topics, undoing
from wetread.storage.subscriptions import Destination
from wetread.storage.undoing import Rules

BO = ChangedBy(8, "bo", "history")
RULES = Rules((), 10)


def newest(stage: WatchStage, guild: int = HERE) -> Change:
    return changes.of_guild(stage.db, guild, stage.now)[0]


def undo(stage: WatchStage, change: Change, guild: int = HERE, rules: Rules = RULES) -> Change | None:
    with stage.transaction:
        return undoing.undo(stage.db, guild, change.id, BO, stage.now, rules=rules)


def obstacle(stage: WatchStage, change: Change) -> Obstacle | None:
    current = changes.get(stage.db, HERE, change.id)
    assert current is not None
    return undoing.prospect(stage.db, current, stage.now).obstacle


def whole(stage: WatchStage) -> list[dict[str, object]]:
    """All rows; `starts_with` keeps the backlog of a pause from being posted, and is another matter."""
    return [{**row, "starts_with": None} for row in stage.db.query("SELECT * FROM subscriptions")]


ACTS: dict[str, Callable[[WatchStage, Subscription], object]] = {
    "pause": lambda s, n: subscriptions.pause(s.db, HERE, n.id, s.now, by=BY_ADA),
    "move": lambda s, n: subscriptions.move(s.db, HERE, n.id, Destination(SPINE), s.now, by=BY_ADA),
    "form": lambda s, n: subscriptions.set_form(s.db, HERE, n.id, Form.TITLE, s.now, by=BY_ADA),
    "filter": lambda s, n: subscriptions.set_filter(s.db, HERE, n.id, "spine", s.now, by=BY_ADA),
    "remove": lambda s, n: subscriptions.remove(s.db, HERE, n.id, s.now, by=BY_ADA),
}


@pytest.mark.parametrize("name", ACTS)
def test_undo_puts_back_what_was_before_and_can_itself_be_undone(stage: WatchStage, name: str) -> None:
    ours = stage.subscribe(shown=[])
    stage.subscribe(SPINE, url=PUBMED, shown=[])
    before = whole(stage)
    ACTS[name](stage, ours)
    after = whole(stage)
    change = newest(stage)

    undone = undo(stage, change)

    assert whole(stage) == before != after
    assert undone is not None
    assert (undone.by, undone.undoes) == (BO, change.id)
    noted = changes.get(stage.db, HERE, change.id)
    assert noted is not None
    assert noted.undone is not None
    assert noted.undone.by == BO
    assert obstacle(stage, change) is Obstacle.UNDONE
    assert undo(stage, change) is None, "undone once"
    assert undo(stage, undone) is not None
    kept = [{**row, "paused_by": None} for row in whole(stage)]
    assert kept == [{**row, "paused_by": None} for row in after]


def test_undoing_an_addition_removes_it(stage: WatchStage) -> None:
    stage.subscribe(by=BY_ADA)

    assert undo(stage, newest(stage)) is not None

    assert subscriptions.of_guild(stage.db, HERE) == []


def test_what_came_while_a_feed_was_removed_is_not_posted(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    subscriptions.remove(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.wait(days=10)
    undo(stage, newest(stage))
    stage.serve(entries(1, 2, 3))
    stage.wait(days=1)
    stage.serve(entries(1, 2, 3, 4))

    states = [each.state for each in stage.outbox()]

    assert states.count(DeliveryState.PENDING) == 1


def test_settings_and_kinds_are_put_back(stage: WatchStage) -> None:
    settings.change_guild_settings(
        stage.db, HERE, lambda chosen: replace(chosen, moderator_role_id=5), BY_ADA, stage.now
    )
    role = newest(stage)
    scheduling.skip_types(stage.db, HERE, ("Letter",), (), stage.now, by=BY_ADA)
    kinds = newest(stage)

    undo(stage, role)
    assert settings.guild_settings(stage.db, HERE).moderator_role_id is None
    assert settings.guild_settings(stage.db, HERE).skipped_types == ("Letter",)
    undo(stage, kinds)

    assert settings.guild_settings(stage.db, HERE).skipped_types is None
    assert len(changes.of_guild(stage.db, HERE, stage.now)) == 4


@pytest.mark.row("F43")
def test_a_later_change_of_the_same_is_named_before_it_is_lost(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.set_filter(stage.db, HERE, ours.id, "spine", stage.now, by=BY_ADA)
    first = newest(stage)
    subscriptions.set_form(stage.db, HERE, ours.id, Form.TITLE, stage.now, by=BY_ADA)
    assert undoing.prospect(stage.db, first, stage.now).later is None
    subscriptions.set_filter(stage.db, HERE, ours.id, "disc", stage.now, by=BO)

    assert undoing.prospect(stage.db, first, stage.now).later == newest(stage)
    undo(stage, first)

    assert subscriptions.get(stage.db, HERE, ours.id).filter is None
    assert subscriptions.get(stage.db, HERE, ours.id).form is Form.TITLE


@pytest.mark.row("F43")
def test_obstacles_are_named(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.set_filter(stage.db, HERE, ours.id, "spine", stage.now, by=BY_ADA)
    change = newest(stage)
    subscriptions.set_filter(stage.db, HERE, ours.id, None, stage.now, by=BY_ADA)
    assert obstacle(stage, change) is Obstacle.ALREADY
    subscriptions.set_filter(stage.db, HERE, ours.id, "disc", stage.now, by=BY_ADA)
    subscriptions.remove(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    assert obstacle(stage, change) is Obstacle.REMOVED
    removal = newest(stage)
    stage.wait(days=29)
    assert obstacle(stage, removal) is None
    stage.wait(days=1)
    assert obstacle(stage, removal) is Obstacle.LATE
    assert undo(stage, removal) is None


def test_another_servers_change_cannot_be_undone(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)

    assert undo(stage, newest(stage), THERE) is None
    assert subscriptions.get(stage.db, HERE, ours.id).paused_at is not None


def test_undo_keeps_to_the_limits_and_changes_nothing_where_it_cannot(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.remove(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    removal = newest(stage)
    again = stage.subscribe()
    with pytest.raises(AlreadySubscribedError):
        undo(stage, removal)
    subscriptions.move(stage.db, HERE, again.id, Destination(SPINE), stage.now)
    with pytest.raises(TooManySubscriptionsError):
        undo(stage, removal, rules=Rules((), 1))

    assert [each.subscription.id for each in subscriptions.of_guild(stage.db, HERE)] == [again.id]
    assert undo(stage, removal) is not None


def test_how_articles_arrive_is_put_back_and_then_at_once_again(stage: WatchStage) -> None:
    daily, weekly = Pace(When.DAILY), Pace(When.WEEKLY)
    paces.save(stage.db, HERE, PAPERS, daily, stage.now, by=BY_ADA)
    first = newest(stage)
    paces.save(stage.db, HERE, PAPERS, weekly, stage.now, by=BY_ADA)

    undo(stage, newest(stage))
    assert paces.get(stage.db, PAPERS) == daily
    undo(stage, first)

    assert paces.get(stage.db, PAPERS) == AT_ONCE
    assert obstacle(stage, first) is Obstacle.UNDONE


def test_a_topic_is_paused_and_resumed_by_undo(stage: WatchStage) -> None:
    new = topics.NewTopic(HERE, Destination(PAPERS), "Knee", "knee", 7)
    topic = topics.add(stage.db, new, stage.now, limit=9)
    subscriptions.set_filter(stage.db, HERE, topic.id, "knee OR hip", stage.now, by=BY_ADA)
    words = newest(stage)
    stage.now += timedelta(hours=1)

    undo(stage, words)

    assert words.new.subject == "topic"
    assert subscriptions.get(stage.db, HERE, topic.id).filter == "knee"
