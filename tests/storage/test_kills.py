"""A process that is killed while it records a feed leaves a whole update or none (faults.md C01)."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.watch_stage import JII, WatchStage
from wetread.storage.database import prepared

ROOT = Path(__file__).parents[2]
SCRIPT = """
import itertools, sys
from pathlib import Path
from tests.support.watch_stage import WatchStage, entries

stage = WatchStage(Path(sys.argv[1]))
stage.subscribe(shown=[])
for number in itertools.count(1):
    stage.serve(entries(number, number + 1), etag=f'"{number}"')
    print(number, flush=True)
"""


@pytest.mark.row("C01")
@pytest.mark.parametrize("after", [1, 7, 23])
def test_killed_recording_tears_nothing(tmp_path: Path, after: int) -> None:
    process = subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    with process.stdout as lines:
        acknowledged = 0
        while acknowledged < after:
            acknowledged = int(next(lines))
        process.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in lines if line.strip().isdigit())])
    assert process.wait() == -signal.SIGKILL

    connection = sqlite3.connect(tmp_path / "wetread.db", isolation_level=None)
    db = prepared(connection)
    stage = WatchStage.__new__(WatchStage)
    stage.db = db
    [[etag]] = connection.execute("SELECT etag FROM feeds WHERE url = ?", [JII]).fetchall()
    reached = int(etag.strip('"'))
    assert acknowledged <= reached <= acknowledged + 1
    assert len(stage.scheduled()) == stage.count("entries") == reached + 1, (
        "validators, entries and new_deliveries agree"
    )
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
