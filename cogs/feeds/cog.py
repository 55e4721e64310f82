"""`/feed …`: moderators choose which journals are watched, where they post and how."""

from typing import Annotated

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Content, Wetread
from cogs.errors.explaining import near_words
from cogs.errors.feed_failures import failure_words
from cogs.errors.input_errors import IncompleteError, UnknownSubcommandError
from cogs.feeds import adding
from cogs.feeds.adding import AddRequest, Choice
from cogs.feeds.arguments import NEWEST_LIMIT, Typed, read_typed
from cogs.feeds.destination_check import refusal
from cogs.feeds.failing_feed import FailureButton
from cogs.feeds.find_subscription import find_channel, find_watched, find_watched_first, guild_of, member_of
from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.settings_changes import RESETS, ResetName, SettingsChange, WebAddress, hours, settings_refusal
from cogs.feeds.stored_panels import FeedPanels
from cogs.feeds.types_panel import KINDS, TypesMenu, changed, skip_types
from cogs.kit.checks import ADDING, moderators_only
from cogs.kit.context import Context, Interaction
from cogs.kit.escape import code, safe
from cogs.kit.hybrid_commands import group, per_member, subcommand
from cogs.kit.limits import choices
from cogs.kit.open_panel import OpenPanelButton, open_offer
from cogs.kit.panels import Panel, notice
from cogs.kit.replies import reply, thinking
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.errors import AlreadySubscribedError
from wetread.domain.models import Form, Journal, Subscription
from wetread.domain.text import cut
from wetread.services.services import SKIPPED_TYPES, Services
from wetread.storage import settings as stored_settings
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination, Watched

_NAME = "The feed: its name, abbreviation or number"
_AS_USUAL = -1  # not None: a range that may be None would be offered as a text
_FORMS = [app_commands.Choice(name=words, value=form.value) for form, words in FORM_WORDS.items()]
_SWITCHES = (("skip", "off"), ("post", "on"))
_NO_FILTER = ("everything", "all", "off", "none")
_RESETS = [app_commands.Choice(name=name, value=name) for name in RESETS]


class Feeds(commands.Cog):
    """The commands of `/feed`, except `log` and `why` (cogs/history)."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._subscriptions = services.subscriptions
        self._panels = FeedPanels(services)
        self._prefix = bot.config.discord.prefix
        bot.panels |= self._panels.panels

    async def cog_before_invoke(self, ctx: Context) -> None:  # type: ignore[override]  # the bot is ours
        """Acknowledge a `/` command at once, privately: an answer may take longer than 3 seconds."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)

    # -- what is watched ---------------------------------------------------------------------------------

    @group("feed list")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def feed(self, ctx: Context) -> None:
        """Choose which journals post here: list, add, pause, resume, move, test, check, remove and more."""
        typed = ctx.view.buffer[ctx.view.index :].split()
        if typed:
            raise UnknownSubcommandError(
                "feed", typed[0], near_words(typed[0], [each.name for each in self.feed.commands])
            )
        await self._open(ctx, "list")

    @subcommand(feed, "feed list", name="list")
    @moderators_only()
    async def list_all(self, ctx: Context) -> None:
        """List the feeds of this server: where each posts and whether it works."""
        await self._open(ctx, "list")

    @subcommand(feed, "feed show jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def show(self, ctx: Context, *, feed: str) -> None:
        """Show one feed: whether it works, where and how it posts, and its last articles."""
        watched = await self._find(ctx, read_typed(feed))
        await self._open(ctx, "show", watched.subscription.id)

    @subcommand(feed, "feed test jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    @per_member()
    async def test(self, ctx: Context, *, feed: str) -> None:
        """Show a sample card of a feed, only to you. Nothing is posted."""
        watched = await self._find(ctx, read_typed(feed))
        await self._open(ctx, "test", watched.subscription.id)

    @subcommand(feed, "feed check jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    @per_member()
    async def check(self, ctx: Context, *, feed: str) -> None:
        """Check a feed for new articles now instead of at its next scheduled time."""
        watched = await self._find(ctx, read_typed(feed))
        async with thinking(ctx):
            update = await self._services.updater.update(watched.feed.id)
            if update.failure is not None and ctx.interaction is None:
                await reply(ctx, view=_failed_in_public(watched))
            else:
                substitute = self._services.catalogue.substitute(watched.feed.url)
                await reply(ctx, content=_brought(watched, update, substitute))

    # -- adding and removing -----------------------------------------------------------------------------

    @subcommand(feed, "feed add jvir #interventional conclusion 3")
    @app_commands.describe(
        what="A journal, a subject, the address of a feed or page, or pubmed: and a query",
        destination="The channel for its new articles (normally this one)",
        form="How much of each article is shown (normally the whole abstract)",
        newest="How many of its newest articles to post now",
    )
    @app_commands.choices(form=_FORMS)
    @moderators_only(ADDING)
    @per_member()
    async def add(
        self,
        ctx: Context,
        *,
        what: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
        form: str = "",
        newest: commands.Range[int, 0, NEWEST_LIMIT] = _AS_USUAL,
    ) -> None:
        """Add a journal, a whole subject or a feed to this channel or another one."""
        typed = read_typed(what) if ctx.interaction is None else Typed(what.strip())
        channel = destination or find_channel(ctx, typed.channel)
        wanted = Form(form) if form else typed.form
        count = typed.newest if newest == _AS_USUAL else newest
        await self._add(ctx, AddRequest(typed.what, channel, wanted, count))

    async def _add(self, ctx: Context, request: AddRequest) -> None:
        async def again() -> None:
            await self._add(ctx, request)

        author = member_of(ctx)
        refused = refusal(request.channel, author, again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        place = adding.resolve_feed(self._services.catalogue, request.what)
        async with thinking(ctx):
            if isinstance(place, tuple):
                await self._add_bundle(ctx, request, place)
                return
            checked = await self._subscriptions.check(place)
            usual = self._services.config.delivery.start_with
            newest = usual if request.newest is None else request.newest
            choice = Choice(checked, request.channel, newest, request.form or Form.WHOLE)
            if ctx.interaction is not None and request.newest is None:
                await self._offer(ctx, choice, author)
            else:
                await reply(ctx, content=await self._start(choice, author))

    async def _add_bundle(self, ctx: Context, request: AddRequest, journals: tuple[Journal, ...]) -> None:
        bundle = await self._subscriptions.subscribe_all(
            guild_of(ctx).id,
            Destination(request.channel.id, kind_of(request.channel)),
            ctx.author.id,
            journals,
            form=request.form or Form.WHOLE,
        )
        catalogue = self._services.catalogue
        journal = catalogue.named(request.what)
        namesake = (journal.title, catalogue.typed(journal)) if journal else None
        said = adding.bundle_started(request.what, bundle, request.channel, self._prefix, namesake)
        await reply(ctx, content=said)

    async def _start(self, choice: Choice, author: discord.Member) -> str:
        subscription = await adding.subscribe(self._services, choice, author)
        return adding.started(subscription, choice, self._prefix)

    async def _offer(self, ctx: Context, choice: Choice, author: discord.Member) -> None:
        """Show the sample and the choices. Nothing is posted yet."""
        for each in await self._subscriptions.of_guild(author.guild.id):
            if each.feed.url == choice.checked.url and each.subscription.channel_id == choice.channel.id:
                raise AlreadySubscribedError(each.subscription.name, choice.channel.id)

        async def start(chosen: Choice) -> str:
            return await self._start(chosen, author)

        view = adding.AddView(choice, self._sample_content, start)
        await reply(ctx, **self._sample_content(choice), view=view)

    def _sample_content(self, choice: Choice) -> Content:
        embed = self._panels.sample_embed(choice.checked.entries, choice.form)
        lines = adding.sample_lines(choice, has_sample=embed is not None)
        return {"content": "\n".join(lines), "embed": embed} if embed else {"content": "\n".join(lines)}

    @subcommand(feed, "feed remove jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def remove(self, ctx: Context, *, feed: str) -> None:
        """Remove a feed from this server. Its posts stay."""
        subscription = (await self._find(ctx, read_typed(feed))).subscription
        await self._subscriptions.remove(subscription.guild_id, subscription.id)
        back = code(self._typed(ctx, "feed add"))
        await reply(
            ctx,
            content=f"{_bold(subscription)} no longer posts to <#{subscription.channel_id}>. Its posts stay. "
            f"To add it again: {back}.",
        )

    # -- changing ----------------------------------------------------------------------------------------

    @subcommand(feed, "feed pause jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def pause(self, ctx: Context, *, feed: str) -> None:
        """Pause a feed: nothing from it is posted until you resume it."""
        subscription = (await self._find(ctx, read_typed(feed))).subscription
        is_new = subscription.paused_at is None
        await self._subscriptions.pause(subscription.guild_id, subscription.id, ctx.author.id)
        resume = code(self._typed(ctx, f"feed resume {subscription.id}"))
        state = "is paused" if is_new else "was already paused"
        await reply(ctx, content=f"{_bold(subscription)} {state}. To resume: {resume}.")

    @subcommand(feed, "feed resume jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def resume(self, ctx: Context, *, feed: str) -> None:
        """Resume a paused feed. Articles published while it was paused are not posted."""
        subscription = (await self._find(ctx, read_typed(feed))).subscription
        if subscription.paused_at is None:
            await reply(ctx, content=f"{_bold(subscription)} is not paused, so nothing changed.")
            return
        await self._subscriptions.resume(subscription.guild_id, subscription.id)
        await reply(
            ctx,
            content=f"{_bold(subscription)} posts to <#{subscription.channel_id}> again. "
            "Articles published while it was paused will not be posted.",
        )

    @subcommand(feed, "feed move jvir #spine")
    @app_commands.describe(feed=_NAME, destination="The channel for its new articles from now on")
    @moderators_only()
    async def move(
        self,
        ctx: Context,
        *,
        feed: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Move a feed to another channel. Nothing is posted twice."""
        typed = read_typed(feed)
        if destination is None and typed.channel is None:
            raise IncompleteError
        subscription = (await self._find(ctx, typed)).subscription
        await self._move(ctx, subscription, destination or find_channel(ctx, typed.channel))

    async def _move(self, ctx: Context, subscription: Subscription, channel: Channel) -> None:
        async def again() -> None:
            await self._move(ctx, subscription, channel)

        if channel.id == subscription.channel_id:
            raise AlreadySubscribedError(subscription.name, channel.id)
        refused = refusal(channel, member_of(ctx), again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        destination = Destination(channel.id, kind_of(channel))
        await self._subscriptions.move(subscription.guild_id, subscription.id, destination)
        await reply(
            ctx,
            content=f"{_bold(subscription)} now posts to <#{channel.id}>. Its old posts stay where they are.",
        )

    @subcommand(feed, "feed form jvir conclusion")
    @app_commands.describe(feed=_NAME, form="How much of each article is shown")
    @app_commands.choices(form=_FORMS)
    @moderators_only()
    async def form(self, ctx: Context, *, feed: str, form: str = "") -> None:
        """Choose how much of each article is shown: whole, conclusion or title."""
        typed = read_typed(feed)
        wanted = Form(form) if form else typed.form
        if wanted is None:
            raise IncompleteError
        subscription = (await self._find(ctx, typed)).subscription
        await self._subscriptions.set_form(subscription.guild_id, subscription.id, wanted)
        shown = f"{_bold(subscription)} now shows: {FORM_WORDS[wanted]}. Old posts stay as they are."
        await reply(ctx, content=shown)

    @subcommand(feed, 'feed filter "Eur Radiol" spine OR vertebroplasty -veterinary', name="filter")
    @app_commands.describe(feed=_NAME, query="Words, phrases, -not, author: … as for search; or: everything")
    @moderators_only()
    async def choose_filter(self, ctx: Context, feed: str, *, query: str = "") -> None:
        """Post only articles that match these words, or everything."""
        if ctx.interaction is None and " " not in feed:
            watched, query = await find_watched_first(self._subscriptions, ctx, f"{feed} {query}")
        else:
            watched = await self._find(ctx, Typed(feed))
        subscription = watched.subscription
        words = query.strip()
        if not words:
            await reply(ctx, view=_filtered(subscription, self._typed(ctx, f"feed filter {subscription.id}")))
            return
        if words.casefold() in _NO_FILTER:
            await self._subscriptions.set_filter(subscription.guild_id, subscription.id, None)
            await reply(ctx, content=f"{_bold(subscription)} now posts every article.")
            return
        await self._subscriptions.set_filter(subscription.guild_id, subscription.id, words)
        wanted, total = await self._subscriptions.wanted_of_last(subscription.guild_id, subscription.id)
        of_last = (
            f" Of its last {total} articles, {wanted or 'none'} would have been posted." if total else ""
        )
        await reply(
            ctx, content=f"{_bold(subscription)} now posts only articles that match {code(words)}.{of_last}"
        )

    # -- the server's own choices ------------------------------------------------------------------------

    @subcommand(feed, "feed settings @Editors #moderators 48")
    @app_commands.describe(
        moderator_role="A role that may choose feeds, besides members with Manage Channels",
        moderator_channel="The channel where Wetread posts alerts for moderators",
        abstract_wait="Hours that a new article waits for its abstract before it is posted without one",
        card_offers="Offer the card of an article that a member names in a message",
        library_proxy="The prefix of your library’s proxy: https://login.proxy.example.edu/login?url=",
        reset="A setting to set back to its standard value",
    )
    @app_commands.choices(reset=_RESETS)
    @moderators_only()
    async def settings(  # noqa: PLR0917  # each is an option that Discord shows
        self,
        ctx: Context,
        moderator_role: discord.Role | None = None,
        moderator_channel: discord.TextChannel | discord.Thread | None = None,
        abstract_wait: int | None = None,
        card_offers: bool | None = None,
        library_proxy: Annotated[str, WebAddress] | None = None,
        *,
        reset: Annotated[str, ResetName] = "",
    ) -> None:
        """Show or change the moderator role, the alert channel, the wait for abstracts and more."""
        wait = None if abstract_wait is None else hours(abstract_wait)
        change = SettingsChange(
            moderator_role, moderator_channel, wait, RESETS.get(reset), card_offers, library_proxy
        )
        if change.is_empty:
            await self._open(ctx, "settings")
            return
        refused = settings_refusal(change, member_of(ctx))
        if refused is not None:
            await reply(ctx, view=refused)
            return
        await self._services.database.run(
            stored_settings.change_guild_settings, guild_of(ctx).id, change.applied
        )
        await reply(ctx, content=change.said)

    @subcommand(feed, "feed types letters on")
    @app_commands.describe(change="A kind of publication, then on or off; empty shows the list")
    @moderators_only()
    async def types(self, ctx: Context, *, change: str = "") -> None:
        """Show or choose which kinds of publication are posted here: letters, errata, case reports …"""
        guild = guild_of(ctx)
        if not change:
            await self._open(ctx, "types")
            return
        chosen = await self._services.database.run(stored_settings.guild_settings, guild.id)
        skipped = SKIPPED_TYPES if chosen.skipped_types is None else chosen.skipped_types
        types, said = changed(skipped, change)
        await skip_types(self._services, guild.id, types)
        await reply(ctx, content=said)

    # -- autocomplete ------------------------------------------------------------------------------------

    @add.autocomplete("what")
    async def _complete_what(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        catalogue = self._services.catalogue
        subjects = [name for name in catalogue.subspecialties if name.startswith(typed.casefold())]
        journals = catalogue.matching(typed)
        return choices(
            adding.queries_matching(typed)
            + [(f"All journals of: {name}", name) for name in subjects]
            + [(each.title, catalogue.typed(each)) for each in journals]
        )

    @types.autocomplete("change")
    async def _complete_types(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        options = [(f"{name}: {verb}", f"{name} {switch}") for name in KINDS for verb, switch in _SWITCHES]
        options.append(("Standard", "standard"))
        return choices(option for option in options if typed.casefold() in option[0].casefold())

    @show.autocomplete("feed")
    @test.autocomplete("feed")
    @check.autocomplete("feed")
    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @resume.autocomplete("feed")
    @move.autocomplete("feed")
    @form.autocomplete("feed")
    @choose_filter.autocomplete("feed")
    async def _complete_feed(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        found = await self._subscriptions.complete(interaction.guild_id, typed)
        return choices((self._called(each), f"#{each.subscription.id}") for each in found)

    def _called(self, watched: Watched) -> str:
        channel = self._bot.get_channel(watched.subscription.channel_id)
        where = f" → #{cut(channel.name, 35)}" if isinstance(channel, Channel) else ""
        return f"{cut(watched.subscription.name, 60)}{where}"

    # -- what the commands share -------------------------------------------------------------------------

    async def _open(self, ctx: Context, name: str, about: int = 0) -> None:
        """Show a panel privately: at once to `/`, behind a button to a message."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer(name, about))
        else:
            await reply(ctx, **await self._bot.panels[name](guild_of(ctx), about))

    def _typed(self, ctx: Context, command: str) -> str:
        """A command in the form in which this one was used."""
        return f"{self._prefix if ctx.interaction is None else '/'}{command}"

    async def _find(self, ctx: Context, typed: Typed) -> Watched:
        return await find_watched(self._subscriptions, ctx, typed.what)


def _bold(subscription: Subscription) -> str:
    return f"**{safe(subscription.name)}**"


def _filtered(subscription: Subscription, command: str) -> Panel:
    """Build the answer that shows a feed's filter; `command` changes it."""
    name, words = safe(subscription.name), subscription.filter
    return notice(
        f"{name} posts only articles that match {code(words)}." if words else f"{name} posts every article.",
        f"To set a filter: {code(f'{command} spine OR pain -veterinary')}.",
        f"To remove it: {code(f'{command} everything')}." if words else "",
    )


def _brought(watched: Watched, update: FeedUpdate, substitute: str | None) -> str:
    """Return the result of a check in one line. `substitute` as for `failure_words`."""
    name = _bold(watched.subscription)
    if update.failure is not None:
        trouble = failure_words(update.failure, substitute)
        return f"{name}: the feed {trouble.what} {trouble.advice}"
    new = counted(update.new_count, "new article") if update.new_count else "no new articles"
    held = (
        f" Waiting for your decision: {counted(update.held_count, 'article')}, see `/status`."
        if update.held_count
        else ""
    )
    notes = " ".join(safe(warning) for warning in update.warnings[:1])
    return f"{name} was checked: {new}.{held} {notes}".strip()


def _failed_in_public(watched: Watched) -> Panel:
    """Build the public answer to a check that failed: the reason is shown to moderators only."""
    return notice(
        f"{safe(watched.subscription.name)} was checked.",
        "Press Open to see the result. Only you will see it.",
        buttons=[OpenPanelButton("show", watched.subscription.id)],
    )


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(OpenPanelButton, TypesMenu, FailureButton)
    await bot.add_cog(Feeds(bot, bot.services))
