"""Which kinds of publication a server posts: for its moderators, to read and to choose."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import discord
from discord.ext import commands

from cogs.kit import colours
from cogs.kit.checks import NotAModeratorError, may_moderate
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.panels import Panel, rows, rule, small, text
from cogs.kit.presses import PersistentMenu
from cogs.kit.words import counted
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
"""What can be left out: as people choose it → publication type, in MEDLINE's words (`UpdatePolicy`)."""

LEFT_OUT_DAYS = 30
_SWITCH = {"on": True, "off": False}


def names_of(types: Collection[str]) -> list[str]:
    """Return the kinds that these types are called by, in the order of the list."""
    return [name for name, publication_type in KINDS.items() if publication_type in types]


def types_panel(skipped: Collection[str], *, is_usual: bool, left_out_count: int) -> Panel:
    """Build the choice. `left_out_count`: articles that were not posted for their kind lately."""
    names = names_of(skipped)
    left_out = counted(left_out_count, "article") if left_out_count else "nothing"
    return Panel(
        colours.TEAL,
        text("### What is posted here", small(f"Left out in the last {LEFT_OUT_DAYS} days: {left_out}")),
        rule(),
        text(
            f"**Not posted** {' · '.join(names) if names else 'nothing is left out'}"
            f"{' (as usual)' if is_usual else ''}",
            small("Front matter, such as Editorial Board or Issue Information, is never posted."),
            small(f"Choose below, or type {code('!feed types letters on')}. Look-ups find everything."),
        ),
        *rows([TypesMenu(skipped)]),
    )


async def skip_types(services: Services, guild_id: int, types: tuple[str, ...] | None) -> None:
    """Leave these publication types out in a server from now on; None = the usual ones."""
    now = services.seams.clock()
    await services.database.run(scheduling.skip_types, guild_id, types, SKIPPED_TYPES, now)


async def draw_types(services: Services, guild_id: int) -> Panel:
    """Draw a server's choice."""
    run = services.database.run
    chosen = (await run(settings.guild_settings, guild_id)).skipped_types
    since = services.seams.clock() - timedelta(days=LEFT_OUT_DAYS)
    return types_panel(
        SKIPPED_TYPES if chosen is None else chosen,
        is_usual=chosen is None,
        left_out_count=await run(deliveries.left_out_count, guild_id, since),
    )


def changed(skipped: Collection[str], change: str) -> tuple[tuple[str, ...] | None, str]:
    """Read "letters on"; return what is skipped then (None = as usual) and the sentence that says so.

    Raises BadArgument for anything else.
    """
    words = change.split()
    if [word.casefold() for word in words] in (["usual"], ["as", "usual"]):
        return None, f"Posted is what is usual: everything but {_listed(names_of(SKIPPED_TYPES))}."
    names = {name.casefold(): name for name in KINDS}
    name = names.get(" ".join(words[:-1]).casefold()) if words else None
    if name is None or words[-1].casefold() not in _SWITCH:
        raise commands.BadArgument
    is_posted = _SWITCH[words[-1].casefold()]
    rest = [each for each in skipped if each != KINDS[name]]
    types = tuple(rest) if is_posted else (*rest, KINDS[name])
    return types, f"{name} are {'posted' if is_posted else 'left out'} from now on."


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
            "wetread:types", options, placeholder="Nothing is left out", least=0, most=len(options)
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Keep the choice and show it."""
        guild, member = interaction.guild, interaction.user
        if guild is None or not isinstance(member, discord.Member):
            raise discord.app_commands.NoPrivateMessage
        bot = interaction.client
        if not await may_moderate(bot, member):
            raise NotAModeratorError
        types = tuple(KINDS[name] for name in self.item.values if name in KINDS)
        await skip_types(bot.services, guild.id, types)
        await interaction.response.edit_message(**await bot.panels["types"](guild, 0))
