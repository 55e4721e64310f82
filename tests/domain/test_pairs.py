"""Pairs of records of tests/data/identity/pairs.toml: one work or two, as the database decides."""

import sqlite3
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.watch_stage import HERE, JII, NOW, PAPERS, PUBMED, WatchStage
from wetread.domain.catalogue import Catalogue
from wetread.domain.identity import are_different_works
from wetread.domain.models import Author, Entry, PartialDate, Record
from wetread.feeds.planner import UpdatePolicy
from wetread.storage.database import prepared

PAIRS = Path(__file__).parents[1] / "data" / "identity" / "pairs.toml"
CATALOGUE = Catalogue.load()
LEAST_COUNT = 150


class Pair(NamedTuple):
    shape: str
    is_same: bool
    one: Record
    other: Record


def pairs() -> list[Pair]:
    groups = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["group"]
    return [
        Pair(group["shape"], group["verdict"] == "same", *(read(group["common"] | said) for said in pair))
        for group in groups
        for pair in group["pairs"]
    ]


def read(said: dict[str, Any]) -> Record:
    values = {"source": "feed"} | said
    for name in ("online_on", "issue_on"):
        if name in values:
            values[name] = PartialDate.from_iso(values[name])
    values["authors"] = tuple(author(name) for name in values.get("authors", ()))
    values["issns"] = tuple(values.get("issns", ()))
    return Record(**values)


def author(name: str) -> Author:
    """Return "Example, Ada" divided, and "Ada Example" as a feed gives it."""
    family, comma, given = name.partition(", ")
    return Author(family, given) if comma else Author(name)


class InMemory(WatchStage):
    """A server that watches two feeds in one channel, with the real catalogue."""

    def __init__(self, content: bytes = b"") -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        if content:
            self.connection.deserialize(content)
        self.db = prepared(self.connection, CATALOGUE)
        self.now = NOW
        self.policy = UpdatePolicy()

    def cards(self, first: Record, second: Record) -> int:
        """Return in how many cards the channel shows two records that two feeds bring one after the other."""
        for number, (url, record) in enumerate(((JII, first), (PUBMED, second))):
            self.wait(hours=1)
            self.serve([Entry(f"guid-{number}", record, NOW)], url)
        return len(self.outbox(PAPERS))


@cache
def watching() -> bytes:
    """The database of such a server before the feeds bring anything: migrations take longer than a pair."""
    stage = InMemory()
    for url in (JII, PUBMED):
        stage.subscribe(PAPERS, guild=HERE, url=url, shown=[])
    content = stage.connection.serialize()
    stage.close()
    return content


def test_there_are_enough_pairs_of_each_verdict() -> None:
    verdicts = [pair.is_same for pair in pairs()]

    assert len(verdicts) >= LEAST_COUNT
    assert min(verdicts.count(True), verdicts.count(False)) >= LEAST_COUNT // 3


@pytest.mark.row("E01")
def test_one_identifier_that_differs_outweighs_those_that_agree() -> None:
    one = Record("feed", doi="10.5555/a", pmid="99000001", pmcid="PMC99001")

    assert are_different_works(one, replace(one, doi="10.5555/b"))
    assert are_different_works(one, replace(one, pmcid="PMC99002"))
    assert not are_different_works(one, one)


@pytest.mark.row("E01", "E03", "E04")
@pytest.mark.parametrize("shape", list(dict.fromkeys(pair.shape for pair in pairs())))
def test_pairs_of_this_shape_are_told_apart_or_together_in_either_order(shape: str) -> None:
    wrong = []
    for pair in pairs():
        for order in (1, -1) if pair.shape == shape else ():
            first, second = (pair.one, pair.other)[::order]
            stage = InMemory(watching())
            cards = stage.cards(first, second)
            stage.close()
            if cards != (1 if pair.is_same else 2):
                wrong.append((cards, first.title, second.title, first, second))

    assert wrong == []
