"""The settings of a server as a file that people can read: what stands in it, written and read. Pure.

Channels and roles stand there by their names, so that the file fits another server too; nobody's id is in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wetread.domain.models import Form

VERSION = 1
"""The form of the file; a later Wetread reads all earlier ones."""
MOST_ENTRIES = 500
_LONGEST = 2_000
_KINDS: Mapping[str, type] = {
    "moderator_role": str,
    "moderator_channel": str,
    "abstract_wait_hours": int,
    "card_offers": bool,
    "library_proxy": str,
    "time_zone": str,
    "skipped_types": list,
}
"""The settings of the server that the file knows."""


class WrongVersionError(ValueError):
    """The file is none of ours, or of a later Wetread."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A feed (with an address) or a topic (with words, in `filter`) as it stands in the file."""

    name: str
    channel: str
    address: str = ""
    filter: str | None = None
    form: Form = Form.WHOLE
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What stands in a file. `faults`: what of it is not understood, a phrase each."""

    server: Mapping[str, Any] = field(default_factory=dict)
    feeds: tuple[FileEntry, ...] = ()
    topics: tuple[FileEntry, ...] = ()
    faults: tuple[str, ...] = ()


def write(content: SettingsFile, title: str) -> str:
    """Return the file as TOML."""
    lines = [
        f"# Wetread's settings of {' '.join(title.split())}. /settings import reads this file.",
        f"wetread = {VERSION}",
        "",
        "[server]",
        *(f"{name} = {_value(value)}" for name, value in content.server.items()),
    ]
    for table, entries in (("feed", content.feeds), ("topic", content.topics)):
        for entry in entries:
            lines += ["", f"[[{table}]]", *_written(entry, is_topic=table == "topic")]
    return "\n".join(lines) + "\n"


def read(content: Mapping[str, Any]) -> SettingsFile:
    """Return what a file's TOML says. Raises WrongVersionError."""
    version = content.get("wetread")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise WrongVersionError(str(version))
    faults = [f"“{name}”" for name in content if name not in ("wetread", "server", "feed", "topic")]
    server = {}
    for name, value in _table(content.get("server")).items():
        if name not in _KINDS or type(value) is not _KINDS[name] or not _is_short(value):
            faults.append(f"“{name}” of the server")
        else:
            server[name] = value
    feeds = _entries(content.get("feed"), "feed", "address", faults)
    topics = _entries(content.get("topic"), "topic", "words", faults)
    return SettingsFile(server, feeds, topics, tuple(faults))


def _entries(value: object, kind: str, needed: str, faults: list[str]) -> tuple[FileEntry, ...]:
    rows = value if isinstance(value, list) else []
    if len(rows) > MOST_ENTRIES:
        faults.append(f"more than {MOST_ENTRIES} {kind}s")
    found = []
    for number, row in enumerate(rows[:MOST_ENTRIES], 1):
        entry = _entry(_table(row), is_topic=kind == "topic")
        if entry is None:
            faults.append(
                f"{kind} {number}: it needs name, channel and {needed}, and a form that Wetread knows"
            )
        else:
            found.append(entry)
    return tuple(found)


def _entry(row: Mapping[str, Any], *, is_topic: bool) -> FileEntry | None:
    texts = {name: row.get(name, "") for name in ("name", "channel", "address", "filter", "words")}
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts.values()):
        return None
    words = texts["words"] if is_topic else texts["filter"]
    form, is_paused = row.get("form", Form.WHOLE), row.get("paused", False)
    is_whole = texts["name"] and texts["channel"] and (words if is_topic else texts["address"])
    if not is_whole or form not in list(Form) or not isinstance(is_paused, bool):
        return None
    address = "" if is_topic else texts["address"]
    return FileEntry(texts["name"], texts["channel"], address, words or None, Form(form), is_paused)


def _written(entry: FileEntry, *, is_topic: bool) -> Sequence[str]:
    values: dict[str, str | bool | None] = {
        "name": entry.name,
        "address": entry.address or None,
        "channel": entry.channel,
        "words" if is_topic else "filter": entry.filter,
        "form": str(entry.form),
        "paused": entry.is_paused or None,
    }
    return [f"{name} = {_value(value)}" for name, value in values.items() if value is not None]


def _value(value: Any) -> str:
    """Return a value in TOML, whose texts, numbers and lists are written as JSON's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_short(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(len(text) <= _LONGEST if isinstance(text, str) else isinstance(text, int) for text in texts)
