"""`/feed schedule`, its panel, and digests in the channel: in the real bot."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.seen import Seen
from wetread.domain.pace import Pace, QuietHours, When
from wetread.storage import digests, paces


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii")
        yield community


async def pace(here: Community) -> Pace:
    return await here.services.database.run(paces.get, here.papers.id)


def control(message: Seen, field: str) -> str:
    """Return the custom_id of a menu of the panel."""
    found = [str(part.get("custom_id", "")) for part in message.parts]
    return next(each for each in found if each.startswith(f"wetread:arrival:{field}:"))


async def bring(here: Community, count: int) -> None:
    """Let the journal publish articles, and the bot read them."""
    for _ in range(count):
        here.library.publish(here.journal("jii"))
    await here.order("!feed check jii")
    await here.pass_time(10)


def posted(here: Community) -> list[Seen]:
    """Return what was posted in #papers: no answers to commands."""
    return [each for each in here.posts() if each.reply_to is None]


async def choose_soon(here: Community) -> None:
    """Choose a daily digest in five minutes."""
    soon = here.world.clock() + timedelta(minutes=5)
    await here.order(f"!feed schedule #{here.papers.name} daily {soon:%H:%M}")


async def press(here: Community, message: Seen, label: str, **options: Any) -> Seen:
    return (await here.world.press(message, label, by=here.moderator, **options)).messages[-1]


async def test_the_typed_command_saves_and_says_what_happens_with_the_next_article(here: Community) -> None:
    said = await here.order(f"!feed schedule #{here.papers.name} weekly monday 08:00")

    assert await pace(here) == Pace(When.WEEKLY)
    assert says(said, "Monday", "08:00", "digest")


async def test_the_slash_command_answers_with_the_panel(here: Community) -> None:
    answer = await here.slash("feed schedule", by=here.moderator, change="daily 18:00")
    assert answer.message.is_private
    assert says(answer.message, "Saved by", "18:00")
    assert (await pace(here)).when is When.DAILY


async def test_a_word_that_means_nothing_is_answered_with_what_can_be_typed(here: Community) -> None:
    said = await here.order(f"!feed schedule #{here.papers.name} monthly")
    assert says(said, "monthly", "weekly monday 08:00")
    assert await pace(here) == Pace()


async def test_members_cannot_change_it(here: Community) -> None:
    await here.say(f"!feed schedule #{here.papers.name} daily", by=here.reader)
    assert await pace(here) == Pace()


async def test_the_panel_shows_a_choice_before_it_is_saved_and_undoes_it_afterwards(here: Community) -> None:
    panel = (await here.slash("feed schedule", by=here.moderator)).message
    assert says(panel, "posted at once")
    draft = (
        await here.world.select(panel, ["weekly"], custom_id=control(panel, "when"), by=here.moderator)
    ).message
    assert says(draft, "Not saved yet", "not posted by itself")
    assert await pace(here) == Pace()

    saved = await press(here, draft, "Save")
    assert says(saved, "Saved by")
    assert (await pace(here)).when is When.WEEKLY

    undone = await press(here, saved, "Undo")
    assert await pace(here) == Pace()
    assert says(undone, "posted at once")


async def test_the_panel_opens_for_moderators_only(here: Community) -> None:
    [offer] = await here.say(f"!feed schedule #{here.papers.name}", by=here.moderator)
    refused = await here.world.press(offer, "Open", by=here.reader)
    assert says(refused.messages[-1], "ask a moderator")
    assert says(await press(here, offer, "Open"), "How articles arrive")


async def test_a_forum_has_no_digests_and_the_panel_says_why(here: Community) -> None:
    panel = (await here.slash("feed schedule", by=here.moderator, channel=here.world.forum)).message
    assert says(panel, "A forum has no digests")
    await here.order("!feed schedule #library daily quiet 22-07")
    found = await here.services.database.run(paces.get, here.world.forum.id)
    assert found == Pace(quiet=QuietHours(22 * 60, 7 * 60))


async def test_a_digest_is_posted_with_menus_that_open_each_article(here: Community) -> None:
    await choose_soon(here)
    await bring(here, 3)
    assert posted(here) == []

    await here.pass_time(320)

    [post] = posted(here)
    assert says(post, "3 new articles")
    value = next(iter(post.options.values()))
    opened = (await here.world.select(post, [value], by=here.reader)).message
    assert opened.is_private
    assert opened.embed.title


async def test_without_digests_a_moderator_decides_about_what_waits(here: Community) -> None:
    await here.order(f"!feed schedule #{here.papers.name} weekly")
    await bring(here, 2)
    asked = (await here.slash("feed schedule", by=here.moderator, change="at once")).message
    assert says(asked, "2 articles wait", "last digest")
    assert (await pace(here)).when is When.WEEKLY

    await press(here, asked, "Post them as a last digest")
    await here.pass_time(60)

    [post] = posted(here)
    assert says(post, "2 articles")
    assert await pace(here) == Pace()


async def test_the_page_of_a_feed_says_what_happens_with_its_next_article(here: Community) -> None:
    await here.order(f"!feed schedule #{here.papers.name} weekly friday 09:00")
    page = (await here.slash("feed show", by=here.moderator, feed="jii")).message
    assert says(page, "Friday", "09:00", "not posted by itself")


async def test_the_time_zone_is_chosen_by_a_city(here: Community) -> None:
    assert says(await here.order("!feed zone Munich"), "Europe/Berlin")
    assert (await here.settings()).time_zone == "Europe/Berlin"
    assert says(await here.order("!feed zone"), "Europe/Berlin")
    assert says(await here.order("!feed zone Berln"), "Berlin")
    assert (await here.settings()).time_zone == "Europe/Berlin"


async def test_replies_in_discussions_are_counted_for_the_week(here: Community) -> None:
    run = here.services.database.run
    await run(digests.note_reply, 424242, here.world.clock())
    counted = await run(lambda db: db.conn.execute("SELECT count(*) FROM replies").fetchone()[0])
    assert counted == 0, "a thread that is no discussion of a post"
