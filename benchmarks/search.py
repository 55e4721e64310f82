"""Search and autocomplete with 100,000 articles, compared with hand-written FTS5 statements."""

import random
from collections.abc import Callable, Iterator

import sqlite_utils

from benchmarks.corpus import COMMON, MIDDLING, RARE, Words, journal_name
from benchmarks.library import GUILD, library
from benchmarks.measure import Row, interleave, rows
from wetread.domain.query import parse_query
from wetread.storage import search

ROUNDS = 15
KEYSTROKES = 120
PAGE = 5

# By hand, of the same shape: ranked among the newest matches, title and snippet of five, in one statement.
_SAME_SHAPE = """
    SELECT articles.id, articles.title, snippet(articles_fts, 1, '[', ']', '…', 18)
    FROM (
        SELECT id, score FROM (
            SELECT rowid AS id, bm25(articles_fts) AS score FROM articles_fts WHERE articles_fts MATCH :words
            ORDER BY rowid DESC LIMIT 20000
        ) ORDER BY score LIMIT 5
    ) AS best
    JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH :words
    JOIN articles ON articles.id = best.id
    ORDER BY score
"""
_UNCAPPED = """
    SELECT articles.id, articles.title, snippet(articles_fts, 1, '[', ']', '…', 18)
    FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :words ORDER BY bm25(articles_fts) LIMIT 5
"""
_COUNT = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :words"
_RANK = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words ORDER BY rank LIMIT 5"


def run(*, is_quick: bool) -> Iterator[Row]:
    """Fill a database and measure searches in it."""
    with library(10_000 if is_quick else 100_000) as db:
        yield from _search(db, 5 if is_quick else ROUNDS)
        yield from _filters(db, 5 if is_quick else ROUNDS)
        yield from _autocomplete(db, 20 if is_quick else KEYSTROKES)


def _search(db: sqlite_utils.Database, rounds: int) -> Iterator[Row]:
    words, rng = Words.load(), random.Random(3)

    def pick(*bands: tuple[int, int]) -> list[str]:
        return [words.pick(rng, band) for band in bands]

    cases: dict[str, Callable[[], tuple[str, str]]] = {
        "one common word": lambda: _any(pick(COMMON)),
        "one middling word": lambda: _any(pick(MIDDLING)),
        "one rare word": lambda: _any(pick(RARE)),
        "three words, any": lambda: _any(pick(COMMON, MIDDLING, MIDDLING)),
        "two common words, both": lambda: _all(pick(COMMON, COMMON)),
        "a phrase": lambda: _phrase(pick(COMMON, COMMON)),
    }
    for case, make in cases.items():
        asked = [make() for _ in range(rounds + 1)]
        variants: dict[str, Callable[[tuple[str, str]], object]] = {
            "by hand, same shape": lambda pair: db.conn.execute(_SAME_SHAPE, {"words": pair[1]}).fetchall(),
            "count(*)": lambda pair: db.conn.execute(_COUNT, {"words": pair[1]}).fetchall(),
            "by hand, ORDER BY rank": lambda pair: db.conn.execute(_RANK, {"words": pair[1]}).fetchall(),
            "by hand, all ranked": lambda pair: db.conn.execute(_UNCAPPED, {"words": pair[1]}).fetchall(),
            "Wetread": lambda pair: _ask(db, pair[0]),
            "Wetread, newest first": lambda pair: _ask(db, pair[0], "newest"),
        }
        times = interleave(variants, asked)
        yield from rows("search", case, times, "by hand, same shape", bars={"Wetread": 1.3})
        _add_server(db)
        shared = interleave({"Wetread, two servers": variants["Wetread"]}, asked)
        _remove_server(db)
        yield from rows("search", case, times | shared, "by hand, same shape")[-1:]


def _filters(db: sqlite_utils.Database, rounds: int) -> Iterator[Row]:
    words, rng = Words.load(), random.Random(4)
    for band, name in ((COMMON, "common"), (MIDDLING, "middling")):
        asked = [(words.pick(rng, band), rng.randrange(20, 60)) for _ in range(rounds + 1)]
        times = interleave(
            {
                "Wetread": lambda pair: _ask(db, pair[0]),
                "by hand, ORDER BY rank": lambda pair: db.conn.execute(
                    _RANK, {"words": f'"{pair[0]}"'}
                ).fetchall(),
                "Wetread, one journal": lambda pair: _ask(db, f'{pair[0]} journal:"{journal_name(pair[1])}"'),
                "Wetread, one month": lambda pair: _ask(db, f"{pair[0]} since:2020-02 until:2020-02"),
                "Wetread, one author": lambda pair: _ask(db, f'{pair[0]} author:"Sample Ł"'),
                "Wetread, does one match": lambda pair: search.matches(db, 500, parse_query(pair[0])),
            },
            asked,
        )
        bars = {"Wetread, one journal": 0.3}
        yield from rows("filter", f"{name} word", times, "by hand, ORDER BY rank", bars=bars)


def _autocomplete(db: sqlite_utils.Database, count: int) -> Iterator[Row]:
    words, rng = Words.load(), random.Random(5)
    db.conn.execute(
        "CREATE TEMP TABLE starts (title TEXT COLLATE NOCASE PRIMARY KEY, id INTEGER) WITHOUT ROWID"
    )
    db.conn.execute("INSERT OR IGNORE INTO starts SELECT title, id FROM articles")
    by_start = (
        "SELECT id, title FROM starts WHERE title >= :typed AND title < :typed || char(1114111) LIMIT 25"
    )
    by_hand = """
        SELECT rowid, title FROM titles_fts WHERE titles_fts MATCH '"' || :typed || '"*'
        ORDER BY rowid DESC LIMIT 25
    """
    typed = [words.pick(rng, (25, 10_000))[: rng.randint(1, 5)] for _ in range(count + 1)]
    times = interleave(
        {
            "b-tree range of starts": lambda text: db.conn.execute(by_start, {"typed": text}).fetchall(),
            "by hand, FTS5 prefix": lambda text: db.conn.execute(by_hand, {"typed": text}).fetchall(),
            "Wetread": lambda text: search.complete_titles(db, GUILD, text),
        },
        typed,
    )
    yield from rows("autocomplete", "a keystroke", times, "b-tree range of starts", bars={"Wetread": 4.0})
    hand, ours = times["by hand, FTS5 prefix"], times["Wetread"]
    yield Row(
        "autocomplete",
        "a keystroke",
        "Wetread",
        "by hand, FTS5 prefix",
        ours.wall / hand.wall,
        ours.wall * 1000,
        1.3,
    )
    slowest = ours.p99 * 1000
    yield Row("autocomplete", "99 of 100 keystrokes", "Wetread", "", slowest, slowest, 20.0, unit="ms")


def _ask(db: sqlite_utils.Database, text: str, order: str = "best") -> search.SearchPage:
    return search.search(
        db, GUILD, parse_query(text), order="newest" if order == "newest" else "best", limit=PAGE
    )


def _any(words: list[str]) -> tuple[str, str]:
    """Return a typed query and the hand-written FTS5 query for it."""
    return " ".join(words), " OR ".join(f'"{word}"' for word in words)


def _all(words: list[str]) -> tuple[str, str]:
    return " AND ".join(words), " AND ".join(f'"{word}"' for word in words)


def _phrase(words: list[str]) -> tuple[str, str]:
    phrase = f'"{" ".join(words)}"'
    return phrase, phrase


def _add_server(db: sqlite_utils.Database) -> None:
    """Add an article of another server, so that each match must be checked."""
    db.conn.execute("INSERT INTO guild_articles VALUES (?, 1, '2026-01-01T00:00:00Z')", (GUILD + 1,))


def _remove_server(db: sqlite_utils.Database) -> None:
    db.conn.execute("DELETE FROM guild_articles WHERE guild_id = ?", (GUILD + 1,))
