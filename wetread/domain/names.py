"""Normal forms of names, for comparing and indexing. Pure."""

import re
import unicodedata
from functools import lru_cache

from wetread.domain.letters import plain_letters

_LITTLE_WORDS = frozenset(("a", "an", "and", "de", "der", "for", "in", "of", "on", "the", "to", "und"))


@lru_cache(maxsize=4_096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name in order: plain lower-case letters and digits, "&" as "and"."""
    decomposed = unicodedata.normalize("NFKD", plain_letters(text.casefold().replace("&", " and ")))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(re.findall(r"[^\W_]+", plain))


def name_key(text: str) -> str:
    """Return the normal form of a journal's name: "The A & B J." and "a and b j" are the same name."""
    words = words_of(text)
    return "".join(words[1:] if words[:1] == ("the",) and len(words) > 1 else words)


@lru_cache(maxsize=4_096)
def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a name without the little ones, which abbreviations leave out."""
    return tuple(word for word in words_of(text) if word not in _LITTLE_WORDS)


def abbreviates(short: str, title: str) -> bool:
    """Return whether each word of `short` begins the word of a title in its turn: "J Vasc Interv Radiol".

    Little words do not count; a single word abbreviates nothing.
    """
    parts, words = telling_words(short), telling_words(title)
    return len(parts) == len(words) > 1 and all(map(str.startswith, words, parts))


def names_within(title: str) -> list[str]:
    """Return a title and its parts; libraries write several into one: "Invented radiology : IR"."""
    return [title, *filter(None, re.split(r"\s[:=]\s|\s*[()]\s*", title))]
