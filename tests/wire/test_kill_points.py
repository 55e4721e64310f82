"""Wetread itself, killed between claim and settle, and started again: one post (FAULTS P1, A01 to A04).

The long matrix is for the torture run; here each point is met once, text and forum in one go.
"""

import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.wire.conftest import StartBot
from tests.wire.server import DiscordServer
from wetread.clock import utc_now
from wetread.models import DestinationKind, Record
from wetread.storage import articles, owing
from wetread.storage.database import Database
from wetread.storage.owing import Debt
from wetread.storage.rows import to_text

POINTS = ["before_claim", "after_claim", "before_send", "after_send", "before_commit", "after_commit"]


async def owe(path: Path, server: DiscordServer) -> None:
    """Owe two articles to #papers and two to the forum, before the bot is there."""
    database = await Database.open(path)
    world, now = server.world, utc_now()
    for number in range(1, 5):
        record = Record(source="feed", title=f"Invented finding {number}", doi=f"10.5555/{number}")
        article = await database.run(articles.create, {"feed:1": record}, {world.guild.id}, now)
        is_text = number <= 2
        channel = world.papers if is_text else world.forum
        kind = DestinationKind.TEXT if is_text else DestinationKind.FORUM
        debt = Debt(world.guild.id, channel.id, kind, article)
        await database.run(owing.owe, [debt], now)
    await database.close()


async def be_down(path: Path, *, hours: float) -> None:
    """Make the attempts that were under way so old, as if the bot had been down for so long."""
    database = await Database.open(path)
    then = to_text(utc_now() - timedelta(hours=hours))
    await database.run(
        lambda db: db.conn.execute(
            "UPDATE deliveries SET first_attempt_at = ?, last_attempt_at = ? WHERE state = 'sending'",
            [then, then],
        )
    )
    await database.close()


def posted(server: DiscordServer) -> Counter[str]:
    """The cards in #papers and the forum, by title."""
    world = server.world
    titles = [post.embed.title or "" for post in world.posts(world.papers)]
    return Counter(titles + [str(thread.name) for thread in world.threads(world.forum)])


def all_posted(server: DiscordServer) -> Callable[[], bool]:
    return lambda: len(posted(server)) == 4


@pytest.mark.row("A01", "A03", "A04")
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_any_point_wetread_posts_each_article_once(
    wetread: StartBot, server: DiscordServer, tmp_path: Path, point: str
) -> None:
    path = tmp_path / "wetread.db"
    await owe(path, server)
    # Every second point with Discord's memory for nonces gone, so that only the look-back can tell.
    is_remembered = POINTS.index(point) % 2 == 0

    bot = await wetread(env={"BOT_KILL_AT": point}, wait=False)
    assert await bot.ended(within=30) == -signal.SIGKILL, bot.log
    await be_down(path, hours=0.01 if is_remembered else 3)
    if not is_remembered:
        server.rest.nonce_window = 0.0
    bot = await wetread()

    await server.world.until(all_posted(server), within=30, what="the other posts")
    assert await bot.terminate() == 0, bot.log
    assert states(path) == {"sent": 4}
    assert posted(server).most_common(1)[0][1] == 1


def states(path: Path) -> dict[str, int]:
    """How many deliveries stand in each state, when the bot is gone."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall()
    connection.close()
    return dict(rows)
