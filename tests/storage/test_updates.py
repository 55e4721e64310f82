"""What a feed's documents bring about, told row by row of faults.md, table B. Real SQLite throughout."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.watch_stage import (
    ABSTRACT,
    BY_ADA,
    HERE,
    JII,
    NOW,
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
    retrieval,
)
from wetread.domain.errors import FeedError, FeedParseError, FeedRetrievalError
from wetread.domain.models import DeliveryState, PartialDate, Reason, Section, Validators
from wetread.feeds.planner import MAY_HAVE_MISSED, MOST_UPDATES, UpdatePolicy
from wetread.storage import articles, due_feeds, feeds, settings, subscriptions
from wetread.storage.settings import GuildSettings

PENDING, SKIPPED, HELD = DeliveryState.PENDING, DeliveryState.SKIPPED, DeliveryState.HELD


# B01, P5: beginning


@pytest.mark.row("B01")
def test_first_retrieval_schedules_nothing(stage: WatchStage) -> None:
    stage.subscribe()
    update = stage.serve(entries(*range(1, 51)))

    assert stage.scheduled() == []
    assert update.new_count == 50
    assert set(stage.delivery_states().values()) == {(SKIPPED, Reason.BEFORE)}


@pytest.mark.row("B01")
def test_first_retrieval_schedules_the_newest_that_were_asked_for_oldest_first(stage: WatchStage) -> None:
    stage.subscribe(newest=3, shown=entries(*range(1, 51)))

    assert stage.scheduled() == [doi(48), doi(49), doi(50)]


def test_newest_are_scheduled_at_the_next_retrieval_if_the_feed_was_not_looked_at(stage: WatchStage) -> None:
    stage.subscribe(newest=2)
    stage.serve(entries(1, 2, 3))

    assert stage.scheduled() == [doi(2), doi(3)]


def test_what_comes_after_the_first_retrieval_is_scheduled(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    update = stage.serve(entries(1, 2, 3, 4))

    assert stage.scheduled() == [doi(3), doi(4)]
    assert (update.new_count, update.pending_count) == (2, 2)


@pytest.mark.row("B01")
def test_later_subscription_of_a_watched_feed_begins_for_itself(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.serve(entries(1, 2, 3))
    stage.subscribe(THEIRS, guild=THERE, newest=1, shown=entries(1, 2, 3, 4))

    assert stage.scheduled() == [doi(3), doi(4)]
    assert stage.scheduled(THEIRS) == [doi(4)]
    stage.serve(entries(2, 3, 4, 5))
    assert stage.scheduled(THEIRS) == [doi(4), doi(5)]


def test_newest_are_waited_for_when_the_feed_answers_unchanged(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.subscribe(SPINE, newest=1)
    stage.unchanged()

    asked = due_feeds.get(stage.db, stage.feed_id()).request(stage.now)
    assert asked.wants_all
    assert asked.validators == Validators()
    stage.serve(entries(1, 2))
    assert stage.scheduled(SPINE) == [doi(2)]
    assert not due_feeds.get(stage.db, stage.feed_id()).request(stage.now).wants_all


def test_subscription_without_wishes_begins_with_an_unchanged_answer(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.subscribe(SPINE)
    stage.unchanged()
    stage.serve(entries(1, 2, 3))

    assert stage.scheduled(SPINE) == [doi(3)]


@pytest.mark.row("B20")
def test_feed_that_is_empty_at_first_still_begins(stage: WatchStage) -> None:
    """B20."""
    stage.subscribe(shown=[])
    stage.serve(entries(1))

    assert stage.scheduled() == [doi(1)]


# B02, P4: ids that change


@pytest.mark.row("B02")
def test_changed_guids_post_nothing(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(*range(1, 21)))
    update = stage.serve([entry(number, f"urn:new:{number}") for number in range(20, 0, -1)])

    assert stage.scheduled() == []
    assert update.new_count == 0
    assert update.warnings == ()


@pytest.mark.row("B02")
def test_changed_guids_of_entries_without_identifiers_post_nothing(stage: WatchStage) -> None:
    stage.subscribe(shown=[anonymous(number) for number in range(1, 9)])
    stage.serve([anonymous(number, f"new-{number}") for number in range(1, 9)])
    assert stage.scheduled() == []

    moved = [
        anonymous(number, f"newer-{number}", url=f"https://elsewhere.example.org/{number}")
        for number in range(1, 9)
    ]
    stage.serve(moved)
    assert stage.scheduled() == []
    assert stage.count("articles") == 8


@pytest.mark.row("B02")
def test_unidentified_flood_is_held(stage: WatchStage) -> None:
    stage.subscribe(shown=[anonymous(number) for number in range(1, 41)])
    flood = [anonymous(number) for number in range(101, 113)]
    update = stage.serve(flood + [anonymous(number) for number in range(1, 29)])

    assert stage.scheduled() == []
    assert update.held_count == 12
    assert list(stage.delivery_states().values()).count((HELD, Reason.FLOOD)) == 12


@pytest.mark.row("B02")
def test_more_than_half_of_a_small_feed_is_held(stage: WatchStage) -> None:
    stage.subscribe(shown=[anonymous(number) for number in range(1, 7)])
    update = stage.serve([anonymous(number) for number in (7, 8, 9, 10, 5, 6)])

    assert update.held_count == 4


def test_few_unidentified_articles_are_scheduled(stage: WatchStage) -> None:
    stage.subscribe(shown=[anonymous(1)])
    update = stage.serve([anonymous(3), anonymous(2), anonymous(1)])

    assert update.pending_count == 2


@pytest.mark.row("B02")
def test_issue_day_is_no_flood(stage: WatchStage) -> None:
    """11.3, O2."""
    stage.subscribe(shown=entries(*range(1, 41)))
    update = stage.serve(entries(*range(101, 141)))

    assert update.pending_count == 40
    assert stage.scheduled() == [doi(number) for number in range(101, 141)]


@pytest.mark.row("B02")
def test_old_articles_at_once_are_held_even_with_identifiers(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(*range(1, 41)))
    march = datetime(2019, 3, 1, tzinfo=UTC)
    archive = [
        entry(number, online_on=PartialDate(2019, 3), published_at=march) for number in range(101, 121)
    ]
    update = stage.serve(archive + entries(201))

    assert update.held_count == 20
    assert stage.scheduled() == [doi(201)]


def test_moderators_newest_are_never_held(stage: WatchStage) -> None:
    stage.subscribe(newest=10, shown=[anonymous(number) for number in range(1, 31)])

    assert len(stage.scheduled()) == 10


@pytest.mark.row("B03")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://journal.example.org/1", "https://journal.example.org/1"),
        ("https://journal.example.org/a?b=1&c=2", "https://journal.example.org/a?b=1&amp;c=2"),
        ("https://journal.example.org/1", "https://journal.example.org/1/"),
        ("https://journal.example.org/1", "https://www.journal.example.org/1?utm_source=rss"),
    ],
)
def test_respelt_guid_posts_nothing(stage: WatchStage, before: str, after: str) -> None:
    """B03, for entries that have nothing else to be known by."""
    others = [anonymous(number) for number in range(2, 12)]
    stage.subscribe(shown=[anonymous(1, before, url=before), *others])
    stage.serve([anonymous(1, after, url=after), *others])

    assert stage.scheduled() == []
    assert stage.count("articles") == 11


# B04, B05, B06, B07: what a feed shows of its entries


@pytest.mark.row("B04")
def test_order_of_a_feed_means_nothing(stage: WatchStage) -> None:
    shown = entries(*range(1, 11))
    stage.subscribe(shown=shown)
    stage.serve(shown[::-1])

    assert stage.scheduled() == []


@pytest.mark.row("B05")
def test_emptied_and_refilled_feed_posts_nothing(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2, 3))
    stage.serve([])
    update = stage.serve(entries(1, 2, 3))

    assert stage.scheduled() == []
    assert update.warnings == ()


@pytest.mark.row("B06")
def test_entries_that_return_after_half_a_year_post_nothing(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2, 3))
    stage.serve(entries(3, 4))
    stage.post_all()
    stage.wait(days=183)
    stage.serve(entries(1, 2, 3, 4))

    assert stage.scheduled() == []


@pytest.mark.row("B07")
def test_feed_that_was_overrun_warns_and_is_asked_soon(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(*range(1, 21)))
    update = stage.serve(entries(*range(61, 81)))

    assert update.pending_count == 20
    assert update.warnings == (MAY_HAVE_MISSED,)
    assert update.may_have_missed
    assert update.feed.next_check_at - stage.now == timedelta(minutes=15)
    assert update.feed.may_have_missed_at == stage.now


# B08, updates


@pytest.mark.row("B08")
def test_changed_entry_edits_the_post(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(1))
    stage.post_all()
    update = stage.serve([entry(1, title="Invented finding number 1, corrected")])

    assert update.updated_count == 1
    assert stage.scheduled() == []
    assert stage.edits() == {doi(1): 2}


def test_unseen_change_edits_nothing(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(1))
    stage.post_all()
    stage.serve([entry(1, issns=("0000-0019",))])

    assert stage.edits() == {}


def test_new_address_is_no_change(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=entries(1))
    stage.post_all()
    update = stage.serve([entry(1, url="https://journal.example.org/1?ff=20261102")])

    assert update.updated_count == 0


@pytest.mark.row("B08")
def test_entry_that_changes_for_ever_is_heeded_so_often(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    updates = [
        stage.serve([entry(1, title=f"Invented finding, read {count} times")]).updated_count
        for count in range(40)
    ]

    assert sum(updates) == MOST_UPDATES


def test_entry_that_gets_shorter_takes_nothing_back(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.serve([entry(1, abstract=(), pages="11–19")])

    [article] = articles.get_many(stage.db, [1])
    assert article.record.abstract == ABSTRACT
    assert article.record.pages == "11–19"


# B09, dates


@pytest.mark.row("B09")
@pytest.mark.parametrize("date", [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)])
def test_dates_never_decide_what_is_new(stage: WatchStage, date: datetime | None) -> None:
    stage.subscribe(shown=[entry(1, published_at=date), entry(2, published_at=date)])
    stage.serve([entry(3, published_at=date), entry(1, published_at=None), entry(2, published_at=NOW)])

    assert stage.scheduled() == [doi(3)]


# B11, and guids that are used again


@pytest.mark.row("B11")
def test_reused_guid_names_a_new_article(stage: WatchStage) -> None:
    stage.subscribe(shown=[entry(1, "item-1"), entry(2, "item-2")])
    stage.serve([entry(3, "item-1"), entry(1, "item-2")])

    assert stage.scheduled() == [doi(3)]
    stage.serve([entry(4, "item-1"), entry(3, "item-2")])
    assert stage.scheduled() == [doi(3), doi(4)]


def test_corrected_doi_under_the_same_guid_and_title_is_the_same_article(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=[entry(1, doi="10.5555/jii.typo")])
    stage.post_all()
    stage.serve(entries(1))

    assert stage.scheduled() == []
    assert stage.count("articles") == 1


def test_same_guid_twice_in_a_document_is_one_entry(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([entry(1), entry(1)])

    assert stage.scheduled() == [doi(1)]


# B12 to B16: feeds that move, go and fail


@pytest.mark.row("B12")
def test_permanent_redirect_is_adopted_after_three_times_and_a_day(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    target = "https://new.example.org/rss"
    for _ in range(3):
        stage.wait(hours=11)
        assert stage.serve(entries(1), permanent_url=target).feed.url == JII
    stage.wait(hours=11)
    update = stage.serve(entries(1, 2), permanent_url=target)

    assert update.feed.url == target
    assert stage.scheduled() == [doi(2)]


@pytest.mark.row("B12")
def test_redirects_to_changing_places_are_not_adopted(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    for turn in range(6):
        stage.wait(hours=11)
        update = stage.serve(entries(1), permanent_url=f"https://new.example.org/{turn % 2}")

    assert update.feed.url == JII


@pytest.mark.row("B13")
def test_redirect_to_a_page_is_an_error_and_not_adopted(stage: WatchStage) -> None:
    """B13."""
    stage.subscribe(shown=entries(1))
    for _ in range(5):
        stage.wait(hours=11)
        update = stage.fail(FeedParseError(JII, "not_a_feed"))

    assert (update.feed.url, update.feed.moved_url, update.failure) == (JII, None, "not_a_feed")


@pytest.mark.row("B14")
def test_temporary_redirect_forgets_the_permanent_one(stage: WatchStage) -> None:
    """B14."""
    stage.subscribe(shown=entries(1))
    stage.serve(entries(1), permanent_url="https://new.example.org/rss")
    update = stage.serve(entries(1))

    assert update.feed.moved_url is None


def test_redirect_to_another_watched_feed_is_followed_only(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.subscribe(SPINE, url=PUBMED, shown=entries(1))
    for _ in range(5):
        stage.wait(hours=11)
        update = stage.serve(entries(1), permanent_url=PUBMED)

    assert update.feed.url == JII


@pytest.mark.row("B15")
def test_gone_feed_is_not_asked_again_until_it_answers(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    gone = FeedRetrievalError(JII, "gone", status=410)

    assert stage.fail(gone).failure == "gone"
    stage.wait(days=40)
    assert stage.due() == []
    assert stage.serve(entries(1, 2)).failure is None
    stage.wait(days=1)
    assert stage.due() == [JII]


def test_gone_feed_stays_gone_until_it_answers_or_somebody_adds_it_again(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.fail(FeedRetrievalError(JII, "gone", status=410))
    assert stage.fail(FeedRetrievalError(JII, "timeout")).feed.is_gone
    stage.wait(days=2)
    assert stage.due() == []
    stage.subscribe(SPINE)

    assert stage.due() == [JII]


def test_failure_is_dated_and_counted_until_it_ends(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.wait(hours=1)
    since = stage.now
    stage.fail(FeedRetrievalError(JII, "timeout"))
    stage.wait(hours=2)
    feed = stage.fail(FeedRetrievalError(JII, "server", status=503)).feed

    assert (feed.failing_since, feed.failure, feed.failure_count) == (since, "server", 2)
    feed = stage.unchanged().feed
    assert (feed.failing_since, feed.failure, feed.failure_count) == (None, None, 0)


@pytest.mark.row("B18")
def test_blocked_feed_is_asked_seldom(stage: WatchStage) -> None:
    """B18."""
    stage.subscribe(shown=entries(1))
    update = stage.fail(FeedRetrievalError(JII, "blocked", status=403))

    assert update.failure == "blocked"
    assert update.feed.next_check_at - stage.now >= timedelta(hours=3)


@pytest.mark.row("B17")
def test_server_says_when_to_come_back(stage: WatchStage) -> None:
    """B17."""
    stage.subscribe(shown=entries(1))
    update = stage.fail(FeedRetrievalError(JII, "throttled", status=429, retry_after=5 * 3600))

    assert update.feed.next_check_at - stage.now >= timedelta(hours=5)


@pytest.mark.row("B32", "S16")
def test_parser_killed_three_times_sets_the_feed_apart(stage: WatchStage) -> None:
    """B32, S16."""
    stage.subscribe(shown=entries(1))
    crash = FeedParseError(JII, "crashed")
    kinds = [stage.fail(crash).failure for _ in range(3)]

    assert kinds == ["crashed", "crashed", "quarantined"]
    assert stage.fail(FeedParseError(JII, "timeout")).failure == "quarantined"
    assert stage.serve(entries(1)).feed.crash_count == 0


def test_unexpected_failure_is_a_failure(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))

    assert stage.fail(FeedError(JII, "unexpected")).failure == "unexpected"


# B21, B24, B25, B27, B28: validators and times


@pytest.mark.row("B21", "B25")
def test_validators_stay_where_the_entries_are(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve(entries(1), etag='W/"abc--gzip"')
    stage.fail(FeedParseError(JII, "truncated"))

    assert feeds.get(stage.db, stage.feed_id()).validators.etag == 'W/"abc--gzip"'


@pytest.mark.row("B27")
def test_interval_is_the_longest_wish(stage: WatchStage) -> None:
    stage.subscribe(shown=[])

    assert stage.serve(entries(1), ttl=7200.0, hint=60.0).feed.next_check_at - stage.now == timedelta(
        hours=2, minutes=6
    )
    assert stage.unchanged().feed.next_check_at - stage.now > timedelta(hours=2), "the ttl is remembered"


@pytest.mark.row("B28")
def test_feed_is_not_due_before_its_time_whoever_restarts(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    assert stage.due() == []
    stage.wait(minutes=59)
    assert stage.due() == []
    stage.wait(minutes=10)
    assert stage.due() == [JII]


@pytest.mark.row("C18")
def test_time_written_by_a_wrong_clock_is_due(stage: WatchStage) -> None:
    """C18."""
    stage.wait(days=400)
    stage.subscribe(shown=entries(1))
    stage.wait(days=-400)

    assert stage.due() == [JII]


def test_feed_without_a_subscription_that_runs_is_not_asked(stage: WatchStage) -> None:
    subscription = stage.subscribe(shown=entries(1))
    stage.wait(hours=2)
    assert stage.due() == [JII]
    subscriptions.pause(stage.db, HERE, subscription.id, stage.now, by=BY_ADA)
    assert stage.due() == []
    subscriptions.resume(stage.db, HERE, subscription.id, stage.now)
    assert stage.due() == [JII]
    subscriptions.remove(stage.db, HERE, subscription.id, stage.now)
    assert stage.due() == []


# B33, B35, B36, A40, A41: one article, several feeds and channels


@pytest.mark.row("A40", "B33")
def test_two_feeds_bring_an_article_to_a_channel_once(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.subscribe(url=PUBMED, shown=[])
    stage.serve(entries(1))
    stage.serve([entry(1, "pubmed:99000001", pmid="99000001")], PUBMED)

    assert stage.scheduled() == [doi(1)]
    assert stage.count("articles") == 1
    assert stage.count("records") == 2


@pytest.mark.row("A41", "B33")
def test_each_subscription_gets_it_once(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.subscribe(SPINE, url=PUBMED, shown=[])
    stage.serve(entries(1))
    stage.serve([entry(1, "pubmed:99000001", pmid="99000001")], PUBMED)

    assert (stage.scheduled(), stage.scheduled(SPINE)) == ([doi(1)], [doi(1)])


def test_title_joins_feeds_that_share_no_identifier(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.subscribe(url=PUBMED, shown=[])
    stage.serve([entry(1)])
    stage.serve([entry(1, "pubmed:99000001", doi=None, pmid="99000001")], PUBMED)

    assert stage.count("articles") == 1
    [article] = articles.get_many(stage.db, [1])
    assert (article.record.doi, article.record.pmid) == (doi(1), "99000001")


@pytest.mark.row("B35")
def test_in_issue_after_ahead_of_print_is_an_update(stage: WatchStage) -> None:
    stage.subscribe(newest=1, shown=[entry(1, is_ahead_of_print=True)])
    stage.post_all()
    stage.serve([entry(1, "issue-12-1", volume="12", pages="1–9", issue_on=PartialDate(2026, 11))])

    assert stage.scheduled() == []
    assert stage.edits() == {doi(1): 2}


@pytest.mark.row("B36")
def test_preprint_and_journal_version_are_two_articles(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([entry(1), entry(2, title=entry(1).record.title)])

    assert stage.count("articles") == 2


def test_two_letters_of_one_title_side_by_side_are_two(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    title = "A question about the invented method"
    stage.serve([anonymous(number, title=title) for number in (1, 2)])

    assert len(stage.scheduled()) == 2


def test_two_entries_of_one_new_article_are_scheduled_once(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([entry(1, "a", pages="1–9"), entry(1, "b")])

    assert stage.scheduled() == [doi(1)]
    assert stage.count("entries") == 2


def test_second_feed_does_not_dig_up_what_the_first_left_behind(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2, 3))
    stage.subscribe(url=PUBMED, shown=[])
    stage.serve(entries(1, 2, 3), PUBMED)

    assert stage.scheduled() == []


# Filters, types, waiting


def test_filter_leaves_out_with_its_reason(stage: WatchStage) -> None:
    stage.subscribe(shown=[], filter="-veterinary")
    stage.serve([entry(1), entry(2, title="Veterinary imaging of the invented dog")])

    assert stage.delivery_states() == {doi(1): (PENDING, None), doi(2): (SKIPPED, Reason.FILTER)}


def test_newest_are_chosen_among_those_that_the_filter_wants(stage: WatchStage) -> None:
    shown = entries(1, 2, 3, 4)
    shown[0] = entry(4, title="Veterinary imaging of the invented dog")
    stage.subscribe(newest=2, shown=shown, filter="-veterinary")

    assert stage.scheduled() == [doi(2), doi(3)]


def test_what_one_filter_left_out_another_feed_may_bring(stage: WatchStage) -> None:
    stage.subscribe(shown=[], filter="epidural")
    stage.subscribe(url=PUBMED, shown=[])
    stage.serve(entries(1))
    assert stage.scheduled() == []
    stage.serve(entries(1), PUBMED)

    assert stage.scheduled() == [doi(1)]


def test_types_that_a_server_does_not_post_are_skipped(stage: WatchStage) -> None:
    settings.save_guild_settings(stage.db, HERE, GuildSettings(skipped_types=("Letter",)))
    stage.subscribe(shown=[])
    stage.subscribe(THEIRS, guild=THERE, shown=[])
    stage.serve([entry(1, types=("Letter",)), entry(2)])

    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.TYPE), doi(2): (PENDING, None)}
    assert stage.scheduled(THEIRS) == [doi(1), doi(2)]


@pytest.mark.row("E05")
def test_front_matter_is_posted_by_no_server_and_the_reason_is_stored(stage: WatchStage) -> None:
    settings.save_guild_settings(stage.db, HERE, GuildSettings(skipped_types=()))
    stage.subscribe(shown=[])
    stage.serve([entry(1, title="Editorial Board/Copyright", abstract=()), entry(2)])

    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.FRONT_MATTER), doi(2): (PENDING, None)}


@pytest.mark.row("E05")
def test_front_matter_is_not_among_the_first_articles_of_a_new_feed(stage: WatchStage) -> None:
    shown = [entry(1, title="Subscription Information", abstract=()), *entries(2, 3, 4)]
    stage.subscribe(newest=3, shown=shown)

    assert set(stage.scheduled()) == {doi(2), doi(3), doi(4)}


def test_case_report_is_left_out_only_without_an_abstract(stage: WatchStage) -> None:
    stage.policy = UpdatePolicy(skipped_types=("Case Reports without abstract",))
    stage.subscribe(shown=[])
    types = ("Case Reports",)
    stage.serve([entry(1, types=types), entry(2, types=types, abstract=())])

    assert stage.delivery_states() == {doi(1): (PENDING, None), doi(2): (SKIPPED, Reason.TYPE)}


def test_article_without_abstract_waits_as_long_as_its_server_says(stage: WatchStage) -> None:
    settings.save_guild_settings(stage.db, THERE, GuildSettings(abstract_wait=timedelta(hours=2)))
    stage.subscribe(shown=[])
    stage.subscribe(THEIRS, guild=THERE, shown=[])
    stage.serve([entry(1, abstract=()), entry(2), entry(3, abstract=(), types=("Editorial",))])

    waits = {each.article_id: each for each in stage.outbox()}
    by_doi = {articles.get(stage.db, key).record.doi: each for key, each in waits.items()}
    assert by_doi[doi(1)].waits_for_abstract
    assert by_doi[doi(1)].next_try_at == stage.now + timedelta(hours=24)
    assert not by_doi[doi(2)].waits_for_abstract
    assert not by_doi[doi(3)].waits_for_abstract, "an editorial has none"
    [theirs] = [each for each in stage.outbox(THEIRS) if each.waits_for_abstract]
    assert theirs.next_try_at == stage.now + timedelta(hours=2)


def test_server_that_does_not_wait_posts_at_once(stage: WatchStage) -> None:
    settings.save_guild_settings(stage.db, HERE, GuildSettings(abstract_wait=timedelta(0)))
    stage.subscribe(shown=[])
    stage.serve([entry(1, abstract=())])

    [delivery] = stage.outbox()
    assert not delivery.waits_for_abstract


def test_new_articles_are_to_be_enriched_at_once(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))

    assert articles.get(stage.db, 1).next_enrichment_at == stage.now


# Servers among each other


def test_servers_find_only_what_their_own_feeds_brought(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.subscribe(THEIRS, guild=THERE, url=PUBMED, shown=entries(2))
    stage.serve(entries(1, 3))

    rows = stage.db.conn.execute("SELECT guild_id, article_id FROM guild_articles").fetchall()
    known = {(guild, articles.get(stage.db, article).record.doi) for guild, article in rows}
    assert known == {(HERE, doi(1)), (HERE, doi(3)), (THERE, doi(2))}


# All or nothing


def test_failure_while_recording_leaves_nothing_behind(stage: WatchStage) -> None:
    """3.3 rule 1: neither entries without validators nor validators without entries."""
    stage.subscribe(shown=[])
    before = feeds.get(stage.db, stage.feed_id())
    stage.db.conn.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'disk'); END"
    )
    with pytest.raises(Exception, match="disk"):
        stage.serve(entries(1, 2), etag='"2"')
    stage.db.conn.execute("DROP TRIGGER broken")

    assert feeds.get(stage.db, stage.feed_id()) == before
    assert (stage.count("articles"), stage.count("entries"), stage.scheduled()) == (0, 0, [])
    stage.serve(entries(1, 2), etag='"2"')
    assert stage.scheduled() == [doi(1), doi(2)]


def test_unchanged_document_costs_no_write_of_articles(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(*range(1, 21)))
    before = stage.connection.total_changes
    stage.serve(entries(*range(1, 21)))

    assert stage.connection.total_changes - before <= 6


def test_section_without_label_counts_as_abstract(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([entry(1, abstract=(Section("Words."),))])

    assert not stage.outbox()[0].waits_for_abstract


def test_document_without_news_is_recorded_as_success(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1))
    stage.wait(hours=3)
    outcome = retrieval(JII, entries(1))
    update = stage.record(replace(outcome, parsed=None, was_unconditional=True))

    assert update.feed.last_checked_at == stage.now
    assert update.feed.unconditional_at == stage.now
    assert PAPERS not in {each.channel_id for each in stage.outbox(SPINE)}


def test_feed_whose_time_only_a_wrong_clock_can_have_set_comes_after_those_that_are_due(
    stage: WatchStage,
) -> None:
    stage.subscribe(shown=[])
    stage.subscribe(url=PUBMED, shown=[])
    for url, next_check in ((JII, "2036-01-01T00:00:00Z"), (PUBMED, "2026-11-02T08:00:00Z")):
        stage.db.conn.execute("UPDATE feeds SET next_check_at = ? WHERE url = ?", [next_check, url])

    assert stage.due() == [PUBMED, JII]
    assert [each.url for each in due_feeds.due(stage.db, stage.now, 1, stage.policy.polling)] == [PUBMED]
