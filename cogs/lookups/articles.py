"""Look-ups: abstract, search, latest, journals."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.cards.buttons import CardButton
from cogs.cards.citation_panel import StyleButton
from cogs.cards.open_buttons import OpenButton, PickMenu, PubMedButton
from cogs.client import Wetread
from cogs.kit.checks import is_moderator
from cogs.kit.context import Context, Interaction, command_prefix
from cogs.kit.hybrid_commands import command
from cogs.kit.limits import choices
from cogs.kit.replies import reply, thinking
from cogs.lookups.as_typed import AsTypedButton
from cogs.lookups.guild_journals import GuildJournals
from cogs.lookups.list_panels import LATEST_LIMIT, journals_panel, latest_panel, not_watched_panel
from cogs.lookups.query_choices import query_choices
from cogs.lookups.references import article_choices, article_of, names_article, split_reference
from cogs.lookups.retries import LookupRetries
from cogs.lookups.search_panel import FilterMenu, TurnButton, search_panel, watch
from cogs.lookups.showing import show_found, typist_of
from wetread.services.lookup import LookupResult
from wetread.services.services import Services
from wetread.storage import lookups


class Articles(commands.Cog):
    """Read and find articles."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._actions = services.actions
        self._journals = GuildJournals(services)
        self._patient = LookupRetries(services.seams.sleep)

    async def cog_unload(self) -> None:
        """Stop the look-ups that are being retried."""
        self._patient.stop()

    @command("abstract 10.5555/aisi.2026.0001")
    @app_commands.describe(reference="A DOI, PMID, PMCID, link, citation or words of the title")
    async def abstract(self, ctx: Context, *, reference: str = "") -> None:
        """Show an article and its abstract by DOI, PMID, PMCID, link or title; or reply to a card.

        A citation works, too: `!abstract Radiographics 2001;21:927`.
        """

        async with thinking(ctx):
            await self._show_named(ctx, reference)

    async def _show_named(self, ctx: Context, typed: str) -> None:
        """Show the article that was named, also ten minutes after a source failed."""
        reference, beside = split_reference(self._services, typed)

        async def show(found: LookupResult) -> None:
            await show_found(ctx, found, beside=beside)

        await self._patient.look_up(ctx, reference, show)

    @command('search "epidural injection" -cervical since:2024')
    @app_commands.describe(query='Words, "exact phrase", -exclude, author: journal: type: is:free since:30d')
    @commands.guild_only()
    async def search(self, ctx: Context, *, query: str) -> None:
        """Search the articles of this server, best matches first; a “phrase” must match exactly.

        Errata and front matter (Editorial Board and the like) are left out. `type:erratum` and
        `type:front matter` find them. A DOI, a link or a citation shows its article.
        """
        async with thinking(ctx):
            if names_article(self._services, query):
                await self._show_named(ctx, query)
                return
            request = await self._actions.new_search(ctx.author.id, query, typist_of(ctx))
            found = await self._actions.search(request, _guild_id(ctx))
            panel = search_panel(request, found)
            watch(panel, await reply(ctx, view=panel))

    @command("latest spine")
    @app_commands.describe(
        journal="A journal or a subject; leave it empty for all", count="How many, up to 10"
    )
    @commands.guild_only()
    async def latest(
        self, ctx: Context, *, journal: str = "", count: commands.Range[int, 1, LATEST_LIMIT] = LATEST_LIMIT
    ) -> None:
        """Show the newest articles: all, or those of one journal or subject.

        Errata and front matter are left out; a search for `type:erratum` finds them.
        """
        name, count = _with_count(journal, count)
        async with thinking(ctx):
            called, journals = await self._journals.called(_guild_id(ctx), name) if name else (None, ())
            found = await self._services.database.read(
                lookups.latest, _guild_id(ctx), journals=journals, limit=count
            )
            if called is not None and not found:
                typed = await self._journals.to_be_suggested(_guild_id(ctx), called, journals)
                if typed is not None:
                    panel = not_watched_panel(called, command_prefix(ctx), typed=typed)
                    await reply(ctx, view=panel)
                    return
            await reply(ctx, view=latest_panel([(each.article, each.post_url) for each in found], called))

    @command("journals")
    @commands.guild_only()
    async def journals(self, ctx: Context) -> None:
        """List the journals of this server and how many articles of each are stored."""
        async with thinking(ctx):
            counted = await self._journals.of_guild(_guild_id(ctx))
            may_add = isinstance(ctx.author, discord.Member) and await is_moderator(ctx, ctx.author)
            await reply(ctx, view=journals_panel(counted, is_moderator=may_add))

    @abstract.autocomplete("reference")
    async def _complete_reference(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._services, interaction.guild_id, typed))

    @search.autocomplete("query")
    async def _complete_query(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(query_choices(self._services.catalogue, typed, self._actions.today()))

    @latest.autocomplete("journal")
    async def _complete_journal(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        return choices(await self._journals.choices(interaction.guild_id, typed))


def _with_count(name: str, count: int) -> tuple[str, int]:
    """Split the count off a name: "spine 5" is ("spine", 5)."""
    words = name.split()
    if words and words[-1].isdecimal() and 1 <= int(words[-1]) <= LATEST_LIMIT:
        return " ".join(words[:-1]), int(words[-1])
    return name.strip(), count


def _guild_id(ctx: Context) -> int:
    if ctx.guild is None:
        raise commands.NoPrivateMessage
    return ctx.guild.id


@app_commands.context_menu(name="Article card")
async def article_card(interaction: Interaction, message: discord.Message) -> None:
    """Show the article that a message names, privately."""
    bot = interaction.client
    ctx = await commands.Context.from_interaction(interaction)
    async with thinking(ctx):
        found = await article_of(message, bot.services, interaction.guild_id)
        await show_found(ctx, found)


async def setup(bot: Wetread) -> None:
    """Load the cog, and the buttons of cards and lists."""
    bot.add_persistent_items(
        CardButton, StyleButton, OpenButton, PickMenu, PubMedButton, AsTypedButton, TurnButton, FilterMenu
    )
    await bot.add_cog(Articles(bot.services))
    bot.tree.add_command(article_card)


async def teardown(bot: Wetread) -> None:
    """Remove the message menu, which is not part of the cog."""
    bot.tree.remove_command(article_card.name, type=discord.AppCommandType.message)
