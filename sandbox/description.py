"""Each request of the bot, held against Discord's own description of its API.

The description is `discord_description.json`, written by `scripts/discord_description.py`. It is strict: an
unknown path, query parameter or property is a violation, as is every broken rule. Discord's unions mean
exactly one member (`x-discord-union`); objects are strict, so only an empty value fits two of them. What is
found never changes an answer: it is handed to `listeners`, by default to the log, and
`tests/description_plugin.py` lets the test fail.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs

FILE = Path(__file__).with_name("discord_description.json")
_log = logging.getLogger(__name__)

Schema = dict[str, Any]

# The only exceptions, each with its reason: (schema, property) and (operation, query parameter).
# One more is in `_lenient`: discord.py sends ids as integers.
SAME_FIELDS = "discord.py sends the same fields with an edit, an answer or a forum post as with any post"
EXTRA_PROPERTIES = {
    ("RichEmbed", "flags"): "discord.py writes back the flags that an embed came with",
    ("MessageEditRequestPartial", "tts"): SAME_FIELDS,
    ("IncomingWebhookUpdateRequestPartial", "tts"): SAME_FIELDS,
    ("IncomingWebhookUpdateForInteractionCallbackRequestPartial", "tts"): SAME_FIELDS,
    ("BaseCreateMessageCreateRequest", "tts"): SAME_FIELDS,
    ("CreateForumThreadRequest", "type"): "discord.py says what a forum post is: a public thread",
    ("ApplicationCommandUpdateRequest", "nsfw"): "documented, and missing in this description",
}
TEXTS = {
    ("CreateRoleRequest", "permissions"): "documented as a text, which discord.py sends; a number here",
}
EXTRA_QUERIES = {
    ("POST /channels/{channel_id}/threads", "use_nested_fields"): "discord.py asks so for the first message",
}
MEDIA_CHANNEL = 16  # documented, and missing in this description; discord.py counts it among the forums


@dataclass(frozen=True, slots=True)
class Violation:
    """What a request, or an answer to it, has that Discord does not know or allow.

    `pointer` is the JSON pointer into the body ("/embeds/0/title"), "?name" a query parameter, "" the whole.
    """

    method: str
    path: str
    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.pointer}: {self.reason}"


def log(violation: Violation) -> None:
    """Write a violation into the log."""
    _log.error("Discord's description does not allow this request: %s", violation)


listeners: list[Callable[[Violation], None]] = [log]


def watch(method: str, path: str, params: Mapping[str, Any], body: Any) -> None:
    """Tell the listeners what is wrong with a request; one of `rules.witnesses`."""
    for violation in of_request(method, path, params, body):
        for listener in listeners:
            listener(violation)


def watch_answer(method: str, path: str, status: int, body: Any) -> None:
    """Tell the listeners what is wrong with an answer to a request."""
    for violation in of_answer(method, path, status, body):
        for listener in listeners:
            listener(violation)


def of_request(method: str, path: str, params: Mapping[str, Any], body: Any) -> Iterator[Violation]:
    """Yield what is wrong with a request."""
    operation = operation_of(method, path)
    if operation is None:
        yield Violation(method, path, "", "is not in the description; see OPERATIONS of its script")
        return
    known = description()["operations"][operation]["query"]
    for name, value in params.items():
        if (operation, name) in EXTRA_QUERIES:
            continue
        if name not in known:
            yield Violation(method, path, f"?{name}", "is no query parameter of this request")
        else:
            check = _validator(f"{operation}?{name}", known[name])
            yield from _violations(method, path, check, _typed(str(value), known[name]), f"?{name}")
    schema = description()["operations"][operation]["body"]
    if schema is None:
        if body is not None:
            yield Violation(method, path, "", "this request has no body")
    else:
        yield from _violations(method, path, _validator(operation, schema), body)
    yield from _silent_about_mentions(method, path, operation, body)


def of_answer(method: str, path: str, status: int, body: Any) -> Iterator[Violation]:
    """Yield what is wrong with an answer to a request; properties that Discord may add are no violation."""
    operation = operation_of(method, path)
    if operation is None:
        return
    answers = description()["operations"][operation]["answers"]
    key = str(status) if str(status) in answers else f"{status // 100}XX"
    if key not in answers:
        yield Violation(method, path, "", f"is never answered with {status}, but with {', '.join(answers)}")
    elif answers[key] is not None:
        check = _validator(f"{operation} {key}", answers[key], is_request=False)
        yield from _violations(method, path, check, body)
    elif body is not None:
        yield Violation(method, path, "", f"{status} has no body")


@cache
def description() -> dict[str, Any]:
    """Return the file's content, with the type of channel that it lacks."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    content["schemas"]["ChannelTypes"]["enum"].append(MEDIA_CHANNEL)
    return content


@lru_cache(maxsize=4096)
def operation_of(method: str, path: str) -> str | None:
    """Return the name in the description ("GET /channels/{channel_id}"), None if it has none."""
    for pattern, name in _patterns():
        if pattern.fullmatch(f"{method} {path}"):
            return name
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return each operation with the pattern of its requests, those with the fewest gaps first."""
    names = sorted(description()["operations"], key=lambda name: name.count("{"))
    ids = {name: re.sub(r"\\\{(\w+)\\\}", _segment, re.escape(name)) for name in names}
    return [(re.compile(pattern), name) for name, pattern in ids.items()]


def _segment(gap: re.Match[str]) -> str:
    return r"\d+" if gap[1].endswith("_id") else "[^/]+"


# Mentions -----------------------------------------------------------------------------------------------

_SHOWN = ("content", "embeds", "components")
_WITH_MESSAGE = re.compile(
    r"POST /channels/\{\w+\}/(?:messages|threads)|PATCH /channels/\{\w+\}/messages/\{\w+\}"
    r"|POST /webhooks/\{\w+\}/\{\w+\}|PATCH /webhooks/\{\w+\}/\{\w+\}/messages/(?:@original|\{\w+\})"
    r"|POST /interactions/.*"
)
_WITHOUT_MESSAGE = (8, 9)  # answers to interactions that complete what is typed, or open a form


def _silent_about_mentions(method: str, path: str, operation: str, body: Any) -> Iterator[Violation]:
    """Yield a violation if the request shows text and does not say whom it may mention."""
    if not _WITH_MESSAGE.fullmatch(operation) or not isinstance(body, Mapping):
        return
    if body.get("type") in _WITHOUT_MESSAGE:
        return
    for place in ("", "data", "message"):
        part = body.get(place) if place else body
        if (
            isinstance(part, Mapping)
            and any(part.get(name) for name in _SHOWN)
            and part.get("allowed_mentions") is None
        ):
            pointer = f"/{place}/allowed_mentions" if place else "/allowed_mentions"
            yield Violation(method, path, pointer, "is missing in a request that shows text")


# Schemas ------------------------------------------------------------------------------------------------


@cache
def _lenient() -> dict[str, Schema]:
    """Return the schemas with the exceptions: those for requests."""
    schemas: dict[str, Schema] = deepcopy(description()["schemas"])
    schemas["SnowflakeType"] = {**schemas["SnowflakeType"], "type": ["string", "integer"], "minimum": 0}
    for schema, name in EXTRA_PROPERTIES:
        schemas[schema]["properties"][name] = {}
    for schema, name in TEXTS:
        schemas[schema]["properties"][name] = {"type": "string"}
    return schemas


@cache
def _open() -> dict[str, Schema]:
    """Return the schemas without "no further properties": those for answers, to which Discord adds some."""
    opened: dict[str, Schema] = _without_end(description()["schemas"])
    return opened


def _without_end(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_end(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_end(value)
        for key, value in schema.items()
        if not (key == "additionalProperties" and value is False)
    }


_validators: dict[tuple[str, bool], jsonschema_rs.Draft202012Validator] = {}


def _validator(name: str, schema: Schema, *, is_request: bool = True) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a schema, built once in a process; `name` tells schemas without $ref apart."""
    key = (schema.get("$ref", name), is_request)
    if key not in _validators:
        whole = {**schema, "$defs": _lenient() if is_request else _open()}
        _validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, mask="it")
    return _validators[key]


def _typed(text: str, schema: Schema) -> Any:
    """Return a query parameter as what its schema calls for; as it is if it cannot be that."""
    schema = description()["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    if schema.get("type") == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if schema.get("type") in ("number", "integer"):
        return int(text) if re.fullmatch(r"-?\d+", text) else text
    return text


def _violations(
    method: str, path: str, check: jsonschema_rs.Draft202012Validator, value: Any, prefix: str = ""
) -> Iterator[Violation]:
    if check.is_valid(value):
        return
    for error in _causes(check.iter_errors(value)):
        place = "".join(f"/{part}" for part in error.instance_path)
        yield Violation(method, path, prefix + place, error.message)


def _causes(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """Yield the errors; of a union those of the member that was meant, or the union's own if none was."""
    for error in errors:
        members: Sequence[Sequence[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", ())
        place = list(error.instance_path)
        meant = min(members, key=lambda member: _distance(member, place), default=())
        if not meant or [*place, "type"] in _places(meant):
            yield error
        else:
            yield from _causes(meant)


def _distance(
    errors: Sequence[jsonschema_rs.ValidationError], place: list[str | int]
) -> tuple[bool, bool, int, int]:
    """Return how far a value is from one member of a union.

    That is: another JSON type, another number in `type`, unknown properties, errors at all.
    """
    places = _places(errors)
    unknown = sum(len(getattr(error.kind, "unexpected", ())) for error in errors)
    is_other_type = errors[0].kind.name == "type" and places[0] == place
    return is_other_type, [*place, "type"] in places, unknown, len(errors)


def _places(errors: Sequence[jsonschema_rs.ValidationError]) -> list[list[str | int]]:
    return [list(error.instance_path) for error in errors]
