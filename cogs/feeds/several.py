"""Change several feeds at once: pause, resume, move and remove, and give them the settings of one.

Each feed is changed by itself and noted by itself, as if it had been named alone; the answer counts them.
"""

from collections.abc import Sequence

import discord

from cogs.feeds.find_subscription import subscription_by_id, watched_by_id
from cogs.feeds.panels import FORM_WORDS
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, plain, safe
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, open_panel
from cogs.kit.panels import Panel, notice, rows, small, text
from cogs.kit.presses import (
    NUMBER,
    NoLongerWorksError,
    PersistentButton,
    PersistentMenu,
    actions_of,
    typist_of,
)
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import AlreadySubscribedError, UnknownSubscriptionError
from wetread.domain.models import Subscription
from wetread.domain.text import cut
from wetread.services.subscriptions import Subscriptions
from wetread.storage.subscriptions import Destination, Watched

_MOST_NAMED = 12


async def pause(subscriptions: Subscriptions, feeds: Sequence[Subscription], by: ChangedBy) -> str:
    """Pause them and return the answer; those that are paused stay so."""
    running = [each for each in feeds if each.paused_at is None]
    for each in running:
        await subscriptions.pause(each.guild_id, each.id, by)
    return _said(("Paused", running), ("Already paused", [each for each in feeds if each not in running]))


async def resume(subscriptions: Subscriptions, feeds: Sequence[Subscription], by: ChangedBy) -> str:
    """Resume them and return the answer."""
    paused = [each for each in feeds if each.paused_at is not None]
    for each in paused:
        await subscriptions.resume(each.guild_id, each.id, by)
    said = _said(("Resumed", paused), ("Not paused", [each for each in feeds if each not in paused]))
    return f"{said} Articles published while they were paused will not be posted." if paused else said


async def move(
    subscriptions: Subscriptions, feeds: Sequence[Subscription], channel: Channel, by: ChangedBy
) -> str:
    """Move them to a channel that can be used, and return the answer."""
    destination = Destination(channel.id, kind_of(channel))
    there = [each for each in feeds if each.channel_id == channel.id]
    moved = []
    for each in feeds:
        if each in there:
            continue
        try:
            moved.append(await subscriptions.move(each.guild_id, each.id, destination, by))
        except AlreadySubscribedError:
            there.append(each)
    said = _said((f"Moved to <#{channel.id}>", moved), ("Already there", there))
    return f"{said} Old posts stay where they are." if moved else said


class RemoveSeveralButton(
    PersistentButton, template=rf"wetread:removeall:(?P<words_id>{NUMBER}):(?P<choice>remove|keep)"
):
    """Removes the feeds whose numbers are stored among the typed words, or keeps them."""

    def __init__(self, words_id: int, choice: str) -> None:
        super().__init__(choice.capitalize(), f"wetread:removeall:{words_id}:{choice}")
        if choice == "remove":
            self.item.style = discord.ButtonStyle.danger
        self.words_id = words_id
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question by what was done. Raises WordsForgottenError."""
        member = await moderator_of(interaction)
        said = "Nothing was changed."
        if self.choice == "remove":
            typed = await actions_of(interaction).typed_words(self.words_id, typist_of(interaction))
            await interaction.response.defer()
            subscriptions = interaction.client.services.subscriptions
            removed = await _removed(subscriptions, member, typed)
            said = f"{_said(('Removed', removed))} Their posts stay."
        else:
            await interaction.response.defer()
        back = [OpenPanelButton("list", label="All feeds", is_prominent=False)]
        await interaction.edit_original_response(view=Panel(colours.GREY, text(said), *rows(back)))


async def _removed(subscriptions: Subscriptions, member: discord.Member, typed: str) -> list[Subscription]:
    """Remove the feeds with these numbers and return them; one that is gone by now is left out."""
    removed = []
    by = pressed_by(member, "feed remove")
    for number in typed.split():
        try:
            removed.append(await subscriptions.remove(member.guild.id, int(number), by))
        except UnknownSubscriptionError:
            continue
    return removed


def ask_to_remove_several(feeds: Sequence[Subscription], words_id: int) -> Panel:
    """Build the question whether to remove them. `words_id`: where `numbers_of` them is stored."""
    return notice(
        f"Stop posting {counted(len(feeds), 'feed')}?",
        _names(feeds),
        "Their posts stay. Articles that are scheduled are not posted.",
        buttons=[RemoveSeveralButton(words_id, choice) for choice in ("remove", "keep")],
    )


def numbers_of(feeds: Sequence[Subscription]) -> str:
    """Return the numbers of subscriptions as words to store."""
    return " ".join(str(each.id) for each in feeds)


# Settings of one for others ---------------------------------------------------------------------------


async def copy(
    subscriptions: Subscriptions, source: Subscription, feeds: Sequence[Subscription], by: ChangedBy
) -> str:
    """Give feeds the form and the filter of `source`, and return the answer."""
    others = [each for each in feeds if each.id != source.id]
    for each in others:
        await subscriptions.copy_settings(source.guild_id, source.id, each.id, by)
    return _said((f"Same settings as **{safe(source.name)}** ({_settings(source)})", others))


def _settings(source: Subscription) -> str:
    """Return what is copied, in words."""
    parts = [
        f"“{FORM_WORDS[source.form]}”",
        f"filter {code(cut(source.filter, 300))}" if source.filter else "no filter",
        "a thread under each post" if source.opens_threads else "",
    ]
    return ", ".join(filter(None, parts))


class CopyMenu(PersistentMenu, template=rf"wetread:copy:(?P<subscription_id>{NUMBER})"):
    """Chooses the feeds that get the settings of one."""

    def __init__(self, subscription_id: int, others: Sequence[Subscription] = ()) -> None:
        """Offer at most 25 feeds."""
        options = [
            discord.SelectOption(
                label=cut(plain(f"{each.name} · #{each.id}"), OPTION_TEXT), value=str(each.id)
            )
            for each in others[:SELECT_OPTIONS]
        ]
        super().__init__(
            f"wetread:copy:{subscription_id}",
            options,
            placeholder="Choose one or more feeds",
            most=max(1, len(options)),
        )
        self.subscription_id = subscription_id

    async def pressed(self, interaction: Interaction) -> None:
        """Copy the settings and show the page again. Raises NoLongerWorksError, UnknownSubscriptionError."""
        member = await moderator_of(interaction)
        if not all(value.isdecimal() for value in self.item.values):
            raise NoLongerWorksError
        await begin(interaction)
        subscriptions = interaction.client.services.subscriptions
        source = await subscription_by_id(interaction, self.subscription_id)
        chosen = [
            (await watched_by_id(subscriptions, member.guild.id, int(value))).subscription
            for value in self.item.values
        ]
        said = await copy(subscriptions, source, chosen, pressed_by(member, "feed copy"))
        await open_panel(interaction, member.guild, "show", source.id, said=said)


def copy_panel(source: Subscription, watched: Sequence[Watched]) -> Panel:
    """Build the panel that asks which feeds get the settings of `source`."""
    others = [each.subscription for each in watched if each.subscription.id != source.id]
    name = safe(cut(source.name, 100))
    back = OpenPanelButton("show", source.id, label="Back", is_prominent=False)
    return Panel(
        colours.TEAL,
        text(
            small(f"Feeds › {name} › Copy"),
            "### Which feeds get the same settings?",
            f"{_settings(source)}. Their channels stay.",
        ),
        *([text("There is no other feed.")] if not others else rows([CopyMenu(source.id, others)])),
        *rows([back]),
    )


# Words ------------------------------------------------------------------------------------------------


def _said(*groups: tuple[str, Sequence[Subscription]]) -> str:
    """Return "Paused: **A** and **B**. Already paused: **C**."; groups without a feed are left out."""
    parts = [f"{what}: {_names(feeds)}." for what, feeds in groups if feeds]
    return " ".join(parts) or "Nothing was changed."


def _names(feeds: Sequence[Subscription]) -> str:
    names = [f"**{safe(cut(each.name, 60))}**" for each in feeds[:_MOST_NAMED]]
    if more := len(feeds) - len(names):
        names.append(f"{more:,} more")
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
