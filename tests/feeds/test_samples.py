"""Real documents: each gives the articles that it has, or the error that names what it is.

The documents stand beside the project and are no part of it; without them there is nothing to run.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed
from wetread.feeds.parser import parse_feed

SAMPLES = Path(__file__).parents[2] / "../shared/samples"
NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder with real documents is not there")

# Counted in the documents: entries, and of these with DOI, PII, arXiv id, abstract, authors.
FEEDS = {
    "biorxiv_rdf_2019_plantbiology.rdf": (30, 30, 0, 0, 30, 30),
    "highwire_science_twis_2017.rdf": (69, 69, 0, 0, 0, 69),
    "wiley_rdf_2013_jvegsci.xml": (44, 44, 0, 0, 44, 44),
    # 169 items, 24 of them replaced versions, one listed in two categories.
    "relay_arxiv_2026.xml": (144, 0, 0, 144, 144, 0),
    "relay_arxiv_atom_2026.atom": (54, 0, 0, 54, 54, 54),
    "relay_arxiv_rss_2026.xml": (54, 0, 0, 54, 54, 54),
    "relay_nature_natcommun_2026.xml": (11, 11, 0, 0, 0, 0),
    # Eleven items of seven articles: four come from ScienceDirect and from the journal's own site.
    "relay_sciencedirect_matter_2026.xml": (11, 0, 11, 0, 4, 6),
    "relay_wiley_advmater_2026.xml": (41, 41, 0, 0, 0, 0),
    "thirdparty_crossref_built_ijde_2026.xml": (20, 20, 0, 0, 0, 19),
    "thirdparty_relay_econometrica_2026.xml": (12, 12, 0, 0, 12, 12),
    # A thousand items each; the first 500 are read.
    "relay_mixed_publishers_2026.xml": (500, 0, 488, 0, 0, 479),
    "relay_mixed_2026-08_1.5MB_dups.xml": (386, 98, 37, 239, 260, 36),
}

ERRORS = {
    "ncbi_pubmed3_html_error.html": "not_a_feed",
    "miniflux_iso88591_utf8_mismatch.xml": "not_a_feed",  # XML, but a note to Anaïs
    "feedparser_rss_incomplete_cdata.xml": "truncated",
    "w3c_rss_should_system_entity_http.xml": "entities",
}

# How many articles a document has, where that is no matter of course.
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


def documents(folder: str) -> list[Path]:
    found = sorted((SAMPLES / folder).iterdir()) if SAMPLES.is_dir() else []
    return [path for path in found if not path.name.endswith(".json")]


def parse(path: Path) -> ParsedFeed:
    return parse_feed(path.read_bytes(), url="https://feeds.example.org/feed", content_type=None, now=NOW)


@pytest.mark.parametrize("path", documents("feeds"), ids=lambda path: path.name)
def test_a_real_feed_gives_its_articles(path: Path) -> None:
    feed = parse(path)
    records = [entry.record for entry in feed.entries]
    fields = ("doi", "pii", "arxiv", "abstract", "authors")
    found = (len(records), *(sum(bool(getattr(record, field)) for record in records) for field in fields))
    assert found == FEEDS[path.name]
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
    assert all(record.title and record.url and record.published_on for record in records)


@pytest.mark.parametrize("path", documents("hostile"), ids=lambda path: path.name)
def test_a_hostile_document_gives_articles_or_a_named_error(path: Path) -> None:
    expected_error = "not_a_feed" if path.name.startswith("cf_") else ERRORS.get(path.name)
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


def test_a_pseudo_feed_is_an_error_page() -> None:
    with pytest.raises(FeedParseError) as caught:
        parse(SAMPLES / "other" / "springer_pseudo_feed.xml")
    assert caught.value.kind == "error_page"


def test_the_second_day_of_a_feed_without_guids_has_the_guids_of_the_first() -> None:
    first, second = (
        {entry.guid for entry in parse(SAMPLES / "hostile" / f"feedhq_aldaily-06-{day}.xml").entries}
        for day in (27, 30)
    )
    assert first < second


def test_the_article_of_two_sites_has_one_pii() -> None:
    records = [entry.record for entry in parse(SAMPLES / "feeds/relay_sciencedirect_matter_2026.xml").entries]
    by_pii = {record.pii for record in records}
    assert len(by_pii) == 7
    assert {record.pii for record in records if record.abstract} < by_pii


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("miniflux_utf8-incorrect-prolog.xml", "Café"),
        ("feedparser_eucjp.xml", None),
        ("w3c_rss_must_rss91n_entity.xml", None),
    ],
)
def test_mislabelled_bytes_are_no_mojibake(name: str, title: str | None) -> None:
    (entry,) = parse(SAMPLES / "hostile" / name).entries
    assert "Ã" not in entry.record.title
    assert "\ufffd" not in entry.record.title
    assert title is None or title in entry.record.title
