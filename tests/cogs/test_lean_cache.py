"""Of Discord's servers Wetread keeps what it asks for, in less memory; discord.py has what it builds on."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord.ext import commands

from cogs.client import Wetread
from cogs.lean_cache import LeanCache
from cogs.posting.permissions import PostableChannel

ME, MEMBER, OWNER, SERVER = 999, 7, 5, 10_000
EVERYONE = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
READER = discord.Permissions(view_channel=True)


class Lean(commands.Bot):
    _get_state = Wetread._get_state


def client(kind: type[commands.Bot]) -> commands.Bot:
    """Return a client that has logged in, with the settings of Wetread."""
    made = kind(
        "!",
        intents=discord.Intents(guilds=True, guild_messages=True),
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        max_messages=None,
    )
    made._connection.user = discord.ClientUser(state=made._connection, data=user(ME))
    return made


@pytest.fixture(params=[commands.Bot, Lean], ids=["discord.py", "lean"])
def bot(request: pytest.FixtureRequest) -> commands.Bot:
    return client(request.param)


def receive(bot: commands.Bot, event: str, data: dict[str, Any]) -> None:
    bot._connection.parsers[event](data)


def user(number: int) -> Any:
    return {"id": str(number), "username": f"user-{number}", "discriminator": "0", "avatar": None}


def member(number: int, *roles: int) -> Any:
    return {"user": user(number), "roles": [str(each) for each in roles], "joined_at": None, "flags": 0}


def role(number: int, permissions: discord.Permissions) -> dict[str, Any]:
    return {
        "id": str(SERVER + number),
        "name": f"Invented role {number}" if number else "@everyone",
        "permissions": str(permissions.value),
        "position": number,
        "colors": {"primary_color": 3447003},
        "tags": {"bot_id": str(ME)},
    }


def overwrite(role_number: int, **changes: bool) -> dict[str, Any]:
    allow, deny = discord.PermissionOverwrite(**changes).pair()
    return {
        "id": str(SERVER + role_number),
        "type": 0,
        "allow": str(allow.value),
        "deny": str(deny.value),
    }


def channel(number: int, kind: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": str(20_000 + number),
        "guild_id": str(SERVER),
        "type": kind,
        "name": f"channel-{number}",
        "position": number,
        "parent_id": None if kind == 4 else "20000",
        "topic": f"What channel {number} is for: invented findings and what members think of them",
        "last_message_id": str(30_000 + number),
        "default_auto_archive_duration": 4320,
        "permission_overwrites": [overwrite(0, send_messages=False), overwrite(1, send_messages=True)],
        **more,
    }


def server() -> dict[str, Any]:
    """Return a server as Discord describes it."""
    tags = [{"id": "41", "name": "Spine", "moderated": False, "emoji_id": None, "emoji_name": None}]
    return {
        "id": str(SERVER),
        "name": "Invented Radiology",
        "owner_id": str(OWNER),
        "unavailable": False,
        "member_count": 3,
        "icon": "0123456789abcdef",
        "features": ["COMMUNITY", "NEWS"],
        "verification_level": 1,
        "roles": [role(number, EVERYONE) for number in range(20)],
        "emojis": [{"id": str(60_000 + number), "name": f"emoji{number}"} for number in range(20)],
        "channels": [
            channel(0, 4),
            *(channel(number) for number in range(1, 28)),
            channel(28, 15, available_tags=tags, flags=16),
            channel(29, permission_overwrites=[overwrite(0, view_channel=False)]),
        ],
        "threads": [
            {
                "id": "50000",
                "guild_id": str(SERVER),
                "parent_id": "20001",
                "owner_id": str(ME),
                "type": 11,
                "name": "Interventional pain",
                "message_count": 1,
                "member_count": 1,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 4320,
                    "archive_timestamp": "2026-11-02T09:00:00+00:00",
                },
            }
        ],
        "members": [member(ME, SERVER + 1), member(MEMBER)],
        "voice_states": [],
    }


def asked_for(bot: commands.Bot) -> Iterator[object]:
    """Yield what Wetread asks of a server."""
    [guild] = bot.guilds
    yield guild.name, guild.owner_id, guild.unavailable
    yield [(role.id, role.name, role.permissions, role.position, role.is_default()) for role in guild.roles]
    people = [
        guild.me,
        *(discord.Member(data=member(*who), guild=guild, state=bot._connection) for who in WHO),
    ]
    yield [(each.id, each.name, each.guild_permissions, [role.id for role in each.roles]) for each in people]
    for place in [*guild.channels, *guild.threads]:
        yield place.id, place.name, type(place), place.category_id, isinstance(place, PostableChannel)
        yield [place.permissions_for(each) for each in people]
        yield getattr(place, "last_message_id", None), getattr(place, "default_auto_archive_duration", None)
        yield [(tag.id, tag.name, tag.moderated) for tag in getattr(place, "available_tags", ())]


WHO = ((MEMBER,), (OWNER,), (8, SERVER + 1, SERVER + 2))


def test_it_answers_what_wetread_asks_as_discord_py_does() -> None:
    whole, lean = client(commands.Bot), client(Lean)
    for each in (whole, lean):
        receive(each, "GUILD_CREATE", server())
        receive(each, "CHANNEL_CREATE", channel(30, permission_overwrites=[overwrite(1, view_channel=False)]))
        receive(each, "CHANNEL_UPDATE", channel(2, name="renamed", permission_overwrites=[]))
        receive(each, "GUILD_ROLE_CREATE", {"guild_id": str(SERVER), "role": role(20, READER)})
        receive(each, "GUILD_ROLE_UPDATE", {"guild_id": str(SERVER), "role": role(1, discord.Permissions())})

    assert list(asked_for(lean)) == list(asked_for(whole))

    changed = {**server(), "name": "Renamed", "roles": [role(0, EVERYONE), role(1, READER)]}
    for each in (whole, lean):
        receive(each, "GUILD_UPDATE", {name: changed[name] for name in changed if name != "channels"})

    assert list(asked_for(lean)) == list(asked_for(whole))


def test_permissions_that_change_in_one_channel_stay_in_the_others(bot: commands.Bot) -> None:
    receive(bot, "GUILD_CREATE", server())
    [guild] = bot.guilds
    reader = discord.Member(data=member(MEMBER), guild=guild, state=bot._connection)

    receive(bot, "CHANNEL_UPDATE", channel(3, permission_overwrites=[overwrite(0, send_messages=True)]))

    may_send = {each.name: each.permissions_for(reader).send_messages for each in guild.text_channels}
    assert may_send["channel-3"]
    assert not any(may for name, may in may_send.items() if name != "channel-3")


def test_a_server_takes_little_more_than_half_the_memory() -> None:
    """A new version of discord.py that keeps things elsewhere is noticed here."""
    whole, lean = client(commands.Bot), client(Lean)
    for each in (whole, lean):
        receive(each, "GUILD_CREATE", server())

    assert isinstance(lean._connection, LeanCache)
    assert size_of(lean.guilds[0], lean) < 0.6 * size_of(whole.guilds[0], whole)


def test_wetread_itself_is_one_user_on_all_servers() -> None:
    lean = client(Lean)
    receive(lean, "GUILD_CREATE", server())
    receive(
        lean, "GUILD_CREATE", {**server(), "id": "70000", "roles": [{**role(0, EVERYONE), "id": "70000"}]}
    )

    first, second = (guild.me for guild in lean.guilds)

    assert first._user is second._user
    assert first.roles != second.roles


def size_of(thing: object, bot: commands.Bot) -> int:
    """Return the bytes of a thing and all that it alone refers to, without the client and what is shared."""
    seen, waiting, total = {id(bot), id(bot._connection), id(bot._connection.__dict__)}, [thing], 0
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type) or each is None:
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        waiting += gc.get_referents(each)
    return total
