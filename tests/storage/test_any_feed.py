"""A feed may reorder, add, drop and rename entries: no article is lost or posted twice."""

import sqlite3
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.watch_stage import (
    HERE,
    INVENTED,
    JII,
    NOW,
    PAPERS,
    PUBMED,
    SPINE,
    THEIRS,
    THERE,
    WatchStage,
    doi,
    entry,
)
from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.models import DeliveryState, Entry
from wetread.feeds.planner import UpdatePolicy
from wetread.storage.database import prepared

NUMBERS = st.integers(1, 12)
GUID_STYLES = st.sampled_from(["", "http://", "urn:uuid:", "tag:"])
PLACES = ((HERE, PAPERS, JII), (HERE, PAPERS, PUBMED), (HERE, SPINE, PUBMED), (THERE, THEIRS, JII))
Steps = list[tuple[str, list[Entry]]]


@st.composite
def documents(draw: st.DrawFn, *, are_all_named: bool) -> list[Entry]:
    """Any articles in any order, some twice, guids in any style.

    Each is known by its DOI; if not `are_all_named`, by any of DOI, PMID and title, but at least one.
    """
    style = draw(GUID_STYLES)
    shown = []
    for turn, number in enumerate(draw(st.lists(NUMBERS, max_size=12))):
        has_pmid, is_retitled, is_new_guid = (draw(st.booleans()) for _ in range(3))
        has_doi = are_all_named or draw(st.booleans())
        is_retitled = is_retitled and (has_doi or has_pmid)
        shown.append(
            entry(
                number,
                f"{style}guid-{number}-{turn if is_new_guid else 0}",
                doi=doi(number) if has_doi else None,
                pmid=pmid(number) if has_pmid else None,
                title=title(number) + (" (revised)" if is_retitled else ""),
            )
        )
    return draw(st.permutations(shown))


def pmid(number: int) -> str:
    return f"9900{number:04d}"


def title(number: int) -> str:
    return f"Invented finding number {number} at imaging"


def steps(*, are_all_named: bool) -> st.SearchStrategy[Steps]:
    step = st.tuples(st.sampled_from([JII, PUBMED]), documents(are_all_named=are_all_named))
    return st.lists(step, min_size=1, max_size=8)


class InMemory(WatchStage):
    """As the stage, without a disk under it: hundreds of databases are made here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.db = prepared(self.connection, catalogue)
        self.now = NOW
        self.policy = UpdatePolicy()

    def play(self, first: dict[str, list[Entry]], then: Steps, newest: int) -> None:
        for guild, channel, url in PLACES:
            self.subscribe(channel, guild=guild, url=url, newest=newest, shown=first.get(url, []))
        for url, shown in then:
            self.serve(shown, url)
            self.wait(hours=1)


@pytest.mark.row("B04", "B05", "B33")
@settings(max_examples=30, deadline=None)
@given(
    first=st.dictionaries(st.sampled_from([JII, PUBMED]), documents(are_all_named=True), max_size=2),
    then=steps(are_all_named=True),
    newest=st.integers(0, 3),
    catalogue=st.sampled_from([INVENTED, NO_JOURNALS]),
)
def test_every_article_ends_in_each_channel_once(
    first: dict[str, list[Entry]], then: Steps, newest: int, catalogue: Catalogue
) -> None:
    stage = InMemory(catalogue)
    stage.play(first, then, newest)
    for channel in (PAPERS, SPINE, THEIRS):
        urls = {place[2] for place in PLACES if place[1] == channel}
        served = {each.record.doi for url, shown in (*first.items(), *then) if url in urls for each in shown}
        outbox = stage.outbox(channel)
        assert set(stage.delivery_states(channel)) == served, (
            "none is lost, and none is there that was not shown"
        )
        assert len(outbox) == len(served)
        assert {each.state for each in outbox} <= {DeliveryState.PENDING, DeliveryState.SKIPPED}
    old = {each.record.doi for each in first.get(JII, [])}
    new = {each.record.doi for url, shown in then if url == JII for each in shown} - old
    assert new <= set(stage.scheduled(THEIRS)), "what came after the beginning is scheduled"
    stage.close()


@settings(max_examples=30, deadline=None)
@given(then=steps(are_all_named=False), catalogue=st.sampled_from([INVENTED, NO_JOURNALS]))
def test_articles_that_turn_out_to_be_one_are_scheduled_once(then: Steps, catalogue: Catalogue) -> None:
    stage = InMemory(catalogue)
    stage.play({}, then, 0)
    everything = [entry(n, f"last-{n}", pmid=pmid(n), title=title(n)) for n in range(1, 13)]
    stage.serve(everything)
    stage.serve(everything, PUBMED)
    for channel in (PAPERS, SPINE, THEIRS):
        counts = Counter(record.doi for record in stage.records(channel))
        assert counts == {doi(number): 1 for number in range(1, 13)}
    stage.close()
