"""Members suggest journals to their moderators."""

from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.cogs.harmless import assert_harmless_markdown
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
    assert told.text.splitlines() == [
        "**Thank you.**",
        "The moderators read that you would like “journal of invented imaging” here.",
    ]
    assert read.text.splitlines() == [
        "### A journal is suggested",
        f"<@{here.reader.id}> would like to read “Journal of Invented Imaging” here.",
        "`!feed add jii` adds it.",
    ]
    added = await here.order("!feed add jii 0")
    assert added.startswith("**J Invent Imaging** goes to")


async def test_without_a_channel_nothing_is_offered_that_would_lead_nowhere(here: Community) -> None:
    offered = await here.ask("!feed add something")
    await here.choose(GuildSettings())
    refused = await here.ask("!feed add something")
    form = await here.world.press(offered, "Suggest a journal")
    told = await here.world.submit(form, {"journal": "Radiology"})

    assert refused.text.splitlines()[1] == "Adding journals needs *Manage Channels*. Please ask one of them."
    assert refused.buttons == []
    assert told.text.startswith("**Nobody would read that here at the moment.**")


async def test_what_is_watched_already_need_not_be_suggested(here: Community) -> None:
    await here.watch("jii")

    told = await suggest(here, "J Invent Imaging")

    assert told.text == "**“Journal of Invented Imaging” is watched here already.**"
    assert here.posts(here.world.club) == []


async def test_a_suggestion_cannot_ping_or_disguise_anything(here: Community) -> None:
    await suggest(here, "@everyone [Nature](https://evil.example/) `code` ||x||")

    [read] = here.posts(here.world.club)
    assert_harmless_markdown(read.text.replace(f"<@{here.reader.id}>", ""))
    assert not read.payload["mention_everyone"]


async def test_a_member_suggests_three_in_an_hour_at_most(here: Community) -> None:
    said = [(await suggest(here, f"Journal {number}")).text for number in range(4)]

    assert all(each.startswith("**Thank you.**") for each in said[:3])
    assert said[3] == "**Ready again in 60 minutes.**"
    assert len(here.posts(here.world.club)) == 3


async def test_the_button_lives_on_after_a_restart(here: Community) -> None:
    refused = await here.ask("!feed")
    await here.world.restart()

    form = await here.world.press(refused, "Suggest a journal")

    assert list(form.inputs) == ["journal"]


async def test_health_is_nothing_to_suggest_a_journal_about(here: Community) -> None:
    refused = await here.ask("!status")

    assert refused.text.splitlines() == [
        "**This is for moderators.**",
        "Seeing how Wetread fares needs *Manage Channels*. Please ask one of them.",
    ]
