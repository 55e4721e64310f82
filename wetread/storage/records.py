"""Records of sources about articles, and what follows when a source says more.

A record that is added is merged; the article's keys grow; two articles that share a key now become one;
posts that show something else get an edit; what waited for an abstract or was skipped by a filter
is judged again. All in the caller's transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

import sqlite_utils

from wetread.domain.identity import are_different_works, refusal, without
from wetread.domain.models import Article, Record
from wetread.domain.publication_status import publication_status
from wetread.storage import arrivals, articles, claims, digests, preprints, scheduling, twins
from wetread.storage.articles import NewArticle
from wetread.storage.rows import to_optional_text, to_text


@dataclass(frozen=True, slots=True)
class Change:
    """The result of storing records. `article_id` is the remaining article: merging may have changed it.

    `is_visible`: something that cards show is different. `absorbed`: ids of articles that are now part of it.
    `has_refused`: a source's record is about another work and was not kept.
    """

    article_id: int
    is_new: bool = False
    is_visible: bool = False
    has_new_abstract: bool = False
    has_new_status: bool = False
    absorbed: tuple[int, ...] = ()
    has_refused: bool = False


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
    found = articles.match(db, merged).article_ids
    if not found:
        article_id = articles.next_id(db)
        create(db, [NewArticle(records)], guild_ids, now)
        _tell_versions(db, article_id, merged, now)
        return Change(article_id, is_new=True)
    change = add_records(db, found[0], records, now, skipped_types=skipped_types)
    twins.make_known(db, guild_ids, [change.article_id], now)
    return change


def create(
    db: sqlite_utils.Database, new: Sequence[NewArticle], guild_ids: Collection[int], now: datetime
) -> dict[int, Record]:
    """Store new articles as `articles.create_many` does, without what is wrong, with all that follows.

    Returns the records of those that are still as they were stored, by id.
    """
    new = [_without_wrong(each) if each.wrong else each for each in new]
    found = articles.create_many(db, new, guild_ids, now)
    for article_id, each in zip(found, new, strict=True):
        claims.note(db, article_id, each.wrong, now)
    issued = {
        article_id: each.records
        for article_id, each in zip(found, new, strict=True)
        if claims.certain(each.records)
    }
    for article_id, said in issued.items():
        _take_identifiers(db, article_id, said, now)
    with_twins = twins.having(db, found)
    for article_id in with_twins:
        _tell_twins(db, article_id, now)
    # What follows may reach others of them.
    return {} if with_twins or issued else found


def _without_wrong(new: NewArticle) -> NewArticle:
    wrong = {*new.wrong} - claims.certain(new.records)
    said = {source: without(record, wrong) for source, record in new.records.items()}
    keys = None if new.keys is None else [key for key in new.keys if key not in wrong]
    return replace(new, records=said, keys=keys)


def add_records(
    db: sqlite_utils.Database,
    article_id: int,
    records: Mapping[str, Record],
    now: datetime,
    *,
    wrong: Collection[str] = (),
    skipped_types: tuple[str, ...] | None = None,
) -> Change:
    """Store what sources (by name) now say about an article, with all that follows.

    `wrong`: identifiers (keys) that feeds give the article and that another work has. `skipped_types` are
    the usual ones, for servers that have not chosen (`planner.UpdatePolicy`); None = the caller does not
    know them, and nothing is scheduled that was skipped for its type. Raises LookupError if there is no such
    article.
    """
    before = articles.get(db, article_id)
    kept = articles.source_records(db, before.id)
    known, refuted, has_refused = before.record, set(wrong), False
    new: dict[str, Record] = {}
    for source, record in records.items():
        said = record
        if articles.is_feed(source):
            said = _completed(record, kept[source]) if source in kept else record
        else:
            found, is_refused = refusal(known, record)
            known, has_refused = without(known, found), has_refused or is_refused
            refuted.update(found)
            if is_refused:
                continue
        new[source] = kept[source] = said
    articles.keep_records(db, before.id, new, now)
    claims.refute(db, before.id, refuted | _wrong_claims(db, before.id, kept), now)
    _take_identifiers(db, before.id, kept, now)
    one, absorbed = _unite(db, before.id, articles.source_records(db, before.id))
    survivor = before if one == before.id else articles.get(db, one)
    merged = _remerge(db, survivor)
    change = replace(_change(survivor, merged, absorbed), has_refused=has_refused)
    if change.has_new_abstract:
        articles.note_abstract(db, one, now)
    if merged != survivor.record or absorbed:
        _follow(db, change, merged, skipped_types, now)
        _tell_versions(db, one, merged, now)
    _tell_twins(db, one, now)
    return change


def _tell_twins(db: sqlite_utils.Database, article_id: int, now: datetime) -> None:
    """Give a work's rows of feeds that nobody vouches for everybody's records; never the other way."""
    others = twins.of(db, article_id)
    if not others:
        return
    is_own = articles.feed_of(db, article_id) is not None
    for other in others:
        if (articles.feed_of(db, other) is not None) is is_own:
            continue
        theirs, everybodys = (article_id, other) if is_own else (other, article_id)
        if newer := twins.newer_records(db, theirs, everybodys):
            add_records(db, theirs, newer, now)
    twins.settle(db, article_id, now)


def refute(db: sqlite_utils.Database, article_id: int, keys: Collection[str], now: datetime) -> None:
    """Leave identifiers (keys) out of what feeds say about an article: another work has them."""
    before = articles.get(db, article_id)
    if claims.refute(db, before.id, keys, now):
        merged = _remerge(db, before)
        if merged != before.record:
            _follow(db, _change(before, merged, ()), merged, None, now)


def _remerge(db: sqlite_utils.Database, article: Article) -> Record:
    """Merge what the sources say about an article, write it if it is new, and return it."""
    said = articles.source_records(db, article.id)
    merged, provenance = articles.merge(said)
    articles.add_keys(db, article.id, articles.keys_of_all(db, [merged, *said.values()]))
    if merged != article.record or provenance != article.provenance:
        articles.rewrite(db, article.id, merged, provenance)
    return merged


def _wrong_claims(db: sqlite_utils.Database, article_id: int, records: Mapping[str, Record]) -> set[str]:
    """Return the identifiers (keys) that an issuer's record or another article contradicts."""
    certain = claims.certain(records)
    wrong = claims.contradicted(records)
    merged, _ = articles.merge(records)
    others = articles.match(db, merged, feed_id=articles.feed_of(db, article_id))
    return wrong | ({*others.wrong} - certain)


def _take_identifiers(
    db: sqlite_utils.Database, article_id: int, records: Mapping[str, Record], now: datetime
) -> None:
    """Take the identifiers that issuers give an article from other works that have them of others only."""
    keys = claims.certain(records)
    if not keys:
        return
    merged = articles.merged_records(db, [article_id])[article_id]
    for key, holder in articles.find_by_keys(db, keys, articles.feed_of(db, article_id)).items():
        if holder == article_id:
            continue
        theirs = articles.source_records(db, holder)
        if key not in claims.certain(theirs) and are_different_works(merged, articles.merge(theirs)[0]):
            refute(db, holder, [key], now)
    articles.add_keys(db, article_id, keys)


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
    feed_id = articles.feed_of(db, article_id)
    same = {article_id}
    for each in (merged, *(records.values() if len(records) > 1 else ())):
        same.update(articles.match(db, each, feed_id=feed_id, beside=[merged]).article_ids)
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
        digests.note_status_change(db, change.article_id, now)
    elif change.has_new_abstract:
        scheduling.schedule_edits(db, change.article_id, scheduling.ABSTRACT, now)
    elif change.is_visible:
        scheduling.schedule_edits(db, change.article_id, scheduling.DETAILS, now)
    scheduling.reconsider(db, change.article_id, merged, skipped_types, now)
    arrivals.reopen(db, change.article_id)


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
            if change.has_refused:
                # It was asked for by a wrong identifier. Without that one it may be found.
                mark_enriched(db, article_id, now, was_answered=True)
                continue
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
