"""Search, autocomplete and filters over the full-text index. A server finds only its own articles."""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlite_utils

from wetread.domain.expansion import expanded
from wetread.domain.front_matter import is_front_matter
from wetread.domain.models import Journal, PartialDate
from wetread.domain.names import name_key, words_of
from wetread.domain.query import Query, Term
from wetread.domain.query_fields import Field
from wetread.storage import fts, ranking, search_index, snippets
from wetread.storage.journal_names import journal_names
from wetread.storage.scopes import IS_KNOWN, Scope, known_count
from wetread.storage.titled import named

RANKED_LIMIT = ranking.COUNT_LIMIT
"""Counting stops here, and no page lies beyond; where the newest come first, these are the newest ones."""

SNIPPET_LIMIT = 140
"""Characters of a snippet."""

_FEW = 2_000
_JOURNALS_LIMIT = 50
"""Number of journals that one name may mean."""

# In the order in which they were ranked.
_RANKED = """
    WITH page AS MATERIALIZED (SELECT value AS id, key AS score, NULL AS total FROM json_each(:ids))
"""
# By the date of publication, then by arrival. The index of dates is small: a match costs about as much as
# to rank it.
_NEWEST = f"""
    WITH matches AS MATERIALIZED ({ranking.NEWEST}),
    page AS MATERIALIZED (
        SELECT id, -day AS score, (SELECT count(*) FROM matches) AS total
        FROM matches CROSS JOIN article_days ON article_id = id
        ORDER BY score, id DESC LIMIT :limit OFFSET :offset
    )
"""  # noqa: S608  # constants of ours
_ON_PAGE = f"""
    SELECT rowid FROM articles_fts
    WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")} LIMIT :limit
"""  # noqa: S608  # constants of ours
# Of a server that knows many articles: from the newest day on, until enough of them are its own.
_LATEST_OF_MANY = f"""
    WITH page AS MATERIALIZED (
        SELECT id, -day AS score, NULL AS total FROM article_days CROSS JOIN articles ON id = article_id
        WHERE aside IS NULL AND is_searched = 1 AND {IS_KNOWN.format("id")}
        ORDER BY day DESC, article_id DESC LIMIT :limit OFFSET :offset
    )
"""  # noqa: S608  # constants of ours
# Of a server that knows few: all of them.
_LATEST_OF_FEW = """
    WITH page AS MATERIALIZED (
        SELECT id, -day AS score, NULL AS total
        FROM guild_articles CROSS JOIN article_days USING (article_id) CROSS JOIN articles ON id = article_id
        WHERE guild_id = :guild AND aside IS NULL
        ORDER BY day DESC, article_id DESC LIMIT :limit OFFSET :offset
    )
"""
_SHOWN = """
    SELECT page.id, page.total, title FROM page JOIN articles ON articles.id = page.id
    ORDER BY score, page.id DESC
"""
_MARKS = re.compile("[\x02\x03]")  # no cleaned text holds them
# Never ranked, so that a single letter costs nothing.
_TITLES = f"""
    SELECT id, (SELECT title FROM articles WHERE articles.id = matches.id) FROM (
        SELECT rowid AS id FROM titles_fts WHERE titles_fts MATCH :expression
        ORDER BY rowid DESC LIMIT :most
    ) AS matches
    WHERE {IS_KNOWN.format("matches.id")}
        AND (:has_asides OR (SELECT aside FROM articles WHERE articles.id = matches.id) IS NULL)
    LIMIT :limit
"""  # noqa: S608  # constants of ours
_JOURNALS = """
    SELECT journal, article_count FROM guild_journals
    WHERE guild_id = ? AND journal <> '' AND article_count > 0 ORDER BY article_count DESC, journal
"""
# Names without a look at each article: from one to the next greater, along the index. Of feeds that nobody
# vouches for only the server's own: what another server adds must not change what a name means here.
_JOURNAL_NAMES = """
    WITH RECURSIVE names (name) AS (
        SELECT min(journal) FROM articles WHERE feed_id IS NULL
        UNION ALL
        SELECT (SELECT min(journal) FROM articles WHERE journal > name AND feed_id IS NULL)
        FROM names WHERE name IS NOT NULL
    )
    SELECT name FROM names WHERE name IS NOT NULL
    UNION
    SELECT journal FROM articles WHERE journal IS NOT NULL AND feed_id IN (
        SELECT feed_id FROM subscriptions WHERE guild_id = ?
    )
"""
_POST = """
    SELECT CASE WHEN kind = 'forum' THEN coalesce(thread_id, channel_id) ELSE channel_id END, message_id,
        shared_by_name
    FROM deliveries
    WHERE article_id = ? AND guild_id = ? AND message_id IS NOT NULL AND was_deleted = 0
    ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One article found. `snippet` are runs of text, each with whether it matched; () without an abstract.

    `channel_id` and `message_id` lead to the newest post of the article in this server, None if there is
    none; the channel is a thread where the post stands in a forum. `shared_by`: the member who posted it.
    """

    article_id: int
    title: str
    snippet: tuple[tuple[str, bool], ...] = ()
    channel_id: int | None = None
    message_id: int | None = None
    shared_by: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page. `total` counts all pages' hits; if `is_capped` there are more.

    `related_count` of them have none of the query's words: they resemble the first matches.
    """

    hits: tuple[SearchHit, ...]
    total: int
    is_capped: bool
    related_count: int = 0


def search(
    db: sqlite_utils.Database,
    guild_id: int,
    query: Query,
    *,
    order: Literal["best", "newest"] = "best",
    since: PartialDate | None = None,
    until: PartialDate | None = None,
    kind: str | None = None,
    has_asides: bool = False,
    has_related: bool = True,
    limit: int = 5,
    offset: int = 0,
) -> SearchPage:
    """Return the server's articles that match `query`, best matches or newest publication first.

    Front matter and errata are left out, unless the query asks for them (`fts.listed_expression`) or
    `has_asides`. Among the best are articles that resemble them without having the words, if `has_related`.
    `since` and `until` limit the date of publication, `kind` the kind of study ("Review").
    """
    typed = query
    query = expanded(_resolved(db, query.narrowed(since=since, until=until, kind=kind), guild_id))
    scope = Scope.of(db, guild_id)
    if order == "best":
        first = named(db, scope, typed, query, has_asides=has_asides)
        ranked = ranking.best(
            db,
            scope,
            query,
            typed=typed,
            has_asides=has_asides,
            has_related=has_related,
            limit=offset + limit if first else limit,
            offset=0 if first else offset,
        )
        ids = list(ranked.article_ids)
        if first:
            ids = list(dict.fromkeys([*first, *ids]))[offset : offset + limit]
        total, is_capped, related_count = ranked.total, ranked.is_capped, ranked.related_count
        rows = db.conn.execute(_RANKED + _SHOWN, {"ids": json.dumps(ids)}).fetchall()
    else:
        expression = fts.fts_expression if has_asides else fts.listed_expression
        values = scope.values | {"most": RANKED_LIMIT + 1, "limit": limit, "offset": offset}
        values["expression"] = scope.narrowed(expression(query, within=fts.guild_facet(guild_id)))
        rows = db.conn.execute(_NEWEST + _SHOWN, values).fetchall()
        total = rows[0][1] if rows else ranking.count(db, scope, str(values["expression"]))
        is_capped, related_count = total > RANKED_LIMIT, 0
    marking = fts.text_expression(query)
    shown = snippets.marked(db, [row[0] for row in rows], marking) if marking else {}
    hits = _hits(db, guild_id, rows, shown)
    return SearchPage(hits, min(total, RANKED_LIMIT), is_capped, related_count)


def latest(
    db: sqlite_utils.Database,
    guild_id: int,
    *,
    journals: Sequence[Journal] = (),
    limit: int = 10,
    offset: int = 0,
) -> tuple[SearchHit, ...]:
    """Return the server's articles, newest publication first, of these journals if any are given.

    Without snippets.
    Front matter and errata are left out.
    """
    values = Scope.looked_up(db, guild_id).values | {
        "expression": fts.without_asides(fts.journal_expression(journals)),
        "most": RANKED_LIMIT + 1,
        "limit": limit,
        "offset": offset,
    }
    newest = _NEWEST if journals else _LATEST_OF_FEW if known_count(db, guild_id) < _FEW else _LATEST_OF_MANY
    rows = db.conn.execute(newest + _SHOWN, values).fetchall()
    return _hits(db, guild_id, rows, {})


def on_page(
    db: sqlite_utils.Database, guild_id: int, journal_names: Iterable[str], first_page: str, limit: int = 100
) -> list[int]:
    """Return the ids of the server's articles in a journal with this first page, in any volume."""
    values = Scope.looked_up(db, guild_id).values | {
        "expression": fts.page_expression(journal_names, first_page),
        "limit": limit,
    }
    return [article_id for (article_id,) in db.conn.execute(_ON_PAGE, values)]


def complete_titles(
    db: sqlite_utils.Database, guild_id: int, prefix: str, limit: int = 25, *, has_asides: bool = False
) -> list[tuple[int, str]]:
    """Return id and title of the server's articles with the words typed so far in the title, latest first.

    The last word may be unfinished. Without a word: the latest articles. Front matter and errata are left
    out until the words name them, unless `has_asides`.
    """
    expression = fts.prefix_expression(prefix)
    if expression is None:
        return [(hit.article_id, hit.title) for hit in latest(db, guild_id, limit=limit)]
    is_asked = has_asides or is_front_matter(prefix) or fts.names_erratum(prefix)
    return _titles(db, guild_id, expression, limit, has_asides=is_asked)


def matching(
    db: sqlite_utils.Database, article_ids: Collection[int], query: Query, guild_id: int | None = None
) -> set[int]:
    """Return those of the articles that match, exactly as a search for the same words would find them.

    For filters and topics of the server `guild_id`. Ask for many at once, after all are saved: each call
    writes the index's pending part to disk.
    """
    return search_index.having(db, article_ids, _expression_of(db, query, guild_id))


def matching_each(
    db: sqlite_utils.Database, article_ids: Collection[int], queries: Sequence[Query], guild_id: int
) -> list[set[int]]:
    """As `matching`, for many queries and a few articles: these are indexed by themselves for it."""
    expressions = [_expression_of(db, query, guild_id) for query in queries]
    return snippets.matching(db, article_ids, expressions)


def _expression_of(db: sqlite_utils.Database, query: Query, guild_id: int | None) -> str:
    has_journals = any(term.field is Field.JOURNAL for term in terms_of(query))
    return fts.fts_expression(meant(db, query, guild_id)) if has_journals else _expression(query)


@lru_cache(maxsize=256)
def _expression(query: Query) -> str:
    """The expression of a query that names no journal, which is the same for every server."""
    return fts.fts_expression(expanded(query))


def terms_of(query: Query) -> list[Term]:
    """Return all terms of a query, also the excluded ones."""
    return [*query.words, *(term for group in query.required for term in group), *query.excluded]


def matches(db: sqlite_utils.Database, article_id: int, query: Query, guild_id: int | None = None) -> bool:
    """Return whether this article matches; see `matching`."""
    return bool(matching(db, [article_id], query, guild_id))


def journals(db: sqlite_utils.Database, guild_id: int) -> list[tuple[str, int]]:
    """Return the journals of the articles that the server knows, with how many of each, most first."""
    return [(name, count) for name, count in db.conn.execute(_JOURNALS, [guild_id])]


def _resolved(db: sqlite_utils.Database, query: Query, guild_id: int | None) -> Query:
    """Return the query with the names of journals as the index has them: by the catalogue, else as stored."""
    stored: list[str] = []

    def names(text: str) -> list[str]:
        if known := journal_names(db, text):
            return known
        if not stored:
            stored.extend(row[0] for row in db.conn.execute(_JOURNAL_NAMES, [guild_id]))
        if text in stored:
            return [text]
        wanted = words_of(text)
        alike = [name for name in stored if name_key(name) == name_key(text)] or [
            name
            for name in stored
            if all(any(word.startswith(part) for word in words_of(name)) for part in wanted)
        ]
        return alike[:_JOURNALS_LIMIT] or [text]

    return query.with_journals(names)


def _titles(
    db: sqlite_utils.Database, guild_id: int, expression: str, limit: int, *, has_asides: bool
) -> list[tuple[int, str]]:
    """Articles by words of their titles, latest first; with front matter and errata, or without."""
    values = Scope.looked_up(db, guild_id).values | {
        "expression": expression,
        "most": RANKED_LIMIT,
        "has_asides": has_asides,
        "limit": limit,
    }
    try:
        return [(article_id, title) for article_id, title in db.conn.execute(_TITLES, values)]
    except sqlite3.OperationalError as error:
        if "phrase queries" in str(error):  # a letter that Python knows and SQLite takes for a separator
            return []
        raise


def _hits(
    db: sqlite_utils.Database,
    guild_id: int,
    rows: Iterable[tuple[int, int | None, str]],
    shown: Mapping[int, str],
) -> tuple[SearchHit, ...]:
    """The rows of _SHOWN, with their snippets, and where the server finds their posts."""
    hits = []
    for article_id, _, title in rows:
        place = db.conn.execute(_POST, (article_id, guild_id)).fetchone() or (None, None)
        hits.append(SearchHit(article_id, title, runs(shown.get(article_id, "")), *place))
    return tuple(hits)


def meant(db: sqlite_utils.Database, query: Query, guild_id: int | None = None) -> Query:
    """Return a query with all that it finds: other spellings, and names of journals as they are stored."""
    return expanded(_resolved(db, query, guild_id))


def runs(marked: str, limit: int | None = SNIPPET_LIMIT) -> tuple[tuple[str, bool], ...]:
    """A marked text as runs, within the limit, cut before a word; None = whole."""
    marked = re.sub(r"^…", "… ", re.sub(r"…$", " …", marked))
    found: list[tuple[str, bool]] = []
    room = len(marked) if limit is None else limit
    for number, text in enumerate(_MARKS.split(marked.replace("\n", " "))):
        kept = text if len(text) <= room else f"{text[: max(room - 2, 0)].rpartition(' ')[0]} …"
        if kept:
            found.append((kept, number % 2 == 1))
        room -= len(kept)
        if kept != text:
            break
    return tuple(found)
