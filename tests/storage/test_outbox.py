"""The outbox keeps what a later look-back needs: nonce, baseline and the time of the first attempt."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.outbox_stage import PAPERS, OutboxStage
from wetread.domain.models import DeliveryState, Posted
from wetread.storage import edits, outbox


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    opened = await OutboxStage.open(tmp_path)
    yield opened
    await opened.close()


async def claimed(stage: OutboxStage, baseline: int) -> outbox.Claim:
    claim = await stage.database.run(outbox.claim_next, PAPERS, stage.clock(), baseline)
    assert claim is not None
    return claim


@pytest.mark.row("A02", "E15")
async def test_what_the_first_attempt_wrote_stays_over_later_ones(stage: OutboxStage) -> None:
    await stage.schedule()
    began = stage.clock()
    first = await claimed(stage, baseline=100)
    await stage.database.run(
        outbox.retry,
        first.delivery,
        began + timedelta(seconds=90),
        code=None,
        reason="no usable answer came",
        was_refused=False,
    )
    stage.clock.advance(seconds=90)

    second = await claimed(stage, baseline=200)

    assert not first.must_look_back
    assert not second.must_look_back, "the nonce still holds"
    assert second.delivery.state is DeliveryState.SENDING
    assert (second.delivery.nonce, second.delivery.baseline) == (first.delivery.nonce, 100)
    assert second.delivery.first_attempt_at == began
    assert second.delivery.last_attempt_at == stage.clock()
    assert second.delivery.attempt_count == 2


@pytest.mark.row("E15")
async def test_a_refusal_of_a_later_attempt_leaves_it_being_sent(stage: OutboxStage) -> None:
    await stage.schedule()
    first = await claimed(stage, baseline=100)
    again = stage.clock() + timedelta(seconds=60)
    await stage.database.run(
        outbox.retry, first.delivery, again, code=None, reason="no usable answer came", was_refused=False
    )
    assert (await stage.delivery()).state is DeliveryState.SENDING
    stage.clock.advance(seconds=60)
    second = await claimed(stage, baseline=200)

    await stage.database.run(
        outbox.retry,
        second.delivery,
        stage.clock() + timedelta(hours=1),
        code=None,
        reason="Discord asked to wait",
        was_refused=True,
    )

    kept = await stage.delivery()
    assert kept.state is DeliveryState.SENDING
    assert kept.first_attempt_at == first.delivery.first_attempt_at


async def test_what_nobody_knows_is_not_tried_again(stage: OutboxStage) -> None:
    await stage.schedule()
    claim = await claimed(stage, baseline=100)

    await stage.database.run(outbox.settle_uncertain, claim.delivery.id, "the history cannot be read")

    assert (await stage.delivery()).state is DeliveryState.UNCERTAIN
    stage.clock.advance(hours=2)
    assert await stage.database.run(outbox.due_channels, stage.clock()) == []


@pytest.mark.parametrize("is_current", [True, False])
async def test_a_post_of_an_earlier_attempt_is_edited(stage: OutboxStage, is_current: bool) -> None:
    await stage.schedule()
    claim = await claimed(stage, baseline=100)
    post = Posted(1000, shown_hash="as it was drawn")

    await stage.database.run(outbox.settle_sent, claim, post, stage.clock(), is_current=is_current)

    edit = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert (edit is None) == is_current
    assert (await stage.delivery()).shown_hash == ("as it was drawn" if is_current else None)


async def test_an_article_that_is_there_is_not_scheduled_again_by_a_wish(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    claim = await claimed(stage, baseline=100)
    await stage.database.run(outbox.settle_sent, claim, Posted(1000, shown_hash="x"), stage.clock())

    await stage.schedule_articles([article], is_wish=True)

    assert (await stage.delivery()).state is DeliveryState.SENT


async def test_what_may_have_been_posted_is_edited_too_when_more_is_known(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    claim = await claimed(stage, baseline=100)
    await stage.database.run(outbox.settle_uncertain, claim.delivery.id, "the history cannot be read")

    await stage.add_abstract(article, "It was invented.")

    [[count]] = await stage.database.run(lambda db: db.execute("SELECT count(*) FROM edits").fetchall())
    assert count == 1
