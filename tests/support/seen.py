"""A message as a person sees it, from either stand-in for Discord.

Both the world in memory (`support/discord_world.py`) and the one over sockets (`wire/`) return `Seen`, so
that a test can run the same scenario on both and compare what people see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

PRIVATE = 1 << 6  # the flag of messages that only one person can see
COMPONENTS_V2 = 1 << 15

BUTTON, STRING_SELECT, CHANNEL_SELECT, TEXT_DISPLAY = 2, 3, 8, 10
LINK_STYLE = 5
SELECTS = (3, 5, 6, 7, 8)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component of a message or a modal in reading order, each container before its contents."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("accessory", "component"):
            if isinstance(component.get(single), dict):
                yield from walk([component[single]])


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it was at that moment."""

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
        """Whether only the person who asked sees it."""
        return bool(self.flags & PRIVATE)

    @property
    def embed(self) -> discord.Embed:
        """Return the only embed. Raises AssertionError if there is none or more than one."""
        assert len(self.embeds) == 1, f"{len(self.embeds)} embeds"
        return self.embeds[0]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Return all components, in reading order."""
        return list(walk(list(self.components)))

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the buttons except links, in order; `links` has those."""
        return [
            part.get("label") or ""
            for part in self.parts
            if part["type"] == BUTTON and part.get("style") != LINK_STYLE
        ]

    @property
    def dead_buttons(self) -> list[str]:
        """Return the labels of the buttons that cannot be pressed."""
        return [
            part.get("label") or "" for part in self.parts if part["type"] == BUTTON and part.get("disabled")
        ]

    @property
    def links(self) -> dict[str, str]:
        """Return label → address of the link buttons."""
        return {
            part.get("label") or "": part["url"]
            for part in self.parts
            if part["type"] == BUTTON and part.get("style") == LINK_STYLE
        }

    @property
    def options(self) -> dict[str, str]:
        """Return label → value of all options of its select menus."""
        return {
            option["label"]: option["value"]
            for part in self.parts
            if part["type"] == STRING_SELECT
            for option in part.get("options") or []
        }

    @property
    def text(self) -> str:
        """Return everything that can be read, in lines: content, embeds, text of components v2, labels."""
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
    """The answer to one interaction: the response, then the follow-ups, as they are now.

    If a button changed its own message, that message is here. `modal` is the form that opened, None if none
    did; `choices` are the options of an autocomplete.
    """

    messages: tuple[Seen, ...] = ()
    modal: Mapping[str, Any] | None = None
    choices: tuple[Mapping[str, Any], ...] = ()
    source: object = field(default=None, repr=False, compare=False)  # the world's own object, for `submit`

    @property
    def message(self) -> Seen:
        """Return the only message. Raises AssertionError if there is none or more than one."""
        assert len(self.messages) == 1, f"{len(self.messages)} messages: {[m.text for m in self.messages]}"
        return self.messages[0]

    @property
    def text(self) -> str:
        """Return everything that can be read in it."""
        return "\n".join(message.text for message in self.messages)

    @property
    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """Return the inputs of the form by custom_id."""
        form = list((self.modal or {}).get("components") or [])
        return {part["custom_id"]: part for part in walk(form) if "custom_id" in part}
