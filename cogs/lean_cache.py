"""What Wetread keeps of Discord's servers: names, roles, channels, and who may do what in them.

discord.py keeps all that Discord tells of a server. Most of it Wetread never asks for, and of the rest much
is the same many times over: the permissions of a category stand in each of its channels. With thousands of
servers both add up, so what is not asked for is left out before discord.py sees it, and equal parts are kept
once. `LeanCache` uses these names of discord.py, some of which it does not document; a test holds each:
`Client._get_state`, `ConnectionState.parse_…`, `_get_create_guild`, `_get_guild`, `store_user_no_intents`,
`Role._permissions`, and the `_overwrites` of a channel.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import discord
from discord.state import ConnectionState

T = TypeVar("T")
Payload = dict[str, Any]

_OF_SERVERS = (
    "afk_channel_id",
    "banner",
    "description",
    "discovery_splash",
    "emojis",
    "features",
    "guild_scheduled_events",
    "icon",
    "incidents_data",
    "presences",
    "public_updates_channel_id",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "soundboard_sounds",
    "splash",
    "stage_instances",
    "stickers",
    "system_channel_id",
    "vanity_url_code",
    "voice_states",
    "widget_channel_id",
)
_OF_ROLES = ("color", "colors", "icon", "tags", "unicode_emoji")
_OF_CHANNELS = ("icon_emoji", "rtc_region", "theme_color", "topic")
"""The fields of Discord's answers that Wetread never asks for."""

_REMEMBERED_NAMES = 2_000


class LeanCache(ConnectionState[Any]):
    """discord.py's cache without what Wetread does not use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._own_user: discord.User | None = None
        self._names: dict[str, str] = {}

    def store_user_no_intents(self, data: Any, *, cache: bool = True) -> discord.User:
        """Return the user of a member; Wetread itself is a member of every server and kept once."""
        if int(data["id"]) != self.self_id:
            return super().store_user_no_intents(data, cache=cache)
        if self._own_user is None:
            self._own_user = super().store_user_no_intents(data, cache=cache)
        return self._own_user

    def _get_create_guild(self, data: Any) -> discord.Guild:
        guild = super()._get_create_guild(_lean_server(data, self.self_id))
        self._keep_equals_once(data["id"])
        return guild

    def parse_guild_update(self, data: Any) -> None:
        """A server was changed: it comes with all its roles."""
        super().parse_guild_update(_lean_server(data, self.self_id))
        self._keep_equals_once(data["id"])

    def parse_guild_role_create(self, data: Any) -> None:
        """A role was made."""
        super().parse_guild_role_create({**data, "role": _lean_role(data["role"])})

    def parse_guild_role_update(self, data: Any) -> None:
        """A role was changed."""
        super().parse_guild_role_update({**data, "role": _lean_role(data["role"])})

    def parse_channel_create(self, data: Any) -> None:
        """A channel was made."""
        super().parse_channel_create(_lean_channel(data))
        self._keep_equals_once(data.get("guild_id"))

    def parse_channel_update(self, data: Any) -> None:
        """A channel was changed."""
        super().parse_channel_update(_lean_channel(data))
        self._keep_equals_once(data.get("guild_id"))

    def _keep_equals_once(self, guild_id: str | None) -> None:
        """Let equal parts of a server be one object each. discord.py replaces them and never changes them."""
        guild = self._get_guild(int(guild_id)) if guild_id else None
        if guild is None:
            return
        seen: dict[Any, Any] = {}

        def once(value: T) -> T:
            found: T = seen.setdefault(value, value)
            return found

        for role in guild.roles:
            once(role.id)
            role.name = self._known_name(role.name)
            role._permissions = once(role._permissions)  # noqa: SLF001  # see above
        for channel in guild.channels:
            once(channel.id)
            channel.name = self._known_name(channel.name)
        for channel in guild.channels:
            channel.category_id = once(channel.category_id)
            overwrites = channel._overwrites  # noqa: SLF001
            for each in overwrites:
                each.id, each.allow, each.deny = once(each.id), once(each.allow), once(each.deny)
            same = tuple((each.id, each.allow, each.deny, each.type) for each in overwrites)
            channel._overwrites = seen.setdefault(same, overwrites)  # noqa: SLF001

    def _known_name(self, name: str) -> str:
        """Return the same object for a name that other servers have, too: many have a "general"."""
        if len(self._names) < _REMEMBERED_NAMES:
            return self._names.setdefault(name, name)
        return self._names.get(name, name)


def _lean_server(data: Mapping[str, Any], me: int | None) -> Payload:
    lean = _without(data, _OF_SERVERS)
    lean["roles"] = [_lean_role(role) for role in data.get("roles", ())]
    for name in ("channels", "threads"):
        if name in data:
            lean[name] = [_lean_channel(each) for each in data[name]]
    if "members" in data:
        lean["members"] = [each for each in data["members"] if int(each["user"]["id"]) == me]
    return lean


def _lean_role(data: Mapping[str, Any]) -> Payload:
    return _without(data, _OF_ROLES)


def _lean_channel(data: Mapping[str, Any]) -> Payload:
    return _without(data, _OF_CHANNELS)


def _without(data: Mapping[str, Any], fields: tuple[str, ...]) -> Payload:
    return {name: value for name, value in data.items() if name not in fields}
