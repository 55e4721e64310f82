"""Moderators are told of each trouble once, and of its end."""

from collections.abc import Sequence

import pytest

from tests.support.watch_stage import HERE, JII, PAPERS, SPINE, THERE, WatchStage, anonymous, entries
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import FeedError, FeedParseError, FeedRetrievalError
from wetread.domain.models import DeliveryState
from wetread.storage import notices, questions, subscriptions, troubles
from wetread.storage.notices import Due, NoticeKind, Stage
from wetread.storage.subscriptions import Destination

ADA = ChangedBy(7, "ada", "status")
BLOCKED = FeedRetrievalError(JII, "blocked", status=403)
GONE = FeedRetrievalError(JII, "gone", status=410)
DOWN = FeedRetrievalError(JII, "connection")


def told(stage: WatchStage, *, guild: int = HERE) -> list[tuple[str, str, str]]:
    """Tell what is due, as the bot does, and return what it was."""
    due = [each for each in refresh(stage) if each.notice.guild_id == guild]
    for each in due:
        with stage.transaction:
            notices.record_notified(stage.db, each, stage.now, channel_id=5, message_id=each.notice.id + 1000)
    return [(str(each.notice.kind), each.notice.detail, str(each.stage)) for each in due]


def refresh(stage: WatchStage) -> Sequence[Due]:
    with stage.transaction:
        return notices.refresh(stage.db, stage.now)


def fail(stage: WatchStage, error: FeedError, days: float = 0) -> None:
    """Let a feed fail, now and, if so many days are given, then again."""
    stage.fail(error)
    if days:
        stage.wait(days=days)
        stage.fail(error)


def block(stage: WatchStage, channel: int = PAPERS, code: int = 50013) -> None:
    stage.db.conn.execute(
        "INSERT INTO blocked_channels VALUES (?, ?, ?, 'a permission is missing', '2026-11-02T09:00:00Z')",
        [channel, HERE, code],
    )


@pytest.mark.row("B15", "B18", "B32")
@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([BLOCKED], "blocked"),
        ([GONE], "gone"),
        ([FeedParseError(JII, "crashed")] * 3, "quarantined"),
    ],
)
def test_a_feed_that_needs_somebody_is_told_once_and_its_recovery_once(
    stage: WatchStage, errors: list[FeedError], kind: str
) -> None:
    stage.subscribe(shown=entries(1))
    for error in errors:
        stage.fail(error)

    assert told(stage) == [("feed", kind, "open")]
    stage.wait(hours=30)
    stage.fail(errors[0])
    assert told(stage) == []
    stage.serve(entries(1, 2))
    assert told(stage) == [("feed", kind, "over")]
    assert told(stage) == []


@pytest.mark.row("B16")
def test_a_feed_that_only_fails_is_told_after_three_days(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    fail(stage, DOWN, days=2)
    assert told(stage) == []
    fail(stage, DOWN, days=2)
    assert told(stage) == [("feed", "failing", "open")]


def test_a_short_failure_is_told_neither_at_its_start_nor_at_its_end(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.fail(DOWN)
    assert told(stage) == []
    stage.serve(entries(1, 2))
    assert told(stage) == []


def test_a_trouble_that_turns_worse_is_told_again_and_ends_once(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    fail(stage, DOWN, days=4)
    assert told(stage) == [("feed", "failing", "open")]
    stage.fail(GONE)
    assert told(stage) == [("feed", "gone", "open")]

    stage.wait(days=1)
    stage.serve(entries(1))

    assert len(told(stage)) <= 2
    assert told(stage) == []


def test_a_feed_that_comes_and_goes_is_told_once_a_day(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    all_told = []
    for _ in range(12):
        stage.fail(BLOCKED)
        all_told += told(stage)
        stage.wait(hours=1)
        stage.serve(entries(1))
        all_told += told(stage)
        stage.wait(hours=1)

    assert all_told == [("feed", "blocked", "open"), ("feed", "blocked", "over")]


def test_a_feed_that_was_paused_or_removed_has_no_end_to_tell(stage: WatchStage) -> None:
    subscription = stage.subscribe(shown=entries(1))
    stage.fail(BLOCKED)
    told(stage)
    with stage.transaction:
        subscriptions.remove(stage.db, HERE, subscription.id, stage.now)

    assert told(stage) == []
    assert stage.db.conn.execute("SELECT count(*) FROM notices WHERE closed_at IS NULL").fetchone() == (0,)


def test_each_server_is_told_for_itself(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.subscribe(200, guild=THERE, shown=entries(1))
    stage.fail(BLOCKED)

    assert told(stage) == [("feed", "blocked", "open")]
    assert told(stage, guild=THERE) == [("feed", "blocked", "open")]


@pytest.mark.row("B07")
def test_articles_that_may_have_been_missed_are_told_once_a_day(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.wait(hours=1)
    stage.serve(entries(11, 12))
    assert [each[0] for each in told(stage)] == ["missed"]
    stage.wait(hours=1)
    stage.serve(entries(21, 22))
    assert told(stage) == []
    stage.wait(hours=24)
    assert [each[0] for each in told(stage)] == ["missed"]
    assert told(stage) == []


def test_news_that_nobody_could_be_told_for_a_week_is_none(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.wait(hours=1)
    stage.serve(entries(11, 12))
    assert len(refresh(stage)) == 1
    stage.wait(days=8)

    assert told(stage) == []


@pytest.mark.row("A23", "A27", "A28")
def test_a_channel_is_told_when_it_is_refused_and_when_it_takes_posts_again(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    block(stage)
    assert told(stage) == [("channel", "50013", "open")]
    assert told(stage) == []
    stage.db.conn.execute("DELETE FROM blocked_channels")
    assert told(stage) == [("channel", "50013", "over")]
    assert told(stage) == []


def test_a_channel_to_which_nothing_is_to_go_is_nobodys_trouble(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    block(stage, SPINE)

    assert told(stage) == []
    assert troubles.of_guild(stage.db, HERE).blocked == ()


@pytest.mark.row("A29")
def test_a_deleted_channel_keeps_its_feeds_for_thirty_days(stage: WatchStage) -> None:
    subscription = stage.subscribe(shown=entries(1))
    with stage.transaction:
        assert troubles.note_deleted_channel(stage.db, HERE, PAPERS, stage.now)
        assert not troubles.note_deleted_channel(stage.db, HERE, SPINE, stage.now)
    assert told(stage) == [("channel", "10003", "open")]

    stage.wait(days=29)
    assert told(stage) == []
    assert subscriptions.get(stage.db, HERE, subscription.id) == subscription
    stage.wait(days=1)
    assert told(stage) == [("removed", "", "open")]
    assert subscriptions.of_guild(stage.db, HERE) == []
    assert told(stage) == []


@pytest.mark.row("A29")
def test_a_feed_that_moved_away_in_time_stays(stage: WatchStage) -> None:
    subscription = stage.subscribe(shown=entries(1))
    with stage.transaction:
        troubles.note_deleted_channel(stage.db, HERE, PAPERS, stage.now)
        subscriptions.move(stage.db, HERE, subscription.id, Destination(SPINE), stage.now)
    stage.wait(days=31)

    assert told(stage) == []
    assert len(subscriptions.of_guild(stage.db, HERE)) == 1


@pytest.mark.row("A34")
def test_posts_that_are_refused_one_by_one_are_told_as_one(stage: WatchStage) -> None:
    stage.subscribe(newest=3, shown=entries(1, 2, 3))
    stage.db.conn.execute(
        "UPDATE deliveries SET state = 'parked', code = 200000, reason = 'AutoMod stopped the post'"
    )
    assert told(stage) == [("stopped", "200000", "open")]
    [stopped] = troubles.of_guild(stage.db, HERE).stopped
    assert (stopped.count, stopped.code, stopped.channel_id) == (3, 200000, PAPERS)

    with stage.transaction:
        assert troubles.retry_stopped(stage.db, HERE, PAPERS, 200000, stage.now) == 3
    assert told(stage) == []
    assert [each.state for each in stage.outbox()] == [DeliveryState.PENDING] * 3


def hold(stage: WatchStage) -> questions.Question:
    stage.subscribe(shown=[anonymous(number) for number in range(1, 41)])
    stage.serve([anonymous(number) for number in (*range(101, 113), *range(1, 29))])
    [question] = questions.of_guild(stage.db, HERE)
    return question


def test_a_question_is_shown_answered_and_then_without_its_undo(stage: WatchStage) -> None:
    question = hold(stage)
    assert [each[::2] for each in told(stage)] == [("held", "open")]
    questions.decide_held(stage.db, question, 0, ADA, stage.now)
    assert [each[::2] for each in told(stage)] == [("held", "undoable")]
    assert told(stage) == []
    stage.wait(minutes=10)
    assert [each[::2] for each in told(stage)] == [("held", "over")]
    assert told(stage) == []


def test_a_question_that_was_asked_again_keeps_its_message(stage: WatchStage) -> None:
    question = hold(stage)
    told(stage)
    decision = questions.decide_held(stage.db, question, 0, ADA, stage.now)
    assert decision is not None
    told(stage)
    questions.undo(stage.db, HERE, decision.id, ADA, stage.now)

    [due] = refresh(stage)
    assert (due.notice.kind, due.stage, due.notice.message_id) == (NoticeKind.HELD, Stage.OPEN, 1001)


def test_a_question_whose_message_was_changed_by_the_press_is_not_changed_again(stage: WatchStage) -> None:
    question = hold(stage)
    told(stage)
    questions.decide_held(stage.db, question, None, ADA, stage.now)
    notices.shown(stage.db, question, Stage.OVER, 1001)

    assert told(stage) == []


def test_what_nobody_was_told_of_is_hinted_at_once(stage: WatchStage) -> None:
    hold(stage)
    stage.fail(BLOCKED)
    refresh(stage)

    assert notices.hint(stage.db, HERE, stage.now) == 2
    assert notices.hint(stage.db, HERE, stage.now) == 0
    assert len(told(stage)) == 2, "once there is a channel, it is told there"
