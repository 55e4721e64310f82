"""`export`: many references as one file, from a search or of a journal."""

import asyncio
import io
import re

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.errors.explaining import near_words
from cogs.errors.input_errors import IncompleteError, UnknownSubcommandError
from cogs.errors.query_words import left_out_line
from cogs.kit.context import Context, Interaction
from cogs.kit.escape import code, safe
from cogs.kit.hybrid_commands import group, subcommand
from cogs.kit.limits import choices
from cogs.kit.panels import notice, quoted
from cogs.kit.replies import reply, thinking
from cogs.kit.words import counted
from cogs.lookups.query_choices import query_choices
from cogs.lookups.references import find_article, names_article, split_reference
from cogs.lookups.showing import left_out, show_found
from cogs.lookups.styles import split_style
from wetread.domain.citations import Style, cite_all
from wetread.domain.models import Article
from wetread.domain.query_faults import TypedQuery
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage import articles, corrections, search, typed_queries

MOST_REFERENCES = 500

_FILES = (Style.RIS, Style.BIBTEX)
_ENDINGS = {Style.RIS: "ris", Style.BIBTEX: "bib"}
_CHOICES = [app_commands.Choice(name=each.label, value=each.value) for each in _FILES]
_LIMIT = re.compile(r"(?<!\S)-?(?:since|until|year|type|has|is):\s*(?:\"[^\"]*\"|\S+)", re.IGNORECASE)
_STYLE = "The kind of file; leave it empty for RIS"


class Exports(commands.Cog):
    """Export references as files."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @group("export search epidural injection bibtex")
    @commands.guild_only()
    async def export(self, ctx: Context) -> None:
        """Get many references as one RIS or BibTeX file, from a search or of a journal."""
        typed = ctx.view.buffer[ctx.view.index :].split()
        if typed and names_article(self._services, " ".join(typed)):
            raise UnknownSubcommandError("export", typed[0], (f"search {' '.join(typed)}",))
        if typed:
            names = [each.name for each in self.export.commands]
            raise UnknownSubcommandError("export", typed[0], near_words(typed[0], names))
        raise IncompleteError

    @subcommand(export, "export search epidural injection since:2024 bibtex")
    @app_commands.describe(
        query='Words, "exact phrase", -exclude, author: journal: type: is:free since:30d', style=_STYLE
    )
    @app_commands.choices(style=_CHOICES)
    @commands.guild_only()
    async def search(self, ctx: Context, *, query: str, style: str = "") -> None:
        """Get the results of a search as a file of up to 500 references, best matches first.

        Words that no article has are corrected, and the answer says so. Errata and front matter are left out,
        unless you add `type:erratum` or `type:front matter`. A DOI, a link or a citation gets this one
        reference.
        """
        query, chosen = _with_style(query, style)
        if names_article(self._services, query):
            await self._export_one(ctx, query, chosen)
            return
        await self._export(ctx, query, chosen)

    @subcommand(export, "export journal radiology since:2024")
    @app_commands.describe(
        journal="A journal’s name, abbreviation or ISSN; since:2024 leaves out older articles", style=_STYLE
    )
    @app_commands.choices(style=_CHOICES)
    @commands.guild_only()
    async def journal(self, ctx: Context, *, journal: str, style: str = "") -> None:
        """Get the stored articles of a journal as a file of up to 500 references, newest first.

        Errata are left out; `type:erratum` gets only these.
        """
        text, chosen = _with_style(journal, style)
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        settled = (await self._read(ctx.guild.id, text)).text
        limits = _LIMIT.findall(settled)
        name = " ".join(_LIMIT.sub(" ", settled).split()).strip('"“” ')
        known = self._services.catalogue.named(name)
        title = known.title if known else name
        query = " ".join([f'journal:"{title.replace(chr(34), " ")}"', *limits])
        await self._export(ctx, query, chosen, called=" ".join([title, *limits]), is_newest_first=True)

    @search.autocomplete("query")
    async def _complete_query(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(query_choices(self._services.catalogue, typed, self._services.actions.today()))

    @journal.autocomplete("journal")
    async def _complete_journal(
        self, _interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices((each.title, each.key) for each in self._services.catalogue.matching(typed))

    async def _read(self, guild_id: int, query: str) -> TypedQuery:
        services = self._services
        return await services.database.run(typed_queries.read, guild_id, query, services.actions.today())

    async def _export_one(self, ctx: Context, typed: str, style: Style) -> None:
        """Answer with the file of the article that was named."""
        reference, beside = split_reference(self._services, typed)
        async with thinking(ctx):
            found = await find_article(ctx, reference)
            if not isinstance(found, Article):
                await show_found(ctx, found, beside=beside)
                return
            content = await asyncio.to_thread(cite_all, [found.record], style)
            words = "\n".join(filter(None, (_summary(1, style, reference), left_out(ctx, beside))))
            await reply(ctx, content=words, files=[_file(content, reference, style)])

    async def _export(
        self, ctx: Context, query: str, style: Style, *, called: str = "", is_newest_first: bool = False
    ) -> None:
        """Answer with the file and the number of its references; `called`: what it is a file of."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        typed = await self._read(ctx.guild.id, query)
        parsed, called = typed.understood(), called or typed.text
        not_searched = left_out_line(typed.faults, is_cut=parsed.is_cut)
        async with thinking(ctx):
            read = self._services.database.read
            better = await read(corrections.corrected, ctx.guild.id, parsed)
            instead = ""
            if better is not None:
                instead, called = _instead(called), better.text
            page = await read(
                search.search,
                ctx.guild.id,
                better or parsed,
                order="newest" if is_newest_first else "best",
                has_related=False,
                limit=MOST_REFERENCES,
            )
            found = await read(articles.get_many, [hit.article_id for hit in page.hits])
            if not found:
                prefix = ctx.bot.config.discord.prefix
                lists = f"{code(f'{prefix}journals')} lists the journals of this server."
                await reply(
                    ctx,
                    view=notice(
                        f"No article on this server matches {quoted(cut(called, 100))}.", not_searched, lists
                    ),
                )
                return
            records = [article.record for article in found]
            content = await asyncio.to_thread(cite_all, records, style)
            await reply(
                ctx,
                content="\n".join(
                    filter(None, (_summary(len(records), style, called, page), instead, not_searched))
                ),
                files=[_file(content, called, style)],
            )


def _summary(count: int, style: Style, called: str, page: search.SearchPage | None = None) -> str:
    words = f"{counted(count, 'reference')} for “{safe(cut(called, 150))}”, as {style.label}."
    if page is not None and page.total > count:
        more = "more than " if page.is_capped else ""
        words += f" There are {more}{page.total:,} in all; choose a part with `since:` and `until:`."
    return f"{words} Please check every reference against its journal before you submit."


def _instead(typed: str) -> str:
    """Say that words were corrected, and how to look for what was typed: words in quotes stay as they are."""
    words = safe(cut(typed, 150))
    return (
        f"“{words}” has words that no article here has; they were corrected. Words in quotes are searched as "
        "you type them."
    )


def _file(content: str, called: str, style: Style) -> discord.File:
    name = re.sub(r"[^A-Za-z0-9]+", "-", called).strip("-")[:60] or "references"
    return discord.File(
        io.BytesIO(content.encode("utf-8", "replace")), filename=f"{name.lower()}.{_ENDINGS[style]}"
    )


def _with_style(text: str, style: str) -> tuple[str, Style]:
    """Split the kind of file off the words: "epidural bibtex" is ("epidural", BibTeX)."""
    if style:
        return text.strip(), Style(style)
    words, chosen = split_style(text, _FILES, "kind of file")
    return (words, chosen or Style.RIS) if words else (text.strip(), Style.RIS)


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    await bot.add_cog(Exports(bot.services))
