"""Moderators choose feeds: adding, in both forms, and who may. What is done with them: test_feed_changes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.feeds import feed_of
from tests.cogs.community import Community, open_community
from tests.support.facts import bold, channels, commands, number_of, numbers, says
from tests.support.seen import CHANNEL_SELECT, STRING_SELECT, Seen
from wetread.domain.models import Form

ADD_EXAMPLE = "`!feed add jvir #interventional conclusion 3`"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


def cards(messages: list[Seen]) -> list[Seen]:
    return [message for message in messages if message.embeds]


def posts_to(said: str, name: str, channel: Any) -> bool:
    """Whether an answer says that a feed now posts to a channel."""
    return says(said, "now posts to") and bold(said)[0] == name and channels(said)[0] == channel.id


def menus(message: Seen) -> list[str]:
    """The custom_ids of its menus, from above."""
    return [part["custom_id"] for part in message.parts if part["type"] in (STRING_SELECT, CHANNEL_SELECT)]


def chosen(message: Seen) -> list[str]:
    """The labels of the options that are chosen in its menus."""
    return [o["label"] for part in message.parts for o in part.get("options", ()) if o.get("default")]


def publish_feed(here: Community, path: str = "/feed.xml") -> str:
    """Serve a feed that the catalogue does not know, and return its address."""
    body, content_type = feed_of(here.journal("onpp"), here.library.out(here.journal("onpp")), "http://x/")
    here.server.publish(path, body, content_type=content_type)
    return here.server.url(path)


CANARY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"


@pytest.mark.row("E28")
@pytest.mark.parametrize(
    "command",
    [
        "feed add {}",
        "feed show {}",
        "feed pause {}",
        "feed why {}",
        "abstract {}",
        "search {}",
        "latest {}",
        "share {}",
    ],
)
async def test_secrets_of_an_address_are_not_repeated(here: Community, command: str) -> None:
    url = here.server.url(f"/feed/{CANARY}/rss", userinfo="c4n4ry-user-1:c4n4ry-word-2@")
    said = await here.say(f"!{command.format(url)}", by=here.moderator)

    assert said
    assert not any(secret in each.text for each in said for secret in (CANARY, "c4n4ry"))


# -- adding, typed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["jii", "Journal of Invented Imaging", "J Invent Imaging", "9999-0016", "JII"]
)
async def test_a_journal_is_added_by_any_of_its_names_at_once_and_in_one_line(
    here: Community, name: str
) -> None:
    said = await here.order(f"!feed add {name}")
    await here.pass_time(60)

    assert posts_to(said, "J Invent Imaging", here.papers)
    assert number_of(said, "newest") == 3
    assert says(said, "letters", "errata", "skipped")
    assert commands(said) == ["feed types", "feed show 1"]
    assert "\n" not in said
    assert len(cards(here.posts())) == 2


async def test_what_is_typed_behind_the_name_is_heeded(here: Community) -> None:
    said = await here.order("!feed add jii #journal-club title 1")
    await here.pass_time(60)

    [card] = cards(here.posts(here.world.club))
    assert posts_to(said, "J Invent Imaging", here.world.club)
    assert says(said, "newest article")
    assert "**Purpose**" not in (card.embed.description or "")
    assert cards(here.posts()) == []


async def test_nothing_of_what_is_out_follows_if_nothing_is_wished(here: Community) -> None:
    said = await here.order("!feed add jii 0")
    await here.pass_time(60)

    assert posts_to(said, "J Invent Imaging", here.papers)
    assert not says(said, "newest")
    assert cards(here.posts()) == []


async def test_the_address_of_a_feed_and_of_a_page_that_names_one_are_enough(here: Community) -> None:
    url = publish_feed(here)
    here.server.answer(
        "/page.html",
        200,
        f'<html><head><link rel="alternate" type="application/rss+xml" href="{url}"></head></html>',
        {"Content-Type": "text/html"},
    )

    feed = await here.order(f"!feed add <{url}> 0")
    page = await here.order(f"!feed add {here.server.url('/page.html')} #journal-club 0")

    assert posts_to(feed, "Open Notes on Pretend Pain", here.papers)
    assert not says(feed, "page")
    assert says(page, "page")
    assert "127.0.0.1" not in feed + page


async def test_a_subject_adds_its_journals_and_posts_nothing_of_what_is_out(here: Community) -> None:
    question = await here.ask("!feed add invented", by=here.moderator)
    nothing_yet = (await here.slash("feed list", by=here.moderator)).text
    said = await here.agree("!feed add invented", "Start")
    again = await here.agree("!feed add invented", "Start")
    await here.pass_time(120)

    assert (number_of(question, "journals"), channels(question)) == (4, [here.papers.id])
    assert question.buttons == ["Start", "Cancel"]
    assert says(nothing_yet, "no feeds yet")
    assert (bold(said), number_of(said, "journals"), channels(said)) == (["invented"], 4, [here.papers.id])
    assert (said.buttons, again.buttons) == (["Undo"], [])
    assert commands(said) == ["feed list"]
    assert (bold(again), channels(again)) == (["invented"], [here.papers.id])
    assert says(again, "all", "already")
    assert cards(here.posts()) == []


async def test_what_was_added_together_is_undone_as_one_for_ten_minutes(here: Community) -> None:
    await here.watch("onpp")
    cancelled = await here.agree("!feed add invented", "Cancel")
    private = (await here.slash("feed add", by=here.moderator, what="invented")).message
    await here.world.press(private, "Start", by=here.moderator)
    added = here.world.again(private)
    undone = await here.world.press(added, "Undo", by=here.moderator)
    listed = (await here.slash("feed list", by=here.moderator)).text
    late = await here.agree("!feed add invented", "Start")
    await here.pass_time(601)
    refused = await here.world.press(late, "Undo", by=here.moderator)
    by_a_reader = await here.world.press(late, "Undo")

    assert says(cancelled, "nothing was changed")
    assert number_of(added, "journals") == number_of(here.world.again(private), "feeds") == 3
    assert undone.messages == () or says(undone, "3 feeds")
    assert listed.count("→") == 1
    assert says(refused, "no longer be undone")
    assert says(by_a_reader, "only moderators")


async def test_remove_asks_once_in_both_forms(here: Community) -> None:
    await here.watch("jii", "onpp")
    kept = await here.agree("!feed remove jii", "Keep")
    private = (await here.slash("feed remove", by=here.moderator, feed="onpp")).message
    by_a_reader = await here.world.press(await here.ask("!feed remove jii", by=here.moderator), "Remove")
    await here.world.press(private, "Remove", by=here.moderator)
    listed = (await here.slash("feed list", by=here.moderator)).text

    assert says(kept, "nothing was changed")
    assert says(private, "posts stay")
    assert says(by_a_reader, "only moderators")
    assert says(here.world.again(private), "no longer posts")
    assert "J Invent Imaging" in listed
    assert listed.count("→") == 1


def page_of(here: Community, folder: Path, *addresses: str) -> str:
    """Serve a web page that names these feeds, and return its address."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{each}">' for each in addresses)
    page = folder / "page.html"
    page.write_text(f"<html><head><title>Journals</title>{links}</head></html>", encoding="utf-8")
    return here.web.serve(page)


async def test_a_page_with_several_feeds_asks_which(here: Community, tmp_path: Path) -> None:
    jii, aisi = (here.web.feed_url(here.journal(key)) for key in ("jii", "aisi"))
    url = page_of(here, tmp_path, jii, f"{jii}?format=again", aisi, f"{here.web.base_url}gone.xml")

    [asked] = await here.say(f"!feed add {url} #journal-club title 1", by=here.moderator)
    by_a_reader = await here.world.press(asked, "2", by=here.reader)
    await here.world.restart()
    await here.world.press(asked, "2", by=here.moderator)

    assert asked.buttons == ["1", "2", "Cancel"]
    assert says(asked, "2 feeds")
    assert [line for line in bold(asked) if line[0] in "12"] == [
        "1. Journal of Invented Imaging",
        "2. Annals of Imaginary Spine Intervention: Table of Contents",
    ]
    assert here.library.out(here.journal("jii"))[0].title in asked.text
    assert says(by_a_reader, "moderators")
    [watched] = await here.services.subscriptions.of_guild(here.world.guild.id)
    assert watched.feed.url == aisi
    assert watched.subscription.channel_id == here.world.club.id
    assert watched.subscription.form is Form.TITLE
    assert says(here.world.again(asked), "now posts", "newest article follows")


async def test_a_page_with_several_feeds_asks_privately_and_may_be_left(
    here: Community, tmp_path: Path
) -> None:
    url = page_of(here, tmp_path, *(here.web.feed_url(here.journal(key)) for key in ("jii", "aisi")))

    asked = (await here.slash("feed add", by=here.moderator, what=url)).message
    await here.world.press(asked, "Cancel", by=here.moderator)

    assert asked.is_private
    assert await here.services.subscriptions.of_guild(here.world.guild.id) == []


async def test_a_page_with_copies_of_one_feed_does_not_ask(here: Community, tmp_path: Path) -> None:
    jii = here.web.feed_url(here.journal("jii"))
    url = page_of(here, tmp_path, jii, f"{jii}?format=again")

    assert "now posts" in await here.order(f"!feed add {url} 0")


async def test_a_subject_with_a_journal_of_its_name_says_how_to_get_that_one(here: Community) -> None:
    said = await here.order("!feed add spine")
    journal = await here.order("!feed add Spine (Phila Pa 1976) #journal-club 0")

    assert says(said, "spine", "only the journal Spine")
    assert commands(said)[-1] == "feed add Spine (Phila Pa 1976)"
    assert posts_to(journal, "Spine (Phila Pa 1976)", here.world.club)


async def test_an_unknown_journal_is_answered_with_up_to_five_near_ones(here: Community) -> None:
    near = await here.order("!feed add Radiolgy")
    far = await here.order("!feed add Poultry Science Quarterly")

    assert says(near.splitlines()[0], "“Radiolgy”")
    assert "- Radiology" in near.splitlines()
    assert 1 <= sum(line.startswith("- ") for line in near.splitlines()) <= 5
    assert says(far, "address", "feed", "page")


async def test_a_feed_is_not_added_twice_to_one_place(here: Community) -> None:
    await here.watch("jii")

    typed = await here.order("!feed add jii")
    private = (await here.slash("feed add", by=here.moderator, what="jii")).message
    elsewhere = await here.order("!feed add jii #journal-club 0")

    for said in (typed, private.text):
        assert channels(said) == [here.papers.id]
        assert says(said, "“J Invent Imaging”", "already")
        assert "feed show" in commands(said)
    assert private.is_private
    assert posts_to(elsewhere, "J Invent Imaging", here.world.club)


async def test_a_server_may_have_so_many_and_no_more() -> None:
    async with open_community(most_feeds=2) as here:
        bundle = await here.agree("!feed add invented", "Start")
        one_more = await here.order("!feed add jii #journal-club")

    assert numbers(bundle) == [2, 2]
    assert says(bundle, "added 2 journals", "not added: 2 journals")
    assert number_of(one_more, "feeds") == 2


@pytest.mark.parametrize("text", ["!feed add", "!feed add  "])
async def test_nothing_to_add_shows_how_it_goes(here: Community, text: str) -> None:
    said = await here.order(text)

    assert says(said, "missing")
    assert f"`!{commands(said)[-1]}`" == ADD_EXAMPLE


# -- addresses that are none ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.7/feed",
        "http://192.168.1.1:8080/",
        "http://[fd00::1]/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost.invalid/feed",
        "https://127.0.0.1:9/feed",
        "http://example.org:22/",
    ],
)
async def test_what_stands_behind_an_address_is_not_told(here: Community, address: str) -> None:
    typed = await here.order(f"!feed add {address}")
    private = (await here.slash("feed add", by=here.moderator, what=address)).message

    assert typed == private.text
    assert bold(typed) == ["The feed could not be reached."]
    assert says(typed, "not added", "check the address")


async def test_a_page_without_a_feed_and_a_refusing_site_each_get_an_advice(here: Community) -> None:
    here.server.answer("/page", 200, "<html><p>Nothing</p></html>", {"Content-Type": "text/html"})
    here.server.answer("/wall", 403, "no", {"Content-Type": "text/html"})

    page = await here.order(f"!feed add {here.server.url('/page')}")
    wall = await here.order(f"!feed add {here.server.url('/wall')}")
    gone = await here.order(f"!feed add {here.server.url('/nothing')}")

    assert says(page, "format")
    assert says(wall, "refuses automated readers", "PubMed")
    assert "feed add" in commands(wall)
    assert says(gone, "check the address", "by name")
    assert not any("tries again" in said or "127.0.0.1" in said for said in (page, wall, gone))


# -- adding, by slash ----------------------------------------------------------------------------------


async def test_by_slash_a_sample_is_shown_first_and_nothing_posted_until_start(here: Community) -> None:
    offer = (await here.slash("feed add", by=here.moderator, what="jii")).message
    await here.pass_time(60)
    before = here.posts()
    started = (await here.world.press(offer, "Start", by=here.moderator)).message
    await here.pass_time(60)

    assert offer.is_private
    assert bold(offer.content) == ["Journal of Invented Imaging"]
    assert channels(offer.content) == [here.papers.id]
    assert says(offer.content, "nothing is posted yet")
    assert offer.embed.title
    assert offer.buttons == ["Start", "Change the form", "Back", "Cancel"]
    assert before == []
    assert started.id == offer.id
    assert posts_to(started.text.partition("Done")[2], "J Invent Imaging", here.papers)
    assert (started.content, started.embeds) == ("", ())
    assert started.buttons == ["Add another", "Add a filter"]
    assert list(started.links) == ["Go to #papers"]
    assert len(cards(here.posts())) == 2


async def test_the_choices_are_kept_and_the_sample_follows_them(here: Community) -> None:
    offer = (await here.slash("feed add", by=here.moderator, what="jii")).message
    where = (await here.world.press(offer, "Back", by=here.moderator)).message
    _, form, newest = menus(where)
    once = (await here.world.select(where, ["1"], custom_id=newest, by=here.moderator)).message
    _, form, _ = menus(once)
    twice = (await here.world.select(once, ["title"], custom_id=form, by=here.moderator)).message
    changed = (await here.world.press(twice, "Show me a sample", by=here.moderator)).messages[-1]
    await here.world.press(changed, "Start", by=here.moderator)
    await here.pass_time(60)

    assert offer.id == where.id == twice.id
    assert chosen(twice) == ["Form: Title only", "Start with the newest"]
    assert says(twice, "Journal of Invented Imaging", "All permissions are there", "nothing is posted yet")
    assert "**Results**" in (offer.embed.description or "")
    assert "**Results**" not in (changed.embed.description or "")
    assert len(cards(here.posts())) == 1


async def test_the_form_of_the_sample_is_changed_in_its_place(here: Community) -> None:
    offer = (await here.slash("feed add", by=here.moderator, what="jii")).message
    shorter = (await here.world.press(offer, "Change the form", by=here.moderator)).message
    shortest = (await here.world.press(shorter, "Change the form", by=here.moderator)).message

    assert offer.id == shorter.id == shortest.id
    assert "**Results**" in (offer.embed.description or "")
    assert not shortest.embed.description or "**" not in shortest.embed.description
    assert here.posts() == []


async def test_by_slash_with_everything_said_it_starts_at_once_elsewhere(here: Community) -> None:
    answer = await here.slash(
        "feed add", by=here.moderator, what="jii", destination=here.world.forum, form="whole", newest=1
    )
    await here.pass_time(60)

    [post] = here.world.threads(here.world.forum)
    assert answer.message.is_private
    assert posts_to(answer.message.content, "J Invent Imaging", here.world.forum)
    assert len(cards(here.posts(post))) == 1


async def test_start_pressed_twice_starts_once(here: Community) -> None:
    offer = (await here.slash("feed add", by=here.moderator, what="jii")).message
    other = (await here.slash("feed add", by=here.moderator, what="jii")).message
    await here.world.press(offer, "Start", by=here.moderator)
    again = await here.world.press(other, "Start", by=here.moderator)

    assert any(says(each, "already") for each in again.messages)
    assert "1 is well." in (await here.slash("feed list", by=here.moderator)).text


async def test_the_steps_work_after_a_restart(here: Community) -> None:
    offer = (await here.slash("feed add", by=here.moderator, what="jii")).message
    await here.world.restart()
    started = (await here.world.press(offer, "Start", by=here.moderator)).message
    await here.pass_time(60)

    assert "Done" in started.text
    assert len(cards(here.posts())) == 2


async def test_a_sample_does_not_say_that_nothing_was_published_before_it_was_looked_for(
    here: Community,
) -> None:
    """The feed of this journal carries no abstracts, and its newest article is no letter."""
    offer = (await here.slash("feed add", by=here.moderator, what="eafr")).message

    assert "No abstract is available yet." in (offer.embed.description or "")


async def test_a_feed_without_articles_can_be_added(here: Community) -> None:
    here.server.publish(
        "/new.xml",
        '<rss version="2.0"><channel><title>Acta Nulla</title><link>http://x/</link></channel></rss>',
    )

    offer = (await here.slash("feed add", by=here.moderator, what=here.server.url("/new.xml"))).message
    started = await here.world.press(offer, "Start", by=here.moderator)

    assert (bold(offer.content), channels(offer.content)) == (["Acta Nulla"], [here.papers.id])
    assert says(offer.content, "no articles")
    assert posts_to(started.text.partition("Done")[2], "Acta Nulla", here.papers)


async def test_subjects_and_journals_are_offered_by_what_is_typed(here: Community) -> None:
    nothing = await here.world.autocomplete(here.papers, "feed add", "what", "", by=here.moderator)
    spine = await here.world.autocomplete(here.papers, "feed add", "what", "spine", by=here.moderator)

    assert len(nothing) == 25
    assert spine[0] == ("All journals of: spine", "spine")
    assert ("Spine", "Spine (Phila Pa 1976)") in spine
    assert all(len(shown) <= 100 and len(value) <= 100 for shown, value in [*nothing, *spine])


# -- the destination -----------------------------------------------------------------------------------


async def test_missing_permissions_are_named_and_checked_again(here: Community) -> None:
    here.world.forbid(here.world.club, "send_messages", "embed_links")
    [refused] = await here.say("!feed add jii #journal-club 1", by=here.moderator)
    here.world.forbid(here.world.club, "embed_links")
    still = await here.world.press(refused, "Check again", by=here.moderator)
    here.world.allow_again(here.world.club)
    await here.world.press(refused, "Check again", by=here.moderator)
    await here.pass_time(60)

    assert channels(refused) == [here.world.club.id]
    assert says(refused, "Send Messages", "Embed Links")
    assert says(still.message, "Embed Links")
    assert not says(still.message, "Send Messages")
    first, second = here.posts()
    assert channels(first) == [here.world.club.id]
    assert first.buttons == []
    assert posts_to(second.text, "J Invent Imaging", here.world.club)
    assert len(cards(here.posts(here.world.club))) == 1


async def test_check_again_is_for_whoever_asked(here: Community) -> None:
    here.world.forbid(here.world.club, "send_messages")
    [refused] = await here.say("!feed add jii #journal-club", by=here.moderator)

    answer = await here.world.press(refused, "Check again", by=here.reader)

    assert answer.message.is_private
    assert says(answer, "only the member who asked")
    assert here.posts() == [refused]


async def test_a_channel_that_the_moderator_cannot_see_is_as_good_as_none(here: Community) -> None:
    here.world.hide(here.world.club, "view_channel", who=here.moderator)

    said = await here.order("!feed add jii #journal-club")

    assert said.startswith("**There is no channel “journal-club” here.**")


async def test_where_the_moderator_may_not_post_wetread_does_not_either(here: Community) -> None:
    here.world.hide(here.world.club, "send_messages", "manage_channels", who=here.moderator)

    said = await here.order("!feed add jii #journal-club")

    assert says(said, "you may not post")
    assert channels(said) == [here.world.club.id]


async def test_a_forum_that_asks_for_a_tag_must_have_one(here: Community) -> None:
    here.world.require_tag(here.world.forum)
    without = await here.order("!feed add jii #library 0")
    here.world.set_tags(here.world.forum, "Papers")
    with_one = await here.order("!feed add jii #library 0")

    assert says(without, "tag")
    assert channels(without) == [here.world.forum.id]
    assert posts_to(with_one, "J Invent Imaging", here.world.forum)


async def test_a_thread_is_a_destination_by_name_and_by_mention(here: Community) -> None:
    by_mention = await here.order(f"!feed add jii <#{here.world.thread.id}> 0")
    here_in_thread = await here.order("!feed add aisi 0", channel=here.world.thread)

    assert posts_to(by_mention, "J Invent Imaging", here.world.thread)
    assert posts_to(here_in_thread, "Ann Imaginary Spine Interv", here.world.thread)


async def test_an_unknown_channel_says_what_would_do(here: Community) -> None:
    said = await here.order("!feed add jii #nowhere")

    assert said.splitlines() == [
        "**There is no channel “nowhere” here.**",
        "Please choose a text channel, a thread or a forum that you and Wetread can see.",
    ]


# -- who -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["feed", "feed list", "feed add jii", "feed remove jii", "feed settings"])
async def test_a_member_is_told_that_this_is_for_moderators(here: Community, command: str) -> None:
    panel = await here.ask(f"!{command}")

    assert says(panel, "moderators", "Manage Channels")


async def test_by_slash_the_check_holds_too(here: Community) -> None:
    """Administrators can let everybody see the command; then the bot's own check decides."""
    offer = (await here.say("!feed list", by=here.moderator))[0]

    pressed = await here.world.press(offer, "Open", by=here.reader)

    assert pressed.message.is_private
    assert says(pressed, "moderators", "Manage Channels")


async def test_in_a_private_message_there_is_nothing_to_choose(here: Community) -> None:
    answer = await here.write_privately("!feed add jii")

    assert says(answer, "server")


async def test_two_servers_never_see_each_others_feeds(here: Community) -> None:
    papers, moderator = await here.world.other_server()
    await here.watch("jii", newest=1)
    [offer] = await here.say("!feed show jii", by=here.moderator)
    number = offer.parts[-1]["custom_id"].rpartition(":")[2]

    listed = (await here.slash("feed list", by=moderator, channel=papers)).message
    offered = await here.world.autocomplete(papers, "feed show", "feed", "", by=moderator)
    refused = [
        (await here.say(f"!feed {action}", by=moderator, channel=papers))[0].text
        for action in (
            f"show {number}",
            "pause jii",
            "remove jii",
            f"move #{number} #papers",
            f"form {number} title",
        )
    ]
    added = await here.say("!feed add jii 0", by=moderator, channel=papers)

    assert says(listed, "no feeds yet")
    assert offered == []
    assert not any(says(said, "J Invent Imaging", "paused") or channels(said) for said in refused)
    assert all("feed list" in commands(said) for said in refused)
    assert posts_to(added[0].text, "J Invent Imaging", papers)
    assert "1 is well." in (await here.slash("feed list", by=here.moderator)).text
    assert cards(here.posts(papers)) == []
