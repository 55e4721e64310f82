"""The buttons of an import: Start, Stop, Try again, Cancel. They work after a restart."""

from contextlib import suppress

import discord

from cogs.exchange.import_panels import preview, progress, result
from cogs.feeds.destination_check import refusal
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import ADDING, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.open_panel import begin, show
from cogs.kit.panels import Item, Panel, notice
from cogs.kit.presses import NUMBER, PersistentButton
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.models import DestinationKind
from wetread.services.exchange import Adding, Exchange

COMMAND = "feed import"
SHOWN_EVERY = 2.0
"""Seconds between two edits that show how far an import is."""


class ImportButton(
    PersistentButton, template=rf"wetread:import:(?P<choice>start|stop|again|cancel):(?P<number>{NUMBER})"
):
    """Starts or stops an import, shows again what it would do, or forgets it."""

    def __init__(self, choice: str, number: int) -> None:
        labels = {"again": "Try again"}
        super().__init__(
            labels.get(choice, choice.capitalize()),
            f"wetread:import:{choice}:{number}",
            is_prominent=choice == "start",
        )
        self.choice = choice
        self.number = number

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and draw the panel again. Raises WordsForgottenError."""
        member = await moderator_of(interaction, ADDING)
        exchange = interaction.client.services.exchange
        await begin(interaction)
        running = exchange.running(member.guild.id)
        if self.choice == "cancel":
            await show(interaction, {"view": notice("Nothing was added.")})
        elif self.choice == "stop" and running is not None:
            running.is_stopped = True
            await show(interaction, {"view": progress(running, [])})
        elif self.choice == "start" and running is not None:
            await show(
                interaction,
                {
                    "view": notice(
                        "Another import is running on this server.",
                        "Please wait until it is over, then press the button again.",
                        buttons=[ImportButton("again", self.number)],
                    )
                },
            )
        elif self.choice == "start":
            await self._start(interaction, member, exchange)
        else:
            await show(interaction, {"view": await draw_import(exchange, member.guild, self.number)})

    async def _start(self, interaction: Interaction, member: discord.Member, exchange: Exchange) -> None:
        monotonic = interaction.client.services.seams.monotonic
        shown_at = monotonic()

        async def tell(adding: Adding) -> None:
            nonlocal shown_at
            is_due = monotonic() - shown_at >= SHOWN_EVERY and adding.done < adding.total
            if is_due or not adding.done:
                shown_at = monotonic()
                await _edit(interaction, progress(adding, [ImportButton("stop", self.number)]))

        def usable(channel_id: int) -> DestinationKind | None:
            channel = channel_of(member, channel_id)
            return None if channel is None else kind_of(channel)

        adding = await exchange.add(member.guild.id, self.number, pressed_by(member, COMMAND), usable, tell)
        has_rest = adding.failed or adding.done < adding.total
        await _edit(interaction, result(adding, [ImportButton("again", self.number)] if has_rest else []))


async def draw_import(exchange: Exchange, guild: discord.Guild, number: int) -> Panel:
    """Draw what an import would do, or how far it is. Raises WordsForgottenError."""
    running = exchange.running(guild.id, number)
    if running is not None:
        return progress(running, [ImportButton("stop", number)])
    offer = await exchange.offer(guild.id, number)
    found = await exchange.sort(guild.id, offer)
    can_start = found.new and found.room
    choices = ("start", "cancel") if can_start else ()
    buttons: list[Item] = [ImportButton(choice, number) for choice in choices]
    return preview(offer, found, buttons)


def channel_of(member: discord.Member, channel_id: int) -> Channel | None:
    """Return a channel of the server to which Wetread can post and the member may, else None."""
    channel = member.guild.get_channel_or_thread(channel_id)
    usable = isinstance(channel, Channel) and refusal(channel, member, _nothing) is None
    return channel if isinstance(channel, Channel) and usable else None


async def _nothing() -> None:
    """Do nothing: whoever lacks a permission imports the file again."""


async def _edit(interaction: Interaction, panel: Panel) -> None:
    """Show how far it is; a private answer can be changed for 15 minutes only, and the import goes on."""
    with suppress(discord.HTTPException):
        await show(interaction, {"view": panel})
