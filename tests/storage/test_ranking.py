"""Which of many matches come first, however old they are."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlite_utils

from wetread.domain.models import Record, Section
from wetread.domain.query import parse_query
from wetread.storage import articles, feedback, ranking, scopes, search
from wetread.storage.database import prepared

HERE, ELSEWHERE = 41, 42
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

Add = Callable[..., int]


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield prepared(connection)
    connection.close()


@pytest.fixture
def add(db: sqlite_utils.Database) -> Add:
    def added(title: str, abstract: str = "", *guilds: int) -> int:
        count = db.conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        record = Record(
            "feed",
            title=title,
            abstract=(Section(abstract),) if abstract else (),
            doi=f"10.5555/ranked.{count}",
        )
        return articles.create(db, {"feed:1": record}, guilds or [HERE], NOW)

    return added


def found(db: sqlite_utils.Database, text: str, guild_id: int = HERE, limit: int = 50) -> list[int]:
    hits = search.search(db, guild_id, parse_query(text), limit=limit).hits
    return [hit.article_id for hit in hits]


def test_an_old_article_is_first_where_more_match_than_are_scored(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_SELECTED", 5)
    best = add("Quokka and lumbar pain")
    for number in range(20):
        add(f"Invented note {number}", "About pain.")
    assert found(db, "quokka pain")[0] == best
    assert found(db, "pain")[0] == best
    assert len(found(db, "quokka pain")) == 21


def test_what_is_everywhere_is_thinned_out_evenly(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_SELECTED", 10)
    monkeypatch.setattr(ranking, "_SELECTED_AGAIN", 10)
    ids = [add(f"Note {number}", "About pain.") for number in range(40)]
    first = found(db, "pain", limit=10)
    assert min(first) < 10
    assert max(first) > 30
    assert sorted(found(db, "pain")) == ids


@pytest.mark.parametrize("most", [20_000, 10])
def test_of_words_too_common_to_score_those_with_all_in_the_title_are_first(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(ranking, "_WALKED", 0)
    monkeypatch.setattr(ranking, "COUNT_LIMIT", most)
    best = add("Pain of the spine")
    ids = [best, *(add(f"Note {number}", "About pain of the spine.") for number in range(30))]
    assert found(db, "spine pain")[0] == best
    assert found(db, "spine AND pain")[0] == best
    assert found(db, "spine AND pain -note") == [best]
    if most > len(ids):
        assert sorted(found(db, "spine pain")) == ids
        add("Pain of the spine", "", ELSEWHERE)
        assert sorted(found(db, "spine pain")) == ids


def test_pages_follow_each_other_without_gap_or_repetition(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_DEPTH", 6)
    monkeypatch.setattr(ranking, "_SELECTED", 15)
    for number in range(30):
        add(f"Invented note {number}", "About pain." if number % 2 else "Pain and quokka.")
    pages = [
        search.search(db, HERE, parse_query("quokka pain"), limit=7, offset=at) for at in range(0, 35, 7)
    ]
    shown = [hit.article_id for page in pages for hit in page.hits]
    assert len(shown) == len(set(shown)) == pages[0].total == 30
    assert {page.total for page in pages} == {30}


def test_articles_that_resemble_the_best_are_found_and_counted(db: sqlite_utils.Database, add: Add) -> None:
    for number in range(12):
        add(f"Sciatica case {number}", "Radiculopathy of the dermatome after herniation.")
    related = add("Radiculopathy", "Herniation in the dermatome.")
    for number in range(200):
        add(f"Other note {number}", "Nothing of the kind.")
    page = search.search(db, HERE, parse_query("sciatica"), limit=50)
    assert (page.total, page.related_count) == (13, 1)
    assert related in {hit.article_id for hit in page.hits}
    alone = search.search(db, HERE, parse_query("sciatica"), limit=50, has_related=False)
    assert (alone.total, alone.related_count) == (12, 0)
    assert search.search(db, HERE, parse_query("sciatica -herniation")).total == 0
    assert search.search(db, HERE, parse_query("title:sciatica"), limit=50).total == 12


def test_few_matches_bring_nothing_else(db: sqlite_utils.Database, add: Add) -> None:
    ids = [add("Sciatica", "Radiculopathy.") for _ in range(3)]
    add("Radiculopathy")
    assert sorted(found(db, "sciatica")) == ids


def test_what_resembles_is_the_servers_own(db: sqlite_utils.Database, add: Add) -> None:
    for number in range(12):
        add(f"Sciatica case {number}", "Radiculopathy of the dermatome.", HERE, ELSEWHERE)
    foreign = add("Radiculopathy of the dermatome", "", ELSEWHERE)
    for number in range(150):
        add(f"Other note {number}", "Nothing of the kind.")
    assert foreign not in found(db, "sciatica")
    assert foreign in found(db, "sciatica", ELSEWHERE)


def test_what_a_server_does_not_know_leaves_room_for_what_it_knows(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "_MANY", 1)
    monkeypatch.setattr(ranking, "_DEPTH", 12)
    mine = [
        add(f"Invented note {number}", "About sciatica and more.", HERE, ELSEWHERE) for number in range(12)
    ]
    for number in range(300):
        add(f"Sciatica {number}", "Sciatica.", ELSEWHERE)
    assert sorted(found(db, "sciatica")) == mine


def test_an_article_with_all_the_words_in_its_title_is_first(db: sqlite_utils.Database, add: Add) -> None:
    titled = add("Sham needle placement", "A short note.")
    for number in range(15):
        add(f"Sham trial {number}", "Needle needle needle placement placement placement of needles.")
    assert found(db, "needle placement")[0] == titled


def test_words_are_compared_without_their_endings() -> None:
    for one, other in (("injections", "injection"), ("arteries", "artery"), ("epidurally", "epidural")):
        assert feedback.stem(one) == feedback.stem(other)
    assert feedback.words_of("Müller’s C-arm, 50 %") == ["muller", "s", "c", "arm", "50"]


def test_a_search_takes_the_same_time_whoever_else_there_is(db: sqlite_utils.Database, add: Add) -> None:
    add("Sciatica", "", ELSEWHERE)
    mine = add("Sciatica of the leg")
    assert found(db, "sciatica") == [mine]


def test_where_counting_would_be_slow_only_the_commonest_words_are_counted(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        add(f"Note {number}", "About pain." if number % 3 else "Quokka of the spine.")
    add("Pain", "", ELSEWHERE)
    everything = found(db, "pain quokka spine")
    monkeypatch.setattr(ranking, "_WALKED", 20)
    page = search.search(db, HERE, parse_query("pain quokka spine"))
    assert (page.total, page.is_capped, page.related_count) == (20, True, 0)
    assert sorted(found(db, "pain quokka spine")) == sorted(everything)
    assert not search.search(db, HERE, parse_query("quokka")).is_capped


def test_of_many_words_fewer_articles_are_scored(
    db: sqlite_utils.Database, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_SELECTED", 12)
    for number in range(24):
        add(f"Note {number}", "About pain of the lumbar spine in quokkas and other marsupials.")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    found(db, "pain")
    assert not any("% 4 = 0" in each for each in asked)
    found(db, "pain lumbar spine quokkas other marsupials")
    assert any("% 2 = 0" in each for each in asked)
    assert any("% 4 = 0" in each for each in asked)
