"""Draw docs/pictures/sandbox.png: the sandbox in a browser after its first minute.

    python scripts/sandbox_picture.py [--out FILE] [--browser chromium]

Needs requirements-sandbox.txt and a Chromium. Everything shown is invented, and the sandbox's time stands
still while the picture is taken, so that two runs differ only where the bot does.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FIRST_SECONDS = 60.0
WINDOW = "1100,1250"
DRAWING_MS = 8000
PATIENCE = 120.0


def main(arguments: Sequence[str]) -> int:
    """Take the picture and return the exit status."""
    parser = argparse.ArgumentParser(description="Take a picture of the browser sandbox.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures" / "sandbox.png")
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args(arguments)
    browser = shutil.which(options.browser)
    if browser is None:
        print(f"{options.browser} is not installed.", file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(browser, options.out.resolve()))
    print(f"Wrote {options.out}.")
    return 0


async def take(browser: str, out: Path) -> None:
    """Let the sandbox run for a minute of its own time and draw its page."""
    from sandbox.__main__ import wetread
    from sandbox.browser import Browser
    from sandbox.stage import open_stage

    async with open_stage(wetread) as stage:
        await stage.subscribe([])
        await stage.tick(FIRST_SECONDS)
        await stage.person.send(stage.channel, "!abstract 10.5555/aisi.2026.0001")
        page = Browser(stage, None)
        try:
            await draw(browser, await page.open(), out)
        finally:
            await page.close()


async def draw(browser: str, url: str, out: Path) -> None:
    """Let the browser draw the address into a file. Raises RuntimeError with what it said if it did not."""
    with tempfile.TemporaryDirectory() as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={WINDOW}",
            f"--virtual-time-budget={DRAWING_MS}",
            f"--screenshot={out}",
            url,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
    if process.returncode or b"written to file" not in said:
        raise RuntimeError(said.decode(errors="replace"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
