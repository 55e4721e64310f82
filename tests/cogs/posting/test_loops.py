"""The timed loops: nothing ends them but the end."""

import asyncio
import logging
from collections.abc import AsyncIterator

import discord
import pytest
from discord.ext import commands

from cogs.posting.loops import SupervisedLoop
from tests.support.discord_world import World, open_world
from wetread.domain.clock import Clock
from wetread.operations.loops import LoopsHealth


class LoopsCog(commands.Cog):
    """One supervised loop."""

    def __init__(self, loop: SupervisedLoop) -> None:
        self.loop = loop

    async def cog_load(self) -> None:
        self.loop.start()

    async def cog_unload(self) -> None:
        await self.loop.stop()


class Turns:
    """Counts its turns, and does in each what the script says."""

    def __init__(self) -> None:
        self.count = 0
        self.script: dict[int, BaseException | float] = {}

    async def __call__(self) -> None:
        self.count += 1
        match self.script.get(self.count):
            case None:
                pass
            case float() as seconds:
                await asyncio.sleep(seconds)
            case BaseException() as error:
                raise error


@pytest.fixture
def turns() -> Turns:
    return Turns()


class Bot(commands.Bot):
    """A bot with one loop, that begins as ours do: before the gateway opens."""

    def __init__(self, turns: Turns, clock: Clock) -> None:
        super().__init__("!", intents=discord.Intents(guilds=True))
        self._turns = turns
        self._clock = clock

    async def setup_hook(self) -> None:
        loop = SupervisedLoop(
            "count",
            self._turns,
            seconds=10,
            clock=self._clock,
            board=LoopsHealth(),
            ready=self.wait_until_ready,
            turn_limit=100,
        )
        await self.add_cog(LoopsCog(loop))


@pytest.fixture
async def world(turns: Turns) -> AsyncIterator[World]:
    async with open_world(lambda clock: Bot(turns, clock)) as opened:
        yield opened


def loop_of(world: World) -> SupervisedLoop:
    cog = world.bot.get_cog("LoopsCog")
    assert isinstance(cog, LoopsCog)
    return cog.loop


async def test_it_turns_in_its_rhythm_and_says_when_it_last_did(world: World, turns: Turns) -> None:
    assert turns.count == 1
    await world.pass_time(30)
    assert turns.count == 4
    health = loop_of(world).health
    assert health.failure is None
    assert health.finished_at is not None
    assert (world.clock() - health.finished_at).total_seconds() < 10


@pytest.mark.row("C17")
@pytest.mark.parametrize("error", [ValueError("x"), OSError(54, "reset"), TimeoutError(), KeyError("x")])
async def test_a_failing_turn_is_counted_and_the_next_one_comes(
    world: World, turns: Turns, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    turns.script = {2: error, 3: error}
    with caplog.at_level(logging.ERROR):
        await world.pass_time(20)
    health = loop_of(world).health
    assert turns.count == 3
    assert (health.failure, health.failure_count) == (type(error).__name__, 2)
    assert health.finished_at is not None
    assert health.failed_at is not None
    assert "count" in caplog.text

    await world.pass_time(10)
    assert loop_of(world).health.failure is None
    assert loop_of(world).health.failure_count == 0


@pytest.mark.row("C17")
async def test_a_turn_that_hangs_is_given_up(world: World, turns: Turns) -> None:
    turns.script = {2: 100_000.0}
    await world.pass_time(10)
    assert turns.count == 2
    await world.pass_time(150)
    assert loop_of(world).health.failed_at is not None
    assert turns.count > 2


@pytest.mark.row("C17")
async def test_a_loop_that_ended_is_started_again(world: World, turns: Turns) -> None:
    loop = loop_of(world)
    assert not loop.revive()
    await loop.stop()
    await world.pass_time(50)
    count = turns.count

    assert loop.revive()
    await world.pass_time(1)
    assert turns.count == count + 1
    assert loop.health.restart_count == 1


async def test_a_reload_leaves_one_loop(world: World, turns: Turns) -> None:
    cog = world.bot.get_cog("LoopsCog")
    assert cog is not None
    await world.bot.remove_cog("LoopsCog")
    count = turns.count
    await world.pass_time(30)
    assert turns.count == count
