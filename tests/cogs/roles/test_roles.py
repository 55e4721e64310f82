"""Roles that posts mention: chosen by moderators, taken by members, and never more than that."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.builders import RoleHandle
from simcord.enums import OverwriteType

from cogs.client import PERMISSIONS
from cogs.roles.member_topics import RoleButton
from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.seen import Seen
from wetread.domain.changes import ChangeSubject
from wetread.storage import changes, subscriptions, topics
from wetread.storage.settings import GuildSettings
from wetread.storage.subscriptions import Destination, Mention
from wetread.storage.topics import NewTopic

FEEDS = ("jii", "aisi")


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def make_role(here: Community, name: str = "Knee embolization", **fields: Any) -> RoleHandle:
    """Make a role below the bot's, which everybody may mention unless a test says otherwise."""
    role = here.world.guild.create_role(name, **({"mentionable": True} | fields))
    await here.world.settle()
    return role


async def change_role(here: Community, role: RoleHandle, **fields: Any) -> None:
    here.world.backend.edit_role(here.world.guild.id, role.id, fields)
    await here.world.settle()


async def limit_bot(here: Community, permissions: discord.Permissions) -> None:
    """Give the bot these permissions and no others."""
    guild = here.world.backend.get_guild(here.world.guild.id)
    for role_id in guild.members[here.world.backend.bot_user.id].role_ids:
        here.world.backend.edit_role(guild.id, role_id, {"permissions": permissions.value})
    await here.world.settle()


async def release(here: Community, *roles: RoleHandle) -> None:
    """Let a feed of its own mention each role."""
    for role, name in zip(roles, FEEDS, strict=False):
        await here.watch(name)
        said = await here.order(f"!feed mention {name} {role.mention}")
        assert says(said, "now mentions"), said


def id_of(page: Seen, menu: str) -> str:
    """Return the custom_id of a menu of the page "Mention"."""
    [found] = [part["custom_id"] for part in page.parts if f":{menu}:" in part.get("custom_id", "")]
    return str(found)


async def topics_of(here: Community) -> Seen:
    """Open the reader's own topics."""
    return (await here.slash("topics", by=here.reader)).message


def roles_of(here: Community) -> set[int]:
    guild = here.world.backend.get_guild(here.world.guild.id)
    return set(guild.members[here.reader.id].role_ids)


async def forged(here: Community, act: str, role_id: int) -> Seen:
    """Let the reader press a button that nobody showed them, as a changed client can."""
    button = RoleButton(act, role_id, 0)
    view = discord.ui.View(timeout=None)
    view.add_item(button)
    channel = here.bot.get_channel(here.papers.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("a forged message", view=view, allowed_mentions=discord.AllowedMentions.none())
    message = here.posts()[-1]
    return (await here.world.press(message, custom_id=str(button.item.custom_id))).message


# Moderators -----------------------------------------------------------------------------------------


async def test_a_feed_mentions_a_role_its_posts_do_and_history_knows(here: Community) -> None:
    role = await make_role(here)
    await here.watch("jii")
    said = await here.order(f"!feed mention jii {role.mention} at most 1 -veterinary")
    page = await here.opened("!feed show jii")
    [watched] = await here.services.subscriptions.of_guild(here.world.guild.id)
    noted = await here.services.database.run(
        changes.last, here.world.guild.id, ChangeSubject.FEED, watched.subscription.id
    )

    assert says(said, role.mention, "at most once a day", "-veterinary", "/topics")
    assert says(page, role.mention, "at most once a day")
    assert noted is not None
    assert noted.new.after == {"role_id": role.id, "mention_filter": "-veterinary", "mentions_a_day": 1}
    assert noted.by.command == "feed mention"


async def test_the_role_stands_above_the_card(here: Community) -> None:
    role = await make_role(here)
    await here.watch("jii")
    await here.order(f"!feed mention jii {role.mention}")
    await here.order("!feed add aisi 1")
    await here.pass_time(60)
    silent = here.posts()[-1]
    await here.order("!feed mention aisi @Knee embolization")
    here.library.publish(here.journal("aisi"))
    await here.pass_time(3600)

    assert not silent.text.startswith("For ")
    assert here.posts()[-1].text.startswith(f"For {role.mention}:")


async def test_nobody_is_mentioned_any_more(here: Community) -> None:
    role = await make_role(here)
    await release(here, role)
    said = await here.order("!feed mention jii nobody")
    page = await here.opened("!feed show jii")

    assert says(said, "nobody")
    assert says(page, "Mentions Nobody")


async def test_the_slash_form_and_topics_do_the_same(here: Community) -> None:
    role = await make_role(here)
    await here.watch("jii")
    new = NewTopic(here.world.guild.id, Destination(here.papers.id), "Knees", "knee", here.moderator.id)
    await here.services.database.run(topics.add, new, here.world.clock(), limit=9)
    by_slash = await here.slash("feed mention", by=here.moderator, feed="jii", role=role, only="knee", most=5)
    topic = await here.order(f"!topic mention knees {role.mention} type:trial OR type:guideline")
    nobody = await here.slash("topic mention", by=here.moderator, topic="knees", nobody=True)

    assert says(by_slash.message, role.mention, "5 times", "knee")
    assert says(topic, "Knees", role.mention, "type:trial")
    assert says(nobody.message, "nobody")


@pytest.mark.parametrize("name", ["@everyone", "@here"])
async def test_everyone_is_never_mentioned(here: Community, name: str) -> None:
    await here.watch("jii")
    said = await here.order(f"!feed mention jii {name}")

    assert says(said, "never mentions everyone")


@pytest.mark.row("F64")
async def test_roles_that_can_do_something_are_not_offered(here: Community) -> None:
    strong = await make_role(here, "Strong", permissions=discord.Permissions(manage_messages=True))
    bots = await make_role(here, "Some bot", managed=True)
    ours = await make_role(here, "Readers of feeds")
    await here.choose(GuildSettings(moderator_role_id=ours.id))
    await here.watch("jii")
    for role, why in ((strong, "has permissions"), (bots, "belongs to a bot"), (ours, "may change")):
        said = await here.order(f"!feed mention jii {role.mention}")
        assert says(said, role.mention, why, "not offered"), said


async def test_a_role_that_discord_does_not_let_us_mention_is_said_in_words(here: Community) -> None:
    role = await make_role(here, mentionable=False)
    await limit_bot(here, PERMISSIONS)
    await here.watch("jii")
    said = await here.order(f"!feed mention jii {role.mention}")
    await change_role(here, role, mentionable=True)
    again = await here.order(f"!feed mention jii {role.mention}")

    assert says(said, "Mention @everyone, @here, and All Roles", "Allow anyone to @mention this role")
    assert says(again, "now mentions")


async def test_a_role_that_does_not_exist_and_a_wrong_number_are_named(here: Community) -> None:
    await make_role(here)
    await here.watch("jii")
    unknown = await here.order("!feed mention jii @Nee embolization")
    often = await here.order("!feed mention jii @Knee embolization at most 99")

    assert says(unknown, "@Nee", "@Knee embolization", "nobody")
    assert says(often, "99", "24")


@pytest.mark.row("F62")
async def test_a_deleted_role_is_missing_on_the_page_and_is_not_offered_to_members(here: Community) -> None:
    role = await make_role(here)
    await release(here, role)
    here.world.backend.delete_role(here.world.guild.id, role.id)
    await here.world.settle()
    page = await here.opened("!feed show jii")
    mention = (await here.world.press(page, "Mention", by=here.moderator)).message
    topics = await topics_of(here)

    assert says(page, "the role was deleted", "Posts go on")
    assert says(mention, "the role was deleted")
    assert says(topics, "No topic has a role yet")


async def test_the_page_chooses_saves_and_stops(here: Community) -> None:
    role = await make_role(here)
    await here.watch("jii")
    page = await here.opened("!feed mention jii")
    roles = id_of(page, "role")
    chosen = (await here.world.select(page, [role], custom_id=roles, by=here.moderator)).message
    most = id_of(chosen, "most")
    both = (await here.world.select(chosen, ["5"], custom_id=most, by=here.moderator)).message
    saved = (await here.world.press(both, "Save", by=here.moderator)).message
    nobody = (await here.world.press(saved, "Mention nobody", by=here.moderator)).message

    assert says(chosen, "Now: nobody", "Not saved yet")
    assert says(saved, f"Now: {role.mention}", "5 times", "now mentions")
    assert says(nobody, "Now: nobody", "now mentions nobody")


async def test_the_page_makes_a_role_only_where_wetread_may(here: Community) -> None:
    await here.watch("jii")
    await limit_bot(here, PERMISSIONS)
    page = await here.opened("!feed mention jii")
    refused = (await here.world.press(page, "Make a new role", by=here.moderator)).message
    await limit_bot(here, PERMISSIONS | discord.Permissions(manage_roles=True))
    again = (await here.world.press(refused, "Check again", by=here.moderator)).message
    made = (await here.world.press(again, "Make a new role", by=here.moderator)).message
    twice = (await here.world.press(made, "Make a new role", by=here.moderator)).message
    guild = here.world.backend.get_guild(here.world.guild.id)
    [watched] = await here.services.subscriptions.of_guild(guild.id)
    role = guild.roles[watched.subscription.role_id or 0]

    assert says(refused, "Manage Roles")
    assert says(made, f"Now: <@&{role.id}>")
    assert says(twice, "already")
    assert role.permissions == 0


# Members --------------------------------------------------------------------------------------------


async def test_members_take_and_leave_roles_in_place(here: Community) -> None:
    knee, spine = await make_role(here), await make_role(here, "Spine")
    await release(here, knee, spine)
    shown = await topics_of(here)
    await here.world.restart()
    taken = (await here.world.press(shown, custom_id=f"wetread:roles:take:{knee.id}:0")).message
    after_taking = roles_of(here)
    left = (await here.world.press(taken, custom_id=f"wetread:roles:leave:{knee.id}:0")).message

    assert says(shown, "0 of 2", "You are not told.")
    assert taken.id == shown.id
    assert says(taken, "1 of 2", "You are told.")
    assert knee.id in after_taking
    assert says(left, "0 of 2")
    assert not roles_of(here) & {knee.id, spine.id}


async def test_none_of_them_leaves_all_released_roles_and_no_other(here: Community) -> None:
    knee, spine, own = [await make_role(here, name) for name in ("Knee", "Spine", "Their own")]
    await release(here, knee, spine)
    for role in (knee, spine, own):
        here.world.backend.add_member_role(here.world.guild.id, here.reader.id, role.id)
    shown = await topics_of(here)
    left = (await here.world.press(shown, "None of them")).message

    assert says(shown, "2 of 2")
    assert says(left, "0 of 2")
    assert roles_of(here) & {knee.id, spine.id, own.id} == {own.id}


@pytest.mark.row("F63")
async def test_a_role_that_was_not_released_is_never_given_or_taken(here: Community) -> None:
    knee, secret = await make_role(here), await make_role(here, "Secret")
    await release(here, knee)
    before = roles_of(here)
    said = [await forged(here, "take", each) for each in (secret.id, here.world.guild.id, 1)]
    here.world.backend.add_member_role(here.world.guild.id, here.reader.id, secret.id)
    await forged(here, "leave", secret.id)

    assert all(says(each, "nothing changed") for each in said)
    assert roles_of(here) == before | {secret.id}


@pytest.mark.row("F63")
async def test_another_servers_release_counts_for_nothing_here(here: Community) -> None:
    role = await make_role(here)
    await here.world.other_server()
    await here.watch("jii")
    [watched] = await here.services.subscriptions.of_guild(here.world.guild.id)
    await here.services.database.run(
        subscriptions.set_mention,
        here.world.guild.id,
        watched.subscription.id,
        Mention(role.id + 1),
        here.world.clock(),
    )
    said = await forged(here, "take", role.id)

    assert says(said, "nothing changed")
    assert role.id not in roles_of(here)


@pytest.mark.row("F64")
@pytest.mark.parametrize("what", ["permissions", "channel", "moderates", "managed", "removed"])
async def test_a_released_role_that_can_do_something_by_now_is_not_given_out(
    here: Community, what: str
) -> None:
    role = await make_role(here)
    await release(here, role)
    shown = await topics_of(here)
    if what == "permissions":
        await change_role(here, role, permissions=discord.Permissions(ban_members=True).value)
    elif what == "channel":
        closed = Overwrite(role.id, OverwriteType.ROLE, allow=discord.Permissions(view_channel=True).value)
        here.world.backend.set_overwrite(here.world.club.id, closed)
    elif what == "moderates":
        await here.choose(GuildSettings(moderator_role_id=role.id))
    elif what == "managed":
        await change_role(here, role, managed=True)
    else:
        await here.order("!feed mention jii nobody")
    await here.world.settle()
    said = (await here.world.press(shown, "Tell me")).message

    assert says(said, "nothing changed")
    assert role.id not in roles_of(here)


@pytest.mark.row("F65")
async def test_what_discord_does_not_allow_is_said_with_a_button_that_checks_again(here: Community) -> None:
    role = await make_role(here)
    await release(here, role)
    await limit_bot(here, PERMISSIONS)
    shown = await topics_of(here)
    lacking = (await here.world.press(shown, "Tell me")).message
    await limit_bot(here, PERMISSIONS | discord.Permissions(manage_roles=True))
    guild = here.world.backend.get_guild(here.world.guild.id)
    position = guild.roles[role.id].position
    await change_role(here, role, position=max(each.position for each in guild.roles.values()) + 1)
    above = (await here.world.press(lacking, "Check again")).message
    await change_role(here, role, position=position)
    done = (await here.world.press(above, "Check again")).message

    assert says(lacking, "Manage Roles")
    assert says(above, "stands above Wetread’s own role")
    assert says(done, "1 of 1", "You are told.")
    assert role.id in roles_of(here)


async def test_typed_topics_open_privately_and_a_message_can_be_posted_by_moderators(here: Community) -> None:
    role = await make_role(here)
    await release(here, role)
    offer = await here.ask("!topics")
    opened = (await here.world.press(offer, "Choose my topics")).message
    refused = await here.ask(f"!topics {here.world.club.mention}")
    posted = await here.order(f"!topics {here.world.club.mention}")
    public = here.posts(here.world.club)[-1]
    chosen = (await here.world.press(public, "Choose my topics")).message

    assert says(opened, "0 of 1")
    assert says(refused, "Only moderators")
    assert says(posted, "Posted")
    assert says(public, "Which topics do you want to be told about?")
    assert says(chosen, "0 of 1")
    assert here.world.again(public).text == public.text


async def test_let_members_choose_asks_where_first(here: Community) -> None:
    role = await make_role(here)
    await release(here, role)
    topics = await here.opened("!topic list")
    asked = (await here.world.press(topics, "Let members choose", by=here.moderator)).message
    before = len(here.posts(here.world.club))
    done = (await here.world.select(asked, [here.world.club], by=here.moderator)).message

    assert says(asked, "In which channel?", "Nothing is posted yet")
    assert says(done, "Posted")
    assert len(here.posts(here.world.club)) == before + 1


async def test_who_is_no_moderator_changes_no_mention(here: Community) -> None:
    role = await make_role(here)
    await here.watch("jii")
    page = await here.opened("!feed mention jii")
    await here.world.retire()
    menu = id_of(page, "role")
    refused = [
        (await here.world.select(page, [role], custom_id=menu, by=here.moderator)).messages[-1],
        (await here.world.press(page, "Save", by=here.moderator)).messages[-1],
        (await here.world.press(page, "Make a new role", by=here.moderator)).messages[-1],
    ]

    assert all(says(each, "moderators") for each in refused)
