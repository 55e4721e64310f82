"""Deliveries as people see and decide them, on a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.outbox_stage import CLUB, GUILD, PAPERS, OutboxStage
from tests.support.watch_stage import BY_ADA
from wetread.domain.models import DeliveryState, DestinationKind, Posted, Reason
from wetread.storage import articles, deliveries, edits, outbox, subscriptions
from wetread.storage.rows import to_text

HELD, SENT, PENDING, SKIPPED = (
    DeliveryState.HELD,
    DeliveryState.SENT,
    DeliveryState.PENDING,
    DeliveryState.SKIPPED,
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OutboxStage]:
    opened = await OutboxStage.open(tmp_path)
    yield opened
    await opened.close()


async def subscribe(stage: OutboxStage, channel: int = PAPERS, *, paused_by: int | None = None) -> int:
    """A row of `subscriptions`, as short as can be."""
    now = to_text(stage.clock())
    return await stage.database.run(
        lambda db: (
            db.conn.execute(
                """
            INSERT INTO subscriptions (
                guild_id, feed_id, channel_id, kind, form, name, created_at, created_by, paused_at, paused_by
            ) VALUES (?, 1, ?, 'text', 'whole', 'Invented', ?, 7, ?, ?)
            """,
                [GUILD, channel, now, now if paused_by else None, paused_by],
            ).lastrowid
            or 0
        )
    )


async def watch_a_feed(stage: OutboxStage) -> None:
    now = to_text(stage.clock())
    await stage.database.run(
        lambda db: db.conn.execute(
            "INSERT INTO feeds (id, url, title, next_check_at) VALUES (1, 'https://a.example/', 'A', ?)",
            [now],
        )
    )


@pytest.mark.row("B02")
@pytest.mark.parametrize(("newest", "posted"), [(None, 5), (3, 3), (0, 0), (9, 5)])
async def test_of_a_held_flood_all_the_newest_or_none_are_posted(
    stage: OutboxStage, newest: int | None, posted: int
) -> None:
    await watch_a_feed(stage)
    subscription = await subscribe(stage)
    articles = [await stage.new_article() for _ in range(5)]
    await stage.schedule_articles(articles, state=HELD, reason=Reason.FLOOD, subscription_id=subscription)
    decide = (subscription, newest, stage.clock())

    assert await stage.database.run(deliveries.release_held, GUILD + 1, *decide) == (0, 0)
    assert await stage.database.run(deliveries.release_held, GUILD, *decide) == (posted, 5 - posted)
    assert await stage.database.run(deliveries.release_held, GUILD, *decide) == (0, 0), "decided once"

    await stage.run(minutes=3)
    assert stage.order() == (articles[-posted:] if posted else [])
    counts = await stage.database.run(deliveries.counts, GUILD)
    assert (counts[SENT], counts[SKIPPED]) == (posted, 5 - posted)


async def test_a_post_is_known_by_its_message_its_thread_and_its_article(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.schedule_articles([article], CLUB)
    await stage.schedule(kind=DestinationKind.FORUM, channel=300)
    await stage.run()
    run = stage.database.run
    in_papers, in_club = (await stage.deliveries())[0], (await stage.deliveries(CLUB))[0]
    [in_forum] = await stage.deliveries(300)

    assert await run(deliveries.by_message, in_papers.message_id or 0) == in_papers
    assert await run(deliveries.by_message, 5) is None
    assert in_forum.thread_id == in_forum.message_id
    assert await run(deliveries.by_thread, in_forum.thread_id or 0) == in_forum
    await run(deliveries.note_discussion, in_papers.id, 4711)
    found = await run(deliveries.by_thread, 4711)
    assert found is not None
    assert found.id == in_papers.id
    await run(deliveries.mark_removed, [in_club.message_id or 0])
    assert [each.was_deleted for each in await run(deliveries.of_article, GUILD, article)] == [False, True]
    assert len(await run(deliveries.of_article, GUILD, article)) == 2


async def test_a_server_that_was_left_starts_again_with_what_its_moderators_had_chosen(
    stage: OutboxStage,
) -> None:
    await watch_a_feed(stage)
    running, paused = await subscribe(stage), await subscribe(stage, CLUB, paused_by=7)
    await stage.schedule(2)
    assert await stage.database.run(deliveries.active_guilds) == [GUILD]

    await stage.database.run(subscriptions.freeze_guild, GUILD, stage.clock())
    assert await stage.database.run(deliveries.active_guilds) == []
    await stage.database.run(subscriptions.thaw_guild, GUILD, 2, stage.clock())

    on = await stage.database.run(subscriptions.get, GUILD, running)
    assert (on.paused_at, on.starts_with) == (None, 2)
    off = await stage.database.run(subscriptions.get, GUILD, paused)
    assert off.paused_at is not None
    assert off.starts_with is None
    assert [(each.state, each.reason) for each in await stage.deliveries()] == [(SKIPPED, "away")] * 2


async def test_a_claim_of_one_destination_leaves_the_others_alone(stage: OutboxStage) -> None:
    await stage.schedule(2)
    await stage.schedule(1, CLUB)
    assert await stage.database.run(outbox.due_channels, stage.clock()) == [PAPERS, CLUB]

    claim = await stage.database.run(outbox.claim_next, PAPERS, stage.clock(), 5)

    assert claim is not None
    assert (claim.delivery.state, claim.delivery.baseline) == (DeliveryState.SENDING, 5)
    assert [each.state for each in await stage.deliveries()] == [DeliveryState.SENDING, PENDING]
    assert (await stage.delivery(CLUB)).state is PENDING


async def test_what_is_scheduled_for_a_paused_subscription_waits_for_its_return(stage: OutboxStage) -> None:
    await watch_a_feed(stage)
    subscription = await subscribe(stage)
    paused = [await stage.new_article() for _ in range(2)]
    await stage.schedule_articles(paused, subscription_id=subscription)
    others = await stage.schedule(1)
    await stage.database.run(subscriptions.pause, GUILD, subscription, stage.clock(), by=BY_ADA)

    await stage.run(minutes=1)
    assert stage.order() == others

    await stage.database.run(subscriptions.resume, GUILD, subscription, stage.clock())
    await stage.run(minutes=1)
    assert stage.order() == [*others, *paused]


async def test_an_article_that_changes_while_its_post_is_on_its_way_is_edited_at_once(
    stage: OutboxStage,
) -> None:
    await stage.schedule(2)
    for is_changed in (True, False):
        now = stage.clock()
        claim = await stage.database.run(outbox.claim_next, PAPERS, now, 5)
        assert claim is not None
        assert claim.delivery.article_id is not None
        if is_changed:
            await rename(stage, claim.delivery.article_id)
        post = Posted(1000 + claim.delivery.id, shown_hash="as it was")

        await stage.database.run(outbox.settle_sent, claim, post, now)

        edit = await stage.database.run(edits.claim_next, PAPERS, now)
        assert (edit is not None) == is_changed
        if edit is not None:
            await stage.database.run(edits.settle, edit, "as it is")


async def test_an_article_that_changes_while_it_is_edited_is_edited_again(stage: OutboxStage) -> None:
    [article] = await stage.schedule()
    await stage.run()
    await stage.add_abstract(article, "First.")
    edit = await stage.database.run(edits.claim_next, PAPERS, stage.clock())
    assert edit is not None
    await rename(stage, article)

    await stage.database.run(edits.settle, edit, "with the first")
    await stage.run(seconds=10)

    assert stage.channels.posts()[0].text.startswith(f"#{article} Another title")


async def rename(stage: OutboxStage, article_id: int) -> None:
    """Something about an article changes, and nobody owes an edit for it."""
    article = await stage.database.run(articles.get, article_id)
    record = replace(article.record, title="Another title")
    await stage.database.run(articles.rewrite, article_id, record, {"title": "feed"})
