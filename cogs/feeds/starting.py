"""Start a feed that was checked, and what its buttons need before: the channel, and that it may be used."""

import discord

from cogs.feeds.add_answers import AddOptions, started
from cogs.feeds.destination_check import refusal
from cogs.kit.changed_by import pressed_by
from cogs.kit.context import Interaction
from cogs.kit.presses import NoLongerWorksError, answer
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.models import Subscription
from wetread.services.subscriptions import Subscriptions
from wetread.storage.subscriptions import Destination


async def start(
    subscriptions: Subscriptions, options: AddOptions, author: discord.Member, prefix: str
) -> tuple[Subscription, str]:
    """Subscribe to a checked feed; return it and the answer. Raises as `Subscriptions.subscribe`."""
    subscription = await subscriptions.subscribe(
        author.guild.id,
        Destination(options.channel.id, kind_of(options.channel)),
        pressed_by(author, "feed add"),
        options.checked,
        newest=options.newest,
        form=options.form,
    )
    return subscription, started(subscription, options, prefix)


async def usable_channel(interaction: Interaction, member: discord.Member, channel_id: int) -> Channel | None:
    """Return the channel of a button that adds feeds; None if it cannot be used, which is then answered.

    Raises NoLongerWorksError if there is no such channel.
    """
    channel = member.guild.get_channel_or_thread(channel_id)
    if not isinstance(channel, Channel):
        raise NoLongerWorksError
    refused = refusal(channel, member, press_again)
    if refused is not None:
        await answer(interaction, view=refused)
        return None
    return channel


async def press_again() -> None:
    """Do nothing: the button that was pressed is still there."""
