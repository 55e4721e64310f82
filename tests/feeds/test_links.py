"""Only safe addresses come out of a feed, without what changes at every retrieval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.feeds.links import safe_link


@pytest.mark.row("S24")
@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://x.example.org/a?id=5&utm_source=y&DGCID=z#part", "https://x.example.org/a?id=5#part"),
        ("https://x.example.org/doi/10.5555/x?af=R", "https://x.example.org/doi/10.5555/x"),
        (
            "https://x.example.org/a?v=3&ai=2b4&mi=e&ff=1&fc=2",
            "https://x.example.org/a?v=3&ai=2b4&mi=e&ff=1&fc=2",
        ),
        (
            "https://p.example.org/1/?utm_campaign=j&ff=20260105021922&v=2.18.0.post9",
            "https://p.example.org/1/",
        ),
        ("http://x.example.org/a?q=a%20b", "http://x.example.org/a?q=a%20b"),
        ("/relative?dgcid=rss_sd_all", "https://feeds.example.org/relative"),
        ("//x.example.org/a", "https://x.example.org/a"),
        ("https://x.example.org:8443/a(1)", "https://x.example.org:8443/a(1)"),
        ("javascript:alert(1)", None),
        ("file:///etc/hostname", None),
        ("https://ada:secret@x.example.org/", None),
        ("https://x.example.org/a b", None),
        ("https://x.example.org/<b>", None),
        ("https://[", None),
        ("https://x.example.org:99999/", None),
        ("https://x.example.org/" + "a" * 3_000, None),
        ("", None),
    ],
)
def test_a_link_is_safe_or_none(url: str, link: str | None) -> None:
    assert safe_link(url, "https://feeds.example.org/jii.xml") == link


@given(st.text(max_size=80))
def test_a_safe_link_stays_as_it_is(url: str) -> None:
    link = safe_link(url, "https://feeds.example.org/jii.xml")
    assert link is None or (link.startswith(("http://", "https://")) and safe_link(link) == link)
