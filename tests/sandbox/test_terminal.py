"""`python -m sandbox --terminal` as a process: a script on standard input, text on standard output."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(150)  # a script of many lines runs in a process, which may take up to 120 s

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes of Nobody</title><id>urn:x-invented:notes</id>
<updated>2026-11-20T00:00:00Z</updated>
<entry><title>Invented coils in invented magnets</title><id>https://doi.org/10.5555/notes.1</id>
<link href="https://example.org/notes/1"/><updated>2026-11-19T00:00:00Z</updated>
<author><name>Ada Example</name></author>
<summary>BACKGROUND: Coils are round. CONCLUSION: So are these.</summary></entry></feed>
"""


def run(*arguments: str, script: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "sandbox", "--terminal", *arguments],
        input=script,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
        check=False,
    )


@pytest.fixture(scope="module")
def samples() -> str:
    """The output of one long script over the sample journals."""
    script = """\
# Comments are passed over.
!search epidural
!abstract 10.5555/aisi.2026.0001
:press Cite
/abstract reference:10.5555/onpp.2026.0001
:as moderator
/feed list
!feed add radiology #announcements 1
:break-feed jii
/feed check feed:jii
:mend-feed jii
:new-article jii
/feed check feed:J Invent Imaging
:tick 30
:restart
:press Discuss
/status
:dance
:quit
!never typed
"""
    done = run(script=script)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def after(samples: str, line: str) -> str:
    """Return what was printed between this line of input and the next."""
    _, _, rest = samples.partition(f"\n> {line}\n")
    return rest.partition("\n> ")[0]


def test_cards_have_come_before_anything_is_typed(samples: str) -> None:
    beginning = samples.partition("\n> ")[0]

    assert "nothing versus next to nothing" in beginning
    assert "[Cite] [Discuss]" in beginning
    assert "Nothing leaves this" in beginning


def test_members_look_up_search_and_cite(samples: str) -> None:
    assert "**epidural** injection of nothing" in after(samples, "!search epidural")
    assert "| > **Conclusion** Nothing was as good" in after(samples, "!abstract 10.5555/aisi.2026.0001")
    assert "(only you see this)" in after(samples, ":press Cite")
    assert "(only you see this)" in after(samples, "/abstract reference:10.5555/onpp.2026.0001")


def test_moderators_see_add_and_check_feeds(samples: str) -> None:
    assert "J Invent Imaging" in after(samples, "/feed list")
    assert "now posts to #announcements" in after(samples, "!feed add radiology #announcements 1")
    assert "server error" in after(samples, "/feed check feed:jii")
    assert "new article" in after(samples, "/feed check feed:J Invent Imaging")
    assert "### Health" in after(samples, "/status")


def test_the_world_obeys_the_console(samples: str) -> None:
    assert "The server of Journal of Invented Imaging fails now" in after(samples, ":break-feed jii")
    assert "has published" in after(samples, ":new-article jii")
    assert "It is 01 Jan 2026" in after(samples, ":tick 30")
    assert "was restarted" in after(samples, ":restart")
    assert "There is no command 'dance'" in after(samples, ":dance")
    assert "!never typed" not in samples


def test_documents_of_ones_own_are_watched_instead(tmp_path: Path) -> None:
    document = tmp_path / "notes.atom"
    document.write_text(ATOM, encoding="utf-8")
    hostile = tmp_path / "page.html"
    hostile.write_text("<html><body>No feed here</body></html>", encoding="utf-8")

    done = run("--feed", str(document), "--feed", str(hostile), script="!search coils")

    assert done.returncode == 0, done.stderr
    assert "Invented coils in invented magnets" in done.stdout
    assert "not in a format that Wetread can read" in done.stdout
    assert "Phantom" not in done.stdout
