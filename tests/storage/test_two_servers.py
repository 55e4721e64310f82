"""P20: what the moderators of one server add never changes what another server sees.

Server HERE watches the journal by its own feed, which the catalogue knows. Server THERE adds a feed of a site
that nobody vouches for.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.watch_stage import (
    ABSTRACT,
    HERE,
    JII,
    NOW,
    PAPERS,
    THEIRS,
    THERE,
    WatchStage,
    anonymous,
    doi,
    entries,
    entry,
    retrieval,
)
from wetread.domain.models import Author, Entry, PartialDate, Record, Relation, RelationKind, Section
from wetread.domain.query import parse_query
from wetread.storage import articles, lookups, records, search, title_keys

FAKE = "https://journal.example.net/rss"
SECOND = "https://blog.example.net/rss"
MADE_UP = (
    Section("Zanzibar was invented. " * 40, "PURPOSE"),
    Section("Zanzibar cures all. " * 40, "RESULTS"),
)
CLAIMS: dict[str, Any] = {
    "abstract": MADE_UP,
    "authors": tuple(Author(f"Faker{number}", "F") for number in range(9)),
    "url": "https://journal.example.net/shop",
    "free_url": "https://journal.example.net/free",
    "types": ("Retracted Publication",),
    "relations": (Relation(RelationKind.RETRACTED_BY, doi="10.5555/notice", reported_by="PubMed"),),
    "online_on": PartialDate(2026, 1, 2),
    "pmid": "99000999",
    "volume": "666",
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[WatchStage]:
    stage = WatchStage(tmp_path)
    stage.subscribe(shown=[])
    stage.subscribe(THEIRS, guild=THERE, url=FAKE, shown=[])
    yield stage
    stage.close()


def fake(*numbers: int, **changes: Any) -> list[Entry]:
    return [entry(number, f"fake-{number}", **(CLAIMS | changes)) for number in numbers]


def pubmed(number: int) -> dict[str, Record]:
    said = replace(entry(number).record, source="PubMed", pmid=f"9900000{number}", abstract=ABSTRACT)
    return {"PubMed": said}


def seen(stage: WatchStage, guild: int, channel: int, number: int) -> list[object]:
    """All that a server sees of an article: cards, look-ups in the server and by message, searches."""
    found = [lookups.find(stage.db, f"doi:{doi(number)}", each) for each in (guild, None)]
    pages = [
        search.search(stage.db, guild, parse_query(words)) for words in ("invented", "zanzibar", "faker1")
    ]
    titles = search.complete_titles(stage.db, guild, "inv")
    hits = [[(hit.title, hit.snippet) for hit in page.hits] for page in pages]
    return [
        stage.records(channel),
        [each and (each.record, each.provenance) for each in found],
        hits,
        [title for _, title in titles],
        search.journals(stage.db, guild),
    ]


@pytest.mark.row("E02")
def test_a_fake_feed_changes_nothing_that_another_server_sees(stage: WatchStage) -> None:
    stage.serve(entries(1, 2))
    records.save(stage.db, pubmed(2), stage.now)
    stage.post_all()
    stage.db.conn.execute("DELETE FROM edits")
    before = [seen(stage, HERE, PAPERS, number) for number in (1, 2)]

    stage.serve(fake(1, 2), FAKE)
    stage.serve(fake(1, 2, title="A shop for invented contrast"), FAKE)

    assert [seen(stage, HERE, PAPERS, number) for number in (1, 2)] == before
    assert stage.edits() == {}


@pytest.mark.row("E02")
def test_a_fake_feed_that_comes_first_changes_nothing_either(stage: WatchStage, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    alone = WatchStage(tmp_path / "alone")
    alone.subscribe(shown=[])
    stage.serve(fake(1, 2), FAKE)
    for each in (stage, alone):
        each.serve(entries(1, 2))
        records.save(each.db, pubmed(2), each.now)

    for number in (1, 2):
        assert seen(stage, HERE, PAPERS, number) == seen(alone, HERE, PAPERS, number)
    alone.close()


@pytest.mark.row("E02")
def test_a_look_up_elsewhere_never_shows_what_a_fake_feed_says(stage: WatchStage) -> None:
    stage.serve(fake(1), FAKE)

    assert lookups.find(stage.db, f"doi:{doi(1)}", HERE) is None
    assert lookups.find(stage.db, f"doi:{doi(1)}", None) is None
    assert articles.doi_like(stage.db, "10.5555/jii.9") is None
    [theirs] = stage.outbox(THEIRS)
    assert lookups.visible(stage.db, theirs.article_id, HERE) is None
    assert lookups.visible(stage.db, theirs.article_id, None) is None
    kept = lookups.keep(stage.db, pubmed(1), HERE, stage.now)
    assert kept.record.abstract == ABSTRACT
    assert kept.record.pmid == "99000001"


@pytest.mark.row("E02")
def test_a_database_has_the_last_word_also_where_the_fake_feed_was_added(stage: WatchStage) -> None:
    stage.serve(fake(1), FAKE)
    lookups.keep(stage.db, pubmed(1), THERE, stage.now)

    [shown] = stage.records(THEIRS)
    assert (shown.abstract, shown.title, shown.pmid) == (ABSTRACT, entry(1).record.title, "99000001")


@pytest.mark.row("E02")
def test_a_false_doi_of_a_known_title_stays_where_it_was_claimed(stage: WatchStage) -> None:
    stage.serve([entry(1, doi=None)])
    stage.serve(fake(1, doi="10.5555/false"), FAKE)
    stage.serve([entry(1, doi=None, volume="7")])

    assert [(each.doi, each.volume) for each in stage.records()] == [(None, "7")]
    assert lookups.find(stage.db, "doi:10.5555/false", HERE) is None


@pytest.mark.row("E02")
def test_a_fake_feed_cannot_join_two_works_or_swallow_one(stage: WatchStage) -> None:
    one, other = entry(1, doi=None, pmid=None), entry(2, doi=None, pmid=None)
    stage.serve([Entry("fake", replace(one.record, doi="10.5555/x"), NOW)], FAKE)
    stage.serve([Entry("fake", replace(other.record, doi="10.5555/x"), NOW)], FAKE)
    stage.serve([one, other])

    assert len(stage.scheduled()) == 2
    stage.serve([entry(3, pmid="99000003"), entry(4, pmid="99000004")])
    stage.serve(fake(3, pmid="99000004"), FAKE)
    assert len(stage.scheduled()) == 4


@pytest.mark.row("E02")
def test_a_document_from_elsewhere_is_not_the_publishers(stage: WatchStage) -> None:
    stage.serve(entries(1))
    brought = retrieval(JII, [entry(1, abstract=MADE_UP), entry(2)])
    stage.record(replace(brought, retrieved=replace(brought.retrieved, url=FAKE)))

    found = lookups.find(stage.db, f"doi:{doi(1)}", None)
    assert found is not None
    assert found.record.abstract == ABSTRACT
    assert lookups.find(stage.db, f"doi:{doi(2)}", None) is None


@pytest.mark.row("E02")
def test_many_journals_of_a_fake_feed_do_not_change_what_a_name_means_here(stage: WatchStage) -> None:
    stage.serve([entry(1)])
    records.save(
        stage.db, {"Crossref": Record("Crossref", title="One", journal="Zebra Pain")}, NOW, guild_ids=[HERE]
    )
    made_up = [entry(n, f"fake-{n}", journal=f"A{n:03} Pain") for n in range(10, 90)]
    stage.serve(made_up, FAKE)

    assert search.search(stage.db, HERE, parse_query("journal:pain")).total == 1


# The server that added the feed has all of it


@pytest.mark.row("E02")
def test_a_feed_that_the_catalogue_lacks_works_fully_where_it_was_added(stage: WatchStage) -> None:
    stage.serve(entries(1, 2), FAKE)

    assert stage.scheduled(THEIRS) == [doi(1), doi(2)]
    found = lookups.find(stage.db, f"doi:{doi(1)}", THERE)
    assert found is not None
    assert found.record.abstract == ABSTRACT
    assert search.search(stage.db, THERE, parse_query("finding")).total == 2
    assert len(search.latest(stage.db, THERE)) == 2
    assert len(search.complete_titles(stage.db, THERE, "inv")) == 2
    assert search.journals(stage.db, THERE) == [("Journal of Invented Imaging", 2)]


@pytest.mark.row("E02")
def test_what_a_database_adds_completes_the_card_where_the_feed_was_added(stage: WatchStage) -> None:
    stage.serve([entry(1, abstract=())], FAKE)
    [theirs] = stage.outbox(THEIRS)
    records.add_records(stage.db, theirs.article_id, pubmed(1), stage.now)

    assert [each.abstract for each in stage.records(THEIRS)] == [ABSTRACT]
    for key in (f"doi:{doi(1)}", "pmid:99000001"):
        found = lookups.find(stage.db, key, THERE)
        assert found is not None
        assert found.id == theirs.article_id


@pytest.mark.row("E02")
def test_the_abstract_of_the_feed_stays_where_a_look_up_finds_the_article_without_one(
    stage: WatchStage,
) -> None:
    said = replace(entry(1).record, source="Crossref", abstract=())
    lookups.keep(stage.db, {"Crossref": said}, THERE, stage.now)
    stage.serve(entries(1), FAKE)
    kept = lookups.keep(stage.db, {"Crossref": said}, THERE, stage.now)

    assert kept.record.abstract == ABSTRACT
    assert search.search(stage.db, THERE, parse_query("finding")).total == 1
    assert lookups.keep(stage.db, {"Crossref": said}, HERE, stage.now).record.abstract == ()


@pytest.mark.row("E02")
@pytest.mark.parametrize("urls", [(FAKE, SECOND), (SECOND, FAKE), (FAKE, JII), (JII, FAKE)])
def test_one_work_of_two_feeds_is_one_card_and_one_hit(tmp_path: Path, urls: tuple[str, str]) -> None:
    stage = WatchStage(tmp_path)
    for url in urls:
        stage.subscribe(url=url, shown=[])
    stage.serve([entry(1, abstract=())], urls[0])
    stage.post_all()
    stage.serve([entry(1, "other", pages="11–19")], urls[1])
    stage.serve([anonymous(2, journal="Journal of Invented Imaging")], urls[0])
    stage.serve([anonymous(2, "two", journal="Journal of Invented Imaging")], urls[1])

    assert len(stage.outbox()) == 2
    assert search.search(stage.db, HERE, parse_query("finding")).total == 2
    stage.close()


@pytest.mark.row("E02")
def test_the_publishers_text_reaches_the_card_of_a_feed_that_came_first(tmp_path: Path) -> None:
    stage = WatchStage(tmp_path)
    for url in (FAKE, JII):
        stage.subscribe(url=url, shown=[])
    stage.serve([entry(1, abstract=())], FAKE)
    stage.post_all()
    stage.serve(entries(1))

    assert [each.abstract for each in stage.records()] == [ABSTRACT]
    assert set(stage.edits()) == {doi(1)}
    stage.close()


@pytest.mark.row("E02")
def test_an_older_versions_articles_of_one_feed_become_its_own(stage: WatchStage) -> None:
    stage.serve(entries(1))
    stage.serve(entries(2), FAKE)
    stage.serve(entries(3), FAKE)
    lookups.make_known(stage.db, articles.holders(stage.db, [f"doi:{doi(3)}"]).pop(), HERE, stage.now)
    for statement in (  # as version 0.2.0 left them
        "UPDATE articles SET feed_id = NULL",
        "UPDATE article_keys SET feed_id = 0",
        "DELETE FROM bot_state WHERE name = 'title_keys'",
    ):
        stage.db.conn.execute(statement)

    title_keys.refresh(stage.db, stage.catalogue)

    found = {number: lookups.find(stage.db, f"doi:{doi(number)}", None) for number in (1, 2, 3)}
    assert {number for number, article in found.items() if article} == {1, 3}
    assert lookups.find(stage.db, f"doi:{doi(2)}", THERE) is not None
