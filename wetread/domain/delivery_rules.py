"""The rules of delivery: what each answer of Discord means, and when to try again (delivery.md). Pure.

A delivery is claimed, sent with its own nonce, and settled. If no usable answer came, a quick second
attempt relies on the nonce, a later one first looks through the channel's history.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from wetread.domain.backoff import backoff
from wetread.domain.errors import (
    DeliveryDelayedError,
    DeliveryError,
    DeliveryRefusedError,
    HistoryUnreadableError,
    MessageDeletedError,
)
from wetread.domain.models import Delivery, DestinationKind

NONCE_WINDOW = timedelta(minutes=2)
"""How long Discord is trusted to return the first message to a second request with the same nonce."""

LOOK_BACK_AFTER = timedelta(seconds=30)
"""How long after the last attempt a missing message proves that it was not posted."""

BASELINE_SLACK = timedelta(seconds=60)
"""How far our clock may run ahead of Discord's before its word alone makes a baseline too high."""

FIRST_DELAY = 60.0  # seconds
LONGEST_DELAY = 3600.0
_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Action(StrEnum):
    """What to do with a delivery after an answer that was no success."""

    RETRY = "retry"  # certainly not posted: again after the delay
    UNKNOWN = "unknown"  # perhaps posted: again after the delay, by nonce or look-back
    UNCERTAIN = "uncertain"  # perhaps posted, and nobody can find out: a moderator decides
    DELETED = "deleted"  # it was posted, and somebody removed it
    FALL_BACK = "fall back"  # certainly not posted: send title and link instead, once
    PARK = "park"  # certainly not posted; somebody has to change something first
    BLOCK = "block"  # as PARK, for everything in that destination
    HALT = "halt"  # the token is no longer valid: no further request at all


@dataclass(frozen=True, slots=True)
class Handling:
    """An action and its reason, in words for people. `delay` in seconds; `code`: Discord's, None without."""

    action: Action
    reason: str
    delay: float = 0.0
    code: int | None = None


_BY_CODE = {
    10003: Handling(Action.BLOCK, "the channel is gone"),
    10004: Handling(Action.BLOCK, "the server is gone"),
    10008: Handling(Action.DELETED, "the post was removed"),
    20016: Handling(Action.RETRY, "slow mode", delay=60.0),
    20028: Handling(Action.RETRY, "the channel's write limit is reached", delay=60.0),
    30046: Handling(Action.RETRY, "too many edits of old messages", delay=60.0),
    40067: Handling(Action.BLOCK, "this forum requires a tag on every post"),
    50001: Handling(Action.BLOCK, "Wetread cannot see the channel"),
    50006: Handling(Action.FALL_BACK, "Discord says that the card is empty"),
    50008: Handling(Action.BLOCK, "nothing can be posted in this kind of channel"),
    50013: Handling(Action.BLOCK, "a permission is missing"),
    50024: Handling(Action.BLOCK, "nothing can be posted in this kind of channel"),
    50035: Handling(Action.FALL_BACK, "Discord does not accept the card"),
    50083: Handling(Action.BLOCK, "the thread is archived or locked"),
    160005: Handling(Action.BLOCK, "the thread is locked"),
    160006: Handling(Action.RETRY, "too many active threads in this server", delay=3600.0),
    200000: Handling(Action.PARK, "AutoMod stopped the post"),
    200001: Handling(Action.PARK, "AutoMod stopped the post"),
    240000: Handling(Action.PARK, "Discord's filter for harmful links stopped the post"),
}

_BY_STATUS = {
    401: Handling(Action.HALT, "Discord no longer accepts the bot's token"),
    403: Handling(Action.BLOCK, "Discord forbids the post"),
}

_OTHERWISE = Handling(Action.PARK, "Discord refused the post")


def handle_failure(error: DeliveryError, attempt_count: int, chance: float) -> Handling:
    """Return what to do about `error` after that many attempts. `chance` in [0, 1) varies the delay."""
    match error:
        case DeliveryRefusedError():
            return _refusal(error)
        case DeliveryDelayedError():
            return Handling(Action.RETRY, "Discord asked to wait", delay=error.retry_after)
        case MessageDeletedError():
            return Handling(Action.DELETED, "the post was removed", code=10008)
        case HistoryUnreadableError():
            return Handling(Action.UNCERTAIN, "the history cannot be read, so nobody knows if it is there")
        case _:
            return Handling(Action.UNKNOWN, "no usable answer came", delay=retry_delay(attempt_count, chance))


def _refusal(error: DeliveryRefusedError) -> Handling:
    if error.status == 401:
        return replace(_BY_STATUS[401], code=error.code)
    found = _BY_CODE.get(error.code) or _BY_STATUS.get(error.status, _OTHERWISE)
    reason = (
        f"{found.reason}: {error.detail}" if error.detail and found.action is Action.BLOCK else found.reason
    )
    return replace(found, reason=reason, code=error.code)


def retry_delay(attempt_count: int, chance: float) -> float:
    """Return the seconds until the next try: a minute at first, doubled each time, at most an hour.

    `chance` in [0, 1) takes off up to a quarter.
    """
    return backoff(attempt_count, first=FIRST_DELAY, longest=LONGEST_DELAY, jitter=chance / 4)


def nonce_of(delivery: Delivery) -> str:
    """Return the nonce for all attempts of a delivery: at most 25 characters, never used for another.

    Discord compares nonces by author over all channels, so it comes from the delivery, not the article. The
    instant keeps it apart from the same id in a new or restored database.
    """
    return f"wr-{delivery.id:x}-{int(delivery.scheduled_at.timestamp()):x}"


def snowflake_at(instant: datetime) -> int:
    """Return the least id that Discord gives to something made at `instant`."""
    return max(0, int((instant - _DISCORD_EPOCH) / timedelta(milliseconds=1))) << 22


def instant_of(snowflake: int) -> datetime:
    """Return when Discord made the thing with that id."""
    return _DISCORD_EPOCH + timedelta(milliseconds=snowflake >> 22)


def baseline_at(now: datetime, known_id: int) -> int:
    """Return an id below that of every message sent from now on.

    `known_id` guards against our own clock running ahead, by however much: an id that Discord has given
    already. The last message is the best, because it makes the look-back short; the destination's own id
    will do.
    """
    return min(snowflake_at(now - BASELINE_SLACK), known_id)


class Attempt(StrEnum):
    """How a due delivery is attempted."""

    SEND = "send"
    LOOK_BACK = "look back"  # perhaps it is there already: look before sending
    WAIT = "wait"  # too early to look back


def next_attempt(delivery: Delivery, now: datetime) -> Attempt:
    """Return how to attempt a due delivery, as it was before this claim (delivery.md, "The look-back")."""
    first, last = delivery.first_attempt_at, delivery.last_attempt_at
    if first is None or last is None:  # it certainly does not exist
        return Attempt.SEND
    # A delivery of a restored database may have been posted with another nonce.
    has_nonce = delivery.kind is not DestinationKind.FORUM and not delivery.is_doubted
    if has_nonce and timedelta(0) <= now - first < NONCE_WINDOW:
        return Attempt.SEND
    if timedelta(0) <= now - last < LOOK_BACK_AFTER:
        return Attempt.WAIT
    return Attempt.LOOK_BACK


def look_back_at(delivery: Delivery) -> datetime:
    """Return when to look back for a delivery that has been attempted."""
    return (delivery.last_attempt_at or delivery.scheduled_at) + LOOK_BACK_AFTER
