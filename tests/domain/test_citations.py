"""References in the styles of guides and in the formats of reference managers."""

from dataclasses import replace

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from wetread.domain.citations import Style, cite, cite_all
from wetread.domain.models import Author, PartialDate, Record, Relation, RelationKind, Section

NAMES = ("Example", "Sample", "Invented", "Mock", "Placeholder", "Fictus", "Dummy")
GIVEN = ("Alex B", "Bo", "Chris", "Dana", "Eli", "Fay", "Gus")
STYLE_GUIDES = (Style.AMA, Style.VANCOUVER, Style.APA)


def people(count: int) -> tuple[Author, ...]:
    return tuple(
        Author(NAMES[index % 7] + ("" if index < 7 else str(index + 1)), GIVEN[index % 7])
        for index in range(count)
    )


TRIAL = Record(
    source="PubMed",
    title="Example-guided epidural injection for lumbar radicular pain: a randomized trial.",
    authors=people(2),
    abstract=(Section("To compare example-guided injection with a sham.", "PURPOSE"),),
    doi="10.5555/jer.2026.0101",
    pmid="99000001",
    journal="Journal of Example Radiology",
    journal_abbreviation="J Example Radiol",
    issns=("0000-0000",),
    volume="318",
    issue="1",
    pages="101–110",
    online_on=PartialDate(2025, 12, 20),
    issue_on=PartialDate(2026, 1, 14),
)
TITLE = "Example-guided epidural injection for lumbar radicular pain: a randomized trial"
AMA_END = f"{TITLE}. J Example Radiol. 2026;318(1):101-110. doi:10.5555/jer.2026.0101"
VANCOUVER_END = f"{TITLE}. J Example Radiol. 2026 Jan 14;318(1):101–10. doi:10.5555/jer.2026.0101"
APA_END = f"{TITLE}. Journal of Example Radiology, 318(1), 101–110. https://doi.org/10.5555/jer.2026.0101"
SIX = "Example AB, Sample B, Invented C, Mock D, Placeholder E, Fictus F"
APA_SIX = "Example, A. B., Sample, B., Invented, C., Mock, D., Placeholder, E."


@pytest.mark.parametrize(
    ("count", "ama", "vancouver", "apa"),
    [
        (1, "Example AB", "Example AB", "Example, A. B."),
        (2, "Example AB, Sample B", "Example AB, Sample B", "Example, A. B., & Sample, B."),
        (6, SIX, SIX, f"{APA_SIX}, & Fictus, F."),
        (
            7,
            "Example AB, Sample B, Invented C, et al",
            f"{SIX}, et al",
            f"{APA_SIX}, Fictus, F., & Dummy, G.",
        ),
    ],
)
def test_each_style_counts_authors_its_own_way(count: int, ama: str, vancouver: str, apa: str) -> None:
    record = replace(TRIAL, authors=people(count))

    assert cite(record, Style.AMA) == f"{ama}. {AMA_END}"
    assert cite(record, Style.VANCOUVER) == f"{vancouver}. {VANCOUVER_END}"
    assert cite(record, Style.APA) == f"{apa} (2026). {APA_END}"


def test_thirty_authors_are_cut_by_ama_and_vancouver_and_apa_keeps_the_last() -> None:
    record = replace(TRIAL, authors=people(30))

    assert cite(record, Style.AMA).startswith("Example AB, Sample B, Invented C, et al. ")
    assert cite(record, Style.VANCOUVER).startswith(f"{SIX}, et al. ")
    assert ", Placeholder19, E., … Sample30, B. (2026)." in cite(record, Style.APA)


def test_files_name_all_thirty_authors() -> None:
    record = replace(TRIAL, authors=people(30))

    assert len(rispy.loads(cite(record, Style.RIS))[0]["authors"]) == 30
    assert cite(record, Style.BIBTEX).count(" and ") == 29


def test_a_list_that_is_longer_than_its_source_says_ends_in_et_al() -> None:
    record = replace(TRIAL, authors=(Author("Example", "AB"), Author("Sample", "B")), has_more_authors=True)

    assert cite(record, Style.AMA).startswith("Example AB, Sample B, et al. Example-guided")
    assert cite(record, Style.VANCOUVER).startswith("Example AB, Sample B, et al. Example-guided")
    assert cite(record, Style.APA).startswith("Example, A. B., Sample, B., et al. (2026")
    assert "author = {Example, AB and Sample, B and others}" in cite(record, Style.BIBTEX)


def test_a_group_is_never_taken_apart() -> None:
    record = replace(
        TRIAL,
        authors=(Author("Sample", "Bo"), Author("Invented Trial and Imaging Group", is_collective=True)),
    )

    assert cite(record, Style.AMA) == f"Sample B, Invented Trial and Imaging Group. {AMA_END}"
    assert cite(record, Style.APA).startswith("Sample, B., & Invented Trial and Imaging Group. (2026).")
    assert "author = {Sample, Bo and {Invented Trial and Imaging Group}}" in cite(record, Style.BIBTEX)
    assert "AU  - Invented Trial and Imaging Group" in cite(record, Style.RIS)


def test_initials_without_spaces_are_two_initials() -> None:
    record = replace(TRIAL, authors=(Author("Example", "AB", suffix="Jr"),))

    assert cite(record, Style.AMA).startswith("Example AB Jr. ")
    assert cite(record, Style.APA).startswith("Example, A. B., Jr. (2026).")


def test_online_first_says_so_and_leaves_no_empty_brackets() -> None:
    record = replace(TRIAL, volume=None, issue=None, pages=None, issue_on=None)

    assert cite(record, Style.AMA) == (
        f"Example AB, Sample B. {TITLE}. J Example Radiol. Published online December 20, 2025. "
        "doi:10.5555/jer.2026.0101"
    )
    assert cite(record, Style.VANCOUVER).endswith("J Example Radiol. 2025 Dec 20. doi:10.5555/jer.2026.0101")
    assert cite(record, Style.APA).endswith(
        "Journal of Example Radiology. https://doi.org/10.5555/jer.2026.0101"
    )


def test_an_article_number_stands_where_pages_would() -> None:
    assert "2026;318(1):e7. doi:" in cite(replace(TRIAL, pages="e7"), Style.AMA)
    assert "SP  - e7" in cite(replace(TRIAL, pages="e7"), Style.RIS)


def test_missing_pages_are_left_out() -> None:
    assert "2026;318(1). doi:" in cite(replace(TRIAL, pages=None), Style.AMA)


@pytest.mark.parametrize("style", STYLE_GUIDES)
def test_without_authors_the_title_is_printed_once(style: Style) -> None:
    assert cite(replace(TRIAL, authors=()), style).count(TITLE) == 1


@pytest.mark.parametrize("style", Style)
def test_a_retracted_article_is_cited_as_retracted(style: Style) -> None:
    record = replace(
        TRIAL,
        relations=(Relation(RelationKind.RETRACTED_BY, pmid="99000002"),),
        types=("Retracted Publication",),
    )

    assert f"RETRACTED: {TITLE}" in cite(record, style)


def test_retracted_is_not_printed_twice() -> None:
    record = replace(TRIAL, title=f"RETRACTED ARTICLE: {TITLE}", types=("Retracted Publication",))

    assert f". RETRACTED: {TITLE}. " in cite(record, Style.AMA)


def test_bibtex_is_read_back_as_it_was_meant() -> None:
    record = replace(
        TRIAL,
        title="50% of α-rays & {mock} $5 cost_units",
        authors=(Author("Müller", "Änne"), Author("Sample", "Bo")),
        doi="10.5555/jer_2026(1)",
    )

    library = parse_string(cite(record, Style.BIBTEX))

    assert not library.failed_blocks
    entry = library.entries[0]
    assert entry.key == "muller2026rays"
    assert entry["doi"] == "10.5555/jer_2026(1)"
    assert entry["author"] == r"M\"uller, \"Anne and Sample, Bo"
    assert entry["title"] == r"{50\% of \ensuremath{\alpha}-rays \& \{mock\} \$5 cost\_units}"


def test_ris_is_read_back_as_it_was_meant() -> None:
    text = cite(TRIAL, Style.RIS)

    assert text.startswith("TY  - JOUR\r\n")
    assert text.endswith("ER  - \r\n")
    entry = rispy.loads(text)[0]
    assert entry["title"] == TITLE
    assert (entry["start_page"], entry["end_page"]) == ("101", "110")
    assert entry["doi"] == "10.5555/jer.2026.0101"
    assert entry["accession_number"] == "99000001"
    assert entry["abstract"] == "PURPOSE: To compare example-guided injection with a sham."


@pytest.mark.parametrize("style", Style)
def test_a_bare_record_is_cited_as_far_as_it_goes(style: Style) -> None:
    assert "10.5555/alone" in cite(Record(source="feed", doi="10.5555/alone"), style)
    assert cite(Record(source="feed"), style)


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
records = st.builds(
    Record,
    source=st.just("feed"),
    title=texts,
    authors=st.lists(
        st.builds(Author, family=texts, given=st.none() | texts, suffix=st.none() | texts), max_size=8
    ).map(tuple),
    doi=st.none() | st.just("10.5555/x"),
    journal=st.none() | texts,
    volume=st.none() | texts,
    issue=st.none() | texts,
    pages=st.none() | texts,
    issue_on=st.none()
    | st.builds(PartialDate, st.integers(1600, 2100), st.integers(0, 12), st.integers(0, 28)),
)


@settings(deadline=None)  # the first citation of a style reads its file
@given(records, st.sampled_from(Style))
def test_any_record_can_be_cited(record: Record, style: Style) -> None:
    text = cite(record, style)

    assert text.strip()
    if style in STYLE_GUIDES:
        assert "\n" not in text
        if record.doi:
            assert text.endswith("10.5555/x")


def test_many_references_are_one_file_that_other_programs_read_back() -> None:
    many = [replace(TRIAL, doi=f"10.5555/x.{number}") for number in range(5)]

    ris = rispy.loads(cite_all(many, Style.RIS))
    library = parse_string(cite_all(many, Style.BIBTEX))

    assert [each["doi"] for each in ris] == [each.doi for each in many]
    assert not library.failed_blocks
    assert [entry["doi"] for entry in library.entries] == [each.doi for each in many]
    assert len({entry.key for entry in library.entries}) == 5
