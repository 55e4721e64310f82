"""Members suggest journals to their moderators."""

from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.cogs.harmless import assert_harmless_markdown
from tests.support.facts import commands, headings, number_of, people, says
from tests.support.seen import Answer
from wetread.storage.settings import GuildSettings


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.choose(GuildSettings(moderator_channel_id=community.world.club.id))
        yield community


async def suggest(here: Community, name: str) -> Answer:
    """Type a moderators' command, press the button of the refusal, fill in the form."""
    refused = await here.ask("!feed add something")
    form = await here.world.press(refused, "Suggest a journal")
    assert form.modal is not None
    return await here.world.submit(form, {"journal": name})


async def test_a_suggestion_reaches_the_moderators_with_the_command_that_adds_it(here: Community) -> None:
    told = await suggest(here, "journal of invented imaging")

    [read] = here.posts(here.world.club)
    assert told.message.is_private
    assert says(told, "moderators", "“journal of invented imaging”")
    assert len(headings(read)) == 1
    assert people(read) == [here.reader.id]
    assert "“Journal of Invented Imaging”" in read.text
    assert commands(read) == ["feed add jii"]
    await here.order(f"!{commands(read)[0]} 0")
    assert len(await here.services.subscriptions.of_guild(here.world.guild.id)) == 1


async def test_without_a_channel_nothing_is_offered_that_would_lead_nowhere(here: Community) -> None:
    offered = await here.ask("!feed add something")
    await here.choose(GuildSettings())
    refused = await here.ask("!feed add something")
    form = await here.world.press(offered, "Suggest a journal")
    told = await here.world.submit(form, {"journal": "Radiology"})

    assert says(refused, "Adding journals", "Manage Channels", "ask a moderator")
    assert refused.buttons == []
    assert says(told, "ask a moderator")


async def test_what_is_watched_already_need_not_be_suggested(here: Community) -> None:
    await here.watch("jii")

    told = await suggest(here, "J Invent Imaging")

    assert says(told, "already", "Journal of Invented Imaging")
    assert here.posts(here.world.club) == []


async def test_a_suggestion_cannot_ping_or_disguise_anything(here: Community) -> None:
    await suggest(here, "@everyone [Nature](https://evil.example/) `code` ||x||")

    [read] = here.posts(here.world.club)
    assert_harmless_markdown(read.text.replace(f"<@{here.reader.id}>", ""))
    assert not read.payload["mention_everyone"]


async def test_a_member_suggests_three_in_an_hour_at_most(here: Community) -> None:
    said = [(await suggest(here, f"Journal {number}")).text for number in range(4)]

    assert all(says(each, f"Journal {number}") for number, each in enumerate(said[:3]))
    assert number_of(said[3], "minute") == 60
    assert len(here.posts(here.world.club)) == 3


async def test_the_button_lives_on_after_a_restart(here: Community) -> None:
    refused = await here.ask("!feed")
    await here.world.restart()

    form = await here.world.press(refused, "Suggest a journal")

    assert list(form.inputs) == ["journal"]


async def test_health_is_nothing_to_suggest_a_journal_about(here: Community) -> None:
    refused = await here.ask("!status")

    assert says(refused, "moderators", "Manage Channels", "status")
    assert refused.buttons == []


async def test_a_journal_is_suggested_by_command_in_both_forms(here: Community) -> None:
    typed = await here.ask("!suggest Journal of Invented Imaging")
    private = (await here.slash("suggest", journal="onpp")).message
    nothing = await here.ask("!suggest")

    assert [commands(each) for each in here.posts(here.world.club)] == [["feed add jii"], ["feed add onpp"]]
    assert says(typed, "moderators", "Journal of Invented Imaging")
    assert private.is_private
    assert commands(nothing) == ["suggest Radiology"]
