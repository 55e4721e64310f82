"""Situations that moderators are alerted to, written to the database as Wetread itself leaves them."""

from datetime import timedelta

from tests.cogs.community import Community
from tests.support.discord_stage import Channel
from wetread.domain.delivery_rules import baseline_at
from wetread.domain.models import Article, Author, DeliveryState, DestinationKind, PartialDate, Reason, Record
from wetread.storage import articles, deliveries, outbox, scheduling, subscriptions
from wetread.storage.rows import to_text
from wetread.storage.scheduling import NewDelivery
from wetread.storage.settings import GuildSettings
from wetread.storage.subscriptions import Watched


async def choose_channel(here: Community) -> Channel:
    """Let the server choose its moderators' channel, and return it."""
    await here.choose(GuildSettings(moderator_channel_id=here.world.club.id))
    return here.world.club


async def watched(here: Community) -> Watched:
    """Return the server's only subscription."""
    [found] = await here.services.subscriptions.of_guild(here.world.guild.id)
    return found


async def store(here: Community, *records: Record) -> list[int]:
    """Store articles that this server knows, and return their ids."""
    run, now, guild = here.services.database.run, here.world.clock(), here.world.guild.id
    return [await run(articles.create, {"feed:1": record}, {guild}, now) for record in records]


def old(number: int) -> Record:
    """Return an article that was published long ago."""
    return Record(
        source="feed",
        title=f"Invented elastography, part {number}",
        authors=(Author("Example", "Ada"),),
        doi=f"10.5555/old.{number}",
        online_on=PartialDate(2025, 1 + number // 4),
    )


async def hold(here: Community, count: int = 14, first: int = 1) -> None:
    """Hold many articles of the server's only subscription."""
    subscription = (await watched(here)).subscription
    new_deliveries = [
        NewDelivery(
            guild_id=here.world.guild.id,
            channel_id=subscription.channel_id,
            kind=DestinationKind.TEXT,
            article_id=article_id,
            subscription_id=subscription.id,
            state=DeliveryState.HELD,
            reason=Reason.FLOOD,
        )
        for article_id in await store(here, *(old(number) for number in range(first, first + count)))
    ]
    await here.services.database.run(scheduling.schedule, new_deliveries, here.world.clock())


async def lose(here: Community, number: int = 1) -> Article:
    """Let a post be sent that could not be confirmed."""
    run, now = here.services.database.run, here.world.clock()
    [article_id] = await store(
        here, Record(source="feed", title=f"Lost post {number}", doi=f"10.5555/l.{number}")
    )
    new_delivery = NewDelivery(here.world.guild.id, here.papers.id, DestinationKind.TEXT, article_id)
    await run(scheduling.schedule, [new_delivery], now)
    claim = await run(outbox.claim_next, here.papers.id, now, baseline_at(now, here.papers.id))
    assert claim is not None
    await run(outbox.settle_uncertain, claim.delivery.id, "the history cannot be read")
    assert isinstance(claim.content, Article)
    return claim.content


async def refuse(here: Community, code: int = 50013, reason: str = "a permission is missing") -> None:
    """Let Discord refuse #papers."""
    run, now = here.services.database.run, here.world.clock()
    [article_id] = await store(here, Record(source="feed", title="Refused", doi=f"10.5555/r.{code}"))
    new_delivery = NewDelivery(here.world.guild.id, here.papers.id, DestinationKind.TEXT, article_id)
    await run(scheduling.schedule, [new_delivery], now)
    claim = await run(outbox.claim_next, here.papers.id, now, baseline_at(now, here.papers.id))
    assert claim is not None
    await run(outbox.block_channel, claim.delivery, now, code=code, reason=reason, was_refused=True)


async def stop(here: Community, code: int, reason: str) -> None:
    """Let Discord refuse one post in #papers, and nothing else there."""
    run, now = here.services.database.run, here.world.clock()
    [article_id] = await store(here, Record(source="feed", title="Stopped", doi=f"10.5555/s.{code}"))
    new_delivery = NewDelivery(here.world.guild.id, here.papers.id, DestinationKind.TEXT, article_id)
    await run(scheduling.schedule, [new_delivery], now)
    claim = await run(outbox.claim_next, here.papers.id, now, baseline_at(now, here.papers.id))
    assert claim is not None
    await run(outbox.park, claim.delivery, code=code, reason=reason, was_refused=True)


async def fail_all(here: Community) -> None:
    """Let every feed have failed for four days."""
    now = here.world.clock()
    values = [to_text(now - timedelta(days=4)), to_text(now), to_text(now + timedelta(hours=6))]
    await here.services.database.run(
        lambda db: db.conn.execute(
            "UPDATE feeds SET failure = 'connection', failure_count = 9, failing_since = ?,"
            " last_checked_at = ?, next_check_at = ?",
            values,
        )
    )


async def age(here: Community, *, days: int) -> None:
    """Move the refusals further into the past: simulating a month would take too long."""
    since = to_text(here.world.clock() - timedelta(days=days))
    await here.services.database.run(
        lambda db: db.conn.execute("UPDATE blocked_channels SET since = ?", [since])
    )


async def count(here: Community, state: DeliveryState) -> int:
    """Return how many of the server's deliveries are in a state."""
    found = await here.services.database.run(deliveries.counts, here.world.guild.id)
    return found[state]


async def names(here: Community) -> list[str]:
    """Return the names of the server's subscriptions."""
    found = await here.services.database.run(subscriptions.of_guild, here.world.guild.id)
    return [each.subscription.name for each in found]
