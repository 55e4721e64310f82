"""A message as a person sees it, whichever stand-in for Discord it came from.

Both worlds, the one in memory (`support/discord_world.py`) and the one over sockets (`wire/`), answer
with `Seen`, so that a scenario can be run on both and what the user sees be compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

PRIVATE = 1 << 6  # the message flag that makes an answer visible to its asker alone
COMPONENTS_V2 = 1 << 15

BUTTON, STRING_SELECT, TEXT_DISPLAY = 2, 3, 10
LINK_STYLE = 5
SELECTS = (3, 5, 6, 7, 8)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component of a message or a modal, in reading order, containers before what they hold."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("accessory", "component"):
            if isinstance(component.get(single), dict):
                yield from walk([component[single]])


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it stood when it was looked at."""

    id: int
    channel_id: int
    author_id: int
    content: str
    embeds: tuple[discord.Embed, ...]
    components: tuple[dict[str, Any], ...]
    flags: int
    kind: int  # Discord's message type: 0 = ordinary, 19 = reply, 18 = "started a thread"
    reply_to: int | None
    attachments: tuple[str, ...]  # file names
    payload: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Seen":
        """Read a message object as Discord's API sends it."""
        reference = payload.get("message_reference") or {}
        return cls(
            id=int(payload["id"]),
            channel_id=int(payload["channel_id"]),
            author_id=int(payload["author"]["id"]),
            content=payload.get("content") or "",
            embeds=tuple(discord.Embed.from_dict(embed) for embed in payload.get("embeds") or []),
            components=tuple(payload.get("components") or []),
            flags=int(payload.get("flags") or 0),
            kind=int(payload.get("type") or 0),
            reply_to=int(reference["message_id"]) if reference.get("message_id") else None,
            attachments=tuple(item["filename"] for item in payload.get("attachments") or []),
            payload=payload,
        )

    @property
    def is_private(self) -> bool:
        """Whether only the asker sees it."""
        return bool(self.flags & PRIVATE)

    @property
    def embed(self) -> discord.Embed:
        """The only embed. Raises AssertionError if there is none or more than one."""
        assert len(self.embeds) == 1, f"{len(self.embeds)} embeds"
        return self.embeds[0]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All components, in reading order."""
        return list(walk(list(self.components)))

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons that do something here, in order; links are in `links`."""
        return [
            part.get("label") or ""
            for part in self.parts
            if part["type"] == BUTTON and part.get("style") != LINK_STYLE
        ]

    @property
    def dead_buttons(self) -> list[str]:
        """The labels of the buttons that are greyed out."""
        return [
            part.get("label") or "" for part in self.parts if part["type"] == BUTTON and part.get("disabled")
        ]

    @property
    def links(self) -> dict[str, str]:
        """Label → address of the link buttons."""
        return {
            part.get("label") or "": part["url"]
            for part in self.parts
            if part["type"] == BUTTON and part.get("style") == LINK_STYLE
        }

    @property
    def options(self) -> dict[str, str]:
        """Label → value of everything that its select menus offer."""
        return {
            option["label"]: option["value"]
            for part in self.parts
            if part["type"] == STRING_SELECT
            for option in part.get("options") or []
        }

    @property
    def text(self) -> str:
        """Everything that can be read: content, embeds, text of components v2, labels; a line each."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.author.name or "", embed.title or "", embed.description or ""]
            lines += [f"{item.name}\n{item.value}" for item in embed.fields]
            lines.append(embed.footer.text or "")
        lines += [part["content"] for part in self.parts if part["type"] == TEXT_DISPLAY]
        lines += [f"[{label}]" for label in (*self.buttons, *self.links)]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came back from one interaction: the response, then the follow-ups, as they stand now.

    A button that changes its own message has that message here. `modal` is the form that was shown, None
    if there was none; `choices` are what an autocomplete offered.
    """

    messages: tuple[Seen, ...] = ()
    modal: Mapping[str, Any] | None = None
    choices: tuple[Mapping[str, Any], ...] = ()
    source: object = field(default=None, repr=False, compare=False)  # the world's own handle, for `submit`

    @property
    def message(self) -> Seen:
        """The only message. Raises AssertionError if there is none or more than one."""
        assert len(self.messages) == 1, f"{len(self.messages)} messages: {[m.text for m in self.messages]}"
        return self.messages[0]

    @property
    def text(self) -> str:
        """Everything that can be read in it."""
        return "\n".join(message.text for message in self.messages)

    @property
    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """The form's inputs by custom_id."""
        form = list((self.modal or {}).get("components") or [])
        return {part["custom_id"]: part for part in walk(form) if "custom_id" in part}
