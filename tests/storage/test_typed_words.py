"""The words that members typed, as long as buttons may need them. Real SQLite."""

from datetime import timedelta

import pytest

from tests.support.doubles import FakeClock
from tests.support.watch_stage import WatchStage
from wetread.storage.typed_words import KEPT_FOR, Typist, recall, remember

ANN = Typist(guild_id=1, member_id=7)


def test_the_same_words_have_one_id(stage: WatchStage) -> None:
    now = FakeClock()()
    first = remember(stage.db, "epidural injection", ANN, now)

    assert remember(stage.db, "facet joint", ANN, now) != first
    assert remember(stage.db, "epidural injection", ANN, now) == first
    assert recall(stage.db, first, ANN, now) == "epidural injection"
    assert recall(stage.db, first + 100, ANN, now) is None


def test_words_that_nobody_uses_are_deleted_and_their_id_never_names_others(stage: WatchStage) -> None:
    now = FakeClock()()
    used, unused = remember(stage.db, "epidural", ANN, now), remember(stage.db, "facet", ANN, now)
    recall(stage.db, used, ANN, now + KEPT_FOR / 2)
    later = now + KEPT_FOR + timedelta(seconds=1)

    other = remember(stage.db, "vertebroplasty", ANN, later)

    assert recall(stage.db, used, ANN, later) == "epidural"
    assert recall(stage.db, unused, ANN, later) is None
    assert other > unused


@pytest.mark.row("E25")
def test_words_are_read_by_who_typed_them_or_by_everybody_in_the_server_if_they_were_public(
    stage: WatchStage,
) -> None:
    now = FakeClock()()
    private, public = (
        remember(stage.db, "epidural", typist, now) for typist in (ANN, Typist(guild_id=1, member_id=0))
    )
    elsewhere, direct = Typist(guild_id=2, member_id=7), Typist(guild_id=0, member_id=7)
    other = Typist(guild_id=1, member_id=8)

    assert private != public
    assert [recall(stage.db, private, each, now) for each in (ANN, other, elsewhere, direct)] == [
        "epidural",
        None,
        None,
        None,
    ]
    assert [recall(stage.db, public, each, now) for each in (ANN, other, elsewhere, direct)] == [
        "epidural",
        "epidural",
        None,
        None,
    ]
