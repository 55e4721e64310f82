"""Abbreviations of the field and their long forms (abbreviations.toml). Pure."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from wetread.domain.query import STOP_WORDS
from wetread.domain.variants import variants

_FILE = Path(__file__).with_name("abbreviations.toml")
_WORD = re.compile(r"[^\W_]+")


class Abbreviations(NamedTuple):
    """The table. Keys are in lower case, without hyphens."""

    long_forms: dict[str, tuple[str, ...]]
    only_in_capitals: frozenset[str]
    sources: dict[tuple[str, str], str]
    """(short form as it is written, long form) → where it stands."""


@lru_cache(maxsize=1)
def abbreviations() -> Abbreviations:
    """Return the table that comes with Wetread."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    table = content["long_forms"]
    return Abbreviations(
        {_key(short): tuple(longs) for short, longs in table.items()},
        frozenset(map(_key, content["only_in_capitals"])),
        {(short, long): source for short, longs in table.items() for long, source in longs.items()},
    )


def long_forms(typed: str) -> tuple[str, ...]:
    """Return what a typed word is short for, () if it is no abbreviation: "VCFs", "bi-rads"."""
    found = abbreviations()
    singular = typed.removesuffix("s") if typed[:-1].isupper() else typed
    for short in (typed, singular):
        key = _key(short)
        if key in found.long_forms and (key not in found.only_in_capitals or typed[:-1].isupper()):
            return found.long_forms[key]
    return ()


def short_forms(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the abbreviations of the long forms that `words` begin with, each after its count of words.

    `words` are in lower case, without stop words. British and American spelling and plurals are the same.
    """
    for long, short in _by_first_word().get(_same(words[0]), ()) if words else ():
        if len(words) >= len(long) and tuple(map(_same, words[: len(long)])) == long:
            yield len(long), short


def _key(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for short, longs in abbreviations().long_forms.items():
        for long in longs:
            words = tuple(_same(word) for word in long.split() if word not in STOP_WORDS)
            found.setdefault(words[0], []).append((words, short))
    return found


@lru_cache(maxsize=4_096)
def _same(word: str) -> str:
    """One spelling for all spellings of a word, in the singular and in the plural."""
    singular = word.removesuffix("s") if len(word) > 3 and not word.endswith(("ss", "us", "is")) else word
    return min(word, singular, *variants(word), *variants(singular), key=lambda each: (len(each), each))
