"""Finds the feeds of a web page, for moderators who paste a journal's page instead of its feed."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

PAGE_BYTES = 512 * 1024
MOST_CANDIDATES = 12

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/x-rss+xml",
        "application/xml",
        "text/xml",
        "text/rss+xml",
    }
)
# In the address of a feed: /rss, feed=rss, current.rss, showFeed, atom.xml …
_FEED_WORD = re.compile(r"(?:^|[^a-z])(?:rss|atom|rdf|feeds?|showfeed)(?:[^a-z]|$)", re.IGNORECASE)
_COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/current.rss", "/rss/current.xml")


def feed_links(body: bytes, url: str, content_type: str | None, *, has_usual: bool = True) -> tuple[str, ...]:
    """Return addresses that may be feeds of the page `body` at `url`, the likeliest first.

    First those that the page declares (`<link rel="alternate">`), then links that look like feeds, then
    usual paths of the site, unless `has_usual` is False. Absolute http or https addresses without
    credentials, at most `MOST_CANDIDATES`, never `url` itself. The caller must check each.
    """
    page = _page(body[:PAGE_BYTES], content_type)
    candidates = [
        *(islice(_declared(page), MOST_CANDIDATES) if page is not None else ()),
        *(islice(_linked(page), MOST_CANDIDATES) if page is not None else ()),
        *(_COMMON_PATHS if has_usual else ()),
    ]
    base = _base(page, url)
    links = dict.fromkeys(link for candidate in candidates if (link := _absolute(base, candidate)))
    links.pop(url, None)
    return tuple(links)[:MOST_CANDIDATES]


def _page(body: bytes, content_type: str | None) -> html.HtmlElement | None:
    charset = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    for encoding in (charset[1] if charset else None, None):
        try:
            return html.document_fromstring(body, parser=html.HTMLParser(encoding=encoding, no_network=True))
        except LookupError:
            continue  # an unknown charset: use the page's own declaration
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            return None  # nothing in it
    return None


def _declared(page: html.HtmlElement) -> Iterator[str]:
    for link in page.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "feed" in relations or ("alternate" in relations and kind in _FEED_TYPES):
            yield link.get("href") or ""


def _linked(page: html.HtmlElement) -> Iterator[str]:
    for anchor in page.iter("a"):
        href = anchor.get("href") or ""
        if _FEED_WORD.search(_behind_host(href)):
            yield href


def _behind_host(href: str) -> str:
    """Return an address without its host, because "rss" in a host means nothing."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


def _base(page: html.HtmlElement | None, url: str) -> str:
    element = page.find(".//base[@href]") if page is not None else None
    return _absolute(url, element.get("href") or "") or url if element is not None else url


def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href:
        return None
    try:
        link = urljoin(base, href).partition("#")[0]
        parts = urlsplit(link)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    return link if is_usable and len(link) <= 2048 else None
