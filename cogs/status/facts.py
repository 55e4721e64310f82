"""Collect what the status shows, for one server and for the operator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cogs.feeds.feed_health import feed_line
from cogs.feeds.types_panel import LEFT_OUT_DAYS
from cogs.status.panel import OperatorFacts, SourceState, StatusFacts, Waits
from wetread.operations.loops import LoopHealth
from wetread.services.services import Services
from wetread.storage import deliveries, questions, rhythms, troubles
from wetread.storage.overview import overview


async def status_facts(
    services: Services,
    guild_id: int,
    *,
    loops: Sequence[LoopHealth] = (),
    pause: str | None = None,
    has_moderators_channel: bool = True,
) -> StatusFacts:
    """Return the state of one server. `pause`: why nothing is posted anywhere, None = posting works."""
    run, now = services.database.run, services.seams.clock()
    watched = await services.subscriptions.of_guild(guild_id)
    arrivals = await services.database.read(rhythms.arrivals, guild_id, now)
    trouble = services.database.trouble
    return StatusFacts(
        now=now,
        loops=loops,
        pause=trouble.words if trouble else pause,
        watched=watched,
        feeds=[feed_line(each, now, services.catalogue, arrivals=arrivals) for each in watched],
        catalogue=services.catalogue,
        troubles=await run(troubles.of_guild, guild_id),
        questions=await run(questions.of_guild, guild_id),
        counts=await run(deliveries.counts, guild_id),
        waits=Waits(*await run(deliveries.waiting, guild_id)),
        last_post_at=await run(deliveries.last_post_at, guild_id),
        left_out_count=await run(deliveries.left_out_count, guild_id, _lately(now)),
        sources=[
            SourceState(name, timedelta(seconds=seconds))
            for name, seconds in services.sources.open_breakers.items()
        ],
        source_names=tuple(services.sources.fetches),
        has_moderators_channel=has_moderators_channel,
    )


async def operator_facts(services: Services, server_count: int) -> OperatorFacts:
    """Return the state of all servers together, as numbers only."""
    found = await services.database.run(overview)
    return OperatorFacts(
        server_count=server_count,
        watched_count=found.watched_count,
        failing_count=len(found.failing),
        blocked_count=found.blocked_count,
        counts=found.deliveries,
    )


def _lately(now: datetime) -> datetime:
    return now - timedelta(days=LEFT_OUT_DAYS)
