"""What is new, and for whom it is scheduled, decided from values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.watch_stage import ABSTRACT, HERE, NOW, PAPERS, anonymous, entries, entry, record
from wetread.domain.identity import are_different_works, matching_articles
from wetread.domain.models import (
    DeliveryState,
    DestinationKind,
    Entry,
    Form,
    PartialDate,
    Reason,
    Record,
    Subscription,
)
from wetread.feeds.delivery_plan import Candidate, is_skipped_type, plan_deliveries, waits_for_abstract
from wetread.feeds.entry_identity import newest_first, see
from wetread.feeds.planner import Known, KnownEntry, Novelty, Sighting, plan_update

FEED = 1


def plan(shown: list[Entry], known: Known | None = None, now: datetime = NOW) -> tuple[Sighting, ...]:
    return plan_update([see(FEED, each) for each in shown], known or Known(), now).sightings


def known(*shown: Entry) -> Known:
    """As if each of these had been seen in the feed; the article's id is its place, from 1."""
    seen = [see(FEED, each) for each in shown]
    return Known(
        entries={
            each.entry.guid: KnownEntry(article_id, each.content_hash)
            for article_id, each in enumerate(seen, 1)
        },
        article_ids={key: article_id for article_id, each in enumerate(seen, 1) for key in each.keys},
        records={article_id: each.record for article_id, each in enumerate(shown, 1)},
        carried=frozenset(range(1, len(shown) + 1)),
        has_history=bool(shown),
    )


def subscription(**changes: object) -> Subscription:
    made = Subscription(1, HERE, FEED, PAPERS, DestinationKind.TEXT, Form.WHOLE, "JII", None, NOW, 7)
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name real fields


def novelties(sightings: tuple[Sighting, ...]) -> list[Novelty]:
    return [each.novelty for each in sightings]


def test_everything_is_new_to_a_feed_without_history() -> None:
    assert set(novelties(plan(entries(1, 2, 3)))) == {Novelty.NEW}


def test_known_entry_is_unchanged_or_updated() -> None:
    before = known(entry(1), entry(2))
    shown = [entry(2, title="Invented finding number 2, corrected"), entry(1)]

    assert novelties(plan(shown, before)) == [Novelty.UPDATED, Novelty.UNCHANGED]


def test_known_article_under_a_new_guid_is_renamed() -> None:
    [sighting] = plan([entry(1, "other")], known(entry(1)))

    assert (sighting.novelty, sighting.article_id) == (Novelty.RENAMED, 1)


def test_article_that_only_another_feed_brought_is_new_here() -> None:
    elsewhere = replace(known(entry(1)), entries={}, carried=frozenset(), has_history=True)
    [sighting] = plan([entry(1)], elsewhere)

    assert (sighting.novelty, sighting.article_id) == (Novelty.NEW, 1)


def test_suspects_are_only_those_that_nothing_vouches_for() -> None:
    shown = [*entries(*range(1, 5)), *(anonymous(number) for number in range(10, 22))]
    suspects = {each.seen.entry.guid for each in plan(shown, known(*entries(90, 91))) if each.is_suspect}

    assert suspects == {f"guid-{number}" for number in range(10, 22)}


@pytest.mark.parametrize(
    ("date", "is_recent"),
    [
        (PartialDate(2026), True),  # it may be any day of the year
        (PartialDate(2026, 8), True),
        (PartialDate(2026, 6), False),
        (PartialDate(2026, 7, 5), True),
        (PartialDate(2026, 7, 4), False),
        (PartialDate(2025, 12, 31), False),
        (PartialDate(2027, 1), True),  # the issue of January appears in November
    ],
)
def test_recent_is_what_may_be_of_the_last_120_days(date: PartialDate, is_recent: bool) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    shown = [entry(number, online_on=date, published_at=long_ago) for number in range(1, 12)]

    assert all(each.is_suspect is not is_recent for each in plan(shown))


@pytest.mark.parametrize("name", ["pmid", "pmcid", "pii", "arxiv"])
def test_any_identifier_vouches(name: str) -> None:
    shown = [anonymous(number, **{name: str(number)}) for number in range(1, 12)]

    assert not any(each.is_suspect for each in plan(shown))


def test_feeds_own_date_vouches_too() -> None:
    shown = [entry(number, online_on=None) for number in range(1, 12)]

    assert not any(each.is_suspect for each in plan(shown))


def test_newest_come_first_by_date_or_as_the_feed_lists_them() -> None:
    dated = [see(FEED, each) for each in (entry(2), entry(9), entry(5))]
    assert [each.entry.guid for each in newest_first(dated)] == ["guid-9", "guid-5", "guid-2"]
    undated = [*dated, see(FEED, entry(7, published_at=None))]
    assert newest_first(undated) == undated


def test_address_is_no_part_of_the_content() -> None:
    assert see(FEED, entry(1)).content_hash == see(FEED, entry(1, url="https://x.example.org")).content_hash


def test_names_that_only_one_feed_knows_are_its_own() -> None:
    assert not set(see(1, anonymous(1)).keys) & set(see(2, anonymous(1)).keys)
    assert all(key.startswith("feed:") for key in see(1, anonymous(1)).keys)
    assert see(1, anonymous(1, title="Editorial board")).keys == ()


# What is scheduled for whom


def test_starting_subscription_gets_the_newest_it_wants() -> None:
    candidates = [Candidate(article_id, is_new=True) for article_id in (5, 4, 3, 2, 1)]
    scheduled = plan_deliveries(
        candidates,
        [subscription(starts_with=2)],
        lambda _subscription, article_id: Reason.FILTER if article_id == 4 else None,
    )

    assert [(each.article_id, each.state, each.reason) for each in scheduled] == [
        (1, DeliveryState.SKIPPED, Reason.BEFORE),
        (2, DeliveryState.SKIPPED, Reason.BEFORE),
        (3, DeliveryState.PENDING, None),
        (4, DeliveryState.SKIPPED, Reason.FILTER),
        (5, DeliveryState.PENDING, None),
    ]


def test_running_subscription_gets_what_is_new() -> None:
    candidates = [Candidate(3, is_new=True, is_suspect=True), Candidate(2, is_new=True), Candidate(1, False)]
    scheduled = plan_deliveries(candidates, [subscription()], lambda *_: None)

    assert [(each.article_id, each.state) for each in scheduled] == [
        (2, DeliveryState.PENDING),
        (3, DeliveryState.HELD),
    ]


def test_paused_subscription_remembers() -> None:
    scheduled = plan_deliveries([Candidate(1, is_new=True)], [subscription(paused_at=NOW)], lambda *_: None)

    assert [(each.state, each.reason) for each in scheduled] == [(DeliveryState.SKIPPED, Reason.PAUSED)]


@pytest.mark.parametrize(
    ("types", "has_abstract", "is_skipped"),
    [
        (("letter",), True, True),
        (("Case Reports",), True, False),
        (("Case Reports",), False, True),
        (("Review",), False, False),
        ((), False, False),
    ],
)
def test_types_are_skipped_as_the_server_says(
    types: tuple[str, ...], has_abstract: bool, is_skipped: bool
) -> None:
    what = record(1, types=types, abstract=ABSTRACT if has_abstract else ())

    assert is_skipped_type(what, ("Letter", "Case Reports without abstract")) is is_skipped


def test_only_what_may_get_an_abstract_waits_for_one() -> None:
    assert waits_for_abstract(record(1, abstract=()))
    assert not waits_for_abstract(record(1))
    assert not waits_for_abstract(record(1, abstract=(), has_no_abstract=True))
    assert not waits_for_abstract(record(1, abstract=(), types=("Editorial",)))


# Which article a record is about


@pytest.mark.row("E01")
def test_one_identifier_that_differs_outweighs_one_in_common() -> None:
    assert are_different_works(Record("feed", doi="a", pmid="1"), Record("feed", doi="b", pmid="1"))
    assert are_different_works(Record("feed", doi="a"), Record("feed", doi="b"))
    assert not are_different_works(Record("feed", doi="a"), Record("feed", pmid="1"))


def test_wrong_identifier_does_not_weld_two_articles() -> None:
    records = {1: Record("feed", doi="a", pmid="1"), 2: Record("feed", doi="b", pmid="2")}
    mixed = Record("feed", doi="a", pmid="2")

    assert matching_articles(mixed, ("doi:a", "pmid:2"), {"doi:a": 1, "pmid:2": 2}, records).article_ids == (
        1,
    )


def test_record_that_names_two_articles_shows_that_they_are_one() -> None:
    records = {1: Record("feed", doi="a"), 2: Record("feed", pmid="2")}
    both = Record("feed", doi="a", pmid="2")

    assert matching_articles(both, ("doi:a", "pmid:2"), {"doi:a": 1, "pmid:2": 2}, records).article_ids == (
        1,
        2,
    )


def test_recent_ends_with_the_hour() -> None:
    shown = [entry(number, online_on=None, published_at=NOW - timedelta(days=121)) for number in range(12)]

    assert all(each.is_suspect for each in plan(shown))
