"""Fuzzing of everything that reads input from outside, for a given time.

A target makes its input with a random generator and raises AssertionError for a violation; any error that it
does not promise is a violation too. The same seed and round make the same input.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.cogs.cards.test_card import assert_keeps_limits
from tests.cogs.strangers import ATTACKS, random_article
from wetread.domain.article_keys import keys_of
from wetread.domain.errors import ConfigError, EmptyQueryError, FeedParseError, IdentifierError
from wetread.domain.identifiers import find_doi, normalise_doi, parse_identifier
from wetread.domain.models import Form, Record, RetrievedFeed, Section, Subject, Validators
from wetread.domain.query import parse_query
from wetread.feeds.parser_pool import ParserPool
from wetread.operations.config import load_config
from wetread.storage import articles, search
from wetread.storage.database import prepared

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)
SEARCH_SECONDS = 2.0  # for one search among a few articles on a busy machine

FEEDS = [
    path.read_bytes() for path in sorted((ROOT / "tests/data/feeds").iterdir()) if path.suffix != ".json"
]
MARKUP = (
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"</item>", b"<item>", b"<entry>", b"<guid/>", b'<link href="javascript:x"/>',
    b"<pubDate>99999</pubDate>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'encoding="utf-16"', b"<script>",
    b"<b><i><b>" * 50, b"a." * 200,
)  # fmt: skip
CONFIGS = [
    (ROOT / "config.toml").read_bytes(),
    b'[sources]\nenabled = ["pubmed"]\ncontact_email = "a@example.org"\n[network]\nallowed_ports = [80]\n',
]
TOML = (
    b"[", b"]", b"=", b'"', b"[[a]]", b"[polling]\n", b"\n", b"true", b"-1", b"1e999", b"nan", b"[1, 'a']",
    b"{}", b"2026-01-01", b"polling = 1\n", b"\x00", b"\xff", b"'''", b"token = 'x'\n", b"a.b.c = 1\n",
    b"9" * 50,
)  # fmt: skip
WORDS = (
    *ATTACKS, '"', "“", "-", "OR", "AND", "NOT", "(", ")", "*", ":", "NEAR(", "author:", "year:2020-2024",
    "^", "since:", "\x00", "C-arm", "COVID-19", "p<.05", "腰痛", "Łukasz", "{a}", "epidural", "title:",
    "';--",
)  # fmt: skip
PIECES = (
    "10.5555/", "https://doi.org/", "doi:", "DOI ", "dx.doi.org%2F", "%2F", "(", ")", "<", ">", ";", "?", "#",
    "PMID:", "pmid 99000001", "PMC1234567", "S0000-0000(26)00001-1", "arXiv:2601.00001v2", "/pii/", ".", ",",
    "https://pubmed.ncbi.nlm.nih.gov/99000001/", "http://[::1", "//", "\ud800", "\u202e", "x" * 300, " ",
)  # fmt: skip

Target = Callable[[random.Random], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """The result of one target. `violations` name the round and the error."""

    target: str
    rounds: int
    violations: list[str]


async def fuzz(name: str, seconds: float, seed: int) -> Fuzzed:
    """Give a target new input for that many seconds, or until the first violation."""
    ends_at = time.monotonic() + seconds
    rounds = 0
    with tempfile.TemporaryDirectory() as folder:
        target, close = TARGETS[name](Path(folder))
        try:
            while rounds == 0 or time.monotonic() < ends_at:
                rounds += 1
                try:
                    await target(random.Random(f"{name} {seed} {rounds}"))
                except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
                    return Fuzzed(name, rounds, [f"{name}, seed {seed}, round {rounds}: {error!r}"])
        finally:
            await close()
    return Fuzzed(name, rounds, [])


def mutated(rng: random.Random, seeds: list[bytes], pieces: tuple[bytes, ...]) -> bytes:
    """Return a document with parts cut out, doubled, overwritten or mixed with others."""
    body = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8, 20))):
        start = rng.randrange(len(body) + 1)
        end = min(len(body), start + rng.choice((0, 1, 4, 30, 300)))
        match rng.randrange(6):
            case 0:
                del body[start:end]
            case 1:
                body[start:start] = body[start:end]
            case 2:
                body[start:end] = rng.choice(pieces)
            case 3:
                body[start:start] = rng.choice(pieces) * rng.choice((1, 1, 1, 20))
            case 4:
                body[start:end] = rng.randbytes(end - start)
            case _:
                other = rng.choice(seeds)
                at = rng.randrange(len(other) + 1)
                body[start:end] = other[at : at + rng.choice((10, 300, 3000))]
    return bytes(body)


def typed(rng: random.Random, pieces: tuple[str, ...]) -> str:
    """Return text that an attacker might type."""
    return rng.choice(("", " ")).join(rng.choices(pieces, k=rng.randint(1, 14)))


# The targets -----------------------------------------------------------------------------------------


def _parser(_folder: Path) -> tuple[Target, Callable[[], Awaitable[None]]]:
    """Each document gives a feed or a FeedParseError, and the next one is still parsed."""
    pool = ParserPool(1)

    async def target(rng: random.Random) -> None:
        body = mutated(rng, FEEDS, MARKUP)
        retrieved = RetrievedFeed("https://journal.example.org/rss", body, None, Validators())
        with suppress(FeedParseError):
            feed = await pool.parse(retrieved, NOW)
            assert len(feed.entries) <= 500
            for entry in feed.entries:
                assert keys_of(entry.record) == keys_of(entry.record)
                assert (entry.record.url or "https://").startswith(("http://", "https://")), entry.record.url
                assert entry.published_at is None or entry.published_at <= NOW

    return target, pool.close


def _query(_folder: Path) -> tuple[Target, Callable[[], Awaitable[None]]]:
    """Each text gives a query or an EmptyQueryError, and a query is answered quickly."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = prepared(connection)
    for number in range(20):
        text = (Section(f"Epidural finding {number} of COVID-19, by C-arm, p<.05, 腰痛."),)
        record = Record("PubMed", title=f"Finding {number}", abstract=text, doi=f"10.5555/{number}")
        articles.create(db, {"PubMed": record}, {1}, NOW)

    async def target(rng: random.Random) -> None:
        text = typed(rng, WORDS)
        began = time.monotonic()
        with suppress(EmptyQueryError):
            query = parse_query(text)
            search.search(db, 1, query, order=rng.choice(("best", "newest")))
            search.matches(db, 1, query)
        search.complete_titles(db, 1, text)
        assert time.monotonic() - began < SEARCH_SECONDS, text

    async def close() -> None:
        connection.close()

    return target, close


def _identifiers(_folder: Path) -> tuple[Target, Callable[[], Awaitable[None]]]:
    """Each text gives an identifier that reads back as itself, or an IdentifierError."""

    async def target(rng: random.Random) -> None:
        text = typed(rng, PIECES)
        with suppress(IdentifierError):
            found = parse_identifier(text)
            assert parse_identifier(found.value) == found, text
        for doi in (normalise_doi(text), find_doi(text)):
            assert doi is None or normalise_doi(doi) == doi, text

    return target, _nothing_to_close


def _renderer(_folder: Path) -> tuple[Target, Callable[[], Awaitable[None]]]:
    """Each article gives a card within all limits that pings nobody and disguises no link."""

    async def target(rng: random.Random) -> None:
        form, subject = rng.choice(list(Form)), rng.choice(list(Subject))
        assert_keeps_limits(random_article(rng), form, subject, has_post=rng.random() < 0.5)

    return target, _nothing_to_close


def _config(folder: Path) -> tuple[Target, Callable[[], Awaitable[None]]]:
    """Each file gives a configuration, or a ConfigError that names its faults."""
    path = folder / "config.toml"

    async def target(rng: random.Random) -> None:
        path.write_bytes(mutated(rng, CONFIGS, TOML))
        try:
            load_config(path, {})
        except ConfigError as error:
            if not error.faults:
                raise

    return target, _nothing_to_close


async def _nothing_to_close() -> None:
    pass


TARGETS = {
    "parser": _parser,
    "query": _query,
    "identifiers": _identifiers,
    "renderer": _renderer,
    "config": _config,
}
