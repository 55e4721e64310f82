"""Reads what members type for a search or a filter, with the names that their server's articles have."""

from datetime import date
from functools import partial

import sqlite_utils

from wetread.domain.names import name_key
from wetread.domain.query import Query, Term
from wetread.domain.query_faults import TypedQuery, read_query
from wetread.domain.query_fields import Field
from wetread.storage import fts
from wetread.storage.journal_names import journal_names

_IS_STORED = """
    SELECT EXISTS (
        SELECT 1 FROM articles_fts JOIN guild_articles ON article_id = articles_fts.rowid AND guild_id = ?
        WHERE articles_fts MATCH ?
    )
"""


def read(
    db: sqlite_utils.Database, guild_id: int, text: str, today: date, *, is_filter: bool = False
) -> TypedQuery:
    """Read a query that was typed in a server (`query_faults.read_query`). Never raises."""
    return read_query(text, today, partial(_is_known, db, guild_id), is_filter=is_filter)


def _is_known(db: sqlite_utils.Database, guild_id: int, field: Field, name: str) -> bool:
    """Return whether an article of the server has this name, or the catalogue this journal."""
    if not name_key(name):
        return False
    if field is Field.JOURNAL and journal_names(db, name):
        return True
    expression = fts.fts_expression(Query(name, required=((Term(name, field),),)))
    [[is_stored]] = db.conn.execute(_IS_STORED, (guild_id, expression))
    return bool(is_stored)
