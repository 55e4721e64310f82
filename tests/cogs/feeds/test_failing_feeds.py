"""A feed that cannot be read: what the list, its page and the status say of it, from the first failure on."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlite_utils

from cogs.feeds.panels import FeedLine, Health, Retry, retry_words
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.support.facts import line_with, moments, numbers, says
from tests.support.seen import Seen
from wetread.storage.rows import to_text
from wetread.storage.subscriptions import Watched

FEED = (
    "<rss version='2.0'><channel><title>Lost Notes</title><link>http://x/</link>"
    "<item><title>Invented note</title><link>http://x/1</link></item></channel></rss>"
)
LIMIT_HOURS = 6


async def _panels(here: Community) -> tuple[Seen, Seen, Seen]:
    """Return the list of feeds, the page of the failing feed and the status."""
    return (
        (await here.slash("feed list", by=here.moderator)).message,
        (await here.slash("feed show", feed="Lost Notes", by=here.moderator)).message,
        (await here.slash("status", by=here.moderator)).message,
    )


@pytest.mark.row("E36")
async def test_a_feed_that_fails_is_visible_from_the_first_failure_and_needs_somebody_after_hours() -> None:
    async with open_community() as here:
        here.server.publish("/notes.xml", FEED)
        await here.watch("jii")
        await here.watch(here.server.url("/notes.xml"))
        [_, well] = await here.services.subscriptions.of_guild(here.world.guild.id)
        before = await _panels(here)
        here.server.answer("/notes.xml", 503)
        broken_at = here.world.clock()
        await here.services.updater.update(well.feed.id)
        seen = {}
        for hours in (0, 1, 6, 48):
            since = broken_at - timedelta(hours=hours)  # simulating two days would take too long
            await here.services.database.run(_let_fail_since, well.feed.id, since)
            [_, failing] = await here.services.subscriptions.of_guild(here.world.guild.id)
            seen[hours] = (*await _panels(here), [int(since.timestamp()), _second(failing)])

    assert not any(says(panel, "could not be read") for panel in before)
    for hours, (listed, page, status, since_and_next) in seen.items():
        if hours < LIMIT_HOURS:
            for panel in (listed, status):
                line = line_with(panel, "1", "could not be read", "nothing to do yet")
                assert moments(line)[:2] == since_and_next
                assert not says(panel, "needs you")
            assert says(listed, "1 is well")
            assert moments(line_with(page, "server error", "nothing to do yet")) == since_and_next
            assert says(line_with(status, "Lost Notes"), "server error")
            assert not says(status, "nothing needs you")
        else:
            assert says(listed, "1 is well", "1 needs you")
            assert says(status, "1 feed needs you", "Lost Notes", "server error")
            assert not any(says(panel, "nothing to do yet") for panel in (listed, page, status))


@pytest.mark.row("E36")
async def test_a_failure_that_time_does_not_end_needs_somebody_at_once() -> None:
    async with open_community() as here:
        here.server.publish("/notes.xml", FEED)
        await here.watch(here.server.url("/notes.xml"))
        here.server.answer("/notes.xml", 410)
        await here.services.updater.update((await desk.watched(here)).feed.id)
        listed, _, status = await _panels(here)

    assert says(listed, "1 needs you")
    assert says(status, "1 feed needs you")


@pytest.mark.row("E36")
def test_several_failing_feeds_are_counted_with_the_first_failure_and_the_next_try() -> None:
    began = datetime(2026, 1, 14, 8, 12, tzinfo=UTC)
    retries = [Retry(began, began + timedelta(minutes=30)), Retry(began + timedelta(minutes=5), None)]
    lines = [FeedLine(f"Feed {each}", 1, Health.RETRYING, "", each, subscription_id=1) for each in retries]

    assert moments(retry_words(lines[:1])) == [int(began.timestamp()), int(began.timestamp()) + 1800]
    assert numbers(retry_words(lines))[0] == 2
    assert moments(retry_words(lines)) == [int(began.timestamp())]
    assert says(retry_words(lines), "in a moment")
    assert retry_words([]) == ""


def _second(watched: Watched) -> int:
    return int(watched.feed.next_check_at.timestamp())


def _let_fail_since(db: sqlite_utils.Database, feed_id: int, since: datetime) -> None:
    db.conn.execute("UPDATE feeds SET failing_since = ? WHERE id = ?", [to_text(since), feed_id])
