"""The desk of a moderator: the list, a feed's page, and adding step by step, all by pressing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.cogs.community import Community, open_community
from tests.cogs.desk_of_moderators import watched
from tests.support.facts import channels, says, unsaid
from tests.support.seen import Answer, Seen
from wetread.domain.models import Form, Subscription


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


@pytest.fixture
async def page(here: Community) -> Seen:
    """The page of the server's only feed, opened from the list."""
    await here.watch("jii")
    desk = (await here.slash("feed list", by=here.moderator)).message
    return (await here.world.select(desk, ["1"], by=here.moderator)).message


async def press(here: Community, message: Seen, label: str, **options: Any) -> Seen:
    answer = await here.world.press(message, label, by=here.moderator, **options)
    return answer.messages[-1]


async def form_of(here: Community, message: Seen, label: str) -> Answer:
    return await here.world.press(message, label, by=here.moderator)


async def subscription(here: Community) -> Subscription:
    return (await watched(here)).subscription


# -- the list -------------------------------------------------------------------------------------------


async def test_an_empty_list_offers_to_add_a_journal(here: Community) -> None:
    desk = (await here.slash("feed list", by=here.moderator)).message

    assert desk.is_private
    assert desk.buttons == ["Add a journal", "Topics", "Health"]


async def test_the_list_turns_its_pages_in_place(here: Community) -> None:
    await here.agree("!feed add general", "Start")
    desk = (await here.slash("feed list", by=here.moderator)).message
    second = await press(here, desk, "Next")
    first = await press(here, second, "Previous")

    assert says(desk, "1–10 of")
    assert says(second, "11–20 of")
    assert desk.id == second.id == first.id
    assert first.text == desk.text
    assert len(desk.options) <= 25


async def test_a_press_in_a_public_message_is_answered_privately(here: Community) -> None:
    await here.watch("jii")
    [offer] = await here.say("!feed list", by=here.moderator)
    opened = await press(here, offer, "Open")

    assert opened.is_private
    assert opened.id != offer.id
    assert here.world.again(offer).text == offer.text


# -- a feed's page ---------------------------------------------------------------------------------------


async def test_the_page_takes_the_place_of_the_list_and_goes_back(here: Community, page: Seen) -> None:
    back = await press(here, page, "Back")

    assert "### J Invent Imaging" in page.text
    assert page.buttons == [
        *("Test", "Filter", "Form", "Move", "Pause"),
        *("Why was it not posted?", "Open threads", "Schedule", "Mention", "Copy to others"),
        *("Remove", "Back"),
    ]
    assert back.id == page.id
    assert says(back, "1 is well")


async def test_pause_and_resume_change_the_page_in_place(here: Community, page: Seen) -> None:
    paused = await press(here, page, "Pause")
    state = (await subscription(here)).paused_at
    resumed = await press(here, paused, "Resume")

    assert says(paused, "Paused by")
    assert state is not None
    assert (await subscription(here)).paused_at is None
    assert paused.id == resumed.id == page.id
    assert "Pause" in resumed.buttons


async def test_the_filter_is_a_form_that_says_how_many_would_be_posted(here: Community, page: Seen) -> None:
    shown = await form_of(here, page, "Filter")
    filtered = (await here.world.submit(shown, {"words": "compass"}, by=here.moderator)).message
    chosen = (await subscription(here)).filter
    again = await form_of(here, filtered, "Filter")
    free = (await here.world.submit(again, {"words": ""}, by=here.moderator)).message

    assert says(filtered, "Filter compass", "Of its last 3 articles")
    assert chosen == "compass"
    assert (await subscription(here)).filter is None
    assert says(free, "every article is posted")


async def test_a_filter_that_is_not_understood_changes_nothing(here: Community, page: Seen) -> None:
    shown = await form_of(here, page, "Filter")
    refused = await here.world.submit(shown, {"words": "since:notaday"}, by=here.moderator)

    assert says(refused.messages[-1], "not a date")
    assert (await subscription(here)).filter is None


async def test_the_form_is_chosen_from_a_menu(here: Community, page: Seen) -> None:
    asked = await press(here, page, "Form")
    changed = (await here.world.select(asked, ["title"], by=here.moderator)).message

    assert says(asked, "Now: Whole abstract")
    assert says(changed, "“Title only”")
    assert (await subscription(here)).form is Form.TITLE
    assert changed.id == page.id


async def test_a_feed_moves_to_the_channel_of_a_menu(here: Community, page: Seen) -> None:
    asked = await press(here, page, "Move")
    moved = (await here.world.select(asked, [here.world.club], by=here.moderator)).message

    assert channels(moved)[0] == here.world.club.id
    assert (await subscription(here)).channel_id == here.world.club.id


async def test_a_channel_that_cannot_be_used_is_refused_and_the_feed_stays(
    here: Community, page: Seen
) -> None:
    here.world.forbid(here.world.club, "send_messages")
    asked = await press(here, page, "Move")
    refused = (await here.world.select(asked, [here.world.club], by=here.moderator)).message

    assert says(refused, "Send Messages")
    assert (await subscription(here)).channel_id == here.papers.id


async def test_the_last_articles_are_explained_from_the_page(here: Community, page: Seen) -> None:
    log = await press(here, page, "Why was it not posted?")

    assert log.id == page.id
    assert says(log, "Log of J Invent Imaging")
    assert "Back" in log.buttons


async def test_remove_asks_once_and_keeps_when_told(here: Community, page: Seen) -> None:
    asked = await press(here, page, "Remove")
    kept = await press(here, asked, "Keep")
    still = (await subscription(here)).id
    removed = await press(here, await press(here, kept, "Remove"), "Remove")

    assert says(asked, "Stop posting", "stay")
    assert "### J Invent Imaging" in kept.text
    assert still == 1
    assert says(removed, "no longer posts")
    assert await here.services.subscriptions.of_guild(here.world.guild.id) == []


async def test_a_sample_comes_beside_the_page(here: Community, page: Seen) -> None:
    sample = await press(here, page, "Test")

    assert sample.is_private
    assert sample.id != page.id
    assert sample.embeds
    assert not any(post.embeds for post in here.posts())


@pytest.mark.parametrize("label", ["Test", "Filter", "Form", "Move", "Pause", "Remove", "Back"])
async def test_who_is_no_moderator_any_more_changes_nothing(here: Community, page: Seen, label: str) -> None:
    before = await subscription(here)
    await here.world.retire()
    refused = await here.world.press(page, label, by=here.moderator)

    assert refused.modal is None
    assert says(refused.messages[-1], "moderators")
    assert await subscription(here) == before


async def test_the_page_works_after_a_restart(here: Community, page: Seen) -> None:
    await here.world.restart()
    paused = await press(here, page, "Pause")

    assert says(paused, "Paused by")


# -- adding step by step ---------------------------------------------------------------------------------


async def test_a_journal_is_added_by_menus_alone(here: Community) -> None:
    desk = (await here.slash("feed list", by=here.moderator)).message
    which = await press(here, desk, "Add a journal")
    subject, *_ = [part["custom_id"] for part in which.parts if part["type"] == 3]
    journals = (await here.world.select(which, ["invented"], custom_id=subject, by=here.moderator)).message
    _, menu = [part["custom_id"] for part in journals.parts if part["type"] == 3]
    where = (await here.world.select(journals, ["jii"], custom_id=menu, by=here.moderator)).messages[-1]
    sample = await press(here, where, "Show me a sample")
    before = here.posts()
    done = await press(here, sample, "Start")
    await here.pass_time(60)

    assert which.id == journals.id == where.id == desk.id
    assert says(where, "Journal of Invented Imaging", "It has 3 articles now", "Nothing is posted yet")
    assert before == []
    assert "### Done" in done.text
    assert len([post for post in here.posts() if post.embeds]) == 3 - 1  # letters are not posted


async def test_a_typed_name_offers_what_resembles_it(here: Community) -> None:
    desk = (await here.slash("feed list", by=here.moderator)).message
    which = await press(here, desk, "Add a journal")
    shown = await form_of(here, which, "Type a name")
    near = (await here.world.submit(shown, {"name": "jornal of invented imagin"}, by=here.moderator)).message
    where = (await here.world.select(near, ["jii"], by=here.moderator)).message

    assert says(near, "jornal of invented imagin", "one of these")
    assert "### Journal of Invented Imaging" in where.text


async def test_cancel_adds_nothing(here: Community) -> None:
    desk = (await here.slash("feed list", by=here.moderator)).message
    which = await press(here, desk, "Add a journal")
    cancelled = await press(here, which, "Cancel")

    assert says(cancelled, "Nothing was changed")
    assert await here.services.subscriptions.of_guild(here.world.guild.id) == []


async def test_a_step_that_names_a_forbidden_channel_offers_no_sample(here: Community) -> None:
    desk = (await here.slash("feed list", by=here.moderator)).message
    which = await press(here, desk, "Add a journal")
    shown = await form_of(here, which, "Type a name")
    where = (await here.world.submit(shown, {"name": "jii"}, by=here.moderator)).message
    here.world.forbid(here.world.club, "send_messages")
    place = next(part["custom_id"] for part in where.parts if part["type"] == 8)
    answer = await here.world.select(where, [here.world.club], custom_id=place, by=here.moderator)
    step = here.world.again(where)

    assert any(says(each, "Send Messages") for each in answer.messages)
    assert "Show me a sample" not in step.buttons


# -- several at once ---------------------------------------------------------------------------------------


async def subscriptions_of(here: Community) -> dict[str, Subscription]:
    found = await here.services.subscriptions.of_guild(here.world.guild.id)
    return {each.subscription.name: each.subscription for each in found}


@pytest.fixture
async def three(here: Community) -> list[str]:
    """The names of three feeds of the server."""
    await here.watch("jii", "aisi", "onpp")
    return list(await subscriptions_of(here))


async def test_all_feeds_are_paused_and_resumed_in_one_answer(here: Community, three: list[str]) -> None:
    await here.order("!feed pause jii")
    paused = await here.order("!feed pause all")
    states = [each.paused_at for each in (await subscriptions_of(here)).values()]
    resumed = await here.order("!feed resume jii, aisi, onpp")

    assert says(paused, *three, "already paused")
    assert None not in states
    assert says(resumed, *three, "will not be posted")
    assert {each.paused_at for each in (await subscriptions_of(here)).values()} == {None}


async def test_several_feeds_move_and_those_that_are_there_stay(here: Community, three: list[str]) -> None:
    await here.order("!feed move jii #journal-club")
    said = await here.order("!feed move jii, aisi #journal-club")

    assert says(said, "already there", "old posts stay")
    at = {name: each.channel_id for name, each in (await subscriptions_of(here)).items()}
    assert sorted(at.values()) == sorted([here.world.club.id, here.world.club.id, here.papers.id])


async def test_a_name_that_is_none_changes_none_of_them(here: Community, three: list[str]) -> None:
    said = await here.order("!feed pause jii, nonsense")

    assert says(said, "nonsense")
    assert {each.paused_at for each in (await subscriptions_of(here)).values()} == {None}


async def test_a_subject_is_removed_after_one_question(here: Community, three: list[str]) -> None:
    [question] = await here.say("!feed remove invented", by=here.moderator)
    kept = await here.services.subscriptions.of_guild(here.world.guild.id)
    removed = await press(here, question, "Remove")

    assert unsaid(question, "Stop posting 3 feeds?", *three) == []
    assert len(kept) == 3
    assert says(removed, *three, "posts stay")
    assert await subscriptions_of(here) == {}


async def test_others_get_the_form_and_filter_of_one(here: Community, three: list[str]) -> None:
    await here.order("!feed form jii title")
    await here.order("!feed filter jii phantom")
    said = await here.order("!feed copy jii to all")
    after = (await subscriptions_of(here)).values()

    assert says(said, "phantom")
    assert {(each.form, each.filter) for each in after} == {(Form.TITLE, "phantom")}


async def test_settings_are_copied_by_a_menu(here: Community, three: list[str]) -> None:
    await here.order("!feed form jii conclusion")
    page = (await here.slash("feed show", by=here.moderator, feed="jii")).message
    asked = await press(here, page, "Copy to others")
    done = (await here.world.select(asked, ["2"], by=here.moderator)).message
    forms = {each.id: each.form for each in (await subscriptions_of(here)).values()}

    assert says(asked, "Conclusion only", "channels stay")
    assert done.id == page.id
    assert [forms[1], forms[2], forms[3]] == [Form.CONCLUSION, Form.CONCLUSION, Form.WHOLE]


async def test_what_differs_from_usual_is_said_in_the_list(here: Community, three: list[str]) -> None:
    await here.order("!feed form jii title")
    await here.order("!feed filter aisi phantom")
    desk = (await here.slash("feed list", by=here.moderator)).message

    assert says(desk, "title only", "filtered", "0 this week")
    assert not says(desk, "whole abstract")


async def test_another_servers_feeds_are_not_among_all(here: Community, three: list[str]) -> None:
    channel, moderator = await here.world.other_server()
    [said] = await here.world.say(channel, "!feed pause all", by=moderator)

    assert says(said, "feed")
    assert {each.paused_at for each in (await subscriptions_of(here)).values()} == {None}


# -- threads -----------------------------------------------------------------------------------------------


async def test_a_thread_is_opened_under_each_post_with_its_first_line(here: Community) -> None:
    await here.watch("jii")
    on = await here.order("!feed threads jii on")
    here.library.publish(here.journal("jii"))
    await here.services.updater.update(1)
    await here.pass_time(150)
    opened = here.world.threads(here.papers)
    off = await here.order("!feed threads jii off")
    page = (await here.slash("feed show", by=here.moderator, feed="jii")).message

    assert says(on, "thread", "each new post")
    [thread] = opened
    [line] = [each for each in here.posts(thread) if each.content]
    assert says(line, "Discussion of", "patient details")
    assert says(off, "Discuss")
    assert "Open threads" in page.buttons


async def test_threads_need_permissions_and_a_text_channel(here: Community) -> None:
    await here.watch("jii")
    here.world.forbid(here.papers, "create_public_threads")
    refused = await here.order("!feed threads jii on")
    await here.order("!feed move jii #library")
    forum = await here.order("!feed threads jii on")

    assert says(refused, "Create Public Threads")
    assert says(forum, "forum", "already")
    assert not (await subscription(here)).opens_threads
