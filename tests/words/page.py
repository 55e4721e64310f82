"""How docs/words.md shows a message: what brings it about, its text, its buttons, its menus, its form."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import discord

from tests.support.facts import Sayable, controls, text_of
from tests.support.seen import Answer, Seen, walk

_RANDOM = (
    (re.compile(r"\bW-[2-9A-Z]{4}\b"), "W-7K3F"),
    (re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+"), "https://journals.example"),
    (re.compile(r"https://discord\.com/channels/[\d/]+"), "https://discord.com/channels/…"),
    (re.compile(r"<t:-?\d+:R>"), "‹3 minutes ago›"),
    (re.compile(r"<t:-?\d+:d>"), "‹14/01/2026›"),
    (re.compile(r"<t:-?\d+(?::f)?>"), "‹14 January 2026 08:31›"),
    (re.compile(r"<@&\d+>"), "@Moderators"),
    (re.compile(r"<@!?\d+>"), "@ann.sample"),
    (re.compile(r"\bwr-[0-9a-f]+\b"), "wr-2a"),
    ("\u200b", ""),
    ("\u00a0", " "),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that Wetread says. `cause`: what brings it about."""

    cause: str
    said: Sayable


class Page:
    """The document, section by section."""

    def __init__(self, channels: Mapping[int, str]) -> None:
        """Take the names of the channels, by their ids."""
        self.channels = channels
        self._lines: list[str] = []

    def heading(self, title: str, *lines: str) -> None:
        """Begin a section."""
        self._lines += [f"## {title}", "", *(f"{line}\n" for line in lines)]

    def line(self, text: str) -> None:
        """Add a line of Markdown."""
        self._lines.append(self._settled(text))

    def add(self, entries: Iterable[Entry]) -> None:
        """Add what is said, each with what brings it about."""
        for entry in entries:
            self._lines += [f"**{entry.cause}**", "", *self._quoted(self._shown(entry.said)), ""]

    def text(self) -> str:
        """Return the whole document."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip() + "\n"

    def _shown(self, said: Sayable) -> list[str]:
        if isinstance(said, Answer) and said.modal is not None:
            return list(_form(said.modal))
        if isinstance(said, discord.ui.Modal):
            return list(_form(said.to_dict()))
        lines = text_of(said).splitlines()
        if isinstance(said, Seen):
            lines += [f"Attached: {name}" for name in said.attachments]
        pressed = [f"[{each.label}]" for each in controls(said) if each.kind != "menu"]
        lines += [" ".join(pressed)] if pressed else []
        for each in controls(said):
            if each.kind == "menu":
                name = f"Menu “{each.label}”" if each.label else "Menu"
                lines.append(f"{name}: {' · '.join(each.options)}")
        return lines

    def _quoted(self, lines: Iterable[str]) -> list[str]:
        settled = [self._settled(line) for line in lines]
        ends = ["\\" if each.strip() and after.strip() else "" for each, after in pairwise([*settled, ""])]
        return [f"> {each}".rstrip() + end for each, end in zip(settled, ends, strict=True)]

    def _settled(self, line: str) -> str:
        """Return a line of a message as a line of the page: without numbers that change, headings as bold."""
        for pattern, words in _RANDOM:
            line = line.replace(pattern, words) if isinstance(pattern, str) else pattern.sub(words, line)
        line = re.sub(r"<#(\d+)>", lambda found: f"#{self.channels.get(int(found[1]), 'discussion')}", line)
        line = re.sub(r"^#{1,3} (.*)$", r"**\1**", line)
        line = re.sub(r"^-# (.*)$", r"<sub>\1</sub>", line)
        return line.removeprefix("> ")


def _form(payload: Mapping[str, Any]) -> Iterable[str]:
    yield f"Form “{payload['title']}”"
    for part in walk(list(payload["components"])):
        if label := part.get("label"):
            note = f" ({part['description']})" if part.get("description") else ""
            box = part.get("component") or {}
            example = f" Example: {box['placeholder']}" if box.get("placeholder") else ""
            yield f"- {label}{note}{example}"
