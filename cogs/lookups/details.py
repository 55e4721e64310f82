"""`article`: all details of one article."""

from discord import app_commands
from discord.ext import commands

from cogs.cards.buttons import article_view
from cogs.client import Wetread
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import command
from cogs.kit.limits import choices
from cogs.kit.replies import reply, thinking
from cogs.lookups.references import article_choices, find_article, split_reference
from cogs.lookups.showing import left_out, show_found
from wetread.domain.models import Article
from wetread.services.services import Services


class Details(commands.Cog):
    """Look into an article."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._actions = services.actions

    @command("article 10.5555/aisi.2026.0001")
    @app_commands.describe(reference="A DOI, PMID, PMCID, link, citation or words of the title")
    async def article(self, ctx: Context, *, reference: str = "") -> None:
        """Show all details of an article: authors, dates, identifiers, related articles, sources."""
        reference, beside = split_reference(self._services, reference)
        async with thinking(ctx):
            found = await find_article(ctx, reference)
            if isinstance(found, Article):
                guild_id = ctx.guild.id if ctx.guild else None
                panel = await article_view(found, self._actions, guild_id)
                panel.add_small_print(left_out(ctx, beside))
                await reply(ctx, view=panel)
            else:
                await show_found(ctx, found, beside=beside)

    @article.autocomplete("reference")
    async def _complete_reference(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._services, interaction.guild_id, typed))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Details(bot.services))
