"""Everything that is known of one article."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import Wetread
from cogs._card_buttons import article_view
from cogs._commands import command, per_member
from cogs._context import Context, Interaction
from cogs._limits import choices
from cogs._references import article_choices, find_article
from cogs._replies import answer, thinking
from cogs._service_actions import ServiceActions
from cogs._showing import show_found
from wetread.models import Article
from wetread.services import Services


class Details(commands.Cog):
    """Look into an article."""

    def __init__(self, services: Services, actions: ServiceActions) -> None:
        self._services = services
        self._actions = actions

    @command("article 10.5555/jer.2026.0101")
    @app_commands.describe(reference="A DOI, PMID, PMCID or link, or some words of the title")
    @per_member()
    async def article(self, ctx: Context, *, reference: str = "") -> None:
        """Show all that is known of an article: authors, dates, identifiers, relations, where it is from."""
        async with thinking(ctx):
            found = await find_article(ctx, reference)
            if isinstance(found, Article):
                guild_id = ctx.guild.id if ctx.guild else None
                await answer(ctx, view=await article_view(found, self._actions, guild_id))
            else:
                await show_found(ctx, self._actions, found)

    @article.autocomplete("reference")
    async def _complete_reference(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._services, interaction.guild_id, typed))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Details(bot.services, ServiceActions(bot.services, bot.config.discord.prefix)))
