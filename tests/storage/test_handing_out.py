"""A document for many subscriptions is handed out in parts, and the result is that of one transaction."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.watch_stage import INVENTED, NOW, WatchStage, doi, entries, entry
from wetread.domain.models import Form
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import handing_out, restore, subscriptions
from wetread.storage.database import prepared
from wetread.storage.subscriptions import Destination

COUNT = 5
"""Subscriptions, each of a server of its own."""

OLD, NEW = (1, 2), (3, 4, 5)
ROOT = Path(__file__).parents[2]


def guild(number: int) -> int:
    return 1_000 + number


def channel(number: int) -> int:
    return 2_000 + number


class Crowd(WatchStage):
    """Five subscriptions of one feed: one has a filter, one is paused, one starts with the two newest."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.db = prepared(self.connection, INVENTED)
        self.catalogue, self.now, self.policy = INVENTED, NOW, UpdatePolicy()
        self.ids = [
            self.subscribe(
                channel(number),
                guild=guild(number),
                shown=None if number == 4 else entries(*OLD),
                newest=2 if number == 4 else 0,
                filter="5" if number == 2 else None,
            ).id
            for number in range(COUNT)
        ]
        self.change(subscriptions.pause, 3)

    def change(self, change: Callable[..., object], number: int, *values: object) -> None:
        with self.transaction:
            change(self.db, guild(number), self.ids[number], *values, self.now)

    def copied(self) -> "Crowd":
        """Return the same with a database of its own."""
        made = copy(self)
        made.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.backup(made.connection)
        made.db = prepared(made.connection, INVENTED)
        return made

    def hand_out(self, parts: int | None = None) -> int:
        """Hand out so many parts, None = all; return how many there were."""
        count = 0
        while count != parts:
            with self.transaction:
                part = handing_out.next_part(self.db)
            if part is None:
                break
            count += 1
        return count

    def fates(self) -> object:
        """All that a document leads to, without what only tells the order of statements."""
        return [
            self.db.execute(statement).fetchall()
            for statement in (
                """
                SELECT channel_id, guild_id, title, subscription_id, form, state, reason, scheduled_at,
                    next_try_at, waits_for_abstract, deliveries.baseline, deliveries.first_attempt_at
                FROM deliveries JOIN articles ON articles.id = article_id ORDER BY channel_id, deliveries.id
                """,
                "SELECT guild_id, article_id, since FROM guild_articles ORDER BY guild_id, article_id",
                "SELECT id, channel_id, paused_at, starts_with, removed_at FROM subscriptions ORDER BY id",
            )
        ]


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with closing(Crowd()) as crowd:
        yield crowd


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, a transaction takes no more than two deliveries."""

    def limit() -> None:
        monkeypatch.setattr(handing_out, "DELIVERIES_AT_ONCE", 2)
        monkeypatch.setattr(handing_out, "SERVERS_AT_ONCE", 2)

    return limit


def nothing(_: Crowd) -> None:
    pass


def paused(crowd: Crowd) -> None:
    crowd.wait(minutes=1)
    crowd.change(subscriptions.pause, 1)


def resumed(crowd: Crowd) -> None:
    crowd.wait(minutes=1)
    crowd.change(subscriptions.resume, 3)


def moved(crowd: Crowd) -> None:
    crowd.change(subscriptions.move, 0, Destination(channel(90)))


def removed(crowd: Crowd) -> None:
    crowd.change(subscriptions.remove, 1)


def filtered(crowd: Crowd) -> None:
    crowd.change(subscriptions.set_filter, 2, "3")


def shortened(crowd: Crowd) -> None:
    with crowd.transaction:
        subscriptions.set_form(crowd.db, guild(0), crowd.ids[0], Form.TITLE, crowd.now)


def gone(crowd: Crowd) -> None:
    with crowd.transaction:
        subscriptions.freeze_guild(crowd.db, guild(4), crowd.now)


def gone_and_back(crowd: Crowd) -> None:
    gone(crowd)
    with crowd.transaction:
        subscriptions.thaw_guild(crowd.db, guild(4), 1, crowd.now)


def added(crowd: Crowd) -> None:
    crowd.subscribe(channel(91), guild=guild(91), newest=1)


def added_with_document(crowd: Crowd) -> None:
    crowd.subscribe(channel(91), guild=guild(91), newest=1, shown=entries(*OLD, *NEW))


def unchanged(crowd: Crowd) -> None:
    crowd.unchanged()


def next_document(crowd: Crowd) -> None:
    crowd.wait(hours=1)
    crowd.serve(entries(*OLD, *NEW, 6))


def other_feed(crowd: Crowd) -> None:
    crowd.subscribe(channel(0), guild=guild(0), url="https://other.example.org/rss", shown=entries(4))


def restored(crowd: Crowd) -> None:
    with crowd.transaction:
        restore.begin(crowd.db, crowd.now + timedelta(minutes=1), 0)


CHANGES = (
    *(nothing, paused, resumed, moved, removed, filtered, shortened, gone, gone_and_back, added),
    *(added_with_document, unchanged, next_document, other_feed),
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_between_two_parts_is_as_if_it_came_after_all(
    crowd: Crowd, small_parts: Callable[[], None], change: Callable[[Crowd], None]
) -> None:
    with closing(crowd.copied()) as whole:
        assert whole.serve(entries(*OLD, *NEW)).is_handed_out
        change(whole)
        whole.hand_out()
        expected = whole.fates()
    small_parts()
    assert not crowd.serve(entries(*OLD, *NEW)).is_handed_out
    parts, is_done = 0, False
    while not is_done:
        with closing(crowd.copied()) as other:
            change(other)
            other.hand_out()
            assert other.fates() == expected, f"after {parts} parts"
            assert other.count("handouts") == 0
        is_done = crowd.hand_out(1) == 0
        parts += 1
    assert parts > 8


def test_each_part_is_small(crowd: Crowd, small_parts: Callable[[], None]) -> None:
    small_parts()
    crowd.serve(entries(*OLD, *NEW))
    before = crowd.count("deliveries"), crowd.count("guild_articles")
    while True:
        with crowd.transaction:
            if handing_out.next_part(crowd.db) is None:
                break
        after = crowd.count("deliveries"), crowd.count("guild_articles")
        assert all(new - old <= 5 for new, old in zip(after, before, strict=True))
        before = after


def test_few_subscriptions_need_one_transaction(crowd: Crowd) -> None:
    assert crowd.serve(entries(*OLD, *NEW)).is_handed_out
    assert crowd.count("handouts") == 0


def test_known_articles_are_not_handed_out(crowd: Crowd, small_parts: Callable[[], None]) -> None:
    crowd.serve(entries(*OLD, *NEW))
    small_parts()
    assert crowd.serve([*entries(*OLD, *NEW), entry(1, "renamed")]).is_handed_out


def test_an_article_that_becomes_another_meanwhile_is_posted_once(
    crowd: Crowd, small_parts: Callable[[], None]
) -> None:
    small_parts()
    crowd.serve([entry(3), entry(4, doi=None, pmid="99000004")])
    crowd.hand_out(3)
    crowd.serve([replace(entry(3), record=replace(entry(3).record, pmid="99000004"))])
    crowd.hand_out()

    assert crowd.scheduled(channel(0)) == [doi(3)]


def test_a_restored_backup_looks_for_what_was_still_to_be_handed_out(
    crowd: Crowd, small_parts: Callable[[], None]
) -> None:
    small_parts()
    crowd.serve(entries(*OLD, *NEW))
    crowd.hand_out(4)
    restored(crowd)
    crowd.hand_out()

    pending = [each for each in crowd.outbox(channel(0)) if each.state == "pending"]
    assert len(pending) == len(NEW)
    assert all(each.first_attempt_at is not None for each in pending)


SCRIPT = """
import itertools, sys
from tests.storage.test_handing_out import Crowd
from tests.support.watch_stage import entries
from wetread.storage import handing_out

crowd = Crowd(sys.argv[1])
handing_out.DELIVERIES_AT_ONCE = handing_out.SERVERS_AT_ONCE = 2
for number in itertools.count(3):
    crowd.serve(entries(number, number + 1))
    while crowd.hand_out(1):
        print(number, flush=True)
"""


@pytest.mark.row("C01")
@pytest.mark.parametrize("after", [3, 8, 31])
def test_a_killed_process_hands_out_the_rest_later(tmp_path: Path, after: int) -> None:
    process = subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, "-c", SCRIPT, str(tmp_path / "wetread.db")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process.stdout as lines:
        for _ in range(after):
            next(lines)
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    connection = sqlite3.connect(tmp_path / "wetread.db", isolation_level=None)
    crowd = Crowd.__new__(Crowd)
    crowd.connection, crowd.db = connection, prepared(connection)
    with closing(connection):
        crowd.hand_out()
        [[count]] = connection.execute("SELECT count(*) FROM articles WHERE id > ?", [len(OLD)])
        found = connection.execute(
            "SELECT channel_id, count(DISTINCT article_id), count(*) FROM deliveries"
            " WHERE article_id > ? GROUP BY channel_id",
            [len(OLD)],
        )
        counts = {channel_id: tuple(row) for channel_id, *row in found}
        assert counts == {channel(number): (count, count) for number in range(COUNT)}
        assert crowd.count("handouts") == 0
