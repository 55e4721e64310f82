"""A backup of two days ago takes the database's place, and nothing is posted a second time (C14)."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from tests.storage.test_backup import scribble
from tests.support.doubles import FakeClock
from tests.support.doubles_messenger import Channels, FakeMessenger
from tests.support.watch_stage import ADA, HERE, JII, PAPERS, entries, retrieval
from wetread.domain.delivery_rules import BASELINE_SLACK, nonce_of, snowflake_at
from wetread.domain.errors import StorageError
from wetread.domain.models import Delivery, DeliveryState
from wetread.domain.pace import Pace, When
from wetread.feeds.planner import UpdatePolicy
from wetread.services.delivery import Deliverer
from wetread.storage import bot_state, deliveries, digests, feeds, paces, subscriptions
from wetread.storage.backup import copy_database
from wetread.storage.database import Database
from wetread.storage.restore import last_restored, restore
from wetread.storage.subscriptions import Destination, NewSubscription

POLICY = UpdatePolicy()


class Community:
    """A channel that outlives databases, and the bot that watches one journal for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "wetread.db"
        self.backup = folder / "backup.db"
        self.clock = FakeClock()
        self.channels = Channels(self.clock)

    async def start(self) -> None:
        self.database = await Database.open(self.path, clock=self.clock)
        self.deliverer = Deliverer(
            self.database,
            FakeMessenger(self.channels),
            clock=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            seconds_between_posts=0,
        )

    async def subscribe(self) -> None:
        wish = NewSubscription(HERE, Destination(PAPERS), JII, "J Inv Imaging", ADA)
        checked = (retrieval(JII, entries(1, 2)), POLICY, 0.5)
        await self.database.run(subscriptions.subscribe, wish, self.clock(), limit=9, checked=checked)

    async def read(self, *numbers: int) -> None:
        """The journal's feed shows these articles."""
        shown = retrieval(JII, entries(*numbers), etag=f'"{numbers}"')
        await self.database.run(feeds.record_update, 1, shown, self.clock(), POLICY, chance=0.5)

    async def deliver(self, minutes: float = 5) -> None:
        for _ in range(int(minutes)):
            await self.deliverer.deliver_due()
            await self.deliverer.join()
            self.clock.advance(minutes=1)

    async def restored(self) -> None:
        """The database is lost, the backup takes its place, and the bot starts again."""
        await self.database.close()
        restore(self.backup, self.path, self.clock())
        await self.start()

    def posted(self) -> Counter[str]:
        """The posts in the channel by title."""
        lines = [line for post in self.channels.posts(PAPERS) for line in post.text.split("\n")]
        return Counter(line.split(" ", 1)[1] for line in lines if line.startswith("#"))

    async def choose(self, pace: Pace) -> None:
        """Choose how articles arrive in the channel."""
        await self.database.run(paces.save, HERE, PAPERS, pace, self.clock(), by=None)

    async def states(self) -> Counter[DeliveryState]:
        found = await self.database.run(deliveries.listing, None, set(DeliveryState), limit=100)
        return Counter(each.state for each in found)


@pytest.fixture
async def community(tmp_path: Path) -> AsyncIterator[Community]:
    community = Community(tmp_path)
    await community.start()
    await community.subscribe()
    yield community
    await community.database.close()


@pytest.mark.row("C14")
async def test_c14_what_the_lost_database_posted_is_found_and_not_posted_again(community: Community) -> None:
    await community.read(1, 2, 3)
    copy_database(community.path, community.backup)  # it owes article 3
    await community.deliver()
    community.clock.advance(days=1)
    await community.read(1, 2, 3, 4, 5)  # and has never heard of 4 and 5
    await community.deliver()
    community.clock.advance(days=1)
    assert len(community.posted()) == 3

    await community.restored()
    await community.read(1, 2, 3, 4, 5, 6)
    await community.deliver(30)

    assert set(community.posted().values()) == {1}
    assert len(community.posted()) == 4, "and article 6 is posted"
    assert (await community.states())[DeliveryState.SENT] == 4
    assert [call.method for call in community.channels.calls if call.method == "find"]


@pytest.mark.row("C14", "E17")
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "not-empty"])
async def test_e17_what_a_lost_database_posted_is_found_though_its_clock_was_a_day_ahead(
    community: Community, is_empty: bool
) -> None:
    community.channels.clock = lambda: community.clock() - timedelta(days=1)
    if not is_empty:
        await community.read(1, 2, 3)
        await community.deliver()
    await community.read(1, 2, 3, 4)
    copy_database(community.path, community.backup)
    await community.deliver()
    posted = community.posted()
    assert posted

    await community.restored()
    await community.deliver(30)

    assert community.posted() == posted


@pytest.mark.row("C14")
async def test_c14_what_was_never_posted_is_posted_after_the_look_back(community: Community) -> None:
    await community.read(1, 2, 3)
    copy_database(community.path, community.backup)
    community.clock.advance(days=2)

    await community.restored()
    await community.read(1, 2, 3, 4)
    await community.deliver(30)

    assert sorted(community.posted().values()) == [1, 1]
    looked, posted = community.channels.requests("find"), community.channels.requests("post")
    assert len(looked) == len(posted) == 2


@pytest.mark.row("C14")
async def test_c14_a_history_that_cannot_be_read_leaves_it_to_moderators(community: Community) -> None:
    await community.read(1, 2, 3)
    copy_database(community.path, community.backup)
    community.clock.advance(days=2)
    community.channels.unreadable.add(PAPERS)

    await community.restored()
    await community.deliver(30)

    assert not community.posted()
    assert (await community.states())[DeliveryState.UNCERTAIN] == 1
    assert len(community.channels.requests("find")) == 1


@pytest.mark.row("C14")
async def test_c14_what_moderators_let_go_meanwhile_is_looked_for_when_they_do_again(
    community: Community,
) -> None:
    def hold(db: sqlite_utils.Database) -> None:
        db.conn.execute("UPDATE deliveries SET state = 'held', reason = 'flood' WHERE state = 'pending'")

    async def let_go() -> None:
        await community.database.run(deliveries.release_held, HERE, 1, None, community.clock())
        await community.deliver(10)

    await community.read(1, 2, 3)
    await community.database.run(hold)
    copy_database(community.path, community.backup)
    await let_go()
    community.clock.advance(days=2)

    await community.restored()
    await let_go()

    assert list(community.posted().values()) == [1]


@pytest.mark.row("C14")
async def test_c14_later_readings_schedule_as_usual(community: Community) -> None:
    await community.read(1, 2, 3)
    copy_database(community.path, community.backup)
    await community.restored()
    community.clock.advance(minutes=1)
    await community.read(1, 2, 3)
    community.clock.advance(hours=1)

    await community.read(1, 2, 3, 4)
    await community.deliver(1)

    assert [call.method for call in community.channels.calls][-2:] == ["post", "post"], "not looked for"
    newest = (await community.database.run(deliveries.listing, None, set(DeliveryState), limit=1))[0]
    assert newest.first_attempt_at
    assert newest.baseline
    restored = await community.database.run(last_restored)
    assert restored
    assert newest.baseline > snowflake_at(restored.at - BASELINE_SLACK)


@pytest.mark.row("C14")
async def test_c14_no_id_and_no_nonce_is_used_for_something_else(community: Community) -> None:
    """Cards and buttons that the lost database made carry its ids."""
    copy_database(community.path, community.backup)
    await community.read(1, 2, 3, 4)
    lost = await everything(community)
    community.clock.advance(hours=1)

    await community.restored()
    await community.read(1, 2, 5, 6)
    first = await everything(community)
    community.clock.advance(hours=1)
    await community.restored()
    await community.read(1, 2, 7, 8)
    second = await everything(community)

    eras = [{each.id for each in era} for era in (lost, first, second)]
    shared = eras[0] & eras[1] & eras[2]
    assert [len(era - shared) for era in eras] == [2, 2, 2]
    assert len(eras[0] | eras[1] | eras[2]) == len(shared) + 6
    articles = [{each.article_id for each in era} for era in (lost, first, second)]
    assert len(articles[0] | articles[1] | articles[2]) == len(articles[0] & articles[1]) + 6


async def everything(community: Community) -> list[Delivery]:
    return await community.database.run(deliveries.listing, None, set(DeliveryState), limit=100)


@pytest.mark.row("C14")
async def test_c14_feeds_are_asked_without_validators_and_commands_told_again(community: Community) -> None:
    await community.read(1, 2, 3)
    await community.database.run(bot_state.remember, "commands", "those of a version since")
    copy_database(community.path, community.backup)

    await community.restored()

    feed = await community.database.run(feeds.get, 1)
    assert (feed.validators.etag, feed.validators.last_modified, feed.body_hash) == (None, None, None)
    assert await community.database.run(bot_state.get, "commands") is None
    [scheduled] = [each for each in await everything(community) if each.state is DeliveryState.PENDING]
    assert scheduled.is_doubted
    assert scheduled.nonce == nonce_of(scheduled)


async def test_the_database_that_was_there_is_kept_whole(community: Community) -> None:
    copy_database(community.path, community.backup)
    await community.read(1, 2, 3, 4)
    before = len(await everything(community))
    await community.database.close()

    _, kept = restore(community.backup, community.path, community.clock())

    assert kept is not None
    database = await Database.open(kept)
    assert len(await database.run(deliveries.listing, None, set(DeliveryState), limit=100)) == before
    await database.close()
    await community.start()
    assert len(await everything(community)) == before - 2


async def test_a_damaged_database_is_replaced_too(community: Community) -> None:
    await community.read(*range(1, 60))
    copy_database(community.path, community.backup)
    await community.database.close()
    scribble(community.path)

    _, kept = restore(community.backup, community.path, community.clock())

    assert kept is not None
    assert kept.exists()
    await community.start()


@pytest.mark.row("C13")
@pytest.mark.parametrize("flaw", ["naive copy", "damaged", "a page", "cut"])
async def test_c13_what_is_no_sound_backup_is_refused_and_nothing_changed(
    community: Community, flaw: str
) -> None:
    await community.read(*range(1, 60))
    copy_database(community.path, community.backup)
    if flaw == "naive copy":
        fresh = community.path.with_name("fresh.db")
        database = await Database.open(fresh)
        community.backup.write_bytes(fresh.read_bytes())  # all of it is still in fresh.db-wal
        await database.close()
    elif flaw == "damaged":
        scribble(community.backup)
    elif flaw == "cut":
        community.backup.write_bytes(community.backup.read_bytes()[:-50_000])
    else:
        community.backup.write_text("<!doctype html>")
    await community.database.close()
    before = community.path.read_bytes()

    with pytest.raises(StorageError):
        restore(community.backup, community.path, community.clock())

    assert community.path.read_bytes() == before
    beside = {each.name for each in community.path.parent.iterdir() if each.name.startswith("wetread")}
    assert beside == {"wetread.db", "wetread.db.closed"}
    await community.start()


@pytest.mark.row("F28")
@pytest.mark.parametrize("is_formed", [True, False], ids=["formed", "waiting"])
async def test_f28_what_a_lost_digest_had_is_found_in_it_and_the_rest_waits_for_the_next(
    community: Community,
    is_formed: bool,
) -> None:
    daily = Pace(When.DAILY, digest_minute=18 * 60)
    await community.choose(daily)
    await community.read(1, 2, 3)
    await community.deliver(2)
    assert not community.posted()
    if is_formed:
        community.clock.advance(hours=10)
        await community.database.run(digests.form_due, PAPERS, community.clock())
    copy_database(community.path, community.backup)  # article 3 waits
    await community.read(1, 2, 3, 4)  # it has never heard of article 4
    community.clock.advance(hours=10)
    await community.deliver()
    in_digest = community.posted()
    assert len(in_digest) >= 1

    await community.restored()
    await community.read(1, 2, 3, 4, 5)
    await community.deliver(30)
    assert community.posted() == in_digest

    community.clock.advance(days=1)
    await community.deliver(10)
    assert set(community.posted().values()) == {1}
    assert len(community.posted()) == 3, "articles 3, 4 and 5, each once"
