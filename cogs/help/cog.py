"""`help`: all commands with an example each, or one command with its options and an example."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.errors.explaining import near_words
from cogs.help.panel import HelpButton, help_panel
from cogs.kit.checks import is_moderator
from cogs.kit.context import Context, Interaction
from cogs.kit.escape import code, safe
from cogs.kit.hybrid_commands import command
from cogs.kit.limits import choices
from cogs.kit.panels import Panel, notice, small
from cogs.kit.replies import reply
from wetread.domain.query_fields import SYNTAX

_WITH_QUERIES = ("search", "export search", "feed filter")

Found = commands.Command[Any, Any, Any]


class Help(commands.Cog):
    """What Wetread can do."""

    @command("help search", name="help")
    @app_commands.describe(command="The command to explain")
    async def show(self, ctx: Context, *, command: str = "") -> None:
        """Show all commands, or explain one of them."""
        if command:
            await reply(ctx, view=_one(ctx.bot, " ".join(command.split()).lstrip("!/")))
            return
        member = ctx.author
        knows_more = isinstance(member, discord.Member) and await is_moderator(ctx, member)
        await reply(ctx, view=help_panel(ctx.bot.config.discord.prefix, is_moderator=knows_more))

    @show.autocomplete("command")
    async def _complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.casefold().lstrip("!/ ")
        return choices((name, name) for name in _names(interaction.client) if wanted in name)


def _names(bot: Wetread) -> list[str]:
    return sorted(each.qualified_name for each in bot.walk_commands())


def _one(bot: Wetread, name: str) -> Panel:
    found = bot.get_command(name.casefold().removeprefix(bot.config.discord.prefix))
    prefix = bot.config.discord.prefix
    if found is None:
        near = near_words(name, _names(bot))
        helps = f"Did you mean {code(f'{prefix}help {near[0]}')}?" if near else ""
        title = f"There is no command “{safe(name[:50])}”."
        return notice(title, helps or f"{code(prefix + 'help')} shows what you can do.")
    if isinstance(found, commands.Group):
        return notice(code(f"{prefix}{found.qualified_name}"), found.help or "", *_members(found, prefix))
    forms = f"{code(prefix + found.qualified_name)} or {code('/' + found.qualified_name)}"
    words = _query_words() if found.qualified_name in _WITH_QUERIES else ""
    options = _options(found)
    return notice(forms, found.help or "", *options, words, "For example:", example=_example(found, prefix))


def _query_words() -> str:
    """Return the table of everything that a query understands."""
    lines = (f"{' · '.join(map(code, each.examples))} {each.meaning}" for each in SYNTAX)
    return "\n".join(["**What you can type**", *lines])


def _members(group: commands.Group[Any, Any, Any], prefix: str) -> Iterator[str]:
    """Each sub-command with what it does."""
    for each in sorted(group.commands, key=lambda each: each.name):
        yield f"{code(prefix + each.qualified_name)} {each.short_doc}"


def _options(found: Found) -> Iterator[str]:
    """Describe each option of the command, in the words of its `/` form."""
    taken = found.app_command if isinstance(found, commands.HybridCommand) else None
    for option in taken.parameters if taken else ():
        needed = "" if option.required else " (optional)"
        yield small(f"**{option.name}**{needed}: {option.description}")


def _example(found: Found, prefix: str) -> str:
    return f"{prefix}{found.extras['example']}"


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(HelpButton)
    await bot.add_cog(Help())
