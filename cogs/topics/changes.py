"""What moderators do to a topic, and the sentence that answers it: for commands and buttons alike."""

from cogs.feeds.feed_reference import resolve_feed
from cogs.kit.escape import code, safe
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import Subscription
from wetread.domain.text import cut
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


async def rename(services: Services, topic: Subscription, name: str, by: ChangedBy) -> str:
    """Give a topic another name. Raises TopicNameTakenError, EmptyQueryError."""
    after = await services.topics.rename(topic.guild_id, topic.id, name, by)
    return f"{_bold(topic)} is now called {_bold(after)}. New cards show the new name."


async def set_query(services: Services, topic: Subscription, query: str, by: ChangedBy) -> str:
    """Let a topic watch a PubMed query as well; "none" ends that.

    Raises FeedError, AlreadySubscribedError, EmptyQueryError.
    """
    if query.strip().casefold() == "none":
        await services.topics.set_query(topic.guild_id, topic.id, None, by)
        return f"{_bold(topic)} watches no PubMed query any more, only the journals here."
    place = resolve_feed(services.catalogue, f"pubmed: {query.strip()}")
    if isinstance(place, tuple):
        raise EmptyQueryError(query)
    checked = await services.subscriptions.check(place)
    await services.topics.set_query(topic.guild_id, topic.id, (checked.url, checked.title), by)
    return (
        f"{_bold(topic)} now posts what is new in PubMed for {code(cut(query.strip(), 300))} as well, "
        "whichever journal it is in."
    )


def _bold(topic: Subscription) -> str:
    return f"**{safe(topic.name)}**"
