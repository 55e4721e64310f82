"""The welcome: posted once, steps for moderators alone, nothing before Start; and coming back to a server."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from cogs.kit.limits import check_layout
from cogs.welcome.panels import back_panel, permissions_lines, welcome_panel
from cogs.welcome.steps import Choices, journals_of, subjects_panel, where_panel
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.seen import Seen
from wetread.domain.models import Form
from wetread.storage import subscriptions


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


def guild(here: Community) -> discord.Guild:
    found = here.bot.get_guild(here.world.guild.id)
    assert found is not None
    return found


def cog(here: Community) -> Any:
    """Return the cog; its events are called as discord.py calls them."""
    return here.bot.get_cog("Welcome")


async def press(here: Community, panel: Seen, label: str) -> Seen:
    """Let the moderator press a button of a private panel; return what is there then."""
    answer = await here.world.press(panel, label, by=here.moderator)
    return answer.messages[-1] if answer.messages else here.world.again(panel)


async def select(here: Community, panel: Seen, part: str, *values: object) -> Seen:
    menu = next(each["custom_id"] for each in panel.parts if f":setup:{part}:" in each.get("custom_id", ""))
    await here.world.select(panel, list(values), custom_id=menu, by=here.moderator)
    return here.world.again(panel)


async def welcomed(here: Community) -> Seen:
    await cog(here).on_guild_join(guild(here))
    return here.posts()[-1]


@pytest.mark.row("F40")
async def test_a_server_is_welcomed_once_however_often_it_joins(here: Community) -> None:
    first = await welcomed(here)
    await here.world.restart()
    await cog(here).on_guild_join(guild(here))
    await cog(here).on_ready()

    assert says(first, "hello, this is wetread", "nothing is posted until")
    assert first.buttons == ["Set up", "Show me a sample", "What members can do"]
    assert len(here.posts()) == 1


async def test_a_server_that_has_feeds_is_not_welcomed(here: Community) -> None:
    await here.watch("jii")
    before = len(here.posts())

    await cog(here).on_guild_join(guild(here))

    assert len(here.posts()) == before


@pytest.mark.row("F41")
async def test_the_welcome_goes_where_wetread_may_write_else_to_the_log(
    here: Community, caplog: pytest.LogCaptureFixture
) -> None:
    here.world.forbid(here.papers, "send_messages")
    await cog(here).on_guild_join(guild(here))
    assert len(here.posts(here.world.club)) == 1
    await cog(here).on_guild_remove(guild(here))
    for channel in (here.world.club, here.world.announcements):
        here.world.forbid(channel, "send_messages")

    await cog(here).on_guild_join(guild(here))

    assert "/setup" in caplog.text
    assert len(here.posts(here.world.club)) == 1


async def test_the_steps_lead_to_start_and_nothing_is_posted_before(here: Community) -> None:
    welcome = await welcomed(here)
    first = (await here.world.press(welcome, "Set up", by=here.moderator)).message
    assert first.is_private
    assert says(first, "step 1 of 3", "nothing is posted yet")
    assert "Next" in first.dead_buttons
    subject = here.services.catalogue.subspecialties[0]
    chosen = await select(here, first, "choose", subject)
    assert says(chosen, subject, "journals")
    listed = await press(here, chosen, "Next")
    assert says(listed, "step 2 of 3", "nothing is posted yet")
    placed = await select(here, listed, "place", here.world.club)
    placed = await select(here, placed, "form", Form.TITLE)
    placed = await select(here, placed, "when", "daily")
    assert says(placed, "permissions are there")
    sample = await press(here, placed, "Show me a sample")
    assert says(sample, "step 3 of 3", "nothing is posted yet")
    assert await desk.names(here) == []
    await here.world.restart()

    started = await press(here, sample, "Start")

    assert says(started, "started", "08:00")
    watched = await here.services.subscriptions.of_guild(guild(here).id)
    wanted = journals_of(here.services.catalogue, Choices(subjects=1))
    assert len(watched) == len(wanted)
    assert {each.subscription.channel_id for each in watched} == {here.world.club.id}
    assert {each.subscription.form for each in watched} == {Form.TITLE}
    assert says(here.world.again(welcome), "is set up", "set up by")
    assert here.world.again(welcome).buttons == ["What members can do"]


async def test_others_who_press_are_told_in_words(here: Community) -> None:
    welcome = await welcomed(here)

    refused = (await here.world.press(welcome, "Set up", by=here.reader)).message
    members = (await here.world.press(welcome, "What members can do", by=here.reader)).message

    assert refused.is_private
    assert says(refused, "moderator")
    assert says(members, "abstract")


async def test_setup_names_each_missing_permission_and_its_use(here: Community) -> None:
    full = await here.opened("!setup")
    assert says(full, "step 1 of 3")
    assert not says(full, "lacks")
    lines = permissions_lines(guild(here))

    assert lines == []


@pytest.mark.row("F42")
async def test_what_rests_goes_on_only_when_a_moderator_says_so(here: Community) -> None:
    await here.watch("jii")
    run, at = here.services.database.run, here.world.clock()
    await run(subscriptions.freeze_guild, guild(here).id, at)
    await cog(here).on_guild_remove(guild(here))
    await cog(here).on_guild_join(guild(here))
    back = here.posts()[-1]
    assert says(back, "wetread is back", "paused")
    assert (await desk.watched(here)).subscription.paused_at is not None

    said = (await here.world.press(back, "Go on", by=here.moderator)).message

    assert says(said, "1 journal", "resumed")
    assert (await desk.watched(here)).subscription.paused_at is None


async def test_starting_anew_asks_and_can_be_undone_in_the_history(here: Community) -> None:
    await here.watch("jii")
    await here.services.database.run(subscriptions.freeze_guild, guild(here).id, here.world.clock())
    await cog(here).on_guild_remove(guild(here))
    await cog(here).on_guild_join(guild(here))
    asked = (await here.world.press(here.posts()[-1], "Start anew", by=here.moderator)).message
    assert len(await desk.names(here)) == 1

    steps = await press(here, asked, "Remove them")

    assert await desk.names(here) == []
    assert says(steps, "step 1 of 3")
    assert says((await here.slash("history", by=here.moderator)).message, "removed")


async def test_every_panel_is_within_discords_limits(here: Community) -> None:
    catalogue = here.services.catalogue
    choices = Choices(2**25 - 1, 2**62, Form.CONCLUSION, "usual")
    for panel in (
        welcome_panel([]),
        back_panel(1, []),
        subjects_panel(catalogue, choices, guild(here)),
        where_panel(catalogue, choices),
    ):
        check_layout(panel)
