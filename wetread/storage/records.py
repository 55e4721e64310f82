"""Records of sources about articles, and what follows when a source says more.

A record that is added is merged; the article's keys grow; two articles that share a key now become one;
posts that show something else get an edit; what waited for an abstract or was skipped by a filter
is judged again. All in the caller's transaction.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

import sqlite_utils

from wetread.domain.identity import matching_articles
from wetread.domain.models import Article, Record
from wetread.domain.publication_status import publication_status
from wetread.domain.record_sources import FEED
from wetread.storage import articles, preprints, scheduling
from wetread.storage.rows import to_optional_text, to_text


@dataclass(frozen=True, slots=True)
class Change:
    """The result of storing records. `article_id` is the remaining article: merging may have changed it.

    `is_visible`: something that cards show is different. `absorbed`: ids of articles that are now part of it.
    """

    article_id: int
    is_new: bool = False
    is_visible: bool = False
    has_new_abstract: bool = False
    has_new_status: bool = False
    absorbed: tuple[int, ...] = ()


def save(
    db: sqlite_utils.Database,
    records: Mapping[str, Record],
    now: datetime,
    *,
    guild_ids: Collection[int] = (),
    skipped_types: tuple[str, ...] | None = None,
) -> Change:
    """Store what sources (by name) say about one article, known already or not. This schedules nothing.

    The servers in `guild_ids` can find it from now on. `skipped_types` as for `add_records`.
    """
    merged, _ = articles.merge(records)
    found = articles.match(db, merged)
    if not found:
        article_id = articles.create(db, records, guild_ids, now)
        _tell_versions(db, article_id, merged, now)
        return Change(article_id, is_new=True)
    change = add_records(db, found[0], records, now, skipped_types=skipped_types)
    articles.make_known(db, guild_ids, [change.article_id], now)
    return change


def add_records(
    db: sqlite_utils.Database,
    article_id: int,
    records: Mapping[str, Record],
    now: datetime,
    *,
    skipped_types: tuple[str, ...] | None = None,
) -> Change:
    """Store what sources (by name) now say about an article, with all that follows.

    `skipped_types` are the usual ones, for servers that have not chosen (`planner.UpdatePolicy`); None = the
    caller does not know them, and nothing is scheduled that was skipped for its type.
    Raises LookupError if there is no such article.
    """
    before = articles.get(db, article_id)
    kept = articles.source_records(db, before.id)
    for source, record in records.items():
        said = record
        if source.startswith(FEED) and source in kept:
            said = _completed(record, kept[source])
        articles.keep_record(db, before.id, source, said, now)
    one, absorbed = _unite(db, before.id, {**kept, **records})
    merged, provenance = articles.merge(articles.source_records(db, one))
    articles.add_keys(db, one, articles.keys_of_all([merged, *records.values()]))
    survivor = before if one == before.id else articles.get(db, one)
    if merged != survivor.record or provenance != survivor.provenance:
        articles.rewrite(db, one, merged, provenance)
    change = _change(survivor, merged, absorbed)
    if change.has_new_abstract:
        articles.note_abstract(db, one, now)
    if merged != survivor.record or absorbed:
        _follow(db, change, merged, skipped_types, now)
        _tell_versions(db, one, merged, now)
    return change


def _tell_versions(db: sqlite_utils.Database, article_id: int, merged: Record, now: datetime) -> None:
    """Let a preprint and what it became know of each other; ends because each then does."""
    preprints.note(db, article_id, merged)
    for other_id, source, said in preprints.news(db, articles.get(db, article_id)):
        add_records(db, other_id, {source: said}, now)


def _unite(
    db: sqlite_utils.Database, article_id: int, records: Mapping[str, Record]
) -> tuple[int, tuple[int, ...]]:
    """Join all articles that `records` show to be one; return the oldest's id and those that it absorbed."""
    merged, _ = articles.merge(records)
    keys = articles.keys_of_all([merged, *records.values()])
    ids = articles.find_by_keys(db, keys)
    same = {article_id, *matching_articles(merged, keys, ids, articles.merged_records(db, ids.values()))}
    one = min(same)
    absorbed = tuple(sorted(same - {one}))
    for other in absorbed:
        articles.absorb(db, one, other)
    return one, absorbed


def _completed(new: Record, old: Record) -> Record:
    """What a feed said of an article and no longer says is not unsaid: an issue's feed is shorter, say."""
    kept = {
        field.name: getattr(old, field.name)
        for field in fields(Record)
        if not getattr(new, field.name) and not isinstance(getattr(new, field.name), bool)
    }
    return replace(new, **kept)


def _seen(record: Record) -> Record:
    """Return what of a record a card can show."""
    return replace(
        record,
        mesh=(),
        issns=(),
        nlm_id=None,
        pii=None,
        arxiv=None,
        language=None,
        other_languages=(),
        correspondence=None,
        presented_at=None,
        accessions=(),
        funding=(),
        disclosures=None,
        received_on=None,
        revised_on=None,
        accepted_on=None,
    )


def _change(before: Article, merged: Record, absorbed: tuple[int, ...]) -> Change:
    return Change(
        article_id=before.id,
        is_visible=_seen(merged) != _seen(before.record),
        has_new_abstract=bool(merged.abstract) and not before.record.abstract,
        has_new_status=publication_status(merged) != publication_status(before.record),
        absorbed=absorbed,
    )


def _follow(
    db: sqlite_utils.Database,
    change: Change,
    merged: Record,
    skipped_types: tuple[str, ...] | None,
    now: datetime,
) -> None:
    if change.has_new_status:
        scheduling.schedule_edits(db, change.article_id, scheduling.RETRACTION, now)
    elif change.has_new_abstract:
        scheduling.schedule_edits(db, change.article_id, scheduling.ABSTRACT, now)
    elif change.is_visible:
        scheduling.schedule_edits(db, change.article_id, scheduling.DETAILS, now)
    scheduling.reconsider(db, change.article_id, merged, skipped_types, now)


# Enrichment -------------------------------------------------------------------------------------------


def for_enrichment(db: sqlite_utils.Database, now: datetime, limit: int) -> list[Article]:
    """Return articles that the record sources are to be asked about, first those whose post waits for it."""
    ids = db.conn.execute(
        """
        SELECT id FROM articles WHERE next_enrichment_at <= ?
        ORDER BY EXISTS (
            SELECT 1 FROM deliveries
            WHERE article_id = articles.id AND state = 'pending' AND waits_for_abstract = 1
        ) DESC, next_enrichment_at, id DESC LIMIT ?
        """,
        [to_text(now), limit],
    ).fetchall()
    return articles.get_many(db, [int(row[0]) for row in ids])


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What the record sources answered about an article: records by name, and when to ask again.

    `was_answered`: as for `mark_enriched`.
    """

    article_id: int
    found: Mapping[str, Record]
    next_at: datetime | None
    was_answered: bool


def save_enrichments(
    db: sqlite_utils.Database,
    enrichments: Collection[Enrichment],
    now: datetime,
    *,
    skipped_types: tuple[str, ...] | None = None,
) -> None:
    """Keep what was found about several articles, with all that follows (see `add_records`)."""
    for each in enrichments:
        article_id = each.article_id
        if each.found:
            change = add_records(db, article_id, each.found, now, skipped_types=skipped_types)
            article_id = change.article_id
        mark_enriched(db, article_id, each.next_at, was_answered=each.was_answered)


def mark_enriched(
    db: sqlite_utils.Database, article_id: int, next_at: datetime | None, *, was_answered: bool = True
) -> None:
    """Set when the sources are asked about an article again, None = never.

    `was_answered`: this try counts as one; a try in which a source was down does not.
    """
    article = articles.get(db, article_id)
    db.conn.execute(
        "UPDATE articles SET next_enrichment_at = ?, enrichment_count = enrichment_count + ? WHERE id = ?",
        [to_optional_text(next_at), int(was_answered), article.id],
    )
