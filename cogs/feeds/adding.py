"""Add a feed or a whole subject: check the channel, check the feed, show a sample, start."""

from dataclasses import dataclass

import discord

from cogs.feeds.add_answers import AddOptions
from cogs.feeds.add_steps import sample_step
from cogs.feeds.arguments import unknown_option
from cogs.feeds.confirmations import ask_to_add, namesake_of
from cogs.feeds.destination_check import refusal
from cogs.feeds.feed_reference import resolve_feed
from cogs.feeds.find_subscription import member_of
from cogs.feeds.page_feeds import ask_which
from cogs.feeds.starting import start
from cogs.feeds.step_choices import Choices
from cogs.kit.context import Context, command_prefix
from cogs.kit.escape import code, safe
from cogs.kit.replies import reply, thinking
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.errors import AlreadySubscribedError, UnknownJournalError
from wetread.domain.models import Form, Journal
from wetread.services.services import Services
from wetread.storage.typed_words import Typist


@dataclass(frozen=True, slots=True)
class AddRequest:
    """What a moderator typed; None = not given. `what`: a journal, a subject, an address or a query."""

    what: str
    channel: Channel
    form: Form | None = None
    newest: int | None = None


class FeedAdder:
    """Adds what a moderator asks for, and answers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._subscriptions = services.subscriptions

    async def add(self, ctx: Context, request: AddRequest) -> None:
        """Add at once, or with `/` and no number of articles: show a sample and let the moderator choose."""

        async def again() -> None:
            await self.add(ctx, request)

        author = member_of(ctx)
        refused = refusal(request.channel, author, again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        place = self._resolved(request.what)
        async with thinking(ctx):
            if isinstance(place, tuple):
                await self._add_bundle(ctx, request, place)
                return
            checked = await self._subscriptions.check(place)
            usual = self._services.config.delivery.start_with
            newest = usual if request.newest is None else request.newest
            options = AddOptions(checked, request.channel, newest, request.form or Form.WHOLE)
            if checked.others:
                await self._ask_which(ctx, options, author)
            elif ctx.interaction is not None and request.newest is None:
                await self._offer(ctx, request.what, options, author)
            else:
                await reply(ctx, content=await self._start(ctx, options, author))

    def _resolved(self, what: str) -> str | Journal | tuple[Journal, ...]:
        """Return as `resolve_feed`. Raises also UnknownChoiceError for a word behind a known name."""
        catalogue = self._services.catalogue
        try:
            return resolve_feed(catalogue, what)
        except UnknownJournalError as error:
            raise unknown_option(what, catalogue.meant) or error from None

    async def _add_bundle(self, ctx: Context, request: AddRequest, journals: tuple[Journal, ...]) -> None:
        """Ask first: a subject can be twenty feeds."""
        namesake = namesake_of(self._services.catalogue, request.what)
        command = code(f"{command_prefix(ctx)}feed add {namesake[1]}") if namesake else ""
        note = f"To add only the journal *{safe(namesake[0])}*: {command}." if namesake else ""
        form = request.form or Form.WHOLE
        await reply(ctx, view=ask_to_add(request.what, journals, request.channel, form, note))

    async def _ask_which(self, ctx: Context, options: AddOptions, author: discord.Member) -> None:
        """Ask which feed of a page is meant; in a public answer any moderator may say so."""
        typist = Typist(author.guild.id, author.id if ctx.interaction else 0)
        await reply(ctx, view=await ask_which(ctx.bot, options, typist))

    async def _start(self, ctx: Context, options: AddOptions, author: discord.Member) -> str:
        _, said = await start(self._subscriptions, options, author, command_prefix(ctx))
        return said

    async def _offer(self, ctx: Context, what: str, options: AddOptions, author: discord.Member) -> None:
        """Show the sample and the menus. Nothing is posted yet."""
        for each in await self._subscriptions.of_guild(author.guild.id):
            if each.feed.url == options.checked.url and each.subscription.channel_id == options.channel.id:
                raise AlreadySubscribedError(each.subscription.name, options.channel.id)

        typist = Typist(author.guild.id, author.id)
        words_id = await self._services.actions.remember_words(what, typist)
        choices = Choices(words_id, options.channel.id, options.form, options.newest)
        await reply(ctx, **sample_step(self._services, options, choices))
