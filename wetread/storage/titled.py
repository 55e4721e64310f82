"""Articles that a search names: those whose titles and authors hold all of its words, in any spelling."""

from dataclasses import replace

import sqlite_utils

from wetread.domain.expansion import groups
from wetread.domain.query import Query
from wetread.domain.query_fields import Field
from wetread.storage import fts
from wetread.storage.scopes import IS_KNOWN, Scope

_MOST = 5
"""What more titles hold is a subject, not an article."""

_THESE = f"""
    SELECT rowid FROM articles_fts
    WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")}
    ORDER BY rowid DESC LIMIT :most
"""  # noqa: S608  # constants of ours


def named(
    db: sqlite_utils.Database, scope: Scope, typed: Query, query: Query, *, has_asides: bool
) -> list[int]:
    """Return the ids of the few articles that the words of a search name, the newest first; else [].

    `typed` is the query without other spellings, `query` has them; its fields and phrases must hold, too.
    """
    words = typed.plain_words
    if len(words) < 2:
        return []
    every = tuple(
        tuple(replace(term, field=field) for term in group for field in (Field.TITLE, Field.AUTHOR))
        for group in groups(words)
    )
    wanted = replace(query, words=(), required=(*every, *query.required))
    expression = fts.fts_expression if has_asides else fts.listed_expression
    text = expression(wanted, within=fts.guild_facet(scope.guild_id))
    values = scope.values | {"expression": scope.narrowed(text), "most": _MOST + 1}
    found = [article_id for (article_id,) in db.conn.execute(_THESE, values)]
    return found if len(found) <= _MOST else []
