"""Add a feed: find what was named, show a sample, let the moderator choose, start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import discord

from cogs.feeds.panels import FORM_WORDS
from cogs.kit.escape import code, safe
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain import feed_address, preprints
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import UnknownJournalError
from wetread.domain.models import Form, Journal, Subscription
from wetread.services.feed_check import CheckedFeed
from wetread.services.services import Services
from wetread.services.subscriptions import Bundle
from wetread.storage.subscriptions import Destination

NEWEST_CHOICES = (0, 1, 3, 5, 10)
NEAR_COUNT = 5
_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes


@dataclass(frozen=True, slots=True)
class AddRequest:
    """What a moderator typed; None = not given. `what`: a journal, a subject, an address or a query."""

    what: str
    channel: Channel
    form: Form | None = None
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a moderator chose for a feed that was checked."""

    checked: CheckedFeed
    channel: Channel
    newest: int
    form: Form = Form.WHOLE


def resolve_feed(catalogue: Catalogue, what: str) -> str | Journal | tuple[Journal, ...]:
    """Return what to watch: an address, a query, a journal, or the journals of a subject.

    Raises UnknownJournalError with the nearest names, and what `feed_address.parse_feed_address` raises.
    """
    if place := feed_address.parse_feed_address(what):
        return place
    if "://" in what or what.startswith(("www.", "feed:")):
        return what
    if meant := catalogue.meant(what):
        return meant
    if "." in what and " " not in what and not what.endswith("."):
        return what  # "journal.example.org/feed.xml"
    raise UnknownJournalError(what, tuple(each.title for each in catalogue.near(what, NEAR_COUNT)))


def queries_matching(typed: str) -> list[tuple[str, str]]:
    """Return suggestions for "pubmed: …" or "arxiv: …" as typed so far: (name, value)."""
    scheme, colon, term = typed.partition(":")
    if colon and scheme.strip().casefold() == feed_address.PUBMED and term.strip():
        return [(f"PubMed query: {term.strip()}", typed.strip())]
    return preprints.categories_matching(typed)


async def subscribe(services: Services, choice: Choice, author: discord.Member) -> Subscription:
    """Create the subscription. Raises AlreadySubscribedError, TooManySubscriptionsError."""
    return await services.subscriptions.subscribe(
        author.guild.id,
        Destination(choice.channel.id, kind_of(choice.channel)),
        author.id,
        choice.checked,
        newest=choice.newest,
        form=choice.form,
    )


def started(subscription: Subscription, choice: Choice, prefix: str) -> str:
    """Return the answer after a feed was added, in one line."""
    query_warnings = choice.checked.warnings if choice.checked.counts else ()
    notes = "".join(f" {note}" for note in (*_notes(choice.checked), *map(safe, query_warnings)))
    count = min(choice.newest, len(choice.checked.entries))
    newest = {
        0: "New articles follow as they appear.",
        1: "Its newest article follows now.",
    }.get(
        count,
        f"Its {count} newest articles follow now; letters and errata are skipped "
        f"({code(f'{prefix}feed types')}).",
    )
    return (
        f"**{safe(subscription.name)}** now posts to <#{subscription.channel_id}>.{notes} {newest} "
        f"Details: {code(f'{prefix}feed show {subscription.id}')}."
    )


def bundle_started(
    name: str, bundle: Bundle, channel: Channel, prefix: str, namesake: tuple[str, str] | None
) -> str:
    """Return the answer after a subject was added. `namesake`: a journal of that name, and how to add it."""
    words = []
    if bundle.added:
        words.append(
            f"**{safe(name)}**: added {counted(len(bundle.added), 'journal')} to <#{channel.id}>. "
            f"Only articles that appear from now on are posted. To see them: {code(f'{prefix}feed list')}."
        )
    if bundle.already:
        words.append(
            f"Already there: {counted(len(bundle.already), 'journal')}."
            if bundle.added
            else f"All journals of **{safe(name)}** already post to <#{channel.id}>."
        )
    if bundle.left_out:
        words.append(
            f"Not added: {counted(len(bundle.left_out), 'journal')}, because this server has as many feeds "
            "as it may have."
        )
    if namesake is not None:
        words.append(
            f"To add only the journal *{safe(namesake[0])}*: {code(f'{prefix}feed add {namesake[1]}')}."
        )
    return " ".join(words)


def sample_lines(choice: Choice, *, has_sample: bool) -> list[str]:
    """Return the lines above the sample."""
    checked = choice.checked
    name = safe(checked.journal.title if checked.journal else checked.title)
    notes = [*_notes(checked), *(safe(warning) for warning in checked.warnings[:2])]
    if not has_sample:
        return [f"**{name}** would post to <#{choice.channel.id}>. It has no articles at the moment.", *notes]
    return [f"**{name}** would post to <#{choice.channel.id}> like this. Nothing is posted yet.", *notes]


def _notes(checked: CheckedFeed) -> list[str]:
    """Return where the feed was found, or how many articles the query finds."""
    if checked.page_url:
        return ["Wetread found the feed on that page."]
    if checked.counts is None:
        return []
    count = counted(checked.counts.count, "article")
    return [f"PubMed finds {count}, {checked.counts.month_count:,} of them from the last 30 days."]


class AddView(discord.ui.View):
    """The last step: the sample above, the choices below, Start. For whoever asked, privately."""

    def __init__(
        self,
        choice: Choice,
        draw: Callable[[Choice], dict[str, Any]],
        start: Callable[[Choice], Awaitable[str]],
    ) -> None:
        super().__init__(timeout=_TIMEOUT)
        self.choice = choice
        self._draw = draw
        self._start = start
        self._show()

    def _show(self) -> None:
        self.clear_items()
        self.add_item(_NewestMenu(self.choice.newest))
        self.add_item(_FormMenu(self.choice.form))
        self.add_item(_StartButton())

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error."""
        await interaction.client.answer_error(interaction, error)

    async def choose(self, interaction: discord.Interaction[Any], choice: Choice) -> None:
        """Show the sample again with another choice."""
        self.choice = choice
        self._show()
        await interaction.response.edit_message(**self._draw(choice), view=self)

    async def start(self, interaction: discord.Interaction[Any]) -> None:
        """Subscribe, and say so in place of the choices."""
        await interaction.response.defer()
        line = await self._start(self.choice)
        self.stop()
        await interaction.edit_original_response(content=line, embed=None, view=None)


class _NewestMenu(discord.ui.Select[AddView]):
    def __init__(self, chosen: int) -> None:
        options = [
            discord.SelectOption(label=_newest_words(count), value=str(count), default=count == chosen)
            for count in sorted({*NEWEST_CHOICES, chosen})
        ]
        super().__init__(options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.choose(interaction, replace(self.view.choice, newest=int(self.values[0])))


class _FormMenu(discord.ui.Select[AddView]):
    def __init__(self, chosen: Form) -> None:
        options = [
            discord.SelectOption(label=f"Form: {words}", value=form, default=form is chosen)
            for form, words in FORM_WORDS.items()
        ]
        super().__init__(options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.choose(interaction, replace(self.view.choice, form=Form(self.values[0])))


class _StartButton(discord.ui.Button[AddView]):
    def __init__(self) -> None:
        super().__init__(label="Start", style=discord.ButtonStyle.primary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.start(interaction)


def _newest_words(count: int) -> str:
    return f"Newest articles to post now: {count or 'none'}"
