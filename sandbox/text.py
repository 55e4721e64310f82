"""Show messages as text in a terminal: embeds, components v2, buttons as [Label]."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

INDENT = "  "

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = {3: "choice", 5: "member", 6: "role", 7: "member or role", 8: "channel"}
SECTION, TEXT, SEPARATOR, CONTAINER, LABEL = 9, 10, 14, 17, 18
LINK_STYLE = 5

Payload = Mapping[str, Any]


def message_text(message: Payload, channel: str, *, note: str = "") -> str:
    """Return a message with its channel and author in the first line, the rest indented."""
    author = message["author"].get("global_name") or message["author"]["username"]
    notes = [note] if note else []
    if int(message.get("flags") or 0) & 64:
        notes.append("only you see this")
    head = f"#{channel}  {author}" + (f" ({', '.join(notes)})" if notes else "") + ":"
    lines = [INDENT + line for line in "\n".join(_body(message)).splitlines()]
    return "\n".join([head, *lines])


def modal_text(modal: Payload) -> str:
    """Return a form as text: its title, its fields with their names, and how to fill it in."""
    fields = [f"{INDENT}{name}: {label}" for name, label in _inputs(modal.get("components") or [])]
    return "\n".join([f"Form “{modal.get('title', '')}”:", *fields, f"{INDENT}(:submit NAME=VALUE …)"])


def walk(components: Sequence[Payload]) -> Iterator[Payload]:
    """Yield every component; a container comes before its content."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("accessory", "component"):
            if isinstance(component.get(single), dict):
                yield from walk([component[single]])


def _body(message: Payload) -> Iterator[str]:
    if message.get("content"):
        yield message["content"]
    for embed in message.get("embeds") or []:
        yield from _embed(embed)
    for attachment in message.get("attachments") or []:
        yield f"(file: {attachment['filename']})"
    yield from _components(message.get("components") or [])


def _embed(embed: Payload) -> Iterator[str]:
    parts = [
        (embed.get("author") or {}).get("name"),
        embed.get("title"),
        f"<{embed['url']}>" if embed.get("url") else None,
        embed.get("description"),
    ]
    parts += [f"{item['name']}\n{item['value']}" for item in embed.get("fields") or []]
    parts.append((embed.get("footer") or {}).get("text"))
    for part in parts:
        if part:
            yield from (f"| {_readable(line)}" for line in part.splitlines())


def _components(components: Sequence[Payload]) -> Iterator[str]:
    for component in components:
        kind = component["type"]
        if kind == ACTION_ROW:
            yield " ".join(_control(child) for child in component["components"])
        elif kind == TEXT:
            yield from (_readable(line) for line in component["content"].splitlines())
        elif kind == SECTION:
            yield from _components(component["components"])
            yield from _components([component["accessory"]] if component.get("accessory") else [])
        elif kind == CONTAINER:
            yield from (f"| {line}" for line in _components(component["components"]))
        elif kind == SEPARATOR:
            yield "---"
        elif kind == BUTTON:
            yield _control(component)


def _control(component: Payload) -> str:
    if component["type"] == BUTTON:
        label = component.get("label") or (component.get("emoji") or {}).get("name") or "?"
        if component.get("style") == LINK_STYLE:
            return f"[{label} → {component['url']}]"
        return f"[{label}]" + (" (off)" if component.get("disabled") else "")
    if component["type"] in SELECTS:
        shown = component.get("placeholder") or SELECTS[component["type"]]
        options = " | ".join(option["label"] for option in component.get("options") or [])
        return f"<{shown}{': ' + options if options else ''}>"
    return f"({component['type']})"


def _inputs(components: Sequence[Payload]) -> Iterator[tuple[str, str]]:
    for component in components:
        if component["type"] == LABEL:
            for name, label in _inputs([component["component"]]):
                yield name, component.get("label") or label
        elif component["type"] == ACTION_ROW:
            yield from _inputs(component["components"])
        elif "custom_id" in component:
            options = " | ".join(option["label"] for option in component.get("options") or [])
            yield component["custom_id"], component.get("label") or options


def _readable(line: str) -> str:
    """A line without Markdown's escapes, which only Discord needs."""
    return re.sub(r"\\([\\*_`~|>#\-\[\]()])", r"\1", line)
