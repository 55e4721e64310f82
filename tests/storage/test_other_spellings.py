"""Searches and filters find what is spelt otherwise, joined, in the plural or by its abbreviation."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlite_utils

from wetread.domain.models import Author, Record, Section
from wetread.domain.query import parse_query
from wetread.storage import articles, search
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE = 41
TITLES = (
    "Radiofrequency ablation of invented hepatic tumours",
    "Example UFE in outpatients",
    "Intra-articular example injection with TNF-α",
    "Vertebral metastases of an invented cohort",
    "Oedema after spinal haemorrhage in an example",
    "Łoś sign in ﬁbrous samples",
)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = prepared(connection)
    for number, title in enumerate(TITLES, 1):
        record = Record("PubMed", title=title, doi=f"10.5555/jii.2026.{number}")
        articles.create(database, {"PubMed": record}, [HERE], NOW)
    yield database
    connection.close()


CASES = [
    ("RFA", 1),
    ("tumor AND RFA", 1),
    ('"uterine fibroid embolisation"', None),
    ("uterine AND fibroid AND embolization", 2),
    ("intraarticular", 3),
    ("intra AND articular", 3),
    ("TNF-alpha", 3),
    ("TNFalpha", 3),
    ("metastasis", 4),
    ("edema", 5),
    ("ede\u00adma", 5),
    ("hemorrhages", 5),
    ("title:edema", None),
    ('"spinal hemorrhage"', None),
    ("hemorrhag*", None),
]


@pytest.mark.parametrize(("typed", "number"), CASES)
def test_a_search_finds_what_is_meant_and_a_filter_agrees(
    db: sqlite_utils.Database, typed: str, number: int | None
) -> None:
    query = parse_query(typed)
    found = [hit.article_id for hit in search.search(db, HERE, query).hits]
    assert found[:1] == [number] * (number is not None)
    assert search.matching(db, range(1, len(TITLES) + 1), query, HERE) == set(found)


def test_what_the_words_name_comes_before_what_says_them_more_often(db: sqlite_utils.Database) -> None:
    for number in range(7):
        said = Section("RFA of the liver. " * 5)
        title = f"RFA and RFA again {number}"
        record = Record("PubMed", title=title, authors=(Author("Example", "Ada"),), abstract=(said,))
        articles.create(db, {"PubMed": record}, [HERE], NOW)
    for typed in ("RFA hepatic tumour", "tumours RFA", "RFA AND tumor"):
        assert search.search(db, HERE, parse_query(typed)).hits[0].article_id == 1
        later = search.search(db, HERE, parse_query(typed), offset=1).hits
        assert 1 not in {hit.article_id for hit in later}
    assert search.search(db, HERE, parse_query("example 3")).hits[0].article_id == len(TITLES) + 4


def test_excluded_words_are_those_that_were_typed(db: sqlite_utils.Database) -> None:
    found = search.search(db, HERE, parse_query("example -edema"))
    assert 5 in {hit.article_id for hit in found.hits}
