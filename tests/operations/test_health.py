"""The operator's report: what is wrong, in words, and a file that tells when nobody writes it any more."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wetread.domain.errors import StorageFailure
from wetread.domain.models import DeliveryState
from wetread.operations.health import HealthFacts, health_report
from wetread.operations.health_file import judge_file, write_report
from wetread.operations.loops import LoopHealth
from wetread.storage.database import StorageTrouble
from wetread.storage.overview import FailingFeed, Overview

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def failing(title: str, **span: float) -> FailingFeed:
    return FailingFeed(title, "not_found", ago(**span))


NO_WORK = dict.fromkeys((DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.UNCERTAIN), 0)
CALM = Overview(watched_count=20, failing=(), deliveries=NO_WORK, blocked_count=0)
WELL = HealthFacts(
    at=NOW,
    started_at=ago(days=3),
    disconnected_since=None,
    server_count=2,
    loops=(
        LoopHealth("update feeds"),
        LoopHealth("deliver"),
        LoopHealth("complete articles"),
        LoopHealth("back up"),
    ),
    pause=None,
    trouble=None,
    overview=CALM,
    open_breakers=(),
    database_bytes=5_000_000,
    disk_free=10**11,
    backup_at=ago(hours=6),
    is_backing_up=True,
    versions={"wetread": "0.2.0"},
)


def judged(**changes: Any) -> tuple[str, list[str]]:
    report = health_report(replace(WELL, **changes))
    json.dumps(report)
    return str(report["state"]), report["reasons"]


def with_loop(**changes: Any) -> tuple[LoopHealth, ...]:
    name = changes.pop("name", "deliver")
    return tuple(
        LoopHealth(**{"name": each.name, **(changes if each.name == name else {})}) for each in WELL.loops
    )


def test_all_well_is_ok_without_a_word() -> None:
    assert judged() == ("ok", [])
    assert judged(started_at=NOW, loops=with_loop(finished_at=None), backup_at=None) == ("ok", [])


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        (
            {"trouble": StorageTrouble(StorageFailure.FULL, ago(hours=1), "Wetread's disk is full.")},
            "failing",
            "Wetread's disk is full. (since 2026-11-24T08:00:00Z)",
        ),
        (
            {"disconnected_since": ago(minutes=6)},
            "failing",
            "Wetread is not connected to Discord (since 2026-11-24T08:54:00Z).",
        ),
        (
            {"loops": with_loop(finished_at=ago(minutes=11), failed_at=NOW, failure="ValueError")},
            "failing",
            "Nothing is posted (since 2026-11-24T08:49:00Z): ValueError, see the log.",
        ),
        (
            {"loops": with_loop(finished_at=ago(minutes=50))},
            "failing",
            "Nothing is posted (since 2026-11-24T08:10:00Z): the loop hangs.",
        ),
        (
            {"loops": with_loop(name="back up", finished_at=ago(minutes=11), failure="StorageError")},
            "degraded",
            "No backup is made (since 2026-11-24T08:49:00Z): StorageError, see the log.",
        ),
        (
            {"pause": "Discord refuses all requests from this address"},
            "degraded",
            "Nothing is posted at the moment: Discord refuses all requests from this address.",
        ),
        ({"open_breakers": ("PubMed",)}, "degraded", "No answer from PubMed; asked again by itself."),
        ({"disk_free": 200_000_000}, "degraded", "The disk has 200 MB left; below 34 Wetread rests."),
        (
            {"backup_at": ago(days=2)},
            "degraded",
            "A backup is due each day. The newest backup is of 2026-11-22T09:00:00Z.",
        ),
        ({"backup_at": None}, "degraded", "A backup is due each day. There is none."),
        (
            {"overview": replace(CALM, failing=(failing("J Inv Imaging", days=2),))},
            "degraded",
            "Feeds that cannot be read for more than a day: J Inv Imaging (not_found).",
        ),
        (
            {"overview": replace(CALM, failing=tuple(failing(f"J {n}", minutes=5) for n in range(11)))},
            "degraded",
            "11 of 20 feeds cannot be read: is the network all right?",
        ),
        (
            {"overview": replace(CALM, blocked_count=1)},
            "degraded",
            "Discord refuses posts in 1 channel; their moderators see why in /status.",
        ),
    ],
)
def test_each_trouble_is_named(changes: dict[str, Any], state: str, words: str) -> None:
    assert judged(**changes) == (state, [words])


@pytest.mark.parametrize(
    "changes",
    [
        {"disconnected_since": ago(minutes=4)},
        {"loops": with_loop(finished_at=ago(minutes=9), failure="TimeoutError")},
        {"overview": replace(CALM, failing=(failing("J Inv Imaging", hours=3),))},
        {"backup_at": None, "is_backing_up": False},
        {"disk_free": None},
    ],
)
def test_what_passes_by_itself_is_no_trouble(changes: dict[str, Any]) -> None:
    assert judged(**changes) == ("ok", [])


def test_the_worst_comes_first_and_one_cause_is_told_once() -> None:
    trouble = StorageTrouble(StorageFailure.FULL, NOW, "Wetread's disk is full.")
    late = tuple(
        LoopHealth(each.name, finished_at=ago(hours=2), failure="StorageFailedError") for each in WELL.loops
    )

    state, reasons = judged(
        open_breakers=("PubMed",), trouble=trouble, loops=late, pause="Wetread's disk is full"
    )

    assert state == "failing"
    assert reasons[0].startswith("Wetread's disk is full.")
    assert len(reasons) == 2


def test_the_figures_are_in_the_report() -> None:
    many = tuple(failing(f"J {number}", days=30 - number) for number in range(12))
    report = health_report(replace(WELL, overview=replace(CALM, failing=many)))

    assert report["feeds"]["failing"] == 12
    assert len(report["feeds"]["longest_failing"]) == 10
    assert report["feeds"]["longest_failing"][0] == {
        "title": "J 0",
        "failure": "not_found",
        "since": "2026-10-25T09:00:00Z",
    }
    assert report["outbox"] == {"pending": 0, "held": 0, "uncertain": 0}
    assert [loop["name"] for loop in report["loops"]] == [loop.name for loop in WELL.loops]
    assert health_report(replace(WELL, overview=None))["outbox"] is None


# The file ---------------------------------------------------------------------------------------------


def written(path: Path, *, is_stopping: bool = False, **changes: Any) -> Path:
    write_report(path, health_report(replace(WELL, **changes), is_stopping=is_stopping))
    return path


def test_monitors_of_other_users_read_the_file_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = written(tmp_path / "here" / "health.json")

    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in path.parent.iterdir()] == ["health.json"]
    assert judge_file(path, NOW + timedelta(minutes=2)) == (True, ["ok"])


def test_degraded_is_well_enough_and_failing_is_not(tmp_path: Path) -> None:
    path = tmp_path / "health.json"

    assert judge_file(written(path, open_breakers=("PubMed",)), NOW)[0]
    is_well, lines = judge_file(written(path, disconnected_since=ago(hours=1)), NOW)
    assert not is_well
    assert lines[0] == "failing"
    assert "Discord" in lines[1]


def test_a_file_that_nobody_writes_any_more_is_a_failure(tmp_path: Path) -> None:
    path = written(tmp_path / "health.json")

    is_well, [words] = judge_file(path, NOW + timedelta(minutes=4))

    assert not is_well
    assert "hangs or is gone" in words


@pytest.mark.row("E20")
@pytest.mark.parametrize("minutes", [0, 4])
def test_e20_a_bot_that_ended_because_of_its_database_says_that_too(tmp_path: Path, minutes: int) -> None:
    trouble = StorageTrouble(StorageFailure.REPLACED, NOW, "The file was deleted.")
    path = written(tmp_path / "health.json", is_stopping=not minutes, trouble=trouble)

    is_well, words = judge_file(path, NOW + timedelta(minutes=minutes))

    assert not is_well
    assert "The file was deleted." in words[1]


def test_a_bot_that_was_stopped_says_so(tmp_path: Path) -> None:
    is_well, [words] = judge_file(written(tmp_path / "health.json", is_stopping=True), NOW)

    assert not is_well
    assert words.startswith("stopped")


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"at": 1}', '{"at": "x", "state": "ok", "reasons": []}']
)
def test_a_file_that_is_missing_or_broken_is_a_failure(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "health.json"
    if content is not None:
        path.write_text(content)

    assert not judge_file(path, NOW)[0]
