"""What a server changes of its settings, and the sentence that says so."""

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
"""After this no abstract is looked for any more."""

_LONGEST_PREFIX = 200  # of the 512 that a button's address may have

RESETS: Mapping[str, str] = {
    "moderator role": "moderator_role_id",
    "moderator channel": "moderator_channel_id",
    "wait for the abstract": "abstract_wait",
    "library’s proxy": "proxy_prefix",
}
"""What can go back to the usual: as people choose it → the setting."""


class WebAddress(commands.Converter[str]):
    """Lets a word through that is meant as a web address; for `!`, where words have no names."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """See discord.py."""
        if "://" not in argument:
            raise commands.BadArgument
        return argument.strip("<>")


class ResetName(commands.Converter[str]):
    """Reads "reset moderator role", also without the first word; for `!`, where nothing is offered."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """See discord.py."""
        name = argument.casefold().removeprefix("reset ").replace("'", "’").strip()
        if name not in RESETS:
            raise commands.BadArgument
        return name


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What somebody wants to be otherwise; None = as it is. `reset`: the setting that becomes as usual."""

    role: discord.Role | None
    channel: discord.TextChannel | discord.Thread | None
    wait: timedelta | None
    reset: str | None
    offers_cards: bool | None = None
    proxy_prefix: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return all(getattr(self, each.name) is None for each in fields(self))

    def applied(self, before: GuildSettings) -> GuildSettings:
        """Return the settings as they then are."""
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
        return replace(before, **changes)  # type: ignore[arg-type]  # names and types are those above

    @property
    def said(self) -> str:
        """What has changed, a sentence each."""
        words = []
        if self.reset:
            name = next(each for each, setting in RESETS.items() if setting == self.reset)
            words.append(f"The {name} is as usual again.")
        if self.role is not None:
            words.append(
                f"<@&{self.role.id}> may choose feeds from now on; for `/` the server's settings "
                "(Integrations) must allow it, too."
            )
        if self.channel is not None:
            words.append(f"What needs a moderator is said in <#{self.channel.id}> from now on.")
        if self.wait is not None:
            words.append(f"An article without abstract: {wait_words(self.wait).lower()}.")
        if self.offers_cards is not None:
            words.append(
                "Under a message that names an article, its card is offered from now on."
                if self.offers_cards
                else "No card is offered under members’ messages any more."
            )
        if self.proxy_prefix is not None:
            words.append("Where there is no free full text, cards lead to the journal through the library.")
        return " ".join(words)


def hours(count: int) -> timedelta:
    """Return so many hours; of what no setting takes, something that none takes either."""
    return timedelta(hours=max(-1, min(count, 1_000_000)))


def settings_refusal(change: SettingsChange, author: discord.Member) -> Panel | None:
    """Return why a change cannot be, None if it can. Raises NotAModeratorError.

    Who moderates is chosen by those with Manage Channels alone: else a role could hand itself on.
    """
    if (change.role is not None or change.reset == "moderator_role_id") and not (
        author.guild_permissions.manage_channels
    ):
        raise NotAModeratorError("Choosing who moderates")
    if change.role is not None and change.role.is_default():
        return notice("Everybody here would be a moderator then.", "Please choose another role.")
    if change.proxy_prefix is not None and not _is_prefix(change.proxy_prefix):
        return notice(
            "That is not the address of a library’s proxy.",
            "It begins with https:// and ends where the journal’s address follows:",
            example="https://login.proxy.example.edu/login?url=",
        )
    if change.wait is not None and not timedelta() <= change.wait <= LONGEST_WAIT:
        longest = round(LONGEST_WAIT / timedelta(hours=1))
        return notice(f"An article can wait 0 to {longest:,} hours for its abstract.", "0 posts at once.")
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
