"""What sources add to articles, and what follows from it. Real SQLite."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.watch_stage import (
    ABSTRACT,
    HERE,
    PUBMED,
    SPINE,
    THEIRS,
    THERE,
    WatchStage,
    doi,
    entries,
    entry,
    record,
)
from wetread.domain.models import DeliveryState, Reason, Record, Relation, RelationKind, Section
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import articles, records, settings, subscriptions
from wetread.storage.records import Change
from wetread.storage.settings import GuildSettings

PENDING, SKIPPED, SENT = DeliveryState.PENDING, DeliveryState.SKIPPED, DeliveryState.SENT
RETRACTION = Relation(RelationKind.RETRACTED_BY, doi="10.5555/jii.notice", reported_by="PubMed")


def pubmed(number: int, **changes: object) -> Record:
    made = record(number, source="PubMed", pmid=f"9900{number:04d}", url=None)
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name real fields


def add(stage: WatchStage, article_id: int, source: str, said: Record) -> Change:
    with stage.transaction:
        return records.add_records(stage.db, article_id, {source: said}, stage.now)


@pytest.fixture
def waiting(stage: WatchStage) -> WatchStage:
    """Article 1 has come without an abstract, and waits for it."""
    stage.subscribe(shown=[])
    stage.serve([entry(1, abstract=())])
    return stage


def test_abstract_that_comes_ends_the_waiting(waiting: WatchStage) -> None:
    waiting.wait(hours=1)
    change = add(waiting, 1, "PubMed", pubmed(1))

    assert change == Change(1, is_visible=True, has_new_abstract=True)
    [delivery] = waiting.outbox()
    assert not delivery.waits_for_abstract
    assert delivery.next_try_at == waiting.now
    article = articles.get(waiting.db, 1)
    assert article.record.abstract == ABSTRACT
    assert article.provenance["abstract"] == "PubMed"
    assert article.abstract_added_at == waiting.now
    assert [stamp.source for stamp in article.sources] == ["PubMed", "feed"]


def test_kind_that_has_no_abstract_ends_the_waiting_too(waiting: WatchStage) -> None:
    add(waiting, 1, "PubMed", pubmed(1, abstract=(), types=("Editorial",)))

    assert not waiting.outbox()[0].waits_for_abstract


def test_answer_without_news_changes_nothing(waiting: WatchStage) -> None:
    add(waiting, 1, "PubMed", pubmed(1))
    waiting.post_all()
    change = add(waiting, 1, "PubMed", pubmed(1))

    assert change == Change(1)
    assert waiting.edits() == {}


@pytest.mark.row("D04", "D13")
def test_abstract_is_edited_into_the_post_and_retraction_comes_first(waiting: WatchStage) -> None:
    waiting.post_all()
    add(waiting, 1, "PubMed", pubmed(1))
    assert waiting.edits() == {doi(1): 1}
    add(waiting, 1, "PubMed", pubmed(1, relations=(RETRACTION,)))
    assert waiting.edits() == {doi(1): 0}
    change = add(waiting, 1, "PubMed", pubmed(1))

    assert change.has_new_status, "a retraction that is withdrawn is news as well"


def test_post_that_somebody_removed_is_not_edited(waiting: WatchStage) -> None:
    waiting.post_all()
    waiting.db.conn.execute("UPDATE deliveries SET was_deleted = 1")
    add(waiting, 1, "PubMed", pubmed(1))

    assert waiting.edits() == {}


def test_new_keys_find_the_article(waiting: WatchStage) -> None:
    add(waiting, 1, "PubMed", pubmed(1, pmcid="PMC990001"))

    assert articles.find_by_keys(waiting.db, ["pmid:99000001", "pmcid:PMC990001"]) == {
        "pmid:99000001": 1,
        "pmcid:PMC990001": 1,
    }
    found = articles.find(waiting.db, Record("Crossref", pmid="99000001"))
    assert found is not None
    assert found.id == 1


def test_saving_a_known_article_adds_to_it(waiting: WatchStage) -> None:
    change = records.save(waiting.db, {"PubMed": pubmed(1)}, waiting.now, guild_ids=[THERE])

    assert (change.article_id, change.is_new) == (1, False)
    rows = waiting.db.conn.execute("SELECT guild_id FROM guild_articles ORDER BY guild_id").fetchall()
    assert rows == [(HERE,), (THERE,)]


def test_saving_an_unknown_article_schedules_nothing(stage: WatchStage) -> None:
    change = records.save(
        stage.db, {"PubMed": pubmed(1), "Crossref": record(1, source="Crossref")}, stage.now
    )

    assert change == Change(1, is_new=True)
    assert articles.get(stage.db, 1).record.pmid == "99000001"
    assert stage.count("deliveries") == 0


def test_two_feeds_are_both_kept_and_speak_as_one(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.subscribe(url=PUBMED, shown=[])
    stage.serve([entry(1, abstract=(), pages="1–9")])
    stage.serve([entry(1, url="https://pubmed.example.org/1")], PUBMED)

    article = articles.get(stage.db, 1)
    assert set(articles.source_records(stage.db, 1)) == {"feed:1", "feed:2"}
    assert (article.record.abstract, article.record.pages) == (ABSTRACT, "1–9")
    assert article.provenance["abstract"] == "feed"
    assert [stamp.source for stamp in article.sources] == ["feed"]


# Filters and types that are known only later


def test_filter_is_asked_again_when_the_abstract_comes(stage: WatchStage) -> None:
    stage.subscribe(shown=[], filter="epidural")
    stage.subscribe(SPINE, shown=[], filter="-epidural")
    stage.serve([entry(1, abstract=())])
    assert (stage.scheduled(), stage.scheduled(SPINE)) == ([], [doi(1)])
    add(stage, 1, "PubMed", pubmed(1, abstract=(Section("An epidural injection was invented."),)))

    assert stage.scheduled() == [doi(1)]
    assert stage.delivery_states(SPINE) == {doi(1): (SKIPPED, Reason.FILTER)}


def test_what_was_left_out_long_ago_stays_out(stage: WatchStage) -> None:
    stage.subscribe(shown=[], filter="epidural")
    stage.serve([entry(1, abstract=())])
    stage.wait(days=15)
    add(stage, 1, "PubMed", pubmed(1, abstract=(Section("An epidural injection was invented."),)))

    assert stage.scheduled() == []


def test_type_that_the_server_does_not_post_is_left_out_when_it_becomes_known(waiting: WatchStage) -> None:
    settings.save_guild_settings(waiting.db, HERE, GuildSettings(skipped_types=("Letter",)))
    add(waiting, 1, "PubMed", pubmed(1, types=("Letter",)))

    assert waiting.delivery_states() == {doi(1): (SKIPPED, Reason.TYPE)}


@pytest.mark.row("E05")
def test_what_looks_like_front_matter_is_posted_when_it_turns_out_to_have_an_abstract(
    stage: WatchStage,
) -> None:
    stage.policy = UpdatePolicy(skipped_types=("Letter",))
    stage.subscribe(shown=[])
    stage.serve([entry(1, title="Acknowledgments", abstract=())])
    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.FRONT_MATTER)}
    said = {"PubMed": pubmed(1, title="Acknowledgments", abstract=(Section("Thanks were measured."),))}
    with stage.transaction:
        records.add_records(stage.db, 1, said, stage.now, skipped_types=("Letter",))

    assert stage.scheduled() == [doi(1)]


def test_look_up_does_not_post_what_was_left_out_for_its_type(stage: WatchStage) -> None:
    stage.policy = UpdatePolicy(skipped_types=("Letter",))
    stage.subscribe(shown=[])
    stage.serve([entry(1, types=("Letter",))])
    records.save(stage.db, {"PubMed": pubmed(1, types=("Letter",))}, stage.now)

    assert stage.delivery_states() == {doi(1): (SKIPPED, Reason.TYPE)}


def test_what_was_sent_or_may_have_been_is_never_judged_again(waiting: WatchStage) -> None:
    settings.save_guild_settings(waiting.db, HERE, GuildSettings(skipped_types=("Letter",)))
    waiting.post_all()
    add(waiting, 1, "PubMed", pubmed(1, types=("Letter",)))

    assert waiting.delivery_states()[doi(1)][0] is SENT


def test_ended_subscription_gets_nothing_after_all(stage: WatchStage) -> None:
    subscription = stage.subscribe(shown=[], filter="epidural")
    stage.serve([entry(1, abstract=())])
    subscriptions.remove(stage.db, HERE, subscription.id, stage.now)
    add(stage, 1, "PubMed", pubmed(1, abstract=(Section("An epidural injection was invented."),)))

    assert stage.scheduled() == []


# Two articles that turn out to be one


@pytest.fixture
def twins(stage: WatchStage) -> WatchStage:
    """One work, known as 1 by its DOI and as 2 by its PMID, both scheduled for #papers."""
    stage.subscribe(shown=[])
    stage.subscribe(url=PUBMED, shown=[])
    stage.subscribe(THEIRS, guild=THERE, url=PUBMED, shown=[])
    stage.serve([entry(1, title="Ein erfundener Befund in der Bildgebung")])
    stage.serve([entry(1, "pubmed", doi=None, pmid="99000001")], PUBMED)
    assert stage.count("articles") == 2
    return stage


def unite(stage: WatchStage) -> Change:
    return add(stage, 2, "PubMed", pubmed(1))


def test_articles_that_share_a_key_now_become_the_older_one(twins: WatchStage) -> None:
    change = unite(twins)

    assert (change.article_id, change.absorbed) == (1, (2,))
    assert articles.get(twins.db, 2) == articles.get(twins.db, 1)
    assert twins.scheduled() == [doi(1)]
    assert twins.scheduled(THEIRS) == [doi(1)]
    assert {row[0] for row in twins.db.conn.execute("SELECT article_id FROM entries")} == {1}
    guilds = twins.db.conn.execute("SELECT guild_id, article_id FROM guild_articles ORDER BY guild_id")
    assert guilds.fetchall() == [(HERE, 1), (THERE, 1)]
    assert set(articles.source_records(twins.db, 1)) == {"feed:1", "feed:2", "PubMed"}


def test_absorbed_article_is_found_by_no_search(twins: WatchStage) -> None:
    unite(twins)
    query = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'invented OR erfundener'"

    assert [row[0] for row in twins.db.conn.execute(query)] == [1]


def test_post_of_either_counts_for_both(twins: WatchStage) -> None:
    second = next(each for each in twins.outbox() if each.article_id == 2)
    twins.db.conn.execute(
        "UPDATE deliveries SET state = 'sent', nonce = 'n', message_id = 9 WHERE id = ?", [second.id]
    )
    unite(twins)

    assert twins.delivery_states() == {doi(1): (SENT, None)}
    assert [each.id for each in twins.outbox()] == [second.id]
    assert twins.edits() == {doi(1): 2}


def test_two_posts_of_one_work_both_stay(twins: WatchStage) -> None:
    twins.post_all()
    unite(twins)

    states = [(each.state, each.message_id is not None) for each in twins.outbox()]
    assert states == [(SENT, True), (SENT, True)]


def test_delivery_that_is_just_being_sent_wins(twins: WatchStage) -> None:
    first, second = twins.outbox()
    twins.db.conn.execute(
        "UPDATE deliveries SET state = 'sending', nonce = 'n', first_attempt_at = scheduled_at WHERE id = ?",
        [second.id],
    )
    unite(twins)

    assert [(each.id, each.article_id, each.state) for each in twins.outbox()] == [
        (second.id, 1, DeliveryState.SENDING)
    ]
    assert first.id != second.id


def test_chain_of_mergers_leads_to_the_first(twins: WatchStage) -> None:
    records.save(twins.db, {"Europe PMC": Record("Europe PMC", title="x", pmcid="PMC99001")}, twins.now)
    add(twins, 3, "Europe PMC", Record("Europe PMC", title="x", pmcid="PMC99001", pmid="99000001"))
    unite(twins)

    assert {articles.get(twins.db, article_id).id for article_id in (1, 2, 3)} == {1}
    merged = twins.db.conn.execute("SELECT id, merged_into FROM articles").fetchall()
    assert merged == [(1, None), (2, 1), (3, 1)]


def test_contradicting_identifiers_keep_articles_apart(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([entry(1, pmid="99000001"), entry(2, pmid="99000002")])
    change = add(stage, 1, "Crossref", record(1, source="Crossref", pmid="99000002"))

    assert change.absorbed == ()
    assert articles.find_by_keys(stage.db, ["pmid:99000002"]) != {"pmid:99000002": change.article_id}


# Enrichment


def test_articles_that_are_waited_for_are_asked_about_first(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    stage.wait(minutes=1)
    stage.serve([entry(3, abstract=()), *entries(1, 2)])

    due = records.for_enrichment(stage.db, stage.now, limit=2)
    assert due[0].record.doi == doi(3)
    assert len(due) == 2


def test_enrichment_has_a_next_time_or_none(waiting: WatchStage) -> None:
    later = waiting.now + timedelta(hours=1)
    records.mark_enriched(waiting.db, 1, later)
    assert records.for_enrichment(waiting.db, waiting.now, limit=9) == []
    [article] = records.for_enrichment(waiting.db, later, limit=9)
    assert article.enrichment_count == 1
    records.mark_enriched(waiting.db, 1, later, was_answered=False)
    assert articles.get(waiting.db, 1).enrichment_count == 1
    records.mark_enriched(waiting.db, 1, None)
    assert records.for_enrichment(waiting.db, later, limit=9) == []


def test_unknown_article_is_an_error(stage: WatchStage) -> None:
    with pytest.raises(LookupError):
        articles.get(stage.db, 99)
    assert articles.get_many(stage.db, [99]) == []


def test_articles_come_in_the_order_asked_for(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2, 3))

    assert [each.id for each in articles.get_many(stage.db, [3, 1, 2, 1])] == [3, 1, 2, 1]
