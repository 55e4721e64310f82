"""Our own reader of usual feeds: in every field what feedparser gives, or nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.bombs import UNUSUAL, attribute_flood, deep_nesting, redos
from tests.support.samples import OWN, REAL, needs_real
from wetread.feeds import document, parser, quick

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
URL = "https://feeds.example.org/jii.xml"


def assert_equal_on_all(folder: Path) -> list[str]:
    """Compare both readers on each document; return the names of those that ours reads."""
    ours = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or b"<" not in (body := path.read_bytes())[:200]:
            continue
        utf8 = parser._to_utf8(body, None)  # the form in which both get it
        found = None if document.declares_entities(utf8) else quick.read(utf8)
        if found is not None:
            ours.append(str(path.relative_to(folder)))
            assert_same_raw(found, parser._feedparse(utf8), path.name)  # the judge
    return ours


def assert_same_raw(ours: Mapping[str, Any], judge: Mapping[str, Any], name: str) -> None:
    """What `parser.py` takes from both, before it is interpreted: nothing hides behind cleaning."""
    assert not judge["bozo"], name
    assert ours["version"] == judge["version"], name
    assert parser._raw_feed(ours["feed"], URL) == parser._raw_feed(judge["feed"], URL), name
    assert parser._ttl(ours["feed"]) == parser._ttl(judge["feed"]), name
    assert ours["feed"].get("subtitle", "") == judge["feed"].get("subtitle", ""), name
    assert len(ours["entries"]) == len(judge["entries"]), name
    for mine, theirs in zip(ours["entries"], judge["entries"], strict=True):
        assert parser._raw_entry(mine) == parser._raw_entry(theirs), name
        assert parser._instant(mine) == parser._instant(theirs), name


def test_every_own_document_is_read_as_by_feedparser() -> None:
    ours = assert_equal_on_all(OWN)

    assert {"feeds/pubmed.xml", "feeds/atypon.rdf", "feeds/relay_nature.xml"} <= set(ours)


@needs_real
def test_every_real_document_is_read_as_by_feedparser() -> None:
    ours = assert_equal_on_all(REAL)

    # One feed declares its namespaces on every element; feedparser reads that one.
    assert len([name for name in ours if name.startswith("feeds/")]) >= 12


# --- invented documents -------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\x85\x92"), max_size=30),
    st.sampled_from(
        [
            *("", " ", "Invented", "  two\n lines ", "Caf\u00c3\u00a9", "It\u0092s", "a < b & c", "p&lt;.05"),
            *(
                "<p>One</p>",
                "<b>bold</b> &amp; more",
                "A&nbsp;B",
                "http:///example.org/x?a=1&b=2",
                "/rel",
                "none",
            ),
            *("https://example.org/a?x=1&amp;y=2", "doi:10.5555/a", "ada@example.org (Ada Example)", "12"),
            *("Mon, 02 Nov 2026 08:00:00 GMT", "2026-10-05T08:00:00Z", "2026-10", "0000-00-00", "yesterday"),
        ]
    ),
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *("type", "isPermaLink", "domain", "term", "scheme", "label", "rel", "href", "url", "xml:lang"),
            *("rdf:about", "rdf:resource", "mode", "src", "xml:base", "version", "other:type"),
        ]
    ),
    st.sampled_from(
        [
            *(
                "text",
                "html",
                "text/html",
                "text/plain",
                "xhtml",
                "application/xhtml+xml",
                "true",
                "false",
                "TRUE",
            ),
            *("alternate", "self", "https://example.org/a?b=1&c=2", "Radiology", "en", "base64", ""),
        ]
    ),
    max_size=2,
)
NAMES = [
    *("title", "link", "description", "guid", "pubDate", "author", "category", "source", "comments"),
    *("enclosure", "summary", "content", "content:encoded", "dc:title", "dc:creator", "dc:date"),
    *("dc:identifier", "dc:description", "dc:source", "dc:subject", "dc:language", "dc:publisher"),
    *("dc:rights", "dc:contributor", "dcterms:modified", "prism:doi", "prism:volume"),
    *("prism:publicationName", "prism:coverDate", "new:doi", "new:number", "id", "published"),
    *("updated", "name", "email", "volume", "issue", "startPage", "language", "date", "authors"),
    *("tags", "media:title", "image", "atom:link", "atom:updated", "other:thing", "sy:updatePeriod"),
    *("ttl", "managingEditor"),
]
NAMESPACES = (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/"'
    ' xmlns:new="http://prismstandard.org/namespaces/basic/3.0/" xmlns:other="https://example.org/other"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)
ATOM = "http://www.w3.org/2005/Atom"


@st.composite
def elements(draw: st.DrawFn, *, most: int = 8) -> str:
    """Some elements, mostly without attributes, some with children."""
    parts = []
    for _ in range(draw(st.integers(0, most))):
        name, text = draw(st.sampled_from(NAMES)), draw(TEXTS)
        attributes = draw(ATTRIBUTES) if draw(st.integers(0, 14)) == 0 else {}
        shown = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        inner = escape(text) if draw(st.booleans()) or "]]>" in text else f"<![CDATA[{text}]]>"
        if draw(st.integers(0, 40)) == 0:
            child = draw(st.sampled_from(["name", "email", "b", "url", "title"]))
            inner += f"<{child}>{escape(draw(TEXTS))}</{child}>"
        parts.append(
            f"<{name}{shown}>{inner}</{name}>" + draw(st.sampled_from(["", "\n", "stray", "<!-- x -->"]))
        )
    return "".join(parts)


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """Well-formed feeds of the three kinds."""
    head, items = draw(elements(most=4)), [draw(elements()) for _ in range(draw(st.integers(0, 3)))]
    kind = draw(st.sampled_from(["rss", "rdf", "atom"]))
    if kind == "rss":
        inside = head + "".join(f"<item>{item}</item>" for item in items)
        text = f'<rss version="2.0"{NAMESPACES} xmlns:atom="{ATOM}"><channel>{inside}</channel></rss>'
    elif kind == "atom":
        inside = head + "".join(f"<entry>{item}</entry>" for item in items)
        text = f'<feed xmlns="{ATOM}" xmlns:atom="{ATOM}"{NAMESPACES}>{inside}</feed>'
    else:
        listed = "".join(
            f'<item rdf:about="https://example.org/{number}">{item}</item>'
            for number, item in enumerate(items)
        )
        text = (
            f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:atom="{ATOM}"{NAMESPACES}>'
            f'<channel rdf:about="https://example.org/">{head}</channel>{listed}</rdf:RDF>'
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


@settings(max_examples=300)
@given(feeds())
def test_any_well_formed_feed_is_read_as_by_feedparser_or_left_to_it(body: bytes) -> None:
    utf8 = parser._to_utf8(body, None)  # the form in which both get it
    found = quick.read(utf8)
    if found is not None:
        assert_same_raw(found, parser._feedparse(utf8), body.decode())  # the judge


# --- what it leaves to feedparser ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><item><title>Not closed</item></channel></rss>",
        b"<!DOCTYPE rss><rss version='2.0'><channel><item><title>T</title></item></channel></rss>",
        UNUSUAL + b"<rss version='2.0'><channel><item><title>T</title></item></channel></rss>",
        b"<rss version='2.0'><channel xml:base='https://example.org/'><item><link>/a</link></item></channel></rss>",
        b"<rss version='2.0'><channel><item><description><p>T</p></description></item></channel></rss>",
        b"<rss version='2.0'><channel><item><author>ada@example.org (Ada)</author></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'>T</title></entry></feed>",
        b"<rss><channel><item><description>1</description><description>2</description></item></channel></rss>",
        b"<html><body>no feed</body></html>",
        deep_nesting(),
    ],
)
def test_unusual_documents_are_left_to_feedparser(body: bytes) -> None:
    assert quick.read(body) is None


@pytest.mark.row("S16")
@pytest.mark.parametrize("bomb", [redos, attribute_flood])
def test_what_keeps_feedparser_busy_is_harmless_where_it_is_not_asked(bomb: Any) -> None:
    found = quick.read(bomb().replace(UNUSUAL, b""))

    assert found is not None
    assert len(found["entries"]) == 1
