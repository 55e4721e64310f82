"""Feedback: what the first matches of a search have in common tells which of all are meant (RM3). Pure.

The words of the ten best articles, weighted by how well each article matches, join the words that were asked
for; half of the weight stays with these. All numbers are those of textbooks, fitted to no collection.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wetread.domain.letters import plain_letters

DOCUMENTS = 10
"""The number of first matches that are read; with fewer there is no feedback."""
TERMS = 20
"""The number of their words that are scored."""
NEW_WORDS = 10
"""The number of their words that are searched for."""

_ASKED_SHARE = 0.5
_COMMON_SHARE = 0.1  # a word of more than a tenth of all articles tells nothing of a subject
_CONSIDERED = 80  # of the words of the first matches, the weightiest; their counts are looked up
_K1, _B = 1.2, 0.75
_WORD = re.compile(r"[^\W_]+")
_PLAIN = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_SHORTEST = 3
_KEPT = 4  # the first letters of a word, which no ending takes away
_ENDING = re.compile(
    r"(?<=\w\w\w\w)(?:ations?|ings?|ments?|iness|ness|ities|ity|ively|ives?|ally|als?|ously|ous|ically|ics?|edly"
    r"|ed|ies|ers?|ors?|ly|es|s|y|e)$"
)


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an article as they are spelt, in small letters and without accents."""

    title: list[str]
    abstract: list[str]

    @classmethod
    def of(cls, title: str, abstract: str) -> "Text":
        """Read an article."""
        return cls(words_of(title), words_of(abstract))

    @property
    def length(self) -> int:
        return len(self.title) + len(self.abstract)


@dataclass(frozen=True, slots=True)
class Model:
    """What is meant: words without their endings, each with its weight, rarity included.

    `new_words`: those that were not asked for, as they are spelt, the weightiest first. `same`: other words
    for one that was asked for, without their endings.
    """

    weights: Mapping[str, float]
    new_words: Sequence[str]
    same: Mapping[str, str]

    def scores(self, texts: Mapping[int, Text]) -> dict[int, float]:
        """Return how well each text fits; more is better."""
        distinct: set[str] = set()
        for text in texts.values():  # one by one, so that the other threads have their turn
            distinct.update(text.title, text.abstract)
        forms = with_stems(distinct, {*self.weights, *self.same})
        telling = {word: self.same.get(short, short) for word, short in forms.items()}
        telling = {word: short for word, short in telling.items() if short in self.weights}
        mean = sum(text.length for text in texts.values()) / max(len(texts), 1) or 1.0
        return {number: self._score(text, telling, mean) for number, text in texts.items()}

    def _score(self, text: Text, telling: Mapping[str, str], mean: float) -> float:
        counts: dict[str, int] = {}
        for words in (text.title, text.abstract):
            for short in [telling[word] for word in words if word in telling]:
                counts[short] = counts.get(short, 0) + 1
        usual = _K1 * (1 - _B + _B * text.length / mean)
        return sum(self.weights[word] * count / (count + usual) for word, count in counts.items())


def learn(
    asked: Collection[Sequence[str]],
    first: Sequence[tuple[Text, float]],
    document_count: Callable[[str], int],
    total: int,
) -> Model:
    """Return what `first`, the best matches with their scores, tell about a question.

    `asked`: its words, each with the other words for it behind it.
    `document_count` returns in how many of the `total` articles a word occurs.
    """
    all_scores = sum(score for _, score in first)
    found: defaultdict[str, float] = defaultdict(float)
    spelt: dict[str, str] = {}
    for text, score in first:
        words = text.title + text.abstract
        spelt |= {stem(word): word for word in words}
        share = score / all_scores if all_scores else 1 / len(first)  # 0: nothing that was asked for ranks
        for word, count in Counter(map(stem, words)).items():
            found[word] += count / len(words) * share
    rarity: dict[str, float] = {}
    for word in sorted(found, key=found.__getitem__, reverse=True)[:_CONSIDERED]:
        if len(rarity) == TERMS:
            break
        if word.isdigit() or len(word) < _SHORTEST:
            continue
        count = document_count(spelt[word])
        if count <= total * _COMMON_SHARE or total < DOCUMENTS / _COMMON_SHARE:
            rarity[word] = _rarity(count, total)
    asked_for = Counter(stem(words[0]) for words in asked)
    whole = sum(found[word] for word in rarity) or 1.0
    weights = {word: (1 - _ASKED_SHARE) * found[word] / whole * rarity[word] for word in rarity}
    for word, times in asked_for.items():
        rare = rarity.get(word) or _rarity(document_count(spelt.get(word, word)), total)
        weights[word] = weights.get(word, 0.0) + _ASKED_SHARE * times / asked_for.total() * rare
    new = sorted((word for word in rarity if word not in asked_for), key=weights.__getitem__, reverse=True)
    same = {stem(other): stem(words[0]) for words in asked for other in words[1:]}
    return Model(weights, [spelt[word] for word in new[:NEW_WORDS]], same)


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return a word without its ending: roughly as the index does it, which is enough to weigh words."""
    return _ENDING.sub("", word)


def with_stems(words: Iterable[str], stems: Collection[str]) -> dict[str, str]:
    """Return those of the words that have one of the stems, each with its stem.

    Most words of a text begin otherwise, and to cut off an ending costs ten times a look at the beginning.
    """
    beginnings = {short[:_KEPT] for short in stems}
    likely = [word for word in words if word[:_KEPT] in beginnings]
    return {word: short for word in likely if (short := stem(word)) in stems}


def _rarity(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5)) if count < total else 0.0


def words_of(text: str) -> list[str]:
    """Return the words of a text in small, plain letters."""
    if text.isascii():
        return text.translate(_PLAIN).split()
    decomposed = unicodedata.normalize("NFD", plain_letters(text))
    text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WORD.findall(text.lower())
