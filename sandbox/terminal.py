"""The sandbox line by line on standard input and output, for people without a browser and for scripts."""

import asyncio
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from simcord.backend import serializers

from sandbox import typed
from sandbox.console import Console
from sandbox.stage import Stage, lines_of_stdin
from sandbox.text import message_text

WELCOME = """\
This is Wetread's sandbox: the real bot on an invented server, with invented journals. Nothing leaves this
machine. The sandbox has its own time; it is now {began}. In a script, only `:tick 60` lets time pass.
Type a message (!search nothing), a command (/help) or a console command with a colon (:help, :tick 60).
You are the reader in #{channel}.
"""


_CHANNEL = re.compile(r"<#(\d+)>")
_PERSON = re.compile(r"<@!?(\d+)>")
_INSTANT = re.compile(r"<t:(\d+)(?::[tTdDfFR])?>")


class Terminal:
    """Prints what the bot does after each line."""

    def __init__(self, stage: Stage, write: Callable[[str], None]) -> None:
        self.stage = stage
        self.write = write
        self.console = Console(stage, write)
        self._shown: dict[int, str] = {}

    def show_news(self) -> None:
        """Print which messages of the bot are new, changed or deleted since the last call."""
        backend = self.stage.env.backend
        standing = {}
        for message in self.stage.messages():
            if message.author_id != backend.bot_user.id or message.type not in (0, 19, 20, 23):
                continue
            payload = serializers.message_payload(backend, message)
            channel = self.stage.channel_name(message.channel_id)
            text = standing[message.id] = message_text(payload, channel)
            if message.id not in self._shown:
                self.write(self._with_names(text))
            elif self._shown[message.id] != text:
                self.write(self._with_names(message_text(payload, channel, note="changed")))
        for message_id in self._shown.keys() - standing.keys():
            self.write(f"(deleted: {self._shown[message_id].splitlines()[0]})")
        self._shown = standing

    def _with_names(self, text: str) -> str:
        """Replace mentions by names of channels and people, and instants by times, as Discord shows them."""
        users = self.stage.env.backend.users
        text = _INSTANT.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%d %b %H:%M}", text)
        text = _CHANNEL.sub(lambda found: f"#{self.stage.channel_name(int(found[1]))}", text)
        return _PERSON.sub(lambda found: f"@{users[int(found[1])].name}", text)

    async def line(self, text: str) -> None:
        """Run one line of input and print the result."""
        if not text.strip() or text.startswith("# "):
            return
        if text.startswith(":"):
            await self.console.run(text[1:])
        elif text.startswith("/"):
            await self.console.doing(typed.slash(self.stage, text))
        else:
            await self.console.doing(typed.say(self.stage, text))
        await self.console.doing(self.stage.env.settle())
        self.show_news()

    async def run(self) -> None:
        """Run the lines of standard input until it ends or `:quit`.

        With a keyboard, time passes by itself; a script lets it pass with `:tick`.
        """
        is_keyboard = sys.stdin.isatty()
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        lines_of_stdin(queue)
        while not self.console.has_quit:
            try:
                text = await asyncio.wait_for(queue.get(), 1.0 if is_keyboard else None)
            except TimeoutError:
                await self.stage.tick(1.0)
                self.show_news()
                continue
            if text is None:
                return
            if not is_keyboard:
                self.write(f"> {text}")
            await self.line(text)
