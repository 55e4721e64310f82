"""The ready topics find what they say, through the real index, and leave out what is only like it."""

import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlite_utils

from wetread.domain.expansion import expanded
from wetread.domain.models import Record, Subject
from wetread.domain.query import parse_query
from wetread.domain.query_faults import read_query
from wetread.domain.ready_topics import ReadyTopic, about, get, ready_topics, subjects
from wetread.storage import articles, fts, search
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE = 41
TITLES = tomllib.loads((Path(__file__).parents[1] / "data" / "ready_topics.toml").read_text(encoding="utf-8"))
ELSEWHERE = 0.1
"""The largest share of other topics' titles that a topic may find. Topics meet: ultrasound of the breast."""

TOPICS = pytest.mark.parametrize("topic", ready_topics(), ids=lambda topic: topic.key)


@pytest.fixture(scope="module")
def index() -> Iterator[tuple[sqlite_utils.Database, dict[str, int]]]:
    """A database with all titles, and the ids of these."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = prepared(connection)
    titles = sorted({title for row in TITLES.values() for title in (*row["finds"], *row["misses"])})
    yield db, {title: _stored(db, number, title) for number, title in enumerate(titles)}
    connection.close()


@pytest.fixture(scope="module")
def found(index: tuple[sqlite_utils.Database, dict[str, int]]) -> dict[str, set[str]]:
    """What each topic finds of all titles, asked as `search.matching` asks."""
    db, ids = index
    statement = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    titles = {article_id: title for title, article_id in ids.items()}
    return {
        topic.key: {
            titles[article_id]
            for (article_id,) in db.conn.execute(
                statement, [fts.fts_expression(expanded(parse_query(topic.query)))]
            )
        }
        for topic in ready_topics()
    }


def _stored(db: sqlite_utils.Database, number: int, title: str) -> int:
    record = Record("PubMed", title=title, doi=f"10.5555/ready.{number}")
    return articles.create(db, {"PubMed": record}, [HERE], NOW)


@TOPICS
def test_a_topic_finds_the_titles_of_its_subject(topic: ReadyTopic, found: dict[str, set[str]]) -> None:
    assert [title for title in TITLES[topic.key]["finds"] if title not in found[topic.key]] == []


@TOPICS
def test_a_topic_leaves_out_titles_that_only_share_words(
    topic: ReadyTopic, found: dict[str, set[str]]
) -> None:
    assert [title for title in TITLES[topic.key]["misses"] if title in found[topic.key]] == []


@TOPICS
def test_a_filter_with_the_words_of_a_topic_agrees(
    topic: ReadyTopic, index: tuple[sqlite_utils.Database, dict[str, int]], found: dict[str, set[str]]
) -> None:
    db, ids = index
    own = {ids[title] for titles in TITLES[topic.key].values() for title in titles}
    agreed = {ids[title] for title in found[topic.key]} & own
    assert search.matching(db, own, parse_query(topic.query), HERE) == agreed


def test_no_topic_finds_much_of_what_belongs_to_others(found: dict[str, set[str]]) -> None:
    shares = {}
    for key, titles in found.items():
        others = {title for other, row in TITLES.items() if other != key for title in row["finds"]}
        others -= {*TITLES[key]["finds"]}
        shares[key] = len(titles & others) / len(others)
    worst = sorted(shares, key=shares.__getitem__, reverse=True)[:5]
    assert shares[worst[0]] <= ELSEWHERE, {key: f"{shares[key]:.1%}" for key in worst}


def test_no_two_topics_find_the_same(found: dict[str, set[str]]) -> None:
    everything = [frozenset(titles) for titles in found.values()]
    assert len(set(everything)) == len(everything)


@TOPICS
def test_a_topic_is_a_filter_without_faults_and_fits_its_menu(topic: ReadyTopic) -> None:
    typed = read_query(topic.query, date(2026, 11, 2), is_filter=True)
    typed.demand_clear()
    assert typed.text == topic.query
    assert 0 < len(topic.name) <= 30
    assert topic.finds.endswith(".")
    assert len(topic.finds) <= 100  # the description of a choice in a menu
    assert topic.sources


def test_the_library_is_large_its_names_are_unique_and_its_menus_are_short_enough() -> None:
    topics = ready_topics()
    assert len(topics) >= 45
    assert (
        len({topic.key for topic in topics}) == len({topic.name.lower() for topic in topics}) == len(topics)
    )
    assert [each for subject in subjects() for each in about(subject)] == list(topics)
    assert len(subjects()) <= 25
    assert all(0 < len(about(subject)) <= 25 for subject in subjects())
    assert get("prostate-mri") in about(Subject.ABDOMEN)
    assert get("no-such-topic") is None


def test_each_topic_has_titles_of_both_kinds() -> None:
    assert [*TITLES] == [row for row in TITLES if get(row)]
    assert {topic.key for topic in ready_topics()} == {*TITLES}
    assert all(len(row["finds"]) >= 6 and len(row["misses"]) >= 4 for row in TITLES.values())
