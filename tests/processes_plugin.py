"""A test that fails leaves no process behind: its children are killed, also when it ran out of time.

Fixtures end their processes themselves. This catches what they cannot: a time limit that struck between the
start of a process and the fixture's next line, or while a fixture was waiting for the end of one.

pytest-timeout forgets a test's time limit when the test fails. So that no fixture hangs at its end then, the
limit begins again.
"""

import os
import signal
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from types import FrameType

import pytest


def children() -> set[int]:
    """Return the ids of this process's children; empty where /proc does not tell (not Linux)."""
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended in the meantime
            found.update(int(child) for child in path.read_text(encoding="ascii").split())
    return found


def time_limit(item: pytest.Item) -> float:
    """Return the seconds that a test with its fixtures may take; 0 = no limit."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0] if marker else item.config.getini("timeout") or 0)


class Leftovers:
    """Kills the children that a failed test started and did not end."""

    def __init__(self) -> None:
        self._has_failed = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        before = children()
        self._has_failed = False
        result = yield
        if self._has_failed:
            for child in children() - before:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        limit = time_limit(item)
        if left or not limit:
            return (yield)

        def strike(_signal: int, _frame: FrameType | None) -> None:
            pytest.fail(f"Timeout (>{limit}s) at the end of the test")

        before = signal.signal(signal.SIGALRM, strike)
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._has_failed = self._has_failed or report.failed


def pytest_configure(config: pytest.Config) -> None:
    """Watch in every process that runs tests."""
    config.pluginmanager.register(Leftovers(), "leftover processes")
