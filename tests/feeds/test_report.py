"""What `check-feed` says has one shape, whatever the feed lacks."""

import json
from datetime import UTC, datetime

from wetread.domain.models import Author, Entry, ParsedFeed, PartialDate, Record, Section
from wetread.feeds.report import feed_report, feed_text

BARE = ParsedFeed(None, "rss20", entries=(Entry("g", Record("feed", title="Bare")),), warnings=("Odd.",))
FULL = ParsedFeed(
    "Journal of Invented Imaging",
    "rss20",
    "https://pubs.example.org/",
    7200.0,
    (
        Entry(
            "pubmed:99000001",
            Record(
                "feed",
                title="Invented spines",
                authors=tuple(Author(f"Example{number}", "Ada") for number in range(8)),
                abstract=(Section("To invent.", "PURPOSE"), Section("Done.")),
                doi="10.5555/x",
                journal="Journal of Invented Imaging",
                volume="3",
                issue="1",
                pages="101–110",
                online_on=PartialDate(2026, 1, 4),
                url="https://pubs.example.org/x",
            ),
            datetime(2026, 1, 4, 11, tzinfo=UTC),
        ),
    ),
)


def test_every_key_is_always_there() -> None:
    bare, full = feed_report(BARE), feed_report(FULL)
    assert bare.keys() == full.keys() == {"feed", "articles", "warnings"}
    assert bare["articles"][0].keys() == full["articles"][0].keys()
    assert {"guid", "title", "authors", "journal", "dates", "doi", "pmid", "pii", "url", "abstract"} <= (
        bare["articles"][0].keys()
    )
    assert bare["articles"][0]["abstract"] is None
    assert bare["warnings"] == ["Odd."]
    json.dumps([bare, full])


def test_an_abstract_is_one_text_with_its_labels() -> None:
    (article,) = feed_report(FULL)["articles"]
    assert article["abstract"] == "PURPOSE: To invent.\nDone."
    assert article["dates"]["published_on"] == "2026-01-04"
    assert article["authors"][0]["name"] == "Ada Example0"


def test_people_read_the_same_in_lines() -> None:
    text = feed_text(FULL)
    assert "1 article, 1 with an abstract, 1 with a DOI." in text
    assert "and others" in text
    assert "Journal of Invented Imaging · 2026-01-04 · 3(1):101–110" in text
    assert "Note: Odd." in feed_text(BARE)
    assert "No abstract in the feed." in feed_text(BARE)
