"""Whole answers of record sources, real and our own, against what is known of them without our parsers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.support.samples import OWN, REAL, documents, needs_real, pair
from wetread.bibliography.crossref_json import parse_works as parse_crossref
from wetread.bibliography.europepmc_json import parse_search
from wetread.bibliography.openalex_json import parse_works as parse_openalex
from wetread.bibliography.pubmed_xml import parse_efetch
from wetread.bibliography.record_report import read_saved_answer
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Record
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.domain.serialise import record_from_json, record_to_json
from wetread.domain.text import fold

# What is known of these files: records, without abstract, DOI only in ArticleIdList.
SLICES = {
    "slice_1970s_retracted.xml": (4, 3, 4),
    "slice_empty_title_noabstract_bracket.xml": (6, 6, None),
    "slice_erratum_update_eoc.xml": (6, 2, None),
    "slice_medlinedate_collective.xml": (4, 0, None),
    "slice_plainlanguage.xml": (3, 0, None),
    "slice_radiology_pain_spine_2021.xml": (44, 5, None),
    "slice_retraction_notices.xml": (4, 3, None),
    "slice_title_markup_mathml.xml": (5, 0, None),
}
OWN_SLICES = {"groups_and_markup.xml": (6, 3, 4), "publication_status.xml": (6, 6, None)}


def pubmed_sets() -> list[Any]:
    """Every real file with articles, and those of our own that leave nothing out on purpose."""
    files = documents(REAL / "pubmed")
    sets = [path for path in files if path.suffix == ".xml" and b"<PubmedArticle" in path.read_bytes()]
    real = [path for path in sets if path.name != "jabref_MedlineMalformedEntry.xml"]
    return [
        *(pytest.param(path, marks=needs_real, id=path.name) for path in real or [REAL / "pubmed"]),
        *(pytest.param(OWN / "pubmed" / name, id=f"own {name}") for name in OWN_SLICES),
    ]


def articles(path: Path) -> Iterator[tuple[etree._Element, Record]]:
    """Each PubmedArticle with what was read of it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    records = iter(parse_efetch(path.read_bytes()))
    for element in etree.fromstring(path.read_bytes(), parser):
        if element.tag in ("PubmedArticle", "PubmedBookArticle"):
            record = next(records)
            if element.tag == "PubmedArticle":
                yield element, record


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        *(pytest.param(REAL / "pubmed" / name, SLICES[name], marks=needs_real, id=name) for name in SLICES),
        *(pytest.param(OWN / "pubmed" / name, OWN_SLICES[name], id=f"own {name}") for name in OWN_SLICES),
    ],
)
def test_a_file_gives_as_many_records_as_it_has(path: Path, counted: tuple[int, int, int | None]) -> None:
    count, without_abstract, listed_dois = counted
    found = list(articles(path))

    assert len(found) == count
    assert sum(not record.abstract for _, record in found) == without_abstract
    if listed_dois is not None:
        listed = [record.doi for element, record in found if element.find(".//ELocationID") is None]
        assert len(listed) == listed_dois
        assert all(listed)


@pytest.mark.parametrize("path", pubmed_sets())
def test_every_record_has_its_own_identifiers_and_no_cited_ones(path: Path) -> None:
    for element, record in articles(path):
        assert record.pmid == element.findtext("MedlineCitation/PMID")
        own = [
            each.text.lower()
            for each in (
                *element.findall("PubmedData/ArticleIdList/ArticleId[@IdType='doi']"),
                *element.findall("MedlineCitation/Article/ELocationID[@EIdType='doi']"),
            )
            if each.text
        ]
        assert record.doi == (own[0] if own else None)


@pytest.mark.parametrize("path", pubmed_sets())
def test_no_word_of_a_title_or_abstract_is_lost(path: Path) -> None:
    for element, record in articles(path):
        for place in element.findall("MedlineCitation/Article/Abstract/AbstractText"):
            if place.find(".//{http://www.w3.org/1998/Math/MathML}math") is None:
                words = fold("".join(map(str, place.itertext("*"))))
                read = "".join(fold((each.label or "") + each.text) for each in record.abstract)
                assert words in read
        assert record.title
        assert record.abstract or not element.findall(".//Abstract")


@pytest.mark.parametrize("path", pubmed_sets())
def test_every_author_keeps_name_and_place(path: Path) -> None:
    for element, record in articles(path):
        authors = element.findall("MedlineCitation/Article/AuthorList/Author")
        assert len(record.authors) == len(authors)
        for author, read in zip(authors, record.authors, strict=True):
            assert read.family
            assert read.is_collective == (author.find("CollectiveName") is not None)
            assert bool(read.affiliations) == bool(author.findall("AffiliationInfo"))


@pytest.mark.parametrize(
    "path", [*pubmed_sets(), pytest.param(OWN / "pubmed/beside.xml", id="own beside.xml")]
)
def test_all_that_stands_beside_an_article_is_kept(path: Path) -> None:
    for element, record in articles(path):
        citation = element.find("MedlineCitation")
        assert citation is not None
        for name, where in (
            ("disclosures", "CoiStatement"),
            ("funding", "Article/GrantList/Grant"),
            ("accessions", "Article/DataBankList/DataBank"),
            ("copyright", "Article/Abstract/CopyrightInformation"),
        ):
            assert bool(getattr(record, name)) == (citation.find(where) is not None), name
        languages = [record.language, *record.other_languages]
        assert languages == [each.text for each in citation.findall("Article/Language")]
        dates = {each.get("PubStatus") for each in element.findall("PubmedData/History/PubMedPubDate")}
        assert (record.revised_on is not None) == ("revised" in dates)


R, N, C, E = (
    StatusKind.RETRACTED,
    StatusKind.RETRACTION_NOTICE,
    StatusKind.CORRECTED,
    StatusKind.CONCERN,
)


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        pytest.param(REAL / "pubmed/slice_1970s_retracted.xml", {R, N}, marks=needs_real),
        pytest.param(REAL / "pubmed/slice_retraction_notices.xml", {N}, marks=needs_real),
        pytest.param(
            REAL / "pubmed/slice_erratum_update_eoc.xml", {StatusKind.NORMAL, C, E}, marks=needs_real
        ),
        (OWN / "pubmed/groups_and_markup.xml", {StatusKind.NORMAL, R, N, C}),
        (OWN / "pubmed/publication_status.xml", {StatusKind.NORMAL, StatusKind.REPUBLISHED, R, N, E}),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_publication_statuses_are_told_apart(path: Path, kinds: set[StatusKind]) -> None:
    assert {publication_status(record).kind for record in parse_efetch(path.read_bytes())} == kinds


@needs_real
def test_books_are_records_too() -> None:
    (chapter,) = parse_efetch((REAL / "pubmed/metapub_20301546.xml").read_bytes())

    assert (chapter.pmid, chapter.journal, len(chapter.authors)) == ("20301546", "GeneReviews®", 3)
    assert [section.label for section in chapter.abstract][:2] == [
        "CLINICAL CHARACTERISTICS",
        "DIAGNOSIS/TESTING",
    ]


def test_our_own_books_are_records_too() -> None:
    chapter, book = parse_efetch((OWN / "pubmed/book.xml").read_bytes())

    assert (chapter.pmid, chapter.journal, len(chapter.authors)) == ("99000030", "InventedReviews®", 1)
    assert [section.label for section in chapter.abstract] == ["CLINICAL CHARACTERISTICS", "MANAGEMENT"]
    assert (book.pmid, book.doi) == ("99000031", "10.5555/invented.book")


@needs_real
def test_a_real_efetch_of_2026() -> None:
    wrapper = json.loads((REAL / "pubmed/spanza_pubmed_bja_jan_2026.json").read_bytes())
    records = parse_efetch(wrapper["efetch_response"].encode())

    assert len(records) == 5
    assert all(record.doi and record.journal_abbreviation == "Br J Anaesth" for record in records)


@pytest.mark.parametrize(
    "path",
    [
        *pair("pubmed/biopython_epost2.xml"),
        *pair("pubmed/biopython_esearch1.xml"),
        *pair("pubmed/jabref_MedlineMalformedEntry.xml"),
    ],
)
def test_other_answers_are_errors(path: Path) -> None:
    with pytest.raises(RecordSourceError):
        parse_efetch(path.read_bytes())


@pytest.mark.parametrize(
    ("core", "lite", "xml", "counted"),
    [
        pytest.param(
            REAL / "europepmc/search_cancer_core.json",
            REAL / "europepmc/search_cancer.json",
            REAL / "europepmc/search_cancer.xml",
            (25, 4),
            marks=needs_real,
            id="real",
        ),
        pytest.param(
            OWN / "europepmc/search.json",
            OWN / "europepmc/lite.json",
            OWN / "europepmc/lite.xml",
            (2, 0),
            id="own",
        ),
    ],
)
def test_europepmc_core_has_the_abstracts_and_lite_has_none(
    core: Path, lite: Path, xml: Path, counted: tuple[int, int]
) -> None:
    full = parse_search(core.read_bytes())
    short = parse_search(lite.read_bytes())

    assert (len(full), sum(not record.abstract for record in full)) == counted
    assert short == parse_search(xml.read_bytes())
    assert not any(record.abstract for record in short)
    assert {record.pmid for record in full} == {record.pmid for record in short}


@pytest.mark.parametrize("path", pair("europepmc/search_no_results.json"))
def test_an_answer_without_results_has_no_records(path: Path) -> None:
    assert parse_search(path.read_bytes()) == ()


@pytest.mark.parametrize("path", pair("openalex/pygetpapers_openalex_list.json"))
def test_openalex_puts_every_abstract_together(path: Path) -> None:
    listed = json.loads(path.read_bytes())["results"]
    works = parse_openalex(path.read_bytes())

    assert len(works) == len(listed) == (20 if path.is_relative_to(REAL) else 2)
    assert all(record.abstract and record.doi for record in works)


def test_openalex_puts_our_own_words_in_their_order() -> None:
    first, second = parse_openalex((OWN / "openalex/abstracts.json").read_bytes())

    assert first.abstract[0].text.startswith(
        "The words of the abstract stand in the order of the alphabet, and"
    )
    assert second.abstract[0].text == "To be invented or not to be invented."


@pytest.mark.parametrize("path", pair("crossref/hepcrawl_s1463-4988(99)00060-3.json"))
def test_crossref_reads_both_spellings_of_a_pii(path: Path) -> None:
    (work,) = parse_crossref(path.read_bytes())

    assert work.doi
    assert "(99)00060-3" in work.doi
    assert work.pii == ("S1463498899000603" if path.is_relative_to(REAL) else "S9999999999000603")


@pytest.mark.parametrize(
    ("folder", "least"),
    [pytest.param(REAL, 200, marks=needs_real, id="real"), pytest.param(OWN, 30, id="own")],
)
def test_whatever_lies_there_is_read_or_refused(folder: Path, least: int) -> None:
    read = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            records = read_saved_answer(path.read_bytes())
        except RecordSourceError:
            continue
        for record in records:
            assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record
            read += 1

    assert read > least
