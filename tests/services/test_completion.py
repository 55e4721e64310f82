"""Data that arrives later is edited into every post once, and only if a card shows it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Call
from tests.support.outbox_stage import CLUB, PAPERS, OutboxStage
from wetread.bibliography.enrichment_schedule import AHEAD_OF_PRINT_PAUSES, ENRICHMENT_PAUSES
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import DestinationKind, PartialDate, Record, Section
from wetread.services.enricher import Enricher
from wetread.storage import articles, records

ABSTRACT = (Section("Invented data support invented claims."),)
BARE = Record("PubMed", "Invented finding 1", doi="10.5555/invented.1", pmid="99000001")


class PubMed:
    """Knows one article, and says now this and now that of it."""

    name = "PubMed"

    def __init__(self) -> None:
        self.record = BARE
        self.is_down = False
        self.asked_count = 0

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        if self.is_down:
            raise RecordSourceError(self.name, "server", status=503)
        self.asked_count += 1
        return {each.key: self.record for each in wanted}

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        raise AssertionError(f"{text}, {limit}")


class CompletionStage(OutboxStage):
    """One article in two channels, and its record in PubMed."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as there
        self.pubmed = PubMed()
        self.enricher = Enricher(self.database, [self.pubmed], self.clock)

    async def post_everywhere(self) -> int:
        article = await self.new_article()
        await self.schedule_articles([article], PAPERS)
        await self.schedule_articles([article], CLUB, DestinationKind.FORUM)
        await self.run(seconds=30)
        return article

    async def live(self, *, hours_per_turn: float = 1, **span: float) -> None:
        """Let time pass with both loops running, by default once an hour."""
        end = self.clock() + timedelta(**span)
        while self.clock() < end:
            await self.enricher.enrich_due()
            await self.run(seconds=10)
            self.clock.advance(hours=hours_per_turn)

    def edits(self) -> list[Call]:
        return self.channels.requests("edit")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[CompletionStage]:
    opened = await CompletionStage.open(tmp_path)
    yield opened
    await opened.close()


async def test_an_abstract_that_comes_after_weeks_is_edited_into_every_post_once(
    stage: CompletionStage,
) -> None:
    """faults.md D04."""
    await stage.post_everywhere()
    await stage.live(days=10)
    assert stage.edits() == []

    stage.pubmed.record = replace(BARE, abstract=ABSTRACT)
    await stage.live(days=20)

    assert sorted(call.channel_id for call in stage.edits()) == [PAPERS, CLUB]
    assert all("Invented data support" in post.text for post in stage.channels.posts())
    assert len(stage.channels.posts()) == 2


async def test_an_article_without_abstract_is_asked_for_at_the_published_times_and_then_no_more(
    stage: CompletionStage,
) -> None:
    await stage.post_everywhere()

    await stage.live(days=120)

    assert stage.pubmed.asked_count == 1 + len(ENRICHMENT_PAUSES)
    assert stage.edits() == []


async def test_volume_and_pages_come_when_the_article_is_in_an_issue(stage: CompletionStage) -> None:
    online = replace(BARE, abstract=ABSTRACT, online_on=PartialDate(2026, 10, 30), is_ahead_of_print=True)
    stage.pubmed.record = online
    article = await stage.post_everywhere()
    await stage.live(days=2)

    stage.pubmed.record = replace(online, volume="12", issue="3", pages="11-18", is_ahead_of_print=False)
    await stage.live(days=AHEAD_OF_PRINT_PAUSES[0].days)
    known = await stage.database.run(articles.get, article)
    await stage.live(days=365, hours_per_turn=8)

    assert (known.record.volume, known.record.pages) == ("12", "11-18")
    assert stage.pubmed.asked_count == 2


async def test_what_no_card_shows_schedules_no_edit(stage: CompletionStage) -> None:
    """faults.md D05."""
    article = await stage.post_everywhere()
    stage.pubmed.record = replace(BARE, abstract=ABSTRACT)
    await stage.live(days=1)
    edited = len(stage.edits())

    indexed = replace(stage.pubmed.record, mesh=("Phantoms, Imaging",), nlm_id="999900001", language="eng")
    change = await stage.database.run(records.add_records, article, {"PubMed": indexed}, stage.clock())
    await stage.live(days=1)

    assert not change.is_visible
    assert edited == len(stage.edits()) == 2


async def test_an_outage_of_a_week_concludes_nothing_and_is_made_up_for(stage: CompletionStage) -> None:
    await stage.post_everywhere()
    stage.pubmed.is_down = True
    await stage.live(days=7)
    stage.pubmed.is_down = False
    stage.pubmed.record = replace(BARE, abstract=ABSTRACT)
    await stage.live(hours=3)

    assert len(stage.edits()) == 2
