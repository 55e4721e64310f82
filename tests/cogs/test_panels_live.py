"""Buttons and panels pressed as people press them, by discord.py over a Discord in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.cogs.shelf import Shelf, ShelfBot, filled
from tests.support.discord_world import World, open_world
from tests.support.seen import Seen
from wetread.domain.clock import Clock


@asynccontextmanager
async def shelf_world() -> AsyncIterator[tuple[World, Shelf]]:
    shelves: list[Shelf] = []

    def factory(clock: Clock) -> ShelfBot:
        bot = ShelfBot(clock, shelves[0] if shelves else None)
        shelves[:] = [bot.panel_actions]
        return bot

    async with open_world(factory) as world:
        yield world, shelves[0]


async def posted(world: World, text: str) -> Seen:
    [message] = await world.say(world.papers, text)
    return message


def words(message: Seen) -> str:
    return message.text.replace("\u00a0", " ")


async def test_a_cards_buttons_stand_in_the_order_of_need() -> None:
    async with shelf_world() as (world, _):
        whole = await posted(world, "!post 1")
        short = await posted(world, "!post 1 conclusion")
        retracted = await posted(world, "!post 4")
        pending = await posted(world, "!post 3")

    assert whole.buttons == ["All authors", "Cite", "Discuss"]
    assert whole.links == {"Free full text": "https://free.example/jer.2026.0101"}
    assert short.buttons == ["Full abstract", "Cite", "Discuss"]
    assert retracted.buttons == ["Full abstract", "Cite", "Discuss"]
    assert list(retracted.links) == ["Retraction notice"]
    assert pending.buttons == ["Cite", "Discuss"]


async def test_full_abstract_is_answered_privately_and_after_a_restart() -> None:
    async with shelf_world() as (world, _):
        short = await posted(world, "!post 1 conclusion")
        await world.restart()

        answer = await world.press(short, "Full abstract")

    assert answer.message.is_private
    assert "**Results** Of 212 participants" in answer.message.embed.description  # type: ignore[operator]
    assert answer.message.buttons == ["All authors", "Cite"]


async def test_all_authors_are_grouped_by_place_in_their_order() -> None:
    async with shelf_world() as (world, _):
        answer = await world.press(await posted(world, "!post 1"), "All authors")

    assert answer.message.is_private
    assert words(answer.message).splitlines() == [
        "### All 9 authors",
        "-# Example-guided versus Sham Epidural Injection for… · J Example Radiol 2026",
        "**University of Sampletown, Department of Radiology**",
        "1 Alex Example · 2 Bo Sample · 4 Dana Mock",
        "",
        "**Example Institute of Imaging, Exampleville**",
        "3 Chris Invented · 5 Eli Placeholder · 6 Fay Fictus",
        "",
        "**Invented General Hospital, Pain Clinic**",
        "7 Gus Dummy · 8 Hal Sample · 9 Zoe Specimen",
        "-# Places as PubMed gives them. © 2026 Example Radiology Society",
        "[Everything known]",
    ]


async def test_cite_remembers_the_style_and_redraws_the_private_panel() -> None:
    async with shelf_world() as (world, shelf):
        card = await posted(world, "!post 1")
        first = await world.press(card, "Cite")
        second = await world.press(first.message, "Vancouver")
        again = await world.press(card, "Cite")

    assert "doi:10.5555/jer.2026.0101" in first.text
    assert first.message.dead_buttons == ["AMA"]
    assert second.message.id == first.message.id
    assert "2026 Jan 14;318(1):101–10." in second.text
    assert again.message.dead_buttons == ["Vancouver"]
    assert list(shelf.styles.values()) == ["vancouver"]


async def test_ris_comes_as_a_file() -> None:
    async with shelf_world() as (world, _):
        card = await posted(world, "!post 1")
        panel = await world.press(card, "Cite")

        answer = await world.press(panel.message, "RIS file")

    assert answer.message.attachments == ("jer.2026.0101.ris",)


async def test_a_public_citation_is_not_changed_by_a_press() -> None:
    async with shelf_world() as (world, _):
        panel = await posted(world, "!cite 1")

        answer = await world.press(panel, "APA", by=world.moderator)

        [kept] = [message for message in world.posts(world.papers) if message.id == panel.id]
    assert answer.message.is_private
    assert answer.message.dead_buttons == ["APA"]
    assert kept.dead_buttons == ["AMA"]


async def test_discuss_opens_one_thread_and_then_says_where_it_is() -> None:
    async with shelf_world() as (world, shelf):
        card = await posted(world, "!post 1")
        first = await world.press(card, "Discuss")
        second = await world.press(card, "Discuss", by=world.moderator)
        [thread] = world.threads(world.papers)
        [line] = world.posts(thread)

    assert (thread.name or "").startswith("Example-guided versus Sham Epidural Injection")
    assert len(thread.name or "") <= 100
    assert line.content == (
        "Discussion of [Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain: "
        "A Randomized, Double-Blind Trial](https://doi.org/10.5555/jer.2026.0101). "
        "Please keep patient details out."
    )
    assert first.message.is_private
    assert first.message.content == second.message.content == f"The discussion is here: <#{card.id}>"
    assert shelf.discussions == {card.id: card.id}


async def test_without_the_permission_there_is_no_discuss() -> None:
    async with shelf_world() as (world, _):
        before = await posted(world, "!post 1")
        world.forbid(world.papers, "create_public_threads")
        after = await posted(world, "!post 1")
        answer = await world.press(before, "Discuss")
        threads = world.threads(world.papers)

    assert "Discuss" not in after.buttons
    assert "may not open threads here" in answer.text
    assert not threads


async def test_a_thread_has_no_discuss() -> None:
    async with shelf_world() as (world, _):
        [card] = await world.say(world.thread, "!post 1")

    assert "Discuss" not in card.buttons


async def test_an_article_that_is_gone_says_so() -> None:
    async with shelf_world() as (world, shelf):
        card = await posted(world, "!post 1")
        del shelf.articles[1]

        answer = await world.press(card, "Cite")

    assert "no longer stored here" in answer.text


async def test_a_button_that_fails_is_answered() -> None:
    async with shelf_world() as (world, shelf):
        card = await posted(world, "!post 1")
        shelf.is_broken = True

        answer = await world.press(card, "Cite")

    assert "Something went wrong on our side." in answer.text
    assert [str(error) for error in shelf.failures] == ["the shelf fell down"]


# --- search ----------------------------------------------------------------------------------------------


async def test_a_search_reads_as_it_was_designed() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural injection")

    post = "https://discord.com/channels/1/2/"
    assert words(panel).splitlines()[:20] == [
        "### 23 articles for “epidural injection”",
        "-# Best match first · 1 to 5 of 23",
        f"**1.** [Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain]({post}3)",
        "… example-guided **epidural injection** reduced leg pain more than a sham **injection** did …",
        "-# J Example Radiol · Jan 2026 · Randomized trial · Free full text",
        f"**2.** [Contrast Flow Patterns in 1,000 Invented Epidurograms]({post}4)",
        "… two of them warn of intravascular placement before **epidural injection** …",
        "-# Example Spine Imaging · Apr 1998 · shared by ann.sample",
        f"**3.** [Invented Needle Tip Position and Pain Relief after Epidural Injection]({post}5)",
        "… tip position at **epidural injection** was not associated with relief at 6 weeks …",
        "-# Example Spine Imaging · Nov 2025 · Observational study",
        f"**4.** [RETRACTED: Mock Steroid Dose at Epidural Injection]({post}6)",
        "… the lower dose at **epidural injection** was …",
        "-# J Example Radiol · Mar 2023 · Retracted 2 Oct 2024",
        "**5.** [How I Do It: Example Route for the Difficult Level](https://doi.org/10.5555/esi.2025.0011)",
        "… when **epidural injection** fails twice at the same level …",
        "-# Example Spine Imaging · Jun 2025 · Review · not posted here, opens the journal",
        "Open the abstract of",
        "[1]",
        "[2]",
    ]
    assert panel.buttons == ["1", "2", "3", "4", "5", "Previous", "Next", "Newest first"]
    assert panel.dead_buttons == ["Previous"]
    assert panel.options["When: any year"] == "any"
    assert panel.options["Kind: all"] == "all"


async def test_a_number_opens_a_private_card() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        shelf.posts[8] = "https://discord.com/channels/1/2/4"
        panel = await posted(world, "!search epidural injection")

        answer = await world.press(panel, "2")
        other = await world.press(panel, "1")

    assert answer.message.is_private
    assert answer.message.embed.title == "Contrast Flow Patterns in 1,000 Invented Epidurograms"
    assert answer.message.buttons == ["All authors", "Cite"]
    assert answer.message.links == {"Go to the post": "https://discord.com/channels/1/2/4"}
    assert "Show to all" in other.message.buttons


async def test_pages_turn_in_place_also_after_a_restart() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural -“injection* [a]")
        second = await world.press(panel, "Next")
        await world.restart()
        third = await world.press(second.message, "Next")
        newest = await world.press(third.message, "Newest first")

    assert second.message.id == panel.id
    assert "6 to 10 of 23" in second.text
    assert "11 to 15 of 23" in third.text
    assert "Newest first · 1 to 5 of 23" in newest.text
    assert "Best match first" in newest.message.buttons
    headings = {answer.message.text.splitlines()[0] for answer in (second, third, newest)}
    assert headings == {panel.text.splitlines()[0]}


async def test_the_last_page_has_no_next() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf, 8)
        panel = await posted(world, "!search epidural")

        last = await world.press(panel, "Next")

    assert last.message.dead_buttons == ["Next"]
    assert "6 to 8 of 8" in last.text


async def test_a_page_that_is_no_longer_there_is_the_first() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf, 8)
        panel = await posted(world, "!search epidural")
        del shelf.hits[3:]

        answer = await world.press(panel, "Next")

    assert "1 to 3 of 3" in answer.text


async def test_a_filter_searches_again_and_shows_what_is_chosen() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural")
        kind = next(part["custom_id"] for part in panel.parts if ":kind:" in part.get("custom_id", ""))

        answer = await world.select(panel, ["review"], custom_id=kind)

    assert "19 articles for" in answer.text
    chosen = [
        option["label"]
        for part in answer.message.parts
        for option in part.get("options", ())
        if option.get("default")
    ]
    assert chosen == ["When: any year", "Kind: review"]


async def test_another_member_cannot_turn_the_pages() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural")

        for label in ("Next", "1"):
            answer = await world.press(panel, label, by=world.moderator)

            assert answer.message.is_private
            assert answer.message.text == (
                f"This list is <@{world.reader.id}>’s. `/search` makes one for you."
            )


async def test_after_fifteen_minutes_only_search_again_is_left() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural")
        second = await world.press(panel, "Next")
        await world.pass_time(16 * 60)
        [closed] = world.posts(world.papers)
        again = await world.press(closed, "Search again")

    assert closed.buttons == ["Search again"]
    assert "6 to 10 of 23" in closed.text
    assert second.message.id == closed.id
    assert again.message.buttons[:2] == ["1", "2"]


async def test_a_panel_that_outlived_a_restart_closes_at_the_next_press() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, "!search epidural")
        await world.restart()
        await world.pass_time(20 * 60)

        answer = await world.press(panel, "Next")

    assert answer.message.buttons == ["Search again"]


async def test_nothing_found_offers_pubmed() -> None:
    async with shelf_world() as (world, _):
        panel = await posted(world, "!search epidural *flow*")
        answer = await world.press(panel, "Search PubMed")
        menu = answer.message
        opened = await world.select(menu, ["1"])

    assert words(panel).startswith("**No article here matches “epidural \\*flow\\*”.**")
    assert list(menu.options) == [
        "Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain: A Randomized, Double-Blind…"
    ]
    assert opened.message.is_private
    assert opened.message.embed.url == "https://doi.org/10.5555/jer.2026.0101"


# --- help and lists --------------------------------------------------------------------------------------


async def test_help_searches_by_a_form() -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        help_ = await posted(world, "!help")
        form = await world.press(help_, "Search")
        answer = await world.submit(form, {"words": "epidural injection"})
        newest = await world.press(help_, "Newest articles")

    assert answer.message.is_private
    assert "23 articles for “epidural injection”" in answer.text
    assert newest.message.text.startswith("### Newest articles")


@pytest.mark.row("S19")
@pytest.mark.parametrize("command", ["!search epidural", "!help", "!latest", "!cite 1 bibtex"])
async def test_panels_say_nothing_in_public_that_pings(command: str) -> None:
    async with shelf_world() as (world, shelf):
        filled(shelf)
        panel = await posted(world, command)

    assert "<@" not in panel.text
