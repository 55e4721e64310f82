"""A feed's document becomes articles, entries and deliveries. All in the caller's transaction."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.models import Entry, Record
from wetread.domain.record_sources import FEED
from wetread.feeds import entry_identity, planner
from wetread.feeds.delivery_plan import Candidate
from wetread.feeds.entry_identity import SeenEntry
from wetread.feeds.planner import Known, KnownEntry, Novelty, Sighting, UpdatePolicy
from wetread.storage import articles, handing_out, records, restore
from wetread.storage.articles import NewArticle
from wetread.storage.handing_out import Document
from wetread.storage.journal_names import is_publisher, journal_key
from wetread.storage.rows import to_text


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """What a document brought; see `feeds.FeedUpdate`."""

    new_count: int = 0
    updated_count: int = 0
    pending_count: int = 0
    held_count: int = 0
    is_handed_out: bool = True
    may_have_missed: bool = False
    warnings: tuple[str, ...] = ()


NOTHING = EntryCounts()


def record(
    db: sqlite_utils.Database,
    feed_id: int,
    entries: Sequence[Entry],
    now: datetime,
    policy: UpdatePolicy,
    *,
    urls: Collection[str],
    is_whole: bool = True,
) -> EntryCounts:
    """Store the entries of a feed document, and create deliveries for matching subscriptions.

    `urls`: the feed's address, and that from which the document came. `is_whole`: no other part of the
    document follows, so that whoever waited for it runs from now on.
    """
    seen, known = _known(db, feed_id, _distinct(entries), urls)
    plan = planner.plan_update(seen, known, now)
    novelties = [sighting.novelty for sighting in plan.sightings]
    new_count = novelties.count(Novelty.NEW)
    wanted_by = handing_out.concerned(db, feed_id, has_new=new_count > 0)
    is_much = handing_out.is_much(db, feed_id, wanted_by, len(novelties), new_count)
    guild_ids = set() if is_much else {subscription.guild_id for subscription in wanted_by}
    candidates, new = _save(_Saver(db, feed_id, guild_ids, now, policy.skipped_types), plan.sightings)
    has_starting = handing_out.has_starting(db, feed_id)
    document = Document(
        feed_id,
        tuple(each for each in candidates if each.is_new or has_starting),
        now,
        policy.skipped_types,
        policy.abstract_wait,
        must_look=restore.must_look(db, feed_id),
        is_whole=is_whole,
    )
    if is_much:
        part = handing_out.in_parts(db, document)
    else:
        part = handing_out.at_once(db, document, wanted_by, new)
    return EntryCounts(
        new_count=new_count,
        updated_count=len(novelties) - new_count - novelties.count(Novelty.UNCHANGED),
        pending_count=part.pending_count,
        held_count=part.held_count,
        is_handed_out=part.is_last,
        may_have_missed=plan.may_have_missed,
        warnings=(planner.MAY_HAVE_MISSED,) if plan.may_have_missed else (),
    )


def start(db: sqlite_utils.Database, feed_id: int) -> None:
    """Let the subscriptions that waited for a document of this feed run from now on."""
    db.conn.execute(
        "UPDATE subscriptions SET starts_with = NULL"
        " WHERE feed_id = ? AND removed_at IS NULL AND paused_at IS NULL AND starts_with IS NOT NULL",
        [feed_id],
    )


def start_unchanged(db: sqlite_utils.Database, feed_ids: Sequence[int]) -> None:
    """Let subscriptions that waited run from now on, except those that want some of the newest.

    For feeds that have nothing new. Where a document is still being handed out, they start with that."""
    db.conn.execute(
        "UPDATE subscriptions SET starts_with = NULL"
        " WHERE feed_id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL AND paused_at IS NULL"
        " AND starts_with = 0 AND feed_id NOT IN (SELECT feed_id FROM handouts)",
        [json.dumps(list(feed_ids))],
    )


def _distinct(entries: Sequence[Entry]) -> list[Entry]:
    """The first of each guid: the parser tells entries apart, so that a second one says nothing new."""
    return list({entry.guid: entry for entry in reversed(entries)}.values())[::-1]


def _known(
    db: sqlite_utils.Database, feed_id: int, shown: Sequence[Entry], urls: Collection[str]
) -> tuple[list[SeenEntry], Known]:
    """Return the entries with the keys that identify them and what is stored about them.

    Of entries that have not changed, only that is looked up, since most of most documents is that.
    """
    rows = db.conn.execute(
        "SELECT guid, article_id, content_hash, update_count FROM entries"
        " WHERE feed_id = ? AND guid IN (SELECT value FROM json_each(?))",
        [feed_id, json.dumps([entry.guid for entry in shown])],
    )
    entries = {str(guid): KnownEntry(*rest) for guid, *rest in rows}
    seen, unclear = [], []
    for entry in shown:
        known = entries.get(entry.guid)
        if known and known.content_hash == entry_identity.hash_of(entry):
            seen.append(SeenEntry(entry, (), known.content_hash))
        else:
            is_vouched = entry.record.source != FEED or all(
                is_publisher(db, url, entry.record) for url in urls
            )
            key = journal_key(db, entry.record)
            unclear.append(entry_identity.see(feed_id, entry, key, is_vouched=is_vouched))
            seen.append(unclear[-1])
    if not unclear:
        return seen, Known(entries, has_history=bool(entries))
    ids = articles.find_by_keys(db, {key for each in unclear if each.is_vouched for key in each.keys})
    own_keys = {key for each in unclear if not each.is_vouched for key in each.keys}
    own_ids = articles.find_by_keys(db, own_keys, feed_id)
    named = {*ids.values(), *own_ids.values()}
    named |= {entries[each.entry.guid].article_id for each in unclear if each.entry.guid in entries}
    carried = db.conn.execute(
        "SELECT DISTINCT article_id FROM entries"
        " WHERE feed_id = ? AND article_id IN (SELECT value FROM json_each(?))",
        [feed_id, json.dumps(list(named))],
    )
    has_history = db.conn.execute("SELECT EXISTS (SELECT 1 FROM entries WHERE feed_id = ?)", [feed_id])
    return seen, Known(
        entries,
        ids,
        articles.merged_records(db, named),
        frozenset(int(row[0]) for row in carried),
        bool(has_history.fetchone()[0]),
        own_ids,
    )


def _save(saver: "_Saver", plan: Sequence[Sighting]) -> tuple[list[Candidate], dict[int, Record]]:
    """Write what is new or changed, oldest first, and return the document's articles, newest first.

    Beside them, by id, the records of those that are new.
    """
    saved = [saver.save(sighting) for sighting in reversed(plan)][::-1]
    saver.create_waiting()
    ids = [saver.living(article_id) for article_id in saved]
    saver.write_entries(plan, ids)
    candidates: dict[int, Candidate] = {}
    for sighting, article_id in zip(plan, ids, strict=True):
        known = candidates.get(article_id)
        if known is None or (sighting.novelty is Novelty.NEW and not known.is_new):
            is_new = sighting.novelty is Novelty.NEW
            candidates[article_id] = Candidate(article_id, is_new, sighting.is_suspect)
    return list(candidates.values()), saver.new


class _Saver:
    """Saves the sightings of one plan, and knows which articles turned out to be one meanwhile.

    New articles wait, to be written together, until something asks for what is stored. `new`: the records of
    new ones that are as they were written, by id.
    """

    def __init__(
        self,
        db: sqlite_utils.Database,
        feed_id: int,
        guild_ids: set[int],
        now: datetime,
        skipped_types: tuple[str, ...],
    ) -> None:
        self._db = db
        self._feed_id = feed_id
        self._guild_ids = guild_ids
        self._now = now
        self._skipped_types = skipped_types
        self._became: dict[int, int] = {}
        self._waiting: list[NewArticle] = []
        self._next_id = 0
        self._new_keys: set[str] = set()
        self.new: dict[int, Record] = {}

    def save(self, sighting: Sighting) -> int:
        """Write what one entry says; return its article's id."""
        record = sighting.seen.entry.record
        known, wrong = sighting.article_id, set(sighting.wrong)
        feed_id = None if sighting.seen.is_vouched else self._feed_id
        if known is None and not self._new_keys.isdisjoint(sighting.seen.sure_keys):
            # Another entry of this document may have brought it just now.
            self.create_waiting()
            match = articles.match(self._db, record, sighting.seen.sure_keys, feed_id=feed_id)
            known = next(iter(match.article_ids), None)
            wrong = {*wrong, *match.wrong}
        if sighting.article_id is not None and (
            sighting.novelty is Novelty.UNCHANGED or not self._may_change(sighting.article_id, feed_id)
        ):
            return sighting.article_id
        # A query brings a source's own records, which are kept as what they are.
        is_feeds = record.source == FEED
        said = {articles.feed_source(self._feed_id) if is_feeds else record.source: record}
        self._new_keys.update(sighting.seen.keys)
        if known is None:
            return self._create(NewArticle(said, feed_id, sighting.seen.keys, wrong))
        self.create_waiting()
        change = records.add_records(
            self._db, self.living(known), said, self._now, wrong=wrong, skipped_types=self._skipped_types
        )
        article_id = change.article_id
        self._became |= dict.fromkeys(change.absorbed, article_id)
        articles.add_keys(self._db, article_id, sighting.seen.keys_in_feed)
        self.new.clear()  # what follows from a record may reach any of them
        return article_id

    def _create(self, new: NewArticle) -> int:
        """Let a new article wait to be written; return the id that it will have."""
        if not self._waiting:
            self._next_id = articles.next_id(self._db)
        self._waiting.append(new)
        return self._next_id + len(self._waiting) - 1

    def create_waiting(self) -> None:
        """Write the new articles that wait."""
        if self._waiting:
            created = records.create(self._db, self._waiting, self._guild_ids, self._now)
            self.new = self.new | created if created else {}
            self._waiting = []

    def _may_change(self, article_id: int, feed_id: int | None) -> bool:
        """Whether the entry may change this article: its feed's own, or everybody's if vouched for."""
        return articles.feed_of(self._db, self.living(article_id)) in (self._feed_id, feed_id)

    def living(self, article_id: int) -> int:
        """Return the id of the article that this one has become part of, or its own."""
        while article_id in self._became:
            article_id = self._became[article_id]
        return article_id

    def write_entries(self, plan: Sequence[Sighting], article_ids: Sequence[int]) -> None:
        """Store the entries that are new or have changed, each with its article's id.

        All at once: each single upsert would make FTS5 write what it has gathered to disk.
        """
        instant = to_text(self._now)
        self._db.conn.executemany(
            """
            INSERT INTO entries (feed_id, guid, article_id, first_seen_at, content_hash)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (feed_id, guid) DO UPDATE SET article_id = excluded.article_id,
                content_hash = excluded.content_hash, update_count = update_count + 1
            """,
            [
                (self._feed_id, each.seen.entry.guid, article_id, instant, each.seen.content_hash)
                for each, article_id in zip(plan, article_ids, strict=True)
                if each.novelty is not Novelty.UNCHANGED
            ],
        )
