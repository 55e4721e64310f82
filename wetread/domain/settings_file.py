"""The settings of a server as a file that people can read: what stands in it, written and read. Pure.

Channels and roles stand there by their names, so that the file fits another server too; nobody's id is in it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wetread.domain.models import Form
from wetread.domain.pace import Pace, QuietHours, When

VERSION = 1
"""The form of the file; a later Wetread reads all earlier ones."""
MOST_ENTRIES = 500
MOST_A_DAY = 100
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
    opens_threads: bool = False


@dataclass(frozen=True, slots=True)
class FileDestination:
    """How articles arrive at a channel."""

    channel: str
    pace: Pace


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What stands in a file. `faults`: what of it is not understood, a phrase each."""

    server: Mapping[str, Any] = field(default_factory=dict)
    feeds: tuple[FileEntry, ...] = ()
    topics: tuple[FileEntry, ...] = ()
    destinations: tuple[FileDestination, ...] = ()
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
    for destination in content.destinations:
        lines += [
            "",
            "[[destination]]",
            *_lines({"channel": destination.channel} | _pace_values(destination.pace)),
        ]
    return "\n".join(lines) + "\n"


def read(content: Mapping[str, Any]) -> SettingsFile:
    """Return what a file's TOML says. Raises WrongVersionError."""
    version = content.get("wetread")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise WrongVersionError(str(version))
    faults = [
        f"“{name}”" for name in content if name not in ("wetread", "server", "feed", "topic", "destination")
    ]
    server = {}
    for name, value in _table(content.get("server")).items():
        if name not in _KINDS or type(value) is not _KINDS[name] or not _is_short(value):
            faults.append(f"“{name}” of the server")
        else:
            server[name] = value
    feeds = _entries(content.get("feed"), "feed", "address", faults)
    topics = _entries(content.get("topic"), "topic", "words", faults)
    destinations = _destinations(content.get("destination"), faults)
    return SettingsFile(server, feeds, topics, destinations, tuple(faults))


def _destinations(value: object, faults: list[str]) -> tuple[FileDestination, ...]:
    rows = value if isinstance(value, list) else []
    found = []
    for number, row in enumerate(map(_table, rows[:MOST_ENTRIES]), 1):
        channel = row.get("channel")
        try:
            pace = _pace(row)
        except (KeyError, TypeError, ValueError):
            pace = None
        if pace is None or not isinstance(channel, str) or not 0 < len(channel) <= _LONGEST:
            faults.append(f"destination {number}: its channel or its times")
        else:
            found.append(FileDestination(channel, pace))
    return tuple(found)


def _pace(row: Mapping[str, Any]) -> Pace | None:
    """Return the pace of a row, None if a number is out of range. Raises KeyError, TypeError, ValueError."""
    quiet = None
    if "quiet_from" in row or "quiet_until" in row:
        quiet = QuietHours(_minute(row["quiet_from"]), _minute(row["quiet_until"]))
    most = row.get("most_a_day")
    if most is not None and (type(most) is not int or not 1 <= most <= MOST_A_DAY):
        return None
    return Pace(
        When(row.get("when", When.AT_ONCE)),
        WEEKDAYS.index(row.get("weekday", WEEKDAYS[0])),
        _minute(row.get("digest", "08:00")),
        row.get("whole_issues") is True,
        quiet,
        most,
    )


def _pace_values(pace: Pace) -> dict[str, str | int | bool | None]:
    return {
        "when": str(pace.when),
        "weekday": WEEKDAYS[pace.weekday] if pace.when is When.WEEKLY else None,
        "digest": _clock(pace.digest_minute) if pace.has_digests else None,
        "whole_issues": pace.joins_issues or None,
        "quiet_from": _clock(pace.quiet.start) if pace.quiet else None,
        "quiet_until": _clock(pace.quiet.end) if pace.quiet else None,
        "most_a_day": pace.most_a_day,
    }


def _minute(text: str) -> int:
    """Return the minute of the day of "18:30". Raises ValueError, TypeError."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if found is None:
        raise ValueError(text)
    return 60 * int(found[1]) + int(found[2])


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


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
    has_threads = row.get("threads", False)
    if (
        not is_whole
        or form not in list(Form)
        or not (isinstance(is_paused, bool) and isinstance(has_threads, bool))
    ):
        return None
    address = "" if is_topic else texts["address"]
    return FileEntry(
        texts["name"], texts["channel"], address, words or None, Form(form), is_paused, has_threads
    )


def _written(entry: FileEntry, *, is_topic: bool) -> Sequence[str]:
    values = {
        "name": entry.name,
        "address": entry.address or None,
        "channel": entry.channel,
        "words" if is_topic else "filter": entry.filter,
        "form": str(entry.form),
        "paused": entry.is_paused or None,
        "threads": entry.opens_threads or None,
    }
    return _lines(values)


def _lines(values: Mapping[str, str | int | bool | None]) -> Sequence[str]:
    return [f"{name} = {_value(value)}" for name, value in values.items() if value is not None]


def _value(value: Any) -> str:
    """Return a value in TOML, whose texts, numbers and lists are written as JSON's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_short(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(len(text) <= _LONGEST if isinstance(text, str) else isinstance(text, int) for text in texts)
