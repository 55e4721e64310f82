"""The part of an abstract that shows why it was found, made by SQLite from the few articles that are shown.

The index of all articles keeps no texts. So these are indexed by themselves, in a temporary table.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import sqlite_utils

from wetread.domain.letters import held_letters, released_letters
from wetread.storage import search_index

_TABLE = f"""
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.shown_fts
    USING fts5 ({search_index.COLUMNS}, tokenize='{search_index.TOKENIZER}')
"""
_INSERT = "INSERT INTO temp.shown_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, ?, ?, ?)"


def marked_titles(
    db: sqlite_utils.Database, article_ids: Collection[int], marking: str
) -> dict[int, tuple[str, str]]:
    """Return by id the whole title and a snippet of the abstract of each that matches, marked as `marked`."""
    with _shown(db, article_ids):
        rows = db.conn.execute(
            "SELECT rowid, highlight(shown_fts, 0, char(2), char(3)),"
            " snippet(shown_fts, 1, char(2), char(3), '…', 18) FROM temp.shown_fts WHERE shown_fts MATCH ?",
            [marking],
        ).fetchall()
    return {
        article_id: (released_letters(title), released_letters(snippet))
        for article_id, title, snippet in rows
    }


def marked(db: sqlite_utils.Database, article_ids: Collection[int], marking: str) -> dict[int, str]:
    """Return by id a snippet of each article that matches the expression.

    Marks stand around the words that matched: U+0002 before them, U+0003 after them.
    """
    with _shown(db, article_ids):
        rows = db.conn.execute(
            "SELECT rowid, snippet(shown_fts, 1, char(2), char(3), '…', 18) FROM temp.shown_fts"
            " WHERE shown_fts MATCH ?",
            [marking],
        ).fetchall()
    return {article_id: released_letters(snippet) for article_id, snippet in rows}


def matching(
    db: sqlite_utils.Database, article_ids: Collection[int], expressions: Sequence[str]
) -> list[set[int]]:
    """Return for each expression those of these articles that match; for a few articles."""
    with _shown(db, article_ids):
        statement = "SELECT rowid FROM temp.shown_fts WHERE shown_fts MATCH ?"
        return [{row[0] for row in db.conn.execute(statement, [each])} for each in expressions]


@contextmanager
def _shown(db: sqlite_utils.Database, article_ids: Collection[int]) -> Iterator[None]:
    """Index these articles by themselves, while the code inside runs."""
    db.conn.execute(_TABLE)
    for article_id, record, known_by in search_index.rows(db, article_ids):
        if (each := search_index.searched(record, known_by)) is not None:
            title, abstract = held_letters(record.title), held_letters(search_index.abstract_of(record))
            db.conn.execute(_INSERT, (article_id, title, abstract, each.authors, each.facets))
    yield
    db.conn.execute("DELETE FROM temp.shown_fts")
