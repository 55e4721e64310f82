"""Reads what members type for a search or a filter, with the names that their server's articles have."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

import sqlite_utils

from wetread.domain.names import words_of
from wetread.domain.query import Query, Term
from wetread.domain.query_faults import TypedQuery, read_query
from wetread.domain.query_fields import Field
from wetread.storage import fts, search_index
from wetread.storage.journal_names import journal_names

_MOST_INITIALS = 4
_CANDIDATES = 20
"""The most articles in which words are looked for beside each other."""

# Only whole tokens and their conjunctions, which cost little whatever is typed. Words beside each other are
# looked for in single articles afterwards: NEAR over two common words reads the whole index.
_STORED = """
    SELECT articles_fts.rowid FROM articles_fts
    CROSS JOIN guild_articles ON guild_articles.article_id = articles_fts.rowid AND guild_id = ?
    WHERE articles_fts MATCH ? LIMIT ?
"""


def read(
    db: sqlite_utils.Database, guild_id: int, text: str, today: date, *, is_filter: bool = False
) -> TypedQuery:
    """Read a query that was typed in a server (`query_faults.read_query`). Never raises."""
    return read_query(text, today, partial(_is_known, db, guild_id), is_filter=is_filter)


def _is_known(db: sqlite_utils.Database, guild_id: int, field: Field, name: str) -> bool:
    """Return whether an article of the server has this name, or the catalogue this journal."""
    words = words_of(name)
    if not words:
        return False
    term = Term(name, field)
    match field:
        case Field.JOURNAL:
            return bool(journal_names(db, name) or _stored(db, guild_id, [term], limit=1))
        case Field.TYPE:
            return bool(_stored(db, guild_id, [term], limit=1))
        case Field.MESH:
            found = _stored(db, guild_id, [Term(word, field) for word in words])
            return bool(_having(db, found, term))
        case Field.AUTHOR:
            return _is_author(db, guild_id, words)
    return False


def _is_author(db: sqlite_utils.Database, guild_id: int, words: Sequence[str]) -> bool:
    """Return whether the words are names of one author, the last perhaps initials."""
    *family_names, last = words
    if len(last) <= _MOST_INITIALS and _stored(
        db, guild_id, [_short_name(" ".join(family_names), last)], limit=1
    ):
        return True
    name = Term(" ".join(words), Field.AUTHOR)
    return any(
        _having(db, _stored(db, guild_id, [_short_name(family, given[0])]), name)
        for family, given in _split(words)
    )


def _short_name(family: str, initials: str) -> Term:
    return Term(f"{family} {initials.upper()}", Field.AUTHOR)


def _split(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return a name's words as (family name, first names), the family name first or last."""
    for place in range(1, len(words)):
        first, last = " ".join(words[:place]), " ".join(words[place:])
        yield first, last
        yield last, first


def _stored(
    db: sqlite_utils.Database, guild_id: int, terms: Iterable[Term], *, limit: int = _CANDIDATES
) -> list[int]:
    """Return the ids of some of the server's articles that have all the terms."""
    values = (guild_id, _expression(terms), limit)
    return [article_id for (article_id,) in db.conn.execute(_STORED, values)]


def _having(db: sqlite_utils.Database, article_ids: Iterable[int], term: Term) -> set[int]:
    """Return those of the articles that have the term."""
    return search_index.having(db, article_ids, _expression([term]))


def _expression(terms: Iterable[Term]) -> str:
    return fts.fts_expression(Query("", required=tuple((term,) for term in terms)))
