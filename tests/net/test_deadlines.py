"""Time-outs that share one timer."""

import asyncio
from collections.abc import Awaitable

import pytest

from wetread.net.deadlines import Deadlines

SOON, NEVER = 0.01, 60.0


async def wait_within(
    deadlines: Deadlines, waiting: Awaitable[object], *, whole: float, pause: float
) -> None:
    with deadlines.limit(whole, first_pause=pause, pause=pause):
        await waiting


@pytest.mark.row("S12")
@pytest.mark.parametrize(("whole", "pause"), [(SOON, NEVER), (NEVER, SOON)])
async def test_whole_time_and_pauses_are_limited(whole: float, pause: float) -> None:
    with pytest.raises(TimeoutError):
        await wait_within(Deadlines(), asyncio.Event().wait(), whole=whole, pause=pause)


async def test_the_earliest_deadline_counts_whenever_its_block_began() -> None:
    deadlines = Deadlines()
    late = asyncio.create_task(wait_within(deadlines, asyncio.Event().wait(), whole=NEVER, pause=NEVER))
    await asyncio.sleep(0)

    results = await asyncio.gather(
        *(wait_within(deadlines, asyncio.Event().wait(), whole=SOON * n, pause=NEVER) for n in (3, 1, 2)),
        return_exceptions=True,
    )

    assert [type(each) for each in results] == [TimeoutError] * 3
    assert not late.done()
    late.cancel()


async def test_a_pause_begins_anew_with_whatever_comes() -> None:
    loop = asyncio.get_running_loop()
    with Deadlines().limit(NEVER, first_pause=SOON, pause=NEVER) as deadline:
        deadline.heard()
        assert deadline.due_at > loop.time() + NEVER / 2
        await asyncio.sleep(2 * SOON)


async def test_a_block_that_ends_in_time_is_forgotten() -> None:
    deadlines = Deadlines()
    await wait_within(deadlines, asyncio.sleep(0), whole=SOON, pause=NEVER)

    await asyncio.sleep(2 * SOON)  # nothing is cancelled now


async def test_without_a_block_there_is_no_timer() -> None:
    deadlines = Deadlines()
    with deadlines.limit(NEVER, first_pause=NEVER, pause=NEVER):
        with deadlines.limit(NEVER, first_pause=NEVER, pause=NEVER):
            pass
        assert deadlines._timer is not None
    assert deadlines._timer is None


async def test_being_cancelled_by_somebody_else_is_no_time_out() -> None:
    task = asyncio.create_task(wait_within(Deadlines(), asyncio.Event().wait(), whole=NEVER, pause=NEVER))
    await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
