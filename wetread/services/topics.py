"""What moderators of a server do with its topics: add, find, try words out, change them."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from wetread.domain.changes import ChangedBy
from wetread.domain.clock import Clock, utc_now
from wetread.domain.errors import EmptyQueryError, UnknownTopicError
from wetread.domain.models import Delivery, Subscription
from wetread.domain.names import name_key, words_of
from wetread.domain.query import parse_query
from wetread.domain.text import cut
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import delivery_topics, topic_matching, topic_previews, topics, typed_queries
from wetread.storage.database import Database
from wetread.storage.topic_previews import Comparison, Match, Preview
from wetread.storage.topics import NewTopic, TopicState

LIMIT = 50
"""The most topics of a server."""

_NEAR_COUNT = 3
_ALIKE = 70.0  # of 100


class Topics:
    """The topics of all servers; every method reads and changes those of one server only.

    Pausing, moving and removing a topic, and its form, are those of `Subscriptions`.
    """

    def __init__(
        self, database: Database, *, policy: UpdatePolicy | None = None, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._policy = policy or UpdatePolicy()
        self._clock = clock

    # Finding ------------------------------------------------------------------------------------------

    async def of_guild(self, guild_id: int) -> list[TopicState]:
        """Return a server's topics by name, and how each stands."""
        return await self._database.read(topics.states, guild_id, self._clock())

    async def find(self, guild_id: int, text: str) -> TopicState:
        """Return the topic that `text` names: its name, its number, or the beginning of words of one name.

        Raises UnknownTopicError with the nearest names.
        """
        states = await self.of_guild(guild_id)
        key = name_key(text)
        for each in states:
            if text.strip().removeprefix("#") == str(each.topic.id) or name_key(each.topic.name) == key:
                return each
        partly = _having_words(states, text)
        if len(partly) == 1 and key:
            return partly[0]
        names = [each.topic.name for each in states]
        near = process.extract(text, names, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_NEAR_COUNT)
        raise UnknownTopicError(text, tuple(name for name, *_ in near))

    async def get(self, guild_id: int, topic_id: int) -> TopicState:
        """Return a server's topic. Raises UnknownTopicError, also for another server's."""
        return await self.find(guild_id, f"#{topic_id}")

    async def complete(self, guild_id: int, text: str, limit: int = 25) -> list[TopicState]:
        """Return up to `limit` topics whose names match what was typed so far, for autocomplete."""
        return _having_words(await self.of_guild(guild_id), text)[:limit]

    async def named_on(self, delivery: Delivery) -> tuple[str, ...]:
        """Return the names of the topics on whose behalf a delivery is posted."""
        found = await self._database.read(delivery_topics.names_of, [delivery.id])
        return found.get(delivery.id, ())

    async def explain(self, guild_id: int, article_id: int) -> list[tuple[Subscription, Match]] | None:
        """Return the topics that an article matches, and where; None if the server has no topics."""
        if not await self.of_guild(guild_id):
            return None
        return await self._database.read(topic_previews.explain, guild_id, article_id)

    # Trying out: nothing is stored ----------------------------------------------------------------------

    async def checked(self, guild_id: int, words: str) -> str:
        """Return a topic's words as they are stored. Raises EmptyQueryError, UnclearQueryError."""
        today = self._clock().date()
        typed = await self._database.read(typed_queries.read, guild_id, words, today, is_filter=True)
        typed.demand_clear()
        return typed.text

    async def preview(self, guild_id: int, words: str) -> Preview:
        """Return which of the last articles of a server's feeds have these words, and which nearly."""
        query = parse_query(words)
        skipped = self._policy.skipped_types
        return await self._database.read(topic_previews.preview, guild_id, query, skipped_types=skipped)

    async def all_matches(self, guild_id: int, words: str) -> tuple[Match, ...]:
        """Return all of the last articles of a server's feeds that have these words."""
        skipped = self._policy.skipped_types
        query = parse_query(words)
        return await self._database.read(topic_previews.all_matches, guild_id, query, skipped_types=skipped)

    async def compare(self, guild_id: int, old: str, new: str) -> Comparison:
        """Return which of the last articles other words gain and lose."""
        skipped = self._policy.skipped_types
        return await self._database.read(
            topic_previews.compare, guild_id, parse_query(old), parse_query(new), skipped_types=skipped
        )

    # Changing -----------------------------------------------------------------------------------------

    async def add(self, new: NewTopic, by: ChangedBy, *, newest: int = 0) -> tuple[Subscription, int]:
        """Add a topic, and post the `newest` newest of the last articles that match.

        Returns it, and how many are posted at once. Raises TopicNameTakenError, TooManyTopicsError,
        EmptyQueryError, UnclearQueryError.
        """
        wish = replace(new, words=await self.checked(new.guild_id, new.words))
        return await self._database.run(
            topic_matching.add, wish, self._clock(), self._policy, limit=LIMIT, newest=newest, by=by
        )

    async def set_words(self, guild_id: int, topic_id: int, words: str, by: ChangedBy) -> Subscription:
        """Look for other words from the next article on.

        Raises UnknownSubscriptionError, EmptyQueryError, UnclearQueryError.
        """
        words = await self.checked(guild_id, words)
        return await self._database.run(
            topic_matching.set_words, guild_id, topic_id, words, self._clock(), by=by
        )

    async def rename(self, guild_id: int, topic_id: int, name: str, by: ChangedBy) -> Subscription:
        """Give a topic another name. Raises UnknownSubscriptionError, TopicNameTakenError."""
        return await self._database.run(
            topics.rename, guild_id, topic_id, shortened(name), self._clock(), by=by
        )

    async def set_query(
        self, guild_id: int, topic_id: int, query: tuple[str, str] | None, by: ChangedBy
    ) -> Subscription:
        """Let a topic watch a checked query as well (its address and title); None = none.

        Raises UnknownSubscriptionError, AlreadySubscribedError.
        """
        return await self._database.run(topics.set_query, guild_id, topic_id, query, self._clock(), by=by)


def shortened(name: str) -> str:
    """Return a name as topics have it. Raises EmptyQueryError for nothing."""
    if not name.strip():
        raise EmptyQueryError(name)
    return cut(" ".join(name.split()), topics.LONGEST_NAME)


def _having_words(states: Sequence[TopicState], text: str) -> list[TopicState]:
    typed = words_of(text)
    return [
        each
        for each in states
        if all(any(word.startswith(part) for word in words_of(each.topic.name)) for part in typed)
    ]
