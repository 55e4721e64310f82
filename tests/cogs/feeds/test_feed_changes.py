"""Moderators see and change what is watched, in one line by message and privately by slash."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import discord
import pytest
import pytest_asyncio

from tests.cogs.community import Community, on_shared, open_community
from tests.support.facts import (
    bold,
    buttons,
    channels,
    code,
    commands,
    line_with,
    number_of,
    numbers,
    roles,
    says,
)
from tests.support.seen import Seen
from wetread.storage.settings import GuildSettings


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii")
        yield community


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    """For what leaves one journal watched, as it was."""
    async with open_community() as community:
        await community.watch("jii")
        yield community


def cards(messages: list[Seen]) -> list[Seen]:
    return [message for message in messages if message.embeds]


async def publish(here: Community) -> str:
    """Let the journal publish, and the bot ask it and post what it owes; returns the title."""
    article = here.library.publish(here.journal("jii"))
    await here.services.updater.update(1)
    await here.pass_time(150)  # its abstract comes, or is not waited for any longer
    return article.title


def titles(messages: list[Seen]) -> list[str | None]:
    return [message.embed.title for message in cards(messages)]


# -- what is watched -----------------------------------------------------------------------------------


@on_shared
@pytest.mark.parametrize("text", ["!feed", "!feed list", "!Feed List", "!feed show jii", "!feed settings"])
async def test_a_panel_is_never_shown_in_public(shared: Community, text: str) -> None:
    [offer] = await shared.say(text, by=shared.moderator)

    assert list(buttons(offer)) == ["Open"]
    assert (await shared.world.press(offer, "Open", by=shared.moderator)).message.is_private


async def test_open_works_after_a_restart_and_for_moderators_only(here: Community) -> None:
    [offer] = await here.say("!feed list", by=here.moderator)
    await here.world.restart()

    panel = await here.world.press(offer, "Open", by=here.moderator)
    refused = await here.world.press(offer, "Open", by=here.reader)

    assert says(panel, "Feeds", "1 is well")
    assert refused.message.is_private
    assert says(refused, "moderators", "Manage Channels")


async def test_the_list_says_how_each_fares_and_what_needs_somebody_first(here: Community) -> None:
    here.server.publish(
        "/notes.xml",
        "<rss version='2.0'><channel><title>Lost Notes</title><link>http://x/</link></channel></rss>",
    )
    await here.watch("aisi", here.server.url("/notes.xml"))
    await here.order("!feed pause aisi")
    here.server.answer("/notes.xml", 410)
    await here.services.updater.update(3)

    panel = (await here.slash("feed list", by=here.moderator)).message

    lines = [line for line in panel.text.splitlines() if line.startswith(("**", "⚠️"))]
    assert panel.is_private
    assert "1 is well, 1 is paused, 1 needs you." in panel.text
    assert lines == [
        f"⚠️ **Lost Notes · #3** → <#{here.papers.id}>",
        f"**J Invent Imaging · #1** → <#{here.papers.id}>",
        f"**Ann Imaginary Spine Interv · #2** → <#{here.papers.id}>",
    ]
    assert f"Paused by <@{here.moderator.id}>, 1\u00a0Jan\u00a02026" in panel.text
    assert says(panel, "removed permanently", "1 Jan 2026", "no longer asks")


async def test_the_page_says_what_became_of_the_last_articles(here: Community) -> None:
    await here.order("!feed filter jii compass")
    posted = await publish(here)
    private = (await here.slash("feed show", by=here.moderator, feed="jii")).message
    opened = await here.opened("!feed show JII")

    for panel in (private, opened):
        assert panel.is_private
        assert "### J Invent Imaging · #1" in panel.text
        assert channels(panel) == [here.papers.id]
        assert says(panel, "Whole abstract", "Filter compass")
        [after] = [words for line, words in pairwise(panel.text.splitlines()) if says(line, posted)]
        assert says(after, "skipped", "filter")
        assert says(panel, "before the feed was added")


async def test_a_sample_is_private_and_posts_nothing(here: Community) -> None:
    typed = await here.opened("!feed test jii")
    private = (await here.slash("feed test", by=here.moderator, feed="#1")).message

    for panel in (typed, private):
        assert panel.is_private
        assert bold(panel.content) == ["J Invent Imaging"]
        assert number_of(panel.content, "articles") == 3
        assert says(panel.content, "nothing is posted")
        assert panel.embed.title
    assert cards(here.posts()) == []


async def test_check_asks_now_and_says_what_it_brought(here: Community) -> None:
    nothing = await here.order("!feed check jii")
    here.library.publish(here.journal("jii"))
    something = await here.order("!feed check jii")
    private = (await here.slash("feed check", by=here.moderator, feed="#1")).message

    assert bold(nothing) == bold(something) == ["J Invent Imaging"]
    assert says(nothing, "no new articles")
    assert says(something, "1 new article")
    assert private.is_private
    assert private.content == nothing


async def test_a_failure_is_not_told_in_public(here: Community) -> None:
    here.library.broken.add("jii")

    [public] = await here.say("!feed check jii", by=here.moderator)
    page = (await here.world.press(public, "Open", by=here.moderator)).message
    private = (await here.slash("feed check", by=here.moderator, feed="#1")).message

    assert says(public, "J Invent Imaging", "checked")
    assert not says(public, "error")
    assert list(buttons(public)) == ["Open"]
    assert page.is_private
    assert says(page, "server error")
    assert says(private.content, "J Invent Imaging", "server error", "tries again")


# -- changing ------------------------------------------------------------------------------------------


async def test_pause_and_resume_skip_what_came_in_between(here: Community) -> None:
    paused = await here.order("!feed pause jii")
    again = await here.order("!feed pause 1")
    await publish(here)
    resumed = await here.order("!feed resume JII")
    twice = await here.order("!feed resume jii")
    await here.pass_time(1900)  # the next document is asked for
    later = await publish(here)

    for said in (paused, again, resumed, twice):
        assert bold(said) == ["J Invent Imaging"]
    assert says(paused, "is paused")
    assert says(again, "already paused")
    assert commands(paused) == commands(again) == ["feed resume 1"]
    assert channels(resumed) == [here.papers.id]
    assert says(resumed, "while it was paused", "not be posted")
    assert says(twice, "not paused")
    assert titles(here.posts()) == [later]


async def test_move_sends_what_is_new_elsewhere_and_nothing_twice(here: Community) -> None:
    first = await publish(here)
    moved = await here.order("!feed move jii #journal-club")
    there_already = await here.order("!feed move jii #journal-club")
    second = await publish(here)
    private = (await here.slash("feed move", by=here.moderator, feed="#1", destination=here.papers)).message

    assert (bold(moved), channels(moved)) == (["J Invent Imaging"], [here.world.club.id])
    assert channels(there_already) == [here.world.club.id]
    assert says(there_already, "already")
    assert titles(here.posts()) == [first]
    assert titles(here.posts(here.world.club)) == [second]
    assert private.is_private
    assert channels(private.content) == [here.papers.id]


async def test_move_checks_the_destination(here: Community) -> None:
    here.world.forbid(here.world.club, "embed_links")
    [refused] = await here.say("!feed move jii #journal-club", by=here.moderator)
    here.world.allow_again(here.world.club)
    await here.world.press(refused, "Check again", by=here.moderator)

    assert says(refused, "Embed Links")
    assert channels(here.posts()[-1]) == [here.world.club.id]
    assert bold(here.posts()[-1]) == ["J Invent Imaging"]


async def test_remove_stops_and_can_be_undone(here: Community) -> None:
    first = await publish(here)
    removed = await here.agree("!feed remove J Invent Imaging", "Remove")
    await publish(here)
    listed = (await here.slash("feed list", by=here.moderator)).text

    assert (bold(removed), channels(removed)) == (["J Invent Imaging"], [here.papers.id])
    assert says(removed, "no longer posts")
    assert commands(removed) == ["feed add"]
    assert titles(here.posts()) == [first]
    assert says(listed, "no feeds yet")
    assert says(await here.order("!feed add jii 0"), "now posts to")


async def test_the_form_holds_from_the_next_article_on(here: Community) -> None:
    said = await here.order("!feed form jii title")
    await publish(here)
    private = (await here.slash("feed form", by=here.moderator, feed="#1", form="conclusion")).message

    [card] = cards(here.posts())
    assert bold(said) == ["J Invent Imaging"]
    assert says(said, "Title only")
    assert "**Results**" not in (card.embed.description or "")
    assert says(private.content, "Conclusion only")


@on_shared
@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("jii compass OR ice", "compass OR ice"),
        ("J Invent Imaging compass", "compass"),
        ('"Journal of Invented Imaging" compass "ice cream"', 'compass "ice cream"'),
        ("9999-0016 -veterinary", "-veterinary"),
        ("1 compass", "compass"),
        ("jii imaging", "imaging"),
    ],
)
async def test_a_filter_is_told_from_the_name_before_it(shared: Community, text: str, query: str) -> None:
    said = await shared.order(f"!feed filter {text.format(issn=shared.journal('jii').issn)}")

    assert (bold(said), code(said)) == (["J Invent Imaging"], [query])


async def test_a_filter_says_what_it_would_have_posted_and_can_be_taken_away(here: Community) -> None:
    some = await here.order("!feed filter jii panel OR grey")
    none = await here.order("!feed filter jii compass")
    private = await here.slash("feed filter", by=here.moderator, feed="#1", query="panel review")
    await publish(here)
    gone = await here.order("!feed filter jii everything")
    posted = await publish(here)

    assert numbers(some) == [3, 2]
    assert numbers(none) == [3]
    assert says(none, "none")
    assert private.message.is_private
    assert code(private) == ["panel review"]
    assert says(gone, "every article")
    assert titles(here.posts()) == [posted]


@on_shared
@pytest.mark.parametrize("text", ["jii", 'jii ""', "Journal of Invented Imaging"])
async def test_a_filter_without_words_is_shown_and_stays(shared: Community, text: str) -> None:
    await shared.order("!feed filter jii everything")
    before = await shared.order(f"!feed filter {text}")
    await shared.order("!feed filter jii compass")
    chosen = await shared.order(f"!feed filter {text}")
    private = (await shared.slash("feed filter", by=shared.moderator, feed="#1")).message

    assert says(before, "J Invent Imaging", "every article")
    assert says(chosen, "J Invent Imaging", "compass")
    assert commands(chosen) == ["feed filter 1 spine OR pain -veterinary", "feed filter 1 everything"]
    assert private.is_private
    assert private.text == chosen.replace("!feed", "/feed")


# -- names ---------------------------------------------------------------------------------------------


@on_shared
@pytest.mark.parametrize("action", ["show", "test", "check", "remove", "pause", "resume"])
async def test_an_unknown_name_is_answered_with_the_near_ones(shared: Community, action: str) -> None:
    near = await shared.order(f"!feed {action} J Invnt Imagng")
    far = await shared.order(f"!feed {action} Poultry")

    assert says(near, "“J Invnt Imagng”")
    assert near.splitlines()[-1] == "- J Invent Imaging"
    assert commands(far) == ["feed list"]


@on_shared
@pytest.mark.parametrize(
    "text", ["show", "test", "check", "remove", "pause", "resume", "move", "form", "filter"]
)
async def test_a_missing_name_shows_how_it_goes(shared: Community, text: str) -> None:
    said = await shared.order(f"!feed {text}")

    assert says(said, "missing")
    assert commands(said)[-1].startswith(f"feed {text} ")


@on_shared
@pytest.mark.parametrize("text", ["move jii", "form jii"])
async def test_a_missing_choice_shows_how_it_goes(shared: Community, text: str) -> None:
    name = text.split(maxsplit=1)[0]
    typed = await shared.order(f"!feed {text}")
    private = (await shared.slash(f"feed {name}", by=shared.moderator, feed="#1")).message

    assert says(typed, "missing")
    assert private.is_private
    assert f"`/feed {name} jvir" in private.text


@on_shared
@pytest.mark.parametrize(("slip", "meant"), [("ad jii", "add"), ("lsit", "list"), ("pasue jii", "pause")])
async def test_a_slip_in_the_subcommand_is_understood(shared: Community, slip: str, meant: str) -> None:
    said = await shared.order(f"!feed {slip}")

    assert says(said, f"“!feed {slip.split(maxsplit=1)[0]}”")
    assert commands(said) == [f"feed {meant}"]


@on_shared
async def test_something_else_behind_feed_is_told_where_help_is(shared: Community) -> None:
    assert commands(await shared.order("!feed xyzzy")) == ["help feed"]


async def test_a_feed_of_two_places_is_meant_by_its_number_or_where_it_is_typed(here: Community) -> None:
    await here.watch("jii", channel=here.world.club)

    in_neither = await here.order("!feed pause jii", here.world.announcements)
    in_one = await here.order("!feed pause jii", here.world.club)
    numbered = await here.order("!feed pause #1", here.world.announcements)
    offered = await here.world.autocomplete(here.papers, "feed show", "feed", "inv", by=here.moderator)

    assert code(in_neither) == ["#1", "#2"]
    assert channels(in_neither) == [here.papers.id, here.world.club.id]
    assert commands(in_one) == ["feed resume 2"]
    assert commands(numbered) == ["feed resume 1"]
    assert offered == [("J Invent Imaging → #papers", "#1"), ("J Invent Imaging → #journal-club", "#2")]


async def test_two_feeds_of_one_name_ask_which_wherever_it_is_typed(here: Community) -> None:
    await here.watch("onpp", channel=here.world.club)
    await here.services.database.run(lambda db: db.conn.execute("UPDATE subscriptions SET name = 'Notes'"))
    said = [await here.order("!feed pause Notes", place) for place in (here.papers, here.world.club)]

    for each in said:
        assert says(each, "Notes", "2 feeds")
        assert channels(each) == [here.papers.id, here.world.club.id]
    assert says(await here.order("!feed pause #2"), "paused")


@on_shared
@pytest.mark.parametrize(
    "name", ["show", "test", "check", "remove", "pause", "resume", "move", "form", "filter"]
)
async def test_every_command_about_a_feed_offers_them(shared: Community, name: str) -> None:
    offered = await shared.world.autocomplete(
        shared.papers, f"feed {name}", "feed", "j i", by=shared.moderator
    )

    assert offered == [("J Invent Imaging → #papers", "#1")]


# -- who may: a role -----------------------------------------------------------------------------------


async def test_a_chosen_role_may_moderate_and_others_may_not(here: Community) -> None:
    editors = here.world.guild.create_role("Editors")
    editor = here.world.guild.add_member(here.world.env.create_user("ed.itor"), roles=[editors])
    [before] = await here.say("!feed pause jii", by=editor)

    said = (await here.slash("feed settings", by=here.moderator, moderator_role=editors)).message
    [after] = await here.say("!feed pause jii", by=editor)
    [reader] = await here.say("!feed pause jii")

    assert says(before, "moderators", "Manage Channels")
    assert said.is_private
    assert roles(said.content) == [editors.id]
    assert says(after, "J Invent Imaging", "paused")
    assert says(reader, "moderators", "Manage Channels")


async def test_the_role_cannot_hand_itself_on(here: Community) -> None:
    editors = here.world.guild.create_role("Editors")
    friends = here.world.guild.create_role("Friends")
    editor = here.world.guild.add_member(here.world.env.create_user("ed.itor"), roles=[editors])
    await here.choose(GuildSettings(moderator_role_id=editors.id))

    refused = await here.say(f"!feed settings <@&{friends.id}>", by=editor)
    allowed = await here.say("!feed settings 48", by=editor)

    assert says(refused[0], "moderators", "Manage Channels")
    assert number_of(allowed[0], "hours") == 48
    assert await here.settings() == GuildSettings(editors.id, abstract_wait=timedelta(hours=48))


async def test_everybody_is_no_moderator_role(here: Community) -> None:
    said = await here.order(f"!feed settings <@&{here.world.guild.id}>")

    assert says(said, "moderator", "another role")
    assert await here.settings() == GuildSettings()


# -- settings ------------------------------------------------------------------------------------------


async def test_settings_are_shown_as_they_are(here: Community) -> None:
    usual = await here.opened("!feed settings")
    await here.choose(GuildSettings(moderator_channel_id=here.world.club.id, abstract_wait=timedelta(0)))
    chosen = (await here.slash("feed settings", by=here.moderator)).message

    assert usual.is_private
    assert "**Moderator role** not chosen" in usual.text
    assert says(line_with(usual, "No abstract yet"), "1 minute", "standard")
    assert f"**Moderator channel** <#{here.world.club.id}>" in chosen.text
    assert says(line_with(chosen, "No abstract yet"), "at once")
    assert not says(line_with(chosen, "No abstract yet"), "standard")


async def test_settings_change_one_by_one_and_go_back_to_the_usual(here: Community) -> None:
    channel = await here.slash("feed settings", by=here.moderator, moderator_channel=here.world.club)
    wait = await here.slash("feed settings", by=here.moderator, abstract_wait=24)
    between = await here.settings()
    reset = await here.slash("feed settings", by=here.moderator, reset="wait for the abstract")

    assert channels(channel) == [here.world.club.id]
    assert number_of(wait, "hours") == 24
    assert between == GuildSettings(
        moderator_channel_id=here.world.club.id, abstract_wait=timedelta(hours=24)
    )
    assert says(reset, "wait for the abstract", "standard")
    assert await here.settings() == GuildSettings(moderator_channel_id=here.world.club.id)


async def test_settings_that_cannot_be_are_refused_in_words(here: Community) -> None:
    here.world.forbid(here.world.club, "send_messages")
    channel = await here.slash("feed settings", by=here.moderator, moderator_channel=here.world.club)
    waits = [
        (await here.slash("feed settings", by=here.moderator, abstract_wait=count)).text
        for count in (-5, 99_999, 2**52)
    ]

    assert channels(channel) == [here.world.club.id]
    assert says(channel, "Send Messages")
    assert all(number_of(said, "hours") == 2160 for said in waits)
    assert await here.settings() == GuildSettings()


async def test_the_wait_is_kept_by_the_next_article(here: Community) -> None:
    await here.order("!feed add aisi 0")
    await here.slash("feed settings", by=here.moderator, abstract_wait=0)
    late = here.library.publish(here.journal("aisi"))
    await here.services.updater.update(2)
    await here.pass_time(60)

    assert late.late  # its abstract comes half an hour after it
    assert titles(here.posts()) == [late.title]
    assert isinstance(cards(here.posts())[0].embed, discord.Embed)


@pytest.mark.parametrize(
    "text", ["reset wait for the abstract", "Wait for the abstract", "reset library's proxy"]
)
async def test_a_message_sets_back_what_a_slash_command_sets_back(here: Community, text: str) -> None:
    said = await here.order(f"!feed settings {text}")

    assert says(said, "standard value")


@on_shared
async def test_the_name_of_a_journal_that_is_not_watched_is_no_part_of_anothers(shared: Community) -> None:
    await shared.watch("eafr")  # European Archives of Fictional Radiology
    said = await shared.order("!feed remove Radiology")
    removed = await shared.agree("!feed remove Fictional", "Remove")

    assert says(said, "“Radiology”")
    assert "- Eur Arch Fict Radiol" in said.splitlines()
    assert bold(removed) == ["Eur Arch Fict Radiol"]
    assert says(removed, "no longer posts")


@on_shared
async def test_an_unknown_number_is_like_no_other(shared: Community) -> None:
    said = await shared.order("!feed remove 99")

    assert says(said, "“99”")
    assert commands(said) == ["feed list"]
    assert "\n- " not in said


@on_shared
async def test_answers_name_commands_in_the_form_that_was_used(shared: Community) -> None:
    paused = (await shared.slash("feed pause", by=shared.moderator, feed="#1")).message
    await shared.order("!feed resume 1")

    assert code(paused.content) == ["/feed resume 1"]


@on_shared
async def test_a_kind_that_there_is_not_is_answered_with_an_example(shared: Community) -> None:
    said = await shared.order("!feed types poems on")

    assert commands(said) == ["feed types letters on"]
