"""The status of a delivery, in words."""

from cogs.kit.escape import safe_cut
from cogs.kit.timestamps import relative_time
from cogs.kit.words import day
from wetread.domain.models import Delivery, DeliveryState, PartialDate, Reason
from wetread.storage.delivery_history import Unpublished

_LONGEST_REASON = 120

_REASONS = {
    Reason.BEFORE: "it was in the feed before the feed was added",
    Reason.FILTER: "it does not match the filter",
    Reason.TYPE: "this server does not post its kind",
    Reason.FRONT_MATTER: "its title names front matter of an issue (such as Editorial Board), not an article",
    Reason.PAUSED: "it appeared while the feed was paused",
    Reason.REMOVED: "the feed was removed before it was posted",
    Reason.THERE_ALREADY: "the channel already has it",
    Reason.SAME_ARTICLE: "the channel already has it, under another address",
    Reason.FLOOD: "many entries appeared at once and it may be an old one",
    Reason.DECLINED: "a moderator chose not to post it",
    Reason.AWAY: "Wetread was not on this server at that time",
    Reason.SEEN: "it waited for a digest, and a moderator counted it as seen",
    Reason.EMPTY: "no article was left in it",
    Reason.LOST_DIGEST: "a digest has it that was posted before the backup was restored",
}


def delivery_status(delivery: Delivery) -> str:
    """Return the status of a delivery and its reason, plain, to begin a line with."""
    reason = _reason(delivery)
    match delivery.state:
        case DeliveryState.PENDING if delivery.waits_for_abstract:
            return "Waiting for its abstract"
        case DeliveryState.PENDING:
            return f"Scheduled again{reason}" if delivery.reason else "Scheduled"
        case DeliveryState.COLLECTED:
            return "Waiting for the digest"
        case DeliveryState.SENDING:
            return f"Scheduled again{reason}" if delivery.reason else "Being posted"
        case DeliveryState.SENT if delivery.was_deleted:
            return "Posted, later deleted by a member"
        case DeliveryState.SENT:
            at = delivery.settled_at or delivery.scheduled_at
            return f"Posted {day(PartialDate(at.year, at.month, at.day))}"
        case DeliveryState.HELD:
            return f"Waiting for a decision{reason}"
        case DeliveryState.PARKED:
            return f"Blocked{reason}"
        case DeliveryState.SKIPPED:
            return f"Skipped{reason}"
        case DeliveryState.UNCERTAIN:
            return "Not sure whether it was posted: Discord did not confirm it"


def unpublished_words(unpublished: Unpublished) -> str:
    """Return in markdown why a post is not published to the channels that follow its own, or the next try."""
    if unpublished.given_up_reason is not None:
        reason = safe_cut(unpublished.given_up_reason, _LONGEST_REASON)
        return f"Not published to the channels that follow this one: {reason}"
    again = relative_time(unpublished.next_try_at)
    return f"Not yet published to the channels that follow this one. Next try: {again}"


def _reason(delivery: Delivery) -> str:
    """Return the reason in words; Discord's own with its code."""
    if delivery.reason is None:
        return ""
    words = _REASONS.get(Reason(delivery.reason)) if delivery.reason in set(Reason) else delivery.reason
    return f": {words} ({delivery.code})" if delivery.code else f": {words}"
