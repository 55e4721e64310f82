"""The titles of articles and journals in answers."""

from dataclasses import replace

import pytest

from wetread.domain.models import Record, Relation, RelationKind
from wetread.domain.titles import shown_journal, shown_title

ARTICLE = Record(source="PubMed", title="Example Ratio at MRI.", doi="10.5555/a")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Example Ratio at MRI.", "Example Ratio at MRI"),
        ("What next ...", "What next ..."),
        ("[Beispiel].", "[Beispiel]"),
        ("", "DOI 10.5555/a"),
        ("\u200b", "DOI 10.5555/a"),
    ],
)
def test_a_title_loses_the_full_stop_of_pubmed_only(title: str, shown: str) -> None:
    assert shown_title(replace(ARTICLE, title=title)) == shown


@pytest.mark.parametrize(
    "title",
    [
        "Example Ratio at MRI",
        "RETRACTED: Example Ratio at MRI",
        "Retracted article: Example Ratio at MRI.",
        "[Retracted] Example Ratio at MRI",
        "WITHDRAWN: Example Ratio at MRI",
        "(Retracted) Example Ratio at MRI",
    ],
)
def test_a_retracted_article_says_so_once(title: str) -> None:
    record = replace(ARTICLE, title=title, types=("Retracted Publication",))

    assert shown_title(record) == "RETRACTED: Example Ratio at MRI"


def test_a_concern_is_not_a_retraction() -> None:
    record = replace(ARTICLE, relations=(Relation(RelationKind.CONCERN_IN, pmid="1", reported_by="PubMed"),))

    assert shown_title(record) == "Expression of concern: Example Ratio at MRI"


@pytest.mark.parametrize(
    ("journal", "shown"),
    [
        ("Journal of Example Radiology", "Journal of Example Radiology"),
        ("Example radiology : journal of invented imaging", "Example radiology"),
        ("Beispiel = Example", "Beispiel"),
        ("Example oncology (Sampletown, England)", "Example oncology"),
        ("Example pediatrics (Sampletown, Spain : 2003)", "Example pediatrics"),
        ("Example (Methods)", "Example (Methods)"),
        (None, "Ex Radiol"),
    ],
)
def test_a_journal_has_the_name_on_its_cover(journal: str | None, shown: str) -> None:
    assert shown_journal(replace(ARTICLE, journal=journal, journal_abbreviation="Ex Radiol")) == shown
