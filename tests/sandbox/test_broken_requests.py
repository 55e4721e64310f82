"""Broken requests of all kinds: each is noticed for its own reason, in both stand-ins for Discord.

The description of the API names most of them (`sandbox/description.py`); what it does not say, the stand-in
refuses (`sandbox/limits.py`, `sandbox/refusals.py`, simcord).
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.description_plugin import broken_requests
from tests.support.door import DOORS, Door

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
BUTTON: dict[str, Any] = {"type": 2, "style": 1, "custom_id": "x", "label": "x"}
TEXT: dict[str, Any] = {"type": 10, "content": "x"}
V2 = 1 << 15

SEND, EDIT = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"
START, POST_IN_FORUM = "POST /channels/{channel}/threads", "POST /channels/{forum}/threads"
DELETE_IN_BULK = "POST /channels/{channel}/messages/bulk-delete"
COMMANDS = "PUT /applications/{application}/commands"
ANSWER = "POST /interactions/{interaction}/{token}/callback"


@dataclass(frozen=True, slots=True)
class Broken:
    """A request and the reason for which it is refused.

    `pointer` into the body, and words of the reason; None where only the stand-in knows the rule. `refusal`:
    words of the stand-in's own answer, None where Discord would answer: it ignores what it does not know.
    """

    request: str
    body: Any
    pointer: str | None
    reason: str = ""
    refusal: str | None = ""
    query: dict[str, str] = field(default_factory=dict)


def message(**fields: Any) -> dict[str, Any]:
    return QUIET | fields


def row(*components: Any) -> dict[str, Any]:
    return message(components=[{"type": 1, "components": list(components)}])


def panel(*components: Any) -> dict[str, Any]:
    return message(flags=V2, components=list(components))


def menu(**fields: Any) -> dict[str, Any]:
    return row({"type": 3, "custom_id": "m", "options": [{"label": "x", "value": "x"}]} | fields)


def command(**fields: Any) -> list[dict[str, Any]]:
    return [{"name": "feed", "type": 1, "description": "x"} | fields]


def option(**fields: Any) -> list[dict[str, Any]]:
    return command(options=[{"type": 3, "name": "a", "description": "x"} | fields])


def answer(kind: int, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data}


def form(**fields: Any) -> dict[str, Any]:
    line = {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "l", "style": 1}}
    return answer(9, **({"custom_id": "f", "title": "x", "components": [line]} | fields))


BROKEN = {
    # Too long, too many
    "content of 4001 characters": Broken(SEND, message(content="x" * 4001), "/content", "4000"),
    "content of 2001 characters": Broken(SEND, message(content="x" * 2001), None, refusal="content"),
    "11 embeds": Broken(SEND, message(embeds=[{"title": "x"}] * 11), "/embeds", "10"),
    "title of 257": Broken(SEND, message(embeds=[{"title": "x" * 257}]), "/embeds/0/title", "256"),
    "description of 4097": Broken(
        SEND, message(embeds=[{"description": "x" * 4097}]), "/embeds/0/description", "4096"
    ),
    "26 fields": Broken(
        SEND, message(embeds=[{"fields": [{"name": "x", "value": "x"}] * 26}]), "/embeds/0/fields", "25"
    ),
    "value of a field of 1025": Broken(
        SEND,
        message(embeds=[{"fields": [{"name": "x", "value": "x" * 1025}]}]),
        "/embeds/0/fields/0/value",
        "1024",
    ),
    "footer of 2049": Broken(
        SEND, message(embeds=[{"footer": {"text": "x" * 2049}}]), "/embeds/0/footer/text", "2048"
    ),
    "embeds of 6001 in all": Broken(
        SEND, message(embeds=[{"description": "x" * 4000}, {"description": "x" * 2001}]), None, refusal="6000"
    ),
    "nonce of 26": Broken(SEND, message(content="x", nonce="n" * 26), "/nonce", "25", refusal="nonce"),
    "6 buttons in a row": Broken(
        SEND, row(*(BUTTON | {"custom_id": str(n)} for n in range(6))), "/components/0/components", "5"
    ),
    "6 rows": Broken(
        SEND,
        message(components=[{"type": 1, "components": [BUTTON | {"custom_id": str(n)}]} for n in range(6)]),
        None,
        refusal="5 action rows",
    ),
    "41 components": Broken(SEND, panel(*[TEXT] * 41), "/components", "40"),
    "label of 81": Broken(SEND, row(BUTTON | {"label": "x" * 81}), "/components/0/components/0/label", "80"),
    "custom_id of 101": Broken(
        SEND, row(BUTTON | {"custom_id": "x" * 101}), "/components/0/components/0/custom_id", "100"
    ),
    "26 choices in a menu": Broken(
        SEND,
        menu(options=[{"label": "x", "value": str(n)} for n in range(26)]),
        "/components/0/components/0/options",
        "25",
    ),
    "name of a thread of 101": Broken(START, {"name": "x" * 101, "type": 11}, "/name", "100"),
    "6 tags": Broken(
        POST_IN_FORUM,
        {"name": "x", "message": message(content="x"), "applied_tags": [str(n) for n in range(1, 7)]},
        "/applied_tags",
        "5",
    ),
    "title of a form of 46": Broken(ANSWER, form(title="x" * 46), "/data/title", "45"),
    "26 completions": Broken(
        ANSWER, answer(8, choices=[{"name": "x", "value": "x"}] * 26), "/data/choices", "25"
    ),
    "101 messages to delete": Broken(
        DELETE_IN_BULK, {"messages": [str(n) for n in range(1, 102)]}, "/messages", "100"
    ),
    # Missing
    "nothing to send": Broken(SEND, message(), None, refusal="empty message"),
    "a file without number": Broken(
        SEND, message(content="x", attachments=[{"filename": "x"}]), "/attachments/0", '"id"', refusal="id"
    ),
    "a button without style": Broken(
        SEND,
        row({"type": 2, "custom_id": "x", "label": "x"}),
        "/components/0/components/0",
        '"style"',
    ),
    "a field without value": Broken(
        SEND, message(embeds=[{"fields": [{"name": "x"}]}]), "/embeds/0/fields/0", '"value"'
    ),
    "a thread without name": Broken(START, {"type": 11}, "", '"name"'),
    "a post without message": Broken(POST_IN_FORUM, {"name": "x", "applied_tags": []}, "", '"message"'),
    "an answer without type": Broken(ANSWER, {"data": message(content="x")}, "", '"type"', refusal="type"),
    "a command without name": Broken(COMMANDS, [{"description": "x"}], "/0", '"name"'),
    "no mentions named": Broken(SEND, {"content": "x"}, "/allowed_mentions", "is missing", refusal=None),
    "no mentions named in an edit": Broken(
        EDIT, {"embeds": [{"title": "x"}]}, "/allowed_mentions", "is missing", refusal=None
    ),
    "no mentions named in a forum": Broken(
        POST_IN_FORUM,
        {"name": "x", "message": {"content": "x"}},
        "/message/allowed_mentions",
        "is missing",
        refusal=None,
    ),
    "no mentions named in an answer": Broken(
        ANSWER, {"type": 4, "data": {"content": "x"}}, "/data/allowed_mentions", "is missing", refusal=None
    ),
    # Wrong type
    "a number as content": Broken(SEND, message(content=7), "/content", '"string"'),
    "text as colour": Broken(
        SEND, message(embeds=[{"title": "x", "color": "red"}]), "/embeds/0/color", "number"
    ),
    "an embed as embeds": Broken(SEND, message(embeds={"title": "x"}), "/embeds", '"array"'),
    "text as flags": Broken(SEND, message(content="x", flags="none"), "/flags", "number"),
    "text as tts": Broken(SEND, message(content="x", tts="no"), "/tts", "boolean", refusal="tts"),
    "text as timestamp": Broken(
        SEND, message(embeds=[{"title": "x", "timestamp": "today"}]), "/embeds/0/timestamp", "date-time"
    ),
    "text as archived": Broken(
        "PATCH /channels/{thread}", {"archived": "yes"}, "/archived", "boolean", refusal="archived"
    ),
    "a body where none is": Broken(
        "POST /channels/{channel}/typing", {"for": 5}, "", "no body", refusal=None
    ),
    # Unknown
    "an unknown property": Broken(SEND, message(content="x", ttl=5), "", "ttl", refusal="ttl"),
    "an unknown property of an embed": Broken(
        SEND, message(embeds=[{"title": "x", "colour": 1}]), "/embeds/0", "colour", refusal=None
    ),
    "an unknown query": Broken(
        "GET /channels/{channel}/messages", None, "?newest", "query", refusal=None, query={"newest": "1"}
    ),
    "limit of 101": Broken(
        "GET /channels/{channel}/messages", None, "?limit", "100", refusal="limit", query={"limit": "101"}
    ),
    "an unknown path": Broken(
        "GET /channels/{channel}/poems", None, "", "not in the description", refusal="GET"
    ),
    # Nested wrongly
    "a button without a row": Broken(SEND, message(components=[BUTTON]), "/components/0", ""),
    "a row in a row": Broken(
        SEND, row({"type": 1, "components": [BUTTON]}), "/components/0/components/0", ""
    ),
    "a button and a menu in a row": Broken(
        SEND,
        row(BUTTON, {"type": 3, "custom_id": "m", "options": [{"label": "x", "value": "x"}]}),
        None,
        refusal="one select menu",
    ),
    "a container in a container": Broken(
        SEND,
        panel({"type": 17, "components": [{"type": 17, "components": [TEXT]}]}),
        "/components/0/components/0",
        "",
    ),
    "a section without accessory": Broken(
        SEND, panel({"type": 9, "components": [TEXT]}), "/components/0", "accessory"
    ),
    "a panel without its flag": Broken(SEND, message(components=[TEXT]), None, refusal="flag"),
    "a panel with content": Broken(SEND, panel(TEXT) | {"content": "x"}, None, refusal="content"),
    # Emoji and ids
    "an emoji as text": Broken(
        SEND, row(BUTTON | {"emoji": "x"}), "/components/0/components/0/emoji", '"object"'
    ),
    "an emoji that is a word": Broken(SEND, row(BUTTON | {"emoji": {"name": "word"}}), None, refusal="emoji"),
    "letters as id": Broken(
        SEND,
        message(content="x", message_reference={"message_id": "newest"}),
        "/message_reference/message_id",
        "",
    ),
    "an id with a sign": Broken(
        SEND,
        {"content": "x", "allowed_mentions": {"parse": [], "users": ["-1"]}},
        "/allowed_mentions/users/0",
        "",
    ),
    # Two of a union
    "a link with a custom_id": Broken(
        SEND, row(BUTTON | {"style": 5, "url": "https://example.org/"}), None, refusal="custom_id"
    ),
    "a menu with the fields of another": Broken(
        SEND,
        menu(channel_types=[0]),
        "/components/0/components/0",
        "channel_types",
        refusal=None,
    ),
    "a completion with a message": Broken(
        ANSWER, answer(8, choices=[], content="x"), "/data", "content", refusal=None
    ),
    # Twice
    "one custom_id twice": Broken(SEND, row(BUTTON, BUTTON), None, refusal="not unique"),
    "one value twice": Broken(
        SEND, menu(options=[{"label": "x", "value": "x"}] * 2), None, refusal="not unique"
    ),
    "one member to mention twice": Broken(
        SEND,
        {"content": "x", "allowed_mentions": {"users": ["1", "1"]}},
        "/allowed_mentions/users",
        "unique",
    ),
    "one message to delete twice": Broken(DELETE_IN_BULK, {"messages": ["1", "1"]}, "/messages", "unique"),
    # Commands
    "a name with a space": Broken(COMMANDS, command(name="feed add"), None, refusal="feed add"),
    "a name in capitals": Broken(COMMANDS, command(name="Feed"), None, refusal="Feed"),
    "a name of 33": Broken(COMMANDS, command(name="x" * 33), "/0/name", "32"),
    "an option that is needed after one that is not": Broken(
        COMMANDS,
        command(
            options=[
                {"type": 3, "name": "a", "description": "x"},
                {"type": 3, "name": "b", "description": "x", "required": True},
            ]
        ),
        None,
        refusal="required",
    ),
    "26 options": Broken(
        COMMANDS,
        command(options=[{"type": 3, "name": f"n{n}", "description": "x"} for n in range(26)]),
        "/0/options",
        "25",
    ),
    "an option of no type": Broken(COMMANDS, option(type=99), "/0/options/0", ""),
    "a description of 101": Broken(
        COMMANDS, option(description="x" * 101), "/0/options/0/description", "100"
    ),
    "two options of one name": Broken(
        COMMANDS,
        command(options=[{"type": 3, "name": "a", "description": "x"}] * 2),
        None,
        refusal="more than once",
    ),
}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    return DOORS[request.param]()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_request_is_noticed_for_its_own_reason(door: Door, name: str) -> None:
    broken = BROKEN[name]
    stage = door.stage
    mine = stage.backend.create_message(stage.papers.id, stage.backend.bot_user.id, "hello")
    interaction = stage.backend.new_interaction(2, stage.papers.id, stage.reader.id, stage.guild.id)
    method, path = broken.request.format(
        channel=stage.papers.id,
        forum=stage.forum.id,
        thread=stage.thread.id,
        message=mine.id,
        application=stage.backend.application_id,
        interaction=interaction.id,
        token=interaction.token,
    ).split(" ")

    with broken_requests() as found:
        reply = door.ask(method, path, broken.body, params=broken.query)

    if broken.pointer is None:
        assert found == []
    else:
        assert [each.pointer for each in found] == [broken.pointer]
        assert broken.reason in found[0].reason
    if broken.refusal is None:
        assert reply.status < 400, "Discord ignores what it does not know"
    else:
        assert reply.status in (400, 501)
        assert broken.refusal in reply.body["message"]


def test_there_are_at_least_63_kinds() -> None:
    assert len(BROKEN) >= 63
