"""What is written at the end of a run, and that a test that runs out of time leaves no process behind."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes_plugin import time_limit
from tests.summary_plugin import coverage_line, skipped_line

ROOT = Path(__file__).parents[1]

HANGING = """
import asyncio, subprocess, sys, time
import pytest

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]

@pytest.mark.timeout(1)
async def test_waits_for_a_process_of_the_event_loop():
    process = await asyncio.create_subprocess_exec(*SLEEP)
    print("started", process.pid, flush=True)
    await process.wait()

@pytest.mark.timeout(1)
def test_waits_for_a_process():
    process = subprocess.Popen(SLEEP)
    print("started", process.pid, flush=True)
    process.wait()

@pytest.fixture
def stubborn():
    yield
    time.sleep(600)

@pytest.mark.timeout(1)
def test_hangs_and_its_fixture_does_too(stubborn):
    time.sleep(600)

async def test_is_not_disturbed():
    await asyncio.sleep(0)
"""


def test_skipped_tests_are_counted_in_one_line() -> None:
    assert skipped_line(0) is None
    assert skipped_line(1) == "1 test of real documents skipped: there is no ../shared/samples"
    assert skipped_line(31) == "31 tests of real documents skipped: there is no ../shared/samples"


def test_the_line_about_coverage_names_both_figures() -> None:
    line = coverage_line({"num_branches": 2000, "covered_branches": 1501, "percent_covered": 91.26})

    assert line == "Branch coverage: 75.0% (1,501 of 2,000 branches); with statements 91.3%"
    assert coverage_line({"num_branches": 0, "covered_branches": 0, "percent_covered": 100.0})


@pytest.mark.row("E31")
def test_a_test_that_runs_out_of_time_fails_and_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n", encoding="utf-8")

    done = subprocess.run(  # our own interpreter and our own tests
        [sys.executable, "-m", "pytest", "-p", "tests.processes_plugin", "-c", "pytest.ini", "-s", "-q"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert "3 failed, 1 passed" in done.stdout, done.stdout
    assert "1 error in" in done.stdout
    assert done.stdout.count("Timeout (>1.0s)") >= 4
    started = re.findall(r"started (\d+)", done.stdout)
    assert len(started) == 2
    assert not [process for process in started if Path(f"/proc/{process}").exists()]


@pytest.mark.row("E31")
def test_every_test_has_a_time_limit(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.hasplugin("timeout")
    assert request.config.getini("timeout_method") == "signal"
    assert all(0 < time_limit(item) <= 180 for item in request.session.items)
