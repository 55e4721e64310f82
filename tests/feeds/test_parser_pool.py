"""No feed stalls or ends the bot: each is parsed in a child, and a child that overruns is replaced."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.support.bombs import (
    attribute_flood,
    big_comment,
    billion_laughs,
    deep_nesting,
    entity_chain,
    markup_flood,
    quadratic,
    redos,
)
from tests.support.doubles import FakeClock
from wetread.domain.errors import FeedParseError
from wetread.domain.models import ParsedFeed, RetrievedFeed, Validators
from wetread.feeds.parser import parse_feed
from wetread.feeds.parser_pool import _COMMAND, ParserPool
from wetread.isolation.frames import LENGTH
from wetread.isolation.pool import IDLE_SECONDS

FIXTURES = Path(__file__).parents[1] / "data" / "feeds"
NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)
URL = "https://feeds.example.org/jii.xml"
GOOD = (FIXTURES / "pubmed.xml").read_bytes()


def retrieved(body: bytes, url: str = URL) -> RetrievedFeed:
    return RetrievedFeed(url, body, "application/rss+xml", Validators())


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    pool = ParserPool(1)
    yield pool
    await pool.close()


async def kind_of_error(pool: ParserPool, body: bytes) -> str:
    with pytest.raises(FeedParseError) as caught:
        await pool.parse(retrieved(body), NOW)
    return caught.value.kind


async def test_a_child_that_nobody_needs_ends_and_another_starts_when_needed() -> None:
    clock = FakeClock(is_manual=True)
    pool = ParserPool(1, sleep=clock.sleep)
    try:
        for _ in range(2):
            await pool.parse(retrieved(GOOD), NOW)
            await clock.pass_time(seconds=IDLE_SECONDS * 0.9)
        [child] = children()

        await clock.pass_time(seconds=3 * IDLE_SECONDS)
        await asyncio.to_thread(child.wait, 10)

        assert len((await pool.parse(retrieved(GOOD), NOW)).entries) == 4
        assert child not in children()
    finally:
        await pool.close()


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if _COMMAND[-1] in each.cmdline()]


@pytest.mark.parametrize("name", ["pubmed.xml", "atypon.rdf", "no_guids.xml", "atom.xml"])
async def test_a_child_answers_what_the_parser_says(pool: ParserPool, name: str) -> None:
    body = (FIXTURES / name).read_bytes()
    expected = parse_feed(body, url=URL, content_type=None, now=NOW)
    assert await pool.parse(retrieved(body), NOW) == expected


async def test_more_entries_than_a_frame_holds_come_in_order(pool: ParserPool) -> None:
    items = "".join(f"<item><title>N {number}</title><guid>g{number}</guid></item>" for number in range(35))
    feed = await pool.parse(retrieved(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()), NOW)
    assert [entry.guid for entry in feed.entries] == [f"g{number}" for number in range(35)]


@pytest.mark.parametrize(
    ("body", "kind"), [(b"", "empty"), (b"<html></html>", "not_a_feed"), (GOOD[:900], "truncated")]
)
async def test_an_error_keeps_its_kind(pool: ParserPool, body: bytes, kind: str) -> None:
    assert await kind_of_error(pool, body) == kind


async def test_an_error_shows_no_secrets(pool: ParserPool) -> None:
    with pytest.raises(FeedParseError) as caught:
        await pool.parse(retrieved(b"", "https://ada:secret@feeds.example.org/?key=hidden"), NOW)
    assert "secret" not in str(caught.value)
    assert "hidden" not in caught.value.url


async def test_credentials_in_the_address_do_not_get_into_links(pool: ParserPool) -> None:
    body = b'<rss version="2.0"><channel><item><title>T</title><link>/one</link></item></channel></rss>'
    feed = await pool.parse(retrieved(body, "https://ada:secret@feeds.example.org/jii.xml"), NOW)
    assert feed.entries[0].record.url == "https://feeds.example.org/one"


async def test_many_parses_share_the_children() -> None:
    pool = ParserPool(2)
    feeds = await asyncio.gather(*(pool.parse(retrieved(GOOD), NOW) for _ in range(10)))
    await pool.close()
    assert {len(feed.entries) for feed in feeds} == {4}


async def test_a_cancelled_parse_leaves_the_pool_usable(pool: ParserPool) -> None:
    await pool.parse(retrieved(GOOD), NOW)
    parse = asyncio.create_task(pool.parse(retrieved(redos()), NOW))
    done, _ = await asyncio.wait([parse], timeout=0.3)
    assert not done
    parse.cancel()
    with pytest.raises(asyncio.CancelledError):
        await parse
    assert len((await pool.parse(retrieved(GOOD), NOW)).entries) == 4


async def test_a_closed_pool_parses_no_more(pool: ParserPool) -> None:
    await pool.close()
    with pytest.raises(RuntimeError):
        await pool.parse(retrieved(GOOD), NOW)


# --- a child that lies -----------------------------------------------------------------------------------

_LIAR = """
import json, struct, sys
def say(data):
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()
def feed(count, title=None):
    say(json.dumps({"head": {"title": title, "version": "rss20"}, "count": count}).encode())
say(b'{}')
sys.stdin.buffer.read(4)
"""


@pytest.mark.row("S17")
@pytest.mark.parametrize(
    "answer",
    [
        "say(b'not JSON')",
        "say(b'[]')",
        "say(b'[' * 100000)",
        "say(b'\\xff')",
        "say(b'{}')",
        'say(b\'{"head": {"title": null, "version": "rss20"}, "count": -1}\')',
        'say(b\'{"head": {"title": null, "version": "rss20"}, "count": true}\')',
        'say(b\'{"head": {"title": null, "version": "rss20"}, "count": 501}\')',
        'say(b\'{"head": {"title": 5, "version": "rss20"}, "count": 0}\')',
        'say(b\'{"head": {"title": null, "version": "rss20"}, "count": 1}\'); say(b\'{"items": []}\')',
        'say(b\'{"head": {"title": null, "version": "rss20"}, "count": 1}\'); say(b\'{"items": [{}]}\')',
        'say(b\'{"error": "of my own making"}\')',
        "sys.stdout.buffer.write(struct.pack('>I', 2**31)); sys.stdout.buffer.flush()",
        "sys.stdout.buffer.write(b'\\x00')",
        "sys.exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    ],
    ids=range(16),
)
async def test_a_child_that_lies_has_crashed(answer: str) -> None:
    pool = ParserPool(1, command=(sys.executable, "-c", _LIAR + answer))
    try:
        assert await kind_of_error(pool, GOOD) == "crashed"
    finally:
        await pool.close()


@pytest.mark.row("S16", "S17")
async def test_a_child_that_says_nothing_is_killed_in_time() -> None:
    pool = ParserPool(1, wall_seconds=0.2, command=(sys.executable, "-c", _LIAR + "sys.stdin.buffer.read()"))
    try:
        assert await kind_of_error(pool, GOOD) == "timeout"
    finally:
        await pool.close()


# --- bombs -----------------------------------------------------------------------------------------------


@pytest.mark.row("B32", "S13", "S14")
@pytest.mark.parametrize("bomb", [entity_chain, billion_laughs, quadratic], ids=lambda bomb: bomb.__name__)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_entity_bombs_are_refused_unparsed(
    pool: ParserPool, bomb: Callable[[], bytes], encoding: str
) -> None:
    assert await kind_of_error(pool, bomb().decode().encode(encoding)) == "entities"
    assert len((await pool.parse(retrieved(GOOD), NOW)).entries) == 4


@pytest.mark.row("B32", "S16", "S37")
@pytest.mark.parametrize("bomb", [big_comment, markup_flood], ids=lambda bomb: bomb.__name__)
async def test_big_bodies_are_read_or_given_up(pool: ParserPool, bomb: Callable[[], bytes]) -> None:
    outcome = (await asyncio.gather(pool.parse(retrieved(bomb()), NOW), return_exceptions=True))[0]
    assert isinstance(outcome, ParsedFeed | FeedParseError)
    assert len((await pool.parse(retrieved(GOOD), NOW)).entries) == 4


# Each takes as long as the limit lets it.
@pytest.mark.row("B32", "S16")
@pytest.mark.parametrize("bomb", [redos, attribute_flood, deep_nesting], ids=lambda bomb: bomb.__name__)
async def test_a_bomb_kills_its_child_and_nothing_else(bomb: Callable[[], bytes]) -> None:
    pool = ParserPool(1, wall_seconds=1.5)
    lags: list[float] = []
    probe = asyncio.create_task(_measure_lag(lags))
    try:
        await pool.parse(retrieved(GOOD), NOW)
        assert await kind_of_error(pool, bomb()) in {"timeout", "crashed"}
        assert len((await pool.parse(retrieved(GOOD), NOW)).entries) == 4
    finally:
        probe.cancel()
        await pool.close()
    assert len(lags) > 10  # the loop went on meanwhile


async def _measure_lag(lags: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.05)
        lags.append(loop.time() - before - 0.05)


@pytest.mark.row("S16")
async def test_processor_time_is_counted_for_each_parse() -> None:
    pool = ParserPool(1, wall_seconds=60, cpu_seconds=1)
    try:
        for _ in range(3):
            await pool.parse(retrieved(GOOD), NOW)
        with pytest.raises(FeedParseError) as caught:
            await pool.parse(retrieved(redos()), NOW)
    finally:
        await pool.close()
    assert (caught.value.kind, caught.value.detail) == ("timeout", "processor time")


@pytest.mark.row("S16")
def test_a_child_can_write_no_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    lines = [
        "from wetread.isolation import child",
        "child._limit()",
        f"open({str(path)!r}, 'wb', buffering=0).write(b'x')",
    ]

    ended = subprocess.run(  # noqa: S603  # our own interpreter and our own code
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, timeout=30, check=False
    )

    assert ended.returncode != 0
    assert path.read_bytes() == b""


@pytest.mark.row("S16", "E31")
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not keep a process to RLIMIT_AS")
def test_e31_a_child_that_wants_more_memory_than_allowed_ends() -> None:
    """It reserves room for the gigabyte that is announced; without a limit it would only wait for more."""
    child = [sys.executable, "-m", "wetread.feeds.parser_child", "5"]

    def ended(announced: int) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603  # our own interpreter and our own code
            child, input=LENGTH.pack(announced), capture_output=True, timeout=30, check=False
        )

    assert ended(1024 * 1024).returncode == 0
    too_large = ended(1024 * 1024 * 1024)
    assert too_large.returncode != 0
    assert b"MemoryError" in too_large.stderr
