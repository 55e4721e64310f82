"""Decides which entries of a parsed feed are new, changed or held. Pure: values in, a plan out.

    Known + ParsedFeed ──plan_update──▶ UpdatePlan                        this file
    articles + subscriptions ──plan_deliveries──▶ planned deliveries      delivery_plan.py

Between the two, storage saves the articles, because the search index evaluates the filters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from wetread.domain.identity import Match, is_another_work, matching_articles
from wetread.domain.models import Entry, PartialDate, Record
from wetread.feeds.entry_identity import SeenEntry, is_by_date, newest_first
from wetread.feeds.schedule import PollingPolicy

MOST_UPDATES = 24
"""How many changes of one entry are applied (faults.md B08): some feeds write a counter into each item."""

RECENT = timedelta(days=120)
FLOOD = 10
SMALLEST_FLOOD = 3
"""Up to that many entries at once are no flood, however small the feed is."""

MAY_HAVE_MISSED = (
    "The feed has none of its earlier entries any more, so Wetread may have missed some articles."
)


@dataclass(frozen=True, slots=True)
class UpdatePolicy:
    """The operator's settings for updates; a server's own settings override the last two.

    `abstract_wait`: how long a post waits for an abstract. `skipped_types`: publication types that are
    not posted, in MEDLINE's words ("Letter"); followed by " without abstract" only those without one.
    """

    polling: PollingPolicy = field(default_factory=PollingPolicy)
    abstract_wait: timedelta = timedelta(hours=24)
    skipped_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry as it was stored last."""

    article_id: int
    content_hash: str
    update_count: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What storage knows about one document's entries.

    `entries`: this feed's, by guid. `article_ids`: everybody's articles by key; `own_article_ids`: those that
    only the feed's subscribers have. `records`: the merged record of each article in those three. `carried`:
    which of them this feed has had before, under any guid. `has_history`: an entry of this feed was seen
    before. Known, unchanged entries need only `entries`.
    """

    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    article_ids: Mapping[str, int] = field(default_factory=dict)
    records: Mapping[int, Record] = field(default_factory=dict)
    carried: frozenset[int] = frozenset()
    has_history: bool = False
    own_article_ids: Mapping[str, int] = field(default_factory=dict)

    def articles_for(self, seen: SeenEntry) -> Mapping[str, int]:
        """Return the articles by key that an entry may be about."""
        return self.article_ids if seen.is_vouched else self.own_article_ids


class Novelty(StrEnum):
    """Whether an entry is new to its feed."""

    NEW = "new"  # an article that this feed has not had before
    RENAMED = "renamed"  # an article that it has had, under another guid
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry of the document and its novelty.

    `article_id` None = an article that was not stored before; several entries may be about it.
    """

    seen: SeenEntry
    novelty: Novelty
    article_id: int | None = None
    is_suspect: bool = False  # the flood guard holds it
    wrong: tuple[str, ...] = ()  # identifiers (keys) of the entry that another work has


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What to store: one sighting per entry, newest entry first."""

    sightings: tuple[Sighting, ...]
    may_have_missed: bool = False


def plan_update(seen: Sequence[SeenEntry], known: Known, now: datetime) -> UpdatePlan:
    """Return for each entry of a document whether it is new, renamed or changed, and whether it must be held.

    `seen` has the entries in the document's order. Only identity decides what is new, never dates or order;
    an entry that left the feed is still known when it comes back.
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
    """Recognises entries one after the other, and so notices two entries about one article."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._present = {entry.article_id for entry in known.entries.values()}
        # What this document has shown so far, numbered as if each were an article.
        self._shown: dict[str, int] = {}
        self._shown_records: dict[int, Record] = {}

    def sighting(self, seen: SeenEntry) -> Sighting:
        known, record = self._known, seen.entry.record
        entry = known.entries.get(seen.entry.guid)
        if entry and entry.content_hash == seen.content_hash:
            return Sighting(seen, Novelty.UNCHANGED, entry.article_id)
        if entry and not is_another_work(record, known.records[entry.article_id]):
            is_applied = entry.update_count < MOST_UPDATES
            return Sighting(seen, Novelty.UPDATED if is_applied else Novelty.UNCHANGED, entry.article_id)
        match = self._match(seen)
        is_shown = self._is_shown(seen)
        is_carried = is_shown or not known.carried.isdisjoint(match.article_ids)
        novelty = Novelty.RENAMED if is_carried else Novelty.NEW
        return Sighting(seen, novelty, next(iter(match.article_ids), None), wrong=match.wrong)

    def _match(self, seen: SeenEntry) -> Match:
        known, record = self._known, seen.entry.record
        match = matching_articles(record, seen.sure_keys, known.articles_for(seen), known.records)
        if match.article_ids:
            return match
        # Two entries side by side are two articles, even with the same title and date, such as letters.
        by_date = [key for key in seen.keys if is_by_date(key)]
        dated = matching_articles(record, by_date, known.articles_for(seen), known.records)
        absent = tuple(article_id for article_id in dated.article_ids if article_id not in self._present)
        return Match(absent, match.wrong)

    def _is_shown(self, seen: SeenEntry) -> bool:
        """Return whether an earlier entry is about the same article; remember this one's keys."""
        shown = matching_articles(seen.entry.record, seen.sure_keys, self._shown, self._shown_records)
        number = next(iter(shown.article_ids), len(self._shown_records))
        self._shown_records.setdefault(number, seen.entry.record)
        for key in seen.sure_keys:
            self._shown.setdefault(key, number)
        return bool(shown.article_ids)


def _held(sighting: Sighting) -> Sighting:
    return replace(sighting, is_suspect=True)


def _is_expected(entry: Entry, now: datetime) -> bool:
    """Return whether the flood guard lets a new entry through: it has an identifier and a recent date.

    The day of an issue is no flood (faults.md B07). Any identifier counts: ScienceDirect's feeds have PIIs
    and no DOIs, arXiv's have their own ids.
    """
    record = entry.record
    if not (record.doi or record.pmid or record.pmcid or record.pii or record.arxiv):
        return False
    dates = [_latest_day(date) for date in (record.online_on, record.issue_on) if date]
    dates += [entry.published_at] if entry.published_at else []
    return any(date >= now - RECENT for date in dates)


def is_old(date: PartialDate, now: datetime) -> bool:
    """Return whether a date is older than what the flood guard lets through."""
    return _latest_day(date) < now - RECENT


def _latest_day(date: PartialDate) -> datetime:
    """Return an instant no earlier than any day that a partial date may mean."""
    if date.month and date.day:
        return datetime(date.year, date.month, date.day, 23, 59, tzinfo=UTC)
    year, month = (date.year, date.month + 1) if date.month else (date.year + 1, 1)
    return datetime(year + (month > 12), 1 if month > 12 else month, 1, tzinfo=UTC)
