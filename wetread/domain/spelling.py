"""Slips of the keyboard: what a word may have been meant to be. Pure."""

from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

KEPT = 3
"""A word with slips elsewhere begins with these letters of the one that was meant."""

SHORTEST = 4
"""Shorter words are not corrected: too many others are one slip away."""

_TWO_SLIPS_FROM = 8
_OTHER_START_FROM = 6  # "best" is a word of its own, not "rest" with a slip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def can_be_corrected(word: str) -> bool:
    """Return whether a word is long enough, and made of letters: numbers are what they are."""
    return len(word) >= SHORTEST and word.isalpha()


def slips_at_the_start(word: str) -> Iterator[str]:
    """Yield all words that are one slip away within the first letters: missing, doubled, wrong, exchanged."""
    for place in range(KEPT):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after[1:]
            yield before + letter + after


def meant(word: str, counts: Mapping[str, int]) -> list[str]:
    """Return the words of `counts` that may have been meant, the nearest first, then the most frequent.

    `counts`: in how many titles each word stands. A long word may have two slips, others one; a slip is a
    letter too many, one missing, a wrong one, or two exchanged (optimal string alignment). In a short word
    the first letter may only be exchanged with the second.
    """
    most = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    likely = (other for other in counts if other != word and _begins_alike(word, other))
    distances = {other: OSA.distance(word, other, score_cutoff=most) for other in likely}
    near = [other for other, distance in distances.items() if distance <= most]
    return sorted(near, key=lambda other: (distances[other], -counts[other], other))


def _begins_alike(word: str, other: str) -> bool:
    return len(word) >= _OTHER_START_FROM or word[0] == other[0] or word[:2] == other[1::-1]
