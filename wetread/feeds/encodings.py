"""Finds the encoding of a document that names none, or a wrong one. Pure."""

import codecs
import re

# In the order of preference where a text says nothing against either.
_LIKELY = (
    *("cp1252", "cp1250", "cp1251", "gb18030", "big5", "euc_jp", "shift_jis", "euc_kr", "cp1255", "tis_620"),
    *("cp1253", "cp1256", "cp1254", "koi8_r"),
)
_TEXTS = re.compile(rb"[^<>]*[\x80-\xff][^<>]*")
_MOST_BYTES = 8_000
_FEWEST = 4  # bytes beyond ASCII; fewer tell nothing
_COHERENCE = 0.3  # its weight: how likely the letters are in some language
_MOST_BROKEN = 0.1  # of the characters beyond ASCII in a UTF-8 document with faults
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
# Half-width kana and single Korean letters stand in no title.
_USUAL = re.compile(
    r"(?![\u3130-\u318f\uff61-\uff9f])[^\W\d_]|[\u0e30-\u0e4e\u2010-\u203a€£°±×µ·«»§©®™\u3000-\u303f]"
)
# What texts in an encoding hardly have: kana in Chinese, Chinese characters in Korean, Thai vowels and tones
# without their consonant.
_FOREIGN = {
    "gb18030": re.compile(r"[\u3041-\u30fe]"),
    "big5": re.compile(r"[\u3041-\u30fe]"),
    "euc_kr": re.compile(r"[\u4e00-\u9fff]"),
    "tis_620": re.compile(
        r"(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e39\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|"
        r"[\u0e40-\u0e44](?![\u0e01-\u0e2e])|[\u0e2f\u0e45]"
    ),
}
_OTHER_SCRIPT = r"[\u0370-\u06ff]"  # Greek, Cyrillic, Hebrew, Arabic
_MIXED_WORD = re.compile(
    rf"[A-Za-z]{_OTHER_SCRIPT}+|{_OTHER_SCRIPT}+(?=[A-Za-z])|"
    r"[\u03ac-\u03ce\u0430-\u045f](?=[\u0386-\u03ab\u0400-\u042f])"  # a capital after a small letter
)
_WITH_CAPITALS = re.compile(r"[\u0370-\u052f]")
_NO_CAPITALS = 0.1  # Greek and Russian titles begin with one


def is_named(body: bytes, content_type_charset: str | None) -> bool:
    """Return whether a document that is not UTF-8 names another encoding that Python knows."""
    declared = _DECLARED.match(body[:1_000])
    names = (content_type_charset or "", declared[1].decode("ascii", "replace") if declared else "")
    return any(_is_other(name) for name in names if name)


def _is_other(name: str) -> bool:
    try:
        return codecs.lookup(name).name not in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False


def guess(body: bytes) -> str:
    """Return the likely encoding of bytes that are not valid UTF-8.

    "utf-8" if only a few characters are broken; windows-1252 if nothing speaks for another one.
    """
    if _is_broken_utf8(body):
        return "utf-8"
    # Imported here, because most feeds are UTF-8 and never need it.
    from charset_normalizer import from_bytes

    sample = _sample(body.removeprefix(codecs.BOM_UTF8))
    matches = from_bytes(sample, cp_isolation=list(_LIKELY))
    if not matches or sum(byte > 127 for byte in sample) < _FEWEST:
        return "cp1252"
    candidates = [
        (_strangeness(str(each), name) + each.chaos - _COHERENCE * each.coherence, _LIKELY.index(name), name)
        for each in matches
        for name in each.could_be_from_charset
        if name in _LIKELY
    ]
    return min(candidates)[2] if candidates else "cp1252"


def _is_broken_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = sum(character > "\x7f" for character in text)
    return broken <= beyond * _MOST_BROKEN


def _sample(body: bytes) -> bytes:
    """Return the texts with letters beyond ASCII: names of elements tell nothing."""
    parts, size = [], 0
    for match in _TEXTS.finditer(body):
        parts.append(match[0].strip())
        size += len(parts[-1])
        if size > _MOST_BYTES:
            break
    return b"\n".join(parts)[:_MOST_BYTES]


def _strangeness(text: str, encoding: str) -> float:
    """Return how many of a text's characters beyond ASCII do not belong there, as a share; 0 = none."""
    beyond = [character for character in text if character > "\x7f"]
    strange = sum(_USUAL.match(character) is None for character in beyond)
    if encoding in _FOREIGN:
        strange += len(_FOREIGN[encoding].findall(text))
    mixed = sum(len(word[0]) for word in _MIXED_WORD.finditer(text))
    is_small = _WITH_CAPITALS.search(text) is not None and not any(map(str.isupper, beyond))
    return (strange + mixed) / max(len(beyond), 1) + is_small * _NO_CAPITALS
