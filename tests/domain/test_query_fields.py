"""The one table of what queries understand is complete, true, and the same everywhere."""

from datetime import date
from pathlib import Path

import pytest

from wetread.domain.publication_kinds import OFFERED, is_known_kind, kind_meant, kind_words
from wetread.domain.publication_types import KNOWN_TYPES, label_of
from wetread.domain.query_faults import read_query
from wetread.domain.query_fields import MARKS, SYNTAX, Field
from wetread.domain.search_request import KINDS

ROOT = Path(__file__).parents[2]
EXAMPLES = [example for row in SYNTAX for example in row.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(example: str) -> None:
    known = {"pain medicine", "low back pain", "Example AB"}
    found = read_query(example, date(2026, 3, 31), lambda _, name: name in known)

    assert not found.faults
    query = found.understood()
    assert bool(query.words) == (example in {"epidural injection", "inject*"})
    assert len([*query.required, *query.excluded]) == (not query.words)


def test_every_field_is_in_the_table() -> None:
    fields = {example.removeprefix("-").partition(":")[0] for example in EXAMPLES if ":" in example}
    assert fields == set(Field)
    for field, marks in MARKS.items():
        assert {f"{field}:{mark}" for mark in marks} <= set(EXAMPLES)


def test_the_documents_have_this_table() -> None:
    document = (ROOT / "docs" / "moderators.md").read_text(encoding="utf-8")
    for row in SYNTAX:
        examples = " · ".join(f"`{example}`" for example in row.examples)
        assert f"\n| {examples} | {row.meaning} |\n" in document


@pytest.mark.parametrize(
    "kind", [*OFFERED, *KNOWN_TYPES, *filter(None, map(label_of, KNOWN_TYPES)), *filter(None, KINDS.values())]
)
def test_every_kind_that_the_bot_shows_is_understood(kind: str) -> None:
    assert is_known_kind(kind)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("RCTs", ("randomized", "controlled", "trial")),
        ("randomised trials", ("randomized", "trial")),
        ("Meta-Analyses", ("meta", "analysis")),
        ("metaanalysis", ("meta", "analysis")),
        ("case reports", ("case", "report")),
        ("observational studies", ("observational", "study")),
        ("corrigenda", ("erratum",)),
        ("front-matter", ("front", "matter")),
        ("news", ("news",)),
        ("???", ()),
    ],
)
def test_kinds_are_read_in_any_number_and_spelling(typed: str, words: tuple[str, ...]) -> None:
    assert kind_words(typed) == words
    assert is_known_kind(typed) == bool(words)


@pytest.mark.parametrize("typed", ["", "?", "x", "qwertz", "veterinary dentistry"])
def test_what_resembles_no_kind_means_none(typed: str) -> None:
    assert kind_meant(typed) is None
