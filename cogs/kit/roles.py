"""Which roles of a server posts may mention, and which ones members may take by themselves.

A role that can do anything is neither mentioned nor given out, so that no moderator of Wetread can pass on
more than Discord has given them.
"""

from collections.abc import Iterable

import discord

from cogs.kit.permissions import NAMES
from wetread.domain.models import Subscription

_ROLES = "Server Settings → Roles"

NEEDS_MANAGE_ROLES = (
    f"The permission *{NAMES['manage_roles']}* is missing. Please give it to the Wetread role ({_ROLES}), "
    "then press the button. Wetread needs it for these roles only."
)


def mention_hindrance(role: discord.Role, moderator_role_id: int | None = None) -> str | None:
    """Return why a role is not offered for mentions, as a sentence; None if it is.

    Neither @everyone nor roles of bots and integrations, nor roles with permissions that not everybody has.
    `moderator_role_id`: the role that moderates Wetread here.
    """
    if role.is_default():
        return "Wetread never mentions everyone."
    if role.managed:
        return f"{role.mention} belongs to a bot or an integration, so it is not offered."
    if role.id == moderator_role_id:
        return f"{role.mention} may change what Wetread posts, so it is not offered."
    if role.permissions.value & ~role.guild.default_role.permissions.value:
        return f"{role.mention} has permissions, so it is not offered."
    return None


def may_ping(role: discord.Role, channel: object) -> bool:
    """Return whether Discord lets Wetread mention a role in a channel, thread or forum."""
    if role.mentionable:
        return True
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(place, discord.abc.GuildChannel):
        return role.guild.me.guild_permissions.mention_everyone
    return place.permissions_for(role.guild.me).mention_everyone


def pinged(guild: discord.Guild | None, channel: object, role_ids: Iterable[int]) -> list[discord.Role]:
    """Return those of the roles that a post in a channel mentions: they exist, and may be mentioned."""
    found = [role for each in role_ids if guild is not None and (role := guild.get_role(each))]
    return [role for role in found if mention_hindrance(role) is None and may_ping(role, channel)]


def taking_hindrance(role: discord.Role, moderator_role_id: int | None) -> str | None:
    """Return why members may not take a role here, as a sentence; None if they may.

    A role that opens or closes channels is not given out, because that is what a permission does.
    """
    if (hindrance := mention_hindrance(role, moderator_role_id)) is not None:
        return hindrance.replace("it is not offered", "members cannot take it here")
    for channel in role.guild.channels:
        if not channel.overwrites_for(role).is_empty():
            place = f"<#{channel.id}>"
            return f"{role.mention} has permissions of its own in {place}, so members cannot take it here."
    return None


def giving_hindrance(role: discord.Role) -> tuple[str, str] | None:
    """Return why Discord does not let Wetread give out a role, and what helps; None if it does."""
    me = role.guild.me
    if not me.guild_permissions.manage_roles:
        return "Wetread may not give out roles yet.", NEEDS_MANAGE_ROLES
    if role >= me.top_role:
        above = f"{role.mention} stands above Wetread’s own role in the list of roles."
        drag = f"Please drag Wetread above it ({_ROLES}), then press the button."
        return (
            "Wetread may not give out this role yet.",
            f"{above} {drag} Until then members cannot take it here.",
        )
    return None


def most_words(most: int) -> str:
    """Return the limit of mentions in words: "at most 3 times a day"."""
    return f"at most {'once' if most == 1 else f'{most} times'} a day"


def mention_words(guild: discord.Guild, subscription: Subscription) -> str:
    """Return whom the posts of a feed or topic mention, for its page."""
    if subscription.role_id is None:
        return "Nobody"
    role = guild.get_role(subscription.role_id)
    if role is None:
        return "Nobody: the role was deleted. Posts go on; press Mention to choose another."
    channel = guild.get_channel_or_thread(subscription.channel_id)
    if not pinged(guild, channel, [role.id]):
        return f"{role.mention}, but Discord does not let Wetread mention it. Press Mention to see why."
    return f"{role.mention}, {most_words(subscription.mentions_a_day)}"
