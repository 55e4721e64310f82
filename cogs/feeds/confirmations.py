"""What asks once before it is done: removing a feed, and adding all journals of a subject."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from cogs.feeds import changes
from cogs.feeds.add_answers import bundle_started
from cogs.feeds.find_subscription import watched_by_id
from cogs.feeds.starting import usable_channel
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import ADDING, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.open_panel import OpenPanelButton, is_private, open_panel
from cogs.kit.panels import Panel, notice, rows, text
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, answer
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import Form, Journal, Subscription
from wetread.services.subscriptions import Bundle
from wetread.storage.subscriptions import Destination

UNDO_FOR = timedelta(minutes=10)
KEPT = "Nothing was changed."


class RemoveButton(
    PersistentButton, template=rf"wetread:remove:(?P<subscription_id>{NUMBER}):(?P<choice>remove|keep)"
):
    """Removes a feed, or keeps it."""

    def __init__(self, subscription_id: int, choice: str) -> None:
        super().__init__(choice.capitalize(), f"wetread:remove:{subscription_id}:{choice}")
        if choice == "remove":
            self.item.style = discord.ButtonStyle.danger
        self.subscription_id = subscription_id
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question by what was done. Raises UnknownSubscriptionError."""
        member = await moderator_of(interaction)
        bot = interaction.client
        if self.choice == "keep" and is_private(interaction):
            await open_panel(interaction, member.guild, "show", self.subscription_id)
            return
        said = KEPT
        if self.choice == "remove":
            subscriptions = bot.services.subscriptions
            watched = await watched_by_id(subscriptions, member.guild.id, self.subscription_id)
            by = pressed_by(member, "feed remove")
            said = await changes.remove(subscriptions, watched.subscription, by, bot.config.discord.prefix)
        back = [OpenPanelButton("list", label="All feeds", is_prominent=False)]
        await interaction.response.edit_message(view=Panel(colours.GREY, text(said), *rows(back)))


def ask_to_remove(subscription: Subscription) -> Panel:
    """Build the question whether to remove a feed."""
    return notice(
        f"Stop posting {safe(subscription.name)} to <#{subscription.channel_id}>?",
        "Its posts stay. Articles that are scheduled are not posted.",
        buttons=[RemoveButton(subscription.id, choice) for choice in ("remove", "keep")],
    )


class BundleButton(
    PersistentButton,
    template=rf"wetread:bundle:(?P<choice>start|cancel):(?P<channel_id>{NUMBER})"
    rf":(?P<form>{'|'.join(Form)}):(?P<name>[^:]{{1,40}})",
):
    """Adds all journals of a subject, or none."""

    def __init__(self, choice: str, channel_id: int, form: str, name: str) -> None:
        super().__init__(choice.capitalize(), f"wetread:bundle:{choice}:{channel_id}:{form}:{name}")
        self.choice = choice
        self.channel_id = channel_id
        self.form = form
        self.name = name

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question by what was done. Raises NoLongerWorksError."""
        member = await moderator_of(interaction, ADDING)
        if self.choice == "cancel":
            await interaction.response.edit_message(view=notice(KEPT))
            return
        services, prefix = interaction.client.services, interaction.client.config.discord.prefix
        journals = services.catalogue.meant(str(self.name))
        if not isinstance(journals, tuple) or not journals:
            raise NoLongerWorksError
        channel = await usable_channel(interaction, member, self.channel_id)
        if channel is None:
            return
        await interaction.response.defer()
        bundle = await services.subscriptions.subscribe_all(
            member.guild.id,
            Destination(channel.id, kind_of(channel)),
            pressed_by(member, "feed add"),
            journals,
            form=Form(self.form),
        )
        namesake = namesake_of(services.catalogue, str(self.name))
        said = bundle_started(str(self.name), bundle, channel, prefix, namesake)
        panel = Panel(colours.TEAL, text(said), *rows(_undo(bundle)))
        await interaction.edit_original_response(view=panel)


def ask_to_add(name: str, journals: Sequence[Journal], channel: Channel, form: Form, note: str) -> Panel:
    """Build the question whether to add all journals of a subject. `note`: what else may be meant, or ""."""
    count = sum(journal.feed_url is not None for journal in journals)
    return notice(
        f"Add {counted(count, 'journal')} of {safe(name)} to <#{channel.id}>?",
        "Only articles that appear from now on are posted.",
        note,
        buttons=[BundleButton(choice, channel.id, form, name) for choice in ("start", "cancel")],
    )


def namesake_of(catalogue: Catalogue, name: str) -> tuple[str, str] | None:
    """Return the journal that has the name of a subject, and how to add it; None if there is none."""
    journal = catalogue.named(name)
    return (journal.title, catalogue.typed(journal)) if journal else None


class UndoBundleButton(
    PersistentButton, template=rf"wetread:unbundle:(?P<first_id>{NUMBER}):(?P<last_id>{NUMBER})"
):
    """Removes the feeds again that were added together: those of the server with an id in this range."""

    def __init__(self, first_id: int, last_id: int) -> None:
        super().__init__("Undo", f"wetread:unbundle:{first_id}:{last_id}")
        self.first_id = first_id
        self.last_id = last_id

    async def pressed(self, interaction: Interaction) -> None:
        """Remove them, or say that it is too late."""
        member = await moderator_of(interaction)
        services, prefix = interaction.client.services, interaction.client.config.discord.prefix
        since = services.seams.clock() - UNDO_FOR
        watched = await services.subscriptions.of_guild(member.guild.id)
        added = [
            each.subscription
            for each in watched
            if self.first_id <= each.subscription.id <= self.last_id and each.subscription.created_at > since
        ]
        if not added:
            late = f"To remove a feed: `{prefix}feed remove` and its name."
            await answer(interaction, view=notice("This can no longer be undone.", late))
            return
        await interaction.response.defer()
        for each in added:
            await services.subscriptions.remove(member.guild.id, each.id, pressed_by(member, "feed remove"))
        said = f"Undone: {counted(len(added), 'feed')} removed. Posts that were made stay."
        await interaction.edit_original_response(view=notice(said))


def _undo(bundle: Bundle) -> list[UndoBundleButton]:
    ids = [each.id for each in bundle.added]
    return [UndoBundleButton(min(ids), max(ids))] if ids else []
