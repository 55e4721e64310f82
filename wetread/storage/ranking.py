"""The articles that match a query, the best first.

The rarest words of a query select, all of its words score, and what the first matches have in common
(`feedback`) decides about the order of the first pages. Phrases, fields and excluded words stay strict.
"""

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import sqlite_utils

from wetread.domain.expansion import groups
from wetread.domain.query import Query, Term
from wetread.domain.query_fields import Field
from wetread.storage import articles, feedback, fts
from wetread.storage.scopes import IS_KNOWN, Scope
from wetread.storage.word_counts import WordCounts

COUNT_LIMIT = 20_000
"""Counting stops here, and no page lies beyond."""

_SELECTED = 20_000  # articles that are scored: a score costs half a microsecond a word
_FEW_WORDS = 3  # for twice as many words, half as many articles are scored
_SELECTED_AGAIN = 5_000
_SCORING = 100_000  # bm25 walks through all articles of each word that scores
_WALKED = 400_000  # twice through more of them would take longer than all else
_BEGINNING = 4  # the articles of a beginning are put together anew each time: it costs as much as four words
_DEPTH = 200  # matches that are ordered by feedback
_FEWEST = feedback.DOCUMENTS  # fewer matches tell nothing about others

# To bm25 a word in the title tells most, a facet nothing. Only the best are looked up in what the server
# knows: to look up each match would cost as much again as its score.
_BEST = f"""
    SELECT id, score, {IS_KNOWN.format("id")} FROM (
        SELECT rowid AS id, bm25(articles_fts, 5.0, 1.0, 2.0, 0.0) AS score FROM articles_fts
        WHERE articles_fts MATCH :expression AND rowid % :every = 0
        ORDER BY score, rowid DESC LIMIT :most
    )
    ORDER BY score, id DESC
"""  # noqa: S608  # constants of ours
_SPARE = 1.5  # how many more than on average are fetched, so that enough of them are known
_ALL = -1
NEWEST = f"""
    SELECT rowid AS id FROM articles_fts
    WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")}
    ORDER BY rowid DESC LIMIT :most
"""  # noqa: S608  # constants of ours
"""The newest matches of an expression, as many as `most`: a statement with the values of a `Scope`."""
_MATCHES = f"SELECT json_group_array(id) FROM ({NEWEST})"  # noqa: S608  # in one piece: rows cost more
_SPREAD = """
    SELECT json_group_array(rowid) FROM articles_fts
    WHERE articles_fts MATCH :expression AND rowid % :every = 0
"""
_TITLED = """
    SELECT json_group_array(rowid) FROM titles_fts WHERE titles_fts MATCH :expression AND rowid % :every = 0
"""
_KNOWN = f"SELECT value FROM json_each(:ids) WHERE {IS_KNOWN.format('value')} ORDER BY key"  # noqa: S608
_COUNT = f"SELECT count(*), min(id) FROM ({NEWEST})"  # noqa: S608  # constants of ours


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of ids, the best match first. `total` counts all pages' matches; if `is_capped` there are more.

    `related_count` of them have none of the query's words, but much in common with the first matches.
    """

    article_ids: Sequence[int]
    total: int
    is_capped: bool
    related_count: int = 0


def best(
    db: sqlite_utils.Database,
    scope: Scope,
    query: Query,
    *,
    typed: Query,
    has_asides: bool = False,
    has_related: bool = True,
    limit: int,
    offset: int = 0,
) -> Ranked:
    """Return a page of the articles that match `query` in `scope`.

    `typed`: the query without other spellings; each of its words counts once, however it can be spelt.
    `has_asides`: with front matter and errata. `has_related`: with articles that resemble the first matches.
    """
    return _Ranking(db, scope, query, typed, has_asides=has_asides).page(
        limit, offset, has_related=has_related
    )


def count(db: sqlite_utils.Database, scope: Scope, expression: str) -> int:
    """Return how many articles match, up to one above COUNT_LIMIT."""
    values = scope.values | {"expression": expression, "most": COUNT_LIMIT + 1}
    [[found, _]] = db.conn.execute(_COUNT, values)
    return int(found)


class _Ranking:
    """One query's ranking."""

    def __init__(
        self, db: sqlite_utils.Database, scope: Scope, query: Query, typed: Query, *, has_asides: bool
    ) -> None:
        self._db = db
        self._scope = scope
        self._query = query
        self._typed = typed
        self._hidden = () if has_asides else fts.unasked_asides(query)
        self._counts = WordCounts(db)

    def page(self, limit: int, offset: int, *, has_related: bool) -> Ranked:
        counted = self._counted()
        newest = self._matches(counted)
        total, related = min(len(newest), COUNT_LIMIT), 0
        is_capped = len(newest) > COUNT_LIMIT or counted != self._query
        ranked: list[int] = []
        if _texts_of(self._query):
            selected, every = self._selection(newest)
            is_scored = self._walked(selected) <= _WALKED
            depth = max(offset + limit, _DEPTH)
            rows = self._rows(selected, every, limit=depth) if is_scored else self._by_titles(newest)
            if is_scored and len(rows) < min(total, _FEWEST):
                every = math.ceil(self._in_all(newest) / _SELECTED)
                known = {article_id for article_id, _ in rows}
                rows += [row for row in self._rows(self._query, every, limit=_DEPTH) if row[0] not in known]
            ranked = [article_id for article_id, _ in rows]
            if len(rows) >= _FEWEST:
                first = self._reordered(rows[:_DEPTH], has_related=has_related)
                if not is_capped:
                    related = len(set(first).difference(newest))
                ranked = list(dict.fromkeys([*first, *ranked]))
        if len(ranked) < offset + limit:  # what is left has only words that are everywhere, or no words
            ranked = list(dict.fromkeys([*ranked, *newest]))
        return Ranked(ranked[offset : offset + limit], total + related, is_capped, related)

    def _expression(self, query: Query) -> str:
        inside = self._scope.narrowed(fts.fts_expression(query, within=fts.guild_facet(self._scope.guild_id)))
        return fts.without_asides(inside, self._hidden)

    def _counted(self) -> Query:
        """Return the query whose matches are counted: without its rarer words if there is too much to count.

        Among the articles of a server that knows few, each word's are walked through to their end.
        """
        if not self._scope.is_narrowed or self._walked(self._query) <= _WALKED:
            return self._query
        counted: set[Term] = set()
        most = _WALKED
        for term in sorted(self._query.words, key=self._counts.of, reverse=True):
            most -= self._walked(Query("", words=(term,)))
            if most < 0 and counted:
                break
            counted.add(term)
        return replace(self._query, words=tuple(term for term in self._query.words if term in counted))

    def _selection(self, newest: Sequence[int]) -> tuple[Query, int]:
        """Return the query whose matches are scored, and 1; or n, if only every nth of them is.

        The rarest words select; a word that is everywhere is looked for in titles. What is still too much is
        thinned out evenly, old articles as well as new ones.
        """
        words, strict = self._query.words, _texts_of(self._query)
        if len(newest) <= _SELECTED:
            return self._selected_by(self._scoring(words) or words), 1
        selected = _SELECTED * _FEW_WORDS // max(len(self._typed_words()), _FEW_WORDS)
        rare = self._rarest(words, selected)
        common = self._rarest((term for term in strict if term not in rare), _SCORING)
        titled = [replace(term, field=Field.TITLE) for term in common if not term.is_prefix]
        left = selected - sum(map(self._counts.of, rare))
        selecting = [*rare, *self._rarest(titled, left)] or titled[:1]
        size = sum(map(self._counts.of, selecting))
        if not size:  # the titles have none of the words
            return self._query, math.ceil(self._in_all(newest) / selected)
        scoring = self._scoring(words) if rare else []
        return self._selected_by(selecting, scoring), max(1, round(size / selected))

    def _walked(self, query: Query) -> int:
        """Return, roughly, through how many articles bm25 walks for a query: through all of each term."""
        terms = [*query.words, *chain.from_iterable(query.required), *query.excluded]
        parts = [Term(word) for term in terms if term.is_phrase for word in feedback.words_of(term.text)]
        return sum(map(self._cost, (*terms, *parts)))

    def _cost(self, term: Term) -> int:
        return self._counts.of(term) * (_BEGINNING if term.is_prefix else 1)

    def _scoring(self, terms: Iterable[Term]) -> list[Term]:
        """Return the rarest of the terms, as many as can rank."""
        return [term for term in self._rarest(terms, _SCORING) if self._cost(term) <= _SCORING]

    def _by_titles(self, newest: Sequence[int]) -> list[tuple[int, float]]:
        """Return matches of words that are too common to score, with 0 as their score.

        First those with all of the words in their titles, then with the rarest, then others; old articles as
        well as new ones.
        """
        terms = sorted(filter(self._counts.of, _texts_of(self._query)), key=self._counts.of)
        ids, every, execute = newest, 1, self._db.conn.execute
        if len(newest) > COUNT_LIMIT:
            query = replace(self._query, words=tuple(term for term in terms if term in self._query.words)[:1])
            every = math.ceil(self._in_all(newest) / _SELECTED)
            ids = _ids(execute(_SPREAD, self._values(query, every=every)))
        among = set(ids)
        found: list[int] = []
        for words in (self._typed_words(), feedback.words_of(terms[0].text) if terms else []):
            titled = (
                _ids(execute(_TITLED, {"expression": fts.title_expression(words), "every": every}))
                if words
                else []
            )
            found += _evenly([article_id for article_id in titled if article_id in among])
        found = list(dict.fromkeys([*found, *_evenly(ids)]))
        values = self._scope.values | {"ids": json.dumps(found)}
        return [(article_id, 0.0) for (article_id,) in execute(_KNOWN, values)][:_DEPTH]

    def _typed_words(self) -> list[str]:
        return [words[0] for group in _asked(self._typed) for words in _one_by_one(group)]

    def _selected_by(self, selecting: Sequence[Term], scoring: Sequence[Term] = ()) -> Query:
        """Return the query for what has one of the words `selecting`; `scoring` are those that rank, too."""
        if set(scoring) <= set(selecting):
            return replace(self._query, words=tuple(selecting))
        return replace(self._query, words=tuple(selecting), required=(tuple(scoring), *self._query.required))

    def _rarest(self, terms: Iterable[Term], most: int) -> list[Term]:
        """Return the rarest of the terms that not more than `most` articles have together."""
        rarest: list[Term] = []
        for term in sorted(terms, key=self._counts.of):
            count = self._counts.of(term)
            most -= count
            if most < 0:
                break
            if count:
                rarest.append(term)
        return rarest

    def _reordered(self, rows: Sequence[tuple[int, float]], *, has_related: bool) -> list[int]:
        """Return the first matches, and what resembles them, by all words that the first of all share."""
        texts = _texts(self._db, [article_id for article_id, _ in rows])
        first = [(texts[article_id], -score) for article_id, score in rows[: feedback.DOCUMENTS]]
        asked = _asked(self._typed)
        model = feedback.learn(
            [words for group in asked for words in _one_by_one(group)],
            first,
            lambda word: self._counts.of(Term(word)),
            self._counts.newest,
        )
        if has_related and self._query.words:
            words = [*self._query.words, *map(Term, model.new_words)]
            if selecting := self._rarest(words, _SELECTED_AGAIN):
                second = self._selected_by(selecting, self._scoring(words))
                ids = [article_id for article_id, _ in self._rows(second, limit=_DEPTH)]
                texts |= _texts(self._db, [article_id for article_id in ids if article_id not in texts])
        scores = model.scores(texts)
        wanted = [[set(map(feedback.stem, words)) for words in group] for group in asked]
        in_titles = {word for text in texts.values() for word in text.title}
        stems = feedback.with_stems(
            in_titles, {short for group in wanted for words in group for short in words}
        )

        def place(article_id: int) -> tuple[bool, float, int]:
            title = {stems[word] for word in texts[article_id].title if word in stems}
            has_all = all(any(words <= title for words in group) for group in wanted)
            return not has_all, -scores[article_id], -article_id

        return sorted(texts, key=place)

    def _rows(self, query: Query, every: int = 1, *, limit: int) -> list[tuple[int, float]]:
        """Return the best of the server's matches with their scores, the best (least) first."""
        values = self._scope.values | {"expression": self._expression(query), "every": every}
        found: list[tuple[int, float]] = []
        for most in (limit if self._scope.is_open else math.ceil(limit * _SPARE / self._scope.share), _ALL):
            rows = self._db.conn.execute(_BEST, values | {"most": most}).fetchall()
            found = [(article_id, score) for article_id, score, is_known in rows if is_known]
            if len(rows) < most or len(found) >= limit:
                break
        return found[:limit]

    def _matches(self, query: Query) -> list[int]:
        """Return the newest matches, one more than are counted."""
        values = self._values(query, most=COUNT_LIMIT + 1)
        return _ids(self._db.conn.execute(_MATCHES, values))

    def _values(self, query: Query, **values: int) -> dict[str, object]:
        return self._scope.values | {"expression": self._expression(query)} | values

    def _in_all(self, newest: Sequence[int]) -> int:
        return self._counts.extrapolated(len(newest), newest[-1])


def _asked(typed: Query) -> list[list[list[str]]]:
    """Return for each word or phrase that was typed the rows of words that it may stand for, itself first."""
    strict = [(term,) for group in typed.required for term in group if term.field in {None, Field.TITLE}]
    return [
        rows
        for group in (*groups(typed.words), *strict)
        if (rows := [words for term in group if (words := feedback.words_of(term.text))])
    ]


def _one_by_one(group: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return what was typed word by word, each with the single words that mean the same behind it."""
    if len(group[0]) > 1:
        return [[word] for word in group[0]]
    return [[words[0] for words in group if len(words) == 1]]


def _ids(rows: sqlite3.Cursor) -> list[int]:
    [[found]] = rows
    return list(json.loads(found))


def _evenly(ids: Sequence[int]) -> Sequence[int]:
    """Return up to _DEPTH of the ids, from everywhere among them."""
    return ids[:: max(1, math.ceil(len(ids) / _DEPTH))]


def _texts_of(query: Query) -> list[Term]:
    """Return the words and phrases that can be scored."""
    terms = [*query.words, *(term for group in query.required for term in group)]
    return [term for term in terms if term.field in {None, Field.TITLE}]


def _texts(db: sqlite_utils.Database, article_ids: Sequence[int]) -> dict[int, feedback.Text]:
    """Return the texts of articles in the same order."""
    found = articles.texts(db, article_ids)
    return {each: feedback.Text.of(found[each].title, found[each].abstract) for each in article_ids}
