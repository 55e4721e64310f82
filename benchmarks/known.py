"""Known items: somebody remembers words of one article among 100,000; is it the first that is shown?

Each query is made of words that stand together in one title only, in other spelling, with a slip and so on.
"""

import random
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import sqlite_utils

from benchmarks import titles
from benchmarks.library import GUILD, library
from benchmarks.measure import Row
from benchmarks.titles import Title
from wetread.domain.query import all_words, parse_query
from wetread.storage import corrections, lookups, search

QUERIES = 150
_KEYS = "abcdefghijklmnopqrstuvwxyz"

Query = tuple[str, int]
"""What is typed, and the number of the article that is meant."""


def run(*, is_quick: bool) -> Iterator[Row]:
    """Fill a database with titles and look for them."""
    known = list(titles.titles(10_000 if is_quick else 100_000))
    with library(len(known), records=titles.records(known)) as db:
        yield from asked(db, known, 20 if is_quick else QUERIES)


def asked(db: sqlite_utils.Database, known: Sequence[Title], count: int) -> Iterator[Row]:
    """Ask `count` queries of each class."""
    desk = _Desk(known)
    for case, (make, least) in desk.cases().items():
        print(f"known: {case}", file=sys.stderr, flush=True)
        rng = random.Random(case)
        queries: list[Query] = []
        while len(queries) < count:
            if (query := make(rng)) is not None:
                queries.append(query)
        for command, first in (("!abstract", _looked_up), ("!search", _searched)):
            cpu = time.process_time()
            right = sum(first(db, typed) == number + 1 for typed, number in queries)
            each = (time.process_time() - cpu) * 1000 / count
            yield Row("known", case, command, "", 100 * right / count, each, unit="% first", least=least)


def _looked_up(db: sqlite_utils.Database, typed: str) -> int | None:
    found = lookups.matching(db, GUILD, all_words(typed), limit=25, near_limit=3)
    return next((each.id for each in (*found.articles, *found.near)), None)


def _searched(db: sqlite_utils.Database, typed: str) -> int | None:
    query = parse_query(typed)
    page = search.search(db, GUILD, corrections.corrected(db, GUILD, query) or query)
    return page.hits[0].article_id if page.hits else None


class _Desk:
    """Makes queries. A query is None where the article that was drawn does not suit."""

    def __init__(self, known: Sequence[Title]) -> None:
        self._known = known
        self._by_concept: dict[str, set[int]] = defaultdict(set)
        self._by_kind: dict[str, list[int]] = defaultdict(list)
        for number, title in enumerate(known):
            self._by_kind[title.kind].append(number)
            for concept, _ in title.words:
                self._by_concept[concept].add(number)

    def cases(self) -> dict[str, tuple[Callable[[random.Random], Query | None], float]]:
        """Return each class with the least share of its queries, in percent, that must be right."""
        return {
            "3 to 5 words": (lambda rng: self._words(rng, rng.randint(3, 5)), 100),
            "one slip": (self._with_a_slip, 97),
            "British or American": (lambda rng: self._otherwise(rng, "british"), 97),
            "hyphen, space or joined": (lambda rng: self._otherwise(rng, "hyphen"), 97),
            "one or many": (lambda rng: self._otherwise(rng, "plural"), 99),
            "Greek letter or its name": (lambda rng: self._otherwise(rng, "greek"), 97),
            "abbreviation for long form": (lambda rng: self._otherwise(rng, "long"), 95),
            "long form for abbreviation": (lambda rng: self._otherwise(rng, "short"), 95),
            "accents, ligatures, soft hyphens": (self._in_other_letters, 100),
            "whole title": (lambda rng: self._whole(rng, len(self._known)), 100),
            "whole title of an old article": (lambda rng: self._whole(rng, len(self._known) // 100), 100),
            "author and word": (self._author_and_word, 98),
        }

    def _words(self, rng: random.Random, count: int, number: int | None = None) -> Query | None:
        number = rng.randrange(len(self._known)) if number is None else number
        words = self._known[number].words
        picked = rng.sample(words, min(count, len(words)))
        if not self._is_alone(number, [concept for concept, _ in picked]):
            return None
        return " ".join(written for _, written in picked), number

    def _is_alone(self, number: int, concepts: Sequence[str]) -> bool:
        return set.intersection(*(self._by_concept[each] for each in concepts)) == {number}

    def _with_a_slip(self, rng: random.Random) -> Query | None:
        found = self._words(rng, 3)
        words = found[0].split() if found else []
        long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if found is None or not long:
            return None
        place = rng.choice(long)
        words[place] = _slipped(rng, words[place])
        return " ".join(words), found[1]

    def _otherwise(self, rng: random.Random, kind: str) -> Query | None:
        number = rng.choice(self._by_kind[kind])
        title = self._known[number]
        *topic, (concept, _) = title.words
        picked = rng.sample(topic, 2)
        if not self._is_alone(number, [concept, *(each for each, _ in picked)]):
            return None
        return " ".join([*(written for _, written in picked), rng.choice(title.other)]), number

    def _in_other_letters(self, rng: random.Random) -> Query | None:
        found = self._words(rng, 3)
        if found is None:
            return None
        text = found[0].replace("fi", "ﬁ").replace("ff", "ﬀ").replace("e", "é", 1)
        return f"{text[:3]}\u00ad{text[3:]}", found[1]

    def _whole(self, rng: random.Random, among: int) -> Query | None:
        number = rng.randrange(among)
        title = self._known[number]
        if not self._is_alone(number, [concept for concept, _ in title.words]):
            return None
        return title.text, number

    def _author_and_word(self, rng: random.Random) -> Query | None:
        number = rng.randrange(len(self._known))
        name, (concept, word) = titles.author(number), rng.choice(self._known[number].words)
        if any(titles.author(each) == name for each in self._by_concept[concept] - {number}):
            return None
        accents = unicodedata.normalize("NFD", name)
        plain = "".join(letter for letter in accents if not unicodedata.combining(letter))
        return f"{rng.choice([name, plain])} {word}", number


def _slipped(rng: random.Random, word: str) -> str:
    """One letter too many, one missing, a wrong one, or two exchanged."""
    place = rng.randrange(len(word) - 1)
    before, after = word[:place], word[place:]
    return rng.choice(
        [
            before + after[1:],
            before + after[1] + after[0] + after[2:],
            before + rng.choice(_KEYS) + after[1:],
            before + rng.choice(_KEYS) + after,
        ]
    )
