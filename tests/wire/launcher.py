"""Start, stop and kill a bot in a process of its own, and read its log."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.wire.changes import PATIENCE
from tests.wire.server import DiscordServer

ROOT = Path(__file__).parents[2]
LAUNCH = Path(__file__).with_name("launch.py")
TOKEN = "a-token-that-nobody-gave-out"


class BotProcess:
    """A bot that runs against a DiscordServer. `start` makes one, and returns when it has logged in."""

    def __init__(self, server: DiscordServer, process: asyncio.subprocess.Process) -> None:
        self.server = server
        self.process = process
        self.log = ""
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls,
        server: DiscordServer,
        *,
        script: Path = ROOT / "bot.py",
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        wait: bool = True,
    ) -> Self:
        """Start the script with DISCORD_TOKEN and `env` in an otherwise nearly empty environment.

        Returns after the bot's IDENTIFY, or at once with `wait` False. Raises AssertionError with the log if
        the bot ends before it logs in.
        """
        bare = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(LAUNCH),
            server.api_url,
            server.gateway_url,
            str(script),
            *arguments,
            env={**bare, "PYTHONUNBUFFERED": "1", "HOME": str(cwd), "DISCORD_TOKEN": TOKEN, **(env or {})},
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        before = server.gateway.identify_count
        bot = cls(server, process)
        if wait:
            try:
                await server.changes.until(
                    lambda: server.gateway.identify_count > before or bot.has_ended, what="the bot's IDENTIFY"
                )
                assert not bot.has_ended, "the bot ended before it logged in"
            except AssertionError as error:
                await bot.kill()
                raise AssertionError(f"{error}\n{bot.log}") from None
        return bot

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended and its whole log was read."""
        return self._reading.done()

    async def terminate(self, *, within: float = 10.0) -> int:
        """Send SIGTERM, as `docker stop` does, and return the exit status. Raises TimeoutError."""
        if not self.has_ended:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended(within=within)

    async def kill(self) -> int:
        """Send SIGKILL and return the exit status."""
        if self.process.returncode is None:
            self.process.kill()
        return await self.ended()

    async def ended(self, *, within: float = PATIENCE) -> int:
        """Wait for the end of the process, and return its exit status (-9 = killed). Raises TimeoutError."""
        async with asyncio.timeout(within):
            await self._reading
            return await self.process.wait()

    async def logged(self, text: str, *, within: float = PATIENCE) -> None:
        """Wait until the log contains `text`."""
        try:
            await self.server.changes.until(
                lambda: text in self.log or self.has_ended, within=within, what=f"a line with {text!r}"
            )
            assert text in self.log, f"the bot ended without a line with {text!r}"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log}") from None

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            async for line in self.process.stdout:
                self.log += line.decode(errors="replace")
                self.server.changes.touch()
        finally:
            asyncio.get_running_loop().call_soon(self.server.changes.touch)  # has_ended is true by then
