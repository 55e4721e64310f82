"""Discord's limits on what a bot sends (faults.md), each in UTF-16 units, which are never fewer than code
points: a payload that passes here passes whichever of the two Discord counts.

simcord has many of these rules too, in code points; these come first. So do rules about commands and
buttons of which Discord's description of its API says nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from simcord.backend.errors import BackendError

from sandbox.text import SELECTS, walk

EMBEDS_TOTAL = 6000
COMPONENTS_TOTAL = 4000
COMMAND_TOTAL = 8000
COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
CHAT_INPUT = 1
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
OPTION_TYPES = range(1, 12)


def size(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(body: Mapping[str, Any]) -> None:
    """Check the body of a send or an edit. Raises BackendError 400, 50035, as Discord would."""
    _raise_first(_message_faults(body))


def check_thread(body: Mapping[str, Any]) -> None:
    """Check the name, the tags and, for a forum post, the message of a new thread."""
    _raise_first(_thread_faults(body))


def check_callback(body: Mapping[str, Any]) -> None:
    """Check the answer to an interaction: a message, a form, or choices."""
    data = body.get("data") or {}
    if body.get("type") is None:
        _raise_first(iter(["type: this field is required"]))
    elif body.get("type") == 9:
        _raise_first(_modal_faults(data))
    elif body.get("type") == 8:
        _raise_first(_choice_faults(data.get("choices") or [], "data.choices"))
    else:
        _raise_first(_message_faults(data))


def check_channel(body: Mapping[str, Any]) -> None:
    """Check what a thread becomes."""
    names = ("archived", "locked", "invitable")
    _raise_first(
        f"{name}: must be true or false" for name in names if not isinstance(body.get(name, True), bool)
    )


def check_commands(body: Sequence[Mapping[str, Any]]) -> None:
    """Check a whole set of commands."""
    _raise_first(_command_faults(body))


CHECKS: list[tuple[str, re.Pattern[str], Callable[[Any], None]]] = [
    (method, re.compile(pattern), check)
    for method, pattern, check in (
        ("POST", r"/channels/\d+/messages", check_message),
        ("PATCH", r"/channels/\d+/messages/\d+", check_message),
        ("PATCH", r"/channels/\d+", check_channel),
        ("POST", r"/channels/\d+/threads", check_thread),
        ("POST", r"/channels/\d+/messages/\d+/threads", check_thread),
        ("POST", r"/webhooks/\d+/[^/]+", check_message),
        ("PATCH", r"/webhooks/\d+/[^/]+/messages/[^/]+", check_message),
        ("POST", r"/interactions/\d+/[^/]+/callback", check_callback),
        ("PUT", r"/applications/\d+/(?:guilds/\d+/)?commands", check_commands),
    )
]


def check_request(method: str, path: str, body: Any) -> None:
    """Check a request's body by what it asks for. Raises BackendError 400, 50035."""
    for its_method, its_path, check in CHECKS:
        if its_method == method and its_path.fullmatch(path):
            check(body or {})


def _raise_first(faults: Iterator[str]) -> None:
    fault = next(faults, None)
    if fault is not None:
        raise BackendError(400, 50035, f"Invalid Form Body: {fault}")


def _too_long(where: str, text: object, most: int, least: int = 0) -> Iterator[str]:
    if text is None and least == 0:
        return
    if not isinstance(text, str):
        yield f"{where}: must be a string"
    elif not least <= size(text.strip()) <= most:
        yield f"{where}: must be between {least} and {most} in length, is {size(text.strip())}"


def _message_faults(body: Mapping[str, Any]) -> Iterator[str]:
    for name in ("embeds", "components"):
        part = body.get(name) or []
        if not isinstance(part, list) or not all(isinstance(each, Mapping) for each in part):
            yield f"{name}: must be a list of objects"
            return
    reference = body.get("message_reference") or {}
    if not str(reference.get("message_id", 0)).isdecimal():
        yield f"message_reference.message_id: {reference['message_id']!r} is not snowflake"
    for index, item in enumerate(body.get("attachments") or []):
        if not isinstance(item, Mapping) or item.get("id") is None:
            yield f"attachments[{index}].id: this field is required"
    yield from _too_long("content", body.get("content"), 2000)
    if isinstance(body.get("nonce"), str):
        yield from _too_long("nonce", body["nonce"], 25)
    embeds = body.get("embeds") or []
    if len(embeds) > 10:
        yield "embeds: must be 10 or fewer in length"
    total = 0
    for index, embed in enumerate(embeds):
        yield from _embed_faults(f"embeds[{index}]", embed)
        total += sum(size(text.strip()) for text in _embed_texts(embed))
    if total > EMBEDS_TOTAL:
        yield f"embeds: {total} characters in all, {EMBEDS_TOTAL} allowed"
    yield from _component_faults(body.get("components") or [])


def _embed_texts(embed: Mapping[str, Any]) -> Iterator[str]:
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    yield (embed.get("footer") or {}).get("text") or ""
    yield (embed.get("author") or {}).get("name") or ""
    for item in embed.get("fields") or []:
        yield item.get("name") or ""
        yield item.get("value") or ""


def _embed_faults(where: str, embed: Mapping[str, Any]) -> Iterator[str]:
    yield from _too_long(f"{where}.title", embed.get("title"), 256)
    yield from _too_long(f"{where}.description", embed.get("description"), 4096)
    yield from _too_long(f"{where}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    yield from _too_long(f"{where}.author.name", (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    if len(fields) > 25:
        yield f"{where}.fields: must be 25 or fewer in length"
    for index, item in enumerate(fields):
        yield from _too_long(f"{where}.fields[{index}].name", item.get("name"), 256, 1)
        yield from _too_long(f"{where}.fields[{index}].value", item.get("value"), 1024, 1)
    color = embed.get("color")
    if color is not None and not (isinstance(color, int) and 0 <= color <= 0xFFFFFF):
        yield f"{where}.color: must be a number from 0 to 16777215"
    if embed.get("timestamp") is not None and not _is_instant(embed["timestamp"]):
        yield f"{where}.timestamp: could not parse {embed['timestamp']!r}"
    for owner in (embed, embed.get("author") or {}):
        yield from _address_faults(f"{where}.url", owner.get("url"), ("http", "https"))
    if not any(embed.get(part) for part in ("title", "description", "fields", "author", "footer", "image")):
        yield f"{where}: this field is required"


def _is_instant(text: object) -> bool:
    try:
        datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _address_faults(where: str, address: object, schemes: tuple[str, ...]) -> Iterator[str]:
    if address is None:
        return
    if not isinstance(address, str) or not re.match(rf"(?:{'|'.join(schemes)})://[^\s/]+", address):
        yield f"{where}: not a well formed URL: {address!r}"
    elif size(address) > 2048:
        yield f"{where}: must be 2048 or fewer in length"


def _component_faults(components: list[dict[str, Any]]) -> Iterator[str]:
    shown = 0
    parts = list(walk(components))
    if len(parts) > 40:
        yield f"components: {len(parts)}, 40 allowed"
    for part in parts:
        where = f"components(type {part.get('type')})"
        if part.get("custom_id") is not None:
            yield from _too_long(f"{where}.custom_id", part["custom_id"], 100, 1)
        if part.get("type") == 2:
            yield from _too_long(f"{where}.label", part.get("label"), 80)
            if not (part.get("label") or part.get("emoji") or part.get("sku_id")):
                yield f"{where}: a button needs a label or an emoji"
            yield from _emoji_faults(where, part.get("emoji"))
            yield from _button_address_faults(where, part)
        elif part.get("type") in SELECTS:
            yield from _select_faults(where, part)
        elif part.get("type") == 10:
            yield from _too_long(f"{where}.content", part.get("content"), COMPONENTS_TOTAL, 1)
            shown += size(part.get("content") or "")
    if shown > COMPONENTS_TOTAL:
        yield f"components: {shown} characters shown, {COMPONENTS_TOTAL} allowed"


def _emoji_faults(where: str, emoji: object) -> Iterator[str]:
    if isinstance(emoji, Mapping) and not emoji.get("id") and str(emoji.get("name") or "").isascii():
        yield f"{where}.emoji.name: {emoji.get('name')!r} is not an emoji"


def _button_address_faults(where: str, part: Mapping[str, Any]) -> Iterator[str]:
    if part.get("url") is None:
        return
    if size(str(part["url"])) > 512:
        yield f"{where}.url: must be 512 or fewer in length"
    yield from _address_faults(f"{where}.url", part["url"], ("http", "https", "discord"))


def _select_faults(where: str, part: Mapping[str, Any]) -> Iterator[str]:
    yield from _too_long(f"{where}.placeholder", part.get("placeholder"), 150)
    options = part.get("options") or []
    if part.get("type") == 3 and not 1 <= len(options) <= 25:
        yield f"{where}.options: must be between 1 and 25 in length"
    for option in options:
        yield from _too_long(f"{where}.options.label", option.get("label"), 100, 1)
        yield from _too_long(f"{where}.options.value", option.get("value"), 100, 1)
        yield from _too_long(f"{where}.options.description", option.get("description"), 100)
        yield from _emoji_faults(f"{where}.options", option.get("emoji"))


def _thread_faults(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _too_long("name", body.get("name"), 100, 1)
    if len(body.get("applied_tags") or []) > 5:
        yield "applied_tags: must be 5 or fewer in length"
    if body.get("message") is not None:
        yield from _message_faults(body["message"])


def _modal_faults(data: Mapping[str, Any]) -> Iterator[str]:
    yield from _too_long("data.title", data.get("title"), 45, 1)
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        yield "data.components: must be between 1 and 5 in length"
    for part in walk(components):
        yield from _too_long("label", part.get("label"), 45)
        yield from _too_long("description", part.get("description"), 100)
        if part.get("type") == 4:
            yield from _too_long("placeholder", part.get("placeholder"), 100)
            yield from _too_long("value", part.get("value"), 4000)
        elif part.get("type") in SELECTS:
            yield from _select_faults("select", part)


def _choice_faults(choices: Sequence[Mapping[str, Any]], where: str) -> Iterator[str]:
    if len(choices) > 25:
        yield f"{where}: must be 25 or fewer in length"
    for choice in choices:
        yield from _too_long(f"{where}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            yield from _too_long(f"{where}.value", choice["value"], 100)


def _command_faults(body: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if sum(command.get("type", CHAT_INPUT) == CHAT_INPUT for command in body) > 100:
        yield "commands: 100 at most"
    names = ((command.get("type", CHAT_INPUT), command.get("name")) for command in body)
    yield from _duplicate_faults("commands", names)
    for command in body:
        name = command.get("name") or ""
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            yield from _option_faults(command, name)
            if _command_size(command) > COMMAND_TOTAL:
                yield f"{name}: {_command_size(command)} characters in all, {COMMAND_TOTAL} allowed"
        else:
            yield from _too_long(f"{name}.name", name, 32, 1)


def _option_faults(option: Mapping[str, Any], where: str) -> Iterator[str]:
    name = option.get("name") or ""
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield f"{where}.name: {name!r} is not a name of a command"
    yield from _too_long(f"{where}.description", option.get("description"), 100, 1)
    choices = option.get("choices") or []
    yield from _choice_faults(choices, f"{where}.choices")
    yield from _duplicate_faults(f"{where}.choices", (choice.get("name") for choice in choices))
    if choices and option.get("autocomplete"):
        yield f"{where}.autocomplete: an option with choices completes nothing"
    children = option.get("options") or []
    if len(children) > 25:
        yield f"{where}.options: must be 25 or fewer in length"
    yield from _duplicate_faults(f"{where}.options", (child.get("name") for child in children))
    yield from _order_faults(children, where)
    for child in children:
        if child.get("type") not in OPTION_TYPES:
            yield f"{where}.options.type: {child.get('type')!r} is not a type of option"
        yield from _option_faults(child, f"{where}.{child.get('name')}")


def _order_faults(options: Sequence[Mapping[str, Any]], where: str) -> Iterator[str]:
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield f"{where}.options: required options must be placed before those that are not"
    nested = {option.get("type") in (SUBCOMMAND, SUBCOMMAND_GROUP) for option in options}
    if len(nested) > 1:
        yield f"{where}.options: sub-commands and options cannot be mixed"


def _duplicate_faults(where: str, names: Iterable[object]) -> Iterator[str]:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        yield f"{where}: {repeated[0]!r} is there more than once"


def _command_size(option: Mapping[str, Any]) -> int:
    own = size(option.get("name") or "") + size(option.get("description") or "")
    choices = sum(size(c["name"]) + size(str(c["value"])) for c in option.get("choices") or [])
    return own + choices + sum(map(_command_size, option.get("options") or []))
