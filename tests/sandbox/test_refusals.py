"""Both stand-ins for Discord refuse what Discord refuses, in rules that no schema says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.backend.serializers import guild_create_payload

from tests.description_plugin import broken_requests
from tests.support.discord_stage import Channel
from tests.support.door import DOORS, Door, Reply


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    return DOORS[request.param]()


def post(door: Door, channel: Channel, body: Mapping[str, Any], *files: str) -> Reply:
    quiet = {"allowed_mentions": {"parse": []}, **body}
    return door.ask("POST", f"/channels/{channel.id}/messages", quiet, files=files)


def said(door: Door, channel: Channel) -> int:
    """Let a reader write a message, and return its id."""
    return door.stage.backend.create_message(channel.id, door.stage.reader.id, "hello").id


def test_a_reply_needs_a_message_that_is_there(door: Door) -> None:
    papers = door.stage.papers
    gone = said(door, papers)
    door.stage.backend.delete_message(papers.id, gone)

    refused = post(door, papers, {"content": "x", "message_reference": {"message_id": gone}})

    assert (refused.status, refused.code) == (400, 50035)
    [reason] = refused.body["errors"]["message_reference"]["_errors"]
    assert reason["code"] == "REPLIES_UNKNOWN_MESSAGE"


def test_a_reply_that_may_fail_is_posted_without_its_reference(door: Door) -> None:
    reference = {"message_id": 1, "fail_if_not_exists": False}

    answer = post(door, door.stage.papers, {"content": "x", "message_reference": reference})

    assert answer.status == 200
    assert answer.body.get("message_reference") is None
    assert answer.body["type"] == 0


def test_a_reply_needs_read_message_history(door: Door) -> None:
    papers = door.stage.papers
    body = {"content": "x", "message_reference": {"message_id": said(door, papers)}}
    assert post(door, papers, body).status == 200

    door.stage.forbid(papers, "read_message_history")
    refused = post(door, papers, body)

    assert (refused.status, refused.code) == (403, 160002)
    assert post(door, papers, {"content": "x"}).status == 200


@pytest.mark.parametrize(
    ("missing", "body", "files"),
    [
        ("embed_links", {"embeds": [{"title": "x"}]}, ()),
        ("attach_files", {"content": "x"}, ("x.ris",)),
    ],
)
def test_embeds_and_files_need_their_permission(
    door: Door, missing: str, body: dict[str, Any], files: tuple[str, ...]
) -> None:
    stage = door.stage
    in_forum = {"name": "x", "message": {"allowed_mentions": {"parse": []}, **body}}
    for channel in (stage.papers, stage.club, stage.forum):
        stage.forbid(channel, missing)

    for channel in (stage.papers, stage.thread):
        refused = post(door, channel, body, *files)
        assert (refused.status, refused.code) == (403, 50013), channel.name
    refused = door.ask("POST", f"/channels/{stage.forum.id}/threads", in_forum, files=files)
    assert (refused.status, refused.code) == (403, 50013)
    assert post(door, stage.announcements, body, *files).status == 200


@pytest.mark.parametrize(
    "options",
    [
        [{"type": 3, "name": "a b", "description": "x"}],
        [{"type": 3, "name": "Upper", "description": "x"}],
        [{"type": 3, "name": "x" * 33, "description": "x"}],
        [{"type": 3, "name": "a", "description": ""}],
        [{"type": 3, "name": "a", "description": "x"}] * 2,
        [
            {"type": 3, "name": "a", "description": "x"},
            {"type": 3, "name": "b", "description": "x", "required": True},
        ],
        [{"type": 3, "name": f"n{n}", "description": "x"} for n in range(26)],
        [
            {
                "type": 3,
                "name": "a",
                "description": "x",
                "choices": [{"name": f"n{n}", "value": "x"} for n in range(26)],
            }
        ],
        [{"type": 3, "name": "a", "description": "x", "choices": [{"name": "n", "value": "x"}] * 2}],
        [
            {
                "type": 3,
                "name": "a",
                "description": "x",
                "autocomplete": True,
                "choices": [{"name": "n", "value": "x"}],
            }
        ],
        [{"type": 1, "name": "a", "description": "x"}, {"type": 3, "name": "b", "description": "x"}],
    ],
)
def test_options_of_commands_have_rules(door: Door, options: list[dict[str, Any]]) -> None:
    path = f"/applications/{door.stage.backend.application_id}/commands"
    good = {"type": 3, "name": "a", "description": "x", "required": True}
    assert door.ask("PUT", path, [{"name": "feed", "description": "x", "options": [good]}]).status == 200

    with broken_requests():
        refused = door.ask("PUT", path, [{"name": "feed", "description": "x", "options": options}])

    assert (refused.status, refused.code) == (400, 50035)


def test_two_commands_of_one_name_are_refused(door: Door) -> None:
    path = f"/applications/{door.stage.backend.application_id}/commands"
    command, menu = {"name": "Cite", "type": 3}, {"name": "cite", "description": "x"}

    assert door.ask("PUT", path, [command, menu]).status == 200
    assert door.ask("PUT", path, [command, menu, command]).code == 50035


def test_a_button_needs_a_label_or_an_emoji(door: Door) -> None:
    def row(**button: Any) -> dict[str, Any]:
        return {"components": [{"type": 1, "components": [{"type": 2, "style": 1, **button}]}]}

    assert post(door, door.stage.papers, row(custom_id="x", label="x")).status == 200
    assert post(door, door.stage.papers, row(custom_id="x", emoji={"name": "🔬"})).status == 200
    for bare in (row(custom_id="x"), row(custom_id="x", label=""), row(custom_id="x", label=None)):
        assert post(door, door.stage.papers, bare).code == 50035


def test_bulk_deletion_takes_2_to_100_different_young_messages(door: Door) -> None:
    stage = door.stage
    ids = [str(said(door, stage.papers)) for _ in range(3)]
    old = discord.utils.time_snowflake(stage.backend.clock.now() - timedelta(days=15))

    def delete(*messages: str) -> Reply:
        path = f"/channels/{stage.papers.id}/messages/bulk-delete"
        return door.ask("POST", path, {"messages": list(messages)})

    with broken_requests():
        assert delete(ids[0]).code == 50035
        assert delete(ids[0], ids[0]).code == 50035
    assert delete(ids[0], str(old)).code == 50034
    assert delete(*ids).status == 204
    assert stage.messages(stage.papers) == []


def test_a_locked_thread_is_opened_by_moderators_only(door: Door) -> None:
    stage = door.stage
    told: list[tuple[str, bool]] = []
    stage.backend.subscribers.append(
        lambda event, payload: (
            told.append((event, payload["thread_metadata"]["archived"])) if event == "THREAD_UPDATE" else None
        )
    )
    stage.forbid(stage.club, "manage_threads")
    stage.archive(stage.thread, locked=True)
    refused = post(door, stage.thread, {"content": "x"})
    assert (refused.status, refused.code) == (403, 160005)

    stage.backend.reopen(stage.thread.id)

    assert told == [("THREAD_UPDATE", True), ("THREAD_UPDATE", False)]
    assert post(door, stage.thread, {"content": "x"}).status == 200


def test_a_server_that_becomes_available_names_its_active_threads_only(door: Door) -> None:
    stage = door.stage
    shelf = stage.make_thread(stage.club, "Still open")
    stage.archive(stage.thread)

    told = stage.backend.complete_guild(
        guild_create_payload(stage.backend, stage.backend.get_guild(stage.guild.id))
    )

    assert [int(thread["id"]) for thread in told["threads"]] == [shelf.id]
