"""In how many articles words are."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
import sqlite_utils

from wetread.domain.models import Record
from wetread.domain.query import Term
from wetread.storage import articles, word_counts
from wetread.storage.database import prepared
from wetread.storage.word_counts import WordCounts

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORD, RARE = Term("sciatica"), Term("quokka")


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite_utils.Database]:
    monkeypatch.setattr(word_counts, "_SAMPLE", 10)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield prepared(connection)
    connection.close()


@pytest.fixture
def add(db: sqlite_utils.Database) -> Callable[[str, int], None]:
    numbers = count()

    def added(title: str, times: int) -> None:
        for number, _ in zip(numbers, range(times), strict=False):
            record = Record("feed", title=title, doi=f"10.5555/counted.{number}")
            articles.create(db, {"feed:1": record}, [41], NOW)

    return added


def test_a_rare_word_is_counted_exactly_each_time(
    db: sqlite_utils.Database, add: Callable[[str, int], None]
) -> None:
    assert WordCounts(db).of(RARE) == 0
    add("Quokka", 1)
    assert WordCounts(db).of(RARE) == 1


def test_a_common_word_is_estimated_from_its_newest_articles(
    db: sqlite_utils.Database, add: Callable[[str, int], None]
) -> None:
    for _ in range(40):
        add("Sciatica", 1)
        add("Another note", 1)
    assert WordCounts(db).of(WORD) == pytest.approx(40, abs=3)


def test_an_estimate_is_kept_until_the_archive_has_grown(
    db: sqlite_utils.Database, add: Callable[[str, int], None]
) -> None:
    add("Sciatica", 100)
    asked: list[str] = []
    WordCounts(db).of(WORD)
    db.conn.set_trace_callback(asked.append)

    def looks() -> int:
        asked.clear()
        WordCounts(db).of(WORD)
        return sum("articles_fts MATCH" in statement for statement in asked)

    assert looks() == 0
    add("Another note", 50)
    assert looks() == 1
    assert WordCounts(db).of(WORD) < 150


def test_no_more_estimates_are_kept_than_the_limit(
    db: sqlite_utils.Database, add: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_counts, "_KEPT_LIMIT", 2)
    add("One two three four five", 20)
    counts = WordCounts(db)
    for word in ("one", "two", "three", "four", "five"):
        assert counts.of(Term(word)) == 20
    assert len(word_counts._kept[db]) <= 2


def test_what_is_stored_while_words_are_counted_cannot_confuse_the_count() -> None:
    db = prepared(sqlite3.connect(":memory:", isolation_level=None))
    counts = WordCounts(db)
    counts.newest = 100
    assert counts.extrapolated(300, 250) == 100
    assert counts.extrapolated(50, 51) == 100
