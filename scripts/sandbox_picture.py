"""Draw docs/pictures/sandbox.png: the sandbox in a browser after its first minute.

    python scripts/sandbox_picture.py [--out FILE] [--browser chromium]

Needs requirements-sandbox.txt and a Chromium. Everything shown is invented, and the sandbox's time stands
still while the picture is taken, so that two runs differ only where the bot does.
"""

import argparse
import asyncio
import base64
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import aiohttp
from yarl import URL

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FIRST_SECONDS = 60.0
WIDTH, HEIGHT = 1100, 1250
PATIENCE = 120.0

SETTLED = """
new Promise(done => {
  const said = () => document.getElementById("action-status")?.textContent ?? "";
  const look = () => said().startsWith("Viewport updated") ? setTimeout(done, 1000) : setTimeout(look, 100);
  look();
})
"""
"""True when the page and the server agree on the page's size; only then do its buttons work."""


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
    options.out.write_bytes(asyncio.run(take(browser)))
    print(f"Wrote {options.out}.")
    return 0


async def take(browser: str) -> bytes:
    """Run the sandbox for one minute of its own time and return a PNG of its page."""
    from sandbox.__main__ import wetread
    from sandbox.browser import Browser
    from sandbox.stage import open_stage

    async with open_stage(wetread) as stage:
        await stage.subscribe([])
        await stage.tick(FIRST_SECONDS)
        await stage.person.send(stage.channel, "!abstract 10.5555/aisi.2026.0001")
        page = Browser(stage, None)
        try:
            return await draw(browser, await page.open())
        finally:
            await page.close()


async def draw(browser: str, url: str) -> bytes:
    """Draw the page at this address with the browser."""
    with tempfile.TemporaryDirectory() as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            f"--window-size={WIDTH},{HEIGHT}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
                return await screenshot(session, await debugger(process), url)
        finally:
            process.terminate()
            await process.wait()


async def debugger(process: asyncio.subprocess.Process) -> str:
    """Return the address of the browser's debugger, which it prints when it is ready."""
    stderr = cast("asyncio.StreamReader", process.stderr)  # it was asked for
    async for line in stderr:
        _, found, address = line.decode(errors="replace").partition("DevTools listening on ")
        if found:
            return address.strip()
    raise RuntimeError("The browser ended before it was ready.")


async def screenshot(session: aiohttp.ClientSession, debugger_url: str, url: str) -> bytes:
    """Open the address in a tab, wait until it has settled, and return a PNG of it."""
    origin = URL(debugger_url).with_scheme("http").with_path("/json/new")
    async with session.put(f"{origin}?about:blank") as answer:
        tab = await answer.json(content_type=None)
    async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        await command(socket, "Emulation.setDeviceMetricsOverride", **size)
        await command(socket, "Page.enable")
        await command(socket, "Page.navigate", url=url)
        await command(socket, "Runtime.evaluate", expression=SETTLED, awaitPromise=True)
        picture = await command(socket, "Page.captureScreenshot", format="png")
    return base64.b64decode(picture["data"])


async def command(socket: aiohttp.ClientWebSocketResponse, method: str, **params: Any) -> dict[str, Any]:
    """Send the browser one command and return its result; its other messages are ignored."""
    await socket.send_json({"id": 1, "method": method, "params": params})
    while True:
        message = await socket.receive_json()
        if message.get("id") == 1:
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            return dict(message["result"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
