"""Discord's description of its API is complete for us, strict, and lenient only where it says so."""

import logging
from typing import Any

import pytest

from sandbox import description, rules, stage
from sandbox.description import EXTRA_PROPERTIES, EXTRA_QUERIES, TEXTS, of_answer, of_request
from scripts.discord_description import BOUNDS, OPENAPI, OPERATIONS, PACKAGE
from tests.description_plugin import Watcher

SEND, EDIT = ("POST", "/channels/1/messages"), ("PATCH", "/channels/1/messages/2")
FORUM, FOLLOW_UP = ("POST", "/channels/1/threads"), ("POST", "/webhooks/1/token")
ORIGINAL, ANSWER = (
    ("PATCH", "/webhooks/1/token/messages/@original"),
    ("POST", "/interactions/1/token/callback"),
)
TEXT = {"content": "x"}
URL = "https://example.org/" + "x" * 500
COMPONENTS = {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}


def reasons(method: str, path: str, body: Any, **params: Any) -> list[str]:
    return [f"{each.pointer}: {each.reason}" for each in of_request(method, path, params, body)]


def test_the_file_is_what_the_script_writes() -> None:
    content = description.description()

    assert content["about"]["package"] == PACKAGE
    assert OPENAPI in content["about"]["bounds"]
    assert "MIT" in content["about"]["licence"]
    assert sorted(content["operations"]) == sorted(OPERATIONS)
    for path, bounds in BOUNDS.items():
        place = content
        for part in path:
            place = place[part]
        assert bounds.items() <= place.items()


def test_every_exception_is_one() -> None:
    """None is for what the description knows by now."""
    content = description.description()
    for schema, name in EXTRA_PROPERTIES:
        assert name not in content["schemas"][schema]["properties"]
    for schema, name in TEXTS:
        assert "string" not in str(content["schemas"][schema]["properties"][name])
    for operation, name in EXTRA_QUERIES:
        assert name not in content["operations"][operation]["query"]


def test_discord_py_may_send_ids_as_integers() -> None:
    body = {"content": "x", "allowed_mentions": {"users": [7]}, "message_reference": {"message_id": 7}}

    assert reasons(*SEND, body) == []
    assert reasons("GET", "/channels/1/messages", None, after=7) == []
    assert reasons("GET", "/channels/1/messages", None, after="seven") != []


def test_the_member_of_a_union_that_was_meant_is_named() -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 5, "label": "x", "url": URL}]}

    [reason] = reasons(*SEND, {"components": [row], "allowed_mentions": {}})

    assert reason.startswith("/components/0/components/0/url: ")


@pytest.mark.row("E29")
@pytest.mark.parametrize("shown", [TEXT, {"embeds": [{"title": "x"}]}, COMPONENTS])
@pytest.mark.parametrize(
    ("request_", "wrap", "pointer"),
    [
        (SEND, lambda body: body, "/allowed_mentions"),
        (EDIT, lambda body: body, "/allowed_mentions"),
        (FOLLOW_UP, lambda body: body, "/allowed_mentions"),
        (ORIGINAL, lambda body: body, "/allowed_mentions"),
        (FORUM, lambda body: {"name": "x", "message": body}, "/message/allowed_mentions"),
        (ANSWER, lambda body: {"type": 4, "data": body}, "/data/allowed_mentions"),
        (ANSWER, lambda body: {"type": 7, "data": body}, "/data/allowed_mentions"),
    ],
)
def test_every_request_with_text_must_name_whom_it_mentions(
    request_: tuple[str, str], wrap: Any, pointer: str, shown: dict[str, Any]
) -> None:
    [reason] = reasons(*request_, wrap(shown))

    assert reason == f"{pointer}: is missing in a request that shows text"
    assert reasons(*request_, wrap({**shown, "allowed_mentions": {"parse": []}})) == []


def test_what_shows_no_text_need_not_name_mentions() -> None:
    line = {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "l", "style": 1}}
    form = {"custom_id": "f", "title": "x", "components": [line]}

    assert reasons(*ANSWER, {"type": 9, "data": form}) == []
    assert reasons(*ANSWER, {"type": 5, "data": {"flags": 64}}) == []
    assert reasons(*ANSWER, {"type": 8, "data": {"choices": []}}) == []
    assert reasons(*EDIT, {"components": []}) == []
    assert reasons("POST", "/channels/1/messages/2/threads", {"name": "x"}) == []


@pytest.mark.row("E29")
def test_a_request_that_breaks_the_description_fails_its_test() -> None:
    for phase in (Watcher().pytest_runtest_setup, Watcher().pytest_runtest_call):
        running = phase()
        next(running)
        description.watch(*SEND, {}, {"content": 7})
        with pytest.raises(pytest.fail.Exception) as failed:
            running.send(None)
        assert "POST /channels/1/messages /content" in str(failed.value)


def test_answers_may_have_more_but_not_less() -> None:
    gateway = {"url": "wss://gateway.example.org/"}

    assert list(of_answer("GET", "/gateway", 200, {**gateway, "new": 1})) == []
    assert [each.pointer for each in of_answer("GET", "/gateway", 200, {})] == [""]
    assert [each.reason for each in of_answer("GET", "/gateway", 204, None)] != []
    assert list(of_answer("GET", "/gateway", 404, {"code": 0, "message": "404: Not Found"})) == []


def test_the_sandbox_logs_what_discord_does_not_know(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    witnesses: list[rules.Witness] = []
    monkeypatch.setattr(stage, "witnesses", witnesses)
    monkeypatch.setattr(description, "listeners", [description.log])

    stage.watch_requests()
    stage.watch_requests()
    [watch] = witnesses
    with caplog.at_level(logging.ERROR):
        watch("GET", "/poems/1", {}, None)

    assert "GET /poems/1" in caplog.text
