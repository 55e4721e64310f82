"""How well the search ranks: MAP, nDCG@10 and P@5 where people, or the inventor, have said what is relevant.

`python -m benchmarks judged` asks an invented collection; `--judged FOLDER` those of a folder as well. Beside
Wetread stands SQLite's own ranking of the same texts: all words joined by OR, with the porter stemmer.
"""

import math
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils

from benchmarks.judged_collections import Collection, Grades, invented, read_folder
from benchmarks.measure import Row
from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import Record, Section
from wetread.domain.query import parse_query
from wetread.storage import articles, search
from wetread.storage.database import prepared

FOLDER = "WETREAD_JUDGED"
"""The environment variable with the folder that `--judged` names."""

GUILD = 4101
_DEPTH = 1_000
_NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_BARS = {"MAP": 0.48, "nDCG@10": 0.5, "P@5": 0.5}  # of the invented collection

Asking = Callable[[str], Sequence[str]]


def run(*, is_quick: bool) -> Iterator[Row]:  # noqa: ARG001  # a few seconds in any case
    """Judge the invented collection, and those of the folder if one is given."""
    collections = [invented()]
    if folder := os.environ.get(FOLDER):
        collections += read_folder(Path(folder))
    for collection in collections:
        print(f"judged: {collection.name} …", file=sys.stderr, flush=True)
        bars = _BARS if collection.name == "invented" else {}
        raw = _measured(collection, _raw(collection))
        ours = _measured(collection, _wetread(collection))
        case = f"{collection.name}, {len(collection.texts):,} texts, {len(collection.questions)} questions"
        for measure, value in raw.items():
            yield Row("judged", case, "raw FTS5, OR, porter", "", value, unit=measure)
        for measure, value in ours.items():
            yield Row("judged", case, "Wetread", "", value, unit=measure, least=bars.get(measure))


def average_precision(found: Sequence[str], grades: Grades) -> float:
    """Return the mean, over all relevant texts, of the precision at the place of each."""
    hits, total = 0, 0.0
    for place, name in enumerate(found, 1):
        if grades.get(name, 0) > 0:
            hits += 1
            total += hits / place
    return total / _relevant(grades) if _relevant(grades) else 0.0


def ndcg(found: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return the gain of the first places, discounted by place, as a share of the best possible."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([max(grades.get(name, 0), 0) for name in found[:depth]]) / best if best else 0.0


def precision(found: Sequence[str], grades: Grades, depth: int = 5) -> float:
    """Return which share of the first places is relevant."""
    return sum(grades.get(name, 0) > 0 for name in found[:depth]) / depth


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1) if grade > 0)


def _relevant(grades: Grades) -> int:
    return sum(grade > 0 for grade in grades.values())


def _measured(collection: Collection, ask: Asking) -> dict[str, float]:
    found = {name: ask(text) for name, text in collection.questions.items() if collection.judged.get(name)}
    measures: dict[str, Callable[[Sequence[str], Grades], float]] = {
        "MAP": average_precision,
        "nDCG@10": ndcg,
        "P@5": precision,
    }
    return {
        measure: sum(score(names, collection.judged[name]) for name, names in found.items()) / len(found)
        for measure, score in measures.items()
    }


def _raw(collection: Collection) -> Asking:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (title, abstract, tokenize='porter unicode61')")
    names = list(collection.texts)
    connection.executemany(
        "INSERT INTO texts (rowid, title, abstract) VALUES (?, ?, ?)",
        [(number, *collection.texts[name]) for number, name in enumerate(names)],
    )

    def ask(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        rows = connection.execute(
            f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT {_DEPTH}",  # noqa: S608  # a number
            [words],
        )
        return [names[number] for (number,) in rows]

    return ask


def _wetread(collection: Collection) -> Asking:
    db = sqlite_utils.Database(sqlite3.connect(":memory:", isolation_level=None))
    prepared(db.conn)
    names = {}
    for number, (name, (title, abstract)) in enumerate(collection.texts.items(), 1):
        sections = (Section(abstract),) if abstract else ()
        record = Record("feed", title=title or abstract[:80], abstract=sections, doi=f"10.5555/j.{number}")
        names[articles.create(db, {"feed:1": record}, [GUILD], _NOW)] = name

    def ask(text: str) -> list[str]:
        try:
            query = parse_query(text)
        except EmptyQueryError:
            return []
        found = search.search(db, GUILD, query, has_asides=True, limit=_DEPTH)
        return [names[hit.article_id] for hit in found.hits]

    return ask
