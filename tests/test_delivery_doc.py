"""docs/delivery.md names functions and tests; each of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
SOURCES = [path for room in ("cogs", "wetread") for path in (ROOT / room).rglob("*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:wetread|cogs|tests)/[\w/]+\.py)", DOC))))
def test_every_file_exists(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(("path", "test"), sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOC))))
def test_every_test_exists(path: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`[A-Za-z_]+\.([a-z_]+)`", DOC)) - {"md"}))
def test_every_function_exists(name: str) -> None:
    assert re.search(rf"\bdef {name}\(|\b{name}: ", CODE)


def test_every_heading_that_code_cites_exists() -> None:
    cited = set(re.findall(r'delivery\.md, "([^"]+)"', CODE))
    headings = set(re.findall(r"^## (.+)$", DOC, re.MULTILINE))
    assert cited <= headings
