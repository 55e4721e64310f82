"""Keep the last result of each subject, and write docs/performance.md from them."""

import dataclasses
import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import HEADINGS, Row, line_of

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- table -->\n"


def keep(subject: str, found: Iterable[Row]) -> None:
    """Replace a subject's result with this one, and write the page anew."""
    results = kept()
    results[subject] = {
        "on": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "rows": [dataclasses.asdict(row) for row in found],
    }
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")


def kept() -> dict[str, Any]:
    """Return what was kept: subject -> date, machine and rows."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


def page(results: Mapping[str, Any]) -> str:
    """Return docs/performance.md: its text, then a table for each subject."""
    text = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    rows = [row_of(each) for result in results.values() for each in result["rows"]]
    barred = [row for row in rows if row.is_met is not None]
    missed = sum(not row.is_met for row in barred)
    parts = [f"Bars: {len(barred)}, kept {len(barred) - missed}, missed {missed}.\n"]
    parts += [_section(subject, result) for subject, result in sorted(results.items())]
    return text + MARK + "\n" + "\n".join(parts)


def row_of(fields: Mapping[str, Any]) -> Row:
    """Return a row from what `dataclasses.asdict` made of it; other keys are left out."""
    names = {field.name for field in dataclasses.fields(Row)}
    return Row(**{name: value for name, value in fields.items() if name in names})


def machine() -> str:
    """Describe this machine: processor, cores, memory, versions of Python and SQLite."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _section(subject: str, result: Mapping[str, Any]) -> str:
    lines = [
        f"## {subject}",
        "",
        f"{result['on']}: {result['machine']}.",
        "",
        f"| {' | '.join(HEADINGS[1:])} |",
        "|---" * len(HEADINGS[1:]) + "|",
    ]
    for row in result["rows"]:
        cells = [cell.replace("|", "\\|").replace("MISSED", "**MISSED**") for cell in line_of(row_of(row))]
        lines.append(f"| {' | '.join(cells[1:])} |")
    return "\n".join(lines) + "\n"
