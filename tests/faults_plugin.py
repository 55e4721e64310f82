"""The marker `row("A01", …)`: which rows of `fault_rows.toml` a test proves; `--faults` prints a table."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("fault_rows.toml")
_PROPERTY = "fault rows"


@dataclass(frozen=True, slots=True)
class Registry:
    """The rows with their titles, and the reasons why some have no test."""

    titles: dict[str, str]
    not_built: dict[str, str]

    @classmethod
    def load(cls) -> "Registry":
        """Read `fault_rows.toml`."""
        content = tomllib.loads(FILE.read_text(encoding="utf-8"))
        return cls(content["rows"], content["not_built"])


@dataclass(slots=True)
class Outcomes:
    """The results of the tests, by row."""

    passed: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    failed: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    skipped: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, report: pytest.TestReport) -> None:
        """Record one phase of one test."""
        marked = [str(value) for name, value in report.user_properties if name == _PROPERTY]
        for row in " ".join(marked).split():
            if report.failed:
                self.failed[row].add(report.nodeid)
            elif report.skipped:
                self.skipped[row].add(report.nodeid)
            elif report.when == "call":
                self.passed[row].add(report.nodeid)


@dataclass(frozen=True, slots=True)
class Line:
    """The state of a row. `is_open`: it has neither a passing test nor a reason."""

    row: str
    state: str
    title: str
    is_open: bool
    failed: tuple[str, ...] = ()


def lines(registry: Registry, outcomes: Outcomes) -> Iterator[Line]:
    """Yield the state of each row, in the order of the file."""
    for row, title in registry.titles.items():
        failed = outcomes.failed[row]
        passed = outcomes.passed[row] - failed
        if failed:
            state = f"failed ({len(failed)} of {len(failed) + len(passed)})"
            yield Line(row, state, title, True, tuple(sorted(failed)))
        elif passed:
            yield Line(row, f"passed ({len(passed)} {'test' if len(passed) == 1 else 'tests'})", title, False)
        elif row in registry.not_built:
            yield Line(row, "not built", f"{title}: {registry.not_built[row]}", False)
        else:
            yield Line(row, "skipped" if outcomes.skipped[row] else "no test", title, True)


# pytest's side ----------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--faults`."""
    parser.addoption("--faults", action="store_true", help="print the state of each row of fault_rows.toml")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and count in the one process that sees all results."""
    config.addinivalue_line("markers", "row(id, ...): the rows of tests/fault_rows.toml that the test proves")
    if config.getoption("--faults") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Table(), "fault table")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Store the rows of each test as a property, which xdist sends to the process that counts."""
    titles = Registry.load().titles
    for item in items:
        rows = list(dict.fromkeys(str(row) for mark in item.iter_markers("row") for row in mark.args))
        if unknown := [row for row in rows if row not in titles]:
            raise pytest.UsageError(f"{item.nodeid}: no such row in {FILE.name}: {', '.join(unknown)}")
        if rows:
            item.user_properties.append((_PROPERTY, " ".join(rows)))


class _Table:
    """Counts results, prints the table, and fails the run if a row is open."""

    def __init__(self) -> None:
        self._outcomes = Outcomes()
        self._lines: list[Line] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._outcomes.note(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._lines = list(lines(Registry.load(), self._outcomes))
        if session.exitstatus == pytest.ExitCode.OK and any(line.is_open for line in self._lines):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        terminalreporter.section("rows")
        for line in self._lines:
            write(f"{line.row}  {line.state:<20}{line.title}")
            for test in line.failed:
                write(f"     {'':<20}{test}")
        states = [line.state.partition(" (")[0] for line in self._lines]
        counts = [f"{states.count(state)} {state}" for state in dict.fromkeys(states)]
        write(f"{len(self._lines)} rows: {', '.join(counts)}")
