"""The two invariants of delivery under everything that can happen, in any order, and under every failure.

P1: nobody ever sees an article twice in a channel. P3: what is scheduled is posted, or says why not.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.doubles_messenger import Channels, Weather
from tests.support.outbox_stage import GUILD, Killed, OutboxStage
from tests.torture.operations import Failure, fail_each_operation
from wetread.domain.models import DeliveryState, DestinationKind
from wetread.domain.pace import Pace, QuietHours, When
from wetread.storage import arrivals, deliveries

T = TypeVar("T")

KINDS = {1: DestinationKind.TEXT, 2: DestinationKind.THREAD, 3: DestinationKind.FORUM}
POINTS = [
    "before_examining",
    "between_parts",
    "before_claim",
    "after_claim",
    "before_send",
    "after_send",
    "before_commit",
    "after_commit",
]
IN_FLIGHT_AT_MOST = 20.0
"""Seconds after which a request has arrived or never will. What comes later than the nonce's window and the
look-back is a second post, and nothing on our side can prevent it (delivery.md, "The honest gap")."""

TOPIC_CHANNELS = (1, 3)

channels = st.sampled_from(sorted(KINDS))
paces = st.sampled_from(
    [
        Pace(),
        Pace(When.DAILY, digest_minute=10 * 60),
        Pace(When.WEEKLY, weekday=0, digest_minute=9 * 60 + 5),
        Pace(most_a_day=1, digest_minute=9 * 60 + 10),
        Pace(quiet=QuietHours(9 * 60, 9 * 60 + 20)),
        Pace(joins_issues=True),
    ]
)


class Delivering(RuleBasedStateMachine):
    """The model: which articles each channel was promised. One post each, in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.promised: set[tuple[int, int]] = set()
        self.deleted_too_early: set[int] = set()

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(coroutine)

    @initialize()
    def open(self) -> None:
        self.stage = self.do(OutboxStage.open(Path(self.folder.name)))
        self.stage.channels.nonce_window = Channels.nonce_window
        for channel in TOPIC_CHANNELS:
            self.do(self.stage.add_topic(channel, KINDS[channel]))

    @rule(channel=channels, count=st.integers(1, 4))
    def poll(self, channel: int, count: int) -> None:
        """A feed brings new articles."""
        articles = self.do(self.stage.schedule(count, channel, KINDS[channel]))
        self.promised |= {(channel, article) for article in articles}

    @rule(channel=channels, count=st.integers(1, 4))
    def arrive(self, channel: int, count: int) -> None:
        """A feed of one channel brings new articles that topics of other channels match."""
        found = self.do(self.stage.arrive(count))
        self.do(self.stage.schedule_articles(found, channel, KINDS[channel]))
        self.promised |= {(each, article) for each in (channel, *TOPIC_CHANNELS) for article in found}

    @rule(data=st.data())
    @precondition(lambda self: self.promised)
    def complete(self, data: st.DataObject) -> None:
        """More is known of an article, so that topics are compared with it again."""
        _, article = data.draw(st.sampled_from(sorted(self.promised)))
        self.do(self.stage.database.run(arrivals.reopen, article))

    @rule(channel=st.sampled_from([1, 2]), pace=paces)
    def choose(self, channel: int, pace: Pace) -> None:
        """A moderator chooses how articles arrive; what waits is posted if there are no digests any more."""
        self.do(self.stage.choose(pace, channel))

    @rule(channel=st.sampled_from([1, 2]), count=st.integers(1, 4))
    def poll_paced(self, channel: int, count: int) -> None:
        """A feed that obeys the pace of its channel brings new articles."""
        found = [self.do(self.stage.new_article()) for _ in range(count)]
        subscription = self.do(self.stage.subscribe(channel, KINDS[channel]))
        self.do(self.stage.schedule_articles(found, channel, KINDS[channel], subscription_id=subscription))
        self.promised |= {(channel, article) for article in found}

    @rule(weather=st.lists(st.sampled_from(["fine", "before", "after", "late", "429", "5xx"]), max_size=4))
    def deliver(self, weather: list[str]) -> None:
        """The loop comes round."""
        meetings = {
            "fine": Weather.fine,
            "before": Weather.lost_before,
            "after": Weather.lost_after,
            "late": self.stage.channels.late_commit,
            "429": Weather.delayed(90),
            "5xx": Weather.lost_before,
        }
        self.stage.channels.forecast(*(meetings[each] for each in weather))
        self.do(self.stage.turn())

    @rule(point=st.sampled_from(POINTS))
    def kill(self, point: str) -> None:
        self.stage.kill_at = point
        with suppress(Killed):
            self.do(self.stage.turn())
        self.stage.restart()

    @rule()
    def restart(self) -> None:
        self.stage.restart()

    @rule(seconds=st.sampled_from([3.0, 15.0, 40.0, 130.0, 3700.0]))
    def pass_time(self, seconds: float) -> None:
        self.stage.clock.advance(seconds=min(seconds, IN_FLIGHT_AT_MOST))
        self.stage.channels.release()
        self.stage.clock.advance(seconds=max(0.0, seconds - IN_FLIGHT_AT_MOST))

    @rule(data=st.data())
    @precondition(lambda self: self.stage.channels.messages)
    def delete(self, data: st.DataObject) -> None:
        """A moderator removes a post; Wetread may not even know yet that it is there."""
        message = data.draw(st.sampled_from(self.stage.channels.messages))
        self.stage.channels.delete(message)
        if self.do(self.stage.database.run(deliveries.by_message, message.id)) is None:
            self.deleted_too_early.add(message.id)

    @rule(channel=channels)
    def take_history_away(self, channel: int) -> None:
        self.stage.channels.unreadable.add(channel)

    @rule(channel=channels)
    def refuse(self, channel: int) -> None:
        self.stage.channels.refusing[channel] = (403, 50013)

    @rule(channel=channels)
    def give_all_back(self, channel: int) -> None:
        self.stage.channels.unreadable.discard(channel)
        self.stage.channels.refusing.pop(channel, None)
        self.do(self.stage.database.run(deliveries.unblock_channel, channel, self.stage.clock()))

    @rule()
    def moderate(self) -> None:
        """Moderators look, and say what they see."""
        asked = self.do(self.stage.database.run(deliveries.listing, GUILD, {DeliveryState.UNCERTAIN}))
        self.stage.channels.release()
        for delivery in asked:
            is_there = any(
                post.marker == delivery.marker for post in self.stage.channels.posts(delivery.channel_id)
            )
            self.do(
                self.stage.database.run(
                    deliveries.resolve_uncertain,
                    GUILD,
                    delivery.id,
                    self.stage.clock(),
                    post_again=not is_there,
                )
            )

    @invariant()
    def nobody_sees_an_article_twice(self) -> None:
        if not hasattr(self, "stage"):
            return
        for channel, article in self.promised:
            posts = self.stage.channels.posts(channel, article)
            assert len([post for post in posts if not post.is_deleted]) <= 1
            assert len([post for post in posts if post.id not in self.deleted_too_early]) <= 1

    def teardown(self) -> None:
        try:
            if hasattr(self, "stage"):
                self.nothing_is_lost()
                self.do(self.stage.close())
        finally:
            self.runner.close()
            self.folder.cleanup()

    def nothing_is_lost(self) -> None:
        """All is well again, and time passes: everything promised is there, once."""
        for channel in KINDS:
            self.give_all_back(channel)
        self.stage.channels.weather.clear()
        for channel in (1, 2):
            self.choose(channel, Pace())
        for _ in range(3):
            self.pass_time(3700)
            self.do(self.stage.run(hours=1))
            self.moderate()
        for channel, article in self.promised:
            [delivery] = [
                each for each in self.do(self.stage.deliveries(channel)) if each.article_id == article
            ]
            assert delivery.state is DeliveryState.SENT
            assert self.stage.channels.posts(channel, article)
        self.nobody_sees_an_article_twice()


TestDelivering = pytest.mark.filterwarnings("default::ResourceWarning")(Delivering.TestCase)
TestDelivering.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.no_cover  # one story, hundreds of times
@pytest.mark.row("A12", "B32", "C04")
@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure.ROLLED_BACK, DestinationKind.FORUM),
        (Failure.COMMITTED, DestinationKind.TEXT),
        (Failure.FETCH, DestinationKind.THREAD),
        (Failure.PARSE, DestinationKind.TEXT),
        (Failure.NOT_ARRIVED, DestinationKind.FORUM),
        (Failure.ARRIVED, DestinationKind.THREAD),
        (Failure.ARRIVED, DestinationKind.FORUM),
    ],
)
async def test_whichever_operation_fails_each_article_is_posted_once(
    tmp_path: Path, failure: Failure, kind: DestinationKind
) -> None:
    violations, operation_count = await fail_each_operation(kind, failure, tmp_path)

    assert violations == []
    assert operation_count >= 3, "each of the feed's three versions takes one at least"
