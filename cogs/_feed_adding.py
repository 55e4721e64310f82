"""Adding a feed: prove it, check the destination, show a sample, let the moderator choose, start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import discord

from cogs._actions import guarded
from cogs._embeds import card
from cogs._error_panel import missing_permissions, notice
from cogs._escape import safe
from cogs._feed_panels import FORM_WORDS
from cogs._panels import Panel
from cogs._permissions import Destination as Channel
from cogs._permissions import kind_of, permissions_missing
from cogs._service_actions import ServiceActions
from cogs._words import counted
from wetread.catalogue import Catalogue
from wetread.errors import UnknownJournalError
from wetread.models import Article, Entry, Form, Journal, Subscription
from wetread.services import Services
from wetread.storage.subscriptions import Destination
from wetread.subscriptions import Bundle, Proof

NEWEST_CHOICES = (0, 1, 3, 5, 10)
NEAR_COUNT = 5
_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes
_SAMPLE_ID = 0  # a sample is not stored


@dataclass(frozen=True, slots=True)
class Choice:
    """What a moderator has chosen for a proven feed."""

    proof: Proof
    channel: Channel
    newest: int
    form: Form = Form.WHOLE


def read_place(catalogue: Catalogue, what: str) -> str | Journal | tuple[Journal, ...]:
    """Return what is to be watched: an address, a journal, or the journals of a subject.

    Raises UnknownJournalError with the nearest names.
    """
    if "://" in what or what.startswith(("www.", "feed:")):
        return what
    if journal := catalogue.named(what):
        return journal
    if bundle := catalogue.bundle(what):
        return bundle
    if "." in what and " " not in what and not what.endswith("."):
        return what  # "journal.example.org/feed.xml"
    raise UnknownJournalError(what, tuple(each.title for each in catalogue.near(what, NEAR_COUNT)))


def refusal(channel: Channel, author: discord.Member) -> Panel | None:
    """Return why nothing can be posted there, None if it can: Wetread's permissions, then the member's."""
    missing = permissions_missing(channel, channel.guild.me, kind_of(channel))
    if missing:
        return missing_permissions(channel.id, missing)
    if not channel.permissions_for(author).view_channel:
        return notice("You cannot see that channel yourself.", "Please choose one that you can.")
    return None


async def subscribe(services: Services, choice: Choice, author: discord.Member) -> Subscription:
    """Start. Raises AlreadySubscribedError, TooManySubscriptionsError."""
    return await services.subscriptions.subscribe(
        author.guild.id,
        Destination(choice.channel.id, kind_of(choice.channel)),
        author.id,
        choice.proof,
        newest=choice.newest,
        form=choice.form,
    )


def started(subscription: Subscription, choice: Choice, prefix: str) -> str:
    """Return the one line that says what has begun."""
    count = min(choice.newest, len(choice.proof.entries))
    newest = f"The newest {counted(count, 'article')} follow now." if count else "New articles follow."
    if count == 1:
        newest = "The newest article follows now."
    page = " It was found on the page." if choice.proof.page_url else ""
    return (
        f"**{safe(subscription.name)}** goes to <#{subscription.channel_id}> from now on.{page} {newest} "
        f"`{prefix}feed show {subscription.id}` shows how it fares."
    )


def bundle_started(name: str, bundle: Bundle, channel: Channel) -> str:
    """Return what became of a subject's journals."""
    added = counted(len(bundle.added), "journal")
    words = [
        f"{added} of **{safe(name)}** from now on in <#{channel.id}>; what they have by now counts as seen."
    ]
    if bundle.already:
        words.append(f"{counted(len(bundle.already), 'journal')} went there already.")
    if bundle.left_out:
        words.append(f"{counted(len(bundle.left_out), 'journal')} would be more than this server may have.")
    return " ".join(words)


def sample_of(entries: tuple[Entry, ...], services: Services) -> Article | None:
    """Return the feed's newest entry as an article that is not stored; one with an abstract if there is."""
    if not entries:
        return None
    entry = next((each for each in entries if each.record.abstract), entries[0])
    return Article(
        id=_SAMPLE_ID, record=entry.record, provenance={}, sources=(), first_seen_at=services.seams.clock()
    )


def sample_embed(article: Article, form: Form, actions: ServiceActions) -> discord.Embed:
    """Draw the sample as it would be posted."""
    subject = actions.subject(article.record)
    return card(article, form, subject=subject, today=actions.now().date()).embed


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

    async def choose(self, interaction: discord.Interaction[Any], choice: Choice) -> None:
        """Show the sample again with another choice."""

        async def act() -> None:
            self.choice = choice
            self._show()
            await interaction.response.edit_message(**self._draw(choice), view=self)

        await guarded(interaction, act)

    async def start(self, interaction: discord.Interaction[Any]) -> None:
        """Subscribe, and say so in place of the choices."""

        async def act() -> None:
            line = await self._start(self.choice)
            self.stop()
            await interaction.response.edit_message(content=line, embed=None, view=None)

        await guarded(interaction, act)


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
    return f"Start with the newest: {count or 'none'}"
