"""Parse feeds in a running child process, in a new one, and inside the main process."""

import asyncio
import gc
import io
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser
import lxml.etree
import psutil

from benchmarks.feeds import filled, rdf, rss
from benchmarks.measure import Row, Times, rows
from wetread.domain.models import ParsedFeed, RetrievedFeed, Validators
from wetread.feeds import quick
from wetread.feeds.parser import parse_feed
from wetread.feeds.parser_pool import ParserPool

ROUNDS = 9
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
READING, JUDGE, DEFAULT = "Wetread, reading alone", "feedparser, as Wetread asks it", "feedparser, default"
WARM, FRESH, INLINE = "Wetread, warm child", "Wetread, fresh child", "the same, inline"

Variant = Callable[[RetrievedFeed], Awaitable[object]]


def document(body: bytes) -> RetrievedFeed:
    """Return a body in the form that the retriever returns."""
    return RetrievedFeed(
        "https://pubs.example.org/feed", body, "application/rss+xml; charset=utf-8", Validators()
    )


def run(*, is_quick: bool) -> Iterator[Row]:
    """Parse small and large feeds in each of these ways."""
    for case, template in (
        ("RSS, 20 items", rss(20)),
        ("RSS, 200 items", rss(200)),
        ("RDF, 200 items", rdf(200)),
    ):
        times = asyncio.run(_measured(template, 2 if is_quick else ROUNDS))
        bars = {WARM: 0.3} if case == "RSS, 20 items" else {}
        yield from rows("parse", case, times, FRESH, bars=bars)
        reading, whole = times[READING].cpu, times[INLINE].cpu
        judge, default = times[JUDGE].cpu, times[DEFAULT].cpu
        yield Row("parse", case, READING, DEFAULT, reading / default, None, 0.2, "× CPU")
        yield Row("parse", case, "… what follows it", JUDGE, (whole - reading) / judge, None, 1.0, "× CPU")


async def _measured(template: bytes, rounds: int) -> dict[str, Times]:
    pool = ParserPool()

    async def warm(feed: RetrievedFeed) -> ParsedFeed:
        return await pool.parse(feed, NOW)

    variants: Mapping[str, Variant] = {
        WARM: warm,
        FRESH: _fresh,
        INLINE: _inline,
        READING: _reading,
        JUDGE: _judge,
        DEFAULT: _feedparser,
        "lxml tree (floor)": _tree,
    }
    times = {name: Times() for name in variants}
    for number in range(rounds + 1):
        feed = document(filled(template, number, 1))
        parsed: dict[str, Any] = {}
        for name, variant in variants.items():
            gc.collect()
            wall, cpu = asyncio.get_running_loop().time(), living_cpu_seconds()
            parsed[name] = await variant(feed)
            if number:  # the first starts the warm child
                times[name].walls.append(asyncio.get_running_loop().time() - wall)
                times[name].cpus.append(living_cpu_seconds() - cpu)
        assert parsed[WARM] == parsed[FRESH] == parsed[INLINE]
        assert parsed[READING] == len(parsed[JUDGE]["entries"])
    await pool.close()
    return times


async def _fresh(feed: RetrievedFeed) -> ParsedFeed:
    pool = ParserPool()
    try:
        return await pool.parse(feed, NOW)
    finally:
        await pool.close()


async def _inline(feed: RetrievedFeed) -> ParsedFeed:
    return parse_feed(feed.body, url=feed.url, content_type=feed.content_type, now=NOW)


async def _reading(feed: RetrievedFeed) -> object:
    found = quick.read(feed.body)
    assert found is not None
    return len(found["entries"])


async def _judge(feed: RetrievedFeed) -> object:
    return feedparser.parse(io.BytesIO(feed.body), resolve_relative_uris=False, sanitize_html=False)


async def _feedparser(feed: RetrievedFeed) -> object:
    return feedparser.parse(io.BytesIO(feed.body))


async def _tree(feed: RetrievedFeed) -> object:
    return lxml.etree.fromstring(feed.body)


def living_cpu_seconds() -> float:
    """Return the processor time of this process and all its children, including running ones."""
    own = psutil.Process()
    times = own.cpu_times()
    alive = (child.cpu_times() for child in own.children(recursive=True))
    return float(
        times.user
        + times.system
        + times.children_user
        + times.children_system
        + sum(each.user + each.system for each in alive)
    )
