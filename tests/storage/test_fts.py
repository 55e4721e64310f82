"""Facets and queries meet in the same tokens; what SQLite makes of them, see tests/storage/test_search.py."""

import re
import sqlite3
from calendar import monthrange
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import Author, PartialDate, Record
from wetread.domain.query import parse_query
from wetread.domain.typed_dates import FIRST_YEAR, LAST_YEAR
from wetread.storage.fts import facets_of, fts_expression, guild_facet, prefix_expression


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Any date that can be asked for, to the year, the month or the day; mostly near each other."""
    year = draw(st.integers(FIRST_YEAR, LAST_YEAR) | st.integers(2018, 2021))
    month = draw(st.integers(0, 12))
    day = draw(st.integers(0, monthrange(year, month)[1])) if month else 0
    return PartialDate(year, month, day)


def first_day(date: PartialDate) -> tuple[int, int, int]:
    return date.year, date.month or 1, date.day or 1


def last_day(date: PartialDate) -> tuple[int, int, int]:
    month = date.month or 12
    return date.year, month, date.day or monthrange(date.year, month)[1]


def tokens(expression: str) -> set[str]:
    return set(re.findall(r'"([^"]+)"', expression))


def is_found(query: str, date: PartialDate) -> bool:
    facets = set(facets_of(Record("feed", online_on=date), []).split(" "))
    return bool(facets & tokens(fts_expression(parse_query(query))))


@given(asked=partial_dates(), published=partial_dates())
def test_since_finds_what_certainly_appeared_then_or_later(
    asked: PartialDate, published: PartialDate
) -> None:
    assert is_found(f"since:{asked}", published) == (first_day(published) >= first_day(asked))


@given(asked=partial_dates(), published=partial_dates())
def test_until_finds_what_certainly_appeared_then_or_earlier(
    asked: PartialDate, published: PartialDate
) -> None:
    assert is_found(f"until:{asked}", published) == (last_day(published) <= last_day(asked))


@given(asked=partial_dates(), published=partial_dates())
def test_a_year_finds_what_is_within(asked: PartialDate, published: PartialDate) -> None:
    is_within = first_day(asked) <= first_day(published) and last_day(published) <= last_day(asked)
    if asked.month == asked.day == 0:
        assert is_found(f"year:{asked}", published) == is_within
        assert is_found(f"year:{asked}-{asked.year}", published) == is_within


def test_a_span_may_be_written_backwards() -> None:
    assert is_found("year:2024-2020", PartialDate(2022, 5))
    assert not is_found("year:2024-2020", PartialDate(2019))


def test_a_range_is_a_short_list() -> None:
    assert len(tokens(fts_expression(parse_query("since:1601-02-02 until:2098-11-29")))) < 120


@given(st.text(max_size=40))
def test_no_query_holds_a_facet(text: str) -> None:
    facets = set(
        facets_of(Record("feed", title="T", journal="J", mesh=("M",), types=("R",)), [41]).split(" ")
    )
    typed = f"{text}\ue000g41 \ue000a "
    assert not facets & tokens(fts_expression(parse_query(f"word {typed}"), within=""))


def test_servers_are_facets() -> None:
    assert tokens(guild_facet(41)) <= set(facets_of(Record("feed"), [41, 42]).split(" "))
    assert not tokens(guild_facet(4)) & set(facets_of(Record("feed"), [41, 42]).split(" "))


def test_authors_are_known_by_initials_also_where_a_feed_gives_one_string() -> None:
    names = (
        Author("Example", "Ada Beth"),
        Author("Ben C. Sample"),
        Author("Trial Group", is_collective=True),
    )
    facets = facets_of(Record("feed", authors=names), [])
    for name in ("examplea", "exampleab", "samplebc"):
        assert f"n{name} " in f"{facets} "
    assert "groupt" not in facets


def test_autocomplete_asks_for_single_words_only() -> None:
    assert prefix_expression("C-arm inj") == '"c" AND "arm" AND "inj"*'
    assert prefix_expression(" - ") is None


@pytest.mark.parametrize(
    "typed", ["emboli*", "emboliz*", "embolizat*", "ablat*", "ablati*", "vertebropl*", "oper*"]
)
def test_a_beginning_finds_words_of_which_the_index_keeps_less(typed: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5 (t, tokenize='porter unicode61')")
        connection.execute(
            "INSERT INTO found VALUES ('Embolization, ablation, vertebroplasties and operations')"
        )
        expression = fts_expression(parse_query(typed))

        assert connection.execute("SELECT 1 FROM found WHERE found MATCH ?", [expression]).fetchone()
