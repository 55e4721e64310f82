"""What is stored of an article comes back as it was, and stands there once."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.domain.test_serialise import FULL
from wetread.domain.models import Record, Section
from wetread.storage import packing

DICTIONARIES = {1: "7ec6ba3304b99e5453f1a94b6234473f6552eb6a3b9d4fe865bf77346fcdd643"}
"""The dictionaries that were shipped, by their SHA-256: stored texts need them as they were."""

PROVENANCE = {"title": "PubMed", "abstract": "feed"}
SAID = {
    "feed:1": Record("feed", title="An invented title\n"),
    "feed:2": Record("feed", title=""),
    "PubMed": FULL,
}
GOOD = packing.pack(FULL, PROVENANCE, SAID)


def test_what_was_packed_comes_back() -> None:
    packed = packing.pack(FULL, PROVENANCE, SAID)

    assert packing.record_in(packed, FULL.title) == FULL
    assert packing.provenance_in(packed) == PROVENANCE
    assert packing.said_in(packed, FULL.title) == SAID


@pytest.mark.parametrize("title", ["", "An invented title", '"Quoted" – α'])
def test_a_title_of_which_some_sources_know_nothing_comes_back_for_the_others(title: str) -> None:
    record = Record("merged", title=title)
    said = {"feed:1": Record("feed", title=""), "PubMed": Record("PubMed", title=title)}

    packed = packing.pack(record, {}, said)

    assert packing.record_in(packed, title) == record
    assert packing.said_in(packed, title) == said


def test_the_title_is_left_to_its_column() -> None:
    title = " ".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(40))

    packed = packing.pack(Record("merged", title=title), {}, {"feed:1": Record("feed", title=title)})

    assert len(packed) < 100


def test_an_abstract_that_three_sources_have_takes_room_once() -> None:
    text = " ".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(40))
    record = Record("feed", title="Invented", abstract=(Section(text),))

    alone = packing.pack(record, {}, {})
    thrice = packing.pack(record, {}, {"feed:1": record, "PubMed": record, "Crossref": record})

    assert len(thrice) < 1.1 * len(alone)


def test_a_source_that_said_just_what_was_made_of_all_takes_room_for_its_name_only() -> None:
    merged = replace(FULL, source="merged")
    said = {"feed:1": replace(FULL, source="feed"), "PubMed": replace(FULL, source="PubMed")}

    packed = packing.pack(merged, PROVENANCE, said)

    assert packing.said_in(packed, FULL.title) == said
    assert len(packed) <= len(packing.pack(merged, PROVENANCE, {})) + 25


def test_the_dictionary_saves_room() -> None:
    assert len(packing.pack(FULL, {}, {})) < 0.9 * len(packing.text_of(FULL).encode())


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\xff" + GOOD[1:], GOOD[:-9], GOOD[:1] + b"\x07" + GOOD[2:]],
    ids=["empty", "an unknown dictionary", "cut off", "other bytes"],
)
def test_what_is_damaged_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="stored article"):
        packing.record_in(damaged, "Invented")


def test_shipped_dictionaries_stay_as_they_were() -> None:
    folder = Path(packing.__file__).parent
    found = {
        int(path.stem.removeprefix("dictionary_")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("dictionary_*.txt")
    }

    assert found == DICTIONARIES
    assert max(found) == packing.DICTIONARY
