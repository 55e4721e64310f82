"""Kinds of publication as people type them after `type:`. Pure."""

from rapidfuzz.distance import OSA

from wetread.domain.front_matter import Aside
from wetread.domain.names import name_key, words_of
from wetread.domain.publication_types import KNOWN_TYPES, RETRACTED_TYPE, label_of

OFFERED = (
    "randomized trial",
    "clinical trial",
    "meta-analysis",
    "systematic review",
    "review",
    "guideline",
    "observational study",
    "case report",
    "editorial",
    "letter",
    "erratum",
    "front matter",
)
"""The kinds that are offered; many more are understood."""

_ERRATUM_WORDS = ("erratum", "errata", "corrigendum", "corrigenda", "correction", "corrections")
_ALIASES = {
    **dict.fromkeys(_ERRATUM_WORDS, "erratum"),
    "rct": "randomized controlled trial",
    "rcts": "randomized controlled trial",
    "randomised": "randomized",
    "randomisedtrial": "randomized trial",
    "metaanalysis": "meta analysis",
    "metaanalyses": "meta analysis",
    "reviewarticle": "review",
    "originalarticle": "journal article",
    "casereport": "case report",
    "casereports": "case report",
    "frontmatter": "front matter",
}
_KINDS = tuple(
    dict.fromkeys(
        words_of(kind)
        for each in (*KNOWN_TYPES, RETRACTED_TYPE, "Journal Article", *Aside)
        for kind in (each, label_of(each) or each)
    )
)
_WORDS = frozenset(word for kind in _KINDS for word in kind)
_LONGEST_SLIP = 2


def kind_words(text: str) -> tuple[str, ...]:
    """Return the words that an article of this kind has in its types: "RCTs", "reviews", "case reports"."""
    words = words_of(_ALIASES.get(name_key(text), text))
    return tuple(_singular(each) for word in words for each in words_of(_ALIASES.get(word, word)))


def is_known_kind(text: str) -> bool:
    """Return whether a kind has all these words: "trial", "randomised trial", "phase II"."""
    words = frozenset(kind_words(text))
    return bool(words) and any(words.issubset(kind) for kind in _KINDS)


def kind_meant(text: str) -> str | None:
    """Return the kind that is spelled like `text`, None if there is none."""
    typed = name_key(text)
    spelled = {name_key(kind): kind for kind in (*OFFERED, "rct", "preprint", "trial", "comment", "news")}
    distance, key = min((OSA.distance(typed, each), each) for each in spelled)
    most = min(_LONGEST_SLIP, len(key) // 3)
    return spelled[key] if distance <= most else None


def _singular(word: str) -> str:
    if word in _WORDS:
        return word
    candidates = [word[:-end] + new for end, new in ((3, "y"), (2, "is"), (1, "")) if word.endswith("s")]
    return next((each for each in candidates if each in _WORDS), word)
