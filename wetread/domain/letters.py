"""Letters as they are typed where the keyboard has none of them: "ø" as "o", "ß" as "ss". Pure.

Those that only have an accent are left out: Unicode takes accents off, and so does the index.
"""

import re
import unicodedata

PLAIN = {
    "ß": "ss",
    "æ": "ae",
    "ǽ": "ae",
    "œ": "oe",
    "ø": "o",
    "ǿ": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ŋ": "n",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
"""Small letters that are no accented ones to Unicode, and the plain letters for each."""

WRITTEN_OUT = {"ø": "oe", "ö": "oe", "ä": "ae", "ü": "ue", "å": "aa"}
"""Letters that people also write as two, above all in names."""

_CAPITALS = {
    letter.upper(): plain.capitalize() for letter, plain in PLAIN.items() if len(letter.upper()) == 1
}
_ALL = {**_CAPITALS, **PLAIN, "ẞ": "SS"}
_LETTER = re.compile(f"[{''.join(_ALL)}]")
_WRITTEN_OUT = re.compile(f"[{''.join(WRITTEN_OUT)}]")

# What stands for a letter while its word is looked for: the plain letters, and three accents that no text
# has. The index reads over accents; these say which letter it was.
_ACCENTS = "\u0300\u0301\u0302\u0303"
_HELD = {
    letter: plain + "".join(_ACCENTS[number // divisor % 4] for divisor in (16, 4, 1))
    for number, (letter, plain) in enumerate(_ALL.items())
}
_RELEASED = {held: letter for letter, held in _HELD.items()}
_HELD_LETTER = re.compile("|".join(sorted(_RELEASED, key=len, reverse=True)))


def plain_letters(text: str) -> str:
    """Return a text with plain letters; accents stay."""
    return text if text.isascii() else _LETTER.sub(lambda found: _ALL[found[0]], text)


def held_letters(text: str) -> str:
    """Return a text that has the same words in the index as `plain_letters`; `released_letters` undoes it."""
    return text if text.isascii() else _LETTER.sub(lambda found: _HELD[found[0]], text)


def released_letters(text: str) -> str:
    """Return the text that was given to `held_letters`."""
    return text if text.isascii() else _HELD_LETTER.sub(lambda found: _RELEASED[found[0]], text)


def written_out(text: str) -> str:
    """Return the words of a text that have letters which are also written as two, so written; mostly ''."""
    if text.isascii():
        return ""
    composed = unicodedata.normalize("NFC", text).lower()
    words = [word for word in composed.split() if _WRITTEN_OUT.search(word)]
    return " ".join(_WRITTEN_OUT.sub(lambda found: WRITTEN_OUT[found[0]], word) for word in words)
