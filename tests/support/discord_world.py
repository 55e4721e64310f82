"""A Discord in memory for the tests of the cogs, built on simcord.

    async with open_world(factory) as world:
        answers = await world.say(world.papers, "!abstract 10.5555/example.1")
        assert answers[0].embed.title

Between the bot and this world no socket is opened: discord.py's HTTP client and gateway are replaced by
simcord, everything else of discord.py is real. Not to be tested here, because simcord does not have it:
429 and 5xx retries, RESUME, `enforce_nonce`. `tests/wire/` has them. Everything else that people do and
see is in `tests/support/discord_stage.py`.

**Time.** It is 2026-01-01 when the world opens, unless a test says otherwise, and moves only by
`pass_time()`. The factory is given the world's clock; hand it, and its `sleep`, to everything that asks for
the time, or two times mix. `asyncio.sleep`, loops of `discord.ext.tasks` and time-outs of views follow the
world's time by themselves.

**Settling.** Each action returns when the bot has nothing left to do. A task of the bot that waits for ever
on an `asyncio.Event` or `Queue` counts as busy and ends in a TimeoutError: wait in a `tasks.loop`. A sleep
shorter than `settle_timeout` outside such a loop is waited for in real time.

**Errors** that a command raised and that are not of `expected_errors` fail the test when the world closes,
unless the test has read `world.errors`.
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
        """The bot that runs now; another one after `restart`."""
        bot = self.env.bot
        assert isinstance(bot, commands.Bot)
        return bot

    @property
    def errors(self) -> list[BaseException]:
        """All that commands, listeners and tasks have raised; reading it acknowledges it."""
        return self.env.errors

    async def say(
        self, channel: Channel, text: str, *, by: Person | None = None, reply_to: Seen | None = None
    ) -> list[Seen]:
        """Type a message; returns what the bot then posted into that channel."""
        answered = self._handle(reply_to) if reply_to else None
        said = await (by or self.reader).send(channel, text, reply_to=answered)
        return [message for message in self.posts(channel) if message.id > said.id]

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; timers fire at their instants, in order."""
        await self.env.advance_time(seconds)

    async def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        await self.env.settle()

    async def restart(self, factory: BotFactory | None = None) -> None:
        """Stop the bot as a shutdown does and start a new one in the same world."""
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

    Raises BaseExceptionGroup at the end if the bot raised something unexpected that nobody looked at.
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
    """Call a factory, whether or not it is a coroutine."""
    bot = factory(clock)
    return await bot if inspect.isawaitable(bot) else bot


def root_of(error: BaseException) -> BaseException:
    """What discord.py has wrapped into its CommandInvokeError and HybridCommandError."""
    original = getattr(error, "original", None)
    return root_of(original) if isinstance(original, BaseException) else error
