"""Turn typed lines into simcord's actions: messages, commands, presses, forms."""

import re
from typing import Any

import simcord
from simcord.backend.models import Message
from simcord.results import ResponseMessage

from sandbox.stage import Channel, Stage
from sandbox.text import BUTTON, LINK_STYLE, SELECTS, Payload, walk

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10

_CHANNEL = re.compile(r"(?<!\S)#([\w-]+)")
_ROLE = re.compile(r"(?<!\S)@([\w-]+)")
_WORD = re.compile(r'"([^"]*)"|(\S+)')


class TypedError(Exception):
    """A typed line that cannot be carried out; the text gives the reason for the console."""


async def say(stage: Stage, text: str) -> None:
    """Send a message to the current channel; `#name` and `@role` become mentions."""

    def mention(found: re.Match[str]) -> str:
        channel = stage.find_channel(found[1])
        return f"<#{channel.id}>" if channel else found[0]

    def role(found: re.Match[str]) -> str:
        named = stage.find_role(found[1])
        return f"<@&{named.id}>" if named else found[0]

    await stage.person.send(stage.channel, _ROLE.sub(role, _CHANNEL.sub(mention, text)))


async def slash(stage: Stage, text: str) -> simcord.InteractionResult:
    """Use a slash command, typed as `/feed add journal:… channel:#papers`."""
    words = text.removeprefix("/").split()
    backend = stage.env.backend
    root = backend.find_command(words[0], stage.guild.id) if words else None
    if root is None:
        known = sorted(f"/{name}" for name, kind in backend.commands.get(None, {}) if kind == 1)
        raise TypedError(f"there is no /{words[0] if words else ''}. Known: {', '.join(known)}")
    path, leaf = [words[0]], root
    for word in words[1:]:
        children = [o for o in leaf.get("options") or [] if o["type"] in (1, 2) and o["name"] == word]
        if not children:
            break
        path.append(word)
        leaf = children[0]
    rest = text.removeprefix("/").split(maxsplit=len(path))[len(path) :]
    options = _options(stage, leaf, rest[0] if rest else "")
    return await stage.person.slash(stage.channel, " ".join(path), **options)


async def press(stage: Stage, label: str) -> simcord.InteractionResult | str:
    """Press the newest button with that label; for a link, return its address."""
    for message, part in _controls(stage):
        if part["type"] == BUTTON and (part.get("label") or "").casefold() == label.casefold():
            if part.get("style") == LINK_STYLE:
                return str(part["url"])
            if not part.get("disabled"):
                return await stage.person.click(_handle(stage, message), custom_id=part["custom_id"])
    raise TypedError(f"there is no button [{label}] here.")


async def choose(stage: Stage, text: str) -> simcord.InteractionResult:
    """Choose from the newest menu that offers it; several choices are separated by " | "."""
    wanted = [choice.strip() for choice in text.split("|")]
    for message, part in _controls(stage):
        if part["type"] not in SELECTS or part.get("disabled"):
            continue
        values = _chosen(stage, part, wanted)
        if values is not None:
            return await stage.person.select(_handle(stage, message), values, custom_id=part["custom_id"])
    raise TypedError(f"no menu here offers {text!r}.")


async def submit(stage: Stage, shown: simcord.InteractionResult, text: str) -> simcord.InteractionResult:
    """Fill in a form, typed as `name=value name="two words"`."""
    form = shown.modal or {}
    inputs = [part for part in walk(form.get("components") or []) if "custom_id" in part]
    spans = list(re.finditer(r'([\w:.-]+)=("[^"]*"|\S*)', text))
    given = {span[1]: span[2].strip('"') for span in spans}
    if not given and len(inputs) == 1:
        given = {inputs[0]["custom_id"]: text}
    values: dict[str, Any] = {}
    for part in inputs:
        name = part["custom_id"]
        if name in given:
            values[name] = _field(stage, part, given.pop(name))
    if given:
        raise TypedError(
            f"The form has no {', '.join(given)}; it has {', '.join(p['custom_id'] for p in inputs)}."
        )
    return await stage.person.submit_modal(shown, values)


def _field(stage: Stage, part: Payload, text: str) -> Any:
    if part["type"] in SELECTS or part["type"] == 22:
        chosen = _chosen(stage, part, [choice.strip() for choice in text.split("|")])
        if chosen is None:
            raise TypedError(f"{part['custom_id']} does not offer {text!r}.")
        return chosen
    if part["type"] == 21:
        return (_chosen(stage, part, [text]) or [text])[0]
    if part["type"] == 23:
        return text.casefold() in ("yes", "true", "on")
    return text


def _chosen(stage: Stage, part: Payload, wanted: list[str]) -> list[Any] | None:
    if SELECTS.get(part["type"]) == "channel":
        channels = [stage.find_channel(name) for name in wanted]
        return None if None in channels else list(channels)
    if part.get("options") is None:
        return None
    offered = {option["label"].casefold(): option["value"] for option in part["options"]}
    offered |= {option["value"].casefold(): option["value"] for option in part["options"]}
    values = [offered.get(choice.casefold()) for choice in wanted]
    return None if None in values else list(values)


def _options(stage: Stage, leaf: dict[str, Any], text: str) -> dict[str, Any]:
    declared = {option["name"]: option for option in leaf.get("options") or []}
    if not text:
        return {}
    names = "|".join(map(re.escape, declared))
    marks = list(re.finditer(rf"(?:^|\s)({names}):", text)) if declared else []
    if not marks:
        if not declared:
            raise TypedError(f"/{leaf['name']} has no options.")
        first = next(iter(declared.values()))
        return {first["name"]: _value(stage, first, text)}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {
        mark[1]: _value(stage, declared[mark[1]], text[mark.end() : end].strip().strip('"'))
        for mark, end in zip(marks, ends, strict=True)
    }


def _value(stage: Stage, option: dict[str, Any], text: str) -> Any:
    kind = option["type"]
    for choice in option.get("choices") or []:
        if text.casefold() in (choice["name"].casefold(), str(choice["value"]).casefold()):
            return choice["value"]
    if kind in (INTEGER, NUMBER):
        try:
            return int(text) if kind == INTEGER else float(text)
        except ValueError:
            raise TypedError(f"{option['name']} is a number, not {text!r}.") from None
    if kind == BOOLEAN:
        return text.casefold() in ("true", "yes", "1")
    if kind == CHANNEL:
        return _known_channel(stage, text)
    if kind == ROLE:
        return _known_role(stage, text)
    if kind in (USER, MENTIONABLE):
        return stage.moderator if text.removeprefix("@") == "moderator" else stage.reader
    return text


def _known_channel(stage: Stage, text: str) -> Channel:
    channel = stage.find_channel(text)
    if channel is None:
        raise TypedError(
            f"There is no channel {text!r}. There are: {', '.join('#' + n for n in stage.channels)}."
        )
    return channel


def _known_role(stage: Stage, text: str) -> simcord.RoleHandle:
    role = stage.find_role(text)
    if role is None:
        raise TypedError(
            f"There is no role {text!r}. There are: {', '.join('@' + n for n in stage.guild.roles)}."
        )
    return role


def _controls(stage: Stage) -> list[tuple[Message, dict[str, Any]]]:
    """Return the visible buttons and menus: the current channel first, then the newest message first."""
    seen = [message for message in stage.messages() if message.visible_to(stage.person.id)]
    seen.sort(key=lambda message: (message.channel_id == stage.channel.id, message.id), reverse=True)
    return [(message, dict(part)) for message in seen for part in walk(message.components)]


def _handle(stage: Stage, message: Message) -> ResponseMessage:
    return ResponseMessage(stage.env, message)
