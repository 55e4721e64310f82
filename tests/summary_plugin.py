"""Two lines at the end of a run: how many tests of real documents were skipped, and the branch coverage.

Property tests are not measured: they run the same code hundreds of times, tracing makes that twice as slow,
and what they reach should be reached by an example too. Other tests that repeat themselves say so with
`@pytest.mark.no_cover`.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.samples import NO_REAL


def skipped_line(count: int) -> str | None:
    """Return the line about skipped tests of real documents, None if none was skipped."""
    tests = "test" if count == 1 else "tests"
    return f"{count} {tests} of real documents skipped: {NO_REAL}" if count else None


def coverage_line(totals: dict[str, Any]) -> str:
    """Return the line about coverage; `totals` is what coverage.py's JSON report calls so."""
    branches, taken = totals["num_branches"], totals["covered_branches"]
    share = taken / branches if branches else 1.0
    return (
        f"Branch coverage: {share:.1%} ({taken:,} of {branches:,} branches); "
        f"with statements {totals['percent_covered']:.1f}%"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave property tests out of the coverage."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the lines."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if NO_REAL in str(report.longrepr)
    ]
    if line := skipped_line(len(skipped)):
        terminalreporter.write_line(line)
    measuring = terminalreporter.config.pluginmanager.getplugin("_cov")
    coverage = getattr(getattr(measuring, "cov_controller", None), "cov", None)
    if coverage:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "coverage.json"
            coverage.json_report(outfile=str(report))
            totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
        terminalreporter.write_line(coverage_line(totals))
