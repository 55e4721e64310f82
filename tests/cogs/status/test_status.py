"""Whether all is well: each refusal of Discord is named with its channel, its code and what helps (P19)."""

import re
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
import sqlite_utils

from cogs.kit.limits import check_layout
from cogs.kit.panels import Panel
from cogs.status.facts import operator_facts, status_facts
from cogs.status.panel import StatusFacts, status_panel
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.cogs.harmless import assert_harmless_markdown
from tests.cogs.test_panels import text_of
from tests.support.doubles import FakeClock
from tests.support.doubles_messenger import Channels, FakeMessenger, Meeting, Weather
from tests.support.facts import (
    bold,
    channels,
    commands,
    headings,
    line_with,
    moments,
    number_of,
    numbers,
    says,
)
from wetread.domain.errors import HistoryUnreadableError
from wetread.domain.models import DestinationKind, Record
from wetread.services.delivery import Deliverer
from wetread.storage import articles, edits, scheduling
from wetread.storage.scheduling import NewDelivery
from wetread.storage.settings import GuildSettings

on_shared = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    """One journal is watched in #papers, and nothing is scheduled there."""
    async with open_community() as community:
        await community.watch("jii")
        yield community


class Outbox:
    """The outbox of the community, at a Discord that refuses what a test wants refused."""

    def __init__(self, here: Community) -> None:
        self.here = here
        self.clock = FakeClock(here.world.clock())
        self.channels = Channels(self.clock)
        self.run = here.services.database.run
        self.deliverer = Deliverer(
            here.services.database,
            FakeMessenger(self.channels),
            clock=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            seconds_between_posts=0,
        )

    async def schedule(self, kind: DestinationKind = DestinationKind.TEXT) -> None:
        number = len(self.channels.calls) + self.here.services.seams.clock().microsecond
        record = Record(source="feed", title=f"Invented finding {number}", doi=f"10.5555/{id(self)}.{number}")
        guild, now = self.here.world.guild.id, self.clock()
        article = await self.run(articles.create, {"feed:1": record}, {guild}, now)
        await self.run(scheduling.schedule, [NewDelivery(guild, self.here.papers.id, kind, article)], now)

    async def deliver(self) -> None:
        await self.deliverer.deliver_due()
        await self.deliverer.join()

    async def facts(self) -> StatusFacts:
        pause = self.deliverer.pause
        guild = self.here.world.guild.id
        return await status_facts(self.here.services, guild, pause=pause.reason if pause else None)

    async def text(self) -> str:
        panel = status_panel(await self.facts())
        assert_fine(panel)
        return text_of(panel)

    async def clear(self) -> None:
        await self.run(_forget_all)


@pytest_asyncio.fixture(loop_scope="module")
async def outbox(shared: Community) -> AsyncIterator[Outbox]:
    outbox = Outbox(shared)
    await outbox.clear()
    yield outbox
    await outbox.clear()


def assert_fine(panel: Panel, links: Collection[str] = ()) -> None:
    """Within every limit, and harmless; our own channels and instants are set aside."""
    check_layout(panel)
    ours = re.sub(r"<#\d+>|<t:\d+:[a-zA-Z]>", "", text_of(panel))
    assert_harmless_markdown(ours, links=frozenset(links))


def row(*rows: str) -> pytest.MarkDecorator:
    return pytest.mark.row(*rows)


BLOCKED = [
    pytest.param(
        400, 40067, "this forum requires a tag on every post", "add a tag to the forum", marks=row("A20")
    ),
    pytest.param(403, 160005, "the thread is locked", "unlock the thread", marks=row("A23")),
    pytest.param(403, 50083, "the thread is archived or locked", "unlock the thread", marks=row("A23")),
    pytest.param(403, 50001, "Wetread cannot see the channel", "allow *View Channel*", marks=row("A27")),
    pytest.param(
        403, 50013, "a permission is missing", "the Wetread role the missing permission", marks=row("A28")
    ),
    pytest.param(400, 50008, "nothing can be posted in this kind", "`/feed move`", marks=row("A28")),
    pytest.param(
        403, 0, "Discord forbids the post", "the Wetread role the missing permission", marks=row("A28")
    ),
]


@on_shared
@pytest.mark.parametrize(("status", "code", "reason", "advice"), BLOCKED)
async def test_p19_a_refused_channel_is_named_with_code_and_advice(
    outbox: Outbox, status: int, code: int, reason: str, advice: str
) -> None:
    await outbox.schedule()
    outbox.channels.forecast(Weather.refused(status, code))
    await outbox.deliver()
    text = await outbox.text()

    assert "Posting works. 1 channel needs you." in text
    assert f"⚠️ **<#{outbox.here.papers.id}>**" in text
    assert reason in text
    assert text.count(str(code)) == 1 or not code
    assert says(text, "articles for it wait")
    assert "**What you can do:**" in text
    assert advice in text


@on_shared
@pytest.mark.row("A29")
async def test_p19_a_deleted_channel_is_named_with_its_feeds_and_until_when_they_stay(outbox: Outbox) -> None:
    await outbox.schedule()
    outbox.channels.forecast(Weather.refused(404, 10003))
    await outbox.deliver()
    text = await outbox.text()

    gone_for = int((outbox.clock() + timedelta(days=30)).timestamp())
    assert "⚠️ **A channel was deleted**" in text
    assert "(10003)" in text
    assert "J Invent Imaging" in bold(text)
    assert f"<t:{gone_for}:d>" in text
    assert "`/feed move`" in text


STOPPED = [
    pytest.param(200000, "AutoMod stopped the post", "AutoMod", marks=row("A34")),
    pytest.param(200001, "AutoMod stopped the post", "AutoMod", marks=row("A34")),
    pytest.param(240000, "filter for harmful links stopped the post", "another link", marks=row("A34")),
    pytest.param(50035, "Discord does not accept the card", "fault of Wetread", marks=row("A32")),
    pytest.param(50006, "Discord says that the card is empty", "fault of Wetread", marks=row("A33")),
    pytest.param(99999, "Discord refused the post", "the cause that Discord names", marks=row("A42")),
]


@on_shared
@pytest.mark.parametrize(("code", "reason", "advice"), STOPPED)
async def test_p19_a_post_that_is_refused_alone_is_named_with_code_and_advice(
    outbox: Outbox, code: int, reason: str, advice: str
) -> None:
    await outbox.schedule()
    outbox.channels.forecast(*[Weather.refused(400, code)] * 2)
    await outbox.deliver()
    text = await outbox.text()

    assert f"⚠️ **<#{outbox.here.papers.id}>**" in text
    assert number_of(text, "post") == 1
    assert f"{reason} ({code})." in text
    assert says(text, "does not try again by itself")
    assert advice in text


def failing() -> Meeting:
    return Weather.lost_before


SLOWED = [
    pytest.param(Weather.refused(400, 20016), "slow mode (20016)", marks=row("A36")),
    pytest.param(
        Weather.refused(400, 20028), "the channel's write limit is reached (20028)", marks=row("A36")
    ),
    pytest.param(
        Weather.refused(400, 160006), "too many active threads in this server (160006)", marks=row("A35")
    ),
    pytest.param(Weather.delayed(900), "Discord asked to wait", marks=row("A15", "A17")),
    pytest.param(failing(), "no usable answer came", marks=row("A09", "A10", "A11", "A12", "A13", "A14")),
]


@on_shared
@pytest.mark.parametrize(("meeting", "reason"), SLOWED)
async def test_p19_what_is_tried_again_by_itself_is_named_with_its_reason(
    outbox: Outbox, meeting: Meeting, reason: str
) -> None:
    await outbox.schedule()
    outbox.channels.forecast(meeting)
    await outbox.deliver()
    text = await outbox.text()

    assert "Wetread tries again by itself" in bold(text)
    line = line_with(text, "1 post", "Next try")
    assert channels(line) == [outbox.here.papers.id]
    assert reason in line
    assert len(moments(line)) == 2
    assert "nothing needs you." in text


@on_shared
@pytest.mark.parametrize(
    ("meeting", "reason"),
    [
        pytest.param(
            Weather.delayed(900, is_everywhere=True),
            "refuses all requests",
            marks=row("A18"),
        ),
        pytest.param(Weather.refused(401), "no longer accepts the bot's token", marks=row("A37")),
    ],
)
async def test_p19_when_nothing_at_all_is_posted_that_comes_first(
    outbox: Outbox, meeting: Meeting, reason: str
) -> None:
    await outbox.schedule()
    outbox.channels.forecast(meeting)
    await outbox.deliver()
    lines = (await outbox.text()).splitlines()

    assert says(lines[1], "Posting is paused", "Discord")
    assert reason in lines[1]


@on_shared
@pytest.mark.row("A07", "A14")
async def test_p19_uncertain_posts_are_counted_and_can_be_shown(outbox: Outbox) -> None:
    await outbox.schedule()
    outbox.channels.forecast(Weather.lost_before)
    outbox.channels.forecast(Weather.failing(HistoryUnreadableError()), method="find")
    await outbox.deliver()
    outbox.clock.advance(minutes=10)
    await outbox.deliver()
    text = await outbox.text()

    assert "Posting works. 1 question waits." in text
    assert says(text, "needs your decision", "1 post could not be confirmed")


@on_shared
@pytest.mark.row("A24")
async def test_p19_posts_that_cannot_be_brought_up_to_date_are_named(outbox: Outbox) -> None:
    await outbox.schedule()
    await outbox.deliver()
    await outbox.run(_schedule_edit, outbox.clock())
    outbox.channels.forecast(Weather.refused(400, 10000), method="edit")
    await outbox.deliver()
    text = await outbox.text()

    assert says(text, "cannot update 1 post")
    assert "unlock the thread, or allow *Manage Threads*" in text


@on_shared
@pytest.mark.row("A25")
async def test_p19_edits_that_discord_slows_down_are_counted(outbox: Outbox) -> None:
    await outbox.schedule()
    await outbox.deliver()
    await outbox.run(_schedule_edit, outbox.clock())
    outbox.channels.forecast(Weather.refused(400, 30046), method="edit")
    await outbox.deliver()

    assert says(await outbox.text(), "1 post still to be updated")


@on_shared
@pytest.mark.row("A08", "A26")
async def test_a_post_that_somebody_removed_is_no_trouble(outbox: Outbox) -> None:
    await outbox.schedule()
    outbox.channels.forecast(Weather.refused(404, 10008))
    await outbox.deliver()
    text = await outbox.text()

    assert "nothing needs you." in text
    assert says(text, "nothing scheduled")


def _forget_all(db: sqlite_utils.Database) -> None:
    for statement in ("DELETE FROM edits", "DELETE FROM blocked_channels", "DELETE FROM deliveries"):
        db.conn.execute(statement)


def _schedule_edit(db: sqlite_utils.Database, now: datetime) -> None:
    [[delivery_id]] = db.conn.execute("UPDATE deliveries SET shown_hash = NULL RETURNING id")
    edits.schedule(db, delivery_id, now)


# -- as moderators see it ------------------------------------------------------------------------------


async def test_all_is_well_in_the_words_of_the_design() -> None:
    async with open_community() as here:
        await here.watch("jii", newest=1)
        await here.pass_time(120)
        panel = (await here.slash("status", by=here.moderator)).message

    assert panel.is_private
    lines = panel.text.splitlines()
    assert headings(panel) == ["Health"]
    assert says(lines[1], "Posting works", "1 feed", "nothing needs you")
    assert says(lines[2], "last check of the journals", "last post", "nothing scheduled")
    assert says(panel, "Abstracts PubMed answers", "Needs your decision Nothing")
    assert panel.buttons == ["All feeds"]


async def test_questions_wait_in_status_with_their_buttons_when_no_channel_is_chosen() -> None:
    async with open_community() as here:
        await here.watch("jii")
        await desk.hold(here)
        await desk.lose(here)
        panel = await here.opened("!status")
        shown = (await here.world.press(panel, "Show them", by=here.moderator)).messages
        await here.world.press(shown[0], "Post none", by=here.moderator)
        decided = here.world.again(shown[0])
        feeds = (await here.world.press(panel, "All feeds", by=here.moderator)).message

    assert "Posting works. 2 questions wait." in panel.text
    assert says(panel, "1 feed with articles that wait", "1 post could not be confirmed")
    assert "feed settings" in commands(panel)
    assert [message.buttons[0] for message in shown] == ["Post all 14", "It is there"]
    assert all(message.is_private for message in shown)
    assert says(decided, "skipped")
    assert feeds.text.startswith("### Feeds")


async def test_a_feed_that_needs_somebody_stands_in_status_with_its_buttons() -> None:
    async with open_community() as here:
        here.server.publish(
            "/notes.xml",
            "<rss version='2.0'><channel><title>Lost Notes</title><link>http://x/</link></channel></rss>",
        )
        await here.watch(here.server.url("/notes.xml"))
        here.server.answer("/notes.xml", 410)
        await here.services.updater.update((await desk.watched(here)).feed.id)
        panel = (await here.slash("status", by=here.moderator)).message
        paused = await here.world.press(panel, "Pause", by=here.moderator)
        unchanged = here.world.again(panel)

    assert "Posting works. 1 feed needs you." in panel.text
    assert f"⚠️ **Lost Notes** → <#{here.papers.id}>" in panel.text
    assert "(gone, 1 try)" in panel.text
    assert panel.buttons == ["Try now", "Pause", "All feeds"]
    assert paused.message.is_private
    assert says(paused, "Lost Notes is paused")
    assert unchanged.text == panel.text


async def test_the_operator_sees_all_servers_in_figures_and_no_names() -> None:
    async with open_community() as here:
        papers, other = await here.world.other_server()
        await here.say("!feed add onpp 0", by=other, channel=papers)
        await here.watch("jii")
        here.bot.owner_id = here.moderator.id
        figures = await operator_facts(here.services, 2)
        private = (await here.slash("status", by=here.moderator)).message
        theirs = (await here.slash("status", by=other, channel=papers)).message
        opened = await here.opened("!status")

    assert figures.watched_count == 2
    assert numbers(line_with(private, "servers", "feeds")) == [2, 2, 0, 0]
    assert numbers(line_with(private, "scheduled", "blocked", "waiting for a decision")) == [0, 0, 0, 0]
    assert "Notes on" not in private.text
    assert "All servers" not in theirs.text
    assert "All servers" not in opened.text


async def test_members_get_no_status_in_a_private_message() -> None:
    async with open_community() as here:
        refused = await here.write_privately("!status")

    assert says(refused, "server")
    assert "All servers" not in refused.text


async def test_readers_are_told_that_status_is_for_moderators() -> None:
    async with open_community() as here:
        said = await here.say("!status")

    assert says(said[0], "moderators", "Manage Channels")


async def test_the_fullest_status_keeps_every_limit() -> None:
    async with open_community() as here:
        await here.choose(GuildSettings())
        await here.watch("jii")
        await desk.hold(here)
        await desk.lose(here)
        await here.watch("aisi", "onpp", "eafr")
        run = here.services.database.run
        await run(
            lambda db: db.conn.execute(
                "UPDATE feeds SET failure = 'quarantined', failing_since = '2025-01-01T00:00:00Z'"
            )
        )
        await run(lambda db: db.conn.execute("UPDATE subscriptions SET name = ?", ["<@1> *name* " * 40]))
        for code in range(30):
            await desk.stop(here, 1000 + code, "<@1> [a](https://evil.example) " * 20)
        await desk.refuse(here, 50013, "@everyone `x` " * 60)
        facts = await status_facts(here.services, here.world.guild.id, has_moderators_channel=False)

    panel = status_panel(facts)
    assert_fine(panel)
    assert "feed list" in commands(panel)
