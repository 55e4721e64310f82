"""The articles that match a query, the best first.

The rarest words of a query select, all of its words score, and what the first matches have in common
(`feedback`) decides about the order of the first pages. Phrases, fields and excluded words stay strict.
"""

import json
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import sqlite_utils

from wetread.domain.query import Query, Term
from wetread.domain.query_fields import Field
from wetread.storage import articles, feedback, fts
from wetread.storage.scopes import IS_KNOWN, Scope

COUNT_LIMIT = 20_000
"""Counting stops here, and no page lies beyond."""

_SELECTED = 20_000  # articles that are scored: a score costs microseconds
_SCORING = 400_000  # bm25 walks through all articles of each word that scores
_SAMPLE = 1_000
_DEPTH = 200  # matches that are ordered by feedback
_FEWEST = feedback.DOCUMENTS  # fewer matches tell nothing about others

# To bm25 a word in the title tells most, a facet nothing. Where a server does not know all articles, each
# match is looked up: as a token in the expression it would be counted through by bm25.
_BEST = f"""
    SELECT rowid, bm25(articles_fts, 5.0, 1.0, 2.0, 0.0) AS score FROM articles_fts
    WHERE articles_fts MATCH :expression AND rowid % :every = 0 AND {IS_KNOWN.format("articles_fts.rowid")}
    ORDER BY score, rowid DESC LIMIT :limit
"""  # noqa: S608  # constants of ours
_NEWEST_BUT = f"""
    SELECT rowid FROM articles_fts
    WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")}
        AND rowid NOT IN (SELECT value FROM json_each(:seen))
    ORDER BY rowid DESC LIMIT :limit OFFSET :offset
"""  # noqa: S608  # constants of ours
_COUNT = f"""
    SELECT count(*), min(rowid) FROM (
        SELECT rowid FROM articles_fts
        WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")}
        ORDER BY rowid DESC LIMIT :most
    )
"""  # noqa: S608  # constants of ours
_ONE = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of ids, the best match first. `total` counts all pages' matches, up to one above COUNT_LIMIT.

    `related_count` of them have none of the query's words, but much in common with the first matches.
    """

    article_ids: Sequence[int]
    total: int
    related_count: int = 0


def best(
    db: sqlite_utils.Database,
    scope: Scope,
    query: Query,
    *,
    has_asides: bool = False,
    has_related: bool = True,
    limit: int,
    offset: int = 0,
) -> Ranked:
    """Return a page of the articles that match `query` in `scope`.

    `has_asides`: with front matter and errata. `has_related`: with articles that resemble the first matches.
    """
    return _Ranking(db, scope, query, has_asides=has_asides).page(limit, offset, has_related=has_related)


def count(db: sqlite_utils.Database, scope: Scope, expression: str) -> int:
    """Return how many articles match, up to one above COUNT_LIMIT."""
    values = scope.values | {"expression": expression, "most": COUNT_LIMIT + 1}
    [[found, _]] = db.conn.execute(_COUNT, values)
    return int(found)


class _Ranking:
    """One query's ranking."""

    def __init__(self, db: sqlite_utils.Database, scope: Scope, query: Query, *, has_asides: bool) -> None:
        self._db = db
        self._scope = scope
        self._query = query
        self._hidden = () if has_asides else fts.unasked_asides(query)
        [[self._newest]] = db.conn.execute("SELECT coalesce(max(id), 0) FROM articles")
        self._count = cache(self._counted)

    def page(self, limit: int, offset: int, *, has_related: bool) -> Ranked:
        whole = self._expression(self._query)
        total, estimate = self._estimated(whole, COUNT_LIMIT + 1, self._scope)
        if not _texts_of(self._query):  # nothing to score: the newest first
            return Ranked(self._newest_but([], limit, offset), total)
        selection, every = self._selection(estimate)
        rows = self._rows(selection, max(offset + limit, _DEPTH), every)
        matches = [article_id for article_id, _ in rows]
        related = 0
        if len(rows) >= _FEWEST:
            first = self._reordered(rows[:_DEPTH], has_related=has_related)
            related = self._without(whole, set(first) - set(matches))
            matches = list(dict.fromkeys([*first, *matches]))
        found = matches[offset : offset + limit]
        if len(found) < limit and len(matches) < total + related:  # what is left holds only common words
            found += self._newest_but(matches, limit - len(found), max(offset - len(matches), 0))
        return Ranked(found, total + related, related)

    def _expression(self, query: Query) -> str:
        inside = self._scope.narrowed(fts.fts_expression(query, within=fts.guild_facet(self._scope.guild_id)))
        return fts.without_asides(inside, self._hidden)

    def _selection(self, estimate: int) -> tuple[Query, int]:
        """Return the query whose matches are scored, and 1; or n, if only every nth of them is.

        A word that is everywhere is looked for in titles. What is still too much is thinned out evenly, old
        articles as well as new ones.
        """
        query = self._query
        if estimate <= _SELECTED:
            return self._scored_by(query, query.words, query.words), 1
        if query.words:
            selecting = self._rarest(query.words, _SELECTED)
            if sum(map(self._count, selecting)) <= _SELECTED:
                return self._scored_by(query, selecting, query.words), 1
        titled = [replace(term, field=Field.TITLE) for term in _texts_of(query) if not term.is_prefix]
        selecting = self._rarest(titled, _SELECTED)
        size = sum(map(self._count, selecting))
        if size >= _FEWEST:
            return replace(query, words=tuple(selecting)), math.ceil(size / _SELECTED)
        return query, math.ceil(estimate / _SELECTED)

    def _scored_by(self, query: Query, selecting: Sequence[Term], scoring: Sequence[Term]) -> Query:
        """Return the query for what has one of the words `selecting`; it is ranked by all of `scoring`."""
        scoring = self._rarest(scoring, _SCORING)
        if set(scoring) <= set(selecting):
            return replace(query, words=tuple(selecting))
        return replace(query, words=tuple(selecting), required=(tuple(scoring), *query.required))

    def _rarest(self, terms: Iterable[Term], most: int) -> list[Term]:
        """Return the rarest of the terms, at least one, that not more than `most` articles have together."""
        rarest: list[Term] = []
        size = 0
        for term in sorted(terms, key=self._count):
            size += self._count(term)
            if rarest and size > most:
                break
            rarest.append(term)
        return rarest

    def _reordered(self, rows: Sequence[tuple[int, float]], *, has_related: bool) -> list[int]:
        """Return the first matches, and what resembles them, by all words that the first of all share."""
        texts = _texts(self._db, [article_id for article_id, _ in rows])
        first = [(texts[article_id], -score) for article_id, score in rows[: feedback.DOCUMENTS]]
        asked = [word for term in _texts_of(self._query) for word in feedback.words_of(term.text)]
        model = feedback.learn(asked, first, lambda word: self._count(Term(word)), self._newest)
        if has_related and self._query.words:
            new = [Term(word) for word in model.new_words]
            words = [*self._query.words, *new]
            second = self._scored_by(self._query, self._rarest(words, _SELECTED), words)
            ids = [article_id for article_id, _ in self._rows(second, _DEPTH)]
            texts |= _texts(self._db, [article_id for article_id in ids if article_id not in texts])
        scores = model.scores(texts)
        return sorted(texts, key=lambda article_id: (-scores[article_id], -article_id))

    def _rows(self, query: Query, limit: int, every: int = 1) -> list[tuple[int, float]]:
        values = self._scope.values | {"expression": self._expression(query), "limit": limit, "every": every}
        return self._db.conn.execute(_BEST, values).fetchall()

    def _newest_but(self, seen: Collection[int], limit: int, offset: int) -> list[int]:
        values = self._scope.values | {"expression": self._expression(self._query)}
        values |= {"seen": json.dumps(list(seen)), "limit": limit, "offset": offset}
        return [article_id for (article_id,) in self._db.conn.execute(_NEWEST_BUT, values)]

    def _without(self, expression: str, article_ids: Iterable[int]) -> int:
        """Return how many of the articles do not match."""
        found = (self._db.conn.execute(_ONE, (expression, each)).fetchone() for each in article_ids)
        return sum(each is None for each in found)

    def _counted(self, term: Term) -> int:
        """Return in how many articles a term is, whoever knows them; of a common one roughly."""
        return self._estimated(fts.any_of([term]), _SAMPLE, self._scope.without_limits())[1]

    def _estimated(self, expression: str, most: int, scope: Scope) -> tuple[int, int]:
        """Return how many match, at most `most`, and how many in all, guessed from where the newest are."""
        values = scope.values | {"expression": expression, "most": most}
        [[found, oldest]] = self._db.conn.execute(_COUNT, values)
        if found < most:
            return found, found
        return found, found * self._newest // (self._newest - oldest + 1)


def _texts_of(query: Query) -> list[Term]:
    """Return the words and phrases that can be scored."""
    terms = [*query.words, *(term for group in query.required for term in group)]
    return [term for term in terms if term.field in {None, Field.TITLE}]


def _texts(db: sqlite_utils.Database, article_ids: Sequence[int]) -> dict[int, feedback.Text]:
    """Return the texts of articles in the same order."""
    found = articles.texts(db, article_ids)
    return {each: feedback.Text.of(found[each].title, found[each].abstract) for each in article_ids}
