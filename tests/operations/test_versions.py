"""The versions that run are named, and what is known against them."""

from pathlib import Path

import pytest

from wetread.operations.versions import pinned_versions, versions, warnings

SAFE = {"expat": "2.7.0", "sqlite": "3.51.3", **pinned_versions()}


@pytest.mark.row("S40")
def test_s40_what_was_tested_runs_without_a_word() -> None:
    assert list(warnings(SAFE)) == []
    assert list(warnings(SAFE | {"expat": "2.10.1", "sqlite": "4.0"})) == []


@pytest.mark.row("S40", "C19")
@pytest.mark.parametrize(
    ("part", "number", "words"),
    [
        ("expat", "2.6.4", "CVE-2024-8176"),
        ("sqlite", "3.51.2", "let no other program write"),
        ("aiohttp", "3.15.0", "aiohttp 3.15.0 (tested: "),
    ],
)
def test_s40_what_is_known_against_a_version_is_said(part: str, number: str, words: str) -> None:
    [warning] = warnings(SAFE | {part: number})

    assert words in warning


@pytest.mark.row("S40")
def test_s40_everything_that_strangers_bytes_reach_is_named() -> None:
    running = versions()

    assert {
        "wetread",
        "python",
        "sqlite",
        "expat",
        "discord.py",
        "aiohttp",
        "feedparser",
        "lxml",
    } <= running.keys()
    assert all(running.values())


@pytest.mark.row("S40")
def test_s40_every_library_is_pinned_to_one_version() -> None:
    for path in Path(__file__).parents[2].glob("requirements*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            wanted = line.partition("#")[0].strip()
            assert not wanted or wanted.startswith("-r ") or "==" in wanted, f"{path.name}: {line}"
