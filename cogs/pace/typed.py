"""Parse what is typed after `feed schedule`: "daily 18:00", "quiet 22-07", "limit 8" …"""

import re
from dataclasses import replace

from cogs.errors.input_errors import UnknownChoiceError
from wetread.domain.pace import AT_ONCE, Pace, QuietHours, When

EXAMPLES = ("at once", "daily 18:00", "weekly monday 08:00", "quiet 22-07", "limit 8", "issues on")
MORNING, EVENING = 8 * 60, 18 * 60
"""Usual times of a digest, and of what is over the most of a day."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(\d{1,2})(?::?([0-5]\d))?(am|pm)?", re.IGNORECASE)
_SPAN = re.compile(r"(\S+?)\s*(?:-|–|to|until)\s*(\S+)", re.IGNORECASE)
_OFF = ("off", "none", "no", "never")
_MOST = 100


def read_choice(pace: Pace, typed: str) -> Pace:
    """Return `pace` with what was typed. Raises UnknownChoiceError for a word that means nothing here."""
    words = typed.casefold().replace(",", " ").split()
    while words:
        pace = _read_next(pace, words)
    return pace


def _read_next(pace: Pace, words: list[str]) -> Pace:
    """Take one choice off the front of `words`."""
    word = words.pop(0)
    match word:
        case "at":
            return pace if words and _minute(words[0]) is not None else _at_once(pace, words)
        case "once" | "now" | "immediately":
            return replace(pace, when=When.AT_ONCE)
        case "daily":
            return _digest(pace, When.DAILY)
        case "weekly":
            return _digest(pace, When.WEEKLY)
        case "quiet":
            return replace(pace, quiet=_quiet(words))
        case "limit" | "most":
            return _limited(pace, words)
        case "issue" | "issues":
            return replace(pace, joins_issues=_switch(words))
        case "standard":
            return AT_ONCE
    weekday = next(
        (number for number, name in enumerate(_WEEKDAYS) if len(word) > 2 and name.startswith(word)), None
    )
    if weekday is not None:
        return replace(pace, weekday=weekday)
    if (minute := _minute(word)) is not None:
        return replace(pace, digest_minute=minute)
    raise UnknownChoiceError("choice", word, EXAMPLES)


def _at_once(pace: Pace, words: list[str]) -> Pace:
    if words[:1] == ["once"]:
        words.pop(0)
        return replace(pace, when=When.AT_ONCE)
    raise UnknownChoiceError("choice", " ".join(["at", *words[:1]]), EXAMPLES)


def _digest(pace: Pace, when: When) -> Pace:
    minute = MORNING if pace.when is When.AT_ONCE else pace.digest_minute
    return replace(pace, when=when, digest_minute=minute)


def _limited(pace: Pace, words: list[str]) -> Pace:
    word = words.pop(0) if words else ""
    if word in _OFF:
        return replace(pace, most_a_day=None)
    if not word.isdecimal() or not 1 <= int(word) <= _MOST:
        raise UnknownChoiceError("limit", word, ("limit 8", "limit off"))
    minute = EVENING if pace.when is When.AT_ONCE and pace.most_a_day is None else pace.digest_minute
    return replace(pace, most_a_day=int(word), digest_minute=minute)


def _quiet(words: list[str]) -> QuietHours | None:
    """Take quiet hours: "22-07", "22:00 to 07:00" or "off"."""
    if words and words[0] in _OFF:
        words.pop(0)
        return None
    for count in (1, 3, 2):
        match = _SPAN.fullmatch(" ".join(words[:count]))
        if match and len(words) >= count:
            start, end = _minute(match[1]), _minute(match[2])
            if start is not None and end is not None and start != end:
                del words[:count]
                return QuietHours(start, end)
    raise UnknownChoiceError("time", " ".join(words[:3]), ("quiet 22-07", "quiet 22:00-07:30", "quiet off"))


def _switch(words: list[str]) -> bool:
    word = words.pop(0) if words else "on"
    if word not in ("on", "off"):
        raise UnknownChoiceError("choice", word, ("issues on", "issues off"))
    return word == "on"


def _minute(word: str) -> int | None:
    """Return the minute of the day that a time is: "8", "08:00", "0800", "8pm"; None if it is none."""
    match = _TIME.fullmatch(word)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute if hour < 24 else None
