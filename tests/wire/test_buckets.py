"""Rate limit headers are told as Discord tells them."""

from tests.wire import faults
from tests.wire.buckets import LIMIT, Buckets, Limits, Refusal


def remaining(headers: dict[str, str]) -> int:
    return int(headers["X-RateLimit-Remaining"])


def test_a_bucket_is_one_kind_of_request_in_one_channel() -> None:
    buckets = Buckets()
    first = buckets.headers("PATCH", "/channels/10/messages/20", 0.0)
    same = buckets.headers("PATCH", "/channels/10/messages/21", 0.2)
    elsewhere = buckets.headers("PATCH", "/channels/11/messages/22", 0.2)
    other_kind = buckets.headers("POST", "/channels/10/messages", 0.2)

    assert [remaining(each) for each in (first, same, elsewhere, other_kind)] == [
        LIMIT - n for n in (1, 2, 1, 1)
    ]
    names = [each["X-RateLimit-Bucket"] for each in (first, same, elsewhere, other_kind)]
    assert names[0] == names[1] == names[2] != names[3]


def test_a_bucket_is_full_again_when_it_says_so() -> None:
    buckets = Buckets()
    for _ in range(LIMIT + 1):
        headers = buckets.headers("POST", "/channels/10/messages", 100.25)
    assert remaining(headers) == 0
    assert float(headers["X-RateLimit-Reset-After"]) == 1.0
    assert float(headers["X-RateLimit-Reset"]) == 101.25

    assert remaining(buckets.headers("POST", "/channels/10/messages", 101.25)) == LIMIT - 1


def test_header_and_body_of_a_429_may_differ() -> None:
    fault = faults.rate_limited(1163, header=1, json_code=20028)

    assert fault.headers["Retry-After"] == "1"
    assert '"retry_after": 1163' in fault.body
    assert '"code": 20028' in fault.body


def test_a_discord_with_limits_refuses_what_is_more() -> None:
    buckets = Buckets(Limits(in_a_second=3, in_a_bucket=2, bucket_seconds=5.0))

    def ask(channel: int, now: float) -> Refusal | None:
        path = f"/channels/{channel}/messages"
        refusal = buckets.refusal("POST", path, now)
        if refusal is None:
            buckets.headers("POST", path, now)
        return refusal

    assert [ask(1, 100.0), ask(1, 100.5)] == [None, None]
    assert ask(1, 101.5) == Refusal(3.5, is_global=False)
    assert [ask(channel, 102.0) for channel in (2, 3, 4)] == [None] * 3
    assert ask(5, 102.25) == Refusal(0.75, is_global=True)
    assert buckets.refusal("POST", "/interactions/7/invented/callback", 102.25) is None
    assert ask(5, 103.0) is None
    assert ask(1, 105.0) is None
