"""Measure how long the event loop stalls while feeds of 200 items are parsed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime

from benchmarks.feeds import filled, rss
from benchmarks.lag import heart_beat, p99
from benchmarks.measure import Row
from benchmarks.parse import document
from wetread.domain.models import RetrievedFeed
from wetread.feeds.parser import parse_feed
from wetread.feeds.parser_pool import ParserPool

FEEDS = 45
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def run(*, is_quick: bool) -> Iterator[Row]:
    """Parse many feeds inside the process and in children, with a heartbeat of 5 ms."""
    template = rss(200)
    burst = [document(filled(template, number, 1)) for number in range(5 if is_quick else FEEDS)]
    variants: Mapping[str, Callable[[list[RetrievedFeed]], Awaitable[None]]] = {
        "the same, inline": _inline,
        "Wetread, one child": lambda feeds: _in_children(feeds, 1),
        "Wetread, two children": lambda feeds: _in_children(feeds, 2),
    }
    lags = {name: asyncio.run(_beside_heart_beat(variant, burst)) for name, variant in variants.items()}
    inline = p99(lags["the same, inline"])
    for name, found in lags.items():
        has_bar = name == "Wetread, one child"
        slow, longest = p99(found), max(found)
        yield Row(
            "stall",
            "99 of 100 beats",
            name,
            "the same, inline",
            slow / inline,
            slow,
            0.06 if has_bar else None,
        )
        yield Row("stall", "99 of 100 beats", name, "", slow, slow, 20.0 if has_bar else None, unit="ms")
        yield Row("stall", "longest", name, "", longest, longest, 100.0 if has_bar else None, unit="ms")


async def _beside_heart_beat(
    variant: Callable[[list[RetrievedFeed]], Awaitable[None]], feeds: list[RetrievedFeed]
) -> list[float]:
    async with heart_beat() as lags:
        await variant(feeds)
    return lags


async def _inline(feeds: list[RetrievedFeed]) -> None:
    for feed in feeds:
        parse_feed(feed.body, url=feed.url, content_type=feed.content_type, now=NOW)
        await asyncio.sleep(0)


async def _in_children(feeds: list[RetrievedFeed], size: int) -> None:
    pool = ParserPool(size)
    await asyncio.gather(*(pool.parse(feed, NOW) for feed in feeds))
    await pool.close()
