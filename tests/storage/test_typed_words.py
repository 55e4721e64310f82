"""The words that members typed, as long as buttons may need them. Real SQLite."""

from datetime import timedelta

from tests.support.doubles import FakeClock
from tests.support.watch_stage import WatchStage
from wetread.storage.typed_words import KEPT_FOR, recall, remember


def test_the_same_words_have_one_id(stage: WatchStage) -> None:
    now = FakeClock()()
    first = remember(stage.db, "epidural injection", now)

    assert remember(stage.db, "facet joint", now) != first
    assert remember(stage.db, "epidural injection", now) == first
    assert recall(stage.db, first, now) == "epidural injection"
    assert recall(stage.db, first + 100, now) is None


def test_words_that_nobody_uses_are_deleted_and_their_id_never_names_others(stage: WatchStage) -> None:
    now = FakeClock()()
    used, unused = remember(stage.db, "epidural", now), remember(stage.db, "facet", now)
    recall(stage.db, used, now + KEPT_FOR / 2)
    later = now + KEPT_FOR + timedelta(seconds=1)

    other = remember(stage.db, "vertebroplasty", later)

    assert recall(stage.db, used, later) == "epidural"
    assert recall(stage.db, unused, later) is None
    assert other > unused
