"""Dates, names and places as readers are shown them."""

import pytest

from cogs.kit.words import byline, counted, day, heading, institution, issue_and_pages, short_name
from wetread.domain.models import Author, PartialDate, Record


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        (PartialDate(2026, 1, 14), "14 Jan 2026"),
        (PartialDate(1998, 4), "Apr 1998"),
        (PartialDate(2026), "2026"),
        (PartialDate(2026, 13, 40), "2026"),
        (PartialDate(2026, 0, 5), "2026"),
    ],
)
def test_dates_are_written_as_far_as_they_are_known(on: PartialDate, shown: str) -> None:
    assert day(on).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        (Author("Example", "Alex B"), "Example AB"),
        (Author("Example", "AB"), "Example AB"),
        (Author("Example", "A. B."), "Example AB"),
        (Author("Example", "Jean-Pierre"), "Example JP"),
        (Author("de Mock", "Dana", "Jr"), "de Mock D Jr"),
        (Author("Invented Trial Group", is_collective=True), "Invented Trial Group"),
        (Author("Ada Example"), "Ada Example"),
        (Author("山田", "太郎"), "山田 太郎"),
    ],
)
def test_people_are_named_by_family_and_initials(author: Author, shown: str) -> None:
    assert short_name(author) == shown


def test_five_authors_are_three_and_a_number() -> None:
    people = tuple(Author(name) for name in "ABCDE")

    assert byline(people).replace("\u00a0", " ") == "A, B, C, et al. (5 authors)"
    assert byline(people[:4]) == "A, B, C, D"
    assert byline(()) == byline((), has_more=True) == ""


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ((Author("Levy", "A"), Author("Le Péchoux", "Cécile")), "Levy A, Le Péchoux C"),
        ((Author("Levy", "A"), Author("Cécile Le Péchoux")), "A Levy, Cécile Le Péchoux"),
        ((Author("Ana Lopez Garcia"), Author("Kim Min Jun")), "Ana Lopez Garcia, Kim Min Jun"),
        ((Author("Levy", "Antonin"), Author("Plato")), "Levy A, Plato"),
        ((Author("Levy", "A"), Author("Invented Group", is_collective=True)), "Levy A, Invented Group"),
    ],
)
def test_names_of_one_byline_have_one_style(authors: tuple[Author, ...], shown: str) -> None:
    assert byline(authors).replace("\u00a0", " ") == shown


def test_a_byline_that_is_longer_than_its_source_says_has_no_number() -> None:
    people = tuple(Author(name) for name in "ABCDE")

    assert byline(people[:2], has_more=True).replace("\u00a0", " ") == "A, B, et al."
    assert byline(people, has_more=True).replace("\u00a0", " ") == "A, B, C, et al."


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("MATERIALS AND METHODS", "Materials and Methods"),
        ("CONCLUSIONS AND RELEVANCE:", "Conclusions and Relevance"),
        ("MRI FINDINGS", "MRI Findings"),
        ("Interpretation", "Interpretation"),
        ("BACKGROUND/OBJECTIVE", "Background/Objective"),
    ],
)
def test_headings_do_not_shout(label: str, shown: str) -> None:
    assert heading(label) == shown


@pytest.mark.parametrize(
    ("affiliation", "shown"),
    [
        ("University of Sampletown, Department of Radiology", "University of Sampletown"),
        (
            "From the Department of Radiology, Sample University Hospital, Sampletown.",
            "Sample University Hospital",
        ),
        ("College of Imaging, Invented University, Exampleville", "Invented University"),
        ("Example Institute of Imaging, Exampleville", "Example Institute of Imaging"),
        ("Sampletown. Electronic address: ada@example.invalid.", "Sampletown"),
        ("Department of Radiology, Sampletown", "Department of Radiology, Sampletown"),
    ],
)
def test_a_place_is_called_by_its_institution(affiliation: str, shown: str) -> None:
    assert institution(affiliation) == shown


@pytest.mark.parametrize(
    ("volume", "issue", "pages", "shown"),
    [
        ("318", "1", "101-110", "318(1):101–110"),
        ("318", None, "e7", "318:e7"),
        (None, "1", None, "(1)"),
        (None, None, "101 – 110", "101–110"),
        (None, None, None, ""),
    ],
)
def test_the_place_in_a_journal(volume: str | None, issue: str | None, pages: str | None, shown: str) -> None:
    assert issue_and_pages(Record(source="feed", volume=volume, issue=issue, pages=pages)) == shown


def test_numbers_have_their_word() -> None:
    assert counted(1, "article") == "1 article"
    assert counted(12_345, "article") == "12,345 articles"
    assert counted(0, "reply", "replies") == "0 replies"
