"""Which kinds of publication a server posts, and the menu that changes it."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import discord
from discord.ext import commands

from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import NotAModeratorError, may_moderate
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.panels import Panel, rows, rule, small, text
from cogs.kit.presses import PersistentMenu
from cogs.kit.words import counted
from wetread.domain.changes import ChangedBy
from wetread.services.services import SKIPPED_TYPES, Services
from wetread.storage import deliveries, scheduling, settings

KINDS: Mapping[str, str] = {
    "Errata": "Published Erratum",
    "Letters": "Letter",
    "Comments": "Comment",
    "News": "News",
    "Editorials": "Editorial",
    "Case reports without abstract": "Case Reports without abstract",
    "Case reports": "Case Reports",
    "Reviews": "Review",
    "Preprints": "Preprint",
    "Trial protocols": "Clinical Trial Protocol",
    "Veterinary studies": "Observational Study, Veterinary",
    "Biographies": "Biography",
    "Interviews": "Interview",
}
"""What can be skipped: the name that people see → the publication type as MEDLINE writes it."""

LEFT_OUT_DAYS = 30
_SWITCH = {"on": True, "off": False}


def names_of(types: Collection[str]) -> list[str]:
    """Return the names of these publication types, in the order of the list."""
    return [name for name, publication_type in KINDS.items() if publication_type in types]


def types_panel(skipped: Collection[str], *, is_usual: bool, left_out_count: int) -> Panel:
    """Build the panel. `left_out_count`: articles skipped because of their kind in the last 30 days."""
    names = names_of(skipped)
    left_out = counted(left_out_count, "article") if left_out_count else "none"
    return Panel(
        colours.TEAL,
        text("### What is posted here", small(f"Skipped in the last {LEFT_OUT_DAYS} days: {left_out}")),
        rule(),
        text(
            f"**Skipped** {' · '.join(names) if names else 'nothing'}{' (standard)' if is_usual else ''}",
            small("Front matter such as Editorial Board or Issue Information is never posted."),
            small(f"Choose below, or type {code('!feed types letters on')}. Search still finds all of them."),
        ),
        *rows([TypesMenu(skipped)]),
    )


async def skip_types(services: Services, guild_id: int, types: tuple[str, ...] | None, by: ChangedBy) -> None:
    """Skip these publication types in a server from now on; None = the standard ones."""
    now = services.seams.clock()
    await services.database.run(scheduling.skip_types, guild_id, types, SKIPPED_TYPES, now, by=by)


async def draw_types(services: Services, guild_id: int) -> Panel:
    """Draw what a server skips."""
    run = services.database.run
    chosen = (await run(settings.guild_settings, guild_id)).skipped_types
    since = services.seams.clock() - timedelta(days=LEFT_OUT_DAYS)
    return types_panel(
        SKIPPED_TYPES if chosen is None else chosen,
        is_usual=chosen is None,
        left_out_count=await run(deliveries.left_out_count, guild_id, since),
    )


def changed(skipped: Collection[str], change: str) -> tuple[tuple[str, ...] | None, str]:
    """Read "letters on"; return the types that are then skipped (None = standard) and the answer.

    Raises BadArgument for anything else.
    """
    words = change.split()
    if [word.casefold() for word in words] in (["standard"], ["usual"], ["as", "usual"]):
        return None, f"Standard setting: Wetread skips {_listed(names_of(SKIPPED_TYPES))}."
    names = {name.casefold(): name for name in KINDS}
    name = names.get(" ".join(words[:-1]).casefold()) if words else None
    if name is None or words[-1].casefold() not in _SWITCH:
        raise commands.BadArgument
    is_posted = _SWITCH[words[-1].casefold()]
    rest = [each for each in skipped if each != KINDS[name]]
    types = tuple(rest) if is_posted else (*rest, KINDS[name])
    return types, f"{name} are now {'posted' if is_posted else 'skipped'}."


def _listed(names: list[str]) -> str:
    return ", ".join(name.lower() for name in names)


class TypesMenu(PersistentMenu, template=r"wetread:types"):
    """Chooses what is not posted."""

    def __init__(self, skipped: Collection[str] = ()) -> None:
        options = [
            discord.SelectOption(label=name, value=name, default=publication_type in skipped)
            for name, publication_type in KINDS.items()
        ]
        super().__init__(
            "wetread:types", options, placeholder="Nothing is skipped", least=0, most=len(options)
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Store the choice and show it."""
        guild, member = interaction.guild, interaction.user
        if guild is None or not isinstance(member, discord.Member):
            raise discord.app_commands.NoPrivateMessage
        bot = interaction.client
        if not await may_moderate(bot, member):
            raise NotAModeratorError
        types = tuple(KINDS[name] for name in self.item.values if name in KINDS)
        await skip_types(bot.services, guild.id, types, pressed_by(member, "feed types"))
        await interaction.response.edit_message(**await bot.panels["types"](guild, 0))
