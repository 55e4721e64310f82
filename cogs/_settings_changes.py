"""What a server changes of its settings, and the sentence that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import discord

from cogs._checks import NotAModeratorError
from cogs._error_panel import missing_permissions, notice
from cogs._panels import Panel
from cogs._permissions import kind_of, permissions_missing
from cogs._settings_panel import wait_words
from wetread.storage.settings import GuildSettings

RESETS: Mapping[str, str] = {
    "moderator role": "moderator_role_id",
    "moderator channel": "moderator_channel_id",
    "wait for the abstract": "abstract_wait",
}
"""What can go back to the usual: as people choose it → the setting."""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What somebody wants to be otherwise; None = as it is. `reset`: the setting that becomes as usual."""

    role: discord.Role | None
    channel: discord.TextChannel | discord.Thread | None
    wait: timedelta | None
    reset: str | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return (self.role, self.channel, self.wait, self.reset) == (None, None, None, None)

    def applied(self, before: GuildSettings) -> GuildSettings:
        """Return the settings as they then are."""
        changes: dict[str, object] = {self.reset: None} if self.reset else {}
        if self.role is not None:
            changes["moderator_role_id"] = self.role.id
        if self.channel is not None:
            changes["moderator_channel_id"] = self.channel.id
        if self.wait is not None:
            changes["abstract_wait"] = self.wait
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
        return " ".join(words)


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
    if change.channel is None:
        return None
    missing = permissions_missing(change.channel, change.channel.guild.me, kind_of(change.channel))
    return missing_permissions(change.channel.id, missing) if missing else None
