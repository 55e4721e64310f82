"""What moderators of a server do with its subscriptions: subscribe, find, change, remove."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.chance import Chance, random_number
from wetread.domain.changes import ChangedBy
from wetread.domain.clock import Clock, utc_now
from wetread.domain.errors import (
    AlreadySubscribedError,
    TooManySubscriptionsError,
    UnknownSubscriptionError,
    WetreadError,
)
from wetread.domain.feed_address import normalise_address, parse_feed_address
from wetread.domain.models import Form, Journal, Subscription
from wetread.domain.names import name_key, words_of
from wetread.feeds.planner import UpdatePolicy
from wetread.services.feed_check import CheckedFeed, FeedChecker
from wetread.storage import subscriptions, typed_queries
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination, Mention, NewSubscription, Watched

NEAR_COUNT = 3
_ALIKE = 70.0  # of 100
_LONGEST_NAME = 8  # words
_NUMBER = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The result of subscribing to several journals. `left_out`: beyond the server's limit."""

    added: tuple[Subscription, ...] = ()
    already: tuple[Journal, ...] = ()
    left_out: tuple[Journal, ...] = ()


class Subscriptions:
    """The subscriptions of all servers; every method reads and changes those of one server only."""

    def __init__(
        self,
        database: Database,
        checker: FeedChecker,
        catalogue: Catalogue,
        *,
        policy: UpdatePolicy | None = None,
        limit: int = 200,
        clock: Clock = utc_now,
        chance: Chance = random_number,
    ) -> None:
        self._database = database
        self._checker = checker
        self._catalogue = catalogue
        self._policy = policy or UpdatePolicy()
        self._limit = limit
        self._clock = clock
        self._chance = chance

    async def check(self, source: str | Journal) -> CheckedFeed:
        """Retrieve the feed at that address, query or journal; see `FeedChecker.check`."""
        return await self._checker.check(source)

    async def subscribe(
        self,
        guild_id: int,
        destination: Destination,
        by: ChangedBy,
        checked: CheckedFeed,
        *,
        newest: int = 0,
        form: Form = Form.WHOLE,
        filter: str | None = None,  # noqa: A002  # the word for it everywhere
        name: str | None = None,
    ) -> Subscription:
        """Subscribe to a checked feed; its `newest` newest articles are scheduled for posting at once.

        Raises AlreadySubscribedError, TooManySubscriptionsError, and for a filter without a
        word or with something not understood EmptyQueryError and UnclearQueryError.
        """
        wish = NewSubscription(
            guild_id=guild_id,
            destination=destination,
            url=checked.url,
            name=name or _name(checked),
            created_by=by.id,
            journal_key=checked.journal.key if checked.journal else None,
            form=form,
            filter=await self._checked(guild_id, filter),
            newest=newest,
        )
        subscription, _ = await self._database.run(
            subscriptions.subscribe,
            wish,
            self._clock(),
            limit=self._limit,
            checked=(checked.retrieval, self._policy, self._chance()),
            by=by,
        )
        return subscription

    async def subscribe_all(
        self,
        guild_id: int,
        destination: Destination,
        by: ChangedBy,
        journals: Sequence[Journal],
        *,
        form: Form = Form.WHOLE,
    ) -> Bundle:
        """Subscribe to several journals without checking their feeds; nothing they have now is posted."""
        bundle = Bundle()
        for journal in journals:
            if journal.feed_url is None:
                continue
            wish = NewSubscription(
                guild_id, destination, journal.feed_url, journal.abbreviation, by.id, journal.key, form
            )
            try:
                added, _ = await self._database.run(
                    subscriptions.subscribe, wish, self._clock(), limit=self._limit, by=by
                )
                bundle = replace(bundle, added=(*bundle.added, added))
            except AlreadySubscribedError:
                bundle = replace(bundle, already=(*bundle.already, journal))
            except TooManySubscriptionsError:
                bundle = replace(bundle, left_out=(*bundle.left_out, journal))
        return bundle

    # Finding ------------------------------------------------------------------------------------------

    async def of_guild(self, guild_id: int) -> list[Watched]:
        """Return a server's subscriptions with their feeds, sorted by name."""
        return await self._database.run(subscriptions.of_guild, guild_id)

    async def get(self, guild_id: int, subscription_id: int) -> Subscription:
        """Return a server's subscription, a topic's too. Raises UnknownSubscriptionError."""
        return await self._database.read(subscriptions.get, guild_id, subscription_id)

    async def find(self, guild_id: int, text: str, channel_id: int | None = None) -> tuple[Watched, ...]:
        """Return the subscriptions that `text` names: by number ("12", "#12"), address, or any name.

        Usually one; several if a feed goes to several destinations, unless one of these is `channel_id`;
        several, too, if different feeds have this name.
        Raises UnknownSubscriptionError with the nearest names.
        """
        watched = await self.of_guild(guild_id)
        found = self._named(watched, text.strip())
        if not found:
            raise UnknownSubscriptionError(text, self._near(watched, text))
        return _of_channel(found, channel_id)

    async def of_subject(self, guild_id: int, subject: str) -> tuple[Watched, ...]:
        """Return a server's subscriptions to the journals of a subject.

        None if it is no subject, or if a feed of the server has exactly this name.
        """
        keys = {journal.key for journal in self._catalogue.bundle(subject)}
        watched = await self.of_guild(guild_id) if keys else []
        if self._exactly_named(watched, subject):
            return ()
        return tuple(each for each in watched if each.feed.journal_key in keys)

    async def find_first(
        self, guild_id: int, text: str, channel_id: int | None = None
    ) -> tuple[tuple[Watched, ...], str]:
        """Return the subscriptions that the beginning of `text` names, and the remaining text.

        "jvir spine" is "jvir" and "spine"; of several beginnings that name something, one that is a whole
        name comes before one that is part of one, and a longer one before a shorter one.
        """
        watched = await self.of_guild(guild_id)
        words = text.split()
        beginnings = range(min(len(words), _LONGEST_NAME), 0, -1)
        for named in (self._numbered, self._exactly_named, self._named):
            for count in beginnings:
                if found := named(watched, " ".join(words[:count])):
                    return _of_channel(found, channel_id), " ".join(words[count:])
        raise UnknownSubscriptionError(words[0] if words else "", self._near(watched, text))

    async def complete(self, guild_id: int, text: str, limit: int = 25) -> tuple[Watched, ...]:
        """Return up to `limit` subscriptions whose names match what was typed so far, for autocomplete."""
        typed = words_of(text)
        watched = await self.of_guild(guild_id)
        return tuple(each for each in watched if _has_words(self._names(each), typed))[:limit]

    def _named(self, watched: Sequence[Watched], text: str) -> tuple[Watched, ...]:
        if numbered := self._numbered(watched, text):
            return numbered
        if url := _feed_address(text):
            return tuple(each for each in watched if normalise_address(each.feed.url) == url)
        exact = self._exactly_named(watched, text)
        is_other = _NUMBER.fullmatch(text) or self._catalogue.named(text)
        if exact or is_other or not name_key(text):
            return exact  # never look for an unwatched journal's name or number inside other names
        partly = [each for each in watched if _has_words(self._names(each), words_of(text))]
        is_one_feed = len({each.feed.id for each in partly}) == 1
        return tuple(partly) if is_one_feed else ()

    def _numbered(self, watched: Sequence[Watched], text: str) -> tuple[Watched, ...]:
        number = _NUMBER.fullmatch(text)
        return tuple(each for each in watched if number and each.subscription.id == int(number[1]))

    def _exactly_named(self, watched: Sequence[Watched], text: str) -> tuple[Watched, ...]:
        key = name_key(text)
        return tuple(each for each in watched if key and key in map(name_key, self._names(each)))

    def _names(self, watched: Watched) -> tuple[str, ...]:
        journal = self._catalogue.get(watched.feed.journal_key) if watched.feed.journal_key else None
        names = names_of(journal) if journal else ()
        return (watched.subscription.name, watched.feed.title, *names)

    def _near(self, watched: Sequence[Watched], text: str) -> tuple[str, ...]:
        by_key = {
            name_key(name): each.subscription.name for each in watched for name in self._names(each) if name
        }
        alike = process.extract(
            name_key(text), by_key.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=4 * NEAR_COUNT
        )
        return tuple(dict.fromkeys(by_key[key] for key, *_ in alike))[:NEAR_COUNT]

    # Changing: each calls the function of the same name in storage, and notes the change as `by`'s

    async def pause(self, guild_id: int, subscription_id: int, by: ChangedBy) -> Subscription:
        """Post nothing more of a subscription until it is resumed. Raises UnknownSubscriptionError."""
        return await self._database.run(subscriptions.pause, guild_id, subscription_id, self._clock(), by=by)

    async def resume(self, guild_id: int, subscription_id: int, by: ChangedBy) -> Subscription:
        """Post again; articles that came in during the pause are skipped. Raises UnknownSubscriptionError."""
        return await self._database.run(subscriptions.resume, guild_id, subscription_id, self._clock(), by=by)

    async def move(
        self, guild_id: int, subscription_id: int, destination: Destination, by: ChangedBy
    ) -> Subscription:
        """Post to another destination from now on, also what is scheduled already.

        Raises UnknownSubscriptionError, AlreadySubscribedError.
        """
        return await self._database.run(
            subscriptions.move, guild_id, subscription_id, destination, self._clock(), by=by
        )

    async def set_form(self, guild_id: int, subscription_id: int, form: Form, by: ChangedBy) -> Subscription:
        """Choose how much of each article is shown from now on. Raises UnknownSubscriptionError."""
        return await self._database.run(
            subscriptions.set_form, guild_id, subscription_id, form, self._clock(), by=by
        )

    async def set_filter(
        self, guild_id: int, subscription_id: int, query: str | None, by: ChangedBy
    ) -> Subscription:
        """Post only articles that match `query` from now on; None removes the filter.

        Raises UnknownSubscriptionError, EmptyQueryError, UnclearQueryError.
        """
        query = await self._checked(guild_id, query)
        return await self._database.run(
            subscriptions.set_filter,
            guild_id,
            subscription_id,
            query,
            self._clock(),
            by=by,
            skipped_types=self._policy.skipped_types,
        )

    async def set_threads(
        self, guild_id: int, subscription_id: int, by: ChangedBy, *, opens_threads: bool
    ) -> Subscription:
        """Open a thread under each post from now on, or no more. Raises UnknownSubscriptionError."""
        return await self._database.run(
            subscriptions.set_threads,
            guild_id,
            subscription_id,
            self._clock(),
            opens_threads=opens_threads,
            by=by,
        )

    async def set_mention(
        self, guild_id: int, subscription_id: int, mention: Mention | None, by: ChangedBy
    ) -> Subscription:
        """Mention a role above posts of a feed or topic from now on; None = nobody.

        Raises UnknownSubscriptionError, EmptyQueryError, UnclearQueryError.
        """
        if mention is not None:
            mention = replace(mention, filter=await self._checked(guild_id, mention.filter))
        return await self._database.run(
            subscriptions.set_mention, guild_id, subscription_id, mention, self._clock(), by=by
        )

    async def copy_settings(
        self, guild_id: int, source_id: int, subscription_id: int, by: ChangedBy
    ) -> Subscription:
        """Give a subscription the settings of another. Raises UnknownSubscriptionError."""
        return await self._database.run(
            subscriptions.copy_settings,
            guild_id,
            source_id,
            subscription_id,
            self._clock(),
            by=by,
            skipped_types=self._policy.skipped_types,
        )

    async def _checked(self, guild_id: int, query: str | None) -> str | None:
        """Return a filter as it is stored. Raises EmptyQueryError, UnclearQueryError."""
        if query is None:
            return None
        today = self._clock().date()
        typed = await self._database.run(typed_queries.read, guild_id, query, today, is_filter=True)
        typed.demand_clear()
        return typed.text

    async def wanted_of_last(self, guild_id: int, subscription_id: int) -> tuple[int, int]:
        """Return (matching, all): how many of the latest articles pass its filter and the server's types.

        Raises UnknownSubscriptionError.
        """
        return await self._database.run(
            subscriptions.wanted_of_last,
            guild_id,
            subscription_id,
            skipped_types=self._policy.skipped_types,
        )

    async def remove(self, guild_id: int, subscription_id: int, by: ChangedBy) -> Subscription:
        """Delete the subscription; what is still scheduled is skipped. Raises UnknownSubscriptionError."""
        return await self._database.run(subscriptions.remove, guild_id, subscription_id, self._clock(), by=by)


def _of_channel(found: tuple[Watched, ...], channel_id: int | None) -> tuple[Watched, ...]:
    """Return the only one of a feed that posts to this channel; else, and of several feeds, all."""
    here = tuple(each for each in found if each.subscription.channel_id == channel_id)
    is_one_feed = len({each.feed.id for each in found}) == 1
    return here if is_one_feed and len(here) == 1 else found


def _name(checked: CheckedFeed) -> str:
    return checked.journal.abbreviation if checked.journal else checked.title


def _feed_address(text: str) -> str | None:
    """Return the feed address that `text` may mean, in the form in which feeds are stored."""
    try:
        address = parse_feed_address(text)
    except WetreadError:
        return None
    return address or (normalise_address(text) if "://" in text else None)


def _has_words(names: Sequence[str], typed: Sequence[str]) -> bool:
    words = [word for name in names for word in words_of(name)]
    return all(any(word.startswith(part) for word in words) for part in typed)
