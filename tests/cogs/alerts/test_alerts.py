"""What comes to the moderators' channel, and what moderators do about it there."""

from collections.abc import AsyncIterator

import discord
import pytest

from sandbox.feeds import feed_of
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.support.discord_stage import Channel
from tests.support.facts import bold, channels, commands, headings, line_with, number_of, numbers, says
from tests.support.seen import Seen
from wetread.domain.models import DeliveryState

HELD, PENDING, SENT, SKIPPED = (
    DeliveryState.HELD,
    DeliveryState.PENDING,
    DeliveryState.SENT,
    DeliveryState.SKIPPED,
)


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii")
        yield community


@pytest.fixture
async def channel(here: Community) -> Channel:
    return await desk.choose_channel(here)


async def told(here: Community, channel: Channel) -> list[Seen]:
    """Wait until what is due was told, and return all that stands in the channel."""
    await here.pass_time(61)
    return here.posts(channel)


def words(message: Seen) -> str:
    return message.text.replace("\u00a0", " ")


# -- held floods ---------------------------------------------------------------------------------------


@pytest.mark.row("B02")
async def test_a_held_flood_is_asked_as_it_was_designed(here: Community, channel: Channel) -> None:
    await desk.hold(here)

    [question] = await told(here, channel)

    lines = words(question).splitlines()
    assert says(lines[0], "waiting for your decision", "14 articles")
    assert lines[1] == f"**J Invent Imaging** → <#{here.papers.id}>"
    assert says(lines[2], "changed its feed", "4 months old")
    assert lines[3:7] == [
        "1. Invented elastography, part 14 · Apr 2025",
        "2. Invented elastography, part 13 · Apr 2025",
        "3. Invented elastography, part 12 · Apr 2025",
        "-# and 11 more",
    ]
    assert says(question, "no hurry")
    assert question.buttons == ["Post all 14", "Post the newest 3", "Post none", "See all 14"]
    blurple = [part["label"] for part in question.parts if part.get("style") == 1]
    assert blurple == ["Post none"]
    assert await told(here, channel) == [question], "asked once"


async def test_one_held_article_is_asked_in_the_singular(here: Community, channel: Channel) -> None:
    await desk.hold(here, 1)

    [question] = await told(here, channel)

    assert number_of(question, "article") == 1
    assert question.buttons == ["Post it", "Post none"]


@pytest.mark.row("B02")
async def test_none_is_posted_and_a_moderator_can_think_again(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)

    await here.world.press(question, "Post none", by=here.moderator)
    decided = here.world.again(question)
    assert await desk.count(here, SKIPPED) >= 14
    assert says(line_with(decided, "J Invent Imaging"), "14 articles skipped")
    assert "-# Decided by mo.derator, <t:" in decided.text
    assert decided.buttons == ["Undo"]

    await here.world.press(decided, "Undo", by=here.moderator)
    again = here.world.again(question)
    assert again.text == question.text
    assert await desk.count(here, HELD) == 14
    assert len(await told(here, channel)) == 1


async def test_after_ten_minutes_the_undo_is_gone_and_would_not_help(
    here: Community, channel: Channel
) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)
    status = (await here.slash("status", by=here.moderator)).message
    [private] = (await here.world.press(status, "Show them", by=here.moderator)).messages
    await here.world.press(private, "Post none", by=here.moderator)
    undoable = here.world.again(private)
    await here.pass_time(601)

    late = await here.world.press(undoable, "Undo", by=here.moderator)
    [decided] = await told(here, channel)

    assert undoable.buttons == ["Undo"]
    assert says(late, "10 minutes", "no longer be undone")
    assert await desk.count(here, HELD) == 0
    assert decided.id == question.id
    assert decided.buttons == []
    assert says(decided, "skipped")


@pytest.mark.row("B02")
async def test_the_newest_three_are_posted_and_nothing_can_be_undone(
    here: Community, channel: Channel
) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)

    await here.world.press(question, "Post the newest 3", by=here.moderator)

    decided = here.world.again(question)
    assert says(decided, "3 articles posted", "11 articles skipped")
    assert decided.buttons == []
    await here.pass_time(60)
    posted = [post.embed.title or "" for post in here.posts() if post.embeds]
    assert [title.rpartition(" ")[2] for title in posted] == ["12", "13", "14"]


async def test_the_second_of_two_moderators_sees_what_the_first_decided(
    here: Community, channel: Channel
) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)
    other = here.world.guild.add_member(
        here.world.env.create_user("second.moderator"),
        roles=[here.world.guild.create_role("M2", permissions=discord.Permissions(manage_channels=True))],
    )
    status = (await here.slash("status", by=other)).message
    [private] = (await here.world.press(status, "Show them", by=other)).messages

    await here.world.press(question, "Post none", by=here.moderator)
    await here.world.press(private, "Post all 14", by=other)

    answered = here.world.again(private)
    assert "Decided by mo.derator" in answered.text
    assert await desk.count(here, PENDING) == 0
    assert await desk.count(here, HELD) == 0


async def test_a_decision_in_status_changes_the_message_in_the_channel(
    here: Community, channel: Channel
) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)
    status = (await here.slash("status", by=here.moderator)).message
    [private] = (await here.world.press(status, "Show them", by=here.moderator)).messages

    await here.world.press(private, "Post none", by=here.moderator)
    [changed] = await told(here, channel)

    assert changed.id == question.id
    assert says(changed, "skipped")
    assert changed.buttons == ["Undo"]


async def test_readers_decide_nothing(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)

    refused = await here.world.press(question, "Post all 14")

    assert refused.message.is_private
    assert says(refused, "moderators", "Manage Channels")
    assert await desk.count(here, HELD) == 14


async def test_all_held_articles_can_be_read_before_deciding(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)

    shown = (await here.world.press(question, "See all 14", by=here.moderator)).message

    assert shown.is_private
    assert "14. Invented elastography, part 1 · Jan 2025" in words(shown)
    assert len(shown.options) == 14


async def test_a_question_lives_on_after_a_restart(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)
    await here.world.restart()
    await here.pass_time(61)
    assert len(here.posts(channel)) == 1

    await here.world.press(question, "Post none", by=here.moderator)

    assert says(here.world.again(question), "skipped")


async def test_a_question_ends_with_its_feed(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    await told(here, channel)
    await here.agree("!feed remove jii", "Remove")

    [ended] = await told(here, channel)

    assert says(ended, "no longer needs a decision")
    assert ended.buttons == []


# -- uncertain posts -----------------------------------------------------------------------------------


@pytest.mark.row("A07")
async def test_an_uncertain_post_is_asked_as_it_was_designed(here: Community, channel: Channel) -> None:
    await desk.lose(here)

    [question] = await told(here, channel)

    assert headings(question) == ["Was this posted?"]
    assert (bold(question), channels(question)) == (["Lost post 1"], [here.papers.id])
    assert says(question, "cannot see whether the post arrived", "Read Message History")
    assert question.links == {
        "Look in #papers": f"https://discord.com/channels/{here.world.guild.id}/{here.papers.id}"
    }
    assert question.buttons == ["It is there", "Not there, post it"]
    assert not any(part.get("style") == 1 for part in question.parts)


@pytest.mark.row("A07", "A14")
async def test_a_moderator_who_finds_the_post_ends_the_question(here: Community, channel: Channel) -> None:
    await desk.lose(here)
    [question] = await told(here, channel)

    await here.world.press(question, "It is there", by=here.moderator)
    await here.pass_time(120)

    decided = here.world.again(question)
    assert says(line_with(decided, "Lost post 1"), "is there", "posted")
    assert decided.buttons == ["Undo"]
    assert [post for post in here.posts() if post.embeds] == []
    await here.world.press(decided, "Undo", by=here.moderator)
    assert here.world.again(question).buttons == ["It is there", "Not there, post it"]


@pytest.mark.row("A07", "A14")
async def test_a_post_that_is_not_there_goes_out_once(here: Community, channel: Channel) -> None:
    await desk.lose(here)
    [question] = await told(here, channel)

    await here.world.press(question, "Not there, post it", by=here.moderator)
    await here.pass_time(60)

    assert says(here.world.again(question), "was not there", "posts it now")
    assert here.world.again(question).buttons == []
    assert [post.embed.title for post in here.posts() if post.embeds] == ["Lost post 1"]


# -- troubles ------------------------------------------------------------------------------------------


@pytest.mark.row("A23", "A28")
async def test_a_refused_channel_is_told_once_with_what_helps(here: Community, channel: Channel) -> None:
    here.world.forbid(here.papers, "send_messages")
    await desk.refuse(here, 50013, "a permission is missing: Send Messages")

    [message] = await told(here, channel)
    assert f"⚠️ **<#{here.papers.id}>**" in message.text
    assert "a permission is missing: Send Messages (50013)" in message.text
    assert says(message, "What you can do", "missing permission", "Wetread role")
    assert len(await told(here, channel)) == 1

    here.world.allow_again(here.papers)
    [_, over] = await told(here, channel)
    assert channels(over) == [here.papers.id]
    assert says(over, "can post", "again")


@pytest.mark.row("A29")
async def test_a_deleted_channel_is_told_and_its_feeds_kept_for_thirty_days(
    here: Community, channel: Channel
) -> None:
    here.world.backend.delete_channel(here.papers.id)
    await here.world.settle()

    [message] = await told(here, channel)
    assert "**A channel was deleted**" in message.text
    assert "J Invent Imaging" in bold(message)
    assert commands(message) == ["feed move"]
    assert await desk.names(here) == ["J Invent Imaging"]

    await desk.age(here, days=30)
    await told(here, channel)
    assert await desk.names(here) == []
    assert any(says(post, "J Invent Imaging", "was removed", "deleted") for post in here.posts(channel))


@pytest.mark.row("A29")
async def test_a_channel_that_was_deleted_while_the_bot_was_away_is_noticed_at_its_start(
    here: Community, channel: Channel
) -> None:
    await here.world.settle()
    await here.bot.close()
    here.world.backend.delete_channel(here.papers.id)
    await here.world.restart()

    [message] = await told(here, channel)

    assert "**A channel was deleted**" in message.text


async def refusing_feed(here: Community) -> str:
    """Watch a publisher's feed in #papers that then refuses us; returns its path."""
    journal, path = here.journal("jii"), "/rss/9999-0016.xml"
    body, content_type = feed_of(journal, here.library.out(journal), "http://x/")
    here.server.publish(path, body, content_type=content_type)
    await here.agree("!feed remove jii", "Remove")
    await here.order(f"!feed add {here.server.url(path)} 0")
    here.server.answer(path, 403, b"no", {"cf-mitigated": "challenge"})
    await here.services.updater.update((await desk.watched(here)).feed.id)
    return path


@pytest.mark.row("B18")
async def test_a_feed_that_refuses_us_is_told_with_what_can_be_pressed(
    here: Community, channel: Channel
) -> None:
    path = await refusing_feed(here)

    [message] = await told(here, channel)
    assert f"⚠️ **Journal of Invented Imaging** → <#{here.papers.id}>" in message.text
    assert says(message, "1 Jan 2026", "refuses automated readers", "blocked")
    assert number_of(message, "try") == 1
    assert message.buttons == ["Use PubMed", "Try now", "Pause"]

    again = await here.world.press(message, "Try now", by=here.moderator)
    assert again.message.is_private
    assert says(again, "was checked", "refuses automated readers")

    here.server.publish(path, feed_of(here.journal("jii"), [], "http://x/")[0], content_type="text/xml")
    again = await here.world.press(message, "Try now", by=here.moderator)
    assert says(again, "can be read again", "no new articles")
    [_, over] = await told(here, channel)
    assert "can be read again." in over.text
    assert len(await told(here, channel)) == 2


@pytest.mark.row("B18")
async def test_pubmed_takes_the_place_of_a_feed_by_one_press(here: Community, channel: Channel) -> None:
    await refusing_feed(here)
    [message] = await told(here, channel)

    await here.world.press(message, "Use PubMed", by=here.moderator)

    watched = await desk.watched(here)
    assert watched.feed.url == here.web.feed_url(here.journal("jii"))
    assert watched.subscription.name == "Journal of Invented Imaging"
    settled = here.world.again(message)
    assert says(settled, "now read through PubMed")
    assert "-# Decided by mo.derator, <t:" in settled.text
    assert settled.buttons == []
    assert len(await told(here, channel)) == 1


async def test_a_feed_is_paused_where_it_is_told_of(here: Community, channel: Channel) -> None:
    await refusing_feed(here)
    [message] = await told(here, channel)

    refused = await here.world.press(message, "Pause")
    await here.world.press(message, "Pause", by=here.moderator)

    assert says(refused, "moderators", "Manage Channels")
    assert says(here.world.again(message), "is paused")
    assert commands(here.world.again(message)) == ["feed resume 2"]
    assert len(await told(here, channel)) == 1


@pytest.mark.row("A34")
async def test_posts_that_automod_stopped_are_tried_again_by_a_press(
    here: Community, channel: Channel
) -> None:
    await desk.stop(here, 200000, "AutoMod stopped the post")

    [message] = await told(here, channel)
    assert number_of(message, "post") == 1
    assert says(message, "AutoMod stopped the post (200000", "does not try again by itself")
    answer = await here.world.press(message, "Try again", by=here.moderator)
    assert number_of(answer, "post") == 1
    await here.pass_time(30)
    assert [post.embed.title for post in here.posts() if post.embeds] == ["Stopped"]


async def test_an_outage_of_many_feeds_is_one_message_and_so_is_its_end(
    here: Community, channel: Channel
) -> None:
    await here.watch("aisi", "onpp", "eafr")
    await desk.fail_all(here)

    [message] = await told(here, channel)
    assert headings(message) == ["4 feeds cannot be read"]
    assert f"- **J Invent Imaging** → <#{here.papers.id}>" in message.text
    assert message.buttons == ["All feeds"]
    opened = (await here.world.press(message, "All feeds", by=here.moderator)).message
    assert opened.text.startswith("### Feeds")

    for each in await here.services.subscriptions.of_guild(here.world.guild.id):
        await here.services.updater.update(each.feed.id)
    [_, over] = await told(here, channel)
    assert "**4 feeds can be read again.**" in over.text
    assert len(await told(here, channel)) == 2


async def test_a_message_that_somebody_removed_is_not_missed(here: Community, channel: Channel) -> None:
    await desk.hold(here)
    [question] = await told(here, channel)
    status = (await here.slash("status", by=here.moderator)).message
    [private] = (await here.world.press(status, "Show them", by=here.moderator)).messages
    await here.world.delete(question)

    await here.world.press(private, "Post none", by=here.moderator)

    assert await told(here, channel) == []
    assert await desk.count(here, HELD) == 0


# -- without a channel ---------------------------------------------------------------------------------


async def test_without_a_channel_a_moderator_is_hinted_once(here: Community) -> None:
    await desk.hold(here)
    await here.pass_time(61)
    assert len(here.posts()) == len([post for post in here.posts() if "J Invent Imaging" in post.text])

    first = await here.slash("feed list", by=here.moderator)
    second = await here.slash("feed list", by=here.moderator)

    assert first.messages[-1].is_private
    assert commands(first.messages[-1]) == ["status", "feed settings"]
    assert numbers(first.messages[-1]) == [1]
    assert len(second.messages) == 1


async def test_the_hint_to_a_typed_command_names_nothing_in_public(here: Community) -> None:
    await desk.hold(here)
    await here.pass_time(61)

    [offer, hint] = await here.say("!feed list", by=here.moderator)
    opened = (await here.world.press(hint, "Open", by=here.moderator)).message

    assert "J Invent" not in hint.text
    assert says(hint, "moderator’s decision")
    assert number_of(opened, "feed") == 1
    assert offer.buttons == ["Open"]


async def test_a_channel_that_takes_no_messages_is_as_good_as_none(here: Community, channel: Channel) -> None:
    here.world.forbid(channel, "send_messages")
    await desk.hold(here)

    assert await told(here, channel) == []
    status = (await here.slash("status", by=here.moderator)).message
    assert "feed settings" in commands(status)
    here.world.allow_again(channel)
    assert len(await told(here, channel)) == 1
