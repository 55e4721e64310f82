"""A change of a server's settings: what is refused, what is stored, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

import discord
from discord.ext import commands

from cogs.errors.panels import missing_permissions
from cogs.feeds.settings_panel import wait_words
from cogs.kit.checks import NotAModeratorError
from cogs.kit.escape import safe_url
from cogs.kit.panels import Panel, notice
from cogs.posting.permissions import kind_of, permissions_missing
from wetread.domain.text import utf16_length
from wetread.storage.settings import GuildSettings

LONGEST_WAIT = timedelta(days=90)
"""After this time Wetread no longer looks for an abstract."""

_LONGEST_PREFIX = 200  # of the 512 that a button's address may have

RESETS: Mapping[str, str] = {
    "moderator role": "moderator_role_id",
    "moderator channel": "moderator_channel_id",
    "wait for the abstract": "abstract_wait",
    "library’s proxy": "proxy_prefix",
}
"""Settings that can be reset: the name that people see → the setting."""


class WebAddress(commands.Converter[str]):
    """Accepts a word that is a web address; for `!`, where options have no names."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """See discord.py."""
        if "://" not in argument:
            raise commands.BadArgument
        return argument.strip("<>")


class ResetName(commands.Converter[str]):
    """Reads "reset moderator role", also without the first word; for `!`, where nothing is suggested."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """See discord.py."""
        name = argument.casefold().removeprefix("reset ").replace("'", "’").strip()
        if name not in RESETS:
            raise commands.BadArgument
        return name


CHANGES_SWITCH = {"changes:on": True, "changes:off": False}
"""Whether the moderator channel is told what moderators change, as it is typed."""


class ChangesSwitch(commands.Converter[str]):
    """Accepts "changes:on" and "changes:off"; for `!`, where options have no names."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """See discord.py."""
        if argument.casefold() not in CHANGES_SWITCH:
            raise commands.BadArgument
        return argument.casefold()


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """The settings to change; None = unchanged. `reset`: the setting that gets its standard value."""

    role: discord.Role | None
    channel: discord.TextChannel | discord.Thread | None
    wait: timedelta | None
    reset: str | None
    offers_cards: bool | None = None
    proxy_prefix: str | None = None
    tells_changes: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return all(getattr(self, each.name) is None for each in fields(self))

    def applied(self, before: GuildSettings) -> GuildSettings:
        """Return the settings after the change."""
        changes: dict[str, object] = {self.reset: None} if self.reset else {}
        if self.role is not None:
            changes["moderator_role_id"] = self.role.id
        if self.channel is not None:
            changes["moderator_channel_id"] = self.channel.id
        if self.wait is not None:
            changes["abstract_wait"] = self.wait
        if self.offers_cards is not None:
            changes["offers_cards"] = self.offers_cards
        if self.proxy_prefix is not None:
            changes["proxy_prefix"] = self.proxy_prefix
        if self.tells_changes is not None:
            changes["tells_changes"] = self.tells_changes
        return replace(before, **changes)  # type: ignore[arg-type]  # names and types are those above

    @property
    def said(self) -> str:
        """The answer: a sentence for each change."""
        words = []
        if self.reset:
            name = next(each for each, setting in RESETS.items() if setting == self.reset)
            words.append(f"The {name} has its standard value again.")
        if self.role is not None:
            words.append(
                f"<@&{self.role.id}> may now choose feeds. For `/` commands, allow the role under "
                "Server Settings → Integrations as well."
            )
        if self.channel is not None:
            words.append(f"Wetread now posts alerts for moderators in <#{self.channel.id}>.")
        if self.wait is not None:
            words.append(f"An article without an abstract: {wait_words(self.wait).lower()}.")
        if self.offers_cards is not None:
            words.append(
                "When a member names an article in a message, Wetread now offers its card."
                if self.offers_cards
                else "Wetread no longer offers cards under members’ messages."
            )
        if self.proxy_prefix is not None:
            words.append("Cards without a free full text now link to the journal through your library.")
        if self.tells_changes is not None:
            words.append(
                "What moderators change is now posted in the moderator channel."
                if self.tells_changes
                else "What moderators change is no longer posted in the moderator channel."
            )
        return " ".join(words)


def hours(count: int) -> timedelta:
    """Return a number of hours; numbers out of range stay out of range."""
    return timedelta(hours=max(-1, min(count, 1_000_000)))


def settings_refusal(change: SettingsChange, author: discord.Member) -> Panel | None:
    """Return why a change is refused, None if it is allowed. Raises NotAModeratorError.

    Only members with Manage Channels choose the moderator role: otherwise a role could pass itself on.
    """
    if (change.role is not None or change.reset == "moderator_role_id") and not (
        author.guild_permissions.manage_channels
    ):
        raise NotAModeratorError("Choosing who moderates")
    if change.role is not None and change.role.is_default():
        return notice("With this role every member would be a moderator.", "Please choose another role.")
    if change.proxy_prefix is not None and not _is_prefix(change.proxy_prefix):
        return notice(
            "That is not the prefix of a library’s proxy.",
            "It begins with https:// and ends with = or /, for example:",
            example="https://login.proxy.example.edu/login?url=",
        )
    if change.wait is not None and not timedelta() <= change.wait <= LONGEST_WAIT:
        longest = round(LONGEST_WAIT / timedelta(hours=1))
        return notice(
            f"Please choose 0 to {longest:,} hours.", "0 means: post at once, without the abstract."
        )
    if change.channel is None:
        return None
    missing = permissions_missing(change.channel, change.channel.guild.me, kind_of(change.channel))
    return missing_permissions(change.channel.id, missing) if missing else None


def _is_prefix(address: str) -> bool:
    """Whether an address is a web address behind which another one can stand, in a button."""
    return (
        address.startswith("https://")
        and address.endswith(("=", "/"))
        and utf16_length(address) <= _LONGEST_PREFIX
        and safe_url(address) is not None
    )
