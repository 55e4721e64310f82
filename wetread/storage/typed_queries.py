"""Reads what members type for a search or a filter, with the names that their server's articles have."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

import sqlite_utils

from wetread.domain.names import words_of
from wetread.domain.query import Query, Term
from wetread.domain.query_faults import TypedQuery, read_query
from wetread.domain.query_fields import Field
from wetread.storage import fts
from wetread.storage.journal_names import journal_names

_CANDIDATES = 50
"""The most articles that are looked at to know whether two words are one name."""

# Only whole tokens and their conjunctions, which cost little whatever is typed. Which words stand beside each
# other is compared afterwards: NEAR over two common words reads the whole index.
_STORED = """
    SELECT articles_fts.authors, articles_fts.facets FROM articles_fts
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
    match field:
        case Field.JOURNAL:
            return bool(journal_names(db, name) or _stored(db, guild_id, Term(name, field), limit=1))
        case Field.TYPE:
            return bool(_stored(db, guild_id, Term(name, field), limit=1))
        case Field.MESH:
            return _is_heading(db, guild_id, words)
        case Field.AUTHOR:
            return _is_author(db, guild_id, words)
    return False


def _is_heading(db: sqlite_utils.Database, guild_id: int, words: Sequence[str]) -> bool:
    """Return whether the words stand beside each other in a heading, in this order or the other way round."""
    orders = [_rough(fts.MESH_WORD + word for word in order) for order in (words, words[::-1])]
    found = _stored(db, guild_id, *(Term(word, Field.MESH) for word in words))
    return any(order in _rough(facets.split()) for _, facets in found for order in orders)


def _rough(words: Iterable[str]) -> str:
    """Return words in a form in which singular and plural are equal."""
    return "".join(f" {word.rstrip('s')} " for word in words)


def _is_author(db: sqlite_utils.Database, guild_id: int, words: Sequence[str]) -> bool:
    """Return whether the words are names of one author, the last perhaps initials."""
    *family_names, last = words
    if len(last) < 3 and _stored(db, guild_id, _short_name(" ".join(family_names), last), limit=1):
        return True
    for family, given in _split(words):
        found = _stored(db, guild_id, _short_name(family, given[0]))
        if any(set(words) <= set(words_of(author)) for authors, _ in found for author in authors.split(";")):
            return True
    return False


def _short_name(family: str, initials: str) -> Term:
    return Term(f"{family} {initials.upper()}", Field.AUTHOR)


def _split(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return a name's words as (family name, first names), the family name first or last."""
    for place in range(1, len(words)):
        first, last = " ".join(words[:place]), " ".join(words[place:])
        yield first, last
        yield last, first


def _stored(
    db: sqlite_utils.Database, guild_id: int, *terms: Term, limit: int = _CANDIDATES
) -> list[tuple[str, str]]:
    """Return authors and facets of some of the server's articles that have all the terms."""
    expression = fts.fts_expression(Query("", required=tuple((term,) for term in terms)))
    return db.conn.execute(_STORED, (guild_id, expression, limit)).fetchall()
