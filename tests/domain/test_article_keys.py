"""Keys by which an article is known: identifiers, and title, journal and year."""

from dataclasses import replace
from itertools import combinations

import pytest

from wetread.domain.article_keys import keys_of, title_keys
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import PartialDate, Record

CATALOGUE = Catalogue.load()
TITLE = "Invented contrast in <invented> vessels"
RECORD = Record("feed", title=TITLE, journal="Journal of Invented Imaging", issue_on=PartialDate(2026))


def test_title_journal_and_year_make_a_key() -> None:
    [key] = title_keys(RECORD)

    assert title_keys(replace(RECORD, title="RETRACTED: Invented Contrast in “invented” Vessels.")) == (key,)
    assert title_keys(replace(RECORD, journal="JOURNAL OF INVENTED IMAGING")) == (key,)
    assert key not in title_keys(replace(RECORD, issue_on=PartialDate(2025)))
    assert key not in title_keys(replace(RECORD, journal="Another Journal"))


@pytest.mark.parametrize(
    "title",
    [
        "Editorial Board",
        "Editorial Board and Aims of the Whole Journal",
        "Issue Information",
        "Erratum for “Invented contrast in vessels”",
        "Corrigendum to “Invented spines” [Eur. J. Invent. 9 (2026) 11]",
        "Author Correction: Invented contrast in vessels",
        "Cover",
        "Front Cover: Invented contrast in vessels",
        "Reply to Letter to the Editor regarding something",
        "Short title",
        "",
    ],
)
def test_titles_that_many_share_make_no_key(title: str) -> None:
    assert title_keys(replace(RECORD, title=title)) == ()


def test_an_unknown_journal_or_year_makes_no_key() -> None:
    assert title_keys(replace(RECORD, journal=None)) == ()
    assert title_keys(replace(RECORD, issue_on=None)) == ()


def test_keys_come_best_first() -> None:
    record = Record(
        source="feed",
        title="Invented contrast in invented vessels",
        journal="Journal of Invented Imaging",
        doi="10.48550/arxiv.2608.19967",
        pmid="99000001",
        pmcid="PMC9900001",
        pii="S9999999926000123",
        online_on=PartialDate(2025, 12),
        issue_on=PartialDate(2026),
    )
    keys = keys_of(record)
    assert [key.split(":")[0] for key in keys] == ["doi", "pmid", "pmcid", "pii", "arxiv", "title", "title"]
    assert keys[4] == "arxiv:2608.19967"
    assert keys_of(Record("feed", title="Cover")) == ()


def test_an_issue_of_the_next_year_is_expected_late_in_the_year_only() -> None:
    assert len(title_keys(replace(RECORD, issue_on=None, online_on=PartialDate(2025, 12, 20)))) == 2
    assert len(title_keys(replace(RECORD, issue_on=None, online_on=PartialDate(2025, 3, 20)))) == 1


# The publisher's name, ISO's, the National Library of Medicine's, and the numbers.
JOURNALS = {
    "radiology": ["Radiology", "0033-8419", "1527-1315", "0401260"],
    "radiographics": [
        "RadioGraphics",
        "Radiographics",
        "Radiographics : a review publication of the Radiological Society of North America, Inc",
        "0271-5333",
    ],
    "ajr": [
        "American Journal of Roentgenology",
        "AJR Am J Roentgenol",
        "AJR. American journal of roentgenology",
        "0361-803X",
    ],
    "jacr": [
        "Journal of the American College of Radiology",
        "J Am Coll Radiol",
        "Journal of the American College of Radiology : JACR",
        "1546-1440",
    ],
    "jvir": [
        "Journal of Vascular and Interventional Radiology",
        "J Vasc Interv Radiol",
        "Journal of vascular and interventional radiology : JVIR",
        "1051-0443",
    ],
    "ajnr": [
        "American Journal of Neuroradiology",
        "AJNR Am J Neuroradiol",
        "AJNR. American journal of neuroradiology",
    ],
    "jmri": [
        "Journal of Magnetic Resonance Imaging",
        "J Magn Reson Imaging",
        "Journal of magnetic resonance imaging : JMRI",
    ],
    "abdom-radiol": [
        "Abdominal Radiology",
        "Abdom Radiol (NY)",
        "Abdominal radiology (New York)",
        "2366-0058",
    ],
    "radiol-med": ["La Radiologia Medica", "Radiol Med", "La Radiologia medica", "0033-8362"],
}


def named(name: str) -> Record:
    """The record under one name of the journal, as a source gives it."""
    if name[:4].isdecimal():
        number = {"issns": (name,)} if "-" in name else {"nlm_id": name}
        return replace(RECORD, journal=None, **number)
    return replace(RECORD, journal=name)


def keys(record: Record) -> set[str]:
    journal = CATALOGUE.journal_of(record)
    return set(title_keys(record, journal.key if journal else None))


@pytest.mark.row("E04")
@pytest.mark.parametrize("names", JOURNALS.values(), ids=JOURNALS)
def test_each_name_of_a_journal_makes_the_same_key(names: list[str]) -> None:
    assert [pair for pair in combinations(names, 2) if keys(named(pair[0])) != keys(named(pair[1]))] == []


@pytest.mark.row("E04")
def test_two_journals_never_share_a_key() -> None:
    for one, other in combinations(JOURNALS.values(), 2):
        mine, theirs = ({key for name in names for key in keys(named(name))} for names in (one, other))
        assert mine.isdisjoint(theirs)


@pytest.mark.row("E04")
def test_a_journal_that_the_catalogue_lacks_is_known_by_each_number_and_name() -> None:
    whole = replace(RECORD, journal_abbreviation="J Invent Imaging", issns=("9999-9994",))

    for said in (
        {"journal": "The Journal of Invented Imaging"},
        {"journal": "Journal of invented imaging : JII"},
        {"journal": "J Invent Imaging"},
        {"journal": None, "issns": ("9999-9994",)},
    ):
        other = replace(RECORD, **said)
        assert not set(title_keys(whole)).isdisjoint(title_keys(other))
