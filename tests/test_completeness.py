"""docs/completeness.md has the numbers that the script counts today."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INVENTED = "## Invented feeds of the tests"


@pytest.mark.no_cover  # it counts, and proves nothing about branches
def test_the_page_has_the_numbers_of_today(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "completeness.py"))
    written = (ROOT / "docs" / "completeness.md").read_text(encoding="utf-8")
    folder = ROOT / ".." / "shared" / "samples"

    if folder.is_dir():
        assert script["document"](folder) == written, "python scripts/completeness.py writes it anew"
        return
    counted = script["document"](tmp_path / "nowhere")
    of_feeds = counted[counted.index(INVENTED) : counted.index("## Record sources")]
    assert of_feeds.strip() in written, "python scripts/completeness.py writes it anew"
