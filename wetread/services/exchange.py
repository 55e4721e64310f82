"""Lists of feeds out and in: what a member's file would add, and adding it feed by feed.

What a file holds is kept as typed words are, so that its buttons work after a restart: whoever presses Start
again goes on where it ended, because what was added is there.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from wetread.domain.catalogue import Catalogue
from wetread.domain.changes import ChangedBy
from wetread.domain.clock import Clock
from wetread.domain.errors import (
    AlreadySubscribedError,
    StorageError,
    TooManySubscriptionsError,
    WetreadError,
    WordsForgottenError,
)
from wetread.domain.feed_address import normalise_address, parse_feed_address, split_query
from wetread.domain.models import DestinationKind, Form, Journal
from wetread.feeds.feed_lists import FeedList, ListedFeed, write_opml
from wetread.feeds.list_reader import ListReader
from wetread.net.addresses import shown_url
from wetread.services.subscriptions import Subscriptions
from wetread.storage import subscriptions as stored
from wetread.storage import typed_words
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination
from wetread.storage.typed_words import Typist

AT_ONCE = 4
"""So many feeds of a list are checked at the same time."""

FULL = "full"
"""The failure of a feed for which the server has no room; the others are those of feeds (`FeedError`)."""
NO_CHANNEL, NO_ADDRESS, NO_QUERY = "no_channel", "no_address", "no_query"
NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed of a file, with the channel to which it would post."""

    url: str
    name: str
    channel_id: int
    is_paused: bool = False
    form: Form = Form.WHOLE
    filter: str | None = None
    opens_threads: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file holds. `left_out`: feeds beyond the limit; `is_cut`: the file ends early."""

    file: str
    feeds: tuple[OfferedFeed, ...]
    left_out: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """The feeds of an offer: to add, there already, twice in the file, and without a usable address.

    `room`: how many more feeds the server may have.
    """

    new: tuple[OfferedFeed, ...]
    already: tuple[OfferedFeed, ...]
    twice: tuple[OfferedFeed, ...]
    unusable: tuple[OfferedFeed, ...]
    room: int


@dataclass(slots=True)
class Adding:
    """An offer that is being added, or was. `failed`: each feed with why it was not added."""

    total: int
    added: list[str] = field(default_factory=list)
    failed: list[tuple[OfferedFeed, str]] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """How many feeds were tried."""
        return len(self.added) + len(self.failed)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing of an import: what it is about, and the doing, which returns why it failed."""

    feed: OfferedFeed
    do: Callable[[], Awaitable[str | None]]


class Exchange:
    """Imports and exports of all servers; every method is about one server only."""

    def __init__(
        self,
        database: Database,
        subscriptions: Subscriptions,
        reader: ListReader,
        catalogue: Catalogue,
        *,
        limit: int,
        clock: Clock,
    ) -> None:
        self._database = database
        self._subscriptions = subscriptions
        self._reader = reader
        self._journals = {
            normalise_address(url): journal
            for journal in catalogue.journals
            for url in (journal.publisher_feed_url, journal.feed_url)
            if url
        }
        self._limit = limit
        self._clock = clock
        self._running: dict[int, tuple[int, Adding]] = {}  # by server: the offer and its state

    # Out ----------------------------------------------------------------------------------------------

    async def opml(
        self, guild_id: int, title: str, called: Callable[[int], str]
    ) -> tuple[bytes, int, tuple[str, ...]]:
        """Return the server's feeds as OPML, how many they are, and the names of those left out.

        `called` returns a channel's name. An address with a key or a password in it is left out: files are
        passed on.
        """
        watched = await self._subscriptions.of_guild(guild_id)
        told = [
            each for each in watched if shown_url(each.feed.url) == each.feed.url or _is_query(each.feed.url)
        ]
        secret = tuple(each.subscription.name for each in watched if each not in told)
        feeds = [
            ListedFeed(each.feed.url, each.subscription.name, called(each.subscription.channel_id))
            for each in told
        ]
        return await asyncio.to_thread(write_opml, title, feeds), len(feeds), secret

    # In -----------------------------------------------------------------------------------------------

    async def read(self, body: bytes) -> FeedList:
        """Return the feeds of a file. Raises UnreadableListError."""
        return await self._reader.read(body)

    async def keep(self, guild_id: int, offer: Offer) -> int:
        """Keep an offer for the server's moderators, and return its number."""
        words = json.dumps(asdict(offer), ensure_ascii=False)
        return await self._database.run(typed_words.remember, words, Typist(guild_id, 0), self._clock())

    async def offer(self, guild_id: int, number: int) -> Offer:
        """Return an offer of this server. Raises WordsForgottenError."""
        words = await self._database.run(typed_words.recall, number, Typist(guild_id, 0), self._clock())
        try:
            content = json.loads(words or "")
            feeds = tuple(OfferedFeed(**each) for each in content.pop("feeds"))
            return Offer(feeds=feeds, **content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise WordsForgottenError from error

    async def read_settings(self, body: bytes) -> dict[str, Any]:
        """Return what stands in a settings file. Raises UnreadableListError."""
        return await self._reader.read_settings(body)

    async def keep_settings(self, guild_id: int, kept: Mapping[str, Any]) -> int:
        """Keep what stands in a settings file for the server's moderators, and return its number."""
        words = json.dumps({"settings": kept}, ensure_ascii=False)
        return await self._database.run(typed_words.remember, words, Typist(guild_id, 0), self._clock())

    async def settings(self, guild_id: int, number: int) -> dict[str, Any]:
        """Return what was kept of a settings file of this server. Raises WordsForgottenError."""
        words = await self._database.run(typed_words.recall, number, Typist(guild_id, 0), self._clock())
        try:
            return dict(json.loads(words or "")["settings"])
        except (ValueError, TypeError, KeyError) as error:
            raise WordsForgottenError from error

    async def sort(self, guild_id: int, offer: Offer) -> Sorted:
        """Return what of an offer would be added now."""
        watched = await self._subscriptions.of_guild(guild_id)
        there = {(normalise_address(each.feed.url), each.subscription.channel_id) for each in watched}
        count = await self._database.run(stored.count, guild_id)
        new: list[OfferedFeed] = []
        already: list[OfferedFeed] = []
        twice: list[OfferedFeed] = []
        unusable: list[OfferedFeed] = []
        met: set[tuple[str, int]] = set()
        for feed in offer.feeds:
            address = usable_address(feed.url)
            key = (address or "", feed.channel_id)
            if address is None:
                unusable.append(feed)
            elif key in met:
                twice.append(feed)
            else:
                (already if key in there else new).append(feed)
            met.add(key)
        return Sorted(tuple(new), tuple(already), tuple(twice), tuple(unusable), max(0, self._limit - count))

    def running(self, guild_id: int, number: int | None = None) -> Adding | None:
        """Return what is being added in a server, None = nothing, or another offer than this."""
        found = self._running.get(guild_id)
        return found[1] if found and number in (None, found[0]) else None

    async def add(
        self,
        guild_id: int,
        number: int,
        by: ChangedBy,
        kind_of: Callable[[int], DestinationKind | None],
        tell: Callable[[Adding], Awaitable[None]],
    ) -> Adding:
        """Check and add the feeds of an offer that are not there, and return the result.

        Only what appears from now on is posted. `kind_of` returns what a channel is, None = it cannot be
        used. `tell` is called at the beginning and after each feed. Raises WordsForgottenError, StorageError.
        """
        offer = await self.offer(guild_id, number)
        new = (await self.sort(guild_id, offer)).new

        def adds(feed: OfferedFeed) -> Job:
            async def do() -> str | None:
                kind = kind_of(feed.channel_id)
                return await self.add_one(guild_id, feed, kind, by) if kind else NO_CHANNEL

            return Job(feed, do)

        return await self.run(guild_id, number, list(map(adds, new)), tell)

    async def run(
        self,
        guild_id: int,
        number: int,
        jobs: list["Job"],
        tell: Callable[[Adding], Awaitable[None]],
        *,
        at_once: int = AT_ONCE,
    ) -> Adding:
        """Do the jobs of an import, and return the result; see `add`. Raises StorageError."""
        adding = Adding(len(jobs))
        self._running[guild_id] = (number, adding)

        async def work() -> None:
            while jobs and not adding.is_stopped:
                job = jobs.pop(0)
                failure = await job.do()
                if failure is None:
                    adding.added.append(job.feed.name or shown_url(job.feed.url))
                else:
                    adding.failed.append((job.feed, failure))
                await tell(adding)

        try:
            await tell(adding)
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(work())
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            del self._running[guild_id]
        return adding

    async def add_one(
        self, guild_id: int, feed: OfferedFeed, kind: DestinationKind, by: ChangedBy
    ) -> str | None:
        """Add a feed, and return why it could not be added; None = it is there."""
        source: str | Journal = usable_address(feed.url) or feed.url
        journal = self._journals.get(str(source))
        try:
            checked = await self._subscriptions.check(journal or source)
            added = await self._subscriptions.subscribe(
                guild_id,
                Destination(feed.channel_id, kind),
                by,
                checked,
                name=feed.name or None,
                form=feed.form,
                filter=feed.filter,
            )
            if feed.opens_threads and kind is DestinationKind.TEXT:
                await self._subscriptions.set_threads(guild_id, added.id, by, opens_threads=True)
            if feed.is_paused:
                await self._subscriptions.pause(guild_id, added.id, by)
        except AlreadySubscribedError:
            return None
        except TooManySubscriptionsError:
            return FULL
        except StorageError:
            raise
        except WetreadError as error:
            return str(getattr(error, "kind", NO_QUERY))
        return None


def usable_address(url: str) -> str | None:
    """Return the address of a listed feed as feeds are stored, None if Wetread cannot ask it."""
    try:
        address = parse_feed_address(url) or normalise_address(url)
    except WetreadError:
        return None
    host = address.partition("://")[2].partition("/")[0]
    is_web = address.startswith(("http://", "https://")) and ("." in host or ":" in host)
    return address if is_web or _is_query(address) else None


def _is_query(address: str) -> bool:
    return split_query(address) is not None


def offered(feeds: Sequence[ListedFeed], channel_of: Callable[[str], int]) -> tuple[OfferedFeed, ...]:
    """Return the feeds of a list with their channels; `channel_of` returns that of a folder."""
    return tuple(OfferedFeed(each.url, each.name, channel_of(each.folder), each.is_paused) for each in feeds)
