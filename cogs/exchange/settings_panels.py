"""What a settings file would change, in words; and the button that does it. It works after a restart."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import discord

from cogs.client import Wetread
from cogs.exchange.import_panels import failed_words, progress
from cogs.exchange.settings_plan import Plan, Planner, Step
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.open_panel import begin, show
from cogs.kit.panels import Item, Panel, fitted, notice, rows, small, text
from cogs.kit.presses import NUMBER, PersistentButton
from cogs.kit.words import counted
from wetread.domain import settings_file
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import StorageError, WetreadError
from wetread.services.exchange import NOT_POSSIBLE, Adding, Job, OfferedFeed

COMMAND = "settings import"
SHOWN_EVERY = 2.0
_ROOM = 1_700


class SettingsButton(
    PersistentButton, template=rf"wetread:settingsfile:(?P<choice>start|stop|cancel):(?P<number>{NUMBER})"
):
    """Makes the changes of a settings file, stops that, or forgets the file."""

    def __init__(self, choice: str, number: int) -> None:
        super().__init__(
            choice.capitalize(), f"wetread:settingsfile:{choice}:{number}", is_prominent=choice == "start"
        )
        self.choice = choice
        self.number = number

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and draw the panel again. Raises WordsForgottenError."""
        member = await moderator_of(interaction)
        exchange = interaction.client.services.exchange
        await begin(interaction)
        running = exchange.running(member.guild.id)
        if self.choice == "cancel":
            await show(interaction, {"view": notice("Nothing was changed.")})
        elif self.choice == "stop":
            if running is not None:
                running.is_stopped = True
            await show(interaction, {"view": notice("Stopping. What was changed stays.")})
        elif running is not None:
            await show(
                interaction, {"view": notice("Another import is running here.", "Please try again later.")}
            )
        else:
            await self._start(interaction, member)

    async def _start(self, interaction: Interaction, member: discord.Member) -> None:
        monotonic = interaction.client.services.seams.monotonic
        shown_at = monotonic()

        async def tell(adding: Adding) -> None:
            nonlocal shown_at
            if not adding.done or (monotonic() - shown_at >= SHOWN_EVERY and adding.done < adding.total):
                shown_at = monotonic()
                await _edit(interaction, progress(adding, [SettingsButton("stop", self.number)], "change"))

        plan = await plan_of(interaction.client, member, self.number)
        by = pressed_by(member, COMMAND)
        jobs = [Job(OfferedFeed("", step.name, 0), _doing(step, by)) for step in plan.steps]
        exchange = interaction.client.services.exchange
        done = await exchange.run(member.guild.id, self.number, jobs, tell, at_once=1)
        await _edit(interaction, _result(done, plan))


def _doing(step: Step, by: ChangedBy) -> Callable[[], Awaitable[str | None]]:
    async def do() -> str | None:
        try:
            return await step.do(by)
        except StorageError:
            raise
        except WetreadError:
            return NOT_POSSIBLE

    return do


async def plan_of(bot: Wetread, member: discord.Member, number: int) -> Plan:
    """Return what a kept file would change now. Raises WordsForgottenError."""
    kept = await bot.services.exchange.settings(member.guild.id, number)
    return await Planner(bot, member, kept["places"], kept["usual_id"]).plan(
        settings_file.read(kept["content"])
    )


async def draw_settings_file(bot: Wetread, guild: discord.Guild, number: int) -> Panel:
    """Draw what a settings file would change. Raises WordsForgottenError."""
    plan = await plan_of(bot, guild.me, number)
    lines = [f"**{counted(len(plan.steps), 'change')} would be made.**"]
    steps, left_out = fitted((f"- {step.words}" for step in plan.steps), _ROOM)
    lines += [*steps, small(f"and {left_out:,} more") if left_out else ""]
    lines += _refused(plan)
    if plan.same:
        lines.append(f"{counted(plan.same, 'thing is', 'things are')} here already as in the file.")
    lines.append(small("Nothing is changed yet. What the file does not name stays as it is."))
    choices = ("start", "cancel") if plan.steps else ()
    buttons: list[Item] = [SettingsButton(choice, number) for choice in choices]
    return Panel(colours.GREY, text(*lines), *rows(buttons))


def _result(done: Adding, plan: Plan) -> Panel:
    lines = [f"**{counted(len(done.added), 'change')} made.**"]
    if rest := done.total - done.done:
        lines.append(f"It was stopped: {counted(rest, 'change')} not made.")
    failed = [f"- {feed.name}: {failed_words(kind)}" for feed, kind in done.failed]
    kept, left_out = fitted(failed, _ROOM)
    lines += [f"{counted(len(failed), 'change')} not possible:" if failed else "", *kept]
    lines += [small(f"and {left_out:,} more") if left_out else "", *_refused(plan)]
    return Panel(colours.AMBER if failed or plan.refused else colours.GREY, text(*lines))


def _refused(plan: Plan) -> list[str]:
    if not plan.refused:
        return []
    kept, left_out = fitted((f"- {each}" for each in plan.refused), _ROOM)
    return ["Left out:", *kept, small(f"and {left_out:,} more") if left_out else ""]


async def _edit(interaction: Interaction, panel: Panel) -> None:
    with suppress(discord.HTTPException):  # after 15 minutes; the changes go on
        await show(interaction, {"view": panel})
