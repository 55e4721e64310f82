"""A look-up that met an outage is tried again for ten minutes, and answered where it was asked."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import discord

from cogs._actions import answer as answer_press
from cogs._context import Context
from cogs._error_panel import notice, outage
from cogs._explaining import Asked, explain
from cogs._panels import Panel, rows
from cogs._references import find_article
from cogs._replies import answer
from cogs._service_actions import ServiceActions
from cogs._showing import show_found
from wetread.clock import Sleep
from wetread.errors import RecordSourceError

PAUSES = (30.0, 60.0, 90.0, 120.0, 150.0, 150.0)
"""Seconds between the tries: ten minutes in all."""

_NEXT_STEP = "Wetread tries again for 10 minutes and answers here."


class PatientLookups:
    """Look-ups that are still being tried; they end with their answer, a press, or the bot."""

    def __init__(self, actions: ServiceActions, sleep: Sleep) -> None:
        self._actions = actions
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Give all up."""
        for task in self._tasks:
            task.cancel()

    async def try_again(self, ctx: Context, reference: str, error: RecordSourceError) -> None:
        """Say that a source is down, and go on trying behind that answer."""
        address = f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(reference)}" if reference else None
        panel = outage(error.source, address, next_step=_NEXT_STEP)
        task = asyncio.create_task(self._keep_trying(ctx, reference, error))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        container = panel.children[0]
        if isinstance(container, discord.ui.Container):
            for row in rows([_StopButton(task, ctx.author.id)]):
                container.add_item(row)
        await answer(ctx, view=panel)

    async def _keep_trying(self, ctx: Context, reference: str, error: RecordSourceError) -> None:
        for pause in PAUSES:
            await self._sleep(pause)
            try:
                found = await find_article(ctx, reference)
            except RecordSourceError as again:
                error = again
            except Exception as other:  # noqa: BLE001  # a task of its own: nobody else would answer this
                panel = explain(other, Asked(ctx.bot.config.discord.prefix))
                await _tell(ctx, panel)
                return
            else:
                await show_found(ctx, self._actions, found)
                return
        await _tell(
            ctx,
            notice(
                f"{error.source} still does not answer.",
                "Please ask again later: the article may well exist.",
            ),
        )


class _StopButton(discord.ui.Button[Any]):
    """Ends the tries; for whoever asked."""

    def __init__(self, task: asyncio.Task[None], owner_id: int) -> None:
        super().__init__(label="Stop trying")
        self._task = task
        self._owner_id = owner_id

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Stop, and take the buttons away."""
        if interaction.user.id != self._owner_id:
            await answer_press(interaction, view=notice("Only whoever asked can stop this."))
            return
        self._task.cancel()
        await interaction.response.edit_message(view=notice("Stopped.", "Nothing is looked for any more."))


async def _tell(ctx: Context, panel: Panel | None) -> None:
    if panel is not None:
        with suppress(discord.HTTPException):  # the channel may be gone after ten minutes
            await answer(ctx, view=panel)
