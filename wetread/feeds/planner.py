"""Decides what of a parsed feed is new, and who is owed it. Pure: values in, a plan out.

    Known + ParsedFeed ──plan_update──▶ UpdatePlan          what each entry is: new, seen, changed, held
    Candidates + Subscriptions ──plan_deliveries──▶ Owed     what becomes of it at each destination

Between the two, storage saves the articles, because a filter is asked of the search index.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from wetread.domain.identifiers import is_front_matter, is_generic_title, keys_of
from wetread.domain.identity import are_different_works, matching_articles
from wetread.domain.models import DeliveryState, Entry, PartialDate, Reason, Record, Subscription
from wetread.domain.publication_types import expects_abstract
from wetread.domain.serialise import record_to_json
from wetread.domain.text import fold
from wetread.feeds.schedule import PollingPolicy

MOST_UPDATES = 24
"""So many changes of one entry are heeded (faults.md B08): some feeds write a counter into each item."""

RECENT = timedelta(days=120)
FLOOD = 10
SMALLEST_FLOOD = 3
"""Up to so many entries at once are no flood, however small the feed is."""

MAY_HAVE_MISSED = "None of the entries seen before is in the feed any more, so some may have been missed."


@dataclass(frozen=True, slots=True)
class UpdatePolicy:
    """What an operator decides about updates; a server's own settings come before the last two.

    `abstract_wait`: how long a post waits for an abstract. `skipped_types`: publication types that are
    not posted, in MEDLINE's words ("Letter"); with " without abstract" behind it only those without one.
    """

    polling: PollingPolicy = field(default_factory=PollingPolicy)
    abstract_wait: timedelta = timedelta(hours=24)
    skipped_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry as it was last written."""

    article_id: int
    content_hash: str
    update_count: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What storage knows about one document's entries.

    `entries` by guid, of this feed; `article_ids` by key, over all feeds; `records` has each article that
    those two name, merged; `carried` are those of them that this feed has brought before, under any guid;
    `has_history`: an entry of this feed was seen before. Of entries that are known and unchanged, only
    `entries` is needed.
    """

    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    article_ids: Mapping[str, int] = field(default_factory=dict)
    records: Mapping[int, Record] = field(default_factory=dict)
    carried: frozenset[int] = frozenset()
    has_history: bool = False


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry of the document; `keys` are its article's, best first, and last those of this feed alone."""

    entry: Entry
    keys: tuple[str, ...]
    content_hash: str

    @property
    def sure_keys(self) -> tuple[str, ...]:
        """The keys that tell an article also from those beside it in one document."""
        return tuple(key for key in self.keys if not _is_by_date(key))


def see(feed_id: int, entry: Entry) -> SeenEntry:
    """Return the entry with what identifies it."""
    keys = (*keys_of(entry.record), *_keys_in_feed(feed_id, entry))
    return SeenEntry(entry, keys, content_hash(entry.record))


def content_hash(record: Record) -> str:
    """Return what changes when the content of an entry does.

    Its address is no part of that: PubMed, SAGE and others write a new one at each retrieval.
    """
    content = record_to_json(record)
    content.pop("url", None)
    return _hash(json.dumps(content, sort_keys=True))


def _keys_in_feed(feed_id: int, entry: Entry) -> list[str]:
    """Return what tells an entry without identifier within its feed if its guid changes (faults.md B02, B03).

    The same title and page, or the same title and date. Neither page nor date would do alone: some feeds
    give all entries one address, and a date many entries.
    """
    record = entry.record
    title = fold(record.title)
    if record.doi or record.pmid or not title or is_generic_title(record.title):
        return []
    page = _page(record.url)
    keys = [f"feed:{feed_id}:page:{_hash(title, page)}"] if page else []
    date = record.published_on or (entry.published_at and entry.published_at.date())
    return keys + ([f"feed:{feed_id}:{_BY_DATE}:{_hash(title, str(date))}"] if date else [])


_BY_DATE = "date"


def _is_by_date(key: str) -> bool:
    return key.startswith("feed:") and key.split(":")[2] == _BY_DATE


def _page(url: str | None) -> str | None:
    """Return an address without what changes about it: scheme, www., query, fragment, last slash."""
    if not url:
        return None
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url, flags=re.IGNORECASE | re.DOTALL).rstrip("/")


def _hash(*parts: str) -> str:
    content = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class Novelty(StrEnum):
    """What an entry is to its feed."""

    NEW = "new"  # an article that this feed has not brought before
    RENAMED = "renamed"  # an article that it has brought, under another guid
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry and what it is.

    `article_id` None = an article that nobody knew before this document, in which several entries may be
    about it.
    """

    seen: SeenEntry
    novelty: Novelty
    article_id: int | None = None
    is_suspect: bool = False  # the flood guard holds it


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What to write: one sighting per entry, newest entry first."""

    sightings: tuple[Sighting, ...]
    may_have_missed: bool = False


def plan_update(seen: Sequence[SeenEntry], known: Known, now: datetime) -> UpdatePlan:
    """Tell for each entry of a document whether it is new, renamed or changed, and whether it must be held.

    `seen` has the entries in the document's order. Identity alone decides what is new: neither dates nor
    the order of a feed do, and what has left a feed is still known when it comes back.
    """
    recogniser = _Recogniser(known)
    sightings = [recogniser.sighting(each) for each in newest_first(seen)]
    news = [each for each in sightings if each.novelty is Novelty.NEW]
    suspects = {id(each) for each in news if not _is_expected(each.seen.entry, now)}
    is_flood = len(suspects) > FLOOD or len(suspects) > max(SMALLEST_FLOOD, len(sightings) / 2)
    if is_flood:
        sightings = [_held(each) if id(each) in suspects else each for each in sightings]
    is_all_new = bool(sightings) and len(news) == len(sightings)
    return UpdatePlan(tuple(sightings), may_have_missed=is_all_new and known.has_history)


class _Recogniser:
    """Recognises one entry after the other, so that two of one document about one article are told."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._present = {entry.article_id for entry in known.entries.values()}
        self._shown: dict[str, Record] = {}

    def sighting(self, seen: SeenEntry) -> Sighting:
        known, record = self._known, seen.entry.record
        entry = known.entries.get(seen.entry.guid)
        if entry and entry.content_hash == seen.content_hash:
            return Sighting(seen, Novelty.UNCHANGED, entry.article_id)
        if entry and not _is_reused(record, known.records[entry.article_id]):
            is_heeded = entry.update_count < MOST_UPDATES
            return Sighting(seen, Novelty.UPDATED if is_heeded else Novelty.UNCHANGED, entry.article_id)
        articles = self._articles(seen)
        is_shown = self._is_shown(seen)
        is_carried = is_shown or not known.carried.isdisjoint(articles)
        novelty = Novelty.RENAMED if is_carried else Novelty.NEW
        return Sighting(seen, novelty, articles[0] if articles else None)

    def _articles(self, seen: SeenEntry) -> tuple[int, ...]:
        known, record = self._known, seen.entry.record
        articles = matching_articles(record, seen.sure_keys, known.article_ids, known.records)
        if articles:
            return articles
        # Two entries side by side are two, though title and date be the same: two letters, say.
        by_date = [key for key in seen.keys if _is_by_date(key)]
        articles = matching_articles(record, by_date, known.article_ids, known.records)
        return tuple(article_id for article_id in articles if article_id not in self._present)

    def _is_shown(self, seen: SeenEntry) -> bool:
        """Whether an entry before this one is about the same article; note what this one is known by."""
        others = [self._shown[key] for key in seen.sure_keys if key in self._shown]
        is_shown = any(not are_different_works(other, seen.entry.record) for other in others)
        for key in seen.sure_keys:
            self._shown.setdefault(key, seen.entry.record)
        return is_shown


def _is_reused(record: Record, known: Record) -> bool:
    """Whether a guid now names another article. A corrected DOI under the old title is the same one."""
    return are_different_works(record, known) and fold(record.title) != fold(known.title)


def _held(sighting: Sighting) -> Sighting:
    return replace(sighting, is_suspect=True)


def _is_expected(entry: Entry, now: datetime) -> bool:
    """An issue's day is no flood: an identifier not seen before and a recent date vouch for an entry (O2).

    Any identifier: ScienceDirect's feeds carry PIIs and no DOIs, arXiv's its own ids.
    """
    record = entry.record
    if not (record.doi or record.pmid or record.pmcid or record.pii or record.arxiv):
        return False
    dates = [_latest_day(date) for date in (record.online_on, record.issue_on) if date]
    dates += [entry.published_at] if entry.published_at else []
    return any(date >= now - RECENT for date in dates)


def is_old(date: PartialDate, now: datetime) -> bool:
    """Say whether something of that date is older than what the flood guard lets through."""
    return _latest_day(date) < now - RECENT


def _latest_day(date: PartialDate) -> datetime:
    """Return an instant no earlier than any day that a partial date may mean."""
    if date.month and date.day:
        return datetime(date.year, date.month, date.day, 23, 59, tzinfo=UTC)
    year, month = (date.year, date.month + 1) if date.month else (date.year + 1, 1)
    return datetime(year + (month > 12), 1 if month > 12 else month, 1, tzinfo=UTC)


def newest_first(seen: Sequence[SeenEntry]) -> list[SeenEntry]:
    """Return a document's entries, newest first: for readers, and to choose the newest; for nothing else.

    By date where each entry has one. Feeds list the newest first, which settles the rest.
    """
    if not all(each.entry.published_at for each in seen):
        return list(seen)
    return sorted(seen, key=lambda each: each.entry.published_at or _NEVER, reverse=True)


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the document, saved by now. `is_new` and `is_suspect` as its sighting says."""

    article_id: int
    is_new: bool
    is_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """What becomes of one article at one subscription's destination. `reason` None = it is posted."""

    subscription: Subscription
    article_id: int
    state: DeliveryState
    reason: Reason | None = None


Verdict = Callable[[Subscription, int], Reason | None]
"""Why a subscription does not want an article (by id), None = it does: its filter, the server's types."""


def plan_deliveries(
    candidates: Sequence[Candidate], subscriptions: Iterable[Subscription], verdict: Verdict
) -> list[Owed]:
    """Return what each subscription is owed, oldest first.

    `candidates` are newest first, each article once. A subscription that starts is owed the newest so
    many that it wants; all else is remembered as skipped. One that runs is owed what is new; one that is
    paused remembers it as skipped.
    """
    owed: list[Owed] = []
    for subscription in subscriptions:
        if subscription.paused_at is not None:
            owed += _skipped(subscription, candidates, Reason.PAUSED)
        elif subscription.starts_with is not None:
            owed += _starting(subscription, subscription.starts_with, candidates, verdict)
        else:
            owed += _running(subscription, candidates, verdict)
    age = {candidate.article_id: rank for rank, candidate in enumerate(reversed(candidates))}
    return sorted(owed, key=lambda each: age[each.article_id])


def _skipped(subscription: Subscription, candidates: Sequence[Candidate], reason: Reason) -> list[Owed]:
    return [
        Owed(subscription, each.article_id, DeliveryState.SKIPPED, reason)
        for each in candidates
        if each.is_new
    ]


def _starting(
    subscription: Subscription, wanted: int, candidates: Sequence[Candidate], verdict: Verdict
) -> list[Owed]:
    owed = []
    for each in candidates:
        reason = verdict(subscription, each.article_id) if wanted else Reason.BEFORE
        if reason is None:
            wanted -= 1
            owed.append(Owed(subscription, each.article_id, DeliveryState.PENDING))
        else:
            owed.append(Owed(subscription, each.article_id, DeliveryState.SKIPPED, reason))
    return owed


def _running(subscription: Subscription, candidates: Sequence[Candidate], verdict: Verdict) -> list[Owed]:
    owed = []
    for each in candidates:
        if not each.is_new:
            continue
        reason = verdict(subscription, each.article_id)
        if reason is not None:
            owed.append(Owed(subscription, each.article_id, DeliveryState.SKIPPED, reason))
        elif each.is_suspect:
            owed.append(Owed(subscription, each.article_id, DeliveryState.HELD, Reason.FLOOD))
        else:
            owed.append(Owed(subscription, each.article_id, DeliveryState.PENDING))
    return owed


def is_skipped_type(record: Record, skipped_types: Collection[str]) -> bool:
    """Say whether a publication is not posted for its type; see `UpdatePolicy.skipped_types`.

    Front matter never is, whatever a server chooses.
    """
    if not record.abstract and is_front_matter(record.title):
        return True
    types = {each.casefold() for each in record.types}
    for skipped in skipped_types:
        name, condition, _ = skipped.casefold().partition(" without abstract")
        if name in types and not (condition and record.abstract):
            return True
    return False


def waits_for_abstract(record: Record) -> bool:
    """Say whether an abstract may still come: there is none, and this kind of article has one."""
    return not record.abstract and not record.has_no_abstract and expects_abstract(record)
