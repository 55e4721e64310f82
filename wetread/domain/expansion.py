"""What a query means beside what was typed: other spellings, long forms, words written as one. Pure.

Phrases, fields, beginnings ("inject*") and what is excluded stay as they were typed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from wetread.domain import abbreviations
from wetread.domain.query import STOP_WORDS, Query, Term
from wetread.domain.variants import variants

Group = tuple[Term, ...]
"""Terms that mean the same; the first is the one that was typed."""

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_REST = 4
# Beginnings that are written apart, with a hyphen, or joined to any word.
_BEGINNINGS = (
    "after ante anti arterio arthro auto bi bio broncho cardio cerebro cervico chemo cholecysto co contra "
    "cortico counter cranio cross cryo cysto de double down dual electro endo entero extra feto fibro fluoro "
    "follow full gadolinium gastro haemo half hemo hepato high hyper hypo hystero immuno infra inter intra "
    "iso large laryngo long low lumbo lymph lymphangio macro meso meta micro mid mini mono multi musculo "
    "myelo myo nano near neo neuro non off oro osteo over pan para patho per peri pharmaco photo physio "
    "pneumo poly post pre pro proto pseudo psycho pyelo quasi radio re real recto retro sacro self semi "
    "short single sino small sono spino split spondylo sub super supra tele temporo tendino thermo thin "
    "thoraco thrombo time trans tri triple ultra un under uni uretero utero vaso veno ventriculo vertebro "
    "whole wide"
)
_LONGEST_FIRST = sorted(_BEGINNINGS.split(), key=len, reverse=True)

_PAIRS = (
    "b mode, c arm, check up, cut off, drop out, follow up, follow ups, k edge, m mode, run off, t score, "
    "t tube, wash in, wash out, work up, x ray, x rays"
)
_TWO_WORDS = {pair.replace(" ", ""): pair for pair in _PAIRS.split(", ")}


def groups(terms: Sequence[Term]) -> tuple[Group, ...]:
    """Return for each term of a row of words what it may stand for, the term itself first."""
    typed = [_words(term) for term in terms]
    found: list[dict[Term, None]] = [{term: None} for term in terms]
    for number, (term, words) in enumerate(zip(terms, typed, strict=True)):
        for other in _alternatives(term, words):
            found[number].setdefault(_term(other))
    for first, count, other in chain(_neighbours(typed), _short_forms(typed)):
        for number in range(first, first + count):
            found[number].setdefault(_term(other))
    return tuple(map(tuple, found))


def expanded(query: Query) -> Query:
    """Return the query with everything that it means: what it finds is what the typed one should find."""
    alone = [number for number, group in enumerate(query.required) if len(group) == 1]
    required = list(query.required)
    for number, group in zip(alone, groups([query.required[number][0] for number in alone]), strict=True):
        required[number] = group
    for number, several in enumerate(query.required):
        if len(several) > 1:
            required[number] = _flat(groups([term])[0] for term in several)
    return replace(query, words=_flat(groups(query.words)), required=tuple(required))


def _flat(found: Iterable[Group]) -> Group:
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def _term(text: str) -> Term:
    return Term(text, is_phrase=" " in text)


def _words(term: Term) -> list[str]:
    """The words of a term that may be spelt otherwise: none of a phrase, a field or a beginning."""
    return _WORD.findall(term.text.lower()) if term.is_plain else []


def _alternatives(term: Term, words: list[str]) -> Iterable[str]:
    if not words:
        return
    for long in abbreviations.long_forms(term.text):
        yield long
        yield from _one_spelt_otherwise(long.split())
    if len(words) == 1:
        yield from variants(words[0])
        yield from _apart(words[0])
        return
    yield "".join(words)
    yield from _one_spelt_otherwise(words)  # "TNF-α"


def _one_spelt_otherwise(words: Sequence[str]) -> Iterable[str]:
    for number, word in enumerate(words):
        for other in variants(word):
            yield " ".join([*words[:number], other, *words[number + 1 :]])


def _apart(word: str) -> Iterable[str]:
    """A word that may be written as two: "intraarticular", "intra articular"."""
    if pair := _TWO_WORDS.get(word):
        yield pair
        return
    for beginning in _LONGEST_FIRST:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) >= _SHORTEST_REST:
            yield f"{beginning} {rest}"
            yield from (f"{beginning} {other}" for other in variants(rest) if " " not in other)
            return


def _neighbours(typed: list[list[str]]) -> Iterable[tuple[int, int, str]]:
    """Two words that may be written as one: which is the first, how many they are, and the one."""
    for number, pair in enumerate(pairwise(typed)):
        if all(len(words) == 1 for words in pair):
            [[first], [second]] = pair
            yield number, 2, first + second


def _short_forms(typed: list[list[str]]) -> Iterable[tuple[int, int, str]]:
    """Words that are the long form of an abbreviation: which is the first, how many, and the short form."""
    row = [(number, word) for number, words in enumerate(typed) for word in words if word not in STOP_WORDS]
    plain = [word for _, word in row]
    for start in range(len(row)):
        for length, short in abbreviations.short_forms(plain[start:]):
            first, last = row[start][0], row[start + length - 1][0]
            yield first, last - first + 1, short
