"""Which tag of a forum an article gets: by name, as moderators chose, and made by Wetread."""

from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.seen import Seen
from wetread.domain.forum_tags import KINDS, LABELS, MOST_TAGS
from wetread.domain.models import Record
from wetread.domain.publication_types import KNOWN_TYPES, type_label
from wetread.storage import forum_tags


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def tags(here: Community) -> Seen:
    return await here.opened("!feed tags #library")


def names_of(here: Community) -> list[str]:
    return [tag["name"] for tag in here.world.backend.get_channel(here.world.forum.id).available_tags]


async def posted_with(here: Community) -> list[str]:
    """Post an article into the forum, and return the names of its tags."""
    await here.order("!feed add jii #library 1")
    await here.pass_time(60)
    [post] = here.world.threads(here.world.forum)
    forum = here.world.backend.get_channel(here.world.forum.id)
    by_id = {str(tag["id"]): tag["name"] for tag in forum.available_tags}
    return [by_id[str(each)] for each in here.world.backend.get_channel(post.id).applied_tags]


def test_each_kind_is_a_label_that_articles_have() -> None:
    labels = {type_label(Record(source="feed", title="x", types=(each,))) for each in KNOWN_TYPES}

    assert set(KINDS) <= labels
    assert len(LABELS) <= MOST_TAGS


async def test_a_chosen_tag_is_used_instead_of_the_one_of_that_name(here: Community) -> None:
    here.world.set_tags(here.world.forum, "Review", "Wide reading", "Other")
    said = await here.order("!feed tags #library Spine and pain = Wide reading")
    shown = await tags(here)
    used = await posted_with(here)

    assert says(said, "Wide reading", "Spine and pain")
    assert says(shown, "Review → Review", "Spine and pain → Wide reading")
    assert "Review" not in used or "Wide reading" in used


async def test_a_chosen_tag_that_was_removed_is_no_tag(here: Community) -> None:
    here.world.set_tags(here.world.forum, "Wide reading")
    await here.order("!feed tags #library Review = Wide reading")
    here.world.set_tags(here.world.forum, "Other")
    shown = await tags(here)

    assert says(shown, "No tag here stands for a subject or a kind")


async def test_a_label_or_tag_that_is_none_is_named(here: Community) -> None:
    here.world.set_tags(here.world.forum, "Wide reading")
    label = await here.order("!feed tags #library Reveiw = Wide reading")
    tag = await here.order("!feed tags #library Review = Wide reeding")

    assert says(label, "Reveiw", "Review")
    assert says(tag, "Wide reeding", "Wide reading")


async def test_missing_tags_are_made_within_twenty_and_none_is_lost(here: Community) -> None:
    here.world.set_tags(here.world.forum, *(f"Own {number}" for number in range(12)))
    shown = await tags(here)
    made = (await here.world.press(shown, "Make the missing tags", by=here.moderator)).messages[-1]
    names = names_of(here)

    assert len(names) == MOST_TAGS
    assert names[:12] == [f"Own {number}" for number in range(12)]
    assert "Randomized trial" in names
    assert says(made, "Made", "20 tags")


async def test_without_the_permission_no_tag_is_made_and_it_is_named(here: Community) -> None:
    here.world.forbid(here.world.forum, "manage_channels")
    said = await here.order("!feed tags #library make")

    assert says(said, "Manage Channels")
    assert names_of(here) == []


async def test_a_tag_is_chosen_by_menus(here: Community) -> None:
    here.world.set_tags(here.world.forum, "Wide reading")
    shown = await tags(here)
    asked = (await here.world.select(shown, ["Review"], by=here.moderator)).messages[-1]
    [tag_id, _] = asked.options.values()
    done = (await here.world.select(asked, [tag_id], by=here.moderator)).messages[-1]
    chosen = await here.services.database.run(forum_tags.of_forum, here.world.forum.id)

    assert says(done, "Review → Wide reading")
    assert chosen == {"Review": int(tag_id)}


async def test_who_is_no_moderator_chooses_nothing(here: Community) -> None:
    here.world.set_tags(here.world.forum, "Wide reading")
    shown = await tags(here)
    await here.world.retire()
    refused = await here.world.press(shown, "Make the missing tags", by=here.moderator)

    assert says(refused.messages[-1], "moderators")
    assert names_of(here) == ["Wide reading"]


async def test_a_forum_post_has_the_form_of_its_feed(here: Community) -> None:
    await here.order("!feed add jii #library title 1")
    await here.pass_time(60)
    [post] = here.world.threads(here.world.forum)
    [card] = [each for each in here.posts(post) if each.embeds]

    assert "**Results**" not in (card.embed.description or "")
