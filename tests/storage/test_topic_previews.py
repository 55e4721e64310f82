"""Before a topic is saved it shows what it would have done."""

from typing import Any

import pytest

from tests.storage.test_topic_matching import KNEE, TopicStage
from tests.support.watch_stage import ADA, BY_ADA, HERE, PAPERS, PUBMED, SPINE, THERE, doi, entries, entry
from wetread.domain.models import DeliveryState, Section, Subscription
from wetread.domain.query import parse_query
from wetread.storage import topic_matching, topic_previews, topics
from wetread.storage.subscriptions import Destination
from wetread.storage.topic_previews import Place, Preview
from wetread.storage.topics import NewTopic

ARTERY = (Section("The genicular artery was closed in all knees."),)


@pytest.fixture
def stage(tmp_path: Any) -> Any:
    made = TopicStage(tmp_path)
    made.subscribe(shown=entries(1))
    yield made
    made.close()


def try_out(stage: TopicStage, words: str, guild: int = HERE) -> Preview:
    return topic_previews.preview(stage.db, guild, parse_query(words))


def start(stage: TopicStage, words: str, newest: int, channel: int = SPINE) -> tuple[Subscription, int]:
    new = NewTopic(HERE, Destination(channel), "Knee", words, ADA)
    with stage.transaction:
        return topic_matching.add(stage.db, new, stage.now, stage.policy, limit=9, newest=newest, by=BY_ADA)


def test_what_matches_is_shown_with_its_words_and_where_they_stand(stage: TopicStage) -> None:
    stage.bring(entry(2, title=KNEE), entry(3, abstract=ARTERY), entry(4, mesh=("Knee Joint", "Humans")))
    found = try_out(stage, "embolization OR genicular OR mesh:knee")

    assert (found.total, found.count) == (4, 3)
    headings, abstract, title = found.matches
    assert (title.place, title.title[0]) == (Place.TITLE, ("Embolization", True))
    assert (abstract.place, ("genicular", True) in abstract.shown) == (Place.ABSTRACT, True)
    assert (headings.place, headings.shown) == (Place.HEADINGS, (("Knee Joint", True),))


def test_a_near_miss_says_what_it_lacks_or_what_leaves_it_out(stage: TopicStage) -> None:
    stage.bring(
        entry(2, title=KNEE),
        entry(3, title="The invented knee alone"),
        entry(4, title="Embolization of a canine knee"),
        entry(5, title="Nothing of it"),
    )
    found = try_out(stage, "emboli* AND knee -canine")

    assert found.count == 1
    canine, alone = found.near
    assert canine.excluded
    assert canine.excluded.text == "canine"
    assert (alone.has and alone.has.text, [term.text for term in alone.missing]) == ("knee", ["emboli"])


def test_only_the_last_hundred_and_the_servers_own_feeds_are_tried(stage: TopicStage) -> None:
    stage.bring(*(entry(number, title=KNEE) for number in range(130, 1, -1)))
    assert (try_out(stage, "knee").total, try_out(stage, "knee").count) == (100, 100)
    assert len(try_out(stage, "knee").matches) == 5
    assert try_out(stage, "knee", THERE).total == 0


def test_other_words_show_what_they_gain_and_lose(stage: TopicStage) -> None:
    stage.bring(entry(2, title=KNEE), entry(3, title="Embolization of a shoulder"))
    found = topic_previews.compare(stage.db, HERE, parse_query("knee"), parse_query("shoulder"))

    assert (found.old_count, found.new_count, found.gained_count, found.lost_count) == (1, 1, 1, 1)
    assert [each.record.doi for each in (*found.gained, *found.lost)] == [doi(3), doi(2)]


def test_a_topic_that_starts_with_the_newest_three_posts_these_alone(stage: TopicStage) -> None:
    stage.bring(*(entry(number, title=KNEE) for number in range(9, 1, -1)))
    _, count = start(stage, "embolization", 3)
    stage.examine()

    assert count == 3
    assert stage.scheduled(SPINE) == [doi(7), doi(8), doi(9)], "oldest first"
    assert stage.topics_of(SPINE, 9) == ("Knee",)


def test_what_the_channel_has_already_is_not_posted_again(stage: TopicStage) -> None:
    stage.bring(entry(2, title=KNEE), entry(3, title=KNEE))
    stage.post_all(PAPERS)
    _, count = start(stage, "embolization", 5, PAPERS)

    assert count == 0
    assert [each.state for each in stage.outbox(PAPERS)].count(DeliveryState.PENDING) == 0


def test_a_topic_knows_how_it_stands(stage: TopicStage) -> None:
    stage.subscribe(PAPERS, url=PUBMED, shown=[])
    topic, _ = start(stage, "embolization", 0)
    stage.bring(entry(2, title=KNEE), entry(3, title=KNEE))
    [before] = topics.states(stage.db, HERE, stage.now)
    stage.post_all(SPINE)
    stage.db.conn.execute("UPDATE deliveries SET settled_at = scheduled_at WHERE state = 'sent'")
    [after] = topics.states(stage.db, HERE, stage.now)
    stage.wait(days=8)
    [later] = topics.states(stage.db, HERE, stage.now)

    assert (before.waiting_count, before.week_count, before.feed_count) == (2, 0, 2)
    assert (after.waiting_count, after.week_count, after.newest_at) == (0, 2, stage.now.replace(day=2))
    assert (later.week_count, later.topic) == (0, topic)
