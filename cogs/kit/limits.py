"""Discord's limits, each with its source, and checks that a message keeps them.

Lengths are counted in UTF-16 code units. Discord counts code points, its clients show UTF-16; units are
never fewer than code points, so whoever keeps the one keeps the other (faults.md). discord.py checks
almost none of these.

Sources: [E] documentation, Message Resource, Embed Limits. [M] Message Resource, Create Message.
[C] Component Reference. [T] Channel Resource, Start Thread. [A] Application Commands. [P] discord.py.
"""

from collections.abc import Iterable
from typing import Any, Final

import discord

from wetread.domain.text import cut, utf16_length

EMBED_TITLE: Final = 256  # [E]
EMBED_DESCRIPTION: Final = 4096  # [E]
EMBED_FIELDS: Final = 25  # [E]
EMBED_FIELD_NAME: Final = 256  # [E]
EMBED_FIELD_VALUE: Final = 1024  # [E]
EMBED_FOOTER: Final = 2048  # [E]
EMBED_AUTHOR: Final = 256  # [E]
EMBEDS_TOGETHER: Final = 6000  # [E] over all embeds of a message
EMBEDS: Final = 10  # [M]
EMBED_URL: Final = 2048  # [E] not written down for every address; Discord refuses longer ones

CONTENT: Final = 2000  # [M]

ROWS: Final = 5  # [C]
BUTTONS_IN_ROW: Final = 5  # [C]
BUTTON_LABEL: Final = 80  # [C]
BUTTON_URL: Final = 512  # [C]
CUSTOM_ID: Final = 100  # [C]
SELECT_OPTIONS: Final = 25  # [C]
OPTION_TEXT: Final = 100  # [C] label, value and description each
PLACEHOLDER: Final = 150  # [C]
LAYOUT_COMPONENTS: Final = 40  # [C] components v2, nested ones included
LAYOUT_TEXT: Final = 4000  # [P] LayoutView.content_length: all text displays together

MODAL_TITLE: Final = 45  # [C]
INPUT_LABEL: Final = 45  # [C]

THREAD_NAME: Final = 100  # [T]
FORUM_TAG: Final = 20  # [T]
FORUM_TAGS_OF_POST: Final = 5  # [T]

CHOICES: Final = 25  # [A] autocomplete
CHOICE_TEXT: Final = 100  # [A] name and value each


def choices(names: Iterable[tuple[str, str]]) -> list[discord.app_commands.Choice[str]]:
    """Make autocomplete choices of (name, value), as many and as long as Discord takes (faults.md A44).

    A value that is too long is left out: half an identifier is none.
    """
    fitting = ((name, value) for name, value in names if 0 < utf16_length(value) <= CHOICE_TEXT)
    return [
        discord.app_commands.Choice(name=cut(name, CHOICE_TEXT) or value, value=value)
        for (name, value), _ in zip(fitting, range(CHOICES), strict=False)
    ]


def embed_length(embed: discord.Embed) -> int:
    """Return what an embed counts towards EMBEDS_TOGETHER."""
    fields = sum(utf16_length(field.name) + utf16_length(field.value) for field in embed.fields)
    return (
        utf16_length(embed.title)
        + utf16_length(embed.description)
        + utf16_length(embed.footer.text)
        + utf16_length(embed.author.name)
        + fields
    )


def check_embed(embed: discord.Embed) -> None:
    """Raise ValueError naming the first limit that an embed breaks."""
    _at_most("embed title", utf16_length(embed.title), EMBED_TITLE)
    _at_most("embed description", utf16_length(embed.description), EMBED_DESCRIPTION)
    _at_most("embed footer", utf16_length(embed.footer.text), EMBED_FOOTER)
    _at_most("embed author", utf16_length(embed.author.name), EMBED_AUTHOR)
    _at_most("embed fields", len(embed.fields), EMBED_FIELDS)
    for field in embed.fields:
        _between("field name", utf16_length(field.name), EMBED_FIELD_NAME)
        _between("field value", utf16_length(field.value), EMBED_FIELD_VALUE)
    for address in (embed.url, embed.author.url):
        _at_most("embed address", utf16_length(address), EMBED_URL)
    _at_most("embed in all", embed_length(embed), EMBEDS_TOGETHER)
    if not any((embed.title, embed.description, embed.author.name, embed.footer.text, embed.fields)):
        raise ValueError("embed: nothing in it (faults.md A33)")


def check_message(
    *,
    content: str | None = None,
    embeds: Iterable[discord.Embed] = (),
    view: discord.ui.View | None = None,
) -> None:
    """Raise ValueError naming the first limit that a classic message breaks."""
    embeds = list(embeds)
    _at_most("content", utf16_length(content), CONTENT)
    _at_most("embeds", len(embeds), EMBEDS)
    for embed in embeds:
        check_embed(embed)
    _at_most("embeds in all", sum(map(embed_length, embeds)), EMBEDS_TOGETHER)
    if view is not None:
        rows = view.to_components()
        _at_most("rows", len(rows), ROWS)
        _check_components(rows)


def check_layout(view: discord.ui.LayoutView) -> None:
    """Raise ValueError naming the first limit that a components v2 message breaks."""
    components = view.to_components()  # type: ignore[no-untyped-call]  # discord.py left it so
    parts = list(_walk(components))
    _between("components", len(parts), LAYOUT_COMPONENTS)
    texts = [part["content"] for part in parts if part["type"] == discord.ComponentType.text_display.value]
    for text in texts:
        _between("text display", utf16_length(text.strip()), LAYOUT_TEXT)
    _at_most("text in all", sum(map(utf16_length, texts)), LAYOUT_TEXT)
    _check_components(components)


def _check_components(components: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for part in _walk(components):
        kind = discord.ComponentType(part["type"])
        if kind is discord.ComponentType.action_row:
            _between("row", len(part["components"]), BUTTONS_IN_ROW)
        if kind is discord.ComponentType.button:
            _between("button label", utf16_length(part.get("label")), BUTTON_LABEL)
            _at_most("button address", utf16_length(part.get("url")), BUTTON_URL)
        if kind is discord.ComponentType.string_select:
            _check_select(part)
        if custom_id := part.get("custom_id"):
            _between("custom_id", utf16_length(custom_id), CUSTOM_ID)
            if custom_id in seen:
                raise ValueError(f"custom_id {custom_id!r} stands twice in a message")
            seen.add(custom_id)


def _check_select(part: dict[str, Any]) -> None:
    _between("options", len(part["options"]), SELECT_OPTIONS)
    _at_most("placeholder", utf16_length(part.get("placeholder")), PLACEHOLDER)
    values = [option["value"] for option in part["options"]]
    if len(set(values)) < len(values):
        raise ValueError("a select's option stands twice")
    for option in part["options"]:
        _between("option label", utf16_length(option["label"]), OPTION_TEXT)
        _between("option value", utf16_length(option["value"]), OPTION_TEXT)
        _at_most("option description", utf16_length(option.get("description")), OPTION_TEXT)


def _walk(components: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for part in components:
        yield part
        yield from _walk(part.get("components") or ())
        if accessory := part.get("accessory"):
            yield from _walk([accessory])


def _at_most(what: str, found: int, limit: int) -> None:
    if found > limit:
        raise ValueError(f"{what}: {found} is over Discord's {limit}")


def _between(what: str, found: int, limit: int) -> None:
    _at_most(what, found, limit)
    if found < 1:
        raise ValueError(f"{what}: empty")
