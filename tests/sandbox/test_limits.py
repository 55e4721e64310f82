"""What passes our limits also passes Discord's, whichever way Discord counts."""

from collections.abc import Callable
from typing import Any

import pytest
from simcord.backend.errors import BackendError

from sandbox import limits

ASTRAL = "\N{MICROSCOPE}"  # one code point, two UTF-16 units


def button(**fields: Any) -> list[dict[str, Any]]:
    return [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "x", **fields}]}]


def menu(**fields: Any) -> list[dict[str, Any]]:
    option = {"label": "One", "value": "1"}
    return [{"type": 1, "components": [{"type": 3, "custom_id": "x", "options": [option], **fields}]}]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000, "nonce": "n" * 25},
        {"embeds": [{"title": ASTRAL * 128, "description": "x" * 4096, "url": "https://example.org/"}]},
        {"embeds": [{"title": f"  {'x' * 256}  "}]},
        {"components": button(label="x" * 80, custom_id="x" * 100)},
        {"components": menu(placeholder="x" * 150)},
        {"components": [{"type": 17, "components": [{"type": 10, "content": "x" * 4000}]}]},
    ],
)
def test_what_is_within_the_limits_passes(body: dict[str, Any]) -> None:
    limits.check_message(body)


@pytest.mark.row("A32")
@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"content": ASTRAL * 1001},
        {"nonce": "n" * 26},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"title": ASTRAL * 129}]},
        {"embeds": [{"description": "x" * 4097}]},
        {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]},
        {"embeds": [{"footer": {"text": "x" * 2049}}]},
        {"embeds": [{"title": "x", "url": "javascript:alert(1)"}]},
        {"embeds": [{"color": 1}]},
        {"embeds": [{"description": "x" * 3001}] * 2},
        {"embeds": [{"title": "x"}] * 11},
        {"components": button(label="x" * 81)},
        {"components": button(custom_id="x" * 101)},
        {"components": button(custom_id="")},
        {"components": button(url="https://example.org/" + "x" * 500)},
        {"components": button(url="ftp://example.org/")},
        {"components": menu(options=[])},
        {"components": menu(options=[{"label": "x", "value": str(n)} for n in range(26)])},
        {"components": menu(options=[{"label": ASTRAL * 51, "value": "1"}])},
        {"components": menu(placeholder="x" * 151)},
        {"components": [{"type": 10, "content": "x" * 2001}] * 2},
        {"components": [{"type": 10, "content": "x"}] * 41},
    ],
)
def test_what_is_over_a_limit_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BackendError) as refused:
        limits.check_message(body)

    assert (refused.value.status, refused.value.code) == (400, 50035)


@pytest.mark.parametrize(
    ("check", "body"),
    [
        (limits.check_thread, {"name": ""}),
        (limits.check_thread, {"name": "x" * 101}),
        (limits.check_thread, {"name": "x", "applied_tags": list("123456")}),
        (limits.check_thread, {"name": "x", "message": {"content": "x" * 2001}}),
        (limits.check_callback, {"type": 4, "data": {"content": "x" * 2001}}),
        (limits.check_callback, {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": 1}]}}),
        (limits.check_callback, {"type": 8, "data": {"choices": [{"name": "x", "value": 1}] * 26}}),
        (limits.check_callback, {"type": 9, "data": {"title": "x" * 46, "components": [{"type": 18}]}}),
        (limits.check_callback, {"type": 9, "data": {"title": "x", "components": [{"type": 18}] * 6}}),
        (limits.check_commands, [{"name": "Feed", "description": "x"}]),
        (limits.check_commands, [{"name": "feed", "description": "x" * 101}]),
        (limits.check_commands, [{"name": "feed", "description": "x", "options": [{"name": "a b"}]}]),
        (
            limits.check_commands,
            [
                {
                    "name": "feed",
                    "description": "x",
                    "options": [
                        {
                            "name": f"option{n}",
                            "description": "x" * 100,
                            "choices": [{"name": "x" * 100, "value": "x" * 100}] * 2,
                        }
                        for n in range(20)
                    ],
                }
            ],
        ),
        (limits.check_commands, [{"name": f"n{n}", "description": "x"} for n in range(101)]),
    ],
)
def test_threads_answers_and_commands_have_limits_too(check: Callable[[Any], None], body: Any) -> None:
    with pytest.raises(BackendError) as refused:
        check(body)

    assert refused.value.code == 50035
