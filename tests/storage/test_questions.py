"""Questions that only people can answer: who answers first, what follows, and what can be undone."""

from datetime import timedelta

import pytest

from tests.support.watch_stage import HERE, NOW, THERE, WatchStage, anonymous
from wetread.domain.changes import ChangedBy, ChangeSubject, Undone
from wetread.domain.models import DeliveryState, PartialDate, Reason
from wetread.storage import changes, questions
from wetread.storage.questions import Question, QuestionKind

ADA, BO = ChangedBy(7, "ada", "status"), ChangedBy(8, "bo", "status")
HELD, PENDING, SKIPPED = DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.SKIPPED
OLD = PartialDate(2025, 5)


def flood(stage: WatchStage, first: int = 101, count: int = 12, online_on: PartialDate = OLD) -> Question:
    """Let a feed show so many entries that look new, and return what is asked about them."""
    if not stage.count("feeds"):
        stage.subscribe(shown=[anonymous(number) for number in range(1, 41)])
    stage.wait(hours=1)
    then = NOW - timedelta(days=300)
    new = [
        anonymous(number, online_on=online_on, published_at=then) for number in range(first, first + count)
    ]
    stage.serve(new + [anonymous(number) for number in range(1, 29)])
    return questions.of_guild(stage.db, HERE)[-1]


def uncertain(stage: WatchStage) -> Question:
    """One of the articles that are scheduled went out, and nobody knows whether it arrived."""
    stage.subscribe(newest=2, shown=[anonymous(1), anonymous(2)])
    stage.db.conn.execute(
        "UPDATE deliveries SET state = 'uncertain', nonce = 'n', attempt_count = 2,"
        " first_attempt_at = scheduled_at, last_attempt_at = scheduled_at, reason = 'nobody knows'"
        " WHERE id = 1"
    )
    [question] = questions.of_guild(stage.db, HERE)
    return question


def states(stage: WatchStage, *states: DeliveryState) -> list[int]:
    return [sum(each.state is state for each in stage.outbox()) for state in states]


def test_a_flood_is_one_question_with_its_articles_newest_first(stage: WatchStage) -> None:
    question = flood(stage)
    found = questions.flood(stage.db, question)

    assert found is not None
    assert (question.kind, question.scheduled_at) == (QuestionKind.HELD, stage.now)
    assert found.name == "J Inv Imaging"
    assert len(found.article_ids) == 12
    assert list(found.article_ids) == sorted(found.article_ids, reverse=True)
    assert found.are_old


def test_articles_of_which_one_may_be_young_are_not_called_old(stage: WatchStage) -> None:
    question = flood(stage, online_on=PartialDate(2026))
    found = questions.flood(stage.db, question)

    assert found is not None
    assert not found.are_old


@pytest.mark.row("B02")
@pytest.mark.parametrize(("newest", "posted"), [(None, 12), (3, 3), (0, 0)])
def test_the_first_answer_counts_and_the_second_hears_of_it(
    stage: WatchStage, newest: int | None, posted: int
) -> None:
    question = flood(stage)
    first = questions.decide_held(stage.db, question, newest, ADA, stage.now)
    second = questions.decide_held(stage.db, question, None, BO, stage.now)

    assert first is not None
    assert (first.posted_count, first.left_count, first.by_name) == (posted, 12 - posted, "ada")
    assert second == first
    assert states(stage, HELD, PENDING) == [0, posted]


def test_a_later_flood_is_a_question_of_its_own(stage: WatchStage) -> None:
    first = flood(stage)
    second = flood(stage, 201, 13)
    questions.decide_held(stage.db, first, None, ADA, stage.now)

    assert first != second
    assert states(stage, HELD, PENDING) == [13, 12]
    assert questions.of_guild(stage.db, HERE) == [second]


def test_what_was_not_posted_can_be_asked_again_for_ten_minutes(stage: WatchStage) -> None:
    question = flood(stage)
    decision = questions.decide_held(stage.db, question, 0, ADA, stage.now)
    assert decision is not None
    assert states(stage, HELD) == [0]
    stage.wait(minutes=9)

    assert questions.undo(stage.db, THERE, decision.id, BO, stage.now) is None
    assert questions.undo(stage.db, HERE, decision.id, BO, stage.now) == question
    assert questions.undo(stage.db, HERE, decision.id, BO, stage.now) is None, "undone once"
    assert states(stage, HELD) == [12]
    assert questions.of_guild(stage.db, HERE) == [question]
    again = questions.decide_held(stage.db, question, None, BO, stage.now)
    assert again is not None
    assert (again.by_name, again.posted_count) == ("bo", 12)


@pytest.mark.parametrize(("newest", "minutes"), [(0, 10), (3, 1), (None, 1)])
def test_neither_a_post_nor_an_old_answer_can_be_undone(
    stage: WatchStage, newest: int | None, minutes: int
) -> None:
    decision = questions.decide_held(stage.db, flood(stage), newest, ADA, stage.now)
    assert decision is not None
    stage.wait(minutes=minutes)

    assert questions.undo(stage.db, HERE, decision.id, BO, stage.now) is None
    assert states(stage, HELD) == [0]


def test_a_flood_of_a_feed_that_was_removed_is_no_question_any_more(stage: WatchStage) -> None:
    question = flood(stage)
    stage.db.conn.execute("UPDATE deliveries SET state = 'skipped', reason = 'removed' WHERE state = 'held'")

    assert questions.flood(stage.db, question) is None
    assert questions.decide_held(stage.db, question, None, ADA, stage.now) is None


@pytest.mark.row("A07")
def test_an_uncertain_post_is_taken_as_posted_and_asked_about_again(stage: WatchStage) -> None:
    question = uncertain(stage)
    decision = questions.decide_uncertain(stage.db, question, ADA, stage.now, post_again=False)
    assert decision is not None
    assert decision.posted_count == 0
    assert questions.decide_uncertain(stage.db, question, BO, stage.now, post_again=True) == decision
    assert stage.outbox()[0].state is DeliveryState.SENT

    assert questions.undo(stage.db, HERE, decision.id, BO, stage.now) == question
    assert stage.outbox()[0].state is DeliveryState.UNCERTAIN
    assert questions.uncertain(stage.db, question) is not None


@pytest.mark.row("A07")
def test_an_uncertain_post_is_posted_when_a_moderator_does_not_find_it(stage: WatchStage) -> None:
    question = uncertain(stage)
    decision = questions.decide_uncertain(stage.db, question, ADA, stage.now, post_again=True)

    assert decision is not None
    assert decision.posted_count == 1
    assert stage.outbox()[0].state is PENDING
    assert questions.undo(stage.db, HERE, decision.id, BO, stage.now) is None
    assert questions.uncertain(stage.db, question) is None


def test_another_server_neither_sees_nor_answers_a_question(stage: WatchStage) -> None:
    question = flood(stage)
    theirs = Question(THERE, question.kind, question.subject, question.scheduled_at)

    assert questions.of_guild(stage.db, THERE) == []
    assert questions.flood(stage.db, theirs) is None
    assert questions.decide_held(stage.db, theirs, None, BO, stage.now) is None
    assert states(stage, HELD) == [12]


def test_a_declined_article_keeps_its_reason(stage: WatchStage) -> None:
    questions.decide_held(stage.db, flood(stage), 0, ADA, stage.now)

    assert [fate for fate in stage.delivery_states().values() if fate[1] == Reason.DECLINED] == [
        (SKIPPED, Reason.DECLINED)
    ] * 12


def test_a_decision_and_its_undoing_are_noted_once_each(stage: WatchStage) -> None:
    question = flood(stage)
    decision = questions.decide_held(stage.db, question, 0, ADA, stage.now)
    questions.decide_held(stage.db, question, None, BO, stage.now)
    assert decision
    questions.undo(stage.db, HERE, decision.id, BO, stage.now)

    undoing, decided = changes.of_guild(stage.db, HERE, stage.now)

    assert dict(decided.new.after) == {"kind": "held", "posted_count": 0, "left_count": 12}
    assert (decided.new.subject, decided.new.name) == (ChangeSubject.DECISION, "J Inv Imaging")
    assert decided.by == ADA
    assert decided.undone == Undone(BO, stage.now)
    assert (undoing.new.after, undoing.undoes) == ({}, decided.id)
