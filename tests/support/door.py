"""Requests to either stand-in for Discord, without a bot."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
from simcord.backend.errors import BackendError
from simcord.http import router

from sandbox.rules import Env
from tests.support.discord_stage import Stage
from tests.wire.rest import Call, show
from tests.wire.server import DiscordServer


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and JSON body of an answer."""

    status: int
    body: Any

    @property
    def code(self) -> int:
        """Return Discord's code of an error, 0 if it is none."""
        return int(self.body.get("code", 0)) if isinstance(self.body, Mapping) else 0


class Door:
    """One of the two worlds; `stage` arranges it."""

    stage: Stage

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        files: Sequence[str] = (),
    ) -> Reply:
        """Send a request with files of these names, and return the answer."""
        raise NotImplementedError


class MemoryDoor(Door):
    """The world of `tests/support/discord_world.py`, entered where simcord replaces discord.py's client."""

    def __init__(self) -> None:
        self.env = Env(discord.Client(intents=discord.Intents.none()))
        self.stage = Stage(self.env)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        files: Sequence[str] = (),
    ) -> Reply:
        try:
            answer = router.dispatch(
                self.env.backend,
                method,
                path,
                json=body,
                params=dict(params or {}),
                files=[discord.File(io.BytesIO(b"x"), filename=name) for name in files],
            )
        except BackendError as refusal:
            return Reply(refusal.status, refusal.to_json())
        return Reply(204 if answer is None else 200, answer)


class WireDoor(Door):
    """The world of `tests/wire/`, entered behind its socket."""

    def __init__(self) -> None:
        self.server = DiscordServer()
        self.stage = self.server.world

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        files: Sequence[str] = (),
    ) -> Reply:
        call = Call(method, path, dict(params or {}), body, datetime.now(UTC), list(files))
        show(call)
        return Reply(*self.server.rest.perform(call, [discord.File(io.BytesIO(b"x"), n) for n in files]))


DOORS = {"in memory": MemoryDoor, "over sockets": WireDoor}
