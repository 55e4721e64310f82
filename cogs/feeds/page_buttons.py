"""What a feed's page offers: buttons and menus that change one subscription. They work after a restart.

Each calls the same function as the typed command, and draws the page again with what was done below it.
"""

from collections.abc import Sequence
from typing import Any

import discord

from cogs.feeds import changes
from cogs.feeds.destination_check import refusal, threads_refusal
from cogs.feeds.find_subscription import subscription_by_id
from cogs.feeds.panels import FORM_WORDS, PAGE_SIZE, FeedLine, ordered
from cogs.feeds.starting import press_again
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import plain, safe
from cogs.kit.limits import MODAL_TITLE, OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, open_panel
from cogs.kit.panels import Item, Panel, rows, small, text
from cogs.kit.presses import (
    NUMBER,
    Modal,
    NoLongerWorksError,
    PersistentButton,
    PersistentItem,
    PersistentMenu,
    answer,
    chosen_number,
    typed_into,
)
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.models import DestinationKind, Form, Subscription
from wetread.domain.query import TEXT_LIMIT
from wetread.domain.text import cut

_LABELS = {
    "filter": "Filter",
    "pause": "Pause",
    "resume": "Resume",
    "threads": "Open threads",
    "nothreads": "Open no threads",
}
PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]


def page_buttons(subscription: Subscription) -> list[Item]:
    """Return the buttons of a feed's page, in the order in which they are needed."""
    number = subscription.id
    is_forum = subscription.kind is DestinationKind.FORUM
    remove = OpenPanelButton("remove", number, label="Remove", is_prominent=False)
    remove.item.style = discord.ButtonStyle.danger
    return [
        OpenPanelButton("test", number, label="Test"),
        FeedButton("filter", number),
        OpenPanelButton("form", number, label="Form", is_prominent=False),
        OpenPanelButton("move", number, label="Move", is_prominent=False),
        FeedButton("pause" if subscription.paused_at is None else "resume", number),
        OpenPanelButton("log", number, label="Why was it not posted?", is_prominent=False),
        *thread_buttons(subscription),
        *([OpenPanelButton("tags", subscription.channel_id, label="Tags", is_prominent=False)] * is_forum),
        OpenPanelButton("arrival", subscription.channel_id, label="Schedule", is_prominent=False),
        OpenPanelButton("mention", number, label="Mention", is_prominent=False),
        OpenPanelButton("copy", number, label="Copy to others", is_prominent=False),
        remove,
        OpenPanelButton("list", label="Back", is_prominent=False),
    ]


def list_buttons(lines: Sequence[FeedLine], page: int) -> list[Item]:
    """Return what stands below one page of the list: the menu that opens a feed, then buttons."""
    shown = ordered(lines)
    if len(shown) > SELECT_OPTIONS:
        shown = shown[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    buttons: list[Item] = []
    if page:
        buttons.append(OpenPanelButton("list", page - 1, label="Previous", is_prominent=False))
    if (page + 1) * PAGE_SIZE < len(lines):
        buttons.append(OpenPanelButton("list", page + 1, label="Next", is_prominent=False))
    buttons += [
        OpenPanelButton("add", label="Add a journal"),
        OpenPanelButton("topics", label="Topics", is_prominent=False),
        OpenPanelButton("status", label="Health", is_prominent=False),
    ]
    return [FeedMenu(shown), *buttons] if shown else buttons


def thread_buttons(subscription: Subscription) -> list[Item]:
    """Return the button that switches the threads under posts, where posts can have them."""
    if subscription.kind is not DestinationKind.TEXT:
        return []
    return [FeedButton("nothreads" if subscription.opens_threads else "threads", subscription.id)]


class FeedMenu(PersistentMenu, template=r"wetread:feeds:open"):
    """A menu of a server's feeds; the page of the chosen one is opened."""

    def __init__(self, lines: Sequence[FeedLine] = ()) -> None:
        """Offer at most 25 feeds."""
        options = [
            discord.SelectOption(
                label=cut(plain(line.name), OPTION_TEXT),
                value=str(line.subscription_id),
                description=line.health.capitalize(),
            )
            for line in lines[:SELECT_OPTIONS]
        ]
        super().__init__("wetread:feeds:open", options, placeholder="Open a feed")

    async def pressed(self, interaction: Interaction) -> None:
        """Open the page. Raises NoLongerWorksError, UnknownSubscriptionError."""
        guild = (await moderator_of(interaction)).guild
        await open_panel(interaction, guild, "show", chosen_number(self.item))


class FeedButton(
    PersistentButton,
    template=rf"wetread:feed:(?P<act>filter|pause|resume|threads|nothreads):(?P<subscription_id>{NUMBER})",
):
    """Pauses or resumes a feed, switches its threads, or opens the form for its filter."""

    def __init__(self, act: str, subscription_id: int, *, label: str | None = None) -> None:
        super().__init__(label or _LABELS[act], f"wetread:feed:{act}:{subscription_id}")
        self.act = act
        self.subscription_id = subscription_id

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and show the page again. Raises UnknownSubscriptionError."""
        member = await moderator_of(interaction)
        subscriptions = interaction.client.services.subscriptions
        subscription = await subscription_by_id(interaction, self.subscription_id)
        prefix = interaction.client.config.discord.prefix
        if self.act == "filter":
            await interaction.response.send_modal(FilterForm(subscription))
            return
        await begin(interaction)
        if self.act == "pause":
            by = pressed_by(member, "feed pause")
            said = await changes.pause(subscriptions, subscription, by, prefix)
        elif self.act == "resume":
            said = await changes.resume(subscriptions, subscription, pressed_by(member, "feed resume"))
        else:
            refused = threads_refusal(member.guild, subscription) if self.act == "threads" else None
            if refused is not None:
                await answer(interaction, view=refused)
                return
            by = pressed_by(member, "feed threads")
            said = await changes.set_threads(
                subscriptions, subscription, by, opens_threads=self.act == "threads"
            )
        await open_panel(interaction, member.guild, page_of(subscription), subscription.id, said=said)


def query_field(text: str, description: str, present: str | None) -> discord.ui.Label[Any]:
    """Return a form's field for a query that may be left empty; `present`: what it is now."""
    return discord.ui.Label(
        text=text,
        description=description,
        component=discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            default=present,
            required=False,
            max_length=TEXT_LIMIT,
        ),
    )


class FilterForm(Modal):
    """The form for a feed's filter. An empty one posts every article."""

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(title=cut(f"{subscription.name}: filter", MODAL_TITLE))
        self._subscription_id = subscription.id
        self.words = query_field(
            "Post only articles that match",
            'Empty: every article. Words, "two words", a OR b, -not, type:trial, author:name',
            subscription.filter,
        )
        self.add_item(self.words)

    async def submitted(self, interaction: Interaction) -> None:
        """Set the filter and show the page again; it says how many of the last would have been posted."""
        member = await moderator_of(interaction)
        subscriptions = interaction.client.services.subscriptions
        subscription = await subscription_by_id(interaction, self._subscription_id)
        await begin(interaction)
        words, by = typed_into(self.words) or "everything", pressed_by(member, "feed filter")
        said = await changes.set_filter(subscriptions, subscription, words, by)
        await open_panel(interaction, member.guild, page_of(subscription), subscription.id, said=said)


class FormMenu(PersistentMenu, template=rf"wetread:form:(?P<subscription_id>{NUMBER})"):
    """Chooses how much of each article a feed shows."""

    def __init__(self, subscription_id: int, chosen: Form | None = None) -> None:
        options = [
            discord.SelectOption(label=words, value=form, default=form is chosen)
            for form, words in FORM_WORDS.items()
        ]
        super().__init__(f"wetread:form:{subscription_id}", options, placeholder="How much is shown")
        self.subscription_id = subscription_id

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the page again. Raises NoLongerWorksError, UnknownSubscriptionError."""
        member = await moderator_of(interaction)
        subscriptions = interaction.client.services.subscriptions
        subscription = await subscription_by_id(interaction, self.subscription_id)
        [value] = self.item.values or [""]
        if value not in list(Form):
            raise NoLongerWorksError
        await begin(interaction)
        said = await changes.set_form(
            subscriptions, subscription, Form(value), pressed_by(member, "feed form")
        )
        await open_panel(interaction, member.guild, page_of(subscription), subscription.id, said=said)


class MoveMenu(
    PersistentItem[discord.ui.ChannelSelect[Any]], template=rf"wetread:move:(?P<subscription_id>{NUMBER})"
):
    """Chooses the channel to which a feed posts from now on."""

    def __init__(self, subscription_id: int) -> None:
        super().__init__(
            discord.ui.ChannelSelect(
                custom_id=f"wetread:move:{subscription_id}",
                channel_types=PLACES,
                placeholder="Choose a channel, thread or forum",
            )
        )
        self.subscription_id = subscription_id

    async def pressed(self, interaction: Interaction) -> None:
        """Move the feed and show its page, or say what hinders it. Raises AlreadySubscribedError."""
        member = await moderator_of(interaction)
        subscriptions = interaction.client.services.subscriptions
        subscription = await subscription_by_id(interaction, self.subscription_id)
        channel = chosen_channel(self.item, member.guild)
        refused = refusal(channel, member, press_again)
        if refused is not None:
            await answer(interaction, view=refused)
            return
        await begin(interaction)
        said = await changes.move(subscriptions, subscription, channel, pressed_by(member, "feed move"))
        await open_panel(interaction, member.guild, page_of(subscription), subscription.id, said=said)


def page_of(subscription: Subscription) -> str:
    """Return the name of the panel that shows a subscription."""
    return "topic" if subscription.is_topic else "show"


def chosen_channel(menu: discord.ui.ChannelSelect[Any], guild: discord.Guild) -> Channel:
    """Return the channel that was chosen from a menu. Raises NoLongerWorksError if it is gone by now."""
    channel = guild.get_channel_or_thread(menu.values[0].id) if menu.values else None
    if not isinstance(channel, Channel):
        raise NoLongerWorksError
    return channel


def form_panel(subscription: Subscription) -> Panel:
    """Build the panel that asks how much of each article is shown."""
    return _choice(
        subscription,
        "Form",
        f"Now: {FORM_WORDS[subscription.form]}. Old posts stay as they are.",
        FormMenu(subscription.id, subscription.form),
    )


def move_panel(subscription: Subscription) -> Panel:
    """Build the panel that asks where a feed posts."""
    return _choice(
        subscription,
        "Move",
        f"Now: <#{subscription.channel_id}>. Old posts stay where they are, and nothing is posted twice.",
        MoveMenu(subscription.id),
    )


def _choice(subscription: Subscription, what: str, now: str, menu: Item) -> Panel:
    name = safe(cut(subscription.name, 100))
    back = OpenPanelButton(page_of(subscription), subscription.id, label="Back", is_prominent=False)
    list_name = "Topics" if subscription.is_topic else "Feeds"
    return Panel(
        colours.TEAL,
        text(small(f"{list_name} › {name} › {what}"), f"### {name}", now),
        *rows([menu]),
        *rows([back]),
    )
