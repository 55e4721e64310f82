"""Parse what moderators type after `!feed mention` and `!topic mention`."""

import re
from dataclasses import dataclass

import discord

from cogs.errors.input_errors import UnknownChoiceError
from cogs.kit.escape import plain
from cogs.kit.roles import mention_hindrance
from wetread.domain.mentions import MOST_A_DAY, USUAL_MENTIONS

_ROLE = re.compile(r"<@&(\d{1,20})>|@")
_MOST = re.compile(r"at most (\d{1,4})(?: times)?(?: a day)?\b", re.IGNORECASE)
_NOBODY = re.compile(r"(?:^|\s)(?:nobody|none|off)$", re.IGNORECASE)
_EVERYBODY = ("everyone", "here")
_SHOWN_ROLES = 10


@dataclass(frozen=True, slots=True)
class TypedMention:
    """What was typed: `name` of the feed or topic; `role` None and not `is_nobody`: nothing was chosen."""

    name: str
    role: discord.Role | None = None
    is_nobody: bool = False
    most: int = USUAL_MENTIONS
    words: str = ""


def read_mention(text: str, guild: discord.Guild) -> TypedMention:
    """Parse `jvir @Residents at most 5 type:trial`, `jvir nobody` or `jvir`.

    A role is written as Discord completes it, or as "@" and its name. Raises UnknownChoiceError.
    """
    text = " ".join(text.split())
    if (found := _NOBODY.search(text)) is not None:
        return TypedMention(text[: found.start()].strip(), is_nobody=True)
    if (match := _ROLE.search(text)) is None:
        return TypedMention(text)
    name, rest = text[: match.start()].strip(), text[match.end() :]
    if match[1] is not None:
        role = guild.get_role(int(match[1]))
    else:
        role = _named(rest, guild)
        rest = rest[len(role.name.removeprefix("@")) :] if role is not None else rest
    if role is None:
        raise _unknown(match[0] + rest, guild)
    most, words = most_in(rest)
    return TypedMention(name, role, most=most, words=words)


def most_in(text: str) -> tuple[int, str]:
    """Return the number of "at most 5" and the text without it. Raises UnknownChoiceError."""
    if (found := _MOST.search(text)) is None:
        return USUAL_MENTIONS, text.strip()
    most = int(found[1])
    if not 1 <= most <= MOST_A_DAY:
        raise UnknownChoiceError("number of mentions a day", found[1], (f"at most 1 to {MOST_A_DAY}",))
    return most, (text[: found.start()] + text[found.end() :]).strip()


def _named(rest: str, guild: discord.Guild) -> discord.Role | None:
    """Return the role with whose name a text begins, the longest name first."""
    if rest.split(" ", maxsplit=1)[0].casefold() in _EVERYBODY:
        return guild.default_role
    lower = rest.casefold()
    fitting = [
        role
        for role in guild.roles
        if not role.is_default() and (lower + " ").startswith(role.name.casefold() + " ")
    ]
    return max(fitting, key=lambda role: len(role.name), default=None)


def _unknown(typed: str, guild: discord.Guild) -> UnknownChoiceError:
    names = [f"@{plain(role.name)}" for role in guild.roles if mention_hindrance(role) is None]
    return UnknownChoiceError("role", typed.split(" ", maxsplit=1)[0], (*names[:_SHOWN_ROLES], "nobody"))
