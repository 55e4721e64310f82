import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.feeds.discovery import MOST_CANDIDATES, PAGE_BYTES, feed_links

URL = "https://journal.example/toc/inv/current"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_declared_feeds_come_first_then_links_then_usual_places() -> None:
    links = feed_links(
        page(
            '<link rel="alternate" type="application/rss+xml" title="Current" href="/action/showFeed?jc=inv">'
            '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://feeds.example/inv">'
            '<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">',
            '<a href="/help">Help</a> <a href="/rss/ahead.xml">Ahead of print</a>',
        ),
        URL,
        "text/html",
    )

    assert links[:3] == (
        "https://journal.example/action/showFeed?jc=inv",
        "https://feeds.example/inv",
        "https://journal.example/rss/ahead.xml",
    )
    assert "https://journal.example/rss/current.xml" in links
    assert "https://journal.example/de" not in links
    assert len(links) <= MOST_CANDIDATES


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "data:text/xml,x", "file:///etc/passwd", "ftp://h.example/rss", "http:///rss",
     "http://ada:pw@h.example/rss", "http://[::1", "", "   ", "#rss", "https://h.example/" + "r" * 3000],
)  # fmt: skip
def test_what_is_no_web_address_is_no_candidate(href: str) -> None:
    links = feed_links(page(f'<link rel="alternate" type="application/rss+xml" href="{href}">'), URL, None)

    assert links == feed_links(page(), URL, None)


def test_addresses_are_resolved_against_the_pages_base() -> None:
    links = feed_links(
        page(
            '<base href="/journals/inv/"><link rel="ALTERNATE" type="Application/RSS+XML" href=" rss#top ">'
        ),
        URL,
        None,
    )

    assert links[0] == "https://journal.example/journals/inv/rss"


def test_the_page_itself_and_repeats_are_no_candidates() -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{URL}">'
    again = '<link rel="alternate" type="application/rss+xml" href="/rss">' * 3

    links = feed_links(page(link + again), URL, None)

    assert links[0] == "https://journal.example/rss"
    assert URL not in links
    assert len(set(links)) == len(links)


def test_words_that_only_contain_rss_are_no_feeds() -> None:
    links = feed_links(page(body='<a href="/feedback">F</a><a href="/across">A</a>'), URL, None)

    assert links == feed_links(page(), URL, None)


def test_only_the_first_half_megabyte_is_read() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/late">'

    early = feed_links(page("<!-- -->" * 100 + link), URL, None)
    late = feed_links(page("<meta name='x'>" * (PAGE_BYTES // 10) + link), URL, None)

    assert "https://journal.example/late" in early
    assert "https://journal.example/late" not in late


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-16", "text/html; charset=klingon", "", None]
)
def test_odd_charsets_are_survived(content_type: str | None) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/rss/inv">'

    links = feed_links(page(link), URL, content_type)

    assert links


@given(st.binary(), st.text(), st.none() | st.text())
def test_anything_can_be_searched_for_feeds(body: bytes, url: str, content_type: str | None) -> None:
    for link in feed_links(body, url, content_type):
        assert link.startswith(("http://", "https://"))


@given(
    st.lists(
        st.sampled_from(["<div>", "<a href=/rss>", "<link rel=feed href=x>", "</a>", "<table>"]), max_size=200
    )
)
def test_broken_pages_can_be_searched_for_feeds(pieces: list[str]) -> None:
    assert len(feed_links("".join(pieces).encode(), URL, "text/html")) <= MOST_CANDIDATES
