"""What servers watch, and that none sees or changes another's. Real SQLite."""

from collections.abc import Callable

import pytest

from tests.support.watch_stage import (
    ADA,
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
from wetread.domain.errors import AlreadySubscribedError, TooManySubscriptionsError, UnknownSubscriptionError
from wetread.domain.models import DeliveryState, DestinationKind, Form, Reason
from wetread.storage import feeds, subscriptions
from wetread.storage.subscriptions import Destination

PENDING, SKIPPED, HELD = DeliveryState.PENDING, DeliveryState.SKIPPED, DeliveryState.HELD


def test_subscription_is_as_it_was_wished(stage: WatchStage) -> None:
    made = stage.subscribe(form=Form.TITLE, filter="epidural", journal_key="jii", shown=[])

    assert made == subscriptions.get(stage.db, HERE, made.id)
    assert (made.form, made.filter, made.created_by) == (Form.TITLE, "epidural", ADA)
    [watched] = subscriptions.of_guild(stage.db, HERE)
    assert (watched.feed.url, watched.feed.journal_key) == (JII, "jii")


def test_feed_goes_to_a_destination_once(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    with pytest.raises(AlreadySubscribedError) as error:
        stage.subscribe()
    assert error.value.channel_id == PAPERS
    stage.subscribe(SPINE)

    assert subscriptions.count(stage.db, HERE) == 2
    assert stage.count("feeds") == 1


def test_server_has_a_limit_of_its_own(stage: WatchStage) -> None:
    stage.subscribe(THEIRS, guild=THERE)
    stage.subscribe(limit=1)
    with pytest.raises(TooManySubscriptionsError) as error:
        stage.subscribe(SPINE, limit=1)

    assert error.value.limit == 1
    assert subscriptions.count(stage.db, HERE) == 1


def test_refused_subscription_leaves_no_feed_behind(stage: WatchStage) -> None:
    with pytest.raises(TooManySubscriptionsError):
        stage.subscribe(limit=0, shown=entries(1))

    assert (stage.count("feeds"), stage.count("articles")) == (0, 0)


def test_listing_is_by_name(stage: WatchStage) -> None:
    stage.subscribe(name="spine")
    stage.subscribe(url=PUBMED, name="Abdomen")

    assert [each.subscription.name for each in subscriptions.of_guild(stage.db, HERE)] == ["Abdomen", "spine"]


CHANGES: list[Callable[[WatchStage, int, int], object]] = [
    lambda stage, guild, number: subscriptions.get(stage.db, guild, number),
    lambda stage, guild, number: subscriptions.pause(stage.db, guild, number, stage.now, by=BY_ADA),
    lambda stage, guild, number: subscriptions.resume(stage.db, guild, number, stage.now),
    lambda stage, guild, number: subscriptions.move(stage.db, guild, number, Destination(THEIRS), stage.now),
    lambda stage, guild, number: subscriptions.set_form(stage.db, guild, number, Form.TITLE, stage.now),
    lambda stage, guild, number: subscriptions.set_filter(stage.db, guild, number, "x", stage.now),
    lambda stage, guild, number: subscriptions.remove(stage.db, guild, number, stage.now),
]


@pytest.mark.row("S32")
@pytest.mark.parametrize("change", CHANGES)
def test_no_server_reaches_anothers(
    stage: WatchStage, change: Callable[[WatchStage, int, int], object]
) -> None:
    """S32."""
    ours = stage.subscribe(newest=1, shown=entries(1))
    before = (subscriptions.of_guild(stage.db, HERE), stage.outbox())
    with pytest.raises(UnknownSubscriptionError):
        change(stage, THERE, ours.id)

    assert (subscriptions.of_guild(stage.db, HERE), stage.outbox()) == before
    assert subscriptions.of_guild(stage.db, THERE) == []


# Pausing


def test_what_comes_in_a_pause_is_remembered_as_skipped(stage: WatchStage) -> None:
    """Another server keeps the feed running meanwhile."""
    ours = stage.subscribe(shown=entries(1))
    stage.subscribe(THEIRS, guild=THERE, shown=entries(1))
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.serve(entries(1, 2))
    subscriptions.resume(stage.db, HERE, ours.id, stage.now)
    stage.serve(entries(1, 2, 3))

    assert stage.delivery_states()[doi(2)] == (SKIPPED, Reason.PAUSED)
    assert stage.scheduled() == [doi(3)]
    assert stage.scheduled(THEIRS) == [doi(2), doi(3)]


def test_resuming_does_not_dump_what_a_resting_feed_piled_up(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=entries(1))
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.wait(days=30)
    subscriptions.resume(stage.db, HERE, ours.id, stage.now)
    stage.serve(entries(*range(2, 40)))
    assert stage.scheduled() == []
    stage.serve(entries(*range(3, 41)))

    assert stage.scheduled() == [doi(40)]


def test_short_pause_keeps_what_waited(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve(entries(1))
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.wait(hours=1)
    subscriptions.resume(stage.db, HERE, ours.id, stage.now)

    assert stage.scheduled() == [doi(1)]


def test_long_pause_lets_what_waited_go(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve(entries(1))
    subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.wait(days=3)
    subscriptions.resume(stage.db, HERE, ours.id, stage.now)

    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.PAUSED)}


def test_pause_says_who_and_since_when(stage: WatchStage) -> None:
    ours = stage.subscribe()
    paused = subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA)
    stage.wait(hours=1)
    assert subscriptions.pause(stage.db, HERE, ours.id, stage.now, by=BY_ADA) == paused

    assert (paused.paused_at, paused.paused_by) == (stage.now.replace(hour=9), ADA)
    resumed = subscriptions.resume(stage.db, HERE, ours.id, stage.now)
    assert (resumed.paused_at, resumed.paused_by) == (None, None)
    assert subscriptions.resume(stage.db, HERE, ours.id, stage.now) == resumed


# Moving


def test_what_is_scheduled_moves_along_and_posts_stay(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve(entries(1))
    stage.post_all()
    stage.serve(entries(1, 2))
    moved = subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE, DestinationKind.FORUM), stage.now)
    stage.serve(entries(1, 2, 3))

    assert (moved.channel_id, moved.kind) == (SPINE, DestinationKind.FORUM)
    assert set(stage.delivery_states()) == {doi(1)}
    assert stage.scheduled(SPINE) == [doi(2), doi(3)]
    assert {each.kind for each in stage.outbox(SPINE)} == {DestinationKind.FORUM}


def test_moving_never_posts_twice(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.subscribe(SPINE, url=PUBMED, shown=[])
    stage.serve(entries(1), PUBMED)
    stage.post_all(SPINE)
    stage.serve(entries(1))
    subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now)

    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.THERE_ALREADY)}
    assert len(stage.outbox(SPINE)) == 1


def test_what_was_left_out_in_the_new_destination_does_not_stand_in_the_way(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.subscribe(SPINE, url=PUBMED, filter="epidural", shown=[])
    stage.serve(entries(1), PUBMED)
    stage.serve(entries(1))
    subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now)

    assert stage.scheduled(SPINE) == [doi(1)]


def test_parked_is_tried_in_the_new_destination_and_held_stays_held(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve([entry(1), *(anonymous(number) for number in range(10, 22))])
    stage.db.conn.execute(
        "UPDATE deliveries SET state = 'parked', code = 50013, reason = 'a permission is missing'"
        " WHERE state = 'pending'"
    )
    subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now)

    fates = stage.delivery_states(SPINE)
    assert fates.pop(doi(1)) == (PENDING, None)
    assert set(fates.values()) == {(HELD, Reason.FLOOD)}


def test_what_may_have_been_posted_stays_where_it_is(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve(entries(1))
    stage.db.conn.execute(
        "UPDATE deliveries SET state = 'sending', nonce = 'n', first_attempt_at = scheduled_at"
    )
    subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now)

    assert set(stage.delivery_states()) == {doi(1)}
    assert stage.delivery_states(SPINE) == {}


def test_moving_onto_the_same_feed_is_refused(stage: WatchStage) -> None:
    ours = stage.subscribe()
    stage.subscribe(SPINE)
    with pytest.raises(AlreadySubscribedError):
        subscriptions.move(stage.db, HERE, ours.id, Destination(SPINE), stage.now)

    assert subscriptions.move(stage.db, HERE, ours.id, Destination(PAPERS), stage.now) == ours


# Form, filter, name


def test_form_applies_to_what_is_scheduled(stage: WatchStage) -> None:
    ours = stage.subscribe(newest=1, shown=entries(1))
    assert subscriptions.set_form(stage.db, HERE, ours.id, Form.TITLE, stage.now).form is Form.TITLE

    assert [each.form for each in stage.outbox()] == [Form.TITLE]


def test_new_filter_judges_what_is_scheduled(stage: WatchStage) -> None:
    ours = stage.subscribe(newest=2, shown=[entry(1), entry(2, title="Epidural routes, invented anew")])
    assert subscriptions.set_filter(stage.db, HERE, ours.id, "epidural", stage.now).filter == "epidural"

    assert stage.scheduled() == [doi(2)]
    assert subscriptions.set_filter(stage.db, HERE, ours.id, None, stage.now).filter is None


# Removing


@pytest.mark.row("B38")
def test_removal_skips_what_is_scheduled_at_the_same_moment(stage: WatchStage) -> None:
    """B38."""
    ours = stage.subscribe(shown=[])
    stage.serve([entry(1), *(anonymous(number) for number in range(10, 22))])
    subscriptions.remove(stage.db, HERE, ours.id, stage.now)

    assert set(stage.delivery_states().values()) == {(SKIPPED, Reason.REMOVED)}
    assert subscriptions.of_guild(stage.db, HERE) == []
    with pytest.raises(UnknownSubscriptionError):
        subscriptions.get(stage.db, HERE, ours.id)


@pytest.mark.row("B38")
def test_removal_leaves_posts_and_what_is_on_its_way(stage: WatchStage) -> None:
    ours = stage.subscribe(shown=[])
    stage.serve(entries(1))
    stage.post_all()
    stage.serve(entries(1, 2))
    stage.db.conn.execute(
        "UPDATE deliveries SET state = 'sending', nonce = 'n', first_attempt_at = scheduled_at"
        " WHERE state = 'pending'"
    )
    subscriptions.remove(stage.db, HERE, ours.id, stage.now)

    assert [each.state for each in stage.outbox()] == [DeliveryState.SENT, DeliveryState.SENDING]


def test_feed_that_is_added_again_posts_what_is_asked_for_but_nothing_twice(stage: WatchStage) -> None:
    ours = stage.subscribe(newest=1, shown=entries(1, 2, 3))
    stage.post_all()
    subscriptions.remove(stage.db, HERE, ours.id, stage.now)
    stage.wait(days=9)
    stage.subscribe(newest=3, shown=entries(1, 2, 3))

    assert stage.scheduled() == [doi(1), doi(2)]
    assert feeds.by_url(stage.db, JII) is not None
