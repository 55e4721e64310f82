"""`/history`: what moderators changed, undoing it, and telling their channel."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from cogs.history.changes_cog import announcement
from cogs.history.changes_file import changes_file
from cogs.history.changes_panel import PAGE_SIZE, Place, changes_panel
from cogs.kit.limits import check_layout
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.invented import SEEN_AT
from tests.support.seen import Seen
from wetread.domain.changes import Change, ChangedBy, ChangeSubject, NewChange
from wetread.domain.models import DeliveryState
from wetread.storage.undoing import Prospect

MODERATOR = "mo.derator"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def history(here: Community) -> Seen:
    return (await here.slash("history", by=here.moderator)).message


async def press(here: Community, panel: Seen, label: str | None, **where: str) -> Seen:
    """Press a button of a private panel, and return the panel as it then is."""
    await here.world.press(panel, label, by=here.moderator, **where)
    return here.world.again(panel)


def undo(panel: Seen, number: int = 0) -> str:
    """Return the custom_id of an Undo button, counted from the newest change."""
    return [str(each["custom_id"]) for each in panel.parts if each.get("label") == "Undo"][number]


async def undo_newest(here: Community) -> Seen:
    panel = await history(here)
    return await press(here, panel, None, custom_id=undo(panel))


async def test_what_was_changed_is_listed_newest_first_with_who_what_and_before(here: Community) -> None:
    empty = await history(here)
    await here.watch("jii")
    await here.order("!feed move jii #journal-club")
    await here.order("!feed filter jii spine")
    await here.order("!feed pause jii")

    panel = await history(here)

    assert says(empty, "nothing was changed", "90 days")
    assert panel.is_private
    assert says(panel, "newest first", "1 to 4 of 4")
    order = [panel.text.index(word) for word in ("paused", "new filter", "moved", "added")]
    assert order == sorted(order)
    assert f"to <#{here.world.club.id}>, before <#{here.papers.id}>" in panel.text
    assert "`spine`, before every article" in panel.text
    assert panel.text.count(MODERATOR) >= 4
    assert "`feed move`" in panel.text
    assert panel.buttons.count("Undo") == 4


async def test_both_forms_and_feed_history_reach_the_same_panel(here: Community) -> None:
    await here.watch("jii")
    private = await history(here)
    other = (await here.slash("feed history", by=here.moderator)).message

    assert (await here.opened("!history")).text == private.text == other.text
    assert (await here.opened("!feed history")).text == private.text


async def test_only_moderators_see_the_history_or_press_in_it(here: Community) -> None:
    await here.watch("jii")
    await here.order("!feed move jii #journal-club")
    [offer] = await here.say("!history", by=here.moderator)

    typed = await here.ask("!history")
    pressed = (await here.world.press(offer, "Open", by=here.reader)).message

    for answer in (typed, pressed):
        assert says(answer, "moderator")


async def test_undo_of_a_move_is_done_at_once_noted_and_undone_again(here: Community) -> None:
    await here.watch("jii")
    await here.order("!feed move jii #journal-club")

    done = await undo_newest(here)
    assert (await desk.watched(here)).subscription.channel_id == here.papers.id
    assert says(done, "posts to", "again", "undone by")
    assert done.buttons == ["Undo this", "All changes"]
    again = await press(here, done, "Undo this")
    assert (await desk.watched(here)).subscription.channel_id == here.world.club.id
    listed = await press(here, again, "All changes")

    assert says(listed, "1 to 4 of 4", "undone by", "this undid a change")


async def test_undo_of_a_removal_asks_and_adds_it_again(here: Community) -> None:
    await here.watch("jii")
    await here.agree("!feed remove jii", "Remove")
    asked = await undo_newest(here)
    assert says(asked, "add", "again?", "nothing old is posted")
    assert await desk.names(here) == []
    left = await press(here, asked, "Leave it")
    assert says(left, "1 to 2 of 2")

    done = await press(here, await press(here, left, None, custom_id=undo(left)), "Add it again")

    assert says(done, "posts again")
    assert len(await desk.names(here)) == 1


async def test_a_change_that_was_changed_again_is_put_back_after_a_question(here: Community) -> None:
    await here.watch("jii")
    await here.order("!feed filter jii spine")
    await here.order("!feed filter jii disc")
    panel = await history(here)

    asked = await press(here, panel, None, custom_id=undo(panel, 1))
    assert says(asked, "changed once more", MODERATOR, "is lost")
    done = await press(here, asked, "Put it back")

    assert says(done, "new filter", "every article")
    assert (await desk.watched(here)).subscription.filter is None


async def test_what_cannot_be_undone_says_why(here: Community) -> None:
    channel = await desk.choose_channel(here)
    await here.watch("jii")
    await desk.hold(here, 3)
    await here.pass_time(60)
    [question] = [each for each in here.posts(channel) if "Post none" in each.buttons]
    await here.world.press(question, "Post all 3", by=here.moderator)

    panel = await history(here)

    assert says(panel, "3 held articles posted", "cannot be undone", "posted")
    assert panel.buttons.count("Undo") == 1


async def test_undo_of_a_decision_asks_the_question_again(here: Community) -> None:
    channel = await desk.choose_channel(here)
    await here.watch("jii")
    await desk.hold(here, 3)
    await here.pass_time(60)
    [question] = [each for each in here.posts(channel) if "Post none" in each.buttons]
    await here.world.press(question, "Post none", by=here.moderator)
    assert await desk.count(here, DeliveryState.HELD) == 0

    await undo_newest(here)

    assert await desk.count(here, DeliveryState.HELD) == 3


async def test_undo_into_a_channel_that_was_deleted_is_refused_in_words(here: Community) -> None:
    await here.watch("jii", channel=here.world.club)
    await here.order("!feed move jii #papers")
    panel = await history(here)
    here.world.backend.delete_channel(here.world.club.id)

    said = (await here.world.press(panel, custom_id=undo(panel), by=here.moderator)).message

    assert says(said, "channel was deleted", "feed move")
    assert (await desk.watched(here)).subscription.channel_id == here.papers.id


async def test_the_lists_choice_and_pages_work_after_a_restart(here: Community) -> None:
    for number in range(PAGE_SIZE + 1):
        await here.order(f"!feed settings {number}")
    await here.watch("jii")
    panel = await history(here)
    assert says(panel, "1 to 6 of 8")
    await here.world.restart()

    second = await press(here, panel, "Next")
    assert says(second, "7 to 8 of 8")
    menu = next(each["custom_id"] for each in second.parts if ":what:" in each.get("custom_id", ""))
    await here.world.select(second, ["feed"], custom_id=menu, by=here.moderator)
    feeds = here.world.again(panel)

    assert says(feeds, "1 to 1 of 1", "added")


async def test_the_moderators_channel_is_told_once_if_they_choose_it(here: Community) -> None:
    channel = await desk.choose_channel(here)
    await here.watch("jii")
    await here.pass_time(120)
    before = len(here.posts(channel))
    said = await here.order("!feed settings changes:on")
    await here.order("!feed pause jii")
    await here.pass_time(240)
    told = here.posts(channel)[before:]
    await here.order("!feed settings changes:off")
    await here.order("!feed resume jii")
    await here.pass_time(120)

    assert says(said, "moderator channel")
    assert len(told) == 1
    assert says(told[0], "paused", MODERATOR)
    assert told[0].buttons == ["All changes"]
    assert len(here.posts(channel)) == before + 1


async def test_a_role_cannot_pass_itself_on_by_undo(here: Community) -> None:
    role = here.world.guild.create_role("Editors")
    await here.order(f"!feed settings <@&{role.id}>")
    editor = here.world.guild.add_member(here.world.env.create_user("an.editor"), roles=[role])
    [offer] = await here.say("!history", by=editor)
    panel = (await here.world.press(offer, "Open", by=editor)).message

    refused = (await here.world.press(panel, "Undo", by=editor)).message

    assert says(refused, "needs")
    assert (await here.settings()).moderator_role_id == role.id


def test_the_fullest_page_is_within_discords_limits() -> None:
    by = ChangedBy(2**62, "ann.sample" * 20, "feed filter" * 9)
    long = "(" + "epidural OR " * 180 + "spine)"
    new = NewChange(
        1,
        ChangeSubject.TOPIC,
        2**62,
        "Invented " * 40,
        before={"filter": long, "channel_id": 2**62, "form": "whole", "invented_column": long},
        after={"filter": long + "x", "channel_id": 2**61, "form": "title", "invented_column": long + "x"},
    )
    change = Change(2**62, new, by, SEEN_AT, undoes=1)
    members = [(number, "b" * 200) for number in range(1, 40)]
    page = [Prospect(replace(change, id=change.id + number)) for number in range(PAGE_SIZE)]
    panel = changes_panel(page, Place(999, 39, "topic"), 6001, members=members)

    check_layout(panel)
    check_layout(announcement([change] * 50))


def test_the_file_holds_every_change_and_no_formula_or_key() -> None:
    new = NewChange(
        1,
        ChangeSubject.SETTINGS,
        1,
        "",
        before={"proxy_prefix": None},
        after={"proxy_prefix": "https://login.proxy.example.edu/login?token=SECRET&url="},
    )
    change = Change(1, new, ChangedBy(7, "=cmd()", "feed settings"), SEEN_AT)

    [_, row] = list(csv.reader(io.StringIO(changes_file([change]))))

    assert row[1] == "'=cmd()"
    assert "SECRET" not in ",".join(row)
