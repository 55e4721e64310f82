"""`cite`: the citation of one article in the member's style."""

from discord import app_commands
from discord.ext import commands

from cogs.cards.citation_panel import citation_panel
from cogs.client import Wetread
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import command
from cogs.kit.limits import choices
from cogs.kit.replies import reply, thinking
from cogs.lookups.references import article_choices, split_reference
from cogs.lookups.retries import LookupRetries
from cogs.lookups.showing import left_out, show_found
from cogs.lookups.styles import split_style
from wetread.domain.citations import Style
from wetread.domain.models import Article
from wetread.services.lookup import LookupResult
from wetread.services.services import Services


class Citations(commands.Cog):
    """Cite articles."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._actions = services.actions
        self._patient = LookupRetries(services.seams.sleep)

    async def cog_unload(self) -> None:
        """Stop the look-ups that are being retried."""
        self._patient.stop()

    @command("cite 99001001 vancouver")
    @app_commands.describe(
        reference="A DOI, PMID, PMCID, link, citation or words of the title",
        style="The citation style; leave it empty for the one you used last",
    )
    @app_commands.choices(style=[app_commands.Choice(name=style.label, value=style.value) for style in Style])
    async def cite(self, ctx: Context, *, reference: str = "", style: str = "") -> None:
        """Get a citation in AMA, Vancouver, APA, BibTeX or RIS; or reply to a card."""
        if style:
            chosen: Style | None = Style(style)
        else:
            reference, chosen = split_style(reference, Style, "citation style")
        reference, beside = split_reference(self._services, reference)

        async def show(found: LookupResult) -> None:
            await self._show(ctx, found, chosen, beside)

        async with thinking(ctx):
            await self._patient.look_up(ctx, reference, show)

    async def _show(self, ctx: Context, found: LookupResult, style: Style | None, beside: str) -> None:
        if not isinstance(found, Article):
            await show_found(ctx, found, beside=beside)
            return
        if style is None:
            style = await self._actions.citation_style(ctx.author.id)
        else:
            await self._actions.remember_citation_style(ctx.author.id, style)
        panel, files = citation_panel(found, style)
        panel.add_small_print(left_out(ctx, beside))
        await reply(ctx, view=panel, files=files)

    @cite.autocomplete("reference")
    async def _complete_reference(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._services, interaction.guild_id, typed))


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Citations(bot.services))
