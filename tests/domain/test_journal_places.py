"""A record is at a place in a journal only if journal, volume and first page agree."""

from dataclasses import replace
from pathlib import Path

import pytest

from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.journal_places import contradicts, first_page_key, is_at, volume_key
from wetread.domain.models import JournalPlace, PartialDate, Record

EXTRA = """
[[journal]]
key = "jii"
title = "Journal of Invented Imaging"
abbreviation = "J Invent Imaging"
issns = ["0000-0019"]
subject = "General"
subspecialties = []
aliases = ["JII"]
sites = ["invented.example.org", "press.example.org/jii"]
"""
RECORD = Record(
    "PubMed",
    title="An invented study",
    journal="The Journal of invented imaging : official organ",
    journal_abbreviation="J Invent Imaging",
    issns=("0000-0019",),
    volume="21",
    issue="4",
    pages="927–930",
    issue_on=PartialDate(2001, 7),
)
PLACE = JournalPlace(("J Invent Imaging",), "21", "927")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    (tmp_path / "extra.toml").write_text(EXTRA, encoding="utf-8")
    return Catalogue.load(tmp_path / "extra.toml")


@pytest.mark.parametrize(
    "name", ["jii", "JII", "J Invent Imaging", "Journal of Invented Imaging", "0000-0019"]
)
def test_a_journal_of_the_catalogue_agrees_by_any_of_its_names(catalogue: Catalogue, name: str) -> None:
    place = replace(PLACE, journals=(name,))
    only_issn = replace(RECORD, journal="Something else", journal_abbreviation=None)
    assert is_at(place, RECORD, catalogue)
    assert is_at(place, only_issn, catalogue)


@pytest.mark.parametrize(
    ("name", "is_it"),
    [
        ("J Invent Imaging", True),
        ("j. invent. imaging", True),
        ("Journal of Invented Imaging", True),
        ("0000-0019", True),
        ("J Inv Imag", True),
        ("J Invent", False),
        ("Imaging", False),
        ("J Invent Imaging B", False),
        ("JII", False),
    ],
)
def test_a_journal_that_the_catalogue_lacks_agrees_by_its_names_and_abbreviations(
    name: str, is_it: bool
) -> None:
    assert is_at(replace(PLACE, journals=(name,)), RECORD, NO_JOURNALS) is is_it


def test_one_of_several_names_is_enough() -> None:
    assert is_at(replace(PLACE, journals=("see J Invent Imaging", "J Invent Imaging")), RECORD, NO_JOURNALS)


@pytest.mark.parametrize(
    ("volume", "page", "is_it"),
    [
        ("21", "927", True),
        ("021", "0927", True),
        ("21", "928", False),
        ("21", "92", False),
        ("21", "e927", False),
        ("22", "927", False),
        ("2", "927", False),
    ],
)
def test_volume_and_first_page_must_agree(volume: str, page: str, is_it: bool) -> None:
    assert is_at(replace(PLACE, volume=volume, first_page=page), RECORD, NO_JOURNALS) is is_it


@pytest.mark.parametrize("record", [replace(RECORD, volume=None), replace(RECORD, pages=None)])
def test_a_record_without_volume_or_pages_is_nowhere(record: Record) -> None:
    assert not is_at(PLACE, record, NO_JOURNALS)


@pytest.mark.parametrize(
    ("year", "issue", "does"),
    [
        (None, None, False),
        (2001, "4", False),
        (2000, None, False),
        (2003, None, True),
        (1901, "4", True),
        (2001, "5", True),
        (None, "4 Suppl 1", False),
        (2001, "04", False),
    ],
)
def test_another_year_or_issue_contradicts(year: int | None, issue: str | None, does: bool) -> None:
    assert contradicts(replace(PLACE, year=year, issue=issue), RECORD) is does


@pytest.mark.parametrize(
    ("pages", "key"),
    [
        ("121–126", "121"),
        ("121-6", "121"),
        ("0121", "121"),
        ("E012", "e12"),
        ("S12–S15", "s12"),
        ("W121, W122", "w121"),
        ("e241805", "e241805"),
        ("xi", "xi"),
        ("121.e1", "121.e1"),
    ],
)
def test_pages_are_compared_by_the_first(pages: str, key: str) -> None:
    assert first_page_key(pages) == key


@pytest.mark.parametrize(
    ("volume", "key"), [("22 Spec No", "22"), ("Vol. 022", "22"), ("22", "22"), ("A", "a")]
)
def test_volumes_are_compared_by_their_number(volume: str, key: str) -> None:
    assert volume_key(volume) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.invented.example.org/content/21/4/927", "jii"),
        ("https://press.example.org/jii/article/21/4/927/1", "jii"),
        ("https://press.example.org/other/article/21/4/927/1", None),
        ("https://example.org/", None),
        ("http://radiographics.rsna.org/content/21/4/927", "radiographics"),
        ("http://[", None),
    ],
)
def test_the_catalogue_says_whose_page_an_address_is(catalogue: Catalogue, url: str, key: str | None) -> None:
    journal = catalogue.of_page(url)
    assert (journal.key if journal else None) == key


@pytest.mark.parametrize(("text", "key"), [("Acad Radiology", "acad-radiol"), ("J", None), ("", None)])
def test_a_title_may_be_abbreviated_in_any_way(text: str, key: str | None) -> None:
    journal = Catalogue.load().abbreviated(text)
    assert (journal.key if journal else None) == key
