"""Help: what there is, one example each; for one command its form and example."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import Wetread
from cogs._checks import is_moderator
from cogs._commands import command
from cogs._context import Context, Interaction
from cogs._error_panel import notice
from cogs._escape import code, safe
from cogs._help_panel import help_panel
from cogs._limits import choices
from cogs._panels import Panel
from cogs._replies import answer


class Help(commands.Cog):
    """What Wetread can do."""

    @command("help search", name="help")
    @app_commands.describe(command="A command, for its form and an example")
    async def show(self, ctx: Context, *, command: str = "") -> None:
        """Show what Wetread can do, or how one command is used."""
        if command:
            await answer(ctx, view=_one(ctx.bot, command.strip().lstrip("!/")))
            return
        member = ctx.author
        knows_more = isinstance(member, discord.Member) and await is_moderator(ctx, member)
        await answer(ctx, view=help_panel(ctx.bot.config.discord.prefix, is_moderator=knows_more))

    @show.autocomplete("command")
    async def _complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [each.qualified_name for each in interaction.client.walk_commands()]
        return choices((name, name) for name in sorted(names) if typed.casefold() in name)


def _one(bot: Wetread, name: str) -> Panel:
    found = bot.get_command(name.casefold())
    prefix = bot.config.discord.prefix
    if found is None:
        return notice(f"There is no command “{safe(name[:50])}”.", f"{code(prefix + 'help')} lists them all.")
    lines = [found.help or ""]
    if isinstance(found, commands.Group):
        lines += [
            f"{code(prefix + each.qualified_name)} {each.short_doc}"
            for each in sorted(found.commands, key=lambda each: each.name)
        ]
    form = f"{prefix}{found.qualified_name}"
    return notice(
        f"{code(form)} or {code('/' + found.qualified_name)}", *lines, example=_example(found, prefix)
    )


def _example(found: commands.Command[Any, Any, Any], prefix: str) -> str | None:
    example = found.extras.get("example")
    return f"{prefix}{example}" if example else None


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Help())
