"""Moderators choose what is watched, where it goes and how it looks."""

from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs import _feed_adding as adding
from cogs._arguments import NEWEST_LIMIT, Typed, read_typed
from cogs._bot import Wetread
from cogs._checks import moderators_only
from cogs._commands import group, per_member, subcommand
from cogs._context import Context, Interaction
from cogs._error_panel import notice
from cogs._escape import code, safe
from cogs._explaining import UnknownSubcommandError, near_words
from cogs._fates import fate
from cogs._feed_adding import Choice
from cogs._feed_panels import FORM_WORDS, feed_list, feed_page
from cogs._feed_words import feed_facts, feed_line
from cogs._limits import choices
from cogs._open_panel import Content, open_offer
from cogs._permissions import Destination as Channel
from cogs._permissions import kind_of
from cogs._replies import answer, thinking
from cogs._service_actions import ServiceActions
from cogs._troubles import feed_trouble
from cogs._words import counted
from wetread.errors import UnknownSubscriptionError
from wetread.models import DeliveryState, Form, Journal
from wetread.services import Services
from wetread.storage import articles, deliveries, settings
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination, Watched
from wetread.text import cut
from wetread.titles import shown_title

_LAST_COUNT = 3
_NAME = "The feed: its name, abbreviation or number"
_FORMS = [
    app_commands.Choice(name="Whole abstract", value="whole"),
    app_commands.Choice(name="Conclusion only", value="conclusion"),
    app_commands.Choice(name="Title only", value="title"),
]


class Feeds(commands.Cog):
    """Choose what is watched here."""

    def __init__(self, bot: Wetread, services: Services, actions: ServiceActions) -> None:
        self._bot = bot
        self._services = services
        self._subscriptions = services.subscriptions
        self._actions = actions
        self._prefix = bot.config.discord.prefix
        bot.panels |= {"list": self._draw_list, "show": self._draw_page, "test": self._draw_sample}

    # -- what is watched ---------------------------------------------------------------------------------

    @group("feed list", fallback="list", invoke_without_command=True)
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def feed(self, ctx: Context) -> None:
        """List what is watched here, where it goes and how it fares."""
        typed = ctx.subcommand_passed
        if typed and typed.casefold() != "list":
            names = [each.name for each in self.feed.commands]
            raise UnknownSubcommandError(typed, near_words(typed, [*names, "list"]))
        await self._open(ctx, "list")

    @subcommand(feed, "feed show jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def show(self, ctx: Context, *, feed: str) -> None:
        """Show one feed: its state, where and how it posts, the last articles and what became of them."""
        watched = await self._find(ctx, read_typed(feed))
        await self._open(ctx, "show", watched.subscription.id)

    @subcommand(feed, "feed test jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def test(self, ctx: Context, *, feed: str) -> None:
        """Show a sample card of a feed, for you alone; nothing is posted."""
        watched = await self._find(ctx, read_typed(feed))
        await self._open(ctx, "test", watched.subscription.id)

    @subcommand(feed, "feed check jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    @per_member()
    async def check(self, ctx: Context, *, feed: str) -> None:
        """Ask a journal now, instead of when it is due."""
        watched = await self._find(ctx, read_typed(feed))
        async with thinking(ctx):
            update = await self._services.updater.update(watched.feed.id)
            await answer(ctx, content=_brought(watched, update))

    # -- adding and removing -----------------------------------------------------------------------------

    @subcommand(feed, "feed add jvir #interventional conclusion 3")
    @app_commands.describe(
        what="A journal, a subject, the address of a feed or of a page that has one",
        destination="Where new articles go (usually here)",
        form="How much of each article is shown (usually the whole abstract)",
        newest="How many of the newest to post now",
    )
    @app_commands.choices(form=_FORMS)
    @moderators_only()
    @per_member()
    async def add(
        self,
        ctx: Context,
        *,
        what: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
        form: str = "",
        newest: commands.Range[int, 0, NEWEST_LIMIT] | None = None,
    ) -> None:
        """Watch a journal, a subject or a feed, here or in another channel."""
        typed = read_typed(what) if ctx.interaction is None else Typed(what.strip())
        channel = destination or self._channel(ctx, typed)
        wanted = Form(form) if form else typed.form
        count = typed.newest if newest is None else newest
        author = _member(ctx)
        refusal = adding.refusal(channel, author)
        if refusal is not None:
            await answer(ctx, view=refusal)
            return
        place = adding.read_place(self._services.catalogue, typed.what)
        async with thinking(ctx):
            if isinstance(place, tuple):
                await self._add_bundle(ctx, typed.what, place, channel, wanted)
                return
            proof = await self._subscriptions.prove(place)
            usual = self._services.config.delivery.start_with
            choice = Choice(proof, channel, usual if count is None else count, wanted or Form.WHOLE)
            if ctx.interaction is not None and count is None:
                await self._offer(ctx, choice)
            else:
                subscription = await adding.subscribe(self._services, choice, author)
                await answer(ctx, content=adding.started(subscription, choice, self._prefix))

    async def _add_bundle(
        self, ctx: Context, name: str, journals: tuple[Journal, ...], channel: Channel, form: Form | None
    ) -> None:
        bundle = await self._subscriptions.subscribe_all(
            channel.guild.id,
            Destination(channel.id, kind_of(channel)),
            ctx.author.id,
            journals,
            form=form or Form.WHOLE,
        )
        await answer(ctx, content=adding.bundle_started(name, bundle, channel))

    async def _offer(self, ctx: Context, choice: Choice) -> None:
        """Show the sample and the choices; nothing is posted yet."""
        author = _member(ctx)

        def draw(chosen: Choice) -> Content:
            return self._sample_content(chosen)

        async def start(chosen: Choice) -> str:
            subscription = await adding.subscribe(self._services, chosen, author)
            return adding.started(subscription, chosen, self._prefix)

        await answer(ctx, **draw(choice), view=adding.AddView(choice, draw, start))

    def _sample_content(self, choice: Choice) -> Content:
        proof = choice.proof
        name = safe(proof.journal.title if proof.journal else proof.title)
        lines = [f"**{name}** would go to <#{choice.channel.id}> like this. Nothing is posted yet."]
        if proof.page_url:
            lines.append("The feed was found on the page.")
        lines += [safe(warning) for warning in proof.warnings[:2]]
        sample = adding.sample_of(proof.entries, self._services)
        if sample is None:
            return {"content": "\n".join([*lines, "It has no article at the moment."])}
        embed = adding.sample_embed(sample, choice.form, self._actions)
        return {"content": "\n".join(lines), "embed": embed}

    @subcommand(feed, "feed remove jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def remove(self, ctx: Context, *, feed: str) -> None:
        """Stop watching a feed here; its posts stay."""
        watched = await self._find(ctx, read_typed(feed))
        removed = await self._subscriptions.remove(watched.subscription.guild_id, watched.subscription.id)
        await answer(
            ctx,
            content=f"**{safe(removed.name)}** no longer goes to <#{removed.channel_id}>. Its posts stay. "
            f"`{self._prefix}feed add` brings it back.",
        )

    # -- changing ----------------------------------------------------------------------------------------

    @subcommand(feed, "feed pause jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def pause(self, ctx: Context, *, feed: str) -> None:
        """Stop posting a feed until it is resumed."""
        watched = await self._find(ctx, read_typed(feed))
        subscription = watched.subscription
        await self._subscriptions.pause(subscription.guild_id, subscription.id, ctx.author.id)
        await answer(
            ctx,
            content=f"**{safe(subscription.name)}** is paused. "
            f"`{self._prefix}feed resume {subscription.id}` goes on.",
        )

    @subcommand(feed, "feed resume jvir")
    @app_commands.describe(feed=_NAME)
    @moderators_only()
    async def resume(self, ctx: Context, *, feed: str) -> None:
        """Go on with a paused feed; what came in between is not posted."""
        watched = await self._find(ctx, read_typed(feed))
        subscription = watched.subscription
        await self._subscriptions.resume(subscription.guild_id, subscription.id)
        await answer(
            ctx,
            content=f"**{safe(subscription.name)}** goes on in <#{subscription.channel_id}>. "
            "What came in between counts as seen.",
        )

    @subcommand(feed, "feed move jvir #spine")
    @app_commands.describe(feed=_NAME, destination="Where its new articles go from now on")
    @moderators_only()
    async def move(
        self,
        ctx: Context,
        *,
        feed: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Send a feed's new articles to another channel; nothing is posted twice."""
        typed = read_typed(feed)
        watched = await self._find(ctx, typed)
        if destination is None and typed.channel is None:
            raise commands.UserInputError
        channel = destination or self._channel(ctx, typed)
        refusal = adding.refusal(channel, _member(ctx))
        if refusal is not None:
            await answer(ctx, view=refusal)
            return
        subscription = watched.subscription
        await self._subscriptions.move(
            subscription.guild_id, subscription.id, Destination(channel.id, kind_of(channel))
        )
        await answer(
            ctx, content=f"**{safe(subscription.name)}** goes to <#{channel.id}> from now on. Old posts stay."
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
            raise commands.UserInputError
        subscription = (await self._find(ctx, typed)).subscription
        await self._subscriptions.set_form(subscription.guild_id, subscription.id, wanted)
        words = FORM_WORDS[wanted]
        await answer(
            ctx, content=f"**{safe(subscription.name)}** is shown as “{words}” from the next article on."
        )

    @subcommand(feed, 'feed filter "Eur Radiol" spine OR vertebroplasty -veterinary', name="filter")
    @app_commands.describe(
        feed=_NAME, query="Words, phrases, -not, journal: … as for search; empty = everything"
    )
    @moderators_only()
    async def choose_filter(self, ctx: Context, feed: str, *, query: str = "") -> None:
        """Post only what a search for these words would find; without words, everything."""
        subscription = (await self._find(ctx, Typed(feed))).subscription
        await self._subscriptions.set_filter(subscription.guild_id, subscription.id, query.strip() or None)
        what = f"what {code(query.strip())} finds" if query.strip() else "everything"
        await answer(ctx, content=f"**{safe(subscription.name)}** posts {what} from now on.")

    # -- autocomplete ------------------------------------------------------------------------------------

    @add.autocomplete("what")
    async def _complete_what(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        catalogue = self._services.catalogue
        subjects = [name for name in catalogue.subspecialties if name.startswith(typed.casefold())]
        journals = catalogue.matching(typed)
        return choices(
            [(f"All journals of: {name}", name) for name in subjects]
            + [(each.title, each.key) for each in journals]
        )

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
        where = f" → #{channel.name}" if isinstance(channel, Channel) else ""
        return f"{cut(watched.subscription.name, 60)}{where}"

    # -- panels ------------------------------------------------------------------------------------------

    async def _open(self, ctx: Context, name: str, about: int = 0) -> None:
        """Show a panel privately: at once to `/`, behind a button to a message."""
        if ctx.interaction is None or ctx.guild is None:
            await answer(ctx, view=open_offer(name, about))
            return
        async with thinking(ctx):
            await answer(ctx, **await self._bot.panels[name](ctx.guild, about))

    async def _draw_list(self, guild: discord.Guild, _about: int) -> Content:
        now = self._actions.now()
        watched = await self._subscriptions.of_guild(guild.id)
        return {"view": feed_list([feed_line(each, now) for each in watched])}

    async def _draw_page(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await self._by_id(guild.id, subscription_id)
        run = self._services.database.run
        chosen = await run(settings.guild_settings, guild.id)
        last = await run(
            deliveries.listing,
            guild.id,
            list(DeliveryState),
            limit=_LAST_COUNT,
            subscription_id=subscription_id,
        )
        titles = await run(articles.get_many, [each.article_id for each in last])
        lines = [
            f"{safe(fate(each))}: {safe(cut(shown_title(article.record), 120))}"
            for each, article in zip(last, titles, strict=True)
        ]
        usual = self._services.config.delivery.abstract_wait_hours
        wait = chosen.abstract_wait or timedelta(hours=usual)
        return {"view": feed_page(feed_facts(watched, self._actions.now(), wait, lines))}

    async def _draw_sample(self, guild: discord.Guild, subscription_id: int) -> Content:
        watched = await self._by_id(guild.id, subscription_id)
        proof = await self._subscriptions.prove(watched.feed.url)
        sample = adding.sample_of(proof.entries, self._services)
        if sample is None:
            return {"view": notice("The feed answers, and has no article at the moment.")}
        return {
            "content": f"**{safe(watched.subscription.name)}** answers with "
            f"{counted(len(proof.entries), 'article')}. The newest looks like this; nothing is posted.",
            "embed": adding.sample_embed(sample, watched.subscription.form, self._actions),
        }

    # -- finding -----------------------------------------------------------------------------------------

    async def _find(self, ctx: Context, typed: Typed) -> Watched:
        """Return the one subscription that was named. Raises UnknownSubscriptionError; asks if several."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        found = await self._subscriptions.find(ctx.guild.id, typed.what, ctx.channel.id)
        if len(found) > 1:
            names = tuple(f"#{each.subscription.id} in #{self._called(each)}" for each in found)
            raise UnknownSubscriptionError(typed.what, names)
        return found[0]

    async def _by_id(self, guild_id: int, subscription_id: int) -> Watched:
        [watched] = await self._subscriptions.find(guild_id, f"#{subscription_id}")
        return watched

    def _channel(self, ctx: Context, typed: Typed) -> Channel:
        """Return the channel that was typed, else the one it was typed in. Raises ChannelNotFound."""
        if typed.channel is None:
            channel: Any = ctx.channel
        elif typed.channel.isdecimal():
            channel = ctx.guild.get_channel_or_thread(int(typed.channel)) if ctx.guild else None
        else:
            channel = discord.utils.get(ctx.guild.channels, name=typed.channel) if ctx.guild else None
        if not isinstance(channel, Channel):
            raise commands.ChannelNotFound(typed.channel or "this channel")
        return channel


def _member(ctx: Context) -> discord.Member:
    if not isinstance(ctx.author, discord.Member):
        raise commands.NoPrivateMessage
    return ctx.author


def _brought(watched: Watched, update: FeedUpdate) -> str:
    """What a check has brought, in one line."""
    name = f"**{safe(watched.subscription.name)}**"
    if update.failure is not None:
        trouble = feed_trouble(update.failure)
        return f"{name}: the feed {trouble.what} {trouble.advice}".strip()
    new = counted(update.new_count, "new article") if update.new_count else "nothing new"
    held = f" {counted(update.held_count, 'article')} held for you: `/status`." if update.held_count else ""
    notes = " ".join(safe(warning) for warning in update.warnings[:1])
    return f"{name} answers with {new}.{held} {notes}".strip()


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    actions = ServiceActions(bot.services, bot.config.discord.prefix)
    await bot.add_cog(Feeds(bot, bot.services, actions))
