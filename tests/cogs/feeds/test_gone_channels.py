"""A feed whose channel was deleted says so on its page and in the list, with what waits and what to do."""

from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import says


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def test_a_deleted_channel_is_said_with_the_date_and_what_to_do(here: Community) -> None:
    await here.watch("jii", channel=here.world.club)
    here.world.backend.delete_channel(here.world.club.id)
    await here.world.settle()

    listed = await here.opened("!feed list")
    page = await here.opened("!feed show jii")

    for panel in (listed, page):
        assert says(panel, "deleted on 1 Jan 2026", "no articles wait")
        assert "/feed move #1" in panel.text
