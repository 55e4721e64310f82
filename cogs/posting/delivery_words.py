"""What became of an article that was owed to a channel, in words."""

from cogs.kit.words import day
from wetread.domain.models import Delivery, DeliveryState, PartialDate, Reason

_REASONS = {
    Reason.BEFORE: "it was in the feed before the feed was added",
    Reason.FILTER: "the filter leaves it out",
    Reason.TYPE: "this server does not post its kind",
    Reason.PAUSED: "it came while the feed was paused",
    Reason.REMOVED: "the feed was removed before its turn",
    Reason.THERE_ALREADY: "the channel has it already",
    Reason.SAME_ARTICLE: "the channel has it already, under another address",
    Reason.FLOOD: "very many came at once, and it cannot be told from old ones",
    Reason.DECLINED: "a moderator chose not to post it",
    Reason.AWAY: "Wetread was not on this server then",
}


def fate(delivery: Delivery) -> str:
    """Return the state of a delivery and its reason, as a clause that begins a line."""
    reason = _reason(delivery)
    match delivery.state:
        case DeliveryState.PENDING if delivery.waits_for_abstract:
            return "Waits for its abstract"
        case DeliveryState.PENDING:
            return f"Is tried again{reason}" if delivery.reason else "Is posted next"
        case DeliveryState.SENDING:
            return f"Is tried again{reason}" if delivery.reason else "Is being posted"
        case DeliveryState.SENT if delivery.was_deleted:
            return "Posted, then removed by somebody"
        case DeliveryState.SENT:
            at = delivery.settled_at or delivery.scheduled_at
            return f"Posted {day(PartialDate(at.year, at.month, at.day))}"
        case DeliveryState.HELD:
            return f"Held{reason}"
        case DeliveryState.PARKED:
            return f"Cannot be posted yet{reason}"
        case DeliveryState.SKIPPED:
            return f"Not posted{reason}"
        case DeliveryState.UNCERTAIN:
            return "May or may not have been posted: Discord did not say"


def _reason(delivery: Delivery) -> str:
    """The reason in words, Discord's answer with its code."""
    if delivery.reason is None:
        return ""
    words = _REASONS.get(Reason(delivery.reason)) if delivery.reason in set(Reason) else delivery.reason
    return f": {words} ({delivery.code})" if delivery.code else f": {words}"
