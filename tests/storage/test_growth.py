"""The database after years: what is kept for ever is small, and repetitions add nothing (faults.md C20)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.watch_stage import WatchStage, entries, entry

SEEN_BYTES = 250
"""At most, of a seen entry with a guid as long as publishers make them: a million are a quarter of a
gigabyte, and that is a hundred journals for some ten years."""
COUNT = 20_000


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[WatchStage]:
    stage = WatchStage(tmp_path)
    yield stage
    stage.close()


def rows(stage: WatchStage) -> dict[str, int]:
    """The rows of every table."""
    return {table.name: table.count for table in stage.db.tables}


@pytest.mark.row("C20")
def test_c20_checks_that_bring_nothing_leave_nothing(stage: WatchStage) -> None:
    stage.subscribe()
    stage.serve(entries(1, 2))
    stage.serve(entries(1, 2, 3))
    before = rows(stage)

    for _ in range(200):
        stage.wait(hours=1)
        stage.unchanged()
        stage.wait(hours=1)
        stage.serve(entries(1, 2, 3))

    assert rows(stage) == before


@pytest.mark.row("C20")
def test_c20_what_was_seen_is_kept_for_good_in_little_space(stage: WatchStage) -> None:
    stage.subscribe()
    stage.serve(entries(1))
    before = size(stage)
    guid = "https://journal.example.org/articles/10.5555/jii.2026."
    with stage.transaction:
        stage.connection.execute(
            """
            WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
            INSERT INTO entries (feed_id, guid, article_id, first_seen_at, content_hash)
            SELECT 1, ? || hex(randomblob(4)) || n, 1, '2026-11-02T09:00:00Z', lower(hex(randomblob(16)))
            FROM numbers
            """,
            [COUNT, guid],
        )
    assert (size(stage) - before) / COUNT < SEEN_BYTES

    stage.wait(days=3650)
    returned = entry(1, published_at=stage.now)
    assert stage.serve([returned]).new_count == 0, "ten years later it is still known"


def size(stage: WatchStage) -> int:
    stage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return stage.path.stat().st_size
