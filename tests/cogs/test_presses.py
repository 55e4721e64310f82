"""Presses that name what the server must not see, what is gone, or nonsense: each has a plain answer."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import discord
import pytest
import pytest_asyncio
import sqlite_utils

from cogs.kit.limits import CUSTOM_ID
from tests.cogs.community import Community, on_shared, open_community
from tests.support.discord_stage import Channel, Person
from tests.support.facts import says, text_of
from tests.support.seen import Answer, Seen
from wetread.domain.changes import ChangedBy
from wetread.domain.models import DeliveryState, DestinationKind, Record
from wetread.storage import articles, changes, outbox, questions, scheduling, subscriptions, typed_words
from wetread.storage.questions import Question, QuestionKind
from wetread.storage.scheduling import NewDelivery

NUMBERED = {
    "article": (
        *(
            f"wetread:{action}:{{n}}"
            for action in ("abstract", "authors", "cite", "discuss", "show", "article")
        ),
        "wetread:style:ama:{n}",
        "wetread:open:{n}:{me}",
        "wetread:panel:why:{n}",
    ),
    "words": (
        "wetread:pubmed:{n}",
        "wetread:typed:{n}",
        "wetread:topicwords:save:1:{n}",
        *(
            f"wetread:topicadd:{step}:{{n}}:1:whole:3"
            for step in ("own", "tried", "where", "preview", "start")
        ),
        "wetread:search:typed:{n}:{me}:0:best:any:all",
        "wetread:search:next:{n}:{me}:0:best:any:all:typed",
        "wetread:pagefeed:{n}:1:whole:3:1",
        *(f"wetread:search:{turn}:{{n}}:{{me}}:0:best:any:all" for turn in ("next", "again")),
    ),
    "subscription": (
        *(f"wetread:panel:{name}:{{n}}" for name in ("show", "test", "log")),
        *(f"wetread:trouble:{act}:{{n}}" for act in ("pubmed", "check", "pause")),
        "wetread:remove:{n}:remove",
        *(f"wetread:panel:topic{name}:{{n}}" for name in ("", "all", "form", "move", "remove")),
        *(f"wetread:topic:{act}:{{n}}" for act in ("words", "pause", "resume")),
        "wetread:topicremove:{n}:remove",
        "wetread:topicwords:save:{n}:1",
        "wetread:unbundle:{n}:{n}",
        "wetread:log:{n}:0:older",
        "wetread:log:{n}:999999:newer",
        *(f"wetread:held:{{n}}:{{at}}:{choice}" for choice in ("all", "newest", "none", "see")),
    ),
    "delivery": ("wetread:uncertain:{n}:there", "wetread:uncertain:{n}:post", "wetread:note:{n}"),
    "decision": ("wetread:undo:{n}",),
    "change": ("wetread:change:ask:{n}", "wetread:change:do:{n}", "wetread:changes:next:0:{n}:all"),
    "channel": ("wetread:retry:{n}:50013",),
    "nothing": (
        "wetread:{n}:1",
        "wetread:{n}",
        "wetread:style:{n}:1",
        "wetread:panel:{n}:0",
        "wetread:panel:unknown:{n}",
        "wetread:trouble:{n}:1",
        "wetread:held:1:{n}:all",
        "wetread:held:1:1:{n}",
        "wetread:uncertain:1:{n}",
        "wetread:log:1:{n}:older",
        "wetread:log:1:0:{n}",
        "wetread:help:{n}",
        "wetread:search:{n}:1:{me}:0:best:any:all",
        "wetread:search:next:1:{me}:{n}:best:any:all",
        "wetread:search:next:1:{me}:0:{n}:any:all",
        "wetread:search:next:1:{me}:0:best:{n}:{n}",
        "wetread:offer:{n}:1",
        "wetread:offer:pmid:{n}",
    ),
}
"""Custom_ids by what their number names. `me` is who presses, `at` when the other server's flood came."""

MENUS = (
    "wetread:pick",
    "wetread:why",
    "wetread:topics:open",
    "wetread:topickinds:1",
    *(f"wetread:topicadd:{menu}:1:1:whole:3" for menu in ("subject", "ready", "form", "kinds", "newest")),
)
GONE = "999999"
NONSENSE = (str(2**63), str(2**64), "-1", "letters", "", "1.5", "٣" * 30)
SECRET = "Marionettes of another server"
SECRET_WORDS = "private marionettes"


class Elsewhere:
    """Another server, whose moderators have an article, a feed, a flood, an uncertain post and a decision."""

    def __init__(self, here: Community, guild_id: int, numbers: dict[str, int], at: int) -> None:
        self.here = here
        self.guild_id = guild_id
        self.numbers = numbers
        self.at = at

    async def rows(self) -> list[tuple[Any, ...]]:
        """Return all that a press must not change there."""
        return await self.here.services.database.run(_rows, self.guild_id)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def elsewhere() -> AsyncIterator[Elsewhere]:
    async with open_community() as here:
        await here.watch("jii", newest=1)
        channel, moderator = await here.world.other_server()
        yield await _furnished(here, channel, moderator)


async def _furnished(here: Community, channel: Channel, moderator: Person) -> Elsewhere:
    assert channel.guild is not None
    guild, run, now = channel.guild.id, here.services.database.run, here.world.clock()
    await here.say("!feed add onpp 0", by=moderator, channel=channel)
    [watched] = await run(subscriptions.of_guild, guild)
    number = watched.subscription.id
    await run(lambda db: db.conn.execute("UPDATE subscriptions SET name = ? WHERE id = ?", [SECRET, number]))
    ids = [
        await run(articles.create, {"feed:2": Record(source="feed", title=f"{SECRET} {each}")}, {guild}, now)
        for each in range(4)
    ]

    def waits(article_id: int, state: DeliveryState) -> NewDelivery:
        return NewDelivery(
            guild, channel.id, DestinationKind.TEXT, article_id, subscription_id=number, state=state
        )

    await run(scheduling.schedule, [waits(ids[0], DeliveryState.HELD)], now)
    [question] = await run(questions.of_guild, guild)
    decided = Question(guild, QuestionKind.UNCERTAIN, 1)
    decision = await run(questions._insert, decided, (0, 1), ChangedBy(moderator.id, SECRET, "status"), now)
    await run(scheduling.schedule, [waits(ids[1], DeliveryState.PENDING)], now)
    claim = await run(outbox.claim_next, channel.id, now, 0)
    assert claim is not None
    await run(outbox.settle_uncertain, claim.delivery.id, "the history cannot be read")
    typist = typed_words.Typist(guild, moderator.id)
    words_id = await run(typed_words.remember, SECRET_WORDS, typist, now)
    assert question.scheduled_at is not None
    numbers = {
        "article": ids[2],
        "words": words_id,
        "subscription": number,
        "delivery": claim.delivery.id,
        "decision": decision,
        "change": (await run(changes.of_guild, guild, now))[0].id,
        "channel": channel.id,
    }
    return Elsewhere(here, guild, numbers, int(question.scheduled_at.timestamp()))


def _rows(db: sqlite_utils.Database, guild_id: int) -> list[tuple[Any, ...]]:
    tables = ("subscriptions", "deliveries", "decisions", "guild_articles", "changes")
    return [
        row
        for table in tables
        for row in db.conn.execute(f"SELECT * FROM {table} WHERE guild_id = ?", [guild_id])  # noqa: S608
    ]


class Buttons:
    """Messages of the bot with buttons that have any custom_id at all, as an older version may have sent."""

    def __init__(self, here: Community, custom_ids: Iterable[str]) -> None:
        self.here = here
        self.waiting = list(dict.fromkeys(custom_ids))

    async def presses(self) -> AsyncIterator[tuple[str, Answer, bool]]:
        """Let a moderator press each; yield custom_id, answer, and whether the message was changed."""
        while self.waiting:
            message = await send(self.here, [button(each) for each in self.waiting[:25]])
            for custom_id in self.waiting[:25]:
                self.waiting.remove(custom_id)
                answer = await self.here.world.press(message, custom_id=custom_id, by=self.here.moderator)
                is_changed = self.here.world.again(message) != message
                yield custom_id, answer, is_changed
                if is_changed:
                    break


def button(custom_id: str) -> discord.ui.Item[Any]:
    return discord.ui.Button(label="x", custom_id=custom_id)


async def send(here: Community, items: Iterable[discord.ui.Item[Any]]) -> Seen:
    """Let the bot send a message with these buttons or menus, which no code of ours remembers."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    channel = here.world.bot.get_channel(here.papers.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send(view=view)
    view.stop()
    return next(each for each in here.posts() if each.id == sent.id)


def custom_ids(elsewhere: Elsewhere) -> Iterator[str]:
    me, at = elsewhere.here.moderator.id, elsewhere.at
    for kind, templates in NUMBERED.items():
        known = [str(elsewhere.numbers[kind]), GONE] if kind in elsewhere.numbers else []
        for template in templates:
            for number in (*known, *NONSENSE):
                yield template.format(n=number, me=me, at=at)


def assert_plain(name: str, answer: Answer, *, is_changed: bool, caplog: pytest.LogCaptureFixture) -> None:
    text = text_of(answer) if answer.messages else ""
    assert is_changed or len(text) > 10 or answer.modal, f"{name}: no answer"
    assert SECRET not in text, f"{name}: {text}"
    assert SECRET_WORDS not in text, f"{name}: {text}"
    assert not says(text, "made an error"), f"{name}: {text}"
    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert errors == [], f"{name}: {errors}"


@on_shared
@pytest.mark.row("E25", "E26")
async def test_no_press_reads_another_server_or_ends_in_an_error(
    elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    """Those that no template takes have one answer, so two of them are pressed for all."""
    here = elsewhere.here
    before = await elsewhere.rows()
    everything = [each for each in custom_ids(elsewhere) if len(each) <= CUSTOM_ID]
    unknown = [each for each in everything if not here.bot.is_persistent(each)]
    taken = [each for each in everything if here.bot.is_persistent(each)]
    count = 0
    async for custom_id, answer, is_changed in Buttons(here, [*taken, unknown[0], unknown[-1]]).presses():
        assert_plain(custom_id, answer, is_changed=is_changed, caplog=caplog)
        assert not any(SECRET in text_of(each) for each in here.posts()), custom_id
        count += 1

    assert count == len(set(taken)) + 2
    assert len(unknown) > len(taken)
    assert await elsewhere.rows() == before


@on_shared
@pytest.mark.row("E25", "E26")
@pytest.mark.parametrize("custom_id", MENUS)
async def test_no_choice_reads_another_server_or_ends_in_an_error(
    elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture, custom_id: str
) -> None:
    here = elsewhere.here
    values = [str(elsewhere.numbers["article"]), GONE, str(2**64), "-1", "letters", "pmid:letters", ":"]
    options = [discord.SelectOption(label=value, value=value) for value in values]
    menu = await send(here, [discord.ui.Select(custom_id=custom_id, options=options)])
    for value in values:
        answer = await here.world.select(menu, [value], custom_id=custom_id, by=here.moderator)
        assert_plain(f"{custom_id} {value}", answer, is_changed=False, caplog=caplog)
