"""A discussion thread gets one message when its article is retracted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Weather
from tests.support.outbox_stage import PAPERS, OutboxStage
from wetread.domain.models import DestinationKind, Record, Relation, RelationKind
from wetread.storage import deliveries, records

NOTICE = Relation(RelationKind.RETRACTED_BY, doi="10.5555/notice", reported_by="PubMed")


class DiscussionStage(OutboxStage):
    """Posts with discussions, and a PubMed that changes its mind."""

    async def discussed(self, kind: DestinationKind = DestinationKind.TEXT) -> int:
        [article] = await self.schedule(1, kind=kind)
        await self.run(seconds=30)
        posted = await self.delivery()
        if kind is DestinationKind.TEXT:
            await self.database.run(deliveries.note_discussion, posted.id, posted.message_id or 0)
        return article

    async def pubmed_says(
        self, article: int, *relations: Relation, title: str = "Invented finding 1"
    ) -> None:
        record = Record("PubMed", title, doi="10.5555/invented.1", relations=relations)
        await self.database.run(records.add_records, article, {"PubMed": record}, self.clock())
        await self.run(minutes=5)

    @property
    def told(self) -> int:
        return len(self.channels.requests("tell"))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[DiscussionStage]:
    opened = await DiscussionStage.open(tmp_path)
    yield opened
    await opened.close()


@pytest.mark.row("D13")
@pytest.mark.parametrize("kind", [DestinationKind.TEXT, DestinationKind.FORUM])
async def test_a_retraction_is_told_once(stage: DiscussionStage, kind: DestinationKind) -> None:
    article = await stage.discussed(kind)
    await stage.pubmed_says(article, NOTICE)
    assert stage.told == 1

    await stage.pubmed_says(article, NOTICE, title="Invented finding 1, revised")

    assert stage.told == 1
    assert (await stage.delivery()).is_known_retracted


@pytest.mark.row("D16")
async def test_a_withdrawn_retraction_is_told_too(stage: DiscussionStage) -> None:
    article = await stage.discussed()
    await stage.pubmed_says(article, NOTICE)
    await stage.pubmed_says(article)

    assert stage.told == 2
    assert not (await stage.delivery()).is_known_retracted


async def test_other_news_are_not_told(stage: DiscussionStage) -> None:
    article = await stage.discussed()
    await stage.pubmed_says(article, title="Invented finding 1, revised")

    assert stage.told == 0


async def test_without_a_discussion_nobody_is_told_now_or_later(stage: DiscussionStage) -> None:
    [article] = await stage.schedule(1)
    await stage.run(seconds=30)
    await stage.pubmed_says(article, NOTICE)
    posted = await stage.delivery()
    await stage.database.run(deliveries.note_discussion, posted.id, posted.message_id or 0)
    await stage.pubmed_says(article, NOTICE, title="Invented finding 1, revised")

    assert stage.told == 0


async def test_an_article_posted_as_retracted_needs_no_telling(stage: DiscussionStage) -> None:
    article = await stage.new_article()
    await stage.pubmed_says(article, NOTICE)
    await stage.schedule_articles([article], PAPERS, DestinationKind.FORUM)
    await stage.run(seconds=30)
    await stage.pubmed_says(article, NOTICE, title="Invented finding 1, revised")

    assert stage.told == 0


async def test_what_discord_did_not_answer_is_told_again(stage: DiscussionStage) -> None:
    article = await stage.discussed()
    stage.channels.forecast(Weather.lost_before, method="tell")
    await stage.pubmed_says(article, NOTICE, title="RETRACTED: Invented finding 1")
    await stage.run(minutes=10)

    assert stage.told == 2
    assert len(stage.channels.requests("edit")) == 1


async def test_a_discussion_that_is_gone_is_left_alone_and_nothing_is_blocked(stage: DiscussionStage) -> None:
    article = await stage.discussed()
    stage.channels.forecast(Weather.refused(404, 10003), method="tell")
    await stage.pubmed_says(article, NOTICE, title="RETRACTED: Invented finding 1")
    await stage.run(minutes=10)

    assert stage.told == 1
    assert await stage.database.run(deliveries.blocked_channels) == []
