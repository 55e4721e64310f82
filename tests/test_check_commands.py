"""The checking commands of bot.py, run in any folder."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Journal of Invented Imaging</title>
<link>https://jii.example.org/</link><description>Invented</description>
<item><title>Invented coils</title><guid isPermaLink="false">10.5555/jii.2026.0001</guid>
<link>https://jii.example.org/doi/10.5555/jii.2026.0001</link></item></channel></rss>"""


def bot(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own interpreter and our own code
        [sys.executable, str(ROOT / "bot.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_feed_in_a_file_is_reported_whatever_folder_it_is_named_from(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")

    report = bot("check-feed", "feed.xml", "--json", folder=tmp_path)

    assert report.returncode == 0, report.stderr
    [article] = json.loads(report.stdout)["articles"]
    assert (article["title"], article["doi"]) == ("Invented coils", "10.5555/jii.2026.0001")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("page.html", "<html><body>Just a moment</body></html>", "not_a_feed"),
        ("gone.xml", None, "no_such_file"),
    ],
)
def test_what_is_no_feed_is_a_named_error_and_exit_status_1(
    name: str, text: str | None, kind: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    report = bot("check-feed", name, "--json", folder=tmp_path)

    assert report.returncode == 1
    assert json.loads(report.stdout)["error"] == kind
    assert "Traceback" not in report.stderr


def test_a_faulty_configuration_is_named_and_exit_status_78(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[poling]\n", encoding="utf-8")

    report = bot("--config", "config.toml", "check-config", folder=tmp_path)

    assert report.returncode == 78
    assert "Did you mean 'polling'?" in report.stderr
