"""Titles of articles compared: equal in another spelling, or the titles of two works. Pure."""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from rapidfuzz import fuzz

from wetread.domain.identifiers import is_generic_title
from wetread.domain.models import Record
from wetread.domain.names import words_of

_LEAST_SHARED = 0.5
"""Titles that share no more than this part of the words of the shorter one are about two works."""

_FEWEST_WORDS = 3
"""A title of fewer words says too little to contradict."""

_LEAST_ALIKE = 80.0  # of 100: titles as alike as this differ in spelling only
_SHORTEST_MAIN_TITLE = 25  # letters and digits of what stands before the colon

_STATUS_PREFIX = re.compile(r"^\W*(?:retracted|withdrawn)(?: (?:article|paper))?\s*[:.\]]\s*", re.IGNORECASE)
_ARRIVAL_PREFIX = re.compile(r"^\s*\[(?:asap|articles? in press|ahead of print)\]\s*", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|u|em|strong|italic|bold|su[bp]|small|span|scp?|math|m[ionr]\w*)\b[^<>]{0,60}>",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"\s*(?::\s|\s[–—-]\s|[.?!]\s+(?=[A-Z]))")
_DIMENSIONS = re.compile(r"\b([2-4]|two|three|four)[\s‐-–-]?d(?:imensional)?\b")
_VERSUS = re.compile(r"\bvs\b\.?")
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau"
    " upsilon phi chi psi omega"
)
_GREEK_NAMES = {ord("α") + number: f" {name} " for number, name in enumerate(_GREEK.split())}
# British spellings as American ones. What else this changes, it changes in both titles.
_SPELLINGS = (
    ("disc", "disk"),
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("ys", "yz"),
    ("is", "iz"),
    ("ll", "l"),
    ("mme", "m"),
    ("ogue", "og"),
    ("entre", "enter"),
    ("etre", "eter"),
    ("itre", "iter"),
    ("ibre", "iber"),
    ("sulph", "sulf"),
    ("grey", "gray"),
)
_COMMON = frozenset(
    words_of(
        "a an and as at by for from in into is its of on or the their to with versus using after before"
        " during between among under study"
    )
)
"""Words that two titles may share by accident."""

_ENGLISH = frozenset(("the", "of", "and", "with", "for", "by", "from"))
_FOREIGN = frozenset(
    words_of(
        "der die das und ein eine einer bei im mit von für zur zum les du et une dans chez par avec sur aux"
        " el los las una con para por il lo della delle dei degli di nel nella een het van voor bij met do da"
        " dos das em pela och som på ved hos"
    )
)
"""Words that show the language of a title: of German, French, Spanish, Italian, Dutch, and others."""


@lru_cache(maxsize=1_024)
def title_words(title: str) -> tuple[str, ...]:
    """Return the words of a title in one spelling, whatever marks and letters a source writes it with.

    "RETRACTED: TNF-α &amp; oedema" and "TNF-alpha and edema" have the same words.
    """
    text = unescape(unescape(title)) if "&" in title else title
    text = without_status(_TAG.sub("", text) if "<" in text else text)
    text = text.casefold().replace("&", " and ")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_GREEK_NAMES)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in text if not unicodedata.combining(each))
    text = _VERSUS.sub("versus", _DIMENSIONS.sub(_dimension, text))
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return tuple(re.findall(r"[^\W_]+", text))


def _dimension(match: re.Match[str]) -> str:
    return {"two": "2", "three": "3", "four": "4"}.get(match[1], match[1]) + "d"


def main_title(title: str) -> str | None:
    """Return what stands before a title's subtitle; None without one, or if it is too short to say much."""
    title = without_status(title)
    main = _SUBTITLE.split(title, maxsplit=1)[0]
    has_subtitle = len(main) < len(title.rstrip(" .?!"))
    return main if has_subtitle and len("".join(title_words(main))) >= _SHORTEST_MAIN_TITLE else None


def without_status(title: str) -> str:
    """Return a title without what a publisher puts before it: "RETRACTED: ", "[ASAP] "."""
    return _STATUS_PREFIX.sub("", _ARRIVAL_PREFIX.sub("", title))


def titles_contradict(one: Record, other: Record) -> bool:
    """Return whether the titles are those of two works, so that an identifier that both have is wrong in one.

    Not if one is missing, a translation, part of the other, or a heading that many articles have ("Reply").
    """
    left, right = title_words(one.title), title_words(other.title)
    joined, other_joined = "".join(left), "".join(right)
    if not joined or not other_joined or joined in other_joined or other_joined in joined:
        return False
    if any(is_generic_title(each.title) or _is_translation(each) for each in (one, other)):
        return False
    if joined.isascii() != other_joined.isascii():  # two scripts: one may be the other's translation
        return False
    mine, theirs = set(left) - _COMMON, set(right) - _COMMON
    if min(len(mine), len(theirs)) < _FEWEST_WORDS:
        return False
    shared = len(mine & theirs) / min(len(mine), len(theirs))
    return shared <= _LEAST_SHARED and fuzz.ratio(joined, other_joined) < _LEAST_ALIKE


def _is_translation(record: Record) -> bool:
    """Whether the title is, or may have been, one in another language: PubMed writes "[Invented title]."."""
    title = record.title.strip()
    if title.startswith("[") and title.rstrip(".").endswith("]"):
        return True
    words = set(words_of(title))
    is_foreign = not words.isdisjoint(_FOREIGN) and words.isdisjoint(_ENGLISH)
    return is_foreign or (record.language is not None and record.language.casefold()[:2] != "en")
