"""The server of `tests/support/discord_stage.py`, for a bot in another process.

An action that gets an answer waits for it; a test waits for anything else with `until`, never by sleeping.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import discord
import simcord
from simcord.backend.models import Interaction

from tests.support.discord_stage import Channel, Person, Stage
from tests.support.seen import Seen
from tests.wire.backend import WireBackend
from tests.wire.changes import PATIENCE, Changes

T = TypeVar("T")


class WireEnv(simcord.Env):
    """simcord's channels and people without its bot: the bot is another process, and time is real."""

    def __init__(self, backend: WireBackend, changes: Changes) -> None:
        super().__init__(discord.Client(intents=discord.Intents.none()))
        self.backend = backend
        self._changes = changes
        self._begun: dict[asyncio.Task[Any] | None, Interaction] = {}
        # simcord calls this with each interaction, just before it reaches the gateway.
        self._register_dispatch_observer(self._begin)

    def _begin(self, interaction: Interaction) -> None:
        self._begun[asyncio.current_task()] = interaction

    def _begin_operation(self, label: str) -> None:
        """Do nothing: actions may overlap, as they do on Discord."""

    def _end_operation(self) -> None:
        """Do nothing, as `_begin_operation`."""

    async def _settle_internal(self, **_kwargs: Any) -> None:
        """Wait for the answer to the interaction; simcord calls this after each action."""
        interaction = self._begun.pop(asyncio.current_task(), None)
        if interaction is not None:
            await self._changes.until(
                lambda: interaction.responded and not interaction.loading,
                what=f"an answer to the interaction {interaction.command_name or interaction.type}",
            )


class WireWorld(Stage):
    """One server, with the bot in another process."""

    def __init__(self, backend: WireBackend, changes: Changes) -> None:
        self.changes = changes
        super().__init__(WireEnv(backend, changes))
        # A server that added the bot just now would be greeted.
        backend.get_guild(self.guild.id).members[backend.bot_user.id].joined_at = "2025-01-01T00:00:00+00:00"

    async def say(
        self,
        channel: Channel,
        text: str,
        *,
        by: Person | None = None,
        reply_to: Seen | None = None,
        answers: int = 1,
    ) -> list[Seen]:
        """Type a message, wait for that many posts of the bot in the channel, and return them."""
        answered = self._handle(reply_to) if reply_to else None
        said = await (by or self.reader).send(channel, text, reply_to=answered)
        return await self.posts_after(channel, said.id, answers)

    async def posts_after(self, channel: Channel, message_id: int, count: int = 1) -> list[Seen]:
        """Wait until the bot has posted that many messages after this one, and return them all."""

        def come() -> list[Seen]:
            return [post for post in self.posts(channel) if post.id > message_id]

        await self.until(lambda: len(come()) >= count, what=f"{count} posts in #{channel.name}")
        return come()

    async def wait_for_posts(self, channel: Channel, count: int, *, within: float = PATIENCE) -> list[Seen]:
        """Wait until the bot has posted that many messages in the channel, and return them."""
        await self.until(
            lambda: len(self.posts(channel)) >= count, within=within, what=f"{count} posts in #{channel.name}"
        )
        return self.posts(channel)

    async def until(self, look: Callable[[], T], *, within: float = PATIENCE, what: str = "it") -> T:
        """Wait until `look()` is true; it is called again after each change."""
        return await self.changes.until(look, within=within, what=what)
