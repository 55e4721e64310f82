"""What is written as JSON is read back equal; anything else is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import (
    Author,
    Entry,
    ParsedFeed,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Section,
)
from wetread.domain.serialise import (
    content_hash,
    entry_from_json,
    entry_to_json,
    feed_from_json,
    feed_to_json,
    record_from_json,
    record_to_json,
)

FULL = Record(
    source="PubMed",
    title="Invented spines",
    authors=(
        Author("Example", "Ada B", "Jr", ("Invented University",), "0000-0000-0000-0000"),
        Author("Invented Trial Group", is_collective=True),
    ),
    abstract=(Section("To invent.", "PURPOSE"), Section("Done.")),
    doi="10.5555/jii.2026.0001",
    pmid="99000001",
    issns=("0000-0000",),
    online_on=PartialDate(2026, 1, 4),
    issue_on=PartialDate(2026, 7),
    types=("Journal Article",),
    relations=(Relation(RelationKind.CORRECTED_BY, doi="10.5555/x", on=PartialDate(2026)),),
    has_no_abstract=True,
)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_a_record_comes_back_equal() -> None:
    assert record_from_json(through_json(record_to_json(FULL))) == FULL


def test_empty_fields_are_left_out() -> None:
    assert record_to_json(Record("feed", title="T")) == {"source": "feed", "title": "T"}


def test_a_feed_comes_back_equal() -> None:
    feed = ParsedFeed(
        title="Journal of Invented Imaging",
        version="rss20",
        home_url="https://pubs.example.org/",
        ttl=7200.0,
        entries=(
            Entry("pubmed:99000001", FULL, datetime(2026, 1, 4, 11, tzinfo=UTC)),
            Entry("x", Record("feed")),
        ),
        warnings=("Half of it was missing.",),
    )
    assert feed_from_json(through_json(feed_to_json(feed))) == feed


def test_an_entry_brings_the_hash_by_which_it_was_stored() -> None:
    """Another one would make every entry of every feed look changed after an upgrade."""
    entry = entry_from_json(through_json(entry_to_json(Entry("x", FULL))))

    assert entry.content_hash == content_hash(FULL) == "16c425fbf6dd2c488555783876e40f61"
    assert content_hash(replace(FULL, url="https://elsewhere.example.org/")) == entry.content_hash


@pytest.mark.parametrize("damaged", ["", "x" * 32, "0" * 33, 5, None], ids=str)
def test_a_damaged_hash_is_refused(damaged: object) -> None:
    with pytest.raises(ValueError, match=r"^Entry\.content_hash"):
        entry_from_json(entry_to_json(Entry("x", Record("feed"))) | {"content_hash": damaged})


@pytest.mark.parametrize(
    "damage",
    [
        {"source": None},
        {"title": 5},
        {"authors": "Ada"},
        {"authors": [{"given": "Ada"}]},
        {"authors": [{"family": "Example", "age": "5"}]},
        {"abstract": [["PURPOSE", "To invent."]]},
        {"online_on": "soon"},
        {"online_on": "2026-1-4-5"},
        {"online_on": "2026-13"},
        {"title": "half \ud83d"},
        {"has_no_abstract": 1},
        {"relations": [{"kind": "loves"}]},
        {"unknown": "x"},
    ],
    ids=str,
)
def test_a_damaged_record_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^Record"):
        record_from_json(record_to_json(FULL) | damage)


@pytest.mark.row("S17")
@pytest.mark.parametrize("data", [None, [], "record", 3, {}, {"title": "no source"}], ids=str)
def test_what_is_no_record_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"expected dict|Record"):
        record_from_json(data)


FIELDS = st.sampled_from(["title", "version", "entries", "guid"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner),
    max_leaves=10,
)


@pytest.mark.row("S17")
@given(JSON)
def test_any_json_is_a_feed_or_refused(data: Any) -> None:
    try:
        feed = feed_from_json(data)
    except ValueError:
        return
    assert isinstance(feed, ParsedFeed)


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_come_back_equal(instant: datetime) -> None:
    feed = ParsedFeed(None, "atom10", entries=(Entry("g", Record("feed"), instant),))
    assert feed_from_json(through_json(feed_to_json(feed))) == feed
