"""What only a whole document shows: journals named as authors, and links that differ by their tracking."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from wetread.domain.identifiers import doi_from_address, pii_from_address
from wetread.domain.models import Record
from wetread.domain.text import fold
from wetread.feeds.links import safe_link
from wetread.feeds.raw import RawEntry, RawFeed

_FEWEST = 3


def relayed_journals(entries: Sequence[RawEntry], feed: RawFeed) -> frozenset[str]:
    """Return the names of journals that a relay gives as authors.

    A name is one if it is the only author of three articles or more that lie on another host than the feed.
    """
    homes = {_host(feed.url), _host(feed.home_url or "")}
    names = Counter(
        entry.authors[0]
        for entry in entries
        if len(entry.authors) == 1 and _host(entry.link) not in homes and _is_article(entry)
    )
    return frozenset(name for name, count in names.items() if count >= _FEWEST)


def _is_article(entry: RawEntry) -> bool:
    addresses = (entry.link, entry.guid)
    return bool(entry.identifiers) or any(
        doi_from_address(each) or pii_from_address(each) for each in addresses
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def with_own_links(entries: Sequence[RawEntry], records: Sequence[Record], feed: RawFeed) -> list[Record]:
    """Return the records with whole links where two articles would share one without its tracking."""
    titles: dict[str, set[str]] = defaultdict(set)
    links: dict[str, set[str]] = defaultdict(set)
    for entry, record in zip(entries, records, strict=True):
        if record.url:
            titles[record.url].add(fold(record.title))
            links[record.url].add(entry.link)
    shared = {url for url in titles if len(titles[url]) > 1 and len(links[url]) > 1}
    return [
        replace(record, url=safe_link(entry.link, feed.url, keeps_tracking=True) or record.url)
        if record.url in shared
        else record
        for entry, record in zip(entries, records, strict=True)
    ]
