"""`/feed …`: moderators choose which journals are watched, where they post and how."""

from collections.abc import Sequence
from typing import Annotated

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.errors.explaining import near_words
from cogs.errors.input_errors import IncompleteError, UnknownChoiceError, UnknownSubcommandError
from cogs.feeds import changes, forum_tags, several
from cogs.feeds.add_steps import STEP_ITEMS
from cogs.feeds.adding import AddRequest, FeedAdder
from cogs.feeds.arguments import NEWEST_LIMIT, Typed, read_typed, unknown_form
from cogs.feeds.confirmations import BundleButton, RemoveButton, UndoBundleButton, ask_to_remove
from cogs.feeds.destination_check import refusal, threads_refusal
from cogs.feeds.failing_feed import FailureButton
from cogs.feeds.feed_reference import queries_matching
from cogs.feeds.find_subscription import (
    find_channel,
    find_forum,
    find_several,
    find_watched,
    find_watched_first,
    guild_of,
    member_of,
)
from cogs.feeds.page_buttons import FeedButton, FeedMenu, FormMenu, MoveMenu
from cogs.feeds.page_feeds import PageFeedButton
from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.settings_changes import (
    CHANGES_SWITCH,
    RESETS,
    ChangesSwitch,
    ResetName,
    SettingsChange,
    WebAddress,
    hours,
    settings_refusal,
)
from cogs.feeds.stored_panels import FeedPanels
from cogs.feeds.types_panel import KINDS, TypesMenu, changed, skip_types
from cogs.kit.changed_by import changed_by
from cogs.kit.checks import ADDING, moderators_only
from cogs.kit.context import Context, Interaction, command_prefix
from cogs.kit.hybrid_commands import group, subcommand
from cogs.kit.limits import choices
from cogs.kit.open_panel import OpenPanelButton, open_offer
from cogs.kit.panels import Panel
from cogs.kit.replies import reply, thinking
from cogs.lookups.query_choices import query_choices
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.forum_tags import LABELS
from wetread.domain.models import Form, Subscription
from wetread.domain.text import cut
from wetread.services.services import SKIPPED_TYPES, Services
from wetread.storage import settings as stored_settings
from wetread.storage.subscriptions import Watched
from wetread.storage.typed_words import Typist

_NAME = "The feed: its name, abbreviation or number"
_AS_USUAL = -1  # not None: a range that may be None would be offered as a text
_FORMS = [app_commands.Choice(name=words, value=form.value) for form, words in FORM_WORDS.items()]
_SWITCHES = (("skip", "off"), ("post", "on"))
_CHANGE_POSTS = [app_commands.Choice(name=value.partition(":")[2], value=value) for value in CHANGES_SWITCH]
_RESETS = [app_commands.Choice(name=name, value=name) for name in RESETS]


class Feeds(commands.Cog):
    """The commands of `/feed`, except `log` and `why` (cogs/history)."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._subscriptions = services.subscriptions
        self._panels = FeedPanels(services)
        self._adder = FeedAdder(services)
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
    async def test(self, ctx: Context, *, feed: str) -> None:
        """Show a sample card of a feed, only to you. Nothing is posted."""
        watched = await self._find(ctx, read_typed(feed))
        await self._open(ctx, "test", watched.subscription.id)

    @subcommand(feed, "feed check jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def check(self, ctx: Context, *, feed: str) -> None:
        """Check a feed for new articles now instead of at its next scheduled time."""
        watched = await self._find(ctx, read_typed(feed))
        async with thinking(ctx):
            await changes.check(ctx, self._services, watched)

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
        await self._adder.add(ctx, AddRequest(typed.what, channel, wanted, count))

    @subcommand(feed, "feed remove jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def remove(self, ctx: Context, *, feed: str) -> None:
        """Remove a feed, several (a, b, c), or a subject, after a question. Posts stay."""
        found = await find_several(self._subscriptions, ctx, read_typed(feed).what)
        if len(found) == 1:
            await reply(ctx, view=ask_to_remove(found[0]))
            return
        typist = Typist(guild_of(ctx).id, ctx.author.id if ctx.interaction else 0)
        words_id = await self._services.actions.remember_words(several.numbers_of(found), typist)
        await reply(ctx, view=several.ask_to_remove_several(found, words_id))

    # -- changing ----------------------------------------------------------------------------------------

    @subcommand(feed, "feed pause jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def pause(self, ctx: Context, *, feed: str) -> None:
        """Pause a feed, several (a, b, c), or all: nothing is posted until you resume them."""
        found = await find_several(self._subscriptions, ctx, read_typed(feed).what)
        by = changed_by(ctx)
        if len(found) == 1:
            said = await changes.pause(self._subscriptions, found[0], by, command_prefix(ctx))
        else:
            said = await several.pause(self._subscriptions, found, by)
        await reply(ctx, content=said)

    @subcommand(feed, "feed resume jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def resume(self, ctx: Context, *, feed: str) -> None:
        """Resume paused feeds: one, several or all. Articles published meanwhile are not posted."""
        found = await find_several(self._subscriptions, ctx, read_typed(feed).what)
        by = changed_by(ctx)
        if len(found) == 1:
            said = await changes.resume(self._subscriptions, found[0], by)
        else:
            said = await several.resume(self._subscriptions, found, by)
        await reply(ctx, content=said)

    @subcommand(feed, "feed move jvir #pain")
    @app_commands.describe(feed=_NAME, destination="The channel for its new articles from now on")
    @moderators_only()
    async def move(
        self,
        ctx: Context,
        *,
        feed: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Move a feed, several (a, b, c), or all to another channel. Nothing is posted twice."""
        typed = read_typed(feed)
        if destination is None and typed.channel is None:
            raise IncompleteError
        found = await find_several(self._subscriptions, ctx, typed.what)
        await self._move(ctx, found, destination or find_channel(ctx, typed.channel))

    async def _move(self, ctx: Context, found: Sequence[Subscription], channel: Channel) -> None:
        async def again() -> None:
            await self._move(ctx, found, channel)

        refused = refusal(channel, member_of(ctx), again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        by = changed_by(ctx)
        async with thinking(ctx):
            if len(found) == 1:
                said = await changes.move(self._subscriptions, found[0], channel, by)
            else:
                said = await several.move(self._subscriptions, found, channel, by)
            await reply(ctx, content=said)

    @subcommand(feed, "feed threads jvir on")
    @app_commands.describe(feed=_NAME, switch="on: a thread opens under each post")
    @app_commands.choices(switch=[app_commands.Choice(name=each, value=each) for each in ("on", "off")])
    @moderators_only()
    async def threads(self, ctx: Context, *, feed: str, switch: str = "") -> None:
        """Open a thread under each post of a feed, or only when somebody presses Discuss."""
        if ctx.interaction is None:
            feed, _, switch = feed.rpartition(" ")
        if switch.casefold() not in {"on", "off"}:
            raise UnknownChoiceError("choice", switch, ("on", "off")) if feed else IncompleteError()
        subscription = (await self._find(ctx, Typed(feed))).subscription
        opens = switch.casefold() == "on"
        refused = threads_refusal(guild_of(ctx), subscription) if opens else None
        if refused is not None:
            await reply(ctx, view=refused)
            return
        said = await changes.set_threads(
            self._subscriptions, subscription, changed_by(ctx), opens_threads=opens
        )
        await reply(ctx, content=said)

    @subcommand(feed, "feed tags #library")
    @app_commands.describe(
        forum="The forum (normally the one you are in)",
        change="A subject or kind = a tag of the forum, or: make; empty shows the tags",
    )
    @moderators_only()
    async def tags(
        self, ctx: Context, forum: discord.ForumChannel | None = None, *, change: str = ""
    ) -> None:
        """Show or choose which tag of a forum an article gets for its subject and its kind."""
        if forum is None:
            forum, change = find_forum(ctx, change)
        if not change.strip():
            await self._open(ctx, "tags", forum.id)
        elif change.strip().casefold() != "make":
            await reply(ctx, content=await forum_tags.change(self._services, member_of(ctx), forum, change))
        else:
            said = await forum_tags.make_missing(self._services, forum)
            await (reply(ctx, view=said) if isinstance(said, Panel) else reply(ctx, content=said))

    @subcommand(feed, "feed copy jvir to radiology, ajnr")
    @app_commands.describe(
        feed="The feed whose settings are wanted", others="The feeds that get them, or: all"
    )
    @moderators_only()
    async def copy(self, ctx: Context, feed: str, *, others: str = "") -> None:
        """Give other feeds the form and the filter of one. Their channels stay."""
        if ctx.interaction is None:
            feed, _, others = f"{feed} {others}".partition(" to ")
        if not others.strip():
            raise IncompleteError
        source = (await self._find(ctx, Typed(feed.strip()))).subscription
        found = await find_several(self._subscriptions, ctx, others)
        async with thinking(ctx):
            await reply(ctx, content=await several.copy(self._subscriptions, source, found, changed_by(ctx)))

    @subcommand(feed, "feed form jvir conclusion")
    @app_commands.describe(feed=_NAME, form="How much of each article is shown")
    @app_commands.choices(form=_FORMS)
    @moderators_only()
    async def form(self, ctx: Context, *, feed: str, form: str = "") -> None:
        """Choose how much of each article is shown: whole, conclusion or title."""
        typed = read_typed(feed)
        wanted = Form(form) if form else typed.form
        if wanted is None:
            raise unknown_form(typed.what)
        subscription = (await self._find(ctx, typed)).subscription
        said = await changes.set_form(self._subscriptions, subscription, wanted, changed_by(ctx))
        await reply(ctx, content=said)

    @subcommand(feed, "feed filter jvir spine OR vertebroplasty -veterinary", name="filter")
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
        if words:
            said = await changes.set_filter(self._subscriptions, subscription, words, changed_by(ctx))
            await reply(ctx, content=said)
        else:
            await reply(ctx, view=changes.filter_panel(subscription, command_prefix(ctx)))

    # -- the server's own choices ------------------------------------------------------------------------

    @subcommand(feed, "feed settings @Editors #moderators 48")
    @app_commands.describe(
        moderator_role="A role that may choose feeds, besides members with Manage Channels",
        moderator_channel="The channel where Wetread posts alerts for moderators",
        abstract_wait="Hours that a new article waits for its abstract before it is posted without one",
        card_offers="Offer the card of an article that a member names in a message",
        library_proxy="The prefix of your library’s proxy: https://login.proxy.example.edu/login?url=",
        change_posts="Post in the moderator channel what moderators change",
        reset="A setting to set back to its standard value",
    )
    @app_commands.choices(reset=_RESETS, change_posts=_CHANGE_POSTS)
    @moderators_only()
    async def settings(  # noqa: PLR0917  # each is an option that Discord shows
        self,
        ctx: Context,
        moderator_role: discord.Role | None = None,
        moderator_channel: discord.TextChannel | discord.Thread | None = None,
        abstract_wait: int | None = None,
        card_offers: bool | None = None,
        library_proxy: Annotated[str, WebAddress] | None = None,
        change_posts: Annotated[str, ChangesSwitch] | None = None,
        *,
        reset: Annotated[str, ResetName] = "",
    ) -> None:
        """Show or change the moderator role, the alert channel, the wait for abstracts and more."""
        wait = None if abstract_wait is None else hours(abstract_wait)
        change = SettingsChange(
            moderator_role,
            moderator_channel,
            wait,
            RESETS.get(reset),
            card_offers,
            library_proxy,
            None if change_posts is None else CHANGES_SWITCH[change_posts],
        )
        if change.is_empty:
            await self._open(ctx, "settings")
            return
        refused = settings_refusal(change, member_of(ctx))
        if refused is not None:
            await reply(ctx, view=refused)
            return
        await self._services.database.run(
            stored_settings.change_guild_settings,
            guild_of(ctx).id,
            change.applied,
            changed_by(ctx),
            self._services.seams.clock(),
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
        await skip_types(self._services, guild.id, types, changed_by(ctx))
        await reply(ctx, content=said)

    # -- autocomplete ------------------------------------------------------------------------------------

    @add.autocomplete("what")
    async def _complete_what(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        catalogue = self._services.catalogue
        subjects = [name for name in catalogue.subspecialties if name.startswith(typed.casefold())]
        journals = catalogue.matching(typed)
        return choices(
            queries_matching(typed)
            + [(f"All journals of: {name}", name) for name in subjects]
            + [(each.title, catalogue.typed(each)) for each in journals]
        )

    @types.autocomplete("change")
    async def _complete_types(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        options = [(f"{name}: {verb}", f"{name} {switch}") for name in KINDS for verb, switch in _SWITCHES]
        options.append(("Standard", "standard"))
        return choices(option for option in options if typed.casefold() in option[0].casefold())

    @tags.autocomplete("change")
    async def _complete_tags(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        forum = interaction.guild and interaction.guild.get_channel(int(interaction.namespace.forum.id))
        names = [tag.name for tag in forum.available_tags] if isinstance(forum, discord.ForumChannel) else []
        options = [f"{label} = {name}" for label in LABELS for name in names]
        return choices((option, option) for option in options if typed.casefold() in option.casefold())

    @choose_filter.autocomplete("query")
    async def _complete_filter(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        today = self._services.actions.today()
        return choices(query_choices(self._services.catalogue, typed, today, is_filter=True))

    @show.autocomplete("feed")
    @test.autocomplete("feed")
    @check.autocomplete("feed")
    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @resume.autocomplete("feed")
    @move.autocomplete("feed")
    @copy.autocomplete("feed")
    @threads.autocomplete("feed")
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

    async def _find(self, ctx: Context, typed: Typed) -> Watched:
        return await find_watched(self._subscriptions, ctx, typed.what)


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(
        OpenPanelButton,
        TypesMenu,
        FailureButton,
        RemoveButton,
        BundleButton,
        UndoBundleButton,
        PageFeedButton,
        FeedMenu,
        FeedButton,
        FormMenu,
        MoveMenu,
        several.CopyMenu,
        forum_tags.LabelMenu,
        forum_tags.TagMenu,
        forum_tags.MakeTagsButton,
        several.RemoveSeveralButton,
        *STEP_ITEMS,
    )
    await bot.add_cog(Feeds(bot, bot.services))
