"""The parsers against real answers, where the folder with them stands beside the project."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

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

SAMPLES = Path(__file__).parents[2] / "../shared/samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of real answers is not here")

# What the list of samples says of these files: records, without abstract, DOI only in ArticleIdList.
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


def pubmed_sets() -> list[Path]:
    files = sorted((SAMPLES / "pubmed").glob("*.xml"))
    sets = [path for path in files if b"<PubmedArticle" in path.read_bytes()]
    return [path for path in sets if path.name != "jabref_MedlineMalformedEntry.xml"]


def articles(path: Path) -> Iterator[tuple[etree._Element, Record]]:
    """Each PubmedArticle with what was read of it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    records = iter(parse_efetch(path.read_bytes()))
    for element in etree.fromstring(path.read_bytes(), parser):
        if element.tag in ("PubmedArticle", "PubmedBookArticle"):
            record = next(records)
            if element.tag == "PubmedArticle":
                yield element, record


@pytest.mark.parametrize("name", SLICES)
def test_every_record_of_a_slice_is_read_as_its_description_says(name: str) -> None:
    count, without_abstract, listed_dois = SLICES[name]
    found = list(articles(SAMPLES / "pubmed" / name))

    assert len(found) == count
    assert sum(not record.abstract for _, record in found) == without_abstract
    if listed_dois is not None:
        listed = [record.doi for element, record in found if element.find(".//ELocationID") is None]
        assert len(listed) == listed_dois
        assert all(listed)


def test_every_record_has_its_own_identifiers_and_no_cited_ones() -> None:
    for path in pubmed_sets():
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


def test_no_word_of_a_title_or_abstract_is_lost() -> None:
    for path in pubmed_sets():
        for element, record in articles(path):
            for place in element.findall("MedlineCitation/Article/Abstract/AbstractText"):
                if place.find(".//{http://www.w3.org/1998/Math/MathML}math") is None:
                    words = fold("".join(map(str, place.itertext("*"))))
                    read = "".join(fold((each.label or "") + each.text) for each in record.abstract)
                    assert words in read
            assert record.title
            assert record.abstract or not element.findall(".//Abstract")


def test_every_author_keeps_name_and_place() -> None:
    for path in pubmed_sets():
        for element, record in articles(path):
            authors = element.findall("MedlineCitation/Article/AuthorList/Author")
            assert len(record.authors) == len(authors)
            for author, read in zip(authors, record.authors, strict=True):
                assert read.family
                assert read.is_collective == (author.find("CollectiveName") is not None)
                assert bool(read.affiliations) == bool(author.findall("AffiliationInfo"))


def test_publication_statuses_are_told_apart() -> None:
    def statuses(name: str) -> set[StatusKind]:
        return {
            publication_status(record).kind
            for record in parse_efetch((SAMPLES / "pubmed" / name).read_bytes())
        }

    assert statuses("slice_1970s_retracted.xml") == {StatusKind.RETRACTED, StatusKind.RETRACTION_NOTICE}
    assert statuses("slice_retraction_notices.xml") == {StatusKind.RETRACTION_NOTICE}
    assert statuses("slice_erratum_update_eoc.xml") == {
        StatusKind.NORMAL,
        StatusKind.CORRECTED,
        StatusKind.CONCERN,
    }


def test_books_are_records_too() -> None:
    (chapter,) = parse_efetch((SAMPLES / "pubmed/metapub_20301546.xml").read_bytes())

    assert (chapter.pmid, chapter.journal, len(chapter.authors)) == ("20301546", "GeneReviews®", 3)
    assert [section.label for section in chapter.abstract][:2] == [
        "CLINICAL CHARACTERISTICS",
        "DIAGNOSIS/TESTING",
    ]


def test_a_real_esearch_and_efetch_of_2026() -> None:
    wrapper = json.loads((SAMPLES / "pubmed/spanza_pubmed_bja_jan_2026.json").read_bytes())
    records = parse_efetch(wrapper["efetch_response"].encode())

    assert len(records) == 5
    assert all(record.doi and record.journal_abbreviation == "Br J Anaesth" for record in records)


@pytest.mark.parametrize(
    "name", ["biopython_epost2.xml", "biopython_esearch1.xml", "jabref_MedlineMalformedEntry.xml"]
)
def test_other_answers_are_errors(name: str) -> None:
    with pytest.raises(RecordSourceError):
        parse_efetch((SAMPLES / "pubmed" / name).read_bytes())


def test_europepmc_core_has_the_abstracts_and_lite_has_none() -> None:
    core = parse_search((SAMPLES / "europepmc/search_cancer_core.json").read_bytes())
    lite = parse_search((SAMPLES / "europepmc/search_cancer.json").read_bytes())
    xml = parse_search((SAMPLES / "europepmc/search_cancer.xml").read_bytes())

    assert (len(core), sum(not record.abstract for record in core)) == (25, 4)
    assert lite == xml
    assert {record.pmid for record in core} == {record.pmid for record in lite}
    assert parse_search((SAMPLES / "europepmc/search_no_results.json").read_bytes()) == ()


def test_openalex_puts_every_abstract_together() -> None:
    works = parse_openalex((SAMPLES / "openalex/pygetpapers_openalex_list.json").read_bytes())

    assert len(works) == 20
    assert all(record.abstract and record.doi for record in works)


def test_crossref_reads_both_spellings_of_a_pii() -> None:
    (work,) = parse_crossref((SAMPLES / "crossref/hepcrawl_s1463-4988(99)00060-3.json").read_bytes())

    assert (work.doi, work.pii) == ("10.1016/s1463-4988(99)00060-3", "S1463498899000603")


def test_whatever_lies_there_is_read_or_refused() -> None:
    read = 0
    for path in sorted(SAMPLES.rglob("*")):
        if not path.is_file():
            continue
        try:
            records = read_saved_answer(path.read_bytes())
        except RecordSourceError:
            continue
        for record in records:
            assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record
            read += 1

    assert read > 200
