"""Change whom a feed or topic mentions; each function does it and says what happened."""

import discord

from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Item, Panel, notice
from cogs.kit.permissions import NAMES
from cogs.kit.roles import may_ping, mention_hindrance, most_words
from wetread.domain.changes import ChangedBy
from wetread.domain.models import Subscription
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage import settings
from wetread.storage.subscriptions import Mention

LONGEST_FILTER = 500


async def moderator_role_id(services: Services, guild_id: int) -> int | None:
    """Return the role that moderates Wetread in a server, None if none was chosen."""
    return (await services.database.run(settings.guild_settings, guild_id)).moderator_role_id


async def refusal(services: Services, role: discord.Role, subscription: Subscription) -> Panel | None:
    """Return why a role cannot be mentioned by a feed or topic, None if it can."""
    if (hindrance := mention_hindrance(role, await moderator_role_id(services, role.guild.id))) is not None:
        advice = "Please choose a role that only has members and no permissions."
        return notice(hindrance, advice, buttons=[opens_page(subscription)])
    channel = role.guild.get_channel_or_thread(subscription.channel_id)
    if may_ping(role, channel):
        return None
    return notice(
        f"Discord does not let Wetread mention {role.mention} in <#{subscription.channel_id}> yet.",
        f"Please allow “Allow anyone to @mention this role” for {role.mention} (Server Settings → Roles), or "
        f"give the Wetread role *{NAMES['mention_everyone']}*. Then press the button.",
        colour=colours.AMBER,
        buttons=[opens_page(subscription, "Check again")],
    )


def opens_page(subscription: Subscription, label: str = "Choose a role") -> Item:
    """Return the button that opens the page "Mention", where all is checked again."""
    return OpenPanelButton("mention", subscription.id, label=label)


async def mention(
    services: Services, subscription: Subscription, role: discord.Role, chosen: Mention, by: ChangedBy
) -> str | Panel:
    """Let a feed or topic mention a role, and return the answer or why not.

    Raises EmptyQueryError, UnclearQueryError.
    """
    if (refused := await refusal(services, role, subscription)) is not None:
        return refused
    guild_id = subscription.guild_id
    changed = await services.subscriptions.set_mention(guild_id, subscription.id, chosen, by)
    words = changed.mention_filter
    which = f"its articles that match {code(cut(words, LONGEST_FILTER))}" if words else "its articles"
    often = most_words(changed.mentions_a_day)
    return (
        f"{_bold(subscription)} now mentions {role.mention} above {which}, {often} and at most once an hour. "
        f"Further articles come without a mention. Members choose with {code('/topics')}."
    )


async def mention_nobody(services: Services, subscription: Subscription, by: ChangedBy) -> str:
    """Let a feed or topic mention nobody, and return the answer."""
    await services.subscriptions.set_mention(subscription.guild_id, subscription.id, None, by)
    return f"{_bold(subscription)} now mentions nobody. Members keep the roles that they have."


def _bold(subscription: Subscription) -> str:
    return f"**{safe(subscription.name)}**"
