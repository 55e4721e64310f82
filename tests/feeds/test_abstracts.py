"""What an abstract is, and what only stands in its place."""

import pytest

from wetread.domain.models import Section
from wetread.domain.text import is_no_abstract
from wetread.feeds.abstracts import Abstract, abstract_from_html, richest

TITLE = "Invented contrast in invented vessels"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-",
            "–",
            ".",
            "…",
            "n/a",
            "N/A.",
            "NA",
            "null",
            "None",
            "[Figure: see text].",
            "[Table: see text]",
        ),
        *("No abstract", "No abstract available.", "Abstract not available", "[No abstract available]"),
        *(TITLE, f"{TITLE}.", TITLE.upper()),
    ],
)
def test_what_stands_where_no_abstract_is(text: str) -> None:
    assert is_no_abstract(text, TITLE)
    assert abstract_from_html(f"<p>{text}</p>", is_certain=True, title=TITLE) == Abstract()


@pytest.mark.parametrize(
    "text", ["None of the patients fell.", "Available coils.", f"{TITLE} was seen.", "12"]
)
def test_a_short_abstract_is_one(text: str) -> None:
    assert not is_no_abstract(text, TITLE)
    assert abstract_from_html(text, is_certain=True, title=TITLE).sections == (Section(text),)


@pytest.mark.parametrize(
    ("html", "labels"),
    [
        ("Abstract Purpose: To invent. Results: Done. Conclusion: So.", ["Purpose", "Results", "Conclusion"]),
        ("<h3>ABSTRACT</h3><p>Purpose: To invent. Results: Done.</p>", ["Purpose", "Results"]),
        ("ABSTRACT: Invented coils hold.", [None]),
    ],
)
def test_the_heading_is_no_part_of_the_abstract(html: str, labels: list[str | None]) -> None:
    sections = abstract_from_html(html, is_certain=True).sections

    assert [section.label for section in sections] == labels
    assert "bstract" not in sections[0].text


def test_an_abstract_may_begin_with_that_word() -> None:
    [section] = abstract_from_html("Abstract thinking was measured.", is_certain=True).sections
    assert section.text == "Abstract thinking was measured."


def test_of_two_copies_the_one_with_labels_is_taken_unless_it_is_a_fragment() -> None:
    flat = Abstract((Section("To invent. " * 30),))
    labelled = Abstract((Section("To invent. " * 15, "Aim"), Section("Done. " * 25, "Result")))
    fragment = Abstract((Section("So.", "Conclusion"),))

    assert richest([flat, labelled]) == labelled
    assert richest([fragment, flat]) != labelled
    assert richest([flat, fragment]) == flat
    assert richest([Abstract(), flat]) == flat
    assert richest([]) == Abstract()
