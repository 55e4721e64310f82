"""The status of an invented server: one feed is refused, questions wait, a few abstracts are missing."""

from collections import Counter
from datetime import datetime, timedelta

from cogs._feed_panels import FeedLine, Health
from cogs._loops import LoopHealth
from cogs._status_panel import StatusFacts, Waits
from wetread.catalogue import Catalogue
from wetread.models import DeliveryState, DestinationKind, Feed, Form, Subscription, Validators
from wetread.storage.questions import Question, QuestionKind
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import Troubles


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
        [FeedLine(name, channel_id, Health.NEEDS_YOU, "refused")],
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
