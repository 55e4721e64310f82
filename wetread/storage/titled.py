"""Articles that a search names: those whose titles and authors hold all of its words, in any spelling."""

from collections.abc import Iterable
from dataclasses import replace

import sqlite_utils

from wetread.domain.expansion import Group, groups
from wetread.domain.names import words_of
from wetread.domain.query import Query
from wetread.domain.query_fields import Field
from wetread.storage import fts, search_index
from wetread.storage.scopes import IS_KNOWN, Scope
from wetread.storage.word_counts import WordCounts

_MOST = 5
"""What more titles hold is a subject, not an article."""

_TRIED_LIMIT = 100
_COMMON = 50_000
"""In the titles and authors of what more articles have a word is not looked for: it would be slow."""

_TITLES = f"""
    SELECT rowid FROM titles_fts
    WHERE titles_fts MATCH :expression AND {IS_KNOWN.format("titles_fts.rowid")}
    ORDER BY rowid DESC LIMIT :most
"""  # noqa: S608  # constants of ours
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
    counts = WordCounts(db)
    [*every] = sorted(groups(words), key=lambda group: sum(map(counts.of, group)))

    def expression(strict: Iterable[Group]) -> str:
        wanted = replace(query, words=(), required=(*strict, *query.required))
        compile_ = fts.fts_expression if has_asides else fts.listed_expression
        return scope.narrowed(compile_(wanted, within=fts.guild_facet(scope.guild_id)))

    def values(expression: str) -> dict[str, object]:
        return scope.values | {"expression": expression, "most": _TRIED_LIMIT}

    # Where a word stands in an article is slow to see. So only the rarest are looked for in titles and
    # authors first, and the others anywhere; then each of the few that are left is looked at.
    if counts.of(every[0][0]) > _COMMON:
        titles = fts.title_expression(word for term in words for word in words_of(term.text))
        rows = db.conn.execute(_TITLES, values(titles))
    else:
        rows = db.conn.execute(_THESE, values(expression([*map(_named_by, every[:2]), *every[2:]])))
    candidates = [article_id for (article_id,) in rows]
    if len(candidates) == _TRIED_LIMIT:
        return []
    having = search_index.having(db, candidates, expression(map(_named_by, every)))
    found = [article_id for article_id in candidates if article_id in having]
    return found if len(found) <= _MOST else []


def _named_by(group: Group) -> Group:
    """Return the terms for what a title or an author is called."""
    return tuple(replace(term, field=field) for term in group for field in (Field.TITLE, Field.AUTHOR))
