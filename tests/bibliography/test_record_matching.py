"""A title match is accepted only if it cannot be another article."""

from dataclasses import replace

import pytest

from wetread.bibliography.record_matching import accepted, pii_spellings
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.models import Author, PartialDate, Record

TITLE = "Phantom findings of invented imaging in the lumbar spine: part 2"
RECORD = Record(
    "PubMed",
    title=TITLE,
    authors=(Author("Müller", "Ada"),),
    doi="10.5555/x",
    pmid="99000001",
    journal="Journal of invented imaging",
    online_on=PartialDate(2025, 12, 30),
    issue_on=PartialDate(2026, 2),
)
WANTED = RecordRequest(1, title=TITLE, published_on=PartialDate(2026, 1), first_author="Muller")


@pytest.mark.row("D07")
def test_an_identifier_makes_it_certain() -> None:
    assert accepted(RecordRequest(1, pmid="99000001", title="Something else"), RECORD) == RECORD


@pytest.mark.row("D07")
def test_title_year_and_first_author_make_it_probable() -> None:
    assert accepted(WANTED, RECORD) == replace(RECORD, is_probable=True)


def test_small_differences_of_spelling_are_allowed() -> None:
    other = replace(WANTED, title="Phantom Findings of Invented Imaging in the Lumbar Spines — Part 2.")

    assert accepted(other, RECORD) is not None


@pytest.mark.row("D07")
@pytest.mark.parametrize(
    "changes",
    [
        {"title": TITLE.replace("part 2", "part 3")},
        {"title": "Correction: " + TITLE},
        {"title": TITLE.replace("lumbar", "thoracic cervical")},
        {"title": "Editorial board of the journal of invented imaging"},
        {"published_on": PartialDate(2024)},
        {"published_on": None},
        {"first_author": "Sample"},
        {"first_author": None},
        {"doi": "10.5555/another"},
    ],
)
def test_whatever_may_be_another_article_is_refused(changes: dict[str, object]) -> None:
    assert accepted(replace(WANTED, **changes), RECORD) is None  # type: ignore[arg-type]  # real fields


def test_without_an_author_the_journal_must_agree() -> None:
    anonymous = replace(WANTED, first_author=None, journal="Journal of Invented Imaging")

    assert accepted(anonymous, RECORD) is not None


def test_a_pii_has_two_spellings() -> None:
    assert pii_spellings("S9999999926000123") == ("S9999999926000123", "S9999-9999(26)00012-3")
