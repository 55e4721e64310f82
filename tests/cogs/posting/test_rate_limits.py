"""The bot's requests together stay below Discord's limit, whatever held them up before."""

import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from multidict import CIMultiDict
from yarl import URL

from cogs.posting.rate_limits import REQUESTS_IN_A_SECOND, keep_limits
from tests.support.doubles import FakeClock, settle

MESSAGE = "/api/v10/channels/1/messages"
OF_DISCORD = 50


class Leaving:
    """Requests that leave through discord.py's trace, with the times at which they do."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.times: list[float] = []
        self._trace = keep_limits(clock.monotonic, clock.sleep)
        self._trace.freeze()

    async def send(self, path: str = MESSAGE) -> None:
        """Send one request over a connection that is open."""
        await self.leave(await self.begin(path))

    async def begin(self, path: str = MESSAGE) -> SimpleNamespace:
        """Begin a request, which then looks for a connection."""
        context = SimpleNamespace()
        request = aiohttp.TraceRequestStartParams("POST", URL(f"https://discord.com{path}"), CIMultiDict())
        await self._trace.on_request_start.send(None, context, request)  # type: ignore[arg-type]  # not looked at
        return context

    async def leave(self, context: SimpleNamespace, *, is_new: bool = False) -> None:
        """Send a request that has its connection, an open one or a new one."""
        trace = self._trace
        connected = trace.on_connection_create_end if is_new else trace.on_connection_reuseconn
        await connected.send(None, context, None)  # type: ignore[arg-type]  # not looked at
        self.times.append(self.clock.monotonic())

    async def send_at_once(self, count: int) -> None:
        """Send that many requests that have gathered."""
        await asyncio.gather(*(self.send() for _ in range(count)))

    def most_in_a_second(self) -> int:
        """Return how many left in the busiest second, wherever it begins."""
        return max(sum(begun <= time < begun + 1 for time in self.times) for begun in self.times)


async def test_what_has_gathered_leaves_as_fast_as_discord_allows_and_no_faster() -> None:
    leaving = Leaving(FakeClock())

    await leaving.send_at_once(3 * REQUESTS_IN_A_SECOND)

    assert leaving.most_in_a_second() <= OF_DISCORD
    assert leaving.times[-1] < 3


@pytest.mark.parametrize("pause", [0.1, 0.5, 0.9])
async def test_a_stall_is_not_followed_by_a_burst(pause: float) -> None:
    leaving = Leaving(FakeClock())
    for _ in range(20):
        await leaving.send()
        leaving.clock.advance(seconds=1 / 45)
    leaving.clock.advance(seconds=pause)

    await leaving.send_at_once(90)

    assert len(leaving.times) == 110
    assert leaving.most_in_a_second() <= OF_DISCORD


async def test_requests_that_waited_for_new_connections_count_when_they_leave() -> None:
    leaving = Leaving(FakeClock())
    first = []
    for _ in range(14):  # nothing was sent for a while: each needs a connection, which takes 0.3 s
        first.append(await leaving.begin())
        leaving.clock.advance(seconds=1 / 45)
    for context in first:
        await leaving.leave(context, is_new=True)

    for _ in range(60):  # over connections that are open
        await leaving.send()
        leaving.clock.advance(seconds=1 / 45)

    assert leaving.most_in_a_second() <= OF_DISCORD


async def test_a_request_that_was_given_up_does_not_hold_up_the_next() -> None:
    leaving = Leaving(FakeClock(is_manual=True))
    for _ in range(REQUESTS_IN_A_SECOND):
        await leaving.send()
    first, second = (asyncio.create_task(leaving.send()) for _ in range(2))
    await settle()
    first.cancel()

    await leaving.clock.pass_time(seconds=1)

    assert second.done()


async def test_an_answer_to_a_slash_command_does_not_wait() -> None:
    leaving = Leaving(FakeClock(is_manual=True))
    for _ in range(REQUESTS_IN_A_SECOND):
        await leaving.send()
    waiting = asyncio.create_task(leaving.send())
    await settle()

    await leaving.send("/api/v10/interactions/7/invented/callback")
    await leaving.send("/api/v10/webhooks/8/invented/messages/@original")

    assert not waiting.done()
    waiting.cancel()
