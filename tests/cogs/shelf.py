"""A bot that only shows cards and panels, over a handful of invented articles: for tests and pictures.

`Shelf` is `PanelActions` with its articles in memory; it knows where they were posted, remembers styles
and discussions, and can be told to be out of order.
"""

# ruff: noqa: ARG002  # the shelf knows one server only, but is asked as if there were many

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
from cogs._persistent_old import PERSISTENT_ITEMS
from discord.ext import commands

from cogs.cards.buttons import article_view, card_view
from cogs.cards.card import RetractedArticle, card, linked_title
from cogs.cards.citation_panel import citation_panel
from cogs.cards.discussion import can_discuss, open_discussion
from cogs.cards.share_line import share_line
from cogs.errors import panels as errors
from cogs.errors.panels import unexpected
from cogs.feeds.panels import FeedLine, FeedPage, Health, feed_list, feed_page
from cogs.feeds.settings_panel import settings_panel
from cogs.feeds.types_panel import types_panel
from cogs.help.panel import help_panel
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel
from cogs.kit.presses import answer
from cogs.lookups.list_panels import latest_panel
from cogs.lookups.search_panel import search_panel, watch
from cogs.status.panel import status_panel
from tests.cogs.shelf_status import question_panels, status_facts
from tests.support import invented
from wetread.domain.citations import Style
from wetread.domain.clock import Clock
from wetread.domain.models import Article, Form, PartialDate, Record, Share, Subject
from wetread.domain.search_request import PAGE_SIZE, Hit, Order, SearchRequest, SearchResults
from wetread.services.services import SKIPPED_TYPES
from wetread.storage.settings import GuildSettings

SUBJECTS = {4: Subject.MUSCULOSKELETAL, 5: Subject.ABDOMEN, 6: Subject.CHEST, 7: Subject.MUSCULOSKELETAL}


class Shelf:
    """Invented articles, and what has been done with them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        named = (
            invented.TRIAL,
            invented.COMPLETED,
            invented.LETTER,
            invented.RETRACTED,
            invented.CONCERN,
            invented.CORRECTED,
            invented.NOTICE,
            invented.CLASSIC,
        )
        self.articles = {article.id: article for article in named}
        self.articles[99] = replace(invented.PENDING, id=99)
        self.hits: list[Hit] = []
        self.posts: dict[int, str] = {}
        self.styles: dict[int, Style] = {}
        self.discussions: dict[int, int] = {}
        self.failures: list[Exception] = []
        self.is_broken = False

    async def article(self, article_id: int, guild_id: int | None) -> Article:
        if self.is_broken:
            raise RuntimeError("the shelf fell down")
        return self.articles[article_id]

    async def post_url(self, guild_id: int | None, article_id: int, channel_id: int | None) -> str | None:
        return self.posts.get(article_id)

    async def article_retracted_by(
        self, article: Article, guild_id: int | None
    ) -> tuple[PartialDate | None, str | None]:
        return PartialDate(2024, 2, 3), self.posts.get(4)

    async def proxy_prefix(self, guild_id: int | None) -> str | None:
        return None

    async def search(self, request: SearchRequest, guild_id: int | None) -> SearchResults:
        hits = [hit for hit in self.hits if not request.kind_words or "Review" in hit.article.record.types]
        if request.order is Order.NEWEST:
            hits = sorted(hits, key=lambda hit: str(hit.article.record.published_on), reverse=True)
        return SearchResults(tuple(hits[request.offset : request.offset + PAGE_SIZE]), len(hits))

    async def search_sources(self, text: str) -> Sequence[Article]:
        return [self.articles[1]] if "epidural" in text else []

    async def latest(self, guild_id: int | None) -> Sequence[tuple[Article, str | None]]:
        return [(article, self.posts.get(article.id)) for article in self.articles.values()]

    async def citation_style(self, user_id: int) -> Style:
        return self.styles.get(user_id, Style.AMA)

    async def remember_citation_style(self, user_id: int, style: Style) -> None:
        self.styles[user_id] = style

    async def note_discussion(self, message_id: int, thread_id: int) -> None:
        self.discussions[message_id] = thread_id

    async def show_to_all(self, interaction: Interaction, article: Article) -> Panel:
        return errors.notice("Shown to all.")

    async def failed(self, interaction: Interaction, error: Exception) -> None:
        self.failures.append(error)
        await answer(interaction, view=unexpected("W-7K3F"))

    def subject(self, record: Record) -> Subject:
        found = [key for key, article in self.articles.items() if article.record.doi == record.doi]
        return SUBJECTS.get(found[0], Subject.SPINE_AND_PAIN) if found else Subject.GENERAL

    def now(self) -> datetime:
        return self._clock()


class ShelfBot(commands.Bot):
    """Shows what it is told to."""

    def __init__(self, clock: Clock, shelf: Shelf | None = None) -> None:
        super().__init__(
            command_prefix="!",
            intents=discord.Intents.all(),
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.panel_actions = shelf or Shelf(clock)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*PERSISTENT_ITEMS)
        await self.add_cog(Shows(self.panel_actions))


class Shows(commands.Cog):
    """The commands of the tests."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @commands.command()
    async def post(self, ctx: commands.Context[ShelfBot], article_id: int, form: str = "whole") -> None:
        """Post a card as the messenger does."""
        article = self._shelf.articles[article_id]
        subject = self._shelf.subject(article.record)
        retracted = RetractedArticle(*await self._shelf.article_retracted_by(article, None))
        shown = card(
            article, Form(form), subject=subject, today=self._shelf.now().date(), retracted=retracted
        )
        await ctx.send(embed=shown.embed, view=card_view(shown, can_discuss=can_discuss(ctx.channel)))

    @commands.command()
    async def share(self, ctx: commands.Context[ShelfBot], article_id: int, *, comment: str) -> None:
        """Post a card as the messenger does for a member, and open its discussion."""
        article, today = self._shelf.articles[article_id], self._shelf.now().date()
        subject = self._shelf.subject(article.record)
        shown = card(article, Form.WHOLE, subject=subject, today=today)
        by = Share(ctx.author.id, ctx.author.display_name, comment)
        message = await ctx.send(
            share_line(by, article.record, today),
            embed=shown.embed,
            view=card_view(shown, can_discuss=can_discuss(ctx.channel)),
        )
        await open_discussion(message, article, self._shelf)

    @commands.command()
    async def article(self, ctx: commands.Context[ShelfBot], article_id: int) -> None:
        """Show everything that is known of an article."""
        await ctx.send(view=await article_view(self._shelf.articles[article_id], self._shelf, None))

    @commands.command()
    async def status(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show whether all is well, in a server where it is not."""
        facts = status_facts(ctx.guild.id if ctx.guild else 0, ctx.channel.id, self._shelf.now())
        await ctx.send(view=status_panel(facts))

    @commands.command()
    async def questions(self, ctx: commands.Context[ShelfBot]) -> None:
        """Ask what only moderators can answer, and show what one of them has answered."""
        assert isinstance(ctx.channel, discord.TextChannel)
        for panel in question_panels(ctx.channel, self._shelf.now()):
            await ctx.send(view=panel)

    @commands.command()
    async def settings(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show what a server has chosen: its settings, and which kinds it does not post."""
        chosen = GuildSettings(
            moderator_channel_id=ctx.channel.id, proxy_prefix="https://proxy.example/login?url="
        )
        await ctx.send(view=settings_panel(chosen, timedelta(hours=24)))
        await ctx.send(view=types_panel(SKIPPED_TYPES, is_usual=True, left_out_count=12))

    @commands.command()
    async def error(self, ctx: commands.Context[ShelfBot], number: int) -> None:
        """Show an error."""
        near = [self._shelf.articles[8], self._shelf.articles[9]]
        panels = (
            lambda: errors.no_match("epidral flow patterns", near),
            lambda: errors.unknown_identifier("DOI", "10.5555/jer.2026.0101"),
            lambda: errors.not_an_identifier("fig3.png"),
            lambda: errors.outage("PubMed", "https://pubmed.ncbi.nlm.nih.gov/99000017/"),
            errors.not_a_moderator,
            lambda: errors.missing_permissions(ctx.channel.id, ["Embed Links", "Create Public Threads"]),
            lambda: errors.unexpected("W-7K3F"),
        )
        await ctx.reply(view=panels[number](), mention_author=False)

    @commands.command()
    async def feeds(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show the list of feeds."""
        here = ctx.channel.id
        lines = [
            FeedLine(
                "Journal of Example Radiology", here, Health.WELL, "Well · 11 this week · newest 14 Jan"
            ),
            FeedLine("Example Spine Imaging", here, Health.WELL, "Well · 3 this week · filtered"),
            FeedLine(
                "Example Neuro Letters",
                here,
                Health.NEEDS_YOU,
                "Not reachable since 12 Jan: the journal’s site refuses us. Open it to see what helps.",
            ),
            FeedLine("Mock Journal of Ultrasound", here, Health.PAUSED, "Paused by dr_invented on 8 Jan"),
        ]
        await ctx.send(view=feed_list(lines))

    @commands.command()
    async def feed(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show one feed's page."""
        line = FeedLine(
            "Example Spine Imaging",
            ctx.channel.id,
            Health.WELL,
            "Well. Checked 8 minutes ago, next check in 22 minutes.",
        )
        page = FeedPage(
            line,
            Form.CONCLUSION,
            "spine OR facet OR epidural -veterinary",
            "Waits up to 2 days, then posts",
            (
                f"15 Jan · {linked_title(self._shelf.articles[2].record, 60)}",
                "13 Jan · Mock Disc Height in Greyhounds",
                "-# Not posted: the filter leaves out “veterinary”",
            ),
        )
        await ctx.send(view=feed_page(page))

    @commands.command()
    async def search(self, ctx: commands.Context[ShelfBot], *, words: str) -> None:
        """Show results."""
        request = SearchRequest(ctx.author.id, words)
        panel = search_panel(request, await self._shelf.search(request, None))
        watch(panel, await ctx.reply(view=panel, ephemeral=True))

    @commands.command()
    async def cite(self, ctx: commands.Context[ShelfBot], article_id: int, style: str = "ama") -> None:
        """Show a reference."""
        panel, files = citation_panel(self._shelf.articles[article_id], Style(style))
        await ctx.send(view=panel, files=files, ephemeral=True)

    @commands.command()
    async def help(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show the help."""
        await ctx.send(view=help_panel("!", is_moderator=True), ephemeral=True)

    @commands.command()
    async def latest(self, ctx: commands.Context[ShelfBot]) -> None:
        """Show the newest."""
        await ctx.send(view=latest_panel(await self._shelf.latest(None)))


def filled(shelf: Shelf, count: int = 23) -> Shelf:
    """Put the five articles of the picture in front, and `count` articles in all."""
    trial, classic, completed = (shelf.articles[key] for key in (1, 8, 2))
    snippet = (
        (" … two of them warn of intravascular placement before ", False),
        ("epidural injection", True),
    )

    def made(article_id: int, source: Article, **changes: Any) -> Article:
        changed = replace(source, id=article_id, record=replace(source.record, **changes))
        shelf.articles[article_id] = changed
        return changed

    third = made(
        9,
        completed,
        title="Invented Needle Tip Position and Pain Relief after Epidural Injection",
        online_on=PartialDate(2025, 11, 3),
        doi="10.5555/esi.2025.0009",
    )
    fourth = made(
        10,
        shelf.articles[4],
        title="Mock Steroid Dose at Epidural Injection",
        journal_abbreviation="J Example Radiol",
        issue_on=PartialDate(2023, 3, 1),
        relations=(replace(shelf.articles[4].record.relations[0], on=PartialDate(2024, 10, 2)),),
        doi="10.5555/jer.2023.0010",
    )
    fifth = made(
        11,
        completed,
        title="How I Do It: Example Route for the Difficult Level",
        online_on=PartialDate(2025, 6, 9),
        types=("Review",),
        doi="10.5555/esi.2025.0011",
    )
    first = made(
        12,
        trial,
        title="Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain",
    )
    post = "https://discord.com/channels/1/2/"
    shelf.hits = [
        Hit(
            first,
            (
                ("… example-guided ", False),
                ("epidural injection", True),
                (" reduced leg pain more than a sham ", False),
                ("injection", True),
                (" did …", False),
            ),
            f"{post}3",
        ),
        Hit(classic, (*snippet, (" …", False)), f"{post}4", "ann.sample"),
        Hit(
            third,
            (
                ("… tip position at ", False),
                ("epidural injection", True),
                (" was not associated with relief at 6 weeks …", False),
            ),
            f"{post}5",
        ),
        Hit(
            fourth,
            (("… the lower dose at ", False), ("epidural injection", True), (" was …", False)),
            f"{post}6",
        ),
        Hit(
            fifth,
            (("… when ", False), ("epidural injection", True), (" fails twice at the same level …", False)),
        ),
    ]
    while len(shelf.hits) < count:
        number = len(shelf.hits) + 100
        more = made(number, completed, title=f"Article {number} on Epidural Injection", types=("Review",))
        shelf.hits.append(Hit(more))
    return shelf
