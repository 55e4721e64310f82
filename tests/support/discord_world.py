"""A Discord in memory for the tests of the cogs, built on simcord.

    async with open_world(factory) as world:
        answers = await world.say(world.papers, "!abstract 10.5555/example.1")
        assert answers[0].embed.title

No socket is opened: simcord replaces discord.py's HTTP client and gateway; everything else of discord.py is
real. simcord has no retries after 429 and 5xx, no RESUME and no `enforce_nonce`: these are tested in
`tests/wire/`. What people do and see is in `tests/support/discord_stage.py`.

**Time.** The world opens at 2026-01-01, unless a test says otherwise, and its time passes only by
`pass_time()`. The factory gets the world's clock and must give it, and its `sleep`, to everything that asks
for the time; otherwise real and simulated time mix. `asyncio.sleep`, loops of `discord.ext.tasks` and
time-outs of views use the world's time without further help.

**Settling.** Each action returns when the bot has nothing left to do. A task that waits for an
`asyncio.Event` or `Queue` counts as busy, and the action ends in a TimeoutError; let it wait in a
`tasks.loop`. A sleep shorter than `settle_timeout` outside such a loop takes real time.

**Errors** that a command raised fail the test when the world closes, unless they are in `expected_errors` or
the test has read `world.errors`.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import simcord
from discord import app_commands
from discord.ext import commands

from sandbox.rules import SIMCORD_BEGAN_AT, Env, WorldTime
from tests.support.discord_stage import Channel, Person, Stage
from tests.support.seen import Seen
from wetread.domain.errors import WetreadError

BotFactory = Callable[[WorldTime], commands.Bot | Awaitable[commands.Bot]]

STEP_SECONDS = 300.0

EXPECTED_ERRORS: tuple[type[BaseException], ...] = (
    WetreadError,
    commands.UserInputError,
    commands.CheckFailure,
    commands.CommandOnCooldown,
    app_commands.CheckFailure,
    app_commands.CommandOnCooldown,
    app_commands.TransformerError,
)


class World(Stage):
    """The server and the bot in it. Made by `open_world`."""

    def __init__(self, env: simcord.Env, factory: BotFactory, clock: WorldTime) -> None:
        super().__init__(env)
        self.clock = clock
        self._factory = factory

    @property
    def bot(self) -> commands.Bot:
        """Return the running bot; `restart` replaces it."""
        bot = self.env.bot
        assert isinstance(bot, commands.Bot)
        return bot

    @property
    def errors(self) -> list[BaseException]:
        """Return the errors of commands, listeners and tasks; those that were read do not fail the test."""
        return self.env.errors

    async def say(
        self, channel: Channel, text: str, *, by: Person | None = None, reply_to: Seen | None = None
    ) -> list[Seen]:
        """Type a message, and return what the bot then posted in that channel."""
        answered = self._handle(reply_to) if reply_to else None
        said = await (by or self.reader).send(channel, text, reply_to=answered)
        return [message for message in self.posts(channel) if message.id > said.id]

    async def pass_time(self, seconds: float) -> None:
        """Let seconds pass; every timer fires at its own time, in order.

        Each five minutes may take `settle_timeout`, so that a day may take long on a slow machine and a bot
        that never comes to rest is still noticed.
        """
        while seconds > STEP_SECONDS:
            await self.env.advance_time(STEP_SECONDS)
            seconds -= STEP_SECONDS
        await self.env.advance_time(seconds)

    async def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        await self.env.settle()

    async def restart(self, factory: BotFactory | None = None) -> None:
        """Shut the bot down, and start a new one in the same world."""
        await self.env.settle()
        await self.bot.close()
        await self.env.restart_bot(await made(factory or self._factory, self.clock))


@asynccontextmanager
async def open_world(
    factory: BotFactory,
    *,
    expected_errors: tuple[type[BaseException], ...] = EXPECTED_ERRORS,
    settle_timeout: float = 10.0,
    began_at: datetime = SIMCORD_BEGAN_AT,
) -> AsyncIterator[World]:
    """Open a world with a bot made by `factory(clock)`, ready; close both at the end.

    Raises BaseExceptionGroup at the end if the bot raised an unexpected error that the test did not read.
    """
    time = WorldTime(began_at)
    env = Env(await made(factory, time), began_at=began_at, settle_timeout=settle_timeout)
    time.env = env
    await env.start()
    try:
        world = World(env, factory, time)
        await env.settle()
        yield world
        await env.settle()
    finally:
        try:
            await env.bot.close()
        finally:
            await env.shutdown()
    unexpected = [
        error
        for error in env.errors_since(env._errors_acknowledged)  # the same cursor as simcord's own fixture
        if not isinstance(root_of(error), expected_errors)
    ]
    if unexpected:
        raise BaseExceptionGroup("the bot raised what no test expected", unexpected)


async def made(factory: BotFactory, clock: WorldTime) -> commands.Bot:
    """Call a factory, which may be a coroutine function, and return the bot."""
    bot = factory(clock)
    return await bot if inspect.isawaitable(bot) else bot


def root_of(error: BaseException) -> BaseException:
    """Return the error inside discord.py's CommandInvokeError and HybridCommandError."""
    original = getattr(error, "original", None)
    return root_of(original) if isinstance(original, BaseException) else error
