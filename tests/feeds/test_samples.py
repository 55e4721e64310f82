"""Whole documents, real and our own: each gives its articles, or the error that names what it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.samples import OWN, REAL, both, needs_real, pair, twins
from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed
from wetread.feeds.parser import parse_feed

NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)

# Counted in the documents: entries, and of these with DOI, PII, arXiv id, abstract, authors. Each real one is
# followed by our own of its shape.
FEEDS = {
    "biorxiv_rdf_2019_plantbiology.rdf": (30, 30, 0, 0, 30, 30),
    "medrxiv.rdf": (1, 1, 0, 0, 1, 1),
    "highwire_science_twis_2017.rdf": (69, 69, 0, 0, 0, 69),
    "highwire.rdf": (2, 1, 0, 0, 0, 2),
    "wiley_rdf_2013_jvegsci.xml": (44, 44, 0, 0, 44, 44),
    "wiley_2013.rdf": (1, 1, 0, 0, 1, 1),
    # 169 items, 24 of them replaced versions, one listed in two categories.
    "relay_arxiv_2026.xml": (144, 0, 0, 144, 144, 0),
    # Four items, one of them a replaced version, one listed in two categories.
    "relay_arxiv.xml": (2, 0, 0, 2, 2, 0),
    "relay_arxiv_atom_2026.atom": (54, 0, 0, 54, 54, 54),
    "rewritten_arxiv.atom": (2, 0, 0, 2, 2, 2),
    "relay_arxiv_rss_2026.xml": (54, 0, 0, 54, 54, 54),
    "rewritten_arxiv.xml": (2, 0, 0, 2, 2, 2),
    "relay_nature_natcommun_2026.xml": (11, 11, 0, 0, 0, 0),
    "relay_nature.xml": (2, 2, 0, 0, 0, 0),
    # Eleven items of seven articles: four come from ScienceDirect and from the journal's own site.
    "relay_sciencedirect_matter_2026.xml": (11, 0, 11, 0, 4, 6),
    # Three items of two articles.
    "relay_sciencedirect.xml": (3, 0, 3, 0, 1, 1),
    "relay_wiley_advmater_2026.xml": (41, 41, 0, 0, 0, 0),
    "relay_wiley.xml": (2, 2, 0, 0, 0, 0),
    "thirdparty_crossref_built_ijde_2026.xml": (20, 20, 0, 0, 0, 19),
    "crossref_built.xml": (2, 2, 0, 0, 0, 1),
    "thirdparty_relay_econometrica_2026.xml": (12, 12, 0, 0, 12, 12),
    "relay_creators.xml": (1, 1, 0, 0, 1, 1),
    # A thousand items each; the first 500 are read.
    "relay_mixed_publishers_2026.xml": (500, 0, 488, 0, 0, 479),
    "relay_publishers.xml": (4, 2, 2, 0, 0, 1),
    "relay_mixed_2026-08_1.5MB_dups.xml": (386, 98, 37, 239, 260, 36),
    "relay.xml": (2, 2, 0, 0, 1, 1),
}
FEED_PAIRS = [
    parameter for name in FEEDS if f"feeds/{name}" in twins() for parameter in pair(f"feeds/{name}")
]

# The documents that are refused, and how.
ERRORS = {
    "ncbi_pubmed3_html_error.html": "not_a_feed",
    "html_error.html": "not_a_feed",
    "injected_script.html": "not_a_feed",
    "miniflux_iso88591_utf8_mismatch.xml": "not_a_feed",  # XML, but a note to Anaïs
    "latin1_called_utf8.xml": "not_a_feed",  # XML, but a note to Zoé
    "feedparser_rss_incomplete_cdata.xml": "truncated",
    "unfinished_cdata.xml": "truncated",
    "w3c_rss_should_system_entity_http.xml": "entities",
    "entity_from_the_network.xml": "entities",
    "publishers_error_as_feed.xml": "error_page",
}

# How many articles a real document has, where that is no matter of course.
COUNTS = {
    "feedhq_future.xml": 1,
    "feedhq_no-content.xml": 0,
    "feedhq_no-guid.xml": 1,
    "feedhq_no-link-guid.xml": 1,
    "feedhq_aldaily-06-27.xml": 4,
    "feedhq_aldaily-06-30.xml": 10,
    "feedhq_utm-tags.xml": 15,
    "miniflux_large_rss.xml": 25,
    "miniflux_no_encoding_ISO-8859-1.xml": 9,  # and one item of which everything is blank
    "reader_full.rss": 2,
    "reader_relative.atom": 1,
    "w3c_atom_4.1.1_duplicate-entries.xml": 1,
    "w3c_atom_4.1.1_duplicate-entries-all.xml": 1,
    "w3c_rss20_element-channel-item-guid_guid_duplicate_value.xml": 2,
    "w3c_rss20_element-channel-item-guid_guid_duplicate_value_url.xml": 2,
    "w3c_rss_must_rss10_missing_items.xml": 0,
}

# The titles of our own documents' articles, in order.
TITLES = {
    "big5_unlabelled.xml": ["虛構的影像學期刊，介紹不存在的線圈"],
    "blank_item.xml": [],
    "bytes_that_are_no_utf8.xml": ["España inventada"],
    "colon_in_offset.xml": ["Offset with a colon"],
    "date_in_the_future.xml": ["Published tomorrow"],
    "declared_twice.xml": ["Plain letters"],
    "doctype_of_a_page.xml": ["Under a strange doctype"],
    "double_encoded.xml": ["Ends with …"],
    "double_encoded_by_name.xml": ["Ends with …"],
    "entity_in_attribute.xml": ["Still read"],
    "euc_jp_unlabelled.xml": ["この雑誌は架空です"],
    "euc_kr_unlabelled.xml": ["가상의 영상의학 학술지 이야기"],
    "full_and_empty_items.xml": ["Invented entry", "Invented entry, again"],
    "gb2312_unlabelled.xml": ["虚构的影像学期刊：不存在的线圈"],
    "greek_letters_in_date.xml": ["Ελληνικά"],
    "guid_is_a_number.xml": ["Number for a guid"],
    "guid_twice.xml": ["One", "Two"],
    "guid_twice_in_two_spellings.xml": ["One", "Two"],
    "html_entity_in_title.xml": ["Grüße aus dem Labor"],
    "id_ten_times.atom": ["Robots that read films"],
    "id_twice.atom": ["Robots that read films"],
    "id_twice_and_nothing_else.atom": ["Untitled"],
    "impossible_day.xml": [],
    "item_without_link.rdf": ["No link of its own"],
    "large.xml": [f"Invented entry {number}" for number in range(25)],
    "latin1_unlabelled.xml": ["Les rayons inventés : une révision", "L'épine imaginée"],
    "line_noise.xml": ["Read in spite of it"],
    "no_guid.xml": ["Invented output"],
    "no_items.rdf": [],
    "no_link_no_guid.xml": ["Invented output"],
    "one_link_for_all_day1.xml": [
        "On invented needles",
        "Coils and their inventors",
        "The phantom of the clinic",
    ],
    "one_link_for_all_day2.xml": [
        "A new contrast agent, invented",
        "Who reads at night",
        "On invented needles",
        "Coils and their inventors",
        "The phantom of the clinic",
    ],
    "only_a_title.xml": ["Nothing but a title"],
    "only_an_id.atom": [],
    "prism_example.rdf": ["First of them"],
    "raw_ampersand_in_link.xml": ["Untitled"],
    "relative_links.atom": ["Beside the feed", "one two three"],
    "text_before_declaration.rdf": ["Beside an empty form"],
    "tis620_unlabelled.xml": ["วารสารรังสีวิทยาที่ไม่มีอยู่จริง"],
    "tracking_in_links.rdf": ["Story 1: a café opens", "Story 2: a café opens"],
    "two_dates.xml": ["Two dates"],
    "undeclared_namespace.xml": ["Still read"],
    "utf16_bom.xml": ["Wide café"],
    "utf32_bom.xml": ["Wider café"],
    "utf8_bom_called_ascii.xml": ["Déjà vu"],
    "utf8_called_invalid.xml": ["Café à l'hôpital"],
    "utf8_called_latin1.xml": ["Café à l'hôpital"],
    "utf8_called_windows1252.xml": ["100 € für eine Erfindung"],
    "windows1252_called_latin1.xml": ["An “invented” price of 5 €"],
    "windows1255_unlabelled.xml": ["כתב עת בדיוני לדימות"],
    "windows_quotes.xml": ["They don’t", "They don’t either"],
    "wrong_form_of_date.xml": ["Date of another form"],
}
UNLABELLED = ("mac_cyrillic.xml",)

# The address and the day of an article, where a document is about them.
LINKS = {
    "item_without_link.rdf": ["https://jii.example.org/1"],
    "no_link_no_guid.xml": [None],
    "prism_example.rdf": ["https://jii.example.org/2026.html#first"],
    "raw_ampersand_in_link.xml": ["https://jii.example.org/get?a=1&b=2"],
    "relative_links.atom": [
        "https://feeds.example.org/2026/11/02/atoms",
        "https://feeds.example.org/entries/entry.html",
    ],
    "tracking_in_links.rdf": ["https://news.example.org/~r/1", "https://news.example.org/~r/2"],
}
DAYS = {
    "colon_in_offset.xml": ["2026-11-02"],
    "date_in_the_future.xml": [None],
    "greek_letters_in_date.xml": [None],
    "two_dates.xml": ["2026-11-02"],
    "wrong_form_of_date.xml": ["2026-11-02"],
}


def parse(path: Path) -> ParsedFeed:
    return parse_feed(path.read_bytes(), url="https://feeds.example.org/feed", content_type=None, now=NOW)


def titles(path: Path) -> list[str]:
    return [entry.record.title for entry in parse(path).entries]


@pytest.mark.parametrize("path", FEED_PAIRS)
def test_a_feed_gives_its_articles(path: Path) -> None:
    feed = parse(path)
    records = [entry.record for entry in feed.entries]
    fields = ("doi", "pii", "arxiv", "abstract", "authors")
    found = (len(records), *(sum(bool(getattr(record, field)) for record in records) for field in fields))
    assert found == FEEDS[path.name]
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
    assert all(record.title and record.url and record.published_on for record in records)


@needs_real
def test_each_real_feed_is_counted() -> None:
    feeds = {path.name for path in (REAL / "feeds").iterdir() if path.suffix != ".json"}

    assert feeds - FEEDS.keys() == set()


@pytest.mark.parametrize("path", both("hostile"))
def test_a_hostile_document_gives_articles_or_a_named_error(path: Path) -> None:
    is_challenge = path.name.startswith(("cf_", "challenge_"))
    expected_error = "not_a_feed" if is_challenge else ERRORS.get(path.name)
    if expected_error:
        with pytest.raises(FeedParseError) as caught:
            parse(path)
        assert caught.value.kind == expected_error
        return
    feed = parse(path)
    assert feed.version
    assert all(entry.guid and entry.record.title for entry in feed.entries)
    if path.name in COUNTS:
        assert len(feed.entries) == COUNTS[path.name]


@pytest.mark.parametrize("name", sorted(path.name for path in (OWN / "hostile").iterdir()))
def test_our_own_hostile_documents_give_exactly_these_articles(name: str) -> None:
    if name in ERRORS or name.startswith("challenge_"):
        return
    records = [entry.record for entry in parse(OWN / "hostile" / name).entries]
    if name in UNLABELLED:  # its encoding is not known to anything but old Macs
        assert len(records) == 1
        return
    assert [record.title for record in records] == TITLES[name]
    if name in LINKS:
        assert [record.url for record in records] == LINKS[name]
    if name in DAYS:
        assert [record.published_on and str(record.published_on) for record in records] == DAYS[name]


@pytest.mark.parametrize("path", pair("other/springer_pseudo_feed.xml"))
def test_a_pseudo_feed_is_an_error_page(path: Path) -> None:
    with pytest.raises(FeedParseError) as caught:
        parse(path)
    assert caught.value.kind == "error_page"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("feedhq_aldaily-06-27.xml", "feedhq_aldaily-06-30.xml", marks=needs_real),
        ("one_link_for_all_day1.xml", "one_link_for_all_day2.xml"),
    ],
)
def test_the_second_day_of_a_feed_without_guids_has_the_guids_of_the_first(first: str, second: str) -> None:
    folder = OWN if first in TITLES else REAL
    before, after = (
        {entry.guid for entry in parse(folder / "hostile" / name).entries} for name in (first, second)
    )
    assert before < after


@pytest.mark.parametrize("path", pair("feeds/relay_sciencedirect_matter_2026.xml"))
def test_the_article_of_two_sites_has_one_pii(path: Path) -> None:
    records = [entry.record for entry in parse(path).entries]
    by_pii = {record.pii for record in records}
    assert len(by_pii) == (7 if len(records) == 11 else 2)
    assert {record.pii for record in records if record.abstract} < by_pii


@pytest.mark.parametrize("name", ["rewritten_arxiv.atom", "rewritten_arxiv.xml"])
def test_a_machines_summary_is_never_taken_for_the_abstract(name: str) -> None:
    for entry in parse(OWN / "feeds" / name).entries:
        assert [(part.label, part.text[:11]) for part in entry.record.abstract] == [(None, "To find out")]


@pytest.mark.parametrize(
    "path",
    [
        *pair("hostile/miniflux_utf8-incorrect-prolog.xml"),
        *pair("hostile/feedparser_eucjp.xml"),
        *pair("hostile/w3c_rss_must_rss91n_entity.xml"),
    ],
)
def test_mislabelled_bytes_are_no_mojibake(path: Path) -> None:
    (title,) = titles(path)
    assert "Ã" not in title
    assert "\ufffd" not in title
    if "utf8" in path.name:
        assert "Café" in title
