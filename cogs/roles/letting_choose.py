"""Post the public panel by which members open their topics, after asking where."""

from typing import Any

import discord

from cogs.client import Content, Wetread
from cogs.feeds.destination_check import refusal
from cogs.kit import colours
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Panel, notice, rows, small, text
from cogs.kit.presses import NoLongerWorksError, PersistentItem
from cogs.roles.member_topics import NO_ROLES, offers, public_panel, released
from wetread.services.services import Services

Place = discord.TextChannel | discord.Thread
SHOWN = 12
"""Topics that the public panel names; the private one shows all."""

_PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.news_thread,
]


async def draw_where(services: Services, guild: discord.Guild, _about: int) -> Content:
    """Draw the question where the panel is posted."""
    return {"view": where_panel() if await released(services, guild) else no_roles()}


def where_panel() -> Panel:
    """Build the question where the panel is posted."""
    return Panel(
        colours.TEAL,
        text(
            small("Topics › Let members choose"),
            "### Let members choose",
            "Wetread posts one message with the button “Choose my topics”. Nothing is posted yet.",
            "**In which channel?**",
        ),
        *rows([WhereMenu()]),
        *rows([OpenPanelButton("topics", label="Back", is_prominent=False)]),
    )


def no_roles() -> Panel:
    """Build the answer where members can take no role yet."""
    advice = "Open a topic or a feed and press Mention to choose one that members may take."
    return notice(NO_ROLES, advice, buttons=[OpenPanelButton("topics", label="Topics")])


async def post_panel(bot: Wetread, member: discord.Member, channel: Place) -> Panel:
    """Post the public panel into a channel, and return the answer or what hinders it."""

    async def again() -> None:
        await post_panel(bot, member, channel)

    if (refused := refusal(channel, member, again)) is not None:
        return refused
    found = await released(bot.services, member.guild)
    if not found:
        return no_roles()
    shown = await offers(bot.services, found[:SHOWN])
    await channel.send(view=public_panel(shown, len(found)), allowed_mentions=discord.AllowedMentions.none())
    return notice(f"Posted in <#{channel.id}>.", "Members press the button there, or use `/topics`.")


class WhereMenu(PersistentItem[discord.ui.ChannelSelect[Any]], template=r"wetread:roles:where"):
    """Chooses the channel of the public panel."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.ChannelSelect(
                custom_id="wetread:roles:where", channel_types=_PLACES, placeholder="Choose a channel"
            )
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Post the panel there. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        channel = member.guild.get_channel_or_thread(self.item.values[0].id) if self.item.values else None
        if not isinstance(channel, Place):
            raise NoLongerWorksError
        await begin(interaction)
        await show(interaction, {"view": await post_panel(interaction.client, member, channel)})
