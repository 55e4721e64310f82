"""What moderators change is noted with who, when, what and what it was before. Real SQLite."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support.watch_stage import ADA, BY_ADA, HERE, PAPERS, SPINE, THERE, WatchStage
from wetread.domain.changes import Change, ChangeSubject, Value
from wetread.domain.errors import AlreadySubscribedError, UnknownSubscriptionError
from wetread.domain.models import Form
from wetread.storage import changes, scheduling, settings, subscriptions
from wetread.storage.subscriptions import Destination


def noted(stage: WatchStage, guild: int = HERE) -> list[Change]:
    return changes.of_guild(stage.db, guild, stage.now)


def only(stage: WatchStage) -> Change:
    [change] = noted(stage)
    return change


Act = Callable[[WatchStage, int], object]

CHANGES: dict[str, tuple[Act, dict[str, Value], dict[str, Value]]] = {
    "pause": (
        lambda s, n: subscriptions.pause(s.db, HERE, n, s.now, by=BY_ADA),
        {"paused_at": None},
        {"paused_by": ADA},
    ),
    "move": (
        lambda s, n: subscriptions.move(s.db, HERE, n, Destination(SPINE), s.now, by=BY_ADA),
        {"channel_id": PAPERS},
        {"channel_id": SPINE},
    ),
    "form": (
        lambda s, n: subscriptions.set_form(s.db, HERE, n, Form.TITLE, s.now, by=BY_ADA),
        {"form": "whole"},
        {"form": "title"},
    ),
    "filter": (
        lambda s, n: subscriptions.set_filter(s.db, HERE, n, "spine", s.now, by=BY_ADA),
        {"filter": None},
        {"filter": "spine"},
    ),
    "types": (
        lambda s, _: scheduling.skip_types(s.db, HERE, ("Letter",), (), s.now, by=BY_ADA),
        {"skipped_types": None},
        {"skipped_types": '["Letter"]'},
    ),
    "settings": (
        lambda s, _: settings.change_guild_settings(
            s.db, HERE, lambda chosen: replace(chosen, moderator_role_id=5), BY_ADA, s.now
        ),
        {"moderator_role_id": None},
        {"moderator_role_id": 5},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_noted_with_what_differs(stage: WatchStage, name: str) -> None:
    act, before, after = CHANGES[name]
    ours = stage.subscribe()
    act(stage, ours.id)

    change = only(stage)

    assert (change.by, change.at, change.undone) == (BY_ADA, stage.now, None)
    assert before.items() <= dict(change.new.before).items()
    assert set(change.new.before) == set(change.new.after)
    assert after.items() <= dict(change.new.after).items()
    is_settings = name in ("types", "settings")
    assert change.new.subject is (ChangeSubject.SETTINGS if is_settings else ChangeSubject.FEED)
    assert (change.new.subject_id, change.new.name) == ((HERE, "") if is_settings else (ours.id, ours.name))


def test_adding_and_removing_keep_the_whole_subscription(stage: WatchStage) -> None:
    made = stage.subscribe(form=Form.TITLE, filter="spine", by=BY_ADA)
    subscriptions.remove(stage.db, HERE, made.id, stage.now, by=BY_ADA)

    removed, added = noted(stage)

    assert added.new.before == {}
    whole: dict[str, Value] = {"channel_id": PAPERS, "form": "title", "filter": "spine"}
    assert whole.items() <= dict(added.new.after).items()
    assert whole.items() <= dict(removed.new.before).items()
    assert set(removed.new.after) == {"removed_at"}


def test_what_changes_nothing_is_not_noted(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.set_form(stage.db, HERE, ours.id, Form.WHOLE, stage.now, by=BY_ADA)
    subscriptions.move(stage.db, HERE, ours.id, Destination(PAPERS), stage.now, by=BY_ADA)
    subscriptions.resume(stage.db, HERE, ours.id, stage.now, by=BY_ADA)

    assert noted(stage) == []


def test_what_wetread_itself_changes_is_not_noted(stage: WatchStage) -> None:
    ours = stage.subscribe()
    subscriptions.pause(stage.db, HERE, ours.id, stage.now)

    assert noted(stage) == []


def test_a_refused_change_is_not_noted(stage: WatchStage) -> None:
    ours = stage.subscribe()
    stage.subscribe(SPINE)
    with pytest.raises(AlreadySubscribedError), stage.transaction:
        subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now, by=BY_ADA)
    with pytest.raises(UnknownSubscriptionError), stage.transaction:
        subscriptions.pause(stage.db, THERE, ours.id, stage.now, by=BY_ADA)

    assert noted(stage) == noted(stage, THERE) == []


def test_a_change_is_the_servers_own(stage: WatchStage) -> None:
    ours = stage.subscribe(by=BY_ADA)

    assert noted(stage, THERE) == []
    assert changes.get(stage.db, THERE, only(stage).id) is None
    assert changes.last(stage.db, THERE, ChangeSubject.FEED, ours.id) is None


def test_changes_are_kept_for_90_days(stage: WatchStage) -> None:
    ours = stage.subscribe(by=BY_ADA)
    stage.wait(days=91)
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)

    assert only(stage).new.after["paused_by"] == ADA
    assert stage.count("changes") == 1
