"""What moderators do to a topic, and the sentence that answers it: for commands and buttons alike."""

from cogs.kit.escape import safe
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.models import Subscription
from wetread.services.services import Services
from wetread.storage.subscriptions import Destination


async def pause(services: Services, topic: Subscription, by: ChangedBy) -> str:
    """Pause a topic; one that is paused stays so."""
    await services.subscriptions.pause(topic.guild_id, topic.id, by)
    state = "is paused" if topic.paused_at is None else "was already paused"
    return f"{_bold(topic)} {state}. What it finds until you resume it is not posted."


async def resume(services: Services, topic: Subscription, by: ChangedBy) -> str:
    """Resume a topic."""
    if topic.paused_at is None:
        return f"{_bold(topic)} is not paused, so nothing changed."
    await services.subscriptions.resume(topic.guild_id, topic.id, by)
    return f"{_bold(topic)} posts to <#{topic.channel_id}> again, from the next article on."


async def move(services: Services, topic: Subscription, channel: Channel, by: ChangedBy) -> str:
    """Move a topic to a channel that can be used."""
    await services.subscriptions.move(topic.guild_id, topic.id, Destination(channel.id, kind_of(channel)), by)
    return f"{_bold(topic)} now posts to <#{channel.id}>. Its old posts stay where they are."


async def remove(services: Services, topic: Subscription, by: ChangedBy) -> str:
    """Remove a topic."""
    await services.subscriptions.remove(topic.guild_id, topic.id, by)
    return f"The topic {_bold(topic)} is removed. Its posts in <#{topic.channel_id}> stay."


async def set_words(services: Services, topic: Subscription, words: str, by: ChangedBy) -> str:
    """Give a topic other words. Raises EmptyQueryError, UnclearQueryError."""
    await services.topics.set_words(topic.guild_id, topic.id, words, by)
    return f"{_bold(topic)} looks for the new words, from the next article on."


def _bold(topic: Subscription) -> str:
    return f"**{safe(topic.name)}**"
