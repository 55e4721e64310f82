"""Whatever code and documents refer to can be found in this repository."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.toml", "*.sql", "Makefile"],  # noqa: S607  # whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
PAGE = re.compile(
    r"(?<![\w/.*])(?:docs/)?([\w-]+\.md)\b(?:,? ((?:[A-FPS]\d\d?(?:,? (?:and |to )?|[–/]))*[A-FPS]\d\d?))?"
)
ROW = re.compile(r"[A-FPS]\d\d?")
PATH = re.compile(r"`((?:bot|cogs|wetread|tests|sandbox|scripts|benchmarks|docs)(?:/[\w.-]+)+/?)`")


def names_of_rows() -> dict[str, set[str]]:
    """The rows that each page has."""
    rows = tomllib.loads((ROOT / "tests/fault_rows.toml").read_text(encoding="utf-8"))["rows"]
    faults = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    promises = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    return {
        "faults.md": set(rows) | set(re.findall(r"^\| (F\d\d) ", faults, re.MULTILINE)),
        "reliability.md": set(re.findall(r"^\| (P\d+) ", promises, re.MULTILINE)) | set(rows),
    }


def references(path: Path) -> Iterator[tuple[str, str]]:
    """The pages that a file names, each with the rows behind it, "" for none."""
    for match in PAGE.finditer(path.read_text(encoding="utf-8")):
        yield match[1], match[2] or ""


def test_every_page_and_row_that_is_named_exists() -> None:
    rows = names_of_rows()
    missing = []
    for path in FILES:
        for page, named in references(path):
            if not (ROOT / page).is_file() and not (ROOT / "docs" / page).is_file():
                missing.append(f"{path.name}: {page}")
            missing += [
                f"{path.name}: {page} {row}" for row in ROW.findall(named) if row not in rows.get(page, row)
            ]

    assert missing == []


def test_every_path_in_the_documents_exists() -> None:
    named = [
        (path.name, found)
        for path in FILES
        if path.suffix == ".md"
        for found in PATH.findall(path.read_text(encoding="utf-8"))
    ]

    assert [each for each in named if not (ROOT / each[1]).exists()] == []


def test_every_section_of_sources_that_is_named_exists() -> None:
    text = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    sections = tuple(re.findall(r"^## (.+)$", text, re.MULTILINE))
    named = [
        (path.name, found)
        for path in FILES
        if path.suffix == ".py"
        for found in re.findall(r"sources\.md, ([A-Z][\w -]+)", path.read_text(encoding="utf-8"))
    ]

    assert named
    assert [each for each in named if not each[1].startswith(sections)] == []
