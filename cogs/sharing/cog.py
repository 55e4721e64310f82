"""`share`: a member posts an article, old or new, with a comment."""

import re
from contextlib import suppress
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.cards.open_buttons import several
from cogs.cards.share_line import COMMENT_LIMIT
from cogs.client import Wetread
from cogs.errors.panels import no_match
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import command
from cogs.kit.limits import choices
from cogs.kit.panels import Panel
from cogs.kit.presses import actions_of, answer, typist_of
from cogs.kit.replies import reply, reply_to, thinking
from cogs.lookups.offer import OFFER, OfferButton, offer
from cogs.lookups.references import article_choices, article_of, find_article, split_reference
from cogs.lookups.showing import show_found
from cogs.posting.permissions import PostableChannel
from cogs.sharing.form import ShareForm
from cogs.sharing.notes import NoteButton, change_note, note_offer, open_form
from cogs.sharing.posting import Outcome, ShareTarget, share, share_target, show_to_all, target_in
from wetread.domain.models import Article
from wetread.domain.text import cut
from wetread.services.lookup import NoMatch, SeveralMatches
from wetread.services.services import Services
from wetread.storage import deliveries, settings

_CHANNEL = re.compile(r"<#(?P<id>\d{15,20})>|#(?P<name>\S+)")
_NOTE = re.compile(r"^[ \t]*note:[ \t]*", re.IGNORECASE | re.MULTILINE)


class Sharing(commands.Cog):
    """Post articles in a member's name."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._run = bot.services.database.run

    @command("share 10.5555/onpp.2026.0001 Still the clearest account")
    @app_commands.describe(
        reference="A DOI, PMID, PMCID, link or citation; leave it empty to get a form",
        comment="Shown above the article, under your name",
        note="What no record says, such as where it was presented; shown on a line of its own",
        destination="The channel, thread or forum (normally where you are)",
    )
    @commands.guild_only()
    async def share(
        self,
        ctx: Context,
        reference: str = "",
        *,
        comment: str = "",
        note: str = "",
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Post an article in your name, with a comment; or reply to a message that names one.

        A line that begins with "note:" becomes a note of its own; a channel after the article (`#library`) is
        where it is posted.
        """
        if ctx.interaction is not None and not reference:
            await ctx.interaction.response.send_modal(ShareForm(partial(self._submitted, destination)))
            return
        if ctx.interaction is None:
            reference, words = _typed(ctx)
            destination, words = _destination(ctx, words)
            comment, note = _divided(words)
        else:
            reference, comment = _with_comment(self._bot.services, reference, comment)
        target = _target(ctx, destination)
        if isinstance(target, Panel):
            await reply(ctx, view=target)
            return
        async with thinking(ctx):
            found = await find_article(ctx, reference)
            if not isinstance(found, Article):
                await show_found(ctx, found)
                return
            outcome = await self._share(target, found, comment, note)
            if ctx.interaction is not None or not outcome.is_posted:
                await reply(ctx, view=outcome.answer)

    @share.autocomplete("reference")
    async def _complete_reference(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._bot.services, interaction.guild_id, typed))

    @command("note 10.5555/onpp.2026.0001 Presented at a meeting in 2025")
    @app_commands.describe(
        reference="A DOI, PMID, link or words of the title of an article that was shared in this channel",
        note="The new note; leave it empty to see the present one, with a button that changes it",
    )
    @commands.guild_only()
    async def note(self, ctx: Context, reference: str = "", *, note: str = "") -> None:
        """Write or change the note above an article that you shared here; or reply to its post."""
        is_typed = ctx.interaction is None
        if is_typed:
            reference, note = _typed(ctx)
        async with thinking(ctx):
            replied = ctx.message.reference if is_typed and not reference else None
            delivery = await self._run(deliveries.by_message, replied.message_id or 0) if replied else None
            if delivery is None:
                found = await find_article(ctx, reference)
                if not isinstance(found, Article):
                    await show_found(ctx, found)
                    return
                delivery = await self._run(deliveries.in_channel, ctx.channel.id, found.id)
            if note:
                panel = await change_note(self._bot, ctx.author, delivery, note)
            else:
                panel = await note_offer(self._bot, ctx.author, delivery)
            await reply(ctx, view=panel)

    @note.autocomplete("reference")
    async def _complete_noted(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await article_choices(self._bot.services, interaction.guild_id, typed))

    async def _submitted(
        self,
        destination: PostableChannel | None,
        interaction: discord.Interaction[Any],
        reference: str,
        comment: str,
        note: str,
    ) -> None:
        """Share what the form names."""
        if destination is not None and isinstance(interaction.user, discord.Member):
            target = target_in(destination, interaction.user)
        else:
            target = share_target(interaction.channel, interaction.user, interaction.permissions)
        if isinstance(target, Panel):
            await answer(interaction, view=target)
            return
        reference, comment = _with_comment(self._bot.services, reference, comment)
        found = await self._bot.services.lookup.look_up(reference, interaction.guild_id)
        match found:
            case Article():
                panel = (await self._share(target, found, comment, note)).answer
            case SeveralMatches():
                panel = several(found.text, found.articles, is_capped=found.is_capped)
            case NoMatch():
                words_id = await actions_of(interaction).remember_words(found.text, typist_of(interaction))
                panel = no_match(found.text, words_id, found.near, prefix=self._bot.config.discord.prefix)
        await answer(interaction, view=panel)

    async def _share(self, target: ShareTarget, article: Article, comment: str, note: str) -> Outcome:
        return await share(self._bot, target, article, cut(comment, COMMENT_LIMIT) or None, note)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Offer a button under a message that names an article, if the server has switched this on."""
        if message.author.bot or message.guild is None or not message.content:
            return
        if message.content.startswith(self._bot.config.discord.prefix) or self._bot.user in message.mentions:
            return
        view = offer(message.content)
        if view is None:
            return
        chosen = await self._bot.services.database.run(settings.guild_settings, message.guild.id)
        if chosen.offers_cards:
            with suppress(discord.DiscordException):  # it is only an offer
                await reply_to(self._bot, message, content=OFFER, view=view, silent=True)


def _typed(ctx: Context) -> tuple[str, str]:
    """Return the reference and the comment that were typed; the comment keeps its lines.

    In a reply, text that does not begin with an identifier or a link is the comment, and the message that is
    replied to names the article.
    """
    text = _arguments(ctx)
    reference = ctx.bot.services.lookup.read(text)
    if reference is not None and (reference.is_first or ctx.message.reference is None):
        return reference.text, reference.rest
    if ctx.message.reference is not None:
        return "", text
    # Some words of a title, and on the next lines the comment.
    title, _, comment = text.partition("\n")
    return title, comment.strip()


def _destination(ctx: Context, words: str) -> tuple[PostableChannel | None, str]:
    """Return the channel with which the comment begins ("#library"), None for none, and the rest of it."""
    first, _, rest = words.partition(" ")
    found = _CHANNEL.fullmatch(first)
    if found is None or ctx.guild is None:
        return None, words
    places = [each for each in (*ctx.guild.channels, *ctx.guild.threads) if isinstance(each, PostableChannel)]
    for place in places:
        if found["id"] == str(place.id) or (found["name"] or "").casefold() == place.name.casefold():
            return place, rest.strip()
    return None, words


def _target(ctx: Context, destination: PostableChannel | None) -> ShareTarget | Panel:
    if destination is not None and isinstance(ctx.author, discord.Member):
        return target_in(destination, ctx.author)
    return share_target(ctx.channel, ctx.author, ctx.permissions)


def _divided(words: str) -> tuple[str, str]:
    """Return the comment, and the note that begins with "note:" at the beginning of a line."""
    found = _NOTE.search(words)
    return (words[: found.start()].strip(), words[found.end() :].strip()) if found else (words, "")


def _arguments(ctx: Context) -> str:
    """Return everything after the command's name, undivided: discord.py has split it at spaces."""
    text = ctx.message.content.removeprefix(ctx.prefix or "").lstrip()
    return text.removeprefix(ctx.invoked_with or "").strip()


def _with_comment(services: Services, reference: str, comment: str) -> tuple[str, str]:
    """Return the reference and the comment of a form; what stands behind a link belongs to the comment."""
    reference, beside = split_reference(services, reference)
    return reference, "\n".join(filter(None, (beside, comment.strip())))


@app_commands.context_menu(name="Edit note")
@app_commands.guild_only()
async def edit_note(interaction: Interaction, message: discord.Message) -> None:
    """Open the form for the note above a shared article."""
    delivery = await interaction.client.services.database.run(deliveries.by_message, message.id)
    await open_form(interaction, delivery)


@app_commands.context_menu(name="Share here")
@app_commands.guild_only()
async def share_here(interaction: Interaction, message: discord.Message) -> None:
    """Post the article that a message names, in the name of the member who chose this."""
    bot = interaction.client
    ctx = await commands.Context.from_interaction(interaction)
    target = share_target(interaction.channel, interaction.user, interaction.permissions)
    if isinstance(target, Panel):
        await reply(ctx, view=target)
        return
    async with thinking(ctx):
        found = await article_of(message, bot.services, interaction.guild_id)
        if isinstance(found, Article):
            outcome = await share(bot, target, found, None)
            await reply(ctx, view=outcome.answer)
        else:
            await show_found(ctx, found)


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(OfferButton, NoteButton)
    bot.show_to_all = show_to_all
    await bot.add_cog(Sharing(bot))
    bot.tree.add_command(share_here)
    bot.tree.add_command(edit_note)


async def teardown(bot: Wetread) -> None:
    """Remove the message menus, which are not part of the cog."""
    for menu in (share_here, edit_note):
        bot.tree.remove_command(menu.name, type=discord.AppCommandType.message)
