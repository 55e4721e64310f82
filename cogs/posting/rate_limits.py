"""The limits of Discord that discord.py does not keep by itself.

- All requests of the bot together: 50 in a second. discord.py only learns of it by a 429. Posts are paced
  before (`DeliveryPauses.has_turn`), but a process that was held up sends what has gathered at once, and
  answers to commands have no pace. So each request is counted here, where it leaves: when it has its
  connection, because a new one takes several times as long as one that is open.
- After a 429, the header and the body may name different times; discord.py goes by the body alone, and the
  two have been seen to differ by many minutes (faults.md E07). The longer one counts.
"""

import asyncio
import logging
from collections import deque
from types import SimpleNamespace

import aiohttp
import discord

from cogs.client import LONGEST_WAIT
from wetread.domain.clock import Monotonic, Sleep
from wetread.net.http_headers import LONGEST, retry_after

log = logging.getLogger(__name__)


REQUESTS_IN_A_SECOND = 48
"""Requests that leave in any second at most; the rest of Discord's 50 is for those that the way delays."""

_NOT_COUNTED = ("/interactions/", "/webhooks/")
"""Answers to `/` commands and buttons: Discord does not count them, and they have three seconds."""


class GlobalRateLimitError(discord.RateLimited):
    """Discord takes no request from the bot, of whatever kind, for `retry_after` seconds."""


def keep_limits(monotonic: Monotonic, sleep: Sleep) -> aiohttp.TraceConfig:
    """Return discord.py's `http_trace` that makes each of its requests wait as described above.

    Raises RateLimited inside the request if a 429 asks for more than LONGEST_WAIT.
    """
    left_at: deque[float] = deque(maxlen=REQUESTS_IN_A_SECOND)
    turn = asyncio.Lock()

    async def on_request(
        _session: object, context: SimpleNamespace, begun: aiohttp.TraceRequestStartParams
    ) -> None:
        context.is_counted = not any(part in begun.url.path for part in _NOT_COUNTED)

    async def on_connection(_session: object, context: SimpleNamespace, _made: object) -> None:
        if not context.is_counted:
            return
        async with turn:
            while len(left_at) == REQUESTS_IN_A_SECOND and (wait := left_at[0] + 1 - monotonic()) > 0:
                await sleep(wait)
            left_at.append(monotonic())

    async def on_answer(_session: object, _context: object, ended: aiohttp.TraceRequestEndParams) -> None:
        response = ended.response
        if response.status != 429 or "Via" not in response.headers:
            return  # without a Via header it is no rate limit, but Cloudflare's ban
        try:
            body = await response.json()
            in_body = float(body["retry_after"])
        except (aiohttp.ClientError, LookupError, TypeError, ValueError):
            return  # discord.py takes it for a ban, too
        seconds = min(max(in_body, retry_after(response.headers) or 0.0), LONGEST)
        if seconds <= LONGEST_WAIT:
            await sleep(seconds - in_body)  # discord.py waits for the rest
            return
        log.warning("Discord asks to wait %.0f s for %s %s.", seconds, ended.method, ended.url.path)
        is_global = bool(body.get("global")) or "X-RateLimit-Global" in response.headers
        raise GlobalRateLimitError(seconds) if is_global else discord.RateLimited(seconds)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(on_request)
    trace.on_connection_create_end.append(on_connection)
    trace.on_connection_reuseconn.append(on_connection)
    trace.on_request_end.append(on_answer)
    return trace
