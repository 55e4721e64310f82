"""Identifiers have one form, in whatever spelling they come."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.errors import IdentifierError
from wetread.domain.identifiers import (
    Identifier,
    IdentifierKind,
    doi_from_address,
    find_doi,
    normalise_arxiv,
    normalise_doi,
    normalise_pii,
    normalise_pmcid,
    normalise_pmid,
    parse_identifier,
)

DOI = "10.5555/jii.2026.0001"


@pytest.mark.row("B34")
@pytest.mark.parametrize(
    "spelling",
    [
        "10.5555/jii.2026.0001",
        "10.5555/JII.2026.0001",
        "doi:10.5555/jii.2026.0001",
        "doi: 10.5555/jii.2026.0001",
        "DOI 10.5555/jii.2026.0001",
        "info:doi/10.5555/jii.2026.0001",
        "https://doi.org/10.5555/jii.2026.0001",
        "http://dx.doi.org/10.5555/jii.2026.0001",
        "doi.org/10.5555/jii.2026.0001",
        "https://doi.org/10.5555%2Fjii.2026.0001",
        "https://doi.org/10.5555%252Fjii.2026.0001",
        "https://doi.org/10.5555/jii.2026.0001?utm_source=x#abstract",
        " <10.5555/jii.2026.0001>. ",
        "(10.5555/jii.2026.0001)",
        "10.5555/jii.2026.0001).",
    ],
)
def test_a_doi_has_one_form(spelling: str) -> None:
    assert normalise_doi(spelling) == DOI
    assert parse_identifier(spelling) == Identifier(IdentifierKind.DOI, DOI)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.5555/s1463-4988(99)00060-3", "10.5555/s1463-4988(99)00060-3"),
        ("10.5555/x(1))", "10.5555/x(1)"),
        (
            "10.5555/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-X968>3.0.CO;2-2",
            "10.5555/(sici)1097-0258(19980815/30)17:15/16<1661::aid-x968>3.0.co;2-2",
        ),
        ("10.1101/2026.01.01.123456v2", "10.1101/2026.01.01.123456"),
        ("10.1101/743294v1", "10.1101/743294"),
        ("10.5555/x<br/>", "10.5555/x"),
        ("10.5555/", None),
        ("10.55/x", None),
        ("hwp:resource-id:jin;12/3/45", None),
        ("", None),
    ],
)
def test_a_doi_ends_where_it_ends(text: str, doi: str | None) -> None:
    assert normalise_doi(text) == doi


@pytest.mark.row("B34")
@given(st.text() | st.from_regex(r"10\.\d{4}/[!-~]{1,30}", fullmatch=True))
def test_normalising_a_doi_twice_changes_nothing(text: str) -> None:
    doi = normalise_doi(text)
    assert doi is None or normalise_doi(doi) == doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("J Invent Imaging. 2026 Jan 4. doi: 10.5555/jii.2026.0001. Online ahead of print.", DOI),
        ("see https://doi.org/10.5555/jii.2026.0001, and others", DOI),
        ("version 110.5555/x", None),
        ("nothing here", None),
    ],
)
def test_a_doi_is_found_in_running_text(text: str, doi: str | None) -> None:
    assert find_doi(text) == doi


@pytest.mark.row("B34")
@pytest.mark.parametrize(
    ("url", "doi"),
    [
        ("https://pubs.example.org/doi/abs/10.5555/jii.2026.0001?af=R", DOI),
        ("https://pubs.example.org/doi/full/10.5555/jii.2026.0001", DOI),
        ("https://pubs.example.org/doi/10.5555/jii.2026.0001/full", DOI),
        ("/doi/full/10.5555/jii.2026.0001", DOI),
        ("https://link.springer.com/article/10.5555/jii.2026.0001", DOI),
        ("https://link.springer.com/content/pdf/10.5555/jii.2026.0001.pdf", DOI),
        ("http://wiley.example.com/resolve/doi?DOI=10.5555%2Fjii.2026.0001", DOI),
        ("https://journals.example.org/article?id=10.5555/jii.2026.0001", DOI),
        (
            "https://www.medrxiv.org/content/10.1101/2026.01.01.263001v1.full.pdf+html",
            "10.1101/2026.01.01.263001",
        ),
        (
            "https://www.medrxiv.org/content/10.1101/2026.01.01.263001v1?rss=1",
            "10.1101/2026.01.01.263001",
        ),
        ("https://academic.oup.com/jii/advance-article/doi/10.5555/jii/abc123/7654321", "10.5555/jii/abc123"),
        ("https://academic.oup.com/jii/article/21/8/588/8215678?rss=1", None),
        ("https://www.nature.com/articles/s99999-026-00001-1", "10.1038/s99999-026-00001-1"),
        ("https://doi-org.proxy.example.edu/10.5555/jii.2026.0001", DOI),
        ("https://www.sciencedirect.com/science/article/pii/S9999999926000123", None),
        ("http://[", None),
    ],
)
def test_addresses_hold_dois(url: str, doi: str | None) -> None:
    assert doi_from_address(url) == doi


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("99000001", "pmid:99000001"),
        ("1", "pmid:1"),
        ("PMID: 99000001", "pmid:99000001"),
        ("pmid99000001.", "pmid:99000001"),
        ("pubmed:99000001", "pmid:99000001"),
        ("https://pubmed.ncbi.nlm.nih.gov/99000001/?utm_source=x&ff=1", "pmid:99000001"),
        ("pubmed.ncbi.nlm.nih.gov/99000001", "pmid:99000001"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/99000001", "pmid:99000001"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=99000001", "pmid:99000001"),
        ("https://europepmc.org/article/MED/99000001", "pmid:99000001"),
        ("PMC9900001", "pmcid:PMC9900001"),
        ("pmcid: pmc9900001", "pmcid:PMC9900001"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/", "pmcid:PMC9900001"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9900001/?report=x", "pmcid:PMC9900001"),
        ("https://europepmc.org/articles/pmc9900001", "pmcid:PMC9900001"),
        ("S9999-9999(26)00012-3", "pii:S9999999926000123"),
        (
            "https://www.sciencedirect.com/science/article/pii/S9999999926000123?via",
            "pii:S9999999926000123",
        ),
        ("https://www.jii.example.org/article/S9999-9999(26)00012-X/fulltext", "pii:S999999992600012X"),
        (
            "https://jii.example.org/journals/j/article/PIIS9999-9999(26)00012-3/x",
            "pii:S9999999926000123",
        ),
        ("arXiv:2608.19967v1", "arxiv:2608.19967"),
        ("https://arxiv.org/abs/2608.19967v2", "arxiv:2608.19967"),
        ("https://arxiv.org/pdf/2608.19967.pdf", "arxiv:2608.19967"),
        ("eess/0601001", "arxiv:eess/0601001"),
        ("Example A. Invented spines. J Invent Imaging. 2026. PMID: 99000001.", "pmid:99000001"),
        ("Example A. Invented spines. 2026;1:2. https://doi.org/10.5555/jii.2026.0001", f"doi:{DOI}"),
        ("<https://doi.org/10.5555/jii.2026.0001>", f"doi:{DOI}"),
    ],
)
def test_whatever_is_pasted_is_understood(text: str, key: str) -> None:
    assert str(parse_identifier(text)) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spine",
        "123456789",
        "0",
        "12.5",
        "https://example.org/",
        "http://[",
        "10.5555",
        "PMC",
        "low back pain 2026",
    ],
)
def test_other_words_are_no_identifier(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_identifier(text)


@given(
    st.text()
    | st.from_regex(r"(https?://)?[a-z.]{0,20}/?(10\.\d{4}/|pii/S|PMC|abs/)?[ -~]{0,40}", fullmatch=True)
)
def test_parsing_raises_nothing_but_its_own_error(text: str) -> None:
    try:
        identifier = parse_identifier(text)
    except IdentifierError:
        return
    assert str(parse_identifier(identifier.value)) == str(identifier)


def test_each_kind_refuses_the_others() -> None:
    assert normalise_pmid("PMC99000001") is None
    assert normalise_pmcid("99000001") is None
    assert normalise_pii("S1234") is None
    assert normalise_arxiv(DOI) is None
    assert normalise_arxiv("oai:arXiv.org:2608.19967v1") == "2608.19967"


OLD_DOIS = (
    "10.5555/1097-0142(19770101)40:6<2851::aid-cncr2820400629>3.0.co;2-g",
    "10.5555/1521-3773(20020215)41:4<583::aid-anie583>3.0.co;2-i",
    "10.5555/(sici)1099-1387(199901)5:1<1::aid-psc177>3.0.co;2-#",
    "10.5555/0091-7613(1999)027<0001:abcdef>2.3.co;2",
)


@pytest.mark.parametrize("doi", OLD_DOIS)
def test_an_old_doi_is_whole_as_a_field_in_text_and_in_an_address(doi: str) -> None:
    address = f"https://doi.org/{quote(doi, safe='/')}"

    assert normalise_doi(doi.upper(), is_field=True) == doi
    assert normalise_doi(f"doi:{doi}") == doi
    assert find_doi(f"Invented Cancer 1977;40:2851. doi: {doi}. Epub 2001.") == doi
    assert normalise_doi(address) == doi
    assert str(parse_identifier(address)) == f"doi:{doi}"


def test_only_in_running_text_a_doi_ends_at_a_bracket() -> None:
    assert normalise_doi("10.5555/x<a>y", is_field=True) == "10.5555/x<a>y"
    assert normalise_doi("10.5555/x<br>next") == "10.5555/x"
    assert find_doi("see 10.5555/x<https://doi.org/10.5555/x>") == "10.5555/x"
