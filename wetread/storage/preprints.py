"""Preprints and what they became: whichever of the two says so, both articles know."""

from collections.abc import Iterable

import sqlite_utils

from wetread.domain.article_keys import identifier_keys
from wetread.domain.models import Article, Record, Relation, RelationKind
from wetread.domain.record_sources import MERGED
from wetread.storage import articles

_REVERSE = {
    RelationKind.PREPRINT_OF: RelationKind.HAS_PREPRINT,
    RelationKind.HAS_PREPRINT: RelationKind.PREPRINT_OF,
}
SOURCES = {
    RelationKind.HAS_PREPRINT: "its preprint’s record",
    RelationKind.PREPRINT_OF: "its published version’s record",
}
"""Under which name it is kept what the other article says, by what it makes the other to this one."""


def note(db: sqlite_utils.Database, article_id: int, record: Record) -> None:
    """Remember which other versions an article names, so that one that comes later finds it."""
    db.conn.executemany(
        "INSERT INTO versions (key, article_id, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (key, article_id, relation.kind)
            for relation in record.relations
            if relation.kind in _REVERSE
            for key in _keys(relation)
        ],
    )


def news(db: sqlite_utils.Database, article: Article) -> list[tuple[int, str, Record]]:
    """Return the links between a preprint and its published article that follow from a new record.

    Each is an article's id, the name under which to keep it, and what is to be kept.
    """
    pairs = [
        (other_id, relation.kind)
        for relation in _versions(article.record)
        for other_id in sorted(articles.holders(db, _keys(relation)))
    ]
    pairs += [(other_id, _REVERSE[kind]) for other_id, kind in _naming(db, article)]
    found = []
    for other_id, kind in dict.fromkeys(pairs):
        for other in articles.get_many(db, [other_id]):
            if other.id == article.id:
                continue
            if _may_tell(db, other, article):
                found += _missing_relation(article, kind, other)
            if _may_tell(db, article, other):
                found += _missing_relation(other, _REVERSE[kind], article)
    return found


def _may_tell(db: sqlite_utils.Database, teller: Article, other: Article) -> bool:
    """Whether what one article says counts for another: not what a feed says that nobody vouches for."""
    feed_id = articles.feed_of(db, teller.id)
    return feed_id is None or feed_id == articles.feed_of(db, other.id)


def _naming(db: sqlite_utils.Database, article: Article) -> list[tuple[int, RelationKind]]:
    """The articles that name this one as another version of theirs."""
    keys = identifier_keys(article.record)
    marks = ", ".join("?" * len(keys))
    rows = db.conn.execute(
        f"""
        SELECT DISTINCT article_id, kind FROM versions WHERE key IN ({marks}) AND article_id <> ?
        """,  # noqa: S608  # only marks
        [*keys, article.id],
    )
    return [(int(article_id), RelationKind(kind)) for article_id, kind in rows]


def _missing_relation(article: Article, kind: RelationKind, other: Article) -> list[tuple[int, str, Record]]:
    """What `article` is to learn: nothing if it knows the other, and by name."""
    record = other.record
    name = record.journal or record.journal_abbreviation
    for known in _versions(article.record):
        is_same = known.doi == record.doi if known.doi and record.doi else known.pmid == record.pmid
        if known.kind is kind and is_same and (known.text or not name):
            return []
    if not (record.doi or record.pmid):
        return []
    relation = Relation(kind, doi=record.doi, pmid=record.pmid, text=name, on=record.published_on)
    return [(article.id, SOURCES[kind], Record(MERGED, relations=(relation,)))]


def _versions(record: Record) -> Iterable[Relation]:
    return (relation for relation in record.relations if relation.kind in _REVERSE)


def _keys(relation: Relation) -> list[str]:
    named = (("doi", relation.doi), ("pmid", relation.pmid))
    return [f"{name}:{value}" for name, value in named if value]
