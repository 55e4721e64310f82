"""The real bot with the invented articles of `tests/support/invented.py` in its database.

    async with open_gallery() as here:
        card = await here.post(1, Form.CONCLUSION)
        answer = await here.world.press(card, "Full abstract")

For tests and pictures of cards and panels. Articles are stored, posted and shared by Wetread's own code.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import discord
import sqlite_utils

from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.discord_stage import Channel
from tests.support.discord_world import World
from tests.support.seen import Seen
from wetread.domain.models import (
    Article,
    Delivery,
    DestinationKind,
    Form,
    PartialDate,
    Section,
    Share,
    Subject,
)
from wetread.services.services import Services
from wetread.storage import articles, scheduling, shares
from wetread.storage.rows import to_optional_text
from wetread.storage.scheduling import NewDelivery
from wetread.storage.subscriptions import Destination

BEGAN_AT = datetime(2026, 1, 15, 8, 12, tzinfo=UTC)

TRIAL, COMPLETED, LETTER, RETRACTED, CONCERN, CORRECTED, NOTICE, CLASSIC, PENDING = range(1, 10)
"""The ids under which the invented articles are stored."""

_ISSNS = {
    Subject.SPINE_AND_PAIN: "1234-5679",
    Subject.MUSCULOSKELETAL: "2434-561X",
    Subject.ABDOMEN: "2049-3630",
    Subject.CHEST: "2046-1380",
}
_JOURNALS = "".join(
    f"""
[[journal]]
key = "invented-{number}"
title = "Invented {subject}"
abbreviation = "Invented {subject}"
issns = ["{issn}"]
subject = "{subject}"
subspecialties = []
"""
    for number, (subject, issn) in enumerate(_ISSNS.items(), 1)
)


def _of(subject: Subject, article: Article) -> Article:
    """The article with the ISSN of a journal of that subject: a chip and a stripe depend on it."""
    return replace(article, record=replace(article.record, issns=(_ISSNS[subject],)))


_STORED = (
    _of(Subject.SPINE_AND_PAIN, invented.TRIAL),
    _of(Subject.SPINE_AND_PAIN, invented.COMPLETED),
    _of(Subject.SPINE_AND_PAIN, invented.LETTER),
    _of(Subject.MUSCULOSKELETAL, invented.RETRACTED),
    _of(Subject.ABDOMEN, invented.CONCERN),
    _of(Subject.CHEST, invented.CORRECTED),
    _of(Subject.MUSCULOSKELETAL, invented.NOTICE),
    _of(Subject.SPINE_AND_PAIN, invented.CLASSIC),
    # It is the completed article before its abstract came; here both are shown, so it is another one.
    _of(
        Subject.SPINE_AND_PAIN,
        replace(invented.PENDING, record=replace(invented.PENDING.record, doi="10.5555/esi.2026.0043")),
    ),
)


class Gallery:
    """What a test shows and asks. Made by `open_gallery`."""

    def __init__(self, community: Community) -> None:
        self._community = community

    @property
    def world(self) -> World:
        return self._community.world

    @property
    def services(self) -> Services:
        return self._community.services

    @property
    def papers(self) -> discord.TextChannel:
        """#papers as the bot sees it."""
        channel = self.world.bot.get_channel(self.world.papers.id)
        assert isinstance(channel, discord.TextChannel)
        return channel

    def now(self) -> datetime:
        """Return the world's present instant."""
        return self.services.seams.clock()

    async def store(self, stored: Iterable[Article]) -> list[int]:
        """Store articles that this server knows, and return their ids."""
        ids = []
        for article in stored:
            records, guild_id = {article.record.source: article.record}, self.world.guild.id
            article_id = await self.services.database.run(articles.create, records, {guild_id}, self.now())
            await self.services.database.run(_schedule, article_id, article)
            ids.append(article_id)
        return ids

    async def article(self, article_id: int) -> Article:
        """Return a stored article."""
        return await self.services.database.run(articles.get, article_id)

    async def delete(self, article_id: int) -> None:
        """Delete an article with all that belongs to it, as an operator might by hand."""
        await self.services.database.run(_delete, article_id)

    async def damage(self, article_id: int) -> None:
        """Let an article's row become unreadable."""
        await self.services.database.run(_damage, article_id)

    async def watch(self, *names: str) -> None:
        """Let the moderator add journals to #papers; what they have now is known and not posted."""
        for name in names:
            await self.order(f"!feed add {name} #papers 0")

    async def order(self, text: str) -> str:
        """Let the moderator type a message in #journal-club, and return the text of its only answer."""
        return await self._community.order(text, self.world.club)

    async def show_panel(self, name: str, guild: discord.Guild, about: int = 0) -> None:
        """Post a panel as the bot draws it from what is stored."""
        await self.show((await self._community.bot.panels[name](guild, about))["view"])

    async def say(self, text: str) -> Seen:
        """Let the reader type a message in #papers that has exactly one answer, and return that."""
        return await self._community.ask(text)

    async def post(self, article_id: int, form: Form = Form.WHOLE, channel: Channel | None = None) -> Seen:
        """Let a subscription's delivery come due, and return its post."""
        place = channel or self.world.papers
        kind = DestinationKind.THREAD if place.id == self.world.thread.id else DestinationKind.TEXT
        new_delivery = NewDelivery(self.world.guild.id, place.id, kind, article_id, form=form)
        await self.services.database.run(scheduling.schedule, [new_delivery], self.now())
        await self._community.pass_time(15)
        return self.world.posts(place)[-1]

    async def share(self, article_id: int, channel: Channel | None = None) -> Delivery:
        """Post an article in the reader's name, in #papers if nothing else is said."""
        reader, place = self.world.reader, Destination((channel or self.world.papers).id)
        share = Share(reader.id, "ann.sample")
        wanted = shares.ShareRequest(self.world.guild.id, place, article_id, share)
        delivery, _ = await self.services.sharing.share(wanted)
        return delivery

    async def show(self, panel: discord.ui.LayoutView) -> None:
        """Let the bot send a panel into #papers."""
        await self.papers.send(view=panel)
        await self.world.settle()

    async def fill(self, count: int = 23, *, are_posted: bool = False) -> list[int]:
        """Store articles until `count` match "epidural injection"; return the ids of five, the best first.

        `are_posted`: the first four are in #journal-club, the second shared by the reader.
        """
        best = await self.store(_BEST)
        more = range(count - len(best) - _MATCHING_ALREADY)
        await self.store(_about(number) for number in more)
        if are_posted:
            club = self.world.club
            await self.post(best[0], channel=club)
            await self.share(best[1], club)
            await self.post(best[2], channel=club)
            await self.post(best[3], channel=club)
        return best


@asynccontextmanager
async def open_gallery() -> AsyncIterator[Gallery]:
    """Open a world with the real bot, and store the invented articles."""
    async with open_community(began_at=BEGAN_AT, more_journals=_JOURNALS) as community:
        gallery = Gallery(community)
        await gallery.store(_STORED)
        yield gallery


def _schedule(db: sqlite_utils.Database, article_id: int, article: Article) -> None:
    """Leave the article as it is: the record sources are asked when it says so, and not at once."""
    times = [to_optional_text(each) for each in (article.next_enrichment_at, article.abstract_added_at)]
    db.conn.execute(
        "UPDATE articles SET next_enrichment_at = ?, abstract_added_at = ? WHERE id = ?", [*times, article_id]
    )


def _delete(db: sqlite_utils.Database, article_id: int) -> None:
    for table in ("article_keys", "records", "guild_articles", "deliveries"):
        db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608  # the names above
    db.conn.execute("DELETE FROM articles WHERE id = ?", [article_id])


def _damage(db: sqlite_utils.Database, article_id: int) -> None:
    db.conn.execute("UPDATE articles SET packed = x'00' WHERE id = ?", [article_id])


# What a search for epidural injections finds ----------------------------------------------------------

_MATCHING_ALREADY = 2  # the trial and the classic
_BEFORE = "Low back pain is common, and readers of these invented sentences will know how common it is."
_AFTER = "No serious adverse event occurred in any group, and nobody was lost to follow-up."


def _found(source: Article, words: str, **changes: object) -> Article:
    """Another article with a title of its own, whose abstract has these words in its middle."""
    abstract = (Section(f"{_BEFORE} {words} {_AFTER}"),)
    record = replace(source.record, pmid=None, abstract=abstract, **changes)  # type: ignore[arg-type]
    return _of(Subject.SPINE_AND_PAIN, replace(source, record=record))


_BEST = (
    _found(
        invented.TRIAL,
        "At 12 weeks example-guided epidural injection reduced leg pain more than a sham injection did.",
        title="Example-guided Epidural Injection versus Sham Epidural Injection",
        doi="10.5555/jer.2026.0102",
    ),
    _found(
        invented.CLASSIC,
        "Two of them warn of intravascular placement before epidural injection is begun at any level.",
        title="Contrast Flow Patterns before Epidural Injection",
        doi="10.5555/esi.1998.0034",
    ),
    _found(
        invented.RETRACTED,
        "In this reader study the lower dose at epidural injection was as good as the higher one.",
        title="Mock Steroid Dose at Epidural Injection",
        journal_abbreviation="J Example Radiol",
        issue_on=PartialDate(2023, 3, 1),
        relations=(replace(invented.RETRACTED.record.relations[0], on=PartialDate(2024, 10, 2)),),
        doi="10.5555/jer.2023.0010",
    ),
    _found(
        invented.COMPLETED,
        "The tip position at epidural injection was not associated with relief at 6 weeks.",
        title="Invented Needle Tip Position and Pain Relief after Epidural Injection",
        online_on=PartialDate(2025, 11, 3),
        doi="10.5555/esi.2025.0009",
    ),
    _found(
        invented.COMPLETED,
        "This route helps when epidural injection fails twice at the same level of the spine.",
        title="How I Do It: Epidural Injection when the Usual Route to the Difficult Level Is Closed",
        online_on=PartialDate(2025, 6, 9),
        types=("Review",),
        doi="10.5555/esi.2025.0011",
    ),
)


def _about(number: int) -> Article:
    """One of the others, which are all reviews."""
    return _found(
        invented.COMPLETED,
        f"Nothing new was found on epidural injection in review {number}.",
        title=f"Invented Review {number} on Back Pain",
        types=("Review",),
        doi=f"10.5555/esi.2025.1{number:03}",
    )
