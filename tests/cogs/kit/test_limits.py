"""Discord's limits are checked before anything is sent, in Discord's units."""

import discord
import pytest

from cogs.kit.limits import EMBED_DESCRIPTION, EMBED_FIELD_VALUE, check_embed, check_message


def test_a_character_outside_the_basic_plane_counts_as_two() -> None:
    check_embed(discord.Embed(description="𝛼" * (EMBED_DESCRIPTION // 2)))

    with pytest.raises(ValueError, match="embed description"):
        check_embed(discord.Embed(description="𝛼" * (EMBED_DESCRIPTION // 2 + 1)))


def test_the_parts_of_an_embed_count_together() -> None:
    embed = discord.Embed(description="x" * EMBED_DESCRIPTION)
    embed.add_field(name="n", value="v" * EMBED_FIELD_VALUE)
    check_embed(embed)
    embed.add_field(name="n", value="v" * EMBED_FIELD_VALUE)

    with pytest.raises(ValueError, match="in all"):
        check_embed(embed)


async def test_two_buttons_of_one_message_may_not_share_an_id() -> None:
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="One", custom_id="same"))
    check_message(content="x", view=view)
    view.add_item(discord.ui.Button(label="Two", custom_id="same"))

    with pytest.raises(ValueError, match="twice"):
        check_message(content="x", view=view)
