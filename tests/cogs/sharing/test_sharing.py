"""Members share articles: by message, by form, by a message's menu; everybody sees what, and once."""

from dataclasses import replace

import pytest

from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.facts import channels, people, says
from tests.support.seen import Seen
from wetread.domain.models import Record
from wetread.storage import records
from wetread.storage.settings import GuildSettings

DOI = "10.5555/jii.2026.0001"


def card_in(messages: list[Seen]) -> Seen:
    [card] = [message for message in messages if message.embeds]
    return card


async def keep(here: Community, record: Record) -> str:
    """Store an article of which no server knows yet; returns its DOI."""
    await here.services.database.run(records.save, {"PubMed": record}, here.world.clock())
    return record.doi or ""


async def test_a_shared_article_is_credited_discussed_and_found() -> None:
    async with open_community() as here:
        card = card_in(await here.say(f"!share {DOI} Still the **clearest** account.\n@everyone read it"))
        [thread] = here.world.threads(here.papers)
        [line] = here.world.posts(thread)
        found = await here.ask("!search phantom")
        again = await here.ask(f"!abstract {DOI}")

    credit, *comment = card.content.splitlines()
    assert people(credit) == [here.reader.id]
    assert not says(credit, "classic")
    assert comment == ["> Still the \\*\\*clearest\\*\\* account.", "> @\u200beveryone read it"]
    assert card.reply_to is None
    assert {"Cite", "Discuss"} <= set(card.buttons)
    assert f"https://doi.org/{DOI}" in line.content
    assert says(line, "patient details")
    assert "shared by ann.sample" in found.text
    assert again.links["Go to the post"].endswith(f"/{card.id}")


async def test_an_old_article_is_a_classic_by_word_chip_and_thread() -> None:
    async with open_community() as here:
        doi = await keep(here, invented.CLASSIC.record)
        card = card_in(await here.say(f"!share {doi}"))
        [thread] = here.world.threads(here.papers)

    assert people(card.content) == [here.reader.id]
    assert says(card.content, "classic")
    assert "`Classic,\u00a01998`" in (card.embed.description or "")
    assert thread.name == "Contrast Flow Patterns in 1,000 Invented Epidurograms (1998)"


async def test_slash_opens_the_form_whose_comment_stands_above_the_card() -> None:
    async with open_community() as here:
        form = await here.slash("share")
        answer = await here.world.submit(
            form, {"reference": DOI, "comment": "I show figure 3 to every fellow."}
        )
        card = card_in(here.posts())

    assert list(form.inputs) == ["reference", "comment", "note"]
    assert form.inputs["reference"]["required"]
    assert form.inputs["comment"]["max_length"] == 600
    assert not form.inputs["comment"]["required"]
    assert card.content.endswith("> I show figure 3 to every fellow.")
    assert answer.message.is_private
    assert channels(answer) == [card.id]


async def test_slash_with_a_reference_needs_no_form() -> None:
    async with open_community() as here:
        answer = await here.slash("share", reference=DOI, comment="Short.")
        card = card_in(here.posts())

    assert answer.message.is_private
    assert card.content.endswith("> Short.")


async def test_a_form_with_an_unknown_doi_says_so_privately() -> None:
    async with open_community() as here:
        form = await here.slash("share")
        answer = await here.world.submit(form, {"reference": "10.5555/nobody.1", "comment": ""})

        assert here.posts() == []
    assert answer.message.is_private
    assert says(answer, "no source", "DOI")


async def test_share_here_takes_the_article_of_somebodys_message() -> None:
    async with open_community() as here:
        await here.say(f"Have you seen https://doi.org/{DOI} by the way?")
        [message] = here.world.messages(here.papers)
        answer = await here.world.context_menu("Share here", message, by=here.moderator)
        card = card_in(here.posts())

    assert people(card.content) == [here.moderator.id]
    assert answer.message.is_private


async def test_a_reply_shares_the_article_of_the_message_with_a_comment() -> None:
    async with open_community() as here:
        await here.say(f"https://doi.org/{DOI}")
        [message] = here.world.messages(here.papers)
        card = card_in(await here.say("!share Worth reading twice.", reply_to=message))

    assert card.content.endswith("> Worth reading twice.")


async def test_what_is_in_the_channel_already_is_linked_and_not_posted_again() -> None:
    async with open_community() as here:
        card = card_in(await here.say(f"!share {DOI}"))
        again = await here.ask(f"!share {DOI}", by=here.moderator)
        elsewhere = card_in(await here.say(f"!share {DOI}", channel=here.world.club))

    assert says(again, "already", "ann.sample")
    assert again.links["Go to the post"].endswith(f"/{card.id}")
    assert elsewhere.id != card.id


async def test_what_a_feed_schedules_later_is_not_posted_a_second_time() -> None:
    async with open_community() as here:
        await here.say(f"!share {DOI}")
        await here.order("!feed add jii 3")
        await here.pass_time(120)

        assert [post.text.count(DOI) for post in here.posts() if post.embeds].count(1) == 1


async def test_a_retraction_is_edited_into_a_shared_card_below_its_credit() -> None:
    async with open_community() as here:
        doi = await keep(here, replace(invented.RETRACTED.record, relations=(), types=()))
        card = card_in(await here.say(f"!share {doi} Read this."))
        await keep(here, invented.RETRACTED.record)
        await here.pass_time(60)
        after = here.world.again(card)
        [thread] = here.world.threads(here.papers)
        [_, news] = here.world.posts(thread)

    assert news.content.replace("\u00a0", " ") == "The article discussed here was retracted on 12 Jan 2026."
    assert (after.embed.title or "").startswith("RETRACTED: ")
    assert after.content == card.content
    assert not (card.embed.title or "").startswith("RETRACTED: ")


async def test_in_a_thread_the_card_is_posted_without_another_thread() -> None:
    async with open_community() as here:
        card = card_in(await here.say(f"!share {DOI}", channel=here.world.thread))

    assert people(card.content) == [here.reader.id]
    assert "Discuss" not in card.buttons


async def test_what_is_shown_to_all_is_credited_and_keeps_its_credit_when_it_is_edited() -> None:
    async with open_community() as here:
        doi = await keep(here, replace(invented.RETRACTED.record, relations=(), types=()))
        private = (await here.slash("abstract", reference=doi)).message
        told = await here.world.press(private, "Show to all")
        card = card_in(here.posts())
        await keep(here, invented.RETRACTED.record)
        await here.pass_time(60)
        after = here.world.again(card)

        assert here.world.threads(here.papers) == []
    assert told.message.is_private
    assert told.message.links["Go to the post"].endswith(f"/{card.id}")
    assert {"Cite", "Discuss"} <= set(card.buttons)
    assert card.content == after.content
    assert says(card.content, "ann.sample")
    assert (after.embed.title or "").startswith("RETRACTED: ")


async def test_what_is_shown_to_all_is_in_the_channel_once() -> None:
    async with open_community() as here:
        private = (await here.slash("abstract", reference=DOI)).message
        await here.world.press(private, "Show to all")
        card = card_in(here.posts())
        again = await here.world.press(private, "Show to all")
        shared = await here.slash("share", reference=DOI, by=here.moderator)
        await here.order("!feed add jii 3")
        await here.pass_time(120)

        assert [post.text.count(DOI) for post in here.posts() if post.embeds].count(1) == 1
    for answer in (again, shared):
        assert answer.message.is_private
        assert says(answer, "already")
        assert answer.message.links["Go to the post"].endswith(f"/{card.id}")


async def test_what_a_feed_has_posted_since_is_not_shown_again() -> None:
    async with open_community() as here:
        private = (await here.slash("abstract", reference=DOI)).message
        await here.watch("jii", newest=3)
        before = here.posts()
        answer = await here.world.press(private, "Show to all")

        assert here.posts() == before
    assert says(answer, "already")
    assert answer.message.links["Go to the post"]


async def test_articles_are_shown_in_threads_posts_of_forums_and_announcement_channels() -> None:
    async with open_community() as here:
        post = here.world.make_thread(here.world.forum, "What to read")
        channels = (here.world.thread, here.world.announcements, post)
        private = [
            (await here.slash("abstract", reference=DOI, channel=channel)).message for channel in channels
        ]
        for card in private:
            await here.world.press(card, "Show to all")

        for channel in channels:
            assert says(card_in(here.posts(channel)).content, "ann.sample")


async def test_without_a_permission_nothing_is_shown_to_all_and_it_is_named() -> None:
    async with open_community() as here:
        private = (await here.slash("abstract", reference=DOI)).message
        here.world.forbid(here.papers, "embed_links")
        answer = await here.world.press(private, "Show to all")

        assert here.posts() == []
    assert answer.message.is_private
    assert channels(answer) == [here.papers.id]
    assert says(answer, "Embed Links")


@pytest.mark.parametrize("permission", ["embed_links", "read_message_history"])
async def test_without_a_permission_nothing_is_posted_and_it_is_named(permission: str) -> None:
    async with open_community() as here:
        here.world.forbid(here.papers, permission)
        answer = await here.slash("share", reference=DOI)

        assert here.posts() == []
    assert permission.replace("_", " ").title() in answer.text


async def test_without_the_right_to_open_threads_the_card_is_posted_all_the_same() -> None:
    async with open_community() as here:
        here.world.forbid(here.papers, "create_public_threads")
        card = card_in(await here.say(f"!share {DOI}"))

        assert here.world.threads(here.papers) == []
    assert "Discuss" not in card.buttons


async def test_an_offer_is_made_only_where_the_server_allows_it() -> None:
    async with open_community() as here:
        assert await here.say(f"Look: https://doi.org/{DOI}") == []
        await here.choose(GuildSettings(offers_cards=True))
        [offer] = await here.say(f"Look: https://doi.org/{DOI}")

        assert await here.say("Look: https://www.example.org/holiday/2026.html") == []
        assert await here.say("Nothing to see in 2026/12.") == []
    assert offer.buttons == ["Show the card"]


async def test_an_offer_becomes_a_short_card_also_after_a_restart() -> None:
    async with open_community() as here:
        await here.choose(GuildSettings(offers_cards=True))
        post = card_in(await here.say(f"!share {DOI}"))
        [offer] = await here.say("10.5555/jii.2026.0001 again")
        await here.world.restart()
        answer = await here.world.press(offer, "Show the card", by=here.moderator)

    assert answer.message.id == offer.id
    assert answer.message.content == ""
    assert answer.message.embed.title == post.embed.title
    assert answer.message.buttons == ["Full abstract"]
    assert list(answer.message.links) == ["Go to the post"]


async def test_an_offer_of_what_nobody_knows_says_so_to_whoever_presses() -> None:
    async with open_community() as here:
        await here.choose(GuildSettings(offers_cards=True))
        [offer] = await here.say("10.5555/nobody.1 looks good")
        answer = await here.world.press(offer, "Show the card")

    assert answer.messages[-1].is_private
    assert says(answer.messages[-1], "no source", "DOI")


async def test_an_article_is_shared_into_a_forum_as_a_post_of_its_own() -> None:
    async with open_community() as here:
        here.world.set_tags(here.world.forum, "Other")
        here.world.require_tag(here.world.forum)
        answers = await here.say(f"!share {DOI} #library Read this first")
        slash = await here.slash("share", reference="10.5555/jii.2026.0003", destination=here.world.forum)
        posts = here.world.threads(here.world.forum)
        first = card_in(here.posts(posts[0]))

    assert answers == []
    assert len(posts) == 2
    assert "> Read this first" in first.content
    assert says(slash, "Shared", "discussion")


async def test_a_channel_that_the_member_cannot_see_gets_no_share() -> None:
    async with open_community() as here:
        here.world.hide(here.world.club, "view_channel", who=here.reader)
        answer = await here.ask(f"!share {DOI} #journal-club Read this")
        posts = here.posts(here.world.club)

    assert says(answer, "no such channel")
    assert posts == []


async def test_a_word_with_a_hash_that_is_no_channel_belongs_to_the_comment() -> None:
    async with open_community() as here:
        card = card_in(await here.say(f"!share {DOI} #radtwitter was right"))

    assert "radtwitter was right" in card.content
