"""Completes articles from the record sources: those that are due in batches, one article on demand."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from wetread.bibliography.enrichment_schedule import after_outage, next_enrichment_at
from wetread.bibliography.merge import merge_records
from wetread.bibliography.record_source import RecordRequest, RecordSource, identifiers_of, request_for
from wetread.bibliography.registry import Role, entry_of
from wetread.domain.batches import batches
from wetread.domain.clock import Clock
from wetread.domain.errors import RecordSourceError
from wetread.domain.identity import refusal, without
from wetread.domain.models import Article, Record
from wetread.domain.publication_types import expects_abstract, is_preprint
from wetread.domain.record_sources import MERGED
from wetread.storage import records
from wetread.storage.database import Database

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""The most articles of one round, which is the most that PubMed returns in one answer."""

JUST_NOW = timedelta(minutes=30)
"""A source whose record is younger, because a query brought it, is not asked for it again."""

_INDEXES = (Role.EVERY_ARTICLE, Role.INDEX)
"""While one of these is down, nobody can say that an article or its abstract does not exist."""

_SMALLER_BATCH = 20  # for sources that may need one request per article: an outage loses the whole batch
_BAD_ANSWERS = ("unreadable", "status")


@dataclass(slots=True)
class _Progress:
    """An article in a round: what is known of it now, the records found, and the sources that failed."""

    article: Article
    known: Record
    found: dict[str, Record] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def learn(self, source: str, record: Record) -> None:
        """Add what a source says. A record of another work only shows which identifiers are wrong."""
        self.found[source] = record
        wrong, is_refused = refusal(self.known, record)
        self.known = without(self.known, wrong)
        if not is_refused:
            self.known = merge_records({MERGED: self.known, source: record})[0]


class Enricher:
    """Asks the record sources in order, saves their records, and sets when each article is due again."""

    def __init__(
        self,
        database: Database,
        sources: Sequence[RecordSource],
        clock: Clock,
        *,
        skipped_types: tuple[str, ...] = (),
    ) -> None:
        """`skipped_types` as for `records.add_records`."""
        self._database = database
        self._sources = sources
        self._clock = clock
        self._skipped_types = skipped_types

    async def enrich_due(self, limit: int = MOST_AT_ONCE) -> int:
        """Complete up to `limit` articles that are due. Return how many were due.

        If a source is down, its articles are due again soon, and nothing is concluded about them.
        """
        due = await self._database.run(records.for_enrichment, self._clock(), limit)
        round_ = {article.id: _Progress(article, article.record) for article in due}
        for source in self._sources:
            await self._ask_source(source, round_)
        for some in batches(list(round_.values()), _SMALLER_BATCH):
            now = self._clock()
            enrichments = [_enrichment(progress, now) for progress in some]
            await self._database.run(
                records.save_enrichments, enrichments, now, skipped_types=self._skipped_types
            )
        return len(due)

    async def complete(self, wanted: RecordRequest) -> Mapping[str, Record]:
        """Return the records of one article by source. Sources are asked until one has the abstract.

        Empty if no source knows the article. Raises RecordSourceError if no record was found and a source
        that might know the article was down.
        """
        found: dict[str, Record] = {}
        outage: RecordSourceError | None = None
        known = Record(source=MERGED)
        for source in self._sources:
            if not is_worth_asking(source.name, known, is_known=bool(found)):
                continue
            try:
                wanted, answer = await _ask_for_one(source, _refined(wanted, known))
            except RecordSourceError as error:
                log.warning("%s", error)
                if _role(source.name) in _INDEXES:
                    outage = outage or error
                continue
            if answer is not None:
                found[source.name] = answer
                known = merge_records(found)[0]
        if not found and outage is not None:
            raise outage
        return found

    async def _ask_source(self, source: RecordSource, round_: Mapping[int, _Progress]) -> None:
        fresh = self._clock() - JUST_NOW
        asked = [
            request_for(progress.article.id, progress.known)
            for progress in round_.values()
            if is_worth_asking(source.name, progress.known)
            and not _has_spoken(progress.article, source.name, since=fresh)
        ]
        in_batches = batches(
            asked, MOST_AT_ONCE if _role(source.name) is Role.EVERY_ARTICLE else _SMALLER_BATCH
        )
        for index, batch in enumerate(in_batches):
            found, failed = await _ask(source, batch)
            for key, record in found.items():
                round_[key].learn(source.name, record)
            for key in failed:
                round_[key].failed.add(source.name)
            if len(failed) == len(batch):
                for each in (wanted for later in in_batches[index + 1 :] for wanted in later):
                    round_[each.key].failed.add(source.name)
                return


async def _ask_for_one(source: RecordSource, wanted: RecordRequest) -> tuple[RecordRequest, Record | None]:
    """Return the record of one article, None without one, and the request without identifiers of other works.

    Raises RecordSourceError.
    """
    answer = (await source.fetch_records([wanted])).get(wanted.key)
    if answer is None:
        return wanted, None
    wrong, is_refused = refusal(_known_of(wanted), answer)
    if not is_refused:
        return wanted, answer
    rest = without(_known_of(wanted), wrong)
    right = replace(
        wanted, **{kind: getattr(rest, kind) for kind in ("doi", "pmid", "pmcid", "pii", "arxiv")}
    )
    # Each time an identifier less: this ends.
    return await _ask_for_one(source, right) if right != wanted and identifiers_of(right) else (right, None)


def _known_of(wanted: RecordRequest) -> Record:
    return Record(
        MERGED,
        title=wanted.title or "",
        doi=wanted.doi,
        pmid=wanted.pmid,
        pmcid=wanted.pmcid,
        pii=wanted.pii,
        arxiv=wanted.arxiv,
    )


def _has_spoken(article: Article, source: str, *, since: datetime) -> bool:
    return any(stamp.source == source and stamp.fetched_at > since for stamp in article.sources)


async def _ask(
    source: RecordSource, batch: Sequence[RecordRequest]
) -> tuple[Mapping[int, Record], frozenset[int]]:
    """Return the records found, and the keys of the articles about which nothing was learned.

    If an answer cannot be read, the batch is halved as long as one half can be read: one bad record must not
    keep 199 articles from their abstracts.
    """
    try:
        return await source.fetch_records(batch), frozenset()
    except RecordSourceError as error:
        log.warning("%s, asked about %d articles", error, len(batch))
        everything = frozenset(each.key for each in batch)
        if error.kind not in _BAD_ANSWERS or len(batch) == 1:
            return {}, everything
    middle = len(batch) // 2
    found: dict[int, Record] = {}
    bad: list[Sequence[RecordRequest]] = []
    for half in (batch[:middle], batch[middle:]):
        try:
            found |= await source.fetch_records(half)
        except RecordSourceError:
            bad.append(half)
    if len(bad) != 1:
        return found, everything if bad else frozenset()
    if len(bad[0]) == 1:
        return found, frozenset(each.key for each in bad[0])
    more, failed = await _ask(source, bad[0])
    return {**found, **more}, failed


def is_worth_asking(source: str, known: Record, *, is_known: bool = True) -> bool:
    """Say whether `source` may add something that is missing in `known`.

    `is_known`: another source has found the article, or it came from a feed.
    """
    role = _role(source)
    if role is Role.EVERY_ARTICLE:
        return True
    if not is_known:
        return role not in (Role.ABSTRACTS, Role.FREE_COPIES)
    if role is Role.FREE_COPIES:
        return known.doi is not None and known.free_url is None
    if not known.abstract and expects_abstract(known):
        return True
    has_no_name = known.doi is None and known.pmid is None
    return role is Role.INDEX and (has_no_name or not known.title or is_preprint(known))


def _role(source: str) -> Role:
    entry = entry_of(source)
    return entry.role if entry else Role.FALLBACK


def _refined(wanted: RecordRequest, known: Record) -> RecordRequest:
    """The request, with the identifiers that have been found since."""
    return replace(
        wanted,
        doi=wanted.doi or known.doi,
        pmid=wanted.pmid or known.pmid,
        pmcid=wanted.pmcid or known.pmcid,
        pii=wanted.pii or known.pii,
    )


def _enrichment(progress: _Progress, now: datetime) -> records.Enrichment:
    article = progress.article
    is_outage = any(_role(source) in _INDEXES for source in progress.failed)
    was_answered = not is_outage or _is_done(progress.known)
    attempts = article.enrichment_count + int(was_answered)
    next_at = (
        next_enrichment_at(article.first_seen_at, attempts, progress.known, now)
        if was_answered
        else after_outage(attempts, now)
    )
    return records.Enrichment(article.id, progress.found, next_at, was_answered)


def _is_done(known: Record) -> bool:
    """Whether nothing is missing that would be worth asking for again soon."""
    return bool(known.abstract) and known.pmid is not None
