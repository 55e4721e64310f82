"""Whole documents, real and our own, recorded twice: everything once, and nothing new the second time."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.samples import OWN, REAL, documents, needs_real
from tests.support.watch_stage import JII, PAPERS, WatchStage
from wetread.domain.errors import FeedParseError
from wetread.feeds.parser import parse_feed
from wetread.feeds.planner import UpdatePolicy
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.no_cover  # whole documents, whose parts have tests of their own
@pytest.mark.parametrize(
    "folder",
    [pytest.param(REAL / "feeds", marks=needs_real, id="real"), pytest.param(OWN / "feeds", id="own")],
)
def test_documents_bring_each_article_once(folder: Path) -> None:
    stage = WatchStage.__new__(WatchStage)
    stage.connection = sqlite3.connect(":memory:", isolation_level=None)
    stage.db, stage.now, stage.policy = prepared(stage.connection), NOW, UpdatePolicy()
    count = 0
    for path in documents(folder):
        try:
            feed = parse_feed(path.read_bytes(), url=JII, content_type=None, now=NOW)
        except FeedParseError:
            continue
        count += 1
        url, channel = f"https://feeds.example.org/{path.name}", PAPERS + count
        shown = list(feed.entries)
        stage.subscribe(channel, url=url, shown=shown[len(shown) // 2 :], limit=10_000)
        update = stage.serve(shown, url)
        assert update.pending_count + update.held_count == len(stage.outbox(channel)) - len(
            [each for each in stage.outbox(channel) if each.reason in ("before", "type", "front_matter")]
        ), path.name
        again = stage.serve(shown[::-1], url)
        counts = (again.new_count, again.updated_count, again.pending_count, again.held_count)
        assert counts == (0, 0, 0, 0), path.name

    assert count
    stage.connection.close()
