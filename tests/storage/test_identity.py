"""What the database takes for one work, and which identifiers it leaves out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.watch_stage import INVENTED, JII, NOW, PAPERS, PUBMED, WatchStage, doi, entry
from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.models import Author, Entry, PartialDate, Record
from wetread.storage import articles, claims, records, title_keys
from wetread.storage.journal_names import add_catalogue

LETTER = "Points to note on invented contrast agents"
WRONG = "99000009"


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[WatchStage]:
    """A server that watches two feeds in one channel, with the real catalogue."""
    stage = WatchStage(tmp_path, Catalogue([*Catalogue.load().journals, *INVENTED.journals]))
    for url in (JII, PUBMED):
        stage.subscribe(url=url, shown=[])
    yield stage
    stage.close()


def letter(number: int, **changes: object) -> Record:
    """A letter as ScienceDirect's feeds have it: a PII, no DOI, no abstract."""
    values: dict[str, object] = {
        "title": LETTER,
        "pii": f"S0720048X260{number:05}",
        "journal": "European Journal of Radiology",
        "issue_on": PartialDate(2026, 11),
        "authors": (Author(f"Example{number}", "A"),),
    }
    return Record("feed", **(values | changes))  # type: ignore[arg-type]  # real fields


def pubmed_says(**said: object) -> dict[str, Record]:
    values: dict[str, object] = {"title": "Sham cement for the painful vertebra", "pmid": WRONG}
    return {"PubMed": Record("PubMed", **(values | said))}  # type: ignore[arg-type]  # real fields


# E03: no letter is swallowed


@pytest.mark.row("E03")
def test_eleven_letters_under_one_title_are_eleven_cards(watched: WatchStage) -> None:
    watched.serve([Entry(f"pii/{number}", letter(number), NOW) for number in range(11)])

    assert len(watched.outbox()) == 11


@pytest.mark.row("E03")
def test_eleven_letters_that_come_one_by_one_are_eleven_cards(watched: WatchStage) -> None:
    for number in range(11):
        watched.serve([Entry(f"pii/{each}", letter(each), NOW) for each in range(number + 1)])
        watched.wait(hours=1)

    assert len(watched.outbox()) == 11


@pytest.mark.row("E03")
def test_a_database_completes_each_of_the_letters_by_its_pii(watched: WatchStage) -> None:
    watched.serve([Entry(f"pii/{number}", letter(number), NOW) for number in range(11)])
    for number in range(11):
        said = letter(number, doi=f"10.5555/letter.{number}", pmid=f"9900010{number}")
        records.save(watched.db, {"PubMed": said}, watched.now)

    assert {each.doi for each in watched.records()} == {f"10.5555/letter.{number}" for number in range(11)}


@pytest.mark.row("E03")
def test_a_title_that_two_works_have_identifies_neither(watched: WatchStage) -> None:
    watched.serve([Entry(f"pii/{number}", letter(number, authors=()), NOW) for number in range(2)])
    watched.serve([Entry("third", letter(3, pii=None, authors=()), NOW)], PUBMED)

    assert len(watched.outbox()) == 3


@pytest.mark.row("E03")
def test_a_shared_doi_joins_two_piis(watched: WatchStage) -> None:
    watched.serve([Entry("one", letter(1, doi=doi(1)), NOW)])
    watched.serve([Entry("two", letter(2, doi=doi(1)), NOW)], PUBMED)

    assert len(watched.outbox()) == 1


# E04: the keys of an older database, and of a catalogue that has changed


@pytest.mark.row("E04")
def test_a_changed_catalogue_makes_the_keys_of_titles_anew(tmp_path: Path) -> None:
    stage = WatchStage(tmp_path, NO_JOURNALS)
    stage.subscribe(shown=[])
    stage.serve([Entry("one", letter(1, pii=None, journal="AJR Am J Roentgenol"), NOW)])
    other = letter(1, pii=None, journal="AJR. American journal of roentgenology")
    own = stage.feed_id()
    assert articles.find(stage.db, other, own) is None

    catalogue = Catalogue.load()
    add_catalogue(stage.connection, catalogue)
    title_keys.refresh(stage.db, catalogue)

    assert articles.find(stage.db, other, own) is not None
    assert articles.find(stage.db, letter(1, pii=None, journal="AJR Am J Roentgenol"), own) is not None
    stage.close()


# E01: a wrong identifier beside a right one


@pytest.mark.row("E01")
def test_an_identifier_of_a_known_work_is_dropped_from_an_entry_about_another(watched: WatchStage) -> None:
    records.save(watched.db, pubmed_says(doi="10.5555/z"), watched.now)
    watched.serve([entry(1, pmid=WRONG)])

    [shown] = watched.records()
    assert (shown.doi, shown.pmid, shown.title) == (doi(1), None, entry(1).record.title)
    found = articles.find_by_keys(watched.db, [f"pmid:{WRONG}"])
    assert articles.get(watched.db, found[f"pmid:{WRONG}"]).record.doi == "10.5555/z"
    [posted] = watched.outbox()
    assert claims.wrong_identifiers(watched.db, posted.article_id) == (f"pmid:{WRONG}",)


@pytest.mark.row("E01")
def test_a_database_takes_its_identifier_back_from_an_entry_that_came_first(watched: WatchStage) -> None:
    watched.serve([entry(1, pmid=WRONG)])
    records.save(watched.db, pubmed_says(doi="10.5555/z"), watched.now)

    [shown] = watched.records()
    assert (shown.doi, shown.pmid) == (doi(1), None)
    found = articles.find_by_keys(watched.db, [f"pmid:{WRONG}"])
    assert articles.get(watched.db, found[f"pmid:{WRONG}"]).record.doi == "10.5555/z"


@pytest.mark.row("E01")
def test_the_wrong_identifier_stays_out_when_the_feed_repeats_it(watched: WatchStage) -> None:
    records.save(watched.db, pubmed_says(doi="10.5555/z"), watched.now)
    watched.serve([entry(1, pmid=WRONG)])
    watched.serve([entry(1, pmid=WRONG, volume="12")])

    assert [(each.pmid, each.volume) for each in watched.records()] == [(None, "12")]


@pytest.mark.row("E01")
def test_a_database_corrects_the_lesser_identifier_of_its_own_work(watched: WatchStage) -> None:
    watched.serve([entry(1, pmid=WRONG)])
    said = entry(1).record
    records.save(
        watched.db, {"PubMed": Record("PubMed", title=said.title, doi=said.doi, pmid="99000001")}, watched.now
    )

    assert [(each.doi, each.pmid) for each in watched.records()] == [(doi(1), "99000001")]
    assert set(watched.delivery_states(PAPERS)) == {doi(1)}


@pytest.mark.row("E01")
def test_a_record_found_by_a_wrong_identifier_is_refused(watched: WatchStage) -> None:
    watched.serve([entry(1, pmid=WRONG)])
    [posted] = watched.outbox()
    change = records.add_records(watched.db, posted.article_id, pubmed_says(doi="10.5555/z"), watched.now)

    assert change.has_refused
    [shown] = watched.records()
    assert (shown.title, shown.doi, shown.pmid) == (entry(1).record.title, doi(1), None)
    assert claims.wrong_identifiers(watched.db, posted.article_id) == (f"pmid:{WRONG}",)


@pytest.mark.row("E01")
def test_an_article_whose_only_identifier_is_wrong_stays_what_its_feed_says(watched: WatchStage) -> None:
    watched.serve([entry(1, doi=None, pmid=WRONG)])
    [posted] = watched.outbox()
    records.add_records(watched.db, posted.article_id, pubmed_says(), watched.now)

    [shown] = watched.records()
    assert (shown.title, shown.pmid) == (entry(1).record.title, None)


@pytest.mark.row("E01")
def test_a_wrong_doi_beside_a_right_pmid_is_the_one_that_is_dropped(watched: WatchStage) -> None:
    watched.serve([entry(1, doi="10.5555/z", pmid="99000001")])
    [posted] = watched.outbox()
    said = pubmed_says(title=entry(1).record.title, doi=doi(1), pmid="99000001")
    records.add_records(watched.db, posted.article_id, said, watched.now)

    assert [(each.doi, each.pmid) for each in watched.records()] == [(doi(1), "99000001")]
    assert articles.find_by_keys(watched.db, ["doi:10.5555/z"]) == {}
    assert claims.wrong_identifiers(watched.db, posted.article_id) == ("doi:10.5555/z",)
