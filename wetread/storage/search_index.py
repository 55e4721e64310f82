"""Keeps the full-text index in step with the articles.

By hand and not by triggers: with trusted_schema off, SQLite refuses a trigger that writes to FTS5. The index
keeps only tokens: to forget an article it has to be told what it was given. That follows from the record by
`searched`; whoever changes how must change `RULES`, so that every index is made anew.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlite_utils

from wetread.domain.letters import plain_letters, written_out
from wetread.domain.models import Record
from wetread.storage import bot_state, packing
from wetread.storage.fts import facets_of

log = logging.getLogger(__name__)

RULES = 2
"""Of the way in which `searched` makes texts and `fts.facets_of` tokens: another way needs another number."""

_STATE = "search_index"
_AT_ONCE = 1_000  # articles
_NEAR = 100
"""Articles between two that are looked up together; more would find too much besides."""

COLUMNS = "title, abstract, authors, facets"
TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How words are found, and marked where they are shown."""

TABLES = (
    f"CREATE VIRTUAL TABLE articles_fts USING fts5 ({COLUMNS}, content='', tokenize='{TOKENIZER}')",
    """
    CREATE VIRTUAL TABLE titles_fts USING fts5 (
        title, content='articles', content_rowid='id', prefix='1 2 3', detail=none, columnsize=0,
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
)


class Searched(NamedTuple):
    """What of an article is indexed, in plain letters; '' where there is none."""

    title: str
    abstract: str
    authors: str
    facets: str  # fts.facets_of


def searched(record: Record, guild_ids: Collection[int]) -> Searched | None:
    """Return what of an article is indexed; None for one that no server knows: no search finds it."""
    if not guild_ids:
        return None
    names = "; ".join(author.name for author in record.authors)
    return Searched(
        plain_letters(record.title),
        plain_letters(abstract_of(record)),
        "; ".join(filter(None, (plain_letters(names), written_out(names)))),
        facets_of(record, guild_ids),
    )


def abstract_of(record: Record) -> str:
    """Return the abstract of an article as it is written; '' if there is none."""
    return "\n".join(
        f"{section.label}: {section.text}" if section.label else section.text for section in record.abstract
    )


def replace(
    db: sqlite_utils.Database, article_id: int, before: Searched | None, after: Searched | None
) -> None:
    """Index an article anew; `before`: as it stands in the index. None = it is not there."""
    if before == after:
        return
    if before is not None:
        db.conn.execute(
            "INSERT INTO articles_fts (articles_fts, rowid, title, abstract, authors, facets)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            (article_id, *before),
        )
        db.conn.execute(
            "INSERT INTO titles_fts (titles_fts, rowid, title) VALUES ('delete', ?, ?)",
            (article_id, before.title),
        )
    if after is not None:
        add(db, {article_id: after})


def add(db: sqlite_utils.Database, new: Mapping[int, Searched | None]) -> None:
    """Index articles, by id, that are not in the index; None = it stays so."""
    rows = [(article_id, *each) for article_id, each in new.items() if each is not None]
    db.conn.executemany(
        "INSERT INTO articles_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, ?, ?, ?)", rows
    )
    db.conn.executemany(
        "INSERT INTO titles_fts (rowid, title) VALUES (?, ?)", [(row[0], row[1]) for row in rows]
    )


def standing(db: sqlite_utils.Database, article_ids: Collection[int]) -> dict[int, Searched | None]:
    """Return what of these articles stands in the index now."""
    left_out = db.conn.execute(
        "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND is_searched = 0",
        [json.dumps(list(article_ids))],
    )
    return of(db, article_ids) | {int(article_id): None for (article_id,) in left_out}


def of(db: sqlite_utils.Database, article_ids: Collection[int]) -> dict[int, Searched | None]:
    """Return what of these articles is to be in the index, as their rows now are."""
    return {article_id: searched(record, known_by) for article_id, record, known_by in rows(db, article_ids)}


def rows(
    db: sqlite_utils.Database, article_ids: Collection[int]
) -> Iterator[tuple[int, Record, Collection[int]]]:
    """Yield the id of each of these articles, its record, and the servers that know it."""
    found = db.conn.execute(
        """
        SELECT id, title, packed, (
            SELECT json_group_array(guild_id) FROM guild_articles WHERE article_id = id
        )
        FROM articles WHERE id IN (SELECT value FROM json_each(?))
        """,
        [json.dumps(list(article_ids))],
    )
    for article_id, title, packed, guild_ids in found:
        yield article_id, packing.record_in(packed, title), json.loads(guild_ids)


def having(db: sqlite_utils.Database, article_ids: Iterable[int], expression: str) -> set[int]:
    """Return those of these articles that match the expression.

    Those that stand near each other are looked up together: to read the expression costs most.
    """
    statement = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
    wanted = sorted(set(article_ids))
    found: set[int] = set()
    for first, last in _runs(wanted):
        found.update(row[0] for row in db.conn.execute(statement, (expression, first, last)))
    return found.intersection(wanted)


def _runs(ordered: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of those that stand near each other."""
    first = last = None
    for each in ordered:
        if first is None or last is None:
            first = last = each
        elif each - last <= _NEAR:
            last = each
        else:
            yield first, last
            first = last = each
    if first is not None and last is not None:
        yield first, last


def refresh(db: sqlite_utils.Database) -> None:
    """Make the index anew, in one transaction, unless it was made by today's rules.

    100,000 articles take about a minute.
    """
    if bot_state.get(db, _STATE) == str(RULES):
        return
    with db.atomic():
        for name in ("articles_fts", "titles_fts"):
            db.conn.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in TABLES:
            db.conn.execute(statement)
        [[last]] = db.conn.execute("SELECT max(id) FROM articles")
        for first in range(0, (last or 0) + 1, _AT_ONCE):
            add(db, of(db, range(first, first + _AT_ONCE)))
            if first:
                log.info("Indexing for the search: %d of %d articles.", first, last)
        for name in ("articles_fts", "titles_fts"):
            db.conn.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")  # noqa: S608  # constants
        bot_state.remember(db, _STATE, str(RULES))
