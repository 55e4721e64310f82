"""What is stored with ø, æ or ß is found by plain letters, and the reverse; it is shown as it is written."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlite_utils

from wetread.domain.models import Author, Record, Section
from wetread.domain.query import all_words, parse_query
from wetread.storage import articles, corrections, lookups, search
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE = 41
ABSTRACT = "An invented sign by Weißmann in Ærø and İzmir, as Yıldız and Łoś have shown with the œdema scale."
RECORDS = (
    Record(
        "PubMed",
        title="Smørbrød sign of the invented spine",
        authors=(Author("Sørensen", "Ada"), Author("Müller", "Ben")),
        abstract=(Section(ABSTRACT),),
        doi="10.5555/letters.1",
    ),
    Record(
        "PubMed",
        title="Kobenhavn criteria for example fractures",
        authors=(Author("Bjornson", "Cleo"),),
        doi="10.5555/letters.2",
    ),
)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = prepared(connection)
    for record in RECORDS:
        articles.create(database, {"PubMed": record}, [HERE], NOW)
    yield database
    connection.close()


CASES = [
    ("Sorensen", 1),
    ("Soerensen", 1),
    ("SØRENSEN", 1),
    ("Muller", 1),
    ("Mueller", 1),
    ("author:Soerensen", 1),
    ('author:"Sorensen A"', 1),
    ("title:smorbrod", 1),
    ('"smorbrod sign"', 1),
    ("smorb*", 1),
    ("Weissmann", 1),
    ("Aero", 1),
    ("Izmir", 1),
    ("Yildiz", 1),
    ("Los", 1),
    ("oedema", 1),
    ("København", 2),
    ("Bjørnson", 2),
    ("author:Bjørnson", 2),
]


@pytest.mark.parametrize(("typed", "number"), CASES)
def test_plain_letters_find_the_others_and_the_reverse(
    db: sqlite_utils.Database, typed: str, number: int
) -> None:
    query = parse_query(typed)
    assert [hit.article_id for hit in search.search(db, HERE, query).hits] == [number]
    assert search.matching(db, (1, 2), query, HERE) == {number}


def test_autocomplete_look_up_and_corrections_read_them_alike(db: sqlite_utils.Database) -> None:
    assert [each for each, _ in search.complete_titles(db, HERE, "smorbr")] == [1]
    assert [each for each, _ in search.complete_titles(db, HERE, "københ")] == [2]
    assert [
        each.id
        for each in lookups.matching(db, HERE, all_words("sorensen smorbrod"), limit=5, near_limit=0).articles
    ] == [1]
    better = corrections.corrected(db, HERE, parse_query("smorbrodt"))
    assert better is not None
    assert better.text == "smorbrod"


def test_what_is_shown_keeps_its_letters_and_marks(db: sqlite_utils.Database) -> None:
    [hit] = search.search(db, HERE, parse_query("Weissmann Aero Yildiz Los")).hits
    assert [words for words, is_match in hit.snippet if is_match] == ["Weißmann", "Ærø", "Yıldız", "Łoś"]
    shown = "".join(words for words, _ in hit.snippet).strip("… ")
    assert shown in ABSTRACT
