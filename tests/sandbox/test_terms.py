"""PubMed search terms over the invented articles, as moderators type them."""

import pytest

from sandbox.library import Library
from sandbox.terms import matching
from tests.support.doubles import FakeClock


@pytest.fixture
def library() -> Library:
    library = Library(FakeClock())
    for journal in library.journals:
        for _ in range(6):
            library.publish(journal)
    return library


def found(library: Library, term: str) -> set[str]:
    return {article.pmid for article in matching(library.articles, term)}


def test_operators_and_brackets_mean_what_they_say(library: Library) -> None:
    mri, ct, hose = (found(library, word) for word in ("MRI[ti]", "CT[ti]", "hose[ti]"))

    assert mri
    assert ct & hose
    assert found(library, "MRI[ti] OR CT[ti]") == mri | ct
    assert found(library, "CT[ti] AND hose[ti]") == found(library, "CT[ti] hose[ti]") == ct & hose
    assert found(library, "(MRI[ti] OR CT[ti]) AND hose[ti]") == (mri | ct) & hose
    assert found(library, "MRI[ti] OR CT[ti] AND hose[ti]") == mri | (ct & hose)
    assert found(library, "(MRI[ti] OR CT[ti]) NOT hose[ti]") == (mri | ct) - hose
    assert found(library, '"garden hose"[tiab]') == hose


@pytest.mark.parametrize("term", ["", "()", "AND", "OR OR", "((((", "))))", "[ti]", "NOT", "AND (", '"'])
def test_broken_terms_find_nothing_and_break_nothing(library: Library, term: str) -> None:
    assert found(library, term) == set()


def test_a_journal_is_found_by_every_number(library: Library) -> None:
    journal = library.journals[0]
    own = {article.pmid for article in library.out(journal)}

    assert found(library, f"{journal.nlm_id}[NLMID]") == own
    assert found(library, f'"{journal.issn}"[ta]') == own
