"""Finds retractions of stored articles: once a day in Crossref's list, and by asking PubMed again.

Each record goes through `records.add_records`, as any other: the posts of an article that is now retracted
are edited once; if a retraction is withdrawn, they are edited back. If a source is down, nothing is
concluded, and its list is read from the same day on until that succeeds.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from wetread.bibliography.crossref import Crossref
from wetread.bibliography.pubmed import RECORDS_A_FETCH, PubMed
from wetread.bibliography.record_source import RecordRequest, request_for
from wetread.domain.batches import batches
from wetread.domain.clock import Clock
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Article, Record
from wetread.domain.record_sources import Source
from wetread.storage import articles, bot_state, retraction_checks
from wetread.storage.database import Database

log = logging.getLogger(__name__)

WATERMARK = "retractions indexed until"
LAST_PASS = "retractions asked for at"  # noqa: S105  # a name, no password

DAILY = timedelta(hours=24)
FIRST_LOOK_BACK = timedelta(days=30)
OVERLAP = timedelta(days=2)
"""Index dates are days in Crossref's time zone, and a work that is indexed now may have yesterday's."""

MOST_BATCHES = 25
"""The most batches of 200 records in one turn. The others wait for the next turn."""

_A_TRANSACTION = 20

FetchRecords = Callable[[Sequence[RecordRequest]], Awaitable[Mapping[int, Record]]]


class RetractionSweep:
    """Does what is due whenever `sweep` is called."""

    def __init__(
        self,
        database: Database,
        pubmed: PubMed | None,
        crossref: Crossref | None,
        clock: Clock,
        *,
        skipped_types: tuple[str, ...] = (),
    ) -> None:
        """`pubmed`, `crossref`: None if it is switched off. `skipped_types` as for `records.add_records`."""
        self._database = database
        self._pubmed = pubmed
        self._crossref = crossref
        self._clock = clock
        self._skipped_types = skipped_types

    async def sweep(self) -> int:
        """Read the day's retractions if it is time and ask again about what is due.

        Return how many articles.
        """
        count = 0
        try:
            if self._crossref is not None:
                count += await self._ask_for_retractions(self._crossref)
                count += await self._look_again(Source.CROSSREF, self._crossref.fetch_records)
        except RecordSourceError as error:
            log.warning("%s while reading the list of retractions", error)
        try:
            if self._pubmed is not None:
                count += await self._look_again(Source.PUBMED, self._pubmed.fetch_records)
        except RecordSourceError as error:
            log.warning("%s while checking stored articles again", error)
        return count

    async def _ask_for_retractions(self, crossref: Crossref) -> int:
        """Read the retractions indexed since the last whole pass; ask again about the stored articles."""
        now = self._clock()
        run = self._database.run
        last_pass = await run(bot_state.get, LAST_PASS)
        if last_pass is not None and now - datetime.fromisoformat(last_pass) < DAILY:
            return 0
        watermark = await run(bot_state.get, WATERMARK)
        since = date.fromisoformat(watermark) if watermark else (now - FIRST_LOOK_BACK).date()
        concerned: set[int] = set()
        async for dois in crossref.retracted_since(since):
            concerned |= await run(articles.holders, [f"doi:{doi}" for doi in dois])
        for some in batches(sorted(concerned), RECORDS_A_FETCH):
            stored = await run(articles.get_many, some)
            await self._ask_and_save(Source.CROSSREF, crossref.fetch_records, stored)
        # Crossref's word is not always enough. PubMed's is the second one.
        await run(retraction_checks.hasten, Source.PUBMED, concerned, now)
        await run(bot_state.remember, WATERMARK, (now - OVERLAP).date().isoformat())
        await run(bot_state.remember, LAST_PASS, now.isoformat())
        if concerned:
            log.info("Crossref lists retractions of %d stored articles since %s", len(concerned), since)
        return len(concerned)

    async def _look_again(self, source: str, fetch_records: FetchRecords) -> int:
        """Ask again about the articles whose records are due, in batches, as many as one turn allows."""
        count = 0
        for _ in range(MOST_BATCHES):
            due = await self._database.run(retraction_checks.due, source, self._clock(), RECORDS_A_FETCH)
            if not due:
                break
            await self._ask_and_save(source, fetch_records, due)
            count += len(due)
        return count

    async def _ask_and_save(
        self, source: str, fetch_records: FetchRecords, stored: Sequence[Article]
    ) -> None:
        found = await fetch_records([request_for(article.id, article.record) for article in stored])
        for some in batches(stored, _A_TRANSACTION):
            said = {
                article.id: {source: found[article.id]} if article.id in found else {} for article in some
            }
            await self._database.run(
                retraction_checks.save, source, said, self._clock(), skipped_types=self._skipped_types
            )
