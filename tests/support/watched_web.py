"""Invented feeds on a scripted web, for the tests of updating and subscribing."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from tests.support.doubles import FakeClock
from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed, RetrievedFeed
from wetread.feeds.parser import parse_feed
from wetread.feeds.retrievers import Parse

HOST = "https://journal.example.org"
FEED = f"{HOST}/rss"


def rss(numbers: Iterable[int], now: datetime, title: str = "Journal of Invented Imaging") -> str:
    """Return an RSS 2.0 document with these articles, newest first."""
    items = "".join(
        f"""
        <item>
          <title>Invented finding number {number} at imaging</title>
          <link>{HOST}/articles/{number}</link>
          <guid isPermaLink="false">jii-{number}</guid>
          <description>Invented text number {number} that says something at some length.</description>
          <dc:identifier>doi:10.5555/jii.{number}</dc:identifier>
          <pubDate>{format_datetime(now)}</pubDate>
        </item>"""
        for number in sorted(numbers, reverse=True)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
    <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel><title>{title}</title><link>{HOST}/</link>{items}
      </channel>
    </rss>"""


def parse_with(clock: FakeClock) -> Parse:
    """Parse in this process with the real parser. A body that begins with "crash" raises "crashed"."""

    async def parse(retrieved: RetrievedFeed) -> ParsedFeed:
        if retrieved.body.startswith(b"crash"):
            raise FeedParseError(retrieved.url, "crashed")
        if retrieved.body.startswith(b"bug"):
            raise ZeroDivisionError
        return parse_feed(retrieved.body, url=retrieved.url, content_type=retrieved.content_type, now=clock())

    return parse
