import asyncio

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb, settle
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.web import HttpRequest


async def test_sleeping_costs_no_real_time_but_moves_the_clock() -> None:
    clock = FakeClock()
    before = clock()

    await clock.sleep(3600)

    assert (clock() - before).total_seconds() == clock.monotonic() == 3600


async def test_sleepers_wake_in_the_order_of_their_ends() -> None:
    clock = FakeClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *pauses: float) -> None:
        for pause in pauses:
            await clock.sleep(pause)
            woken.append((name, clock.monotonic()))

    await asyncio.gather(sleeper("slow", 5), sleeper("quick", 2, 2, 2), sleeper("also slow", 5))

    assert woken == [("quick", 2), ("quick", 4), ("slow", 5), ("also slow", 5), ("quick", 6)]


async def test_manual_clock_keeps_sleepers_asleep_until_time_passes() -> None:
    clock = FakeClock(is_manual=True)
    rounds: list[float] = []

    async def endless() -> None:
        while True:
            rounds.append(clock.monotonic())
            await clock.sleep(60)

    task = asyncio.create_task(endless())
    await settle()
    assert rounds == [0]

    await clock.pass_time(minutes=3)
    task.cancel()

    assert rounds == [0, 60, 120, 180]


async def test_jump_moves_the_wall_clock_only() -> None:
    clock = FakeClock()
    before = clock()

    clock.jump(days=-1)

    assert clock() < before
    assert clock.monotonic() == 0


async def test_scripted_web_answers_once_then_for_good_and_remembers() -> None:
    web = ScriptedWeb()
    web.serve("https://journal.example/feed", "first", once=True)
    web.serve("https://journal.example/feed", "later", headers={"ETag": '"2"'})

    answers = [await web(HttpRequest("https://journal.example/feed")) for _ in range(3)]

    assert [answer.body for answer in answers] == [b"first", b"later", b"later"]
    assert answers[2].headers == {"etag": '"2"'}
    assert len(web.requests_to("https://journal.example/")) == 3


async def test_scripted_web_prefers_the_address_with_its_query() -> None:
    web = ScriptedWeb()
    web.serve("https://api.example/works", "any")
    web.serve("https://api.example/works?doi=10.5555%2F1", "that one")

    exact = await web(HttpRequest("https://api.example/works", params=(("doi", "10.5555/1"),)))
    other = await web(HttpRequest("https://api.example/works", params=(("doi", "10.5555/2"),)))

    assert (exact.body, other.body) == (b"that one", b"any")


async def test_scripted_web_fails_as_told_and_loudly_when_it_was_not_told() -> None:
    web = ScriptedWeb()
    web.fail("https://down.example/feed", FetchFailure.TIMEOUT)

    with pytest.raises(FetchError) as caught:
        await web(HttpRequest("https://down.example/feed"))
    assert caught.value.kind is FetchFailure.TIMEOUT

    with pytest.raises(AssertionError, match=r"unknown\.example"):
        await web(HttpRequest("https://unknown.example/"))
