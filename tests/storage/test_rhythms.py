"""When the articles of a server's feeds came in. Real SQLite."""

from tests.support.watch_stage import HERE, PUBMED, SPINE, THERE, WatchStage, entries
from wetread.storage import rhythms


def test_arrivals_are_those_of_the_servers_silent_feeds(stage: WatchStage) -> None:
    stage.subscribe(shown=entries(1, 2))
    first = stage.now
    stage.wait(days=1)
    stage.serve(entries(1, 2, 3))
    second = stage.now
    stage.wait(days=8)
    stage.subscribe(SPINE, url=PUBMED, shown=entries(4))

    found = rhythms.arrivals(stage.db, HERE, stage.now)

    assert found == {stage.feed_id(): {first: 2, second: 1}}
    assert rhythms.arrivals(stage.db, THERE, stage.now) == {}
    assert rhythms.arrivals(stage.db, HERE, second) == {}, "what had something new lately is not looked at"
