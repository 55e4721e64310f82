"""How long the event loop is held up."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEART_BEAT = 0.005


@asynccontextmanager
async def heart_beat() -> AsyncIterator[list[float]]:
    """Yield a list that receives the delay of each heartbeat in milliseconds."""
    lags: list[float] = []
    loop = asyncio.get_running_loop()

    async def beat() -> None:
        while True:
            due = loop.time() + HEART_BEAT
            await asyncio.sleep(HEART_BEAT)
            lags.append((loop.time() - due) * 1000)

    task = asyncio.create_task(beat())
    try:
        yield lags
    finally:
        await asyncio.sleep(HEART_BEAT)  # a late heartbeat is recorded only when it happens
        task.cancel()


def p99(lags: list[float]) -> float:
    """Return the 99th percentile; of fewer than 100, the greatest."""
    return statistics.quantiles(lags, n=100)[-1] if len(lags) >= 100 else max(lags)
