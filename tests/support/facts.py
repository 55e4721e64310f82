"""What an answer says, without its sentences: commands, numbers, names, channels, buttons, menus, words.

A test that asserts these facts still passes when a sentence is worded better:

    said = await here.ask("!feed pause jii")
    assert says(said, "paused")
    assert commands(said) == ["feed resume jii"]
    assert bold(said) == ["J Invent Imaging"]

Every function takes whatever a test has at hand: a text, a message or several, the answer to an interaction,
a panel that was not sent yet, or an embed. Unbreakable spaces count as spaces.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from tests.support.seen import BUTTON, LINK_STYLE, SELECTS, STRING_SELECT, TEXT_DISPLAY, Answer, Seen, walk

Sayable = str | Seen | Answer | discord.Embed | discord.ui.LayoutView | discord.ui.View | Iterable[Seen]

_CODE = re.compile(r"(`+)(?P<inside>.+?)\1", re.DOTALL)
_MENTION = re.compile(r"<(?:@[!&]?|#|t:|a?:\w+:|/[\w -]+:)[^<>\s]*>")
_ADDRESS = re.compile(r"https?://[^\s<>()]+")
_LINK = re.compile(r"\[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<url>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)")
_BOLD = re.compile(r"\*\*(?P<inside>.+?)\*\*", re.DOTALL)
_ITALIC = re.compile(r"(?<![*\w\\])\*(?P<inside>[^*\n]+?)\*(?![*\w])")
_NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")


@dataclass(frozen=True, slots=True)
class Control:
    """A button or a menu. A link button has a `url` and no `custom_id`; `options` is label → value."""

    kind: str  # "button", "link" or "menu"
    label: str  # a menu's placeholder
    custom_id: str = ""
    url: str = ""
    is_disabled: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


# What can be read ---------------------------------------------------------------------------------------


def text_of(said: Sayable) -> str:
    """Return everything that can be read in it, with ordinary spaces and no labels of buttons."""
    if isinstance(said, str):
        return said.replace("\u00a0", " ")
    return text_of("\n".join(filter(None, _texts(said))))


def _texts(said: Sayable) -> Iterator[str]:
    match said:
        case str():
            yield said
        case Seen():
            yield said.content
            for embed in said.embeds:
                yield from _texts(embed)
            yield from (part["content"] for part in said.parts if part["type"] == TEXT_DISPLAY)
        case discord.Embed():
            yield said.author.name or ""
            yield said.title or ""
            yield said.description or ""
            yield from (f"{each.name}\n{each.value}" for each in said.fields)
            yield said.footer.text or ""
        case discord.ui.LayoutView() | discord.ui.View():
            yield from (part["content"] for part in _parts(said) if part["type"] == TEXT_DISPLAY)
        case Answer():
            for message in said.messages:
                yield from _texts(message)
        case _:
            for message in said:
                yield from _texts(message)


def words_of(said: Sayable) -> str:
    """Return the text without markup: no stars, marks of code, escapes or addresses behind links."""
    text = _LINK.sub(lambda link: link["label"], text_of(said))
    text = re.sub(r"^(?:#{1,3}|-#|>|-) ", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)(?:\*\*|__|~~|`+)", "", text)
    text = _ITALIC.sub(lambda slanted: slanted["inside"], text)
    return re.sub(r"\\([^\w\s])", r"\1", text)


def says(said: Sayable, *words: str) -> bool:
    """Return whether all these words stand in it: whole words or phrases, in any order, in any case."""
    return not unsaid(said, *words)


def unsaid(said: Sayable, *words: str) -> list[str]:
    """Return those of the words that do not stand in it."""
    text = " ".join(words_of(said).split())
    return [
        word
        for word in words
        if not re.search(rf"(?<!\w){re.escape(' '.join(word.split()))}(?!\w)", text, re.IGNORECASE)
    ]


def line_with(said: Sayable, *words: str) -> str:
    """Return the only line in which all these words stand. Raises AssertionError if it is not one line."""
    lines = [line for line in text_of(said).splitlines() if says(line, *words)]
    assert len(lines) == 1, f"{len(lines)} lines say {words}: {lines or text_of(said)}"
    return lines[0]


# Facts in a text ----------------------------------------------------------------------------------------


def commands(said: Sayable) -> list[str]:
    """Return the commands it offers, in order: "feed resume jii" for `!feed resume jii` or `/feed …`."""
    inside = [code["inside"].strip() for code in _CODE.finditer(text_of(said))]
    return [code[1:] for code in inside if re.match(r"[!/][a-z]", code)]


def code(said: Sayable) -> list[str]:
    """Return everything that is set as code, in order, commands included."""
    return [code["inside"].strip() for code in _CODE.finditer(text_of(said))]


def bold(said: Sayable) -> list[str]:
    """Return what is set in bold, in order and without other markup."""
    return [words_of(strong["inside"]) for strong in _BOLD.finditer(text_of(said))]


def headings(said: Sayable) -> list[str]:
    """Return its headings, in order and without other markup."""
    return [words_of(line) for line in text_of(said).splitlines() if re.match(r"#{1,3} ", line)]


def numbers(said: Sayable) -> list[float]:
    """Return the numbers in its text, in order: 1200 for "1,200".

    What stands in mentions, times, addresses, code and names such as "#3" or "T2" is not counted.
    """
    text = _CODE.sub(" ", text_of(said))
    text = _LINK.sub(lambda link: link["label"], text)
    text = _ADDRESS.sub(" ", _MENTION.sub(" ", text))
    text = re.sub(r"#\d+", " ", text)
    return [_number(found[0]) for found in _NUMBER.finditer(text)]


def number_of(said: Sayable, thing: str) -> float | None:
    """Return the number before a word: 14 for "14 held articles" and "article"; None if there is none.

    A plural s is allowed, and up to two words may stand between. Raises AssertionError if it says two
    different numbers.
    """
    pattern = rf"({_NUMBER.pattern})(?:\s+[^\W\d]+){{0,2}}?\s+{re.escape(thing)}s?(?!\w)"
    found = {_number(match[1]) for match in re.finditer(pattern, words_of(said), re.IGNORECASE)}
    assert len(found) <= 1, f"different numbers of {thing}: {sorted(found)}"
    return found.pop() if found else None


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def channels(said: Sayable) -> list[int]:
    """Return the ids of the channels that it mentions, in order."""
    return [int(found) for found in re.findall(r"<#(\d+)>", text_of(said))]


def people(said: Sayable) -> list[int]:
    """Return the ids of the members that it mentions, in order."""
    return [int(found) for found in re.findall(r"<@!?(\d+)>", text_of(said))]


def roles(said: Sayable) -> list[int]:
    """Return the ids of the roles that it mentions, in order."""
    return [int(found) for found in re.findall(r"<@&(\d+)>", text_of(said))]


def moments(said: Sayable) -> list[int]:
    """Return the moments that it shows in each reader's own time, in order, in seconds since 1970."""
    return [int(found) for found in re.findall(r"<t:(-?\d+)(?::\w)?>", text_of(said))]


def links(said: Sayable) -> dict[str, str]:
    """Return label → address of the links in its text; `controls` has those of its buttons."""
    return {words_of(link["label"]): link["url"] for link in _LINK.finditer(text_of(said))}


# Buttons and menus --------------------------------------------------------------------------------------


def controls(said: Sayable) -> list[Control]:
    """Return its buttons and menus, in reading order."""
    return [control for part in _parts(said) if (control := _control(part))]


def buttons(said: Sayable) -> dict[str, str]:
    """Return label → custom_id of the buttons that can be pressed, in order; links are not among them."""
    return {
        each.label: each.custom_id
        for each in controls(said)
        if each.kind == "button" and not each.is_disabled
    }


def menus(said: Sayable) -> dict[str, list[str]]:
    """Return custom_id → labels of the options of each menu, in order; no options if Discord fills it."""
    return {each.custom_id: list(each.options) for each in controls(said) if each.kind == "menu"}


def _parts(said: Sayable) -> list[dict[str, Any]]:
    match said:
        case str() | discord.Embed():
            return []
        case Seen():
            return said.parts
        case discord.ui.LayoutView() | discord.ui.View():
            return list(walk(said.to_components()))
        case Answer():
            return [part for message in said.messages for part in message.parts]
        case _:
            return [part for message in said for part in message.parts]


def _control(part: dict[str, Any]) -> Control | None:
    disabled = bool(part.get("disabled"))
    if part["type"] == BUTTON:
        label = part.get("label") or str((part.get("emoji") or {}).get("name") or "")
        if part.get("style") == LINK_STYLE:
            return Control("link", label, url=part["url"], is_disabled=disabled)
        return Control("button", label, part.get("custom_id") or "", is_disabled=disabled)
    if part["type"] in SELECTS:
        options = part.get("options") or [] if part["type"] == STRING_SELECT else []
        return Control(
            "menu",
            part.get("placeholder") or "",
            part.get("custom_id") or "",
            is_disabled=disabled,
            options={option["label"]: option["value"] for option in options},
        )
    return None
