"""A post that could not be confirmed, and a moderator's decision, with Wetread as a process of its own."""

from pathlib import Path

import pytest

from tests.support.facts import says
from tests.support.seen import Seen
from tests.wire.conftest import StartBot
from tests.wire.server import DiscordServer
from wetread.domain.clock import utc_now
from wetread.domain.delivery_rules import baseline_at
from wetread.domain.models import DestinationKind, Record
from wetread.storage import articles, deliveries, outbox, scheduling
from wetread.storage.database import Database
from wetread.storage.scheduling import NewDelivery
from wetread.storage.settings import GuildSettings, save_guild_settings


async def lose_a_post(server: DiscordServer, folder: Path) -> None:
    """Write a database with an uncertain post to #papers and #journal-club as the moderators' channel."""
    world, now = server.world, utc_now()
    database = await Database.open(folder / "wetread.db")
    chosen = GuildSettings(moderator_channel_id=world.club.id)
    await database.run(save_guild_settings, world.guild.id, chosen)
    record = Record(source="feed", title="Lost post", doi="10.5555/lost.1")
    article = await database.run(articles.create, {"feed:1": record}, {world.guild.id}, now)
    new_delivery = NewDelivery(world.guild.id, world.papers.id, DestinationKind.TEXT, article)
    await database.run(scheduling.schedule, [new_delivery], now)
    claim = await database.run(outbox.claim_next, world.papers.id, now, baseline_at(now, world.papers.id))
    assert claim is not None
    await database.run(outbox.settle_uncertain, claim.delivery.id, "the history cannot be read")
    await database.close()


async def state_of_the_post(folder: Path) -> str:
    database = await Database.open(folder / "wetread.db")
    found = await database.run(deliveries.get, 1)
    await database.close()
    assert found is not None
    return found.state


@pytest.mark.row("A07", "A14")
@pytest.mark.parametrize("choice", [("Not there, post it", 1, "posts"), ("It is there", 0, "posted")])
async def test_p2_a_press_settles_what_nobody_could_know(
    server: DiscordServer, wetread: StartBot, tmp_path: Path, choice: tuple[str, int, str]
) -> None:
    world, (label, posted, word) = server.world, choice
    await lose_a_post(server, tmp_path)
    bot = await wetread()

    [question] = await world.wait_for_posts(world.club, 1)
    assert label in question.buttons
    await world.press(question, label, by=world.moderator)

    def decided() -> Seen | None:
        now = world.again(question)
        return now if label not in now.buttons and says(now, word) else None

    assert (await world.until(decided, what="the decision in the question's place")) is not None
    cards = await world.wait_for_posts(world.papers, posted) if posted else world.posts(world.papers)
    assert [card.embed.title for card in cards] == ["Lost post"] * posted
    await bot.terminate()
    assert await state_of_the_post(tmp_path) == "sent"
    assert len(world.posts(world.papers)) == posted
    assert len(world.posts(world.club)) == 1
