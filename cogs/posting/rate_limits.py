"""How long Wetread waits after a 429 of Discord: as long as its header or its body says, whichever is longer.

discord.py goes by the body alone, and the two have been seen to differ by many minutes (faults.md E07).
"""

import logging

import aiohttp
import discord

from cogs.client import LONGEST_WAIT
from wetread.domain.clock import Sleep
from wetread.net.http_headers import LONGEST, retry_after

log = logging.getLogger(__name__)


class GlobalRateLimitError(discord.RateLimited):
    """Discord takes no request from the bot, of whatever kind, for `retry_after` seconds."""


def wait_for_both(sleep: Sleep) -> aiohttp.TraceConfig:
    """Return discord.py's `http_trace` that makes each of its requests wait for the longer of the two.

    Raises RateLimited inside the request if that is more than LONGEST_WAIT.
    """

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
    trace.on_request_end.append(on_answer)
    return trace
