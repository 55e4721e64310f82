"""What moderators read about deliveries: their status, refusals, discussions, for docs/words.md."""

from collections.abc import Iterator
from dataclasses import replace

from cogs.cards.publication_status import discussion_news
from cogs.posting.delivery_words import delivery_status, unpublished_words
from cogs.posting.refusals import blocked_words, slowed_words, stopped_words, unedited_words
from tests.support import invented
from tests.words.page import Entry
from wetread.domain.models import Delivery, DeliveryState, DestinationKind, Form, Reason
from wetread.storage.deliveries import BlockedChannel
from wetread.storage.delivery_history import Unpublished
from wetread.storage.troubles import CHANNEL_GONE, Slowed, Stopped, Unedited

AT = invented.SEEN_AT
DELIVERY = Delivery(
    id=42,
    guild_id=1,
    channel_id=1,
    kind=DestinationKind.TEXT,
    article_id=1,
    subscription_id=1,
    form=Form.WHOLE,
    state=DeliveryState.PENDING,
    scheduled_at=AT,
    next_try_at=AT,
)
_WITH_REASON = {DeliveryState.SKIPPED, DeliveryState.HELD, DeliveryState.PARKED}


def statuses() -> Iterator[str]:
    """Yield the status of a delivery in every state, and with every reason."""
    yield f"- waits for its abstract: {delivery_status(replace(DELIVERY, waits_for_abstract=True))}"
    for state in DeliveryState:
        yield f"- {state}: {delivery_status(replace(DELIVERY, state=state))}"
    yield f"- deleted: {delivery_status(replace(DELIVERY, state=DeliveryState.SENT, was_deleted=True))}"
    for reason in Reason:
        yield f"- {reason}: {delivery_status(replace(DELIVERY, state=DeliveryState.SKIPPED, reason=reason))}"


def refusals() -> Iterator[Entry]:
    """Yield what is said about posts that Discord refuses or delays."""
    for code in (40067, 50001, 50008, 50013, 50024, 50083, 160005):
        yield Entry(f"Discord refuses a channel ({code})", blocked_words(_blocked(code)))
    yield Entry("A channel was deleted", blocked_words(_blocked(CHANNEL_GONE), ["Example Spine Imaging"]))
    for code in (50035, 200000, 240000, 12345):
        stopped = Stopped(1, code, "Discord’s own words", 2, AT)
        yield Entry(f"Discord refuses single posts ({code})", stopped_words(stopped))
    slowed = Slowed(1, None, "Discord did not answer", 3, AT, AT)
    yield Entry("Posts that are tried again", slowed_words(slowed))
    yield Entry("Posts that cannot be edited", unedited_words(Unedited(1, "the thread is locked", 1, AT)))
    for reason in (None, "a permission is missing (50013)"):
        yield Entry("An announcement that is not published", unpublished_words(Unpublished(AT, reason)))


def discussions() -> Iterator[Entry]:
    """Yield what a discussion is told when its article's publication status changes."""
    yield Entry("A discussed article was retracted", discussion_news(invented.RETRACTED))
    yield Entry("The retraction was withdrawn", discussion_news(invented.TRIAL))


def _blocked(code: int) -> BlockedChannel:
    return BlockedChannel(1, 1, code, "Discord’s own words", AT)
