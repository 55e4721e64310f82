"""What is typed in place of an address, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.errors import EmptyQueryError, UnknownCategoryError, UnknownIssnError, WetreadError
from wetread.domain.feed_address import journal_term, parse_feed_address, split_query
from wetread.domain.issn import issn_in, parse_issn
from wetread.domain.preprints import categories_matching

TERM = '"facet joint"[tiab] AND (fluoroscopy OR CT)'


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (f"pubmed: {TERM}", f"pubmed:{TERM}"),
        (f"PubMed:{TERM}", f"pubmed:{TERM}"),
        (f"`pubmed: {TERM}`", f"pubmed:{TERM}"),
        (f"pubmed: `{TERM}`", f"pubmed:{TERM}"),
        ("pubmed:  a \n b ", "pubmed:a b"),
        ("pubmed: “facet joint”[tiab]", 'pubmed:"facet joint"[tiab]'),
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=%22facet+joint%22+AND+CT&sort=date",
            'pubmed:"facet joint" AND CT',
        ),
        ("issn: 0000-0019", "issn:0000-0019"),
        ("ISSN:00000019", "issn:0000-0019"),
        ("issn 0000-0019", None),
        ("crossref: 2049-3630", "crossref:2049-3630"),
        (
            "medrxiv: radiology_and_imaging",
            "https://connect.medrxiv.org/medrxiv_xml.php?subject=radiology_and_imaging",
        ),
        (
            "medRxiv: Radiology and Imaging",
            "https://connect.medrxiv.org/medrxiv_xml.php?subject=radiology_and_imaging",
        ),
        ("medrxiv: radiology", "https://connect.medrxiv.org/medrxiv_xml.php?subject=radiology_and_imaging"),
        ("biorxiv: neuroscience", "https://connect.biorxiv.org/biorxiv_xml.php?subject=neuroscience"),
        ("arxiv: eess.IV", "https://rss.arxiv.org/rss/eess.IV"),
        ("arXiv:EESS.iv", "https://rss.arxiv.org/rss/eess.IV"),
        ("arxiv: physics.med-ph", "https://rss.arxiv.org/rss/physics.med-ph"),
        ("jvir", None),
        ("https://journal.example.org/feed", None),
        ("pubmed://journal.example.org", None),
        ("https://pubmed.ncbi.nlm.nih.gov/99000001/", None),
        # Filters of PubMed's pages are not part of the term, so the search would be another one.
        ("https://pubmed.ncbi.nlm.nih.gov/?term=facet&filter=pubt.review", None),
    ],
)
def test_what_is_typed_becomes_a_place(typed: str, place: str | None) -> None:
    assert parse_feed_address(typed) == place


@pytest.mark.parametrize("typed", ["pubmed:", "pubmed:  ", 'pubmed: ""', "issn:", "arxiv: "])
def test_nothing_behind_the_colon_is_no_query(typed: str) -> None:
    with pytest.raises(EmptyQueryError):
        parse_feed_address(typed)


@pytest.mark.parametrize("typed", ["issn: 0000-0018", "issn: 1234", "crossref: jvir"])
def test_a_mistyped_issn_is_told_by_its_check_digit(typed: str) -> None:
    with pytest.raises(UnknownIssnError) as caught:
        parse_feed_address(typed)
    assert caught.value.is_mistyped


@pytest.mark.parametrize(
    ("typed", "server", "near"),
    [
        ("medrxiv: radiolgy and imagin", "medRxiv", "Radiology and imaging"),
        ("arxiv: eess.IX", "arXiv", "eess.IV"),
    ],
)
def test_an_unknown_category_names_the_nearest(typed: str, server: str, near: str) -> None:
    with pytest.raises(UnknownCategoryError) as caught:
        parse_feed_address(typed)
    assert caught.value.server == server
    assert near in caught.value.near


@pytest.mark.parametrize(
    ("address", "issn"),
    [
        ("https://rss.sciencedirect.example/publication/science/00000019", "0000-0019"),
        ("https://publisher.example.org/journal/0000-0019/feed", "0000-0019"),
        ("https://publisher.example.org/toc/20260101/feed", None),
        ("https://publisher.example.org/toc/2434561x", "2434-561X"),
        ("https://publisher.example.org/S0000001926000123", None),
        ("https://publisher.example.org/", None),
    ],
)
def test_an_issn_within_an_address_is_found_and_a_date_is_none(address: str, issn: str | None) -> None:
    assert issn_in(address) == issn


def test_an_issn_that_ends_in_x_is_read_and_written_in_capitals() -> None:
    assert parse_issn("2434 561x") == "2434-561X"


def test_a_journals_term_goes_by_nlms_number_first() -> None:
    assert journal_term(nlm_id="9900001", issn="0000-0019") == "9900001[NLMID]"
    assert journal_term(issn="0000-0019") == '"0000-0019"[ta]'
    assert journal_term() is None


def test_only_queries_have_a_scheme_of_ours() -> None:
    assert split_query("pubmed:a: b") == ("pubmed", "a: b")
    assert split_query("https://journal.example.org/") is None
    assert split_query("pubmed") is None


def test_categories_are_completed_as_they_are_typed() -> None:
    first = categories_matching("med")[:3]
    assert ("medRxiv: Radiology and imaging", "medrxiv: radiology_and_imaging") in first
    assert categories_matching("arxiv: ee iv") == [("arXiv: eess.IV", "arxiv: eess.IV")]
    assert categories_matching("arxiv: eess") == [
        (f"arXiv: {name}", f"arxiv: {name}") for name in ("eess.IV", "eess", "eess.AS", "eess.SP", "eess.SY")
    ]
    assert categories_matching("jvir") == categories_matching("") == []
    assert all(parse_feed_address(typed) for _, typed in categories_matching("medrxiv:", 99))


@given(st.text())
def test_any_text_is_a_place_or_none_or_refused(text: str) -> None:
    for typed in (text, f"pubmed:{text}", f"issn:{text}", f"arxiv:{text}"):
        try:
            place = parse_feed_address(typed)
        except WetreadError:
            continue
        assert place is None or parse_feed_address(place) == place or split_query(place) is None


@given(st.text(min_size=1))
def test_reading_a_term_again_changes_nothing(term: str) -> None:
    try:
        place = parse_feed_address(f"pubmed:{term}")
    except EmptyQueryError:
        return
    assert place is None or parse_feed_address(place) == place
