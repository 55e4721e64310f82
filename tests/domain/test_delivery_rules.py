"""What each answer of Discord means, and when the next try is due: values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.delivery_rules import (
    BASELINE_SLACK,
    Action,
    Attempt,
    baseline_at,
    handle_failure,
    instant_of,
    next_attempt,
    nonce_of,
    retry_delay,
    snowflake_at,
)
from wetread.domain.errors import (
    DeliveryAmbiguousError,
    DeliveryDelayedError,
    DeliveryRefusedError,
    HistoryUnreadableError,
    MessageDeletedError,
)
from wetread.domain.models import Delivery, DeliveryState, DestinationKind, Form

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DELIVERY = Delivery(
    id=26,
    guild_id=1,
    channel_id=2,
    kind=DestinationKind.TEXT,
    article_id=3,
    subscription_id=None,
    form=Form.WHOLE,
    state=DeliveryState.PENDING,
    scheduled_at=NOW,
    next_try_at=NOW,
)


@pytest.mark.parametrize(
    ("status", "code", "action"),
    [
        (403, 50001, Action.BLOCK),
        (403, 50013, Action.BLOCK),
        (404, 10003, Action.BLOCK),
        (400, 40067, Action.BLOCK),
        (403, 160005, Action.BLOCK),
        (403, 0, Action.BLOCK),
        (404, 10008, Action.DELETED),
        (400, 50035, Action.FALL_BACK),
        (400, 50006, Action.FALL_BACK),
        (400, 160006, Action.RETRY),
        (400, 20016, Action.RETRY),
        (400, 200000, Action.PARK),
        (400, 240000, Action.PARK),
        (400, 99999, Action.PARK),
        (401, 0, Action.HALT),
        (401, 50013, Action.HALT),
    ],
)
def test_every_refusal_has_its_step_and_words(status: int, code: int, action: Action) -> None:
    found = handle_failure(DeliveryRefusedError(status, code), 1, 0.0)

    assert (found.action, found.code) == (action, code)
    assert found.reason
    assert str(code) not in found.reason


def test_what_is_no_refusal_has_its_step() -> None:
    assert handle_failure(DeliveryDelayedError(900), 1, 0.5).delay == 900
    assert handle_failure(MessageDeletedError(), 1, 0.5).action is Action.DELETED
    assert handle_failure(HistoryUnreadableError(), 1, 0.5).action is Action.UNCERTAIN
    assert handle_failure(DeliveryAmbiguousError(), 1, 0.5).action is Action.UNKNOWN


def test_a_missing_permission_is_named() -> None:
    found = handle_failure(DeliveryRefusedError(403, 50013, "Send Messages"), 1, 0.0)
    assert found.reason == "a permission is missing: Send Messages"


@given(st.integers(-5, 10_000), st.floats(0, 1, exclude_max=True))
def test_pauses_grow_from_a_minute_to_an_hour_and_are_spread(attempts: int, jitter: float) -> None:
    assert 45 <= retry_delay(attempts, jitter) <= 3600
    assert retry_delay(attempts, jitter) <= retry_delay(attempts + 1, jitter)
    assert retry_delay(1, jitter) < 120, "the first second try falls into the nonce's window"


seconds_from_now = st.floats(-10 * 365 * 86400, 50 * 365 * 86400)


@given(st.integers(1, 2**40), seconds_from_now)
def test_a_nonce_is_short_and_no_other_deliverys(number: int, seconds: float) -> None:
    delivery = replace(DELIVERY, id=number, scheduled_at=NOW + timedelta(seconds=seconds))
    assert len(nonce_of(delivery)) <= 25
    assert nonce_of(delivery) == nonce_of(replace(delivery, attempt_count=5, article_id=9))
    assert nonce_of(delivery) != nonce_of(replace(delivery, id=number + 1))
    later = replace(delivery, scheduled_at=delivery.scheduled_at + timedelta(seconds=1))
    assert nonce_of(delivery) != nonce_of(later)


@given(seconds_from_now)
def test_snowflakes_keep_their_instant_to_the_millisecond(seconds: float) -> None:
    instant = NOW + timedelta(seconds=seconds)
    assert timedelta(0) <= instant - instant_of(snowflake_at(instant)) < timedelta(milliseconds=1)


def test_a_clock_that_runs_ahead_cannot_put_the_baseline_past_the_post() -> None:
    told = snowflake_at(NOW - timedelta(hours=2))
    assert baseline_at(NOW, told) == told
    assert baseline_at(NOW, snowflake_at(NOW)) < snowflake_at(NOW)
    assert instant_of(baseline_at(NOW, snowflake_at(NOW))) == NOW - BASELINE_SLACK


@pytest.mark.parametrize(
    ("kind", "since_first", "since_last", "expected"),
    [
        (DestinationKind.TEXT, 1, 1, Attempt.SEND),
        (DestinationKind.TEXT, 119, 10, Attempt.SEND),
        (DestinationKind.THREAD, 121, 10, Attempt.WAIT),
        (DestinationKind.TEXT, 121, 31, Attempt.LOOK_BACK),
        (DestinationKind.FORUM, 1, 1, Attempt.WAIT),
        (DestinationKind.FORUM, 31, 31, Attempt.LOOK_BACK),
        (DestinationKind.TEXT, -3600, -3600, Attempt.LOOK_BACK),  # the clock was set back (faults.md C18)
    ],
)
def test_a_second_try_goes_by_nonce_at_once_or_by_look_back_later(
    kind: DestinationKind, since_first: float, since_last: float, expected: Attempt
) -> None:
    tried = replace(
        DELIVERY,
        kind=kind,
        state=DeliveryState.SENDING,
        first_attempt_at=NOW - timedelta(seconds=since_first),
        last_attempt_at=NOW - timedelta(seconds=since_last),
        attempt_count=1,
    )
    assert next_attempt(tried, NOW) is expected


@pytest.mark.row("C14")
@pytest.mark.parametrize(("since", "expected"), [(10, Attempt.WAIT), (60, Attempt.LOOK_BACK)])
def test_what_a_lost_database_may_have_posted_is_never_sent_unseen(since: float, expected: Attempt) -> None:
    """Its nonce may have been another one."""
    at = NOW - timedelta(seconds=since)
    doubted = replace(DELIVERY, first_attempt_at=at, last_attempt_at=at)

    assert next_attempt(doubted, NOW) is expected


def test_what_was_never_tried_is_sent() -> None:
    assert next_attempt(DELIVERY, NOW) is Attempt.SEND
    assert next_attempt(replace(DELIVERY, kind=DestinationKind.FORUM), NOW) is Attempt.SEND
