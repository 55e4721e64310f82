"""What arrives is compared with the topics of its server: once, in parts, and again when it is complete."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.storage.test_topics import add
from tests.support.watch_stage import (
    ABSTRACT,
    BY_ADA,
    HERE,
    JII,
    PAPERS,
    PUBMED,
    SPINE,
    THEIRS,
    THERE,
    WatchStage,
    anonymous,
    doi,
    entries,
    entry,
)
from wetread.domain.models import DeliveryState, Form, Reason, Record, Section
from wetread.storage import (
    articles,
    delivery_topics,
    outbox,
    records,
    restore,
    subscriptions,
    topic_matching,
)
from wetread.storage.subscriptions import Destination

KNEE = "Embolization of the invented knee"
CASE: dict[str, Any] = {"types": ("Case Reports",), "abstract": ()}


class TopicStage(WatchStage):
    """A server whose feed runs, and what topics do with its articles."""

    def bring(self, *shown: Any, url: str = JII, **changes: Any) -> None:
        """Let a feed bring these, and compare them with the topics."""
        self.serve(list(shown), url, **changes)
        self.examine()

    def examine(self, *, most: int = 10) -> int:
        """Compare all that waits; return in how many parts."""
        count = 0
        while topic_matching.has_waiting(self.db):
            with self.transaction:
                topic_matching.examine_next(self.db, self.now, self.policy, most=most)
            count += 1
        return count

    def topics_of(self, channel: int, number: int) -> tuple[str, ...]:
        """Return the names of the topics of a post."""
        [ours] = [each for each in self.outbox(channel) if self.doi_of(each.article_id) == doi(number)]
        return delivery_topics.names_of(self.db, [ours.id]).get(ours.id, ())

    def doi_of(self, article_id: int) -> str | None:
        return articles.get(self.db, article_id).record.doi

    def complete(self, number: int, **said: Any) -> None:
        """Let PubMed say more about an article."""
        [article_id] = articles.find_by_keys(self.db, [f"doi:{doi(number)}"]).values()
        record = Record(source="PubMed", title=KNEE, doi=doi(number), **said)
        with self.transaction:
            records.add_records(self.db, article_id, {"PubMed": record}, self.now, skipped_types=())


@pytest.fixture
def stage(tmp_path: Any) -> Any:
    made = TopicStage(tmp_path)
    made.subscribe(shown=entries(1))
    yield made
    made.close()


def test_what_matches_is_posted_where_the_topic_goes(stage: TopicStage) -> None:
    add(stage, words="embolization")
    stage.bring(entry(2, title=KNEE), entry(3))

    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.PENDING, None)}
    assert stage.topics_of(SPINE, 2) == ("Knee embolization",)
    assert set(stage.scheduled(PAPERS)) == {doi(2), doi(3)}, "the feed posts both in its own channel"


def test_nothing_older_than_the_topic_is_posted(stage: TopicStage) -> None:
    stage.bring(entry(2, title=KNEE))
    stage.wait(minutes=5)
    add(stage, words="embolization")
    stage.examine()
    stage.subscribe(THEIRS, url=PUBMED, shown=[])
    stage.bring(entry(2, title=KNEE), url=PUBMED)
    stage.complete(2, abstract=ABSTRACT)
    stage.examine()

    assert stage.delivery_states(SPINE) == {}, "it came before, whoever brings it again"


def test_a_feed_that_just_starts_brings_nothing_to_topics(stage: TopicStage) -> None:
    add(stage, words="embolization")
    stage.subscribe(THEIRS, url=PUBMED, shown=[entry(2, title=KNEE), entry(3, title=KNEE)])
    stage.examine()

    assert stage.delivery_states(SPINE) == {}


def test_several_topics_of_one_channel_are_named_on_one_post(stage: TopicStage) -> None:
    add(stage, "Knee", words="knee")
    add(stage, "Embolization", words="embolization")
    add(stage, "Other", words="stroke")
    stage.bring(entry(2, title=KNEE))

    assert len(stage.outbox(SPINE)) == 1
    assert stage.topics_of(SPINE, 2) == ("Knee", "Embolization")


def test_a_feed_and_a_topic_of_one_channel_make_one_post(stage: TopicStage) -> None:
    add(stage, words="embolization", channel=PAPERS)
    stage.bring(entry(2, title=KNEE))

    assert stage.scheduled(PAPERS) == [doi(2)]
    assert stage.topics_of(PAPERS, 2) == ("Knee embolization",)


def test_what_a_feeds_filter_leaves_out_a_topic_of_that_channel_posts(stage: TopicStage) -> None:
    stage.subscribe(SPINE, filter="nothing", shown=entries(1))
    add(stage, words="embolization", channel=SPINE)
    stage.bring(entry(2, title=KNEE))

    assert stage.scheduled(SPINE) == [doi(2)]


def test_topics_in_different_channels_each_post(stage: TopicStage) -> None:
    add(stage, "Knee", words="knee", channel=SPINE)
    add(stage, "Embolization", words="embolization", channel=THEIRS)
    stage.bring(entry(2, title=KNEE))

    assert (stage.topics_of(SPINE, 2), stage.topics_of(THEIRS, 2)) == (("Knee",), ("Embolization",))


@pytest.mark.row("S32")
def test_no_server_is_looked_through_for_another(stage: TopicStage) -> None:
    add(stage, guild=THERE, channel=THEIRS, words="embolization")
    stage.bring(entry(2, title=KNEE))

    assert stage.count("arrivals") == 0
    assert stage.outbox(THEIRS) == []


@pytest.mark.row("F01")
def test_nothing_is_posted_before_its_topics_are_known(stage: TopicStage) -> None:
    add(stage, words="embolization", channel=PAPERS)
    stage.serve([entry(2, title=KNEE)])
    assert outbox.due_channels(stage.db, stage.now) == []
    assert outbox.claim_next(stage.db, PAPERS, stage.now, 1) is None

    stage.examine()
    claim = outbox.claim_next(stage.db, PAPERS, stage.now, 1)
    assert claim
    assert delivery_topics.names_of(stage.db, [claim.delivery.id])


@pytest.mark.row("F02")
def test_many_arrivals_are_compared_in_parts_of_which_each_is_whole(stage: TopicStage) -> None:
    add(stage, "Knee", words="knee")
    add(stage, "Embolization", words="embolization")
    stage.serve([entry(number, title=KNEE) for number in range(9, 2, -1)])

    assert stage.examine(most=3) == 3, "seven articles, three a part"
    assert stage.scheduled(SPINE) == [doi(number) for number in range(3, 10)], "oldest first"


@pytest.mark.row("F03")
def test_an_article_is_compared_again_when_it_is_complete(stage: TopicStage) -> None:
    add(stage, words="genicular")
    stage.bring(entry(2, title=KNEE, abstract=()))
    assert stage.delivery_states(SPINE) == {}

    stage.complete(2, abstract=(Section("The genicular arteries."),))
    stage.examine()
    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.PENDING, None)}


def test_what_no_longer_matches_is_not_posted_when_it_is_complete(stage: TopicStage) -> None:
    add(stage, "Knee", words="knee -veterinary")
    add(stage, "Feed", words="knee -veterinary", channel=PAPERS)
    stage.bring(entry(2, title=KNEE, abstract=()))
    stage.complete(2, abstract=(Section("A veterinary study."),))
    stage.examine()

    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.SKIPPED, Reason.FILTER)}
    assert stage.topics_of(PAPERS, 2) == (), "the feed posts it without the topic's name"


def test_another_topic_takes_over_what_one_no_longer_wants(stage: TopicStage) -> None:
    add(stage, "First", words="knee -veterinary")
    add(stage, "Second", words="knee")
    stage.bring(entry(2, title=KNEE, abstract=()))
    stage.complete(2, abstract=(Section("A veterinary study."),))
    stage.examine()

    assert stage.scheduled(SPINE) == [doi(2)]
    assert stage.topics_of(SPINE, 2) == ("Second",)


def test_a_post_that_is_there_is_edited_when_another_topic_matches(stage: TopicStage) -> None:
    add(stage, words="genicular", channel=PAPERS)
    stage.bring(entry(2, title=KNEE, abstract=()))
    stage.post_all(PAPERS)
    stage.db.conn.execute("DELETE FROM edits")
    stage.complete(2, abstract=(Section("The genicular arteries."),))
    stage.db.conn.execute("DELETE FROM edits")
    stage.examine()

    assert stage.edits() == {doi(2): 2}
    assert stage.topics_of(PAPERS, 2) == ("Knee embolization",)


def test_fourteen_days_later_it_is_not_compared_again(stage: TopicStage) -> None:
    add(stage, words="genicular")
    stage.bring(entry(2, title=KNEE, abstract=()))
    stage.wait(days=15)
    stage.bring(entry(3))
    stage.complete(2, abstract=(Section("The genicular arteries."),))
    stage.examine()

    assert stage.delivery_states(SPINE) == {}
    assert stage.count("arrivals") == 1


def test_a_paused_topic_leaves_out_what_comes_and_says_so(stage: TopicStage) -> None:
    topic = add(stage, words="embolization")
    subscriptions.pause(stage.db, HERE, topic.id, stage.now, by=BY_ADA)
    stage.bring(entry(2, title=KNEE))
    stage.wait(hours=1)
    subscriptions.resume(stage.db, HERE, topic.id, stage.now)
    stage.complete(2, abstract=ABSTRACT)
    stage.examine()

    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.SKIPPED, Reason.PAUSED)}
    assert stage.topics_of(SPINE, 2) == ()


def test_what_came_in_a_pause_is_not_posted_when_it_is_complete(stage: TopicStage) -> None:
    topic = add(stage, words="genicular")
    subscriptions.pause(stage.db, HERE, topic.id, stage.now, by=BY_ADA)
    stage.bring(entry(2, title=KNEE, abstract=()))
    stage.wait(hours=1)
    subscriptions.resume(stage.db, HERE, topic.id, stage.now)
    stage.complete(2, abstract=(Section("The genicular arteries."),))
    stage.examine()

    assert stage.delivery_states(SPINE) == {}


def test_a_paused_feed_brings_nothing_to_topics(stage: TopicStage) -> None:
    [feed] = subscriptions.of_guild(stage.db, HERE)
    add(stage, words="embolization")
    subscriptions.pause(stage.db, HERE, feed.subscription.id, stage.now, by=BY_ADA)
    stage.subscribe(THEIRS, guild=THERE, shown=entries(1))
    stage.bring(entry(2, title=KNEE))

    assert stage.delivery_states(SPINE) == {}


def test_a_server_that_the_bot_has_left_gets_nothing(stage: TopicStage) -> None:
    add(stage, words="embolization")
    stage.serve([entry(2, title=KNEE)])
    subscriptions.freeze_guild(stage.db, HERE, stage.now)
    stage.examine()
    stage.wait(days=1)
    subscriptions.thaw_guild(stage.db, HERE, 0, stage.now)

    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.SKIPPED, Reason.PAUSED)}


def test_types_that_a_server_skips_are_skipped_for_topics_too(stage: TopicStage) -> None:
    stage.policy = replace(stage.policy, skipped_types=("Case Reports without abstract",))
    add(stage, words="embolization")
    stage.bring(entry(2, title=KNEE, **CASE))
    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.SKIPPED, Reason.TYPE)}

    stage.complete(2, abstract=ABSTRACT)
    stage.examine()
    assert stage.scheduled(SPINE) == [doi(2)]
    assert stage.topics_of(SPINE, 2) == ("Knee embolization",)


def test_a_flood_is_held_for_topics_as_for_feeds(stage: TopicStage) -> None:
    add(stage, words="finding")
    stage.serve([anonymous(number) for number in range(2, 41)])
    stage.wait(seconds=3)
    stage.examine(most=5)
    held = [each for each in stage.outbox(PAPERS) if each.state is DeliveryState.HELD]

    assert len(held) == 39
    assert {each.article_id for each in stage.outbox(SPINE) if each.state is DeliveryState.HELD} == {
        each.article_id for each in held
    }
    assert len({each.scheduled_at for each in stage.outbox(SPINE)}) == 1, "one question"


@pytest.mark.row("F04")
def test_two_articles_that_turn_out_to_be_one_keep_their_topics(stage: TopicStage) -> None:
    add(stage, "Knee", words="knee")
    add(stage, "Invented", words="invented")
    stage.bring(entry(2, title=KNEE), entry(3, title="Another invented finding"))
    [first, second] = [each.article_id for each in stage.outbox(SPINE)]
    with stage.transaction:
        articles.absorb(stage.db, min(first, second), max(first, second))
    stage.examine()

    assert len(stage.outbox(SPINE)) == 1
    assert stage.count("arrivals") == 1


def test_a_forgotten_topic_leaves_nothing_waiting(stage: TopicStage) -> None:
    topic = add(stage, words="embolization", channel=PAPERS)
    stage.serve([entry(2, title=KNEE)])
    subscriptions.remove(stage.db, HERE, topic.id, stage.now)
    stage.examine()

    assert stage.scheduled(PAPERS) == [doi(2)]
    assert outbox.due_channels(stage.db, stage.now + timedelta(days=2)) == [PAPERS]


# A channel in which several want one article


def shared(stage: TopicStage) -> tuple[int, int]:
    """Two topics of one channel that want the same article."""
    first, second = add(stage, "First", words="knee"), add(stage, "Second", words="embolization")
    stage.bring(entry(2, title=KNEE))
    return first.id, second.id


@pytest.mark.parametrize("is_removed", [True, False])
def test_one_topic_posts_what_another_no_longer_does(stage: TopicStage, *, is_removed: bool) -> None:
    first, second = shared(stage)
    if is_removed:
        subscriptions.remove(stage.db, HERE, first, stage.now)
    else:
        subscriptions.pause(stage.db, HERE, first, stage.now, by=BY_ADA)

    assert [each.subscription_id for each in stage.outbox(SPINE)] == [second]
    assert stage.topics_of(SPINE, 2) == ("Second",)
    assert stage.scheduled(SPINE) == [doi(2)]


def test_a_topic_that_moves_takes_its_articles_and_leaves_the_others_theirs(stage: TopicStage) -> None:
    first, second = shared(stage)
    subscriptions.move(stage.db, HERE, second, Destination(THEIRS), stage.now)
    subscriptions.move(stage.db, HERE, first, Destination(PAPERS), stage.now)

    assert (stage.topics_of(THEIRS, 2), stage.topics_of(PAPERS, 2)) == (("Second",), ("First",))
    assert [each.subscription_id for each in stage.outbox(THEIRS)] == [second]
    assert stage.scheduled(SPINE) == []


def test_a_topic_posts_what_a_feed_of_its_channel_no_longer_does(stage: TopicStage) -> None:
    [feed] = subscriptions.of_guild(stage.db, HERE)
    topic = add(stage, words="knee", channel=PAPERS, form=Form.TITLE)
    stage.bring(entry(2, title=KNEE), entry(3))
    subscriptions.remove(stage.db, HERE, feed.subscription.id, stage.now)

    assert stage.scheduled(PAPERS) == [doi(2)]
    [ours] = [each for each in stage.outbox(PAPERS) if each.state is DeliveryState.PENDING]
    assert (ours.subscription_id, ours.form) == (topic.id, Form.TITLE)


def test_what_is_held_stays_held_for_who_takes_it_over(stage: TopicStage) -> None:
    first, second = shared(stage)
    held = "UPDATE deliveries SET state = 'held', reason = 'flood' WHERE subscription_id = ?"
    stage.db.conn.execute(held, [first])
    subscriptions.move(stage.db, HERE, first, Destination(THEIRS), stage.now)

    assert stage.delivery_states(SPINE) == {doi(2): (DeliveryState.HELD, Reason.FLOOD)}
    assert stage.delivery_states(THEIRS) == {doi(2): (DeliveryState.HELD, Reason.FLOOD)}
    assert [each.subscription_id for each in stage.outbox(SPINE)] == [second]


def test_new_words_count_for_what_is_not_posted_yet(stage: TopicStage) -> None:
    first, second = shared(stage)
    stage.bring(entry(3, title="The invented knee alone"), entry(4, title="Embolization alone"))
    topic_matching.set_words(stage.db, HERE, first, "shoulder", stage.now)

    assert stage.delivery_states(SPINE) == {
        doi(2): (DeliveryState.PENDING, None),
        doi(3): (DeliveryState.SKIPPED, Reason.FILTER),
        doi(4): (DeliveryState.PENDING, None),
    }
    assert {each.subscription_id for each in stage.outbox(SPINE)[:1]} == {second}
    assert stage.topics_of(SPINE, 2) == ("Second",)


def test_new_words_do_not_post_what_came_before(stage: TopicStage) -> None:
    topic = add(stage, words="shoulder")
    stage.bring(entry(2, title=KNEE))
    topic_matching.set_words(stage.db, HERE, topic.id, "knee", stage.now)
    stage.examine()

    assert stage.delivery_states(SPINE) == {}


@pytest.mark.row("E21")
def test_after_a_restoration_a_topics_article_is_looked_for_first(stage: TopicStage) -> None:
    add(stage, words="embolization")
    restore.begin(stage.db, stage.now, 5)
    stage.bring(entry(2, title=KNEE))

    assert [each.is_doubted for each in stage.outbox(SPINE)] == [True]
