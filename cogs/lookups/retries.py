"""Retries a look-up for ten minutes after a source failed, then replies in the same channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import discord

from cogs.errors.explaining import Invocation, explain
from cogs.errors.panels import outage
from cogs.kit.context import Context
from cogs.kit.panels import Panel, notice, rows
from cogs.kit.presses import answer
from cogs.kit.replies import reply
from cogs.lookups.references import find_article
from wetread.domain.clock import Sleep
from wetread.domain.errors import RecordSourceError
from wetread.domain.record_sources import Source
from wetread.services.lookup import LookupResult

log = logging.getLogger(__name__)

PAUSES = (30.0, 60.0, 90.0, 120.0, 150.0, 150.0)
"""Seconds between the retries: ten minutes in all."""

_NEXT_STEP = "Wetread tries again for 10 minutes and answers here."
_GAVE_UP = "Wetread tried for 10 minutes and got no answer."

Show = Callable[[LookupResult], Awaitable[None]]
"""Answers the command with what was found."""


class LookupRetries:
    """The look-ups that are being retried. Each ends with an answer, a press on Stop, or the bot."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Stop all of them."""
        for task in self._tasks:
            task.cancel()

    async def look_up(self, ctx: Context, reference: str, show: Show) -> None:
        """Find what `reference` names, as `find_article` does, and show it; retry if a source is down."""
        try:
            found = await find_article(ctx, reference)
        except RecordSourceError as error:
            await self._try_again(ctx, reference, error, show)
        else:
            await show(found)

    async def _try_again(self, ctx: Context, reference: str, error: RecordSourceError, show: Show) -> None:
        trial = _Trial(ctx, reference, show, self._sleep)
        await trial.announce(error)
        task = trial.task = asyncio.create_task(trial.run(error))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Trial:
    """One look-up that is being retried, and the message that says so."""

    task: asyncio.Task[None] | None = None

    def __init__(self, ctx: Context, reference: str, show: Show, sleep: Sleep) -> None:
        self._ctx = ctx
        self._reference = reference
        self._show = show
        self._sleep = sleep
        self._message: discord.Message | None = None

    async def announce(self, error: RecordSourceError) -> None:
        """Say that the source is down, with a button that stops the retries."""
        panel = self._panel(error, _NEXT_STEP)
        container = panel.children[0]
        assert isinstance(container, discord.ui.Container)  # noqa: S101  # every panel is one
        for row in rows([_StopButton(self, self._ctx.author.id)]):
            container.add_item(row)
        self._message = await reply(self._ctx, view=panel)

    async def run(self, error: RecordSourceError) -> None:
        """Retry until there is an answer, send it, and remove the button."""
        try:
            closing = await self._answered(error)
        except discord.DiscordException as refused:  # channel or question may be gone after ten minutes
            log.info("could not send the answer to a retried look-up: %s", refused)
            return
        if self._message is not None:
            with suppress(discord.DiscordException):
                await self._message.edit(view=closing, allowed_mentions=discord.AllowedMentions.none())

    async def _answered(self, error: RecordSourceError) -> Panel:
        """Retry and answer; return the panel that replaces the first message."""
        for pause in PAUSES:
            await self._sleep(pause)
            try:
                found = await find_article(self._ctx, self._reference)
            except RecordSourceError as again:
                error = again
            except Exception as other:  # noqa: BLE001  # a task of its own: no other code would answer this
                await self._tell(explain(other, Invocation(self._ctx.bot.config.discord.prefix)))
                return _answered_below()
            else:
                await self._show(found)
                return _answered_below()
        await self._tell(self._panel(error, f"{_GAVE_UP} Please try again later."))
        return self._panel(error, _GAVE_UP)

    def _panel(self, error: RecordSourceError, next_step: str) -> Panel:
        is_pubmed = error.source == Source.PUBMED and self._reference
        address = f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(self._reference)}" if is_pubmed else None
        return outage(error.source, address, next_step=next_step)

    async def _tell(self, panel: Panel | None) -> None:
        if panel is not None:
            await reply(self._ctx, view=panel)


def _answered_below() -> Panel:
    return notice("Wetread has the answer now.", "Please see the message below.")


class _StopButton(discord.ui.Button[Any]):
    """Stops the retries; only the member who asked can press it."""

    def __init__(self, trial: _Trial, owner_id: int) -> None:
        super().__init__(label="Stop trying")
        self._trial = trial
        self._owner_id = owner_id

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Stop, and remove the buttons."""
        if interaction.user.id != self._owner_id:
            await answer(interaction, view=notice("Only the member who asked can stop this."))
            return
        if self._trial.task is not None:
            self._trial.task.cancel()
        await interaction.response.edit_message(
            view=notice("Stopped.", "Wetread no longer tries. To start again, repeat the command.")
        )
