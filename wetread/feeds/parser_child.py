"""The process that parses feeds: `python -m wetread.feeds.parser_child SECONDS` (see `isolation.child`)."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wetread.domain.errors import FeedParseError
from wetread.domain.serialise import entry_to_json, feed_to_json
from wetread.feeds.parser import parse_feed
from wetread.isolation.child import RefusedError, serve

_SMALLEST_FEED = b'<rss version="2.0"><channel><item><title>\xc3\xa9</title></item></channel></rss>'


def parse(header: dict[str, Any], body: bytes) -> tuple[Any, Sequence[Any]]:
    """Return the feed without its entries, and the entries, as JSON values. Raises RefusedError."""
    try:
        feed = parse_feed(
            body,
            url=header["url"],
            content_type=header.get("content_type"),
            now=datetime.fromisoformat(header["now"]),
        )
    except FeedParseError as error:
        raise RefusedError(error.kind, error.detail) from None
    return feed_to_json(replace(feed, entries=())), [entry_to_json(entry) for entry in feed.entries]


if __name__ == "__main__":
    # What feedparser loads with the first document is loaded before the limits.
    parse({"url": "https://localhost/", "now": datetime(2026, 1, 1, tzinfo=UTC).isoformat()}, _SMALLEST_FEED)
    serve(parse, cpu_seconds=int(sys.argv[1]))
