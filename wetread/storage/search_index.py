"""Keeps the full-text index in step with the articles.

By hand and not by triggers: with trusted_schema off, SQLite refuses a trigger that writes to FTS5.
"""

from typing import NamedTuple

import sqlite_utils


class Searched(NamedTuple):
    """The columns of an article that are indexed, as plain text; '' where there is none."""

    title: str = ""
    abstract: str = ""
    authors: str = ""
    facets: str = ""  # fts.facets_of


NOTHING = Searched()
"""The columns of an article that search must not find any more."""


def add(db: sqlite_utils.Database, article_id: int, searched: Searched) -> None:
    """Index a new article, whose row has these columns already."""
    db.conn.execute(
        "INSERT INTO articles_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, ?, ?, ?)",
        (article_id, *searched),
    )
    db.conn.execute("INSERT INTO titles_fts (rowid, title) VALUES (?, ?)", (article_id, searched.title))


def replace(db: sqlite_utils.Database, article_id: int, searched: Searched) -> None:
    """Write an article's searched columns and its index; writes nothing if nothing changed."""
    columns = db.conn.execute(
        "SELECT title, abstract, authors, facets FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    before = Searched(*columns)
    if before == searched:
        return
    # This index keeps only tokens: to forget an article it has to be told what it was given.
    db.conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, abstract, authors, facets)"
        " VALUES ('delete', ?, ?, ?, ?, ?)",
        (article_id, *before),
    )
    db.conn.execute("DELETE FROM titles_fts WHERE rowid = ?", (article_id,))
    db.conn.execute(
        "UPDATE articles SET title = ?, abstract = ?, authors = ?, facets = ? WHERE id = ?",
        (*searched, article_id),
    )
    add(db, article_id, searched)
