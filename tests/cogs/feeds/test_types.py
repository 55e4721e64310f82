"""Moderators choose which kinds of publication are posted, and see how many were left out."""

import pytest

from cogs.feeds.types_panel import KINDS
from tests.cogs.community import Community, open_community
from tests.support.facts import commands, line_with, says
from wetread.services.services import SKIPPED_TYPES

LETTER = "Letter to nobody"


async def publish_all(here: Community) -> None:
    """Let the journal publish everything it has, and the bot post it."""
    journal = here.journal("jii")
    while not any(article.is_letter for article in here.library.out(journal)[:-3]):
        here.library.publish(journal)
    await here.services.updater.update(1)
    await here.pass_time(300)  # their abstracts come, or are not waited for any longer


def titles(here: Community) -> list[str]:
    return [post.embed.title or "" for post in here.posts() if post.embeds]


async def test_what_is_usual_is_said_and_letters_are_among_what_is_left_out() -> None:
    async with open_community() as here:
        panel = await here.opened("!feed types")

    assert says(
        panel, "Skipped Errata · Letters · Comments · News · Case reports without abstract", "standard"
    )
    assert says(panel, "30 days: none")
    assert set(panel.options) == set(KINDS)


async def test_a_kind_is_switched_by_a_line_or_by_the_menu() -> None:
    async with open_community() as here:
        said = await here.order("!feed types letters on")
        after_line = (await here.settings()).skipped_types
        panel = await here.opened("!feed types")
        answer = await here.world.select(panel, ["Editorials", "News"], by=here.moderator)
        after_menu = (await here.settings()).skipped_types
        usual = await here.order("!feed types usual")

        assert (await here.settings()).skipped_types is None
    assert says(said, "letters", "posted")
    assert after_line == tuple(each for each in SKIPPED_TYPES if each != "Letter")
    assert set(after_menu or ()) == {"Editorial", "News"}
    assert says(answer, "Skipped News · Editorials")
    assert not says(answer, "standard")
    assert says(usual, "standard", "errata", "letters")


async def test_slash_offers_the_kinds_and_answers_privately() -> None:
    async with open_community() as here:
        offered = await here.world.autocomplete(
            here.papers, "feed types", "change", "lett", by=here.moderator
        )
        answer = await here.slash("feed types", by=here.moderator, change="letters off")

    assert [value for _, value in offered] == ["Letters off", "Letters on"]
    assert answer.message.is_private
    assert says(answer, "letters", "skipped")


@pytest.mark.parametrize("change", ["letters", "limericks on", "letters maybe"])
async def test_what_is_no_kind_is_answered_with_the_form(change: str) -> None:
    async with open_community() as here:
        said = await here.order(f"!feed types {change}")

        assert (await here.settings()).skipped_types is None
    assert "`!feed types letters on`" in said


async def test_readers_can_neither_see_nor_choose() -> None:
    async with open_community() as here:
        [offer] = await here.say("!feed types", by=here.moderator)
        answer = await here.world.press(offer, "Open", by=here.reader)
        [typed] = await here.say("!feed types letters on")

        assert (await here.settings()).skipped_types is None
    assert says(answer, "moderators", "Manage Channels")
    assert says(typed, "moderators", "Manage Channels")


async def test_a_letter_is_posted_only_where_letters_are_and_status_counts_it() -> None:
    async with open_community() as here:
        await here.watch("jii")
        await publish_all(here)
        status = await here.opened("!status")
        without = titles(here)
    async with open_community() as here:
        await here.order("!feed types letters on")
        await here.watch("jii")
        await publish_all(here)
        with_letters = titles(here)

    assert not any(title.startswith(LETTER) for title in without)
    assert any(title.startswith(LETTER) for title in with_letters)
    assert "feed types" in commands(line_with(status, "skipped", "30 days"))
