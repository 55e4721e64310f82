"""Stored articles: one row for each work, found by every key that identifies it.

What a source adds later, with all that follows from it, is `records.py`'s business.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlite_utils

from wetread.bibliography.enrichment_schedule import next_record_check_at
from wetread.bibliography.merge import merge_records
from wetread.domain.article_keys import TITLE
from wetread.domain.front_matter import aside_of
from wetread.domain.identity import Match, matching_articles
from wetread.domain.models import Article, Record, SourceStamp
from wetread.domain.partial_dates import listed_on
from wetread.domain.record_sources import FEED
from wetread.storage import packing, search_index
from wetread.storage.journal_names import article_keys
from wetread.storage.rows import to_instant, to_optional_instant, to_optional_text, to_text


def is_feed(source: str) -> bool:
    """Return whether a record is kept under the name of a feed."""
    return source.startswith(FEED)


class Text(NamedTuple):
    """What can be read of an article, as plain text; '' where there is none. Labels are left out."""

    title: str
    abstract: str


def feed_source(feed_id: int) -> str:
    """Return the name under which a feed's record is kept, so that two feeds can speak for one article."""
    return f"{FEED}:{feed_id}"


# Reading ----------------------------------------------------------------------------------------------


def get(db: sqlite_utils.Database, article_id: int) -> Article:
    """Return an article; for one that was merged into another, that one. Raises LookupError if unknown."""
    found = get_many(db, [article_id])
    if not found:
        raise LookupError(f"no article {article_id}")
    return found[0]


def get_many(db: sqlite_utils.Database, article_ids: Sequence[int]) -> list[Article]:
    """Return articles in the order asked for, for merged ones what they became; unknown ids are left out."""
    rows = {
        row["asked"]: row
        for row in db.query(
            """
            SELECT asked.id AS asked, articles.* FROM articles AS asked
            JOIN articles ON articles.id = coalesce(asked.merged_into, asked.id)
            WHERE asked.id IN (SELECT value FROM json_each(?))
            """,
            [json.dumps(list(article_ids))],
        )
    }
    stamps = _stamps(db, {row["id"] for row in rows.values()})
    wanted = (rows[article_id] for article_id in article_ids if article_id in rows)
    return [_to_article(row, stamps[row["id"]]) for row in wanted]


def find(db: sqlite_utils.Database, record: Record, feed_id: int | None = None) -> Article | None:
    """Return the article that `record` is about, by any of its keys; None if there is none.

    `feed_id`: as for `find_by_keys`.
    """
    found = match(db, record, feed_id=feed_id).article_ids
    return get(db, found[0]) if found else None


def find_by_keys(
    db: sqlite_utils.Database, keys: Iterable[str], feed_id: int | None = None
) -> dict[str, int]:
    """Return, for each of `keys` that identifies one, the id of its article.

    Among everybody's articles; with `feed_id` among those that only subscribers of that feed have.
    """
    rows = db.conn.execute(
        "SELECT key, article_id FROM article_keys"
        " WHERE key IN (SELECT value FROM json_each(?)) AND feed_id = ? AND article_id IS NOT NULL",
        [json.dumps(list(keys)), feed_id or 0],
    )
    return {str(key): int(article_id) for key, article_id in rows}


def holders(db: sqlite_utils.Database, keys: Iterable[str]) -> set[int]:
    """Return the ids of all articles with one of `keys`, whoever has them."""
    rows = db.conn.execute(
        "SELECT DISTINCT article_id FROM article_keys"
        " WHERE key IN (SELECT value FROM json_each(?)) AND article_id IS NOT NULL",
        [json.dumps(list(keys))],
    )
    return {int(article_id) for (article_id,) in rows}


def doi_like(db: sqlite_utils.Database, doi: str) -> str | None:
    """Return a stored DOI that begins as `doi` does up to its first figures after the slash; None if none."""
    start = re.match(r"10\.[^/]+/[^0-9]*", doi)
    if start is None:
        return None
    first = f"doi:{start[0]}"
    row = db.conn.execute(
        "SELECT key FROM article_keys WHERE key > ? AND key < ? AND feed_id = 0 ORDER BY key DESC LIMIT 1",
        [first, first + "\U0010ffff"],
    ).fetchone()
    return None if row is None else str(row[0]).removeprefix("doi:")


def feed_of(db: sqlite_utils.Database, article_id: int) -> int | None:
    """Return the feed whose subscribers alone have this article; None = it is everybody's."""
    [[feed_id]] = db.conn.execute("SELECT feed_id FROM articles WHERE id = ?", [article_id])
    return None if feed_id is None else int(feed_id)


def living(db: sqlite_utils.Database, article_id: int) -> int:
    """Return the id of what an article was merged into, else its own. Raises LookupError if unknown."""
    row = db.conn.execute(
        "SELECT coalesce(merged_into, id) FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    if row is None:
        raise LookupError(f"no article {article_id}")
    return int(row[0])


def match(
    db: sqlite_utils.Database,
    record: Record,
    keys: Sequence[str] | None = None,
    *,
    feed_id: int | None = None,
    beside: Sequence[Record] = (),
) -> Match:
    """Return the articles that `record` is about, best first; see `identity.matching_articles`.

    `keys`: other ones than the record's own. `feed_id`: as for `find_by_keys`. `beside`: as for
    `matching_articles`.
    """
    keys = article_keys(db, record) if keys is None else keys
    ids = find_by_keys(db, keys, feed_id)
    if not ids:
        return Match()
    return matching_articles(record, keys, ids, merged_records(db, ids.values()), beside)


def merged_records(db: sqlite_utils.Database, article_ids: Collection[int]) -> dict[int, Record]:
    """Return the merged record of each article, by id."""
    rows = _packed(db, article_ids)
    return {article_id: packing.record_in(packed, title) for article_id, title, packed in rows}


def texts(db: sqlite_utils.Database, article_ids: Collection[int]) -> dict[int, Text]:
    """Return title and abstract of each article, by id; unknown ids are left out.

    For many at once: nothing else of a record is read, which takes about 0.05 ms an article.
    """
    return {
        article_id: Text(title, _abstract(packing.values_in(packed)))
        for article_id, title, packed in _packed(db, article_ids)
    }


def source_records(db: sqlite_utils.Database, article_id: int) -> dict[str, Record]:
    """Return what each source says of an article, by the name under which it is kept."""
    found = {}
    for _, title, packed in _packed(db, [article_id]):
        found = packing.said_in(packed, title)
    return found


def later_records(db: sqlite_utils.Database, article_id: int, other_id: int) -> dict[str, Record]:
    """Return what sources said of another article, without what they said of this one at least as late."""
    rows = db.conn.execute(
        """
        SELECT source FROM records AS theirs WHERE article_id = ? AND NOT EXISTS (
            SELECT 1 FROM records AS mine WHERE mine.article_id = ? AND mine.source = theirs.source
                AND mine.fetched_at >= theirs.fetched_at
        )
        """,
        [other_id, article_id],
    )
    later = [str(source) for (source,) in rows]
    said = source_records(db, other_id) if later else {}
    return {source: said[source] for source in later}


def _packed(db: sqlite_utils.Database, article_ids: Collection[int]) -> Iterator[tuple[int, str, bytes]]:
    return db.conn.execute(
        "SELECT id, title, packed FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(article_ids))],
    )


def _abstract(values: Mapping[str, Any]) -> str:
    return "\n".join(section["text"] for section in values.get("abstract", ()))


# Writing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that is not stored yet.

    `records`: what sources say of it, by the name under which that is kept. `feed_id`: the feed whose
    subscribers alone have it; None = it is everybody's. `keys`: those by which it is found; None = those of
    its records. `wrong`: identifiers (keys) that feeds give it and that another work has.
    """

    records: Mapping[str, Record]
    feed_id: int | None = None
    keys: Sequence[str] | None = None
    wrong: Collection[str] = ()


def create(
    db: sqlite_utils.Database,
    records: Mapping[str, Record],
    guild_ids: Collection[int],
    now: datetime,
    *,
    feed_id: int | None = None,
) -> int:
    """Store one new article as `create_many` does, and return its id."""
    [article_id] = create_many(db, [NewArticle(records, feed_id)], guild_ids, now)
    return article_id


def create_many(
    db: sqlite_utils.Database, new: Iterable[NewArticle], guild_ids: Collection[int], now: datetime
) -> dict[int, Record]:
    """Store new articles for these servers, in this order; return their merged records by id.

    They are due for enrichment. The caller has made sure that no article has one of their keys, except a
    title's, which then identifies neither. All rows of a table are written together, those of the indexes
    last, because FTS5 writes what it has gathered to disk whenever another statement is undone or upserts.
    """
    guild_ids = set(guild_ids)
    instant = to_text(now)
    found: dict[int, Record] = {}
    rows, stamps, keys, days = [], [], [], []
    for article_id, each in enumerate(new, next_id(db)):
        record, provenance = merge(each.records)
        found[article_id] = record
        packed = packing.pack(record, provenance, each.records)
        aside, is_searched = aside_of(record), bool(guild_ids)
        rows.append((article_id, *_shown(record), instant, instant, each.feed_id, aside, is_searched, packed))
        stamps += [(article_id, *_heard(source, said, now)) for source, said in each.records.items()]
        own_keys = _keys_of_new(db, record, each) if each.keys is None else each.keys
        keys += [(key, each.feed_id or 0, article_id) for key in own_keys]
        days.append((article_id, _day(record, now)))
    known = [(guild_id, article_id, instant) for article_id in found for guild_id in guild_ids]
    write = db.conn.executemany
    write(_ADD_ARTICLE, rows)
    write(_STAMP, stamps)
    write(ADD_KEY, keys)
    write(_NOTE_DAY, days)
    write("INSERT INTO guild_articles (guild_id, article_id, since) VALUES (?, ?, ?)", known)
    search_index.add(
        db, {article_id: search_index.searched(record, guild_ids) for article_id, record in found.items()}
    )
    return found


def next_id(db: sqlite_utils.Database) -> int:
    """Return the id of the next article that is created."""
    row = db.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    return int(row[0]) + 1 if row else 1


_ADD_ARTICLE = """
    INSERT INTO articles (
        id, title, journal, published_on, first_seen_at, next_enrichment_at, feed_id, aside, is_searched,
        packed
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_STAMP = """
    INSERT INTO records (article_id, source, fetched_at, next_check_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (article_id, source) DO UPDATE SET fetched_at = excluded.fetched_at,
        next_check_at = excluded.next_check_at
"""
_NOTE_DAY = """
    INSERT INTO article_days (article_id, day) VALUES (?, ?)
    ON CONFLICT (article_id) DO UPDATE SET day = excluded.day WHERE day <> excluded.day
"""


def _keys_of_new(db: sqlite_utils.Database, record: Record, new: NewArticle) -> Sequence[str]:
    said = list(new.records.values())
    # One source's record has all the keys of what is made of it.
    return keys_of_all(db, said if len(said) == 1 else [record, *said])


def keep_records(
    db: sqlite_utils.Database, article_id: int, records: Mapping[str, Record], now: datetime
) -> None:
    """Keep what sources say now, in place of what each said before. Does not merge."""
    for source, record in records.items():
        _stamp(db, article_id, source, record, now)
    replace_records(db, article_id, records)


def replace_records(db: sqlite_utils.Database, article_id: int, records: Mapping[str, Record]) -> None:
    """Correct what sources have said. Does not merge."""
    if not records:
        return
    [(_, title, packed)] = _packed(db, [article_id])
    said = {**packing.said_in(packed, title), **records}
    _write(db, article_id, packing.record_in(packed, title), packing.provenance_in(packed), said)


def _stamp(db: sqlite_utils.Database, article_id: int, source: str, record: Record, now: datetime) -> None:
    """Note when a source was heard, and when it is to be heard again."""
    db.conn.execute(_STAMP, (article_id, *_heard(source, record, now)))


def _heard(source: str, record: Record, now: datetime) -> tuple[str, str, str | None]:
    return source, to_text(now), to_optional_text(next_record_check_at(source, record, now))


def _write(
    db: sqlite_utils.Database,
    article_id: int,
    record: Record,
    provenance: Mapping[str, str],
    said: Mapping[str, Record],
) -> None:
    db.conn.execute(
        "UPDATE articles SET packed = ? WHERE id = ?", [packing.pack(record, provenance, said), article_id]
    )


def add_keys(db: sqlite_utils.Database, article_id: int, keys: Iterable[str]) -> None:
    """Let an article be found by `keys`. An identifier that another article has stays there.

    A title's key that another article has identifies neither from now on.
    """
    [[feed_id]] = db.conn.execute("SELECT coalesce(feed_id, 0) FROM articles WHERE id = ?", [article_id])
    db.conn.executemany(ADD_KEY, [(key, feed_id, article_id) for key in keys])


ADD_KEY = f"""
    INSERT INTO article_keys (key, feed_id, article_id) VALUES (?, ?, ?)
    ON CONFLICT (key, feed_id) DO UPDATE SET article_id = NULL
    WHERE key LIKE '{TITLE}:%' AND article_id <> excluded.article_id
"""  # noqa: S608  # a constant
"""Values: the key, the article's feed or 0, the article."""


def keys_of_all(db: sqlite_utils.Database, records: Iterable[Record]) -> tuple[str, ...]:
    """Return the keys of several records of one article, best first."""
    return tuple(dict.fromkeys(key for record in records for key in article_keys(db, record)))


def rewrite(
    db: sqlite_utils.Database, article_id: int, record: Record, provenance: Mapping[str, str]
) -> None:
    """Write an article's merged record and what is searched of it; the index is touched only if need be."""
    said = source_records(db, article_id)
    [[first_seen_at]] = db.conn.execute("SELECT first_seen_at FROM articles WHERE id = ?", [article_id])
    with indexing(db, [article_id]):
        db.conn.execute(
            "UPDATE articles SET title = ?, journal = ?, published_on = ?, aside = ? WHERE id = ?",
            [*_shown(record), aside_of(record), article_id],
        )
        _write(db, article_id, record, provenance, said)
    _note_day(db, article_id, record, to_instant(first_seen_at))


def note_abstract(db: sqlite_utils.Database, article_id: int, added_at: datetime | None) -> None:
    """Remember when an abstract came that was not there at first; None: there is none any more."""
    db.conn.execute(
        "UPDATE articles SET abstract_added_at = ? WHERE id = ?", [to_optional_text(added_at), article_id]
    )


def make_known(
    db: sqlite_utils.Database, guild_ids: Collection[int], article_ids: Iterable[int], now: datetime
) -> None:
    """Let these servers find these articles from now on."""
    wanted = list(dict.fromkeys(article_ids))
    rows = db.conn.execute(
        "SELECT guild_id, article_id FROM guild_articles"
        " WHERE article_id IN (SELECT value FROM json_each(?))",
        [json.dumps(wanted)],
    )
    known = set(rows)
    missing = [
        (guild_id, article_id)
        for article_id in wanted
        for guild_id in set(guild_ids)
        if (guild_id, article_id) not in known
    ]
    if not missing:
        return
    with indexing(db, {article_id for _, article_id in missing}):
        db.conn.executemany(
            "INSERT INTO guild_articles (guild_id, article_id, since) VALUES (?, ?, ?)",
            [(*each, to_text(now)) for each in missing],
        )


def is_known(db: sqlite_utils.Database, guild_id: int, article_id: int) -> bool:
    """Say whether a server finds this article, or the one that it was merged into; see `twins.own`."""
    statement = """
        SELECT 1 FROM guild_articles WHERE guild_id = ?
            AND article_id = (SELECT coalesce(merged_into, id) FROM articles WHERE id = ?)
    """
    return db.conn.execute(statement, [guild_id, article_id]).fetchone() is not None


def absorb(db: sqlite_utils.Database, article_id: int, other_id: int) -> None:
    """Merge article `other_id` into `article_id`, because they are one work. Does not merge records.

    All that named the other now names the one: keys, records (of one source the later), entries, servers
    and deliveries. Where a destination has both, the delivery that got further stays; the other is
    dropped if it was never tried, else it stays with the old id, which `get` still understands.
    """
    ids = {"one": article_id, "other": other_id}
    join_deliveries(db, article_id, other_id)
    replace_records(db, article_id, later_records(db, article_id, other_id))
    with indexing(db, [article_id, other_id]):
        for statement in _ABSORB:
            db.conn.execute(statement, ids)
    found = merged_records(db, [article_id, other_id])
    _write(db, other_id, found[other_id], {}, {})
    [[first_seen_at]] = db.conn.execute("SELECT first_seen_at FROM articles WHERE id = ?", [article_id])
    _note_day(db, article_id, found[article_id], to_instant(first_seen_at))


def join_deliveries(
    db: sqlite_utils.Database, article_id: int, other_id: int, guild_id: int | None = None
) -> None:
    """Let the deliveries of `other_id` be of `article_id`, as `absorb` says; None = those of all servers.

    So that topics look at it again, its arrivals too.
    """
    ids = {"one": article_id, "other": other_id, "guild": guild_id}
    for statement in _JOIN_DELIVERIES:
        db.conn.execute(statement, ids)


_FURTHEST = """
    CASE state WHEN 'sent' THEN 0 WHEN 'sending' THEN 1 WHEN 'uncertain' THEN 2 WHEN 'parked' THEN 3
        WHEN 'held' THEN 4 WHEN 'pending' THEN 5
        WHEN 'collected' THEN 6 ELSE 7 END
"""
# Of two deliveries in one channel, the one that did not get as far and was never tried.
_DROPPED = f"""
    SELECT id FROM (
        SELECT id, nonce, state, row_number() OVER (
            PARTITION BY channel_id ORDER BY {_FURTHEST}, nonce IS NULL, article_id <> :one, id
        ) AS place
        FROM deliveries WHERE article_id IN (:one, :other) AND (:guild IS NULL OR guild_id = :guild)
    ) WHERE place > 1 AND nonce IS NULL AND state <> 'sent'
"""  # noqa: S608  # a constant above
_JOIN_DELIVERIES = (
    # What stays is posted on behalf of the topics of both.
    f"""
    INSERT INTO delivery_topics (delivery_id, subscription_id)
    SELECT kept.id, named.subscription_id FROM deliveries AS dropped
    CROSS JOIN delivery_topics AS named ON named.delivery_id = dropped.id
    CROSS JOIN deliveries AS kept ON kept.article_id IN (:one, :other)
        AND kept.channel_id = dropped.channel_id AND kept.id NOT IN ({_DROPPED})
    WHERE dropped.article_id IN (:one, :other) AND +dropped.id IN ({_DROPPED})
    ON CONFLICT DO NOTHING
    """,  # noqa: S608  # a constant above
    f"DELETE FROM delivery_topics WHERE delivery_id IN ({_DROPPED})",  # noqa: S608  # a constant above
    f"DELETE FROM deliveries WHERE id IN ({_DROPPED})",  # noqa: S608  # a constant above
    """
    UPDATE deliveries SET article_id = :one
    WHERE article_id = :other AND (:guild IS NULL OR guild_id = :guild) AND channel_id NOT IN (
        SELECT channel_id FROM deliveries WHERE article_id = :one
    )
    """,
    # Tried, and not the one that stays: nothing more is done about it.
    """
    UPDATE deliveries SET state = 'skipped', reason = 'same_article', waits_for_abstract = 0,
        digest_id = NULL
    WHERE article_id = :other AND (:guild IS NULL OR guild_id = :guild)
        AND state IN ('pending', 'collected', 'held', 'parked')
    """,
    """
    INSERT INTO arrivals (article_id, guild_id, arrived_at, is_suspect)
    SELECT :one, guild_id, arrived_at, is_suspect FROM arrivals
    WHERE article_id = :other AND (:guild IS NULL OR guild_id = :guild)
    ON CONFLICT (article_id, guild_id) DO UPDATE SET arrived_at = min(arrived_at, excluded.arrived_at),
        is_suspect = min(is_suspect, excluded.is_suspect), examined_at = NULL
    """,
    "DELETE FROM arrivals WHERE article_id = :other AND (:guild IS NULL OR guild_id = :guild)",
)
_ABSORB = (
    "UPDATE article_keys SET article_id = :one WHERE article_id = :other",
    "UPDATE entries SET article_id = :one WHERE article_id = :other",
    """
    INSERT INTO records (article_id, source, fetched_at, next_check_at)
    SELECT :one, source, fetched_at, next_check_at FROM records WHERE article_id = :other
    ON CONFLICT (article_id, source) DO UPDATE SET fetched_at = excluded.fetched_at,
        next_check_at = excluded.next_check_at
    WHERE excluded.fetched_at > records.fetched_at
    """,
    "DELETE FROM records WHERE article_id = :other",
    """
    INSERT INTO wrong_identifiers (article_id, key, found_at)
    SELECT :one, key, found_at FROM wrong_identifiers WHERE article_id = :other
    ON CONFLICT (article_id, key) DO NOTHING
    """,
    "DELETE FROM wrong_identifiers WHERE article_id = :other",
    """
    INSERT INTO guild_articles (guild_id, article_id, since)
    SELECT guild_id, :one, since FROM guild_articles WHERE article_id = :other
    ON CONFLICT (guild_id, article_id) DO UPDATE SET since = min(since, excluded.since)
    """,
    "DELETE FROM guild_articles WHERE article_id = :other",
    "DELETE FROM article_days WHERE article_id = :other",
    "UPDATE articles SET merged_into = :one WHERE merged_into = :other",
    """
    UPDATE articles SET first_seen_at = min(
        first_seen_at, (SELECT first_seen_at FROM articles WHERE id = :other)
    ) WHERE id = :one
    """,
    "UPDATE articles SET merged_into = :one, next_enrichment_at = NULL WHERE id = :other",
)


def merge(records: Mapping[str, Record]) -> tuple[Record, dict[str, str]]:
    """Return the merged record of an article and its provenance; `records` by source name.

    Several feeds speak as one: to the precedence of sources each of them is just "feed".
    """
    feeds = {name: each for name, each in records.items() if is_feed(name)}
    others = {name: each for name, each in records.items() if name not in feeds}
    if len(feeds) > 1:
        others[FEED] = merge_records(feeds)[0]
    elif feeds:
        others[FEED] = next(iter(feeds.values()))
    return merge_records(others)


# Rows -------------------------------------------------------------------------------------------------


@contextmanager
def indexing(db: sqlite_utils.Database, article_ids: Collection[int]) -> Iterator[None]:
    """Bring the index to what these articles are after the body, which changes texts or who knows them."""
    before = search_index.standing(db, article_ids)
    yield
    for article_id, after in search_index.of(db, article_ids).items():
        search_index.replace(db, article_id, before[article_id], after)
        if (before[article_id] is None) is not (after is None):
            db.conn.execute("UPDATE articles SET is_searched = NOT is_searched WHERE id = ?", [article_id])


def _shown(record: Record) -> tuple[str, str | None, str | None]:
    return record.title, record.journal, str(record.published_on) if record.published_on else None


def _note_day(db: sqlite_utils.Database, article_id: int, record: Record, first_seen_at: datetime) -> None:
    """Note where an article stands in lists that show the newest first."""
    db.conn.execute(_NOTE_DAY, (article_id, _day(record, first_seen_at)))


def _day(record: Record, first_seen_at: datetime) -> int:
    return listed_on(record.published_on, first_seen_at.date()).toordinal()


def _stamps(db: sqlite_utils.Database, article_ids: Collection[int]) -> dict[int, list[SourceStamp]]:
    """Return by article when each source was last heard, feeds as one, the latest first."""
    stamps: defaultdict[int, list[SourceStamp]] = defaultdict(list)
    rows = db.conn.execute(
        """
        SELECT article_id, CASE WHEN source LIKE 'feed:%' THEN 'feed' ELSE source END AS shown,
            max(fetched_at)
        FROM records WHERE article_id IN (SELECT value FROM json_each(?))
        GROUP BY article_id, shown ORDER BY max(fetched_at) DESC, shown
        """,
        [json.dumps(list(article_ids))],
    )
    for article_id, source, fetched_at in rows:
        stamps[article_id].append(SourceStamp(source, to_instant(fetched_at)))
    return stamps


def _to_article(row: Mapping[str, Any], stamps: Iterable[SourceStamp]) -> Article:
    return Article(
        id=row["id"],
        record=packing.record_in(row["packed"], row["title"]),
        provenance=packing.provenance_in(row["packed"]),
        sources=tuple(stamps),
        first_seen_at=to_instant(row["first_seen_at"]),
        abstract_added_at=to_optional_instant(row["abstract_added_at"]),
        next_enrichment_at=to_optional_instant(row["next_enrichment_at"]),
        enrichment_count=row["enrichment_count"],
    )
