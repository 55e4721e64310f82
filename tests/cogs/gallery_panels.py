"""Panels of an invented server: one feed is refused, questions wait, a few abstracts are missing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import discord

from cogs.alerts.question_words import uncertain_lines
from cogs.alerts.questions import decided_panel, flood_panel, uncertain_panel
from cogs.cards.links import linked_title
from cogs.feeds.panels import FeedLine, FeedPage, Health
from cogs.kit.panels import Panel
from cogs.status.panel import StatusFacts, Waits
from tests.support import invented
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import (
    Delivery,
    DeliveryState,
    DestinationKind,
    Feed,
    Form,
    PartialDate,
    Record,
    Subscription,
    Validators,
)
from wetread.operations.loops import LoopHealth
from wetread.storage.questions import Decision, Flood, Question, QuestionKind
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import Troubles


def feed_lines(channel_id: int) -> list[FeedLine]:
    """Return the list of what the server watches."""
    return [
        FeedLine(
            "Journal of Example Radiology",
            channel_id,
            Health.WELL,
            "Well · 11 this week · newest 14 Jan",
            subscription_id=1,
        ),
        FeedLine(
            "Example Spine Imaging",
            channel_id,
            Health.WELL,
            "Well · 3 this week · filtered",
            subscription_id=2,
        ),
        FeedLine(
            "Example Neuro Letters",
            channel_id,
            Health.NEEDS_YOU,
            "Not reachable since 12 Jan: the journal’s site refuses us. Open it to see what helps.",
            subscription_id=3,
        ),
        FeedLine(
            "Mock Journal of Ultrasound",
            channel_id,
            Health.PAUSED,
            "Paused by dr_invented on 8 Jan",
            subscription_id=4,
        ),
    ]


def spine_page(channel_id: int) -> FeedPage:
    """Return the page of one feed."""
    well = "Well. Checked 8 minutes ago, next check in 22 minutes."
    return FeedPage(
        FeedLine("Example Spine Imaging", channel_id, Health.WELL, well, subscription_id=5),
        Form.CONCLUSION,
        "spine OR facet OR epidural -veterinary",
        "Waits up to 2 days, then posts",
        (
            f"15 Jan · {linked_title(invented.COMPLETED.record, 60)}",
            "13 Jan · Mock Disc Height in Greyhounds",
            "-# Not posted: the filter leaves out “veterinary”",
        ),
    )


def spine(channel_id: int) -> Subscription:
    """Return the feed of `spine_page`."""
    at = datetime(2026, 1, 10, tzinfo=UTC)
    kind, form = DestinationKind.TEXT, Form.CONCLUSION
    return Subscription(2, 1, 2, channel_id, kind, form, "Example Spine Imaging", None, at, created_by=1)


def status_facts(guild_id: int, channel_id: int, now: datetime) -> StatusFacts:
    """What the status of the server says."""
    name = "Example Neuro Letters"
    refused = Feed(
        1,
        "https://pubs.example.org/1234-5679/feed.xml",
        name,
        None,
        Validators(),
        None,
        now + timedelta(hours=5),
        failing_since=now - timedelta(days=3, hours=2, minutes=2),
        failure="blocked",
        failure_count=9,
    )
    subscription = Subscription(
        1, guild_id, 1, channel_id, DestinationKind.TEXT, Form.WHOLE, name, None, now, created_by=1
    )
    return StatusFacts(
        now,
        [LoopHealth("update feeds", finished_at=now - timedelta(minutes=3))],
        None,
        [Watched(subscription, refused)],
        [FeedLine(name, channel_id, Health.NEEDS_YOU, "refused", subscription_id=6)],
        Catalogue([]),
        Troubles(),
        [
            Question(guild_id, QuestionKind.HELD, 2, now - timedelta(days=1)),
            Question(guild_id, QuestionKind.UNCERTAIN, 3),
        ],
        Counter({DeliveryState.PENDING: 4}),
        waits=Waits(4, now - timedelta(days=1)),
        last_post_at=now - timedelta(minutes=8),
        left_out_count=12,
        source_names=("PubMed", "Crossref", "Europe PMC"),
    )


def question_panels(channel: discord.TextChannel, now: datetime) -> tuple[Panel, Panel, Panel]:
    """A flood that is held, a post that may be there, and what was decided about the flood."""
    name = "Mock Journal of Ultrasound"
    titles = (
        ("Example Elastography of the Invented Liver", PartialDate(2025, 5)),
        ("Mock Doppler Settings, a Reader Study", PartialDate(2025, 5)),
        ("Placeholder Probe in the Emergency Room", PartialDate(2025, 6)),
    )
    held = [
        invented.article(number, Record(source="feed", title=title, issue_on=on))
        for number, (title, on) in enumerate(titles, 1)
    ]
    asked = Question(1, QuestionKind.HELD, 2, now)
    flood = Flood(asked, name, channel.id, tuple(range(14)), are_old=True)
    lost = Delivery(
        id=31,
        guild_id=1,
        channel_id=channel.id,
        kind=DestinationKind.TEXT,
        article_id=1,
        subscription_id=1,
        form=Form.WHOLE,
        state=DeliveryState.UNCERTAIN,
        scheduled_at=now,
        next_try_at=now,
    )
    decision = Decision(1, asked, 0, 14, "ann.sample", now)
    unknown = Question(1, QuestionKind.UNCERTAIN, lost.id)
    return (
        flood_panel(flood, held),
        uncertain_panel(unknown, uncertain_lines(lost, invented.TRIAL), channel),
        decided_panel(decision, name, can_be_undone=True),
    )
