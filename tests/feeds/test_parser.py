"""What publishers send becomes the right articles, or an error that names what it is."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed
from wetread.feeds.parser import parse_feed
from wetread.feeds.report import feed_report

FIXTURES = Path(__file__).parents[1] / "data" / "feeds"
DOCUMENTS = sorted(path for path in FIXTURES.iterdir() if path.suffix != ".json")
NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
URL = "https://feeds.example.org/jii.xml"


def parse(body: bytes, content_type: str | None = None) -> ParsedFeed:
    return parse_feed(body, url=URL, content_type=content_type, now=NOW)


def kind_of_error(body: bytes) -> str:
    with pytest.raises(FeedParseError) as caught:
        parse(body)
    return caught.value.kind


def rss(*items: str, channel: str = "<title>Journal of Invented Imaging</title>") -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{inner}</channel></rss>'.encode()


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """A report as the expected values beside the fixtures have it: short, and only what is known."""
    articles = []
    for article in report["articles"]:
        known = {name: value for name, value in article.items() if value not in (None, [], False)}
        known.pop("abstract", None)
        known["dates"] = {
            name: date for name, date in article["dates"].items() if date and name != "published_on"
        }
        if article["authors"]:
            known["authors"] = [
                author["name"] if author["given"] else author["family"] for author in article["authors"]
            ]
        if article["sections"]:
            known["sections"] = [f"{part['label'] or ''}|{part['text'][:40]}" for part in article["sections"]]
        articles.append(known)
    return {"feed": report["feed"], "warnings": report["warnings"], "articles": articles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_publishers_shape_is_understood(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    assert summary(feed_report(parse(path.read_bytes()))) == expected


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.row("B19")
@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        (b"", "empty", ""),
        (b" \n ", "empty", ""),
        (b"<!DOCTYPE html><html><body>Just a moment...</body></html>", "not_a_feed", "a web page"),
        (b"<html><head><title>x</title></head><body/></html>", "not_a_feed", "a web page"),
        (b'{"items": []}', "not_a_feed", "JSON"),
        (b"Resource not found.", "not_a_feed", "plain text"),
        (b'<?xml version="1.0"?><PubmedArticleSet/>', "not_a_feed", "another kind of XML"),
        (b"\x00\x01\x02", "not_a_feed", "plain text"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, kind: str, detail: str) -> None:
    with pytest.raises(FeedParseError) as caught:
        parse(body)
    assert (caught.value.kind, caught.value.detail) == (kind, detail)


@pytest.mark.parametrize(
    "channel",
    [
        "<title>J</title><description>Reached through an identity-provider error state.</description>",
        "<title>Access Denied</title>",
        "<title>Just a moment...</title>",
        "<title>Error</title>",
        "<title>503 Service Unavailable</title>",
    ],
)
def test_a_feed_that_describes_an_error_is_an_error_page(channel: str) -> None:
    assert kind_of_error(rss("<title>Apparently valid item</title>", channel=channel)) == "error_page"


@pytest.mark.row("S13", "S14", "S15")
@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaa">]>',
        '<?xml version="1.0"?>\n<!DOCTYPE rss\n[\n<!ENTITY ping SYSTEM "http://localhost/ping">\n]>\n',
        '<!-- <a> --><!DOCTYPE rss SYSTEM "a>b" [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
        '<!DOCTYPE rss [<!ATTLIST item x CDATA "y">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_entities_are_refused_in_whatever_encoding(prolog: str, encoding: str) -> None:
    feed = '<rss version="2.0"><channel><title>x</title><item><title>&a;</title></item></channel></rss>'
    assert kind_of_error((prolog + feed).encode(encoding)) == "entities"


@pytest.mark.row("S15")
def test_an_external_doctype_is_only_ignored() -> None:
    doctype = b'<!DOCTYPE rss PUBLIC "-//Invented//DTD RSS 0.91//EN" "http://localhost/rss.dtd">'
    feed = parse(
        doctype + b'<rss version="0.91"><channel><item><title>&eacute;</title></item></channel></rss>'
    )
    assert [entry.record.title for entry in feed.entries] == ["é"]


@pytest.mark.row("B21")
@pytest.mark.parametrize("name", ["pubmed.xml", "atypon.rdf", "atom.xml"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_cut_feed_is_never_taken_for_a_whole_one(name: str, data: st.DataObject) -> None:
    body = (FIXTURES / name).read_bytes()
    cut = data.draw(st.integers(1, body.rindex(b"</")))
    assert kind_of_error(body[:cut]) in {"truncated", "not_a_feed"}


def test_the_end_of_a_prefix_is_not_the_end_of_the_feed() -> None:
    body = (FIXTURES / "atypon.rdf").read_bytes()
    assert kind_of_error(body[: body.index(b"</rdf:Seq") + len(b"</rdf")]) == "truncated"


def test_a_body_beyond_the_cap_is_not_parsed() -> None:
    assert kind_of_error(b"<rss" + b" " * (10 * 1024 * 1024)) == "too_large"


# --- what is forgiven ------------------------------------------------------------------------------------


@pytest.mark.row("B23")
@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", None, None),
        ("utf-8", "iso-8859-1", None),  # wrong, and undone
        ("utf-8", "windows-1252", "text/xml; charset=iso-8859-1"),
        ("utf-8-sig", "us-ascii", None),
        ("utf-16", "utf-16", "application/xml"),
        ("utf-16-le", None, None),
        ("utf-32", "utf-32", None),
        ("iso-8859-1", None, None),
        ("windows-1252", "iso-8859-1", None),  # with curly quotes, as it always is
        ("windows-1252", None, "application/rss+xml; charset=windows-1252"),
        ("windows-1252", "utf-8", None),
        ("utf-8", "invalid", "text/xml; charset=bogus"),
    ],
)
def test_a_wrong_charset_does_no_harm(encoding: str, declared: str | None, content_type: str | None) -> None:
    title = "Zürich’s Röntgen" if encoding != "iso-8859-1" else "Zürich Röntgen"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = f'{declaration}<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'
    assert [entry.record.title for entry in parse(text.encode(encoding), content_type).entries] == [title]


@pytest.mark.row("B23")
def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    assert len(parse(b"\n\n \xef\xbb\xbf" + rss("<title>A title</title>")).entries) == 1


@pytest.mark.row("B23", "S23")
def test_control_and_bidirectional_characters_are_gone_from_every_field() -> None:
    feed = parse(
        rss(
            "<title>a\x0bb \u202ec</title><link>https://x.example.org/1</link>"
            "<author>Ada\u200b Ex\u2066ample</author><description>\u202e</description>",
            channel="<title>\u202eTitle</title>",
        )
    )
    record = feed.entries[0].record
    assert (feed.title, record.title, record.authors[0].name) == ("Title", "ab c", "Ada Example")


def test_loose_ampersands_and_htmls_entities_are_understood() -> None:
    link = "<link>https://x.example.org/?a=1&b=2</link>"
    feed = parse(rss(f"<title>R&D of &eacute;&#11;&#x110000;lan &unknown;</title>{link}"))
    assert [entry.record.title for entry in feed.entries] == ["R&D of élan &unknown;"]
    assert feed.entries[0].record.url == "https://x.example.org/?a=1&b=2"
    assert feed.warnings == ()
    assert parse(rss("<title><![CDATA[A&nbsp;B & C]]></title>")).entries[0].record.title == "A B & C"


def test_broken_xml_costs_a_warning_only() -> None:
    feed = parse(rss("<title>One</title><b>never closed", "<title>Two</title>"))
    assert [entry.record.title for entry in feed.entries] == ["One", "Two"]
    assert len(feed.warnings) == 1


@pytest.mark.row("B20")
def test_an_empty_feed_is_a_feed() -> None:
    feed = parse(rss())
    assert (feed.entries, feed.warnings, feed.version) == ((), (), "rss20")


# --- limits and dates ------------------------------------------------------------------------------------


@pytest.mark.row("B37")
def test_five_hundred_entries_are_read_and_the_rest_is_told() -> None:
    feed = parse(rss(*(f"<title>Number {number}</title><guid>g{number}</guid>" for number in range(502))))
    assert [entry.guid for entry in feed.entries[:2]] == ["g0", "g1"]
    assert len(feed.entries) == 500
    assert "502" in feed.warnings[0]


def test_of_too_many_the_newest_are_read() -> None:
    items = (
        f"<title>N {year}</title><guid>g{year}</guid><pubDate>{year}</pubDate>" for year in range(1500, 2026)
    )
    feed = parse(rss(*items))
    assert feed.entries[-1].guid == "g2025"


def test_a_field_is_capped() -> None:
    record = parse(rss(f"<title>{'word ' * 50_000}</title>")).entries[0].record
    assert len(record.title) <= 20_000


@pytest.mark.row("B09")
@pytest.mark.parametrize(
    ("date", "published_at", "online_on"),
    [
        ("Sun, 04 Jan 2026 06:00:00 -0500", "2026-01-04T11:00:00+00:00", "2026-01-04"),
        ("2099-01-01", "2026-08-23T12:00:00+00:00", None),
        ("1774-03-01", None, None),
        ("2026-02-30", "2026-03-02T00:00:00+00:00", "2026-02"),
        ("0000-00-00", None, None),
        ("May 2026", "2026-05-01T00:00:00+00:00", "2026-05"),
        ("garbage", None, None),
        ("", None, None),
    ],
)
def test_dates_are_kept_within_reason(date: str, published_at: str | None, online_on: str | None) -> None:
    (entry,) = parse(rss(f"<title>A title</title><pubDate>{date}</pubDate>")).entries
    assert (entry.published_at.isoformat() if entry.published_at else None) == published_at
    assert (str(entry.record.online_on) if entry.record.online_on else None) == online_on


@pytest.mark.row("B27")
@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>120</ttl>", 7200.0),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999</ttl>", 604_800.0),
        (f"<sy:updatePeriod {SY}>daily</sy:updatePeriod>", 86_400.0),
        (
            f"<sy:updatePeriod {SY}>daily</sy:updatePeriod><sy:updateFrequency {SY}>2</sy:updateFrequency>",
            43_200.0,
        ),
    ],
)
def test_a_feed_may_say_how_long_it_stays_the_same(channel: str, ttl: float | None) -> None:
    assert parse(rss(channel=channel)).ttl == ttl


# --- guids -----------------------------------------------------------------------------------------------


def guids(*items: str) -> list[str]:
    return [entry.guid for entry in parse(rss(*items)).entries]


def test_a_guid_is_kept_as_sent() -> None:
    assert guids('<title>T</title><guid isPermaLink="true">10.5555/X?a=1</guid>') == ["10.5555/X?a=1"]


@pytest.mark.row("B10")
def test_without_a_guid_the_doi_is_one_else_the_link_else_the_title() -> None:
    first, second, third = guids(
        "<title>One</title><link>https://x.example.org/doi/10.5555/X1?af=R</link>",
        "<title>Two</title><link>https://x.example.org/two</link>",
        "<title>Three</title>",
    )
    assert (first, second) == ("doi:10.5555/x1", "https://x.example.org/two")
    assert third.startswith("hash:")


def test_a_preprints_next_version_is_the_same_entry() -> None:
    for version in "12":
        assert guids(
            f'<title>T</title><guid isPermaLink="false">oai:arXiv.org:2608.99001v{version}</guid>',
            f"<title>U</title><guid>http://medrxiv.org/cgi/content/short/2026.1.1.263001v{version}?rss=1</guid>",
        ) == ["oai:arXiv.org:2608.99001", "http://medrxiv.org/cgi/content/short/2026.1.1.263001?rss=1"]


@pytest.mark.row("B11")
def test_a_new_entry_with_a_known_guid_is_not_taken_for_the_known_one() -> None:
    old = '<title>Old</title><link>https://x.example.org/old</link><guid isPermaLink="false">same</guid>'
    new = '<title>New</title><link>https://x.example.org/new</link><guid isPermaLink="false">same</guid>'
    both = guids(new, old)
    assert len(set(both)) == 2
    assert "same" not in both
    assert both == guids(old, new)[::-1]


@pytest.mark.row("B10", "B11")
@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from(["", "1", "2"]), min_size=8))
@settings(max_examples=60, deadline=None)
def test_guids_are_never_empty_and_never_shared(names: list[str], titles: list[str]) -> None:
    found = guids(
        *(
            f'<title>T{title}</title><guid isPermaLink="false">{name}</guid>'
            for name, title in zip(names, titles, strict=False)
        )
    )
    assert len(set(found)) == len(found)
    assert all(found)


@pytest.mark.row("S24")
def test_links_that_are_none_are_left_out() -> None:
    feed = parse(
        rss(
            "<title>A</title><link>javascript:alert(1)</link>",
            "<title>B</title><link>https://ada:secret@x.example.org/</link>",
            '<title>C</title><guid isPermaLink="true">10.5555/x</guid>',
            "<title>D</title><link>/relative</link>",
            "<title>E</title>",
        )
    )
    assert [entry.record.url for entry in feed.entries] == [
        None,
        None,
        None,
        "https://feeds.example.org/relative",
        None,
    ]


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_feed_or_a_named_error(body: bytes) -> None:
    with suppress(FeedParseError):
        parse(body)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_words_in_a_field_are_read(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]] >")
    feed = parse(rss(f"<title>T</title><description>{escaped}</description><author>{escaped}</author>"))
    assert len(feed.entries) == 1
