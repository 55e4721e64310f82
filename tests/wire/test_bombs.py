"""Bad feeds neither stop, slow nor crash others: all bombs at once, beside a journal (P6, B32)."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from sandbox.web import Web
from tests.support import bombs
from tests.support.servers import FeedServer, feed_server
from tests.wire.conftest import StartBot
from tests.wire.server import DiscordServer
from wetread.domain.clock import utc_now
from wetread.storage import subscriptions
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, NewSubscription

DOCUMENTS = {
    "entity_chain": bombs.entity_chain,  # a segmentation fault for expat before 2.7
    "billion_laughs": bombs.billion_laughs,
    "quadratic": bombs.quadratic,
    "redos": bombs.redos,  # minutes of processor time without a limit
    "markup_flood": bombs.markup_flood,
    "big_comment": bombs.big_comment,
}
FATES: dict[str, set[str | None]] = {
    "entity_chain": {"entities"},
    "billion_laughs": {"entities"},
    "quadratic": {"entities"},
    "redos": {"timeout", "crashed"},
    "markup_flood": {None, "timeout", "crashed", "not_a_feed"},
    "big_comment": {None, "timeout", "crashed"},
    "gzip": {"too_large"},
    "endless": {"too_large"},
}
WITHIN = 60.0


@pytest.fixture
async def mined(config_file: Path) -> AsyncIterator[dict[str, str]]:
    """Serve the bombs, each from a server of its own, and return their addresses.

    Members may send as many commands as they like meanwhile.
    """
    with config_file.open("a", encoding="utf-8") as config:
        config.write("[limits]\nlookups_per_minute = 1000\n")
    async with AsyncExitStack() as stack:
        servers: dict[str, FeedServer] = {
            name: await stack.enter_async_context(feed_server()) for name in FATES
        }
        for name, make in DOCUMENTS.items():
            servers[name].publish(f"/{name}", make())
        servers["gzip"].bomb("/gzip", megabytes=100)
        servers["endless"].endless("/endless")
        yield {name: server.url(f"/{name}") for name, server in servers.items()}


def fates(path: Path) -> dict[str, str | None]:
    """Return the result of each feed that was read, by the end of its address."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT url, failure FROM feeds WHERE last_checked_at IS NOT NULL")
        return {url.rpartition("/")[2]: failure for url, failure in rows}


@pytest.mark.row("B32", "S11", "S13", "S14", "S16", "S37")
async def test_while_bombs_go_off_wetread_answers_and_posts(
    wetread: StartBot,
    server: DiscordServer,
    internet: Web,
    mined: dict[str, str],
    tmp_path: Path,
) -> None:
    world, path = server.world, tmp_path / "wetread.db"
    journal = internet.library.find("onpp")
    assert journal is not None
    database = await Database.open(path)
    for url in (*mined.values(), internet.feed_url(journal)):
        wish = NewSubscription(world.guild.id, Destination(world.papers.id), url, "J", world.moderator.id)
        await database.run(subscriptions.subscribe, wish, utc_now(), limit=20, checked=None)
    await database.close()

    bot = await wetread()
    answers = 0
    while len(fates(path)) < len(FATES) + 1:  # one command after another until all feeds were read
        [shown] = await world.say(world.club, "!help")
        assert shown.components
        answers += 1
    article = internet.library.publish(journal)
    name = internet.feed_url(journal).rpartition("/")[2]
    number = 1 + len(mined)
    checked = await world.slash(world.club, "feed check", feed=str(number), by=world.moderator)
    posts = await world.wait_for_posts(world.papers, 1, within=WITHIN)

    assert answers > 3
    assert "1 new article" in checked.text
    assert [post.embed.title for post in posts] == [article.title]
    found = fates(path)
    assert found.pop(name) is None
    assert {name: fate for name, fate in found.items() if fate not in FATES[name]} == {}
    assert not bot.has_ended
    assert await bot.terminate() == 0, bot.log
