"""Journals of `[catalogue] extra`: searches and filters know them by all their names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.watch_stage import HERE, WatchStage, entry
from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.models import Record
from wetread.domain.query import parse_query
from wetread.storage import articles, search

TITLE = "Annals of Imaginary Radiology and Phantom Studies"
EXTRA = f"""
[[journal]]
key = "airps"
title = "{TITLE}"
abbreviation = "Ann Imaginary Radiol"
issns = ["0000-0019"]
subject = "General"
subspecialties = ["spine"]
publisher_feed = "https://journal.example.org/rss"
aliases = ["quux letters"]
"""
NAMES = ["airps", '"quux letters"', "0000-0019"]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    extra = tmp_path / "extra.toml"
    extra.write_text(EXTRA, encoding="utf-8")
    return Catalogue.load(extra)


@pytest.fixture(params=[True, False], ids=["with the list", "without"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, catalogue: Catalogue) -> Iterator[WatchStage]:
    made = WatchStage(tmp_path, catalogue if request.param else NO_JOURNALS)
    yield made
    made.close()


@pytest.mark.row("E35")
@pytest.mark.parametrize("name", NAMES)
def test_a_search_finds_the_journal_by_each_of_its_names(stage: WatchStage, name: str) -> None:
    is_known = stage.catalogue is not NO_JOURNALS
    wanted = articles.create(
        stage.db, {"feed": Record("feed", title="One", journal=TITLE)}, [HERE], stage.now
    )
    articles.create(stage.db, {"feed": Record("feed", title="Two", journal="Another")}, [HERE], stage.now)

    found = search.search(stage.db, HERE, parse_query(f"journal:{name}"))
    others = search.search(stage.db, HERE, parse_query(f"-journal:{name}"))

    assert [hit.article_id for hit in found.hits] == ([wanted] if is_known else [])
    assert others.total == (1 if is_known else 2)


@pytest.mark.row("E35")
@pytest.mark.parametrize("name", NAMES)
def test_a_filter_lets_through_the_journal_by_each_of_its_names(stage: WatchStage, name: str) -> None:
    is_known = stage.catalogue is not NO_JOURNALS
    stage.subscribe(shown=[], filter=f"journal:{name}")
    stage.wait(hours=1)

    stage.serve([entry(1, journal=TITLE), entry(2, journal="Another")])

    assert stage.scheduled() == (["10.5555/jii.1"] if is_known else [])
