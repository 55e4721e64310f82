"""Words that no article has are read as they were probably meant; what is offered resembles them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlite_utils

from wetread.domain.models import Record
from wetread.domain.query import all_words, parse_query
from wetread.storage import articles, corrections, lookups
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE, NOWHERE = 41, 42, 43
TITLES = (
    "Epidural injection of an invented steroid",
    "Sacroiliac pain after example fusion",
    "Follow-up of dual-energy examples",
    "Epidural abscess in an invented cohort",
)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    """Two servers: HERE knows all, ELSEWHERE the second."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = prepared(connection)
    for number, title in enumerate(TITLES, 1):
        add(database, title, [HERE, ELSEWHERE] if number == 2 else [HERE])
    yield database
    connection.close()


def add(db: sqlite_utils.Database, title: str, guilds: list[int]) -> None:
    articles.create(db, {"PubMed": Record("PubMed", title=title)}, guilds, NOW)


def corrected(db: sqlite_utils.Database, typed: str, guild_id: int = HERE) -> str | None:
    better = corrections.corrected(db, guild_id, parse_query(typed))
    return better.text if better else None


def found(db: sqlite_utils.Database, typed: str, guild_id: int = HERE) -> lookups.Matching:
    return lookups.matching(db, guild_id, all_words(typed), limit=5, near_limit=3)


@pytest.mark.parametrize(
    "slip",
    ["injecton", "injectiom", "injetcion", "injecttion", "njection", "onjection", "ijnection", "iinjection"],
)
def test_one_slip_anywhere_in_a_word_is_corrected(db: sqlite_utils.Database, slip: str) -> None:
    assert corrected(db, f"epidural {slip}") == "epidural injection"


def test_several_words_are_corrected_with_their_punctuation(db: sqlite_utils.Database) -> None:
    assert corrected(db, "epidurall, injecton?") == "epidural, injection?"


def test_a_word_written_as_one_is_divided(db: sqlite_utils.Database) -> None:
    assert corrected(db, "sacroiliacpain") == "sacroiliac pain"


@pytest.mark.parametrize(
    "typed",
    [
        "epidural injection",
        '"epidurall injecton"',
        "title:injecton",
        "injecto*",
        "-injecton",
        "c1q",
        "xyz",
        "zygapophysis",
    ],
)
def test_known_words_phrases_fields_and_what_resembles_nothing_stay(
    db: sqlite_utils.Database, typed: str
) -> None:
    assert corrected(db, typed) is None


def test_words_of_other_servers_are_no_corrections(db: sqlite_utils.Database) -> None:
    assert corrected(db, "injecton", ELSEWHERE) is None
    assert corrected(db, "sacroilliac", ELSEWHERE) == "sacroiliac"
    assert corrected(db, "sacroilliac", NOWHERE) is None


def test_what_was_stored_a_moment_ago_counts(db: sqlite_utils.Database) -> None:
    assert corrected(db, "vertebroplaty") is None
    add(db, "Vertebroplasty in an example", [HERE])
    assert corrected(db, "vertebroplaty") == "vertebroplasty"


def test_of_two_near_words_the_more_frequent_is_meant(db: sqlite_utils.Database) -> None:
    for number in range(3):
        add(db, f"Example nodule {number}", [HERE])
    add(db, "Example module", [HERE])
    assert corrected(db, "rodule") == "nodule"


def test_a_look_up_with_a_slip_finds_the_article_and_says_what_was_searched(
    db: sqlite_utils.Database,
) -> None:
    matching = found(db, "epidurall steriod")
    assert [each.record.title for each in matching.articles] == [TITLES[0]]
    assert matching.corrected == "epidural steroid"


def test_what_has_most_of_the_words_is_offered_most_first(db: sqlite_utils.Database) -> None:
    near = found(db, "epidural steroid injection outcome").near
    assert [each.record.title for each in near] == [TITLES[0]]


@pytest.mark.parametrize(
    "typed", ["epidural outcome", "outcome", "epidural outcome of example registry work"]
)
def test_what_has_few_of_the_words_is_not_offered(db: sqlite_utils.Database, typed: str) -> None:
    assert found(db, typed) == lookups.Matching()


@pytest.mark.parametrize(("typed", "title"), [("best", "Rest"), ("lain", "Pain"), ("gain", "Pain")])
def test_a_short_word_with_another_first_letter_is_a_word_of_its_own(
    db: sqlite_utils.Database, typed: str, title: str
) -> None:
    add(db, f"{title} of invented people", [HERE])

    assert corrected(db, f"epidural {typed}") is None


@pytest.mark.parametrize("slip", ["piin", "apin", "pani", "painn"])
def test_a_short_word_with_a_slip_behind_its_first_letter_is_corrected(
    db: sqlite_utils.Database, slip: str
) -> None:
    assert corrected(db, f"sacroiliac {slip}") == "sacroiliac pain"
