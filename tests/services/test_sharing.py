"""What a member shares goes out at once, once, and by the protocol of everything else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.doubles_messenger import Weather
from tests.support.outbox_stage import GUILD, PAPERS, Killed, OutboxStage
from wetread.domain.models import Delivery, DeliveryState, Form, Note, Share
from wetread.services.delivery import REQUEST_LIMIT
from wetread.services.sharing import Sharing
from wetread.storage import deliveries, edits, shares, subscriptions
from wetread.storage.subscriptions import Destination

ADA = Share(7, "Ada Example", "Still the clearest account.")


class SharingStage(OutboxStage):
    """Members, too."""

    async def share(self, article_id: int, share: Share = ADA) -> tuple[Delivery, bool]:
        sharing = Sharing(self.database, self.deliverer, self.clock)
        return await sharing.share(shares.ShareRequest(GUILD, Destination(PAPERS), article_id, share))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[SharingStage]:
    opened = await SharingStage.open(tmp_path)
    yield opened
    await opened.close()


async def test_a_share_goes_out_at_once_though_others_wait_their_turn(stage: SharingStage) -> None:
    await stage.schedule(20)
    shared = await stage.new_article()

    delivery, is_begun = await stage.share(shared)

    assert is_begun
    assert delivery.state is DeliveryState.SENT
    assert delivery.share == ADA
    assert stage.order() == [shared]


async def test_what_is_scheduled_becomes_the_members_and_is_posted_once(stage: SharingStage) -> None:
    [scheduled] = await stage.schedule(1)

    delivery, is_begun = await stage.share(scheduled)
    await stage.run(minutes=10)

    assert is_begun
    assert (delivery.form, delivery.subscription_id) == (Form.WHOLE, None)
    assert stage.order() == [scheduled]


async def test_what_is_there_is_not_posted_again(stage: SharingStage) -> None:
    [scheduled] = await stage.schedule(1)
    await stage.run(seconds=30)

    delivery, is_begun = await stage.share(scheduled)

    assert not is_begun
    assert delivery.message_id is not None
    assert stage.order() == [scheduled]


async def test_two_members_at_once_make_one_post(stage: SharingStage) -> None:
    article = await stage.new_article()

    _, first = await stage.share(article)
    second, was_begun = await stage.share(article, Share(8, "Bo Sample"))

    assert first
    assert not was_begun
    assert second.share == ADA
    assert stage.order() == [article]


async def test_the_outbox_keeps_its_hands_off_what_is_being_shared(stage: SharingStage) -> None:
    article = await stage.new_article()
    wanted = shares.ShareRequest(GUILD, Destination(PAPERS), article, ADA)
    begun = await stage.database.run(shares.begin, wanted, stage.clock(), 0)

    await stage.run(seconds=60)

    assert begun.claim is not None
    assert stage.order() == []
    assert (await stage.delivery()).state is DeliveryState.SENDING


async def test_a_share_whose_answer_was_lost_is_found_and_not_repeated(stage: SharingStage) -> None:
    article = await stage.new_article()
    stage.channels.forecast(Weather.lost_after)

    delivery, is_begun = await stage.share(article)
    await stage.run(minutes=10)

    assert is_begun
    assert delivery.state is DeliveryState.SENDING
    assert stage.order() == [article]
    assert (await stage.delivery()).state is DeliveryState.SENT


async def test_a_share_that_a_kill_cut_short_is_posted_after_the_restart(stage: SharingStage) -> None:
    article = await stage.new_article()
    stage.kill_at = "before_send"
    with pytest.raises(Killed):
        await stage.share(article)
    stage.restart()
    await stage.run(minutes=10)

    [delivery] = await stage.deliveries()
    assert stage.order() == [article]
    assert delivery.share == ADA


async def test_what_somebody_removed_can_be_shared_anew(stage: SharingStage) -> None:
    article = await stage.new_article()
    before, _ = await stage.share(article)
    stage.channels.delete(stage.channels.posts(PAPERS)[0])
    await stage.database.run(deliveries.mark_removed, [before.message_id or 0])
    stage.clock.advance(minutes=5)

    after, is_begun = await stage.share(article, Share(8, "Bo Sample"))

    assert is_begun
    assert after.state is DeliveryState.SENT
    assert after.id == before.id
    assert after.nonce != before.nonce
    assert after.message_id != before.message_id


async def test_what_a_pause_skipped_can_be_shared(stage: SharingStage) -> None:
    [scheduled] = await stage.schedule(1)
    await stage.database.run(subscriptions.freeze_guild, GUILD, stage.clock())
    assert (await stage.delivery()).state is DeliveryState.PARKED

    delivery, is_begun = await stage.share(scheduled)

    assert is_begun
    assert (delivery.state, delivery.reason) == (DeliveryState.SENT, None)


def test_a_share_is_left_alone_for_longer_than_a_request_takes() -> None:
    assert timedelta(seconds=REQUEST_LIMIT) < shares.HANDS_OFF


# Notes ------------------------------------------------------------------------------------------------


async def save_note(stage: SharingStage, delivery: Delivery, text: str | None, by: int = 7) -> Delivery:
    await stage.database.run(shares.save_note, delivery.id, text, by, stage.clock())
    changed = await stage.database.run(deliveries.get, delivery.id)
    assert changed
    return changed


async def test_a_note_is_its_authors_and_names_whoever_else_changed_it(stage: SharingStage) -> None:
    delivery, _ = await stage.share(await stage.new_article())
    notes = [
        (await save_note(stage, delivery, text, by)).share
        for text, by in (("One.", 7), ("Two.", 8), ("Three.", 7), (None, 8), ("Four.", 8))
    ]

    assert [share.note if share else None for share in notes] == [
        Note("One.", 7),
        Note("Two.", 7, 8),
        Note("Three.", 7),
        None,
        Note("Four.", 8),
    ]


async def test_a_note_that_changes_while_the_post_is_edited_is_edited_again(stage: SharingStage) -> None:
    delivery, _ = await stage.share(await stage.new_article())
    await save_note(stage, delivery, "One.")
    edit = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert edit
    assert edit.delivery.share
    assert edit.delivery.share.note == Note("One.", 7)
    await save_note(stage, delivery, "Two.")
    await stage.database.run(edits.settle, edit, "with the first")

    again = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert again
    await stage.database.run(edits.settle, again, "with the second")
    assert await stage.database.run(edits.claim_next, PAPERS, stage.clock()) is None


async def test_a_note_that_comes_while_the_article_is_posted_is_edited_in(stage: SharingStage) -> None:
    request = shares.ShareRequest(GUILD, Destination(PAPERS), await stage.new_article(), ADA)
    begun = await stage.database.run(shares.begin, request, stage.clock(), 0)
    assert begun.claim
    await save_note(stage, begun.delivery, "Just in time.")
    await stage.deliverer.post_now(begun.claim)

    edit = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert edit
    assert edit.delivery.share
    assert edit.delivery.share.note == Note("Just in time.", 7)


async def test_an_unchanged_note_edits_nothing_and_a_refused_edit_is_tried_with_the_next_note(
    stage: SharingStage,
) -> None:
    delivery, _ = await stage.share(await stage.new_article())
    await save_note(stage, delivery, "One.")
    edit = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert edit
    await stage.database.run(edits.park, edit, "refused")
    await save_note(stage, delivery, "One.")
    assert await stage.database.run(edits.claim_next, PAPERS, stage.clock()) is None
    await save_note(stage, delivery, "Two.")

    assert await stage.database.run(edits.claim_next, PAPERS, stage.clock())
