"""`/topic …`: moderators choose what all journals of their server are searched for."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from cogs.client import Wetread
from cogs.errors.explaining import near_words
from cogs.errors.input_errors import IncompleteError, UnknownChoiceError, UnknownSubcommandError
from cogs.feeds import changes as feed_changes
from cogs.feeds.arguments import Typed, read_typed
from cogs.feeds.destination_check import refusal, threads_refusal
from cogs.feeds.find_subscription import find_channel, guild_of, member_of
from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.step_choices import Choices
from cogs.kit.changed_by import changed_by
from cogs.kit.checks import moderators_only
from cogs.kit.context import Context, Interaction
from cogs.kit.hybrid_commands import group, subcommand
from cogs.kit.limits import choices
from cogs.kit.open_panel import OPENS, open_offer
from cogs.kit.panels import Item, Panel, notice
from cogs.kit.replies import reply, thinking
from cogs.topics import changes
from cogs.topics.add_steps import (
    NEWEST_CHOICES,
    STEP_ITEMS,
    TopicStep,
    name_and_words,
    named_words,
    preview_panel,
    tried,
)
from cogs.topics.page_buttons import PAGE_ITEMS, WordsButton, ask_to_remove, changed_panel
from cogs.topics.stored_panels import TopicPanels
from wetread.domain.errors import UnknownTopicError
from wetread.domain.models import Form, Subscription
from wetread.services.services import Services
from wetread.storage.typed_words import Typist

_NAME = "The topic: its name or number"
_NEWEST = [app_commands.Choice(name=str(each), value=each) for each in NEWEST_CHOICES]
_FORMS = [app_commands.Choice(name=words, value=form.value) for form, words in FORM_WORDS.items()]
_USUAL_NEWEST = 3


class Topics(commands.Cog):
    """The commands of `/topic`."""

    def __init__(self, bot: Wetread, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._topics = services.topics
        bot.panels |= TopicPanels(services).panels

    async def cog_before_invoke(self, ctx: Context) -> None:  # type: ignore[override]  # the bot is ours
        """Acknowledge a `/` command at once, privately: an answer may take longer than 3 seconds."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)

    @group("topic list")
    @app_commands.default_permissions(manage_channels=True)
    @commands.guild_only()
    @moderators_only()
    async def topic(self, ctx: Context) -> None:
        """Choose what all journals here are searched for: list, add, show, edit, pause, move and more."""
        typed = ctx.view.buffer[ctx.view.index :].split()
        if typed:
            names = [each.name for each in self.topic.commands]
            raise UnknownSubcommandError("topic", typed[0], near_words(typed[0], names))
        await self._open(ctx, "topics")

    @subcommand(topic, "topic list", name="list")
    @moderators_only()
    async def list_all(self, ctx: Context) -> None:
        """List the topics of this server: where each posts and how much it finds."""
        await self._open(ctx, "topics")

    @subcommand(topic, "topic show knee embolization")
    @app_commands.describe(topic=_NAME)
    @moderators_only()
    async def show(self, ctx: Context, *, topic: str) -> None:
        """Show one topic: its words, what they find among the last 100 articles, and what nearly matches."""
        await self._open(ctx, "topic", (await self._find(ctx, topic)).id)

    @subcommand(topic, "topic test emboli* AND knee -veterinary")
    @app_commands.describe(words="Words, phrases, OR, AND, -not, title: … as for search")
    @moderators_only()
    async def test(self, ctx: Context, *, words: str) -> None:
        """Try words on the last 100 articles of your journals. Nothing is posted or saved."""
        guild_id = guild_of(ctx).id
        words = await self._topics.checked(guild_id, words)
        chosen = await self._with_source(ctx, Choices(0, ctx.channel.id), named_words("", words))
        async with thinking(ctx):
            panel = await tried(self._services, guild_id, words, chosen)
            await self._reply_privately(
                ctx, panel, TopicStep("tried", chosen, label="Open", is_prominent=True)
            )

    @subcommand(topic, "topic add Knee embolization: emboli* AND knee #interventional conclusion 3")
    @app_commands.describe(
        what="A name, a colon, and words: Knee embolization: emboli* AND knee; empty: step by step",
        destination="The channel for its articles (normally this one)",
        form="How much of each article is shown (normally the whole abstract)",
        newest="How many of the articles that match now to post at once",
    )
    @app_commands.choices(form=_FORMS)
    @app_commands.choices(newest=_NEWEST)
    @moderators_only()
    async def add(
        self,
        ctx: Context,
        *,
        what: str = "",
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
        form: str = "",
        newest: int = _USUAL_NEWEST,
    ) -> None:
        """Add a topic: a ready one, or words of your own. You see what it finds before anything is posted."""
        if not what.strip():
            await self._open(ctx, "topicadd")
            return
        typed = read_typed(what) if ctx.interaction is None else Typed(what)
        channel = destination or find_channel(ctx, typed.channel)

        async def again() -> None:
            await self.add(ctx, what=what, destination=destination, form=form, newest=newest)

        refused = refusal(channel, member_of(ctx), again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        guild_id = guild_of(ctx).id
        name, words = name_and_words(typed.what)
        words = await self._topics.checked(guild_id, words)
        wanted = Form(form) if form else typed.form or Form.WHOLE
        count = newest if typed.newest is None else min(typed.newest, max(NEWEST_CHOICES))
        chosen = await self._with_source(ctx, Choices(0, channel.id, wanted, count), named_words(name, words))
        async with thinking(ctx):
            panel = await preview_panel(self._services, guild_id, name, words, chosen)
            await self._reply_privately(
                ctx, panel, TopicStep("preview", chosen, label="Open", is_prominent=True)
            )

    @subcommand(topic, "topic edit knee embolization: emboli* AND knee OR genicular")
    @app_commands.describe(topic=_NAME, words="The new words; empty shows the topic")
    @moderators_only()
    async def edit(self, ctx: Context, topic: str, *, words: str = "") -> None:
        """Give a topic other words. You see what they gain and lose before anything is saved."""
        if ctx.interaction is None:
            topic, _, words = f"{topic} {words}".partition(":")
        found = await self._find(ctx, topic)
        if not words.strip():
            await self._open(ctx, "topic", found.id)
            return
        words = await self._topics.checked(found.guild_id, words)
        words_id = await self._services.actions.remember_words(words, self._typist(ctx))
        async with thinking(ctx):
            panel = await changed_panel(self._services, found, words, words_id)
            await self._reply_privately(ctx, panel, WordsButton("show", found.id, words_id))

    @subcommand(topic, "topic pause knee embolization")
    @app_commands.describe(topic=_NAME)
    @moderators_only()
    async def pause(self, ctx: Context, *, topic: str) -> None:
        """Pause a topic: nothing of it is posted until you resume it."""
        found = await self._find(ctx, topic)
        await reply(ctx, content=await changes.pause(self._services, found, changed_by(ctx)))

    @subcommand(topic, "topic resume knee embolization")
    @app_commands.describe(topic=_NAME)
    @moderators_only()
    async def resume(self, ctx: Context, *, topic: str) -> None:
        """Resume a paused topic, from the next article on."""
        found = await self._find(ctx, topic)
        await reply(ctx, content=await changes.resume(self._services, found, changed_by(ctx)))

    @subcommand(topic, "topic move knee embolization #pain")
    @app_commands.describe(topic=_NAME, destination="The channel for its articles from now on")
    @moderators_only()
    async def move(
        self,
        ctx: Context,
        *,
        topic: str,
        destination: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
    ) -> None:
        """Move a topic to another channel. Nothing is posted twice."""
        typed = read_typed(topic)
        if destination is None and typed.channel is None:
            raise IncompleteError
        found = await self._find(ctx, typed.what)
        channel = destination or find_channel(ctx, typed.channel)

        async def again() -> None:
            await self.move(ctx, topic=topic, destination=destination)

        refused = refusal(channel, member_of(ctx), again)
        if refused is not None:
            await reply(ctx, view=refused)
            return
        await reply(ctx, content=await changes.move(self._services, found, channel, changed_by(ctx)))

    @subcommand(topic, "topic rename knee embolization: Genicular artery")
    @app_commands.describe(topic=_NAME, name="The new name, at most 30 characters")
    @moderators_only()
    async def rename(self, ctx: Context, topic: str, *, name: str = "") -> None:
        """Give a topic another name, which new cards show."""
        found, name = await self._find_and_rest(ctx, topic, name)
        await reply(ctx, content=await changes.rename(self._services, found, name, changed_by(ctx)))

    @subcommand(topic, "topic pubmed knee embolization: genicular artery embolization")
    @app_commands.describe(topic=_NAME, query="A PubMed query; none = only the journals here")
    @moderators_only()
    async def pubmed(self, ctx: Context, topic: str, *, query: str = "") -> None:
        """Let a topic post what is new in PubMed for a query as well, whichever journal it is in."""
        found, query = await self._find_and_rest(ctx, topic, query)
        async with thinking(ctx):
            said = await changes.set_query(self._services, found, query, changed_by(ctx))
            await reply(ctx, content=said)

    @subcommand(topic, "topic threads knee embolization on")
    @app_commands.describe(topic=_NAME, switch="on: a thread opens under each post")
    @app_commands.choices(switch=[app_commands.Choice(name=each, value=each) for each in ("on", "off")])
    @moderators_only()
    async def threads(self, ctx: Context, *, topic: str, switch: str = "") -> None:
        """Open a thread under each post of a topic, or only when somebody presses Discuss."""
        if ctx.interaction is None:
            topic, _, switch = topic.rpartition(" ")
        if switch.casefold() not in {"on", "off"}:
            raise UnknownChoiceError("choice", switch, ("on", "off")) if topic else IncompleteError()
        found = await self._find(ctx, topic)
        opens = switch.casefold() == "on"
        refused = threads_refusal(guild_of(ctx), found) if opens else None
        if refused is not None:
            await reply(ctx, view=refused)
            return
        subscriptions = self._services.subscriptions
        by = changed_by(ctx)
        await reply(
            ctx, content=await feed_changes.set_threads(subscriptions, found, by, opens_threads=opens)
        )

    @subcommand(topic, "topic remove knee embolization")
    @app_commands.describe(topic=_NAME)
    @moderators_only()
    async def remove(self, ctx: Context, *, topic: str) -> None:
        """Remove a topic, after a question. Its posts stay."""
        await reply(ctx, view=ask_to_remove(await self._find(ctx, topic)))

    @show.autocomplete("topic")
    @edit.autocomplete("topic")
    @pause.autocomplete("topic")
    @resume.autocomplete("topic")
    @move.autocomplete("topic")
    @rename.autocomplete("topic")
    @pubmed.autocomplete("topic")
    @threads.autocomplete("topic")
    @remove.autocomplete("topic")
    async def _complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        found = await self._topics.complete(interaction.guild_id, typed)
        return choices((each.topic.name, f"#{each.topic.id}") for each in found)

    # -- what the commands share -------------------------------------------------------------------------

    async def _open(self, ctx: Context, name: str, about: int = 0) -> None:
        """Show a panel privately: at once to `/`, behind a button to a message."""
        if ctx.interaction is None:
            await reply(ctx, view=open_offer(name, about))
        else:
            await reply(ctx, **await self._bot.panels[name](guild_of(ctx), about))

    async def _reply_privately(self, ctx: Context, panel: Panel, opens: Item) -> None:
        """As `_open`, for a panel that `opens` draws again."""
        await reply(ctx, view=panel if ctx.interaction else notice(OPENS, buttons=[opens]))

    async def _find(self, ctx: Context, typed: str) -> Subscription:
        if not typed.strip():
            raise UnknownTopicError(typed)
        return (await self._topics.find(guild_of(ctx).id, typed)).topic

    async def _find_and_rest(self, ctx: Context, topic: str, rest: str) -> tuple[Subscription, str]:
        """Return the topic, and what stands behind its name: after a colon in a message."""
        if ctx.interaction is None:
            topic, _, rest = f"{topic} {rest}".partition(":")
        if not rest.strip():
            raise IncompleteError
        return await self._find(ctx, topic), rest.strip()

    async def _with_source(self, ctx: Context, chosen: Choices, typed: str) -> Choices:
        words_id = await self._services.actions.remember_words(typed, self._typist(ctx))
        return replace(chosen, source_id=words_id)

    def _typist(self, ctx: Context) -> Typist:
        """Who may open what was typed: a message's button may be pressed by every moderator."""
        return Typist(guild_of(ctx).id, ctx.author.id if ctx.interaction else 0)


async def setup(bot: Wetread) -> None:
    """Load the cog."""
    bot.add_persistent_items(*PAGE_ITEMS, *STEP_ITEMS)
    await bot.add_cog(Topics(bot, bot.services))
