"""What words would find among the last articles of a server's feeds, and what nearly. Nothing is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import sqlite_utils

from wetread.domain.models import Record, Subscription
from wetread.domain.names import words_of
from wetread.domain.query import Query, Term, parse_query
from wetread.domain.query_fields import Field
from wetread.storage import articles, fts, scheduling, search, snippets, topics

LAST_COUNT = 100
"""So many of a server's last articles are tried."""

NEAR_COUNT = 2
_SHOWN = 5
_COMPARED = 3

_LAST = """
    SELECT article_id FROM guild_articles AS known
    WHERE guild_id = :guild AND EXISTS (
        SELECT 1 FROM entries WHERE entries.article_id = known.article_id AND feed_id IN (
            SELECT feed_id FROM subscriptions WHERE guild_id = :guild AND removed_at IS NULL
        )
    )
    ORDER BY article_id DESC LIMIT :limit
"""

Runs = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it matched."""


class Place(StrEnum):
    """Where an article has a topic's words."""

    TITLE = "title"
    ABSTRACT = "abstract"
    HEADINGS = "headings"  # PubMed's
    QUERY = "query"  # the topic's own PubMed query brought it
    RECORD = "record"  # its author, its journal, its kind …


@dataclass(frozen=True, slots=True)
class Match:
    """An article that has the words. `shown`: the part of the abstract, or the headings, that has them."""

    article_id: int
    record: Record
    title: Runs
    place: Place
    shown: Runs = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An article that would match but for one thing: it has none of the `missing` terms, or an excluded one.

    `has`: one of the terms that it has.
    """

    article_id: int
    record: Record
    title: Runs
    has: Term | None = None
    missing: tuple[Term, ...] = ()
    excluded: Term | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What words find among the last `total` articles, newest first; `matches` are the first of `count`."""

    total: int
    count: int
    matches: tuple[Match, ...]
    near: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What other words find among the last `total` articles, beside what the old ones found.

    `gained` and `lost` are the first of `gained_count` and `lost_count`, newest first.
    """

    total: int
    old_count: int
    new_count: int
    gained: tuple[Match, ...]
    gained_count: int
    lost: tuple[Match, ...]
    lost_count: int


def last_articles(db: sqlite_utils.Database, guild_id: int, limit: int = LAST_COUNT) -> list[int]:
    """Return the last articles that a server's feeds brought, newest first."""
    return [int(row[0]) for row in db.conn.execute(_LAST, {"guild": guild_id, "limit": limit})]


def found_among_last(
    db: sqlite_utils.Database,
    guild_id: int,
    query: Query,
    *,
    skipped_types: tuple[str, ...],
    limit: int = LAST_COUNT,
) -> tuple[list[int], list[int]]:
    """Return (found, all): the last articles, and those of them that the query finds, newest first.

    Types that the server does not post are not found. `skipped_types` as for `records.add_records`.
    """
    last = last_articles(db, guild_id, limit)
    matching = search.matching(db, last, query, guild_id)
    rule = scheduling.type_rule(db, skipped_types)
    records = articles.merged_records(db, matching)
    return [each for each in last if each in matching and rule(guild_id, records[each]) is None], last


def preview(
    db: sqlite_utils.Database, guild_id: int, query: Query, *, skipped_types: tuple[str, ...] = ()
) -> Preview:
    """Try a query on the last articles of a server."""
    found, last = found_among_last(db, guild_id, query, skipped_types=skipped_types)
    rest = [each for each in last if each not in set(found)]
    return Preview(
        len(last),
        len(found),
        _matches(db, found[:_SHOWN], query),
        _near(db, guild_id, rest, query, skipped_types),
    )


def all_matches(
    db: sqlite_utils.Database, guild_id: int, query: Query, *, skipped_types: tuple[str, ...] = ()
) -> tuple[Match, ...]:
    """Return everything that a query finds among the last articles of a server, newest first."""
    found, _ = found_among_last(db, guild_id, query, skipped_types=skipped_types)
    return _matches(db, found, query)


def explain(db: sqlite_utils.Database, guild_id: int, article_id: int) -> list[tuple[Subscription, Match]]:
    """Return the topics of a server that an article matches, and where it has their words."""
    found: list[tuple[Subscription, Match]] = []
    for topic in topics.of_guild(db, guild_id):
        query = parse_query(topic.filter or "")
        if search.matching(db, [article_id], query, guild_id):
            found.append((topic, _matches(db, [article_id], query)[0]))
        elif topic.feed_id is not None and scheduling.brought_by(db, topic.feed_id, [article_id]):
            [match] = _matches(db, [article_id], query)
            found.append((topic, replace(match, place=Place.QUERY)))
    return found


def compare(
    db: sqlite_utils.Database, guild_id: int, old: Query, new: Query, *, skipped_types: tuple[str, ...] = ()
) -> Comparison:
    """Return what one query finds among the last articles and another does not, both ways."""
    before, last = found_among_last(db, guild_id, old, skipped_types=skipped_types)
    after, _ = found_among_last(db, guild_id, new, skipped_types=skipped_types)
    gained = [each for each in after if each not in set(before)]
    lost = [each for each in before if each not in set(after)]
    return Comparison(
        total=len(last),
        old_count=len(before),
        new_count=len(after),
        gained=_matches(db, gained[:_COMPARED], new),
        gained_count=len(gained),
        lost=_matches(db, lost[:_COMPARED], old),
        lost_count=len(lost),
    )


def _matches(db: sqlite_utils.Database, article_ids: Sequence[int], query: Query) -> tuple[Match, ...]:
    records = articles.merged_records(db, article_ids)
    marked = _marked(db, article_ids, query)
    return tuple(_match(each, records[each], query, *marked[each]) for each in article_ids)


def _match(article_id: int, record: Record, query: Query, title: Runs, abstract: Runs) -> Match:
    plain = title or ((record.title, False),)
    if _is_marked(title):
        return Match(article_id, record, plain, Place.TITLE)
    if _is_marked(abstract):
        return Match(article_id, record, plain, Place.ABSTRACT, abstract)
    if headings := _headings(record, _wanted(query)):
        return Match(article_id, record, plain, Place.HEADINGS, headings)
    return Match(article_id, record, plain, Place.RECORD)


def _headings(record: Record, terms: Iterable[Term]) -> Runs:
    """Return PubMed's headings that a `mesh:` of the query means."""
    wanted = [set(words_of(term.text)) for term in terms if term.field is Field.MESH]
    found = [name for name in record.mesh if any(each and each <= set(words_of(name)) for each in wanted)]
    runs: list[tuple[str, bool]] = []
    for name in found[:3]:
        runs += [(" · ", False)] * bool(runs) + [(name, True)]
    return tuple(runs)


def _marked(
    db: sqlite_utils.Database, article_ids: Sequence[int], query: Query
) -> dict[int, tuple[Runs, Runs]]:
    """Return by id the title and a part of the abstract, with the words of the query marked."""
    marking = fts.text_expression(search.meant(db, query))
    marked = snippets.marked_titles(db, article_ids, marking) if marking else {}
    nothing = ("", "")
    return {
        each: (search.runs(marked.get(each, nothing)[0], None), search.runs(marked.get(each, nothing)[1]))
        for each in article_ids
    }


def _is_marked(runs: Runs) -> bool:
    return any(is_marked for _, is_marked in runs)


def _wanted(query: Query) -> list[Term]:
    return [*query.words, *(term for group in query.required for term in group)]


def _near(
    db: sqlite_utils.Database,
    guild_id: int,
    article_ids: Sequence[int],
    query: Query,
    skipped_types: tuple[str, ...],
) -> tuple[NearMiss, ...]:
    """Return the newest articles that lack one group of words, or that one excluded word leaves out."""
    groups = [group for group in (query.words, *query.required) if group]
    having = [search.matching(db, article_ids, Query("", required=(group,)), guild_id) for group in groups]
    excluded = [
        search.matching(db, article_ids, Query("", required=((term,),)), guild_id) for term in query.excluded
    ]
    found: list[tuple[int, Term | None, tuple[Term, ...], Term | None]] = []
    for article_id in article_ids:
        missing = [group for group, ids in zip(groups, having, strict=True) if article_id not in ids]
        out = [term for term, ids in zip(query.excluded, excluded, strict=True) if article_id in ids]
        present = [group for group, ids in zip(groups, having, strict=True) if article_id in ids]
        if len(missing) == 1 and present and not out:
            found.append((article_id, _present_term(db, guild_id, article_id, present[0]), missing[0], None))
        elif not missing and len(out) == 1:
            found.append((article_id, None, (), out[0]))
    rule = scheduling.type_rule(db, skipped_types)
    records = articles.merged_records(db, [each[0] for each in found[: 5 * NEAR_COUNT]])
    posted = [each for each in found if each[0] in records and rule(guild_id, records[each[0]]) is None]
    shown = posted[:NEAR_COUNT]
    marked = _marked(db, [each[0] for each in shown], query)
    return tuple(
        NearMiss(
            number,
            records[number],
            marked[number][0] or ((records[number].title, False),),
            has,
            missing,
            term,
        )
        for number, has, missing, term in shown
    )


def _present_term(db: sqlite_utils.Database, guild_id: int, article_id: int, group: tuple[Term, ...]) -> Term:
    """Return the first term of a group that an article has."""
    for term in group:
        if search.matching(db, [article_id], Query("", required=((term,),)), guild_id):
            return term
    return group[0]
