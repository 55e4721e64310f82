"""The composition of all services: opened and closed together, used by the cogs."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from wetread.domain.catalogue import Catalogue
from wetread.domain.clock import Clock
from wetread.domain.errors import StorageFailedError
from wetread.domain.feed_address import CROSSREF, PUBMED
from wetread.domain.models import ParsedFeed, RetrievedFeed
from wetread.feeds.list_reader import ListReader
from wetread.feeds.parser_pool import ParserPool
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.query_feeds import CrossrefRetriever, PubMedRetriever
from wetread.feeds.retrievers import DocumentRetriever, Retrieve, SchemeRetriever
from wetread.feeds.schedule import PollingPolicy
from wetread.operations.config import Config
from wetread.operations.loops import LoopsHealth
from wetread.operations.upkeep import DailyBackup, backup_folder
from wetread.services.article_actions import ArticleActions
from wetread.services.change_history import ChangeHistory
from wetread.services.delivery import Deliverer
from wetread.services.enricher import Enricher
from wetread.services.exchange import Exchange
from wetread.services.feed_check import FeedChecker, QueryChecker
from wetread.services.http_clients import feed_client, source_client
from wetread.services.lookup import ArticleLookup
from wetread.services.messenger import Messenger
from wetread.services.place_lookup import PlaceLookup
from wetread.services.record_parsing import RecordParsing
from wetread.services.retraction_sweep import RetractionSweep
from wetread.services.seams import Seams
from wetread.services.sharing import Sharing
from wetread.services.sources import RecordSources, build_record_sources
from wetread.services.subscriptions import Subscriptions
from wetread.services.suggestions import Suggestions
from wetread.services.topic_matching import TopicMatcher
from wetread.services.topics import Topics
from wetread.services.updater import FeedUpdater
from wetread.storage import feeds
from wetread.storage.database import Database
from wetread.storage.restore import RESTORE_CAUTION, last_restored
from wetread.storage.undoing import Rules

log = logging.getLogger(__name__)

SKIPPED_TYPES = ("Published Erratum", "Letter", "Comment", "News", "Case Reports without abstract")
"""Publication types that are skipped unless a server chooses otherwise."""


PARSERS = 1
"""Child processes that parse feeds; one is enough for thousands of feeds."""


@dataclass(frozen=True, slots=True)
class Services:
    """All services. Made by `open_services`."""

    config: Config
    seams: Seams
    database: Database
    catalogue: Catalogue
    sources: RecordSources
    lookup: ArticleLookup
    updater: FeedUpdater
    enricher: Enricher
    retractions: RetractionSweep
    subscriptions: Subscriptions
    topics: Topics
    topic_matcher: TopicMatcher
    actions: ArticleActions
    deliverer: Deliverer
    sharing: Sharing
    exchange: Exchange
    suggestions: Suggestions
    history: ChangeHistory
    loops: LoopsHealth
    daily_backup: DailyBackup
    closing: tuple[Callable[[], object], ...]

    async def close(self) -> None:
        """Close what `open_services` opened, the database last. Idempotent."""
        for close in self.closing:
            await close()  # type: ignore[misc]  # each is an async method without arguments


async def open_services(
    config: Config,
    seams: Seams,
    messenger: Messenger,
    *,
    on_unauthorized: Callable[[], None],
    on_replaced: Callable[[StorageFailedError], None],
) -> Services:
    """Open the database and build every service on top of it. Raises StorageError, ConfigError.

    `on_unauthorized` is called when Discord no longer accepts the token, `on_replaced` when the database's
    file is no longer in its place.
    """
    clock, policy = seams.clock, update_policy(config)
    catalogue = seams.load_catalogue(config.catalogue.extra)
    backups = backup_folder(config)
    database = await Database.open(
        config.storage.path, backups=backups, clock=clock, catalogue=catalogue, on_replaced=on_replaced
    )
    await _log_restore(database, clock)
    source_http = source_client(config, seams)
    record_parsing = RecordParsing(sleep=seams.sleep)
    sources = build_record_sources(
        config.sources,
        config.secrets,
        source_http.fetch,
        clock=clock,
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        source_urls=seams.source_urls,
        parse=record_parsing,
    )
    lists = ListReader(sleep=seams.sleep)
    watching = _open_feeds(
        config, seams, database=database, catalogue=catalogue, sources=sources, policy=policy
    )
    enricher = Enricher(database, sources.sources, clock, skipped_types=policy.skipped_types)
    places = PlaceLookup(database, sources.placing, catalogue)
    lookup = ArticleLookup(database, enricher.complete, sources.searched, places, clock)
    deliverer = Deliverer(
        database,
        messenger,
        clock=clock,
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        chance=seams.chance,
        seconds_between_posts=config.delivery.seconds_between_posts,
        kill_point=seams.kill_point,
        on_unauthorized=on_unauthorized,
    )
    return Services(
        config=config,
        seams=seams,
        database=database,
        catalogue=catalogue,
        sources=sources,
        lookup=lookup,
        updater=watching.updater,
        enricher=enricher,
        retractions=RetractionSweep(
            database, sources.pubmed, sources.crossref, clock, skipped_types=policy.skipped_types
        ),
        subscriptions=watching.subscriptions,
        topics=Topics(database, policy=policy, clock=clock),
        topic_matcher=TopicMatcher(database, clock, policy, kill_point=seams.kill_point),
        actions=ArticleActions(database, lookup, catalogue, clock),
        deliverer=deliverer,
        sharing=Sharing(database, deliverer, clock),
        exchange=Exchange(
            database,
            watching.subscriptions,
            lists,
            catalogue,
            limit=config.limits.subscriptions_per_server,
            clock=clock,
        ),
        suggestions=Suggestions(catalogue, watching.subscriptions, clock),
        history=ChangeHistory(
            database, clock, rules=Rules(policy.skipped_types, config.limits.subscriptions_per_server)
        ),
        loops=LoopsHealth(),
        daily_backup=DailyBackup(backups, clock, hour=config.backup.hour, is_on=config.backup.keep_daily > 0),
        closing=(*watching.closing, lists.close, source_http.close, record_parsing.close, database.close),
    )


class _Feeds(NamedTuple):
    """The services that retrieve feeds, and what closes them."""

    updater: FeedUpdater
    subscriptions: Subscriptions
    closing: tuple[Callable[[], object], ...]


def _open_feeds(
    config: Config,
    seams: Seams,
    *,
    database: Database,
    catalogue: Catalogue,
    sources: RecordSources,
    policy: UpdatePolicy,
) -> _Feeds:
    clock = seams.clock
    http = feed_client(config, seams)
    pool = ParserPool(PARSERS, sleep=seams.sleep)

    async def parse(retrieved: RetrievedFeed) -> ParsedFeed:
        return await pool.parse(retrieved, clock())

    retrieve = SchemeRetriever(
        DocumentRetriever(http.fetch, parse, clock=clock), _query_retrievers(database, sources, clock)
    )
    queries = QueryChecker(retrieve, catalogue, pubmed=sources.pubmed, crossref=sources.crossref, clock=clock)
    updater = FeedUpdater(
        database,
        retrieve,
        policy=policy,
        concurrency=config.polling.concurrency,
        clock=clock,
        monotonic=seams.monotonic,
        chance=seams.chance,
    )
    subscriptions = Subscriptions(
        database,
        FeedChecker(http.fetch, parse, catalogue, queries, clock=clock),
        catalogue,
        policy=policy,
        limit=config.limits.subscriptions_per_server,
        clock=clock,
        chance=seams.chance,
    )
    return _Feeds(updater, subscriptions, (pool.close, http.close))


def _query_retrievers(database: Database, sources: RecordSources, clock: Clock) -> dict[str, Retrieve]:
    """Return the retrievers of query feeds by scheme, for the sources that are switched on."""

    async def known_guids(url: str, guids: Sequence[str]) -> frozenset[str]:
        return await database.run(feeds.known_guids, url, guids)

    retrievers: dict[str, Retrieve] = {}
    if sources.pubmed is not None:
        retrievers[PUBMED] = PubMedRetriever(sources.pubmed, known_guids, clock)
    if sources.crossref is not None:
        retrievers[CROSSREF] = CrossrefRetriever(sources.crossref, clock)
    return retrievers


async def _log_restore(database: Database, clock: Clock) -> None:
    restored = await database.run(last_restored)
    if restored is not None and clock() - restored.at < RESTORE_CAUTION:
        log.warning(
            "This database was restored on %s and contains nothing after %s. Before Wetread posts "
            "an article, it looks whether the article is in the channel already.",
            f"{restored.at:%Y-%m-%d %H:%M}",
            f"{restored.point:%Y-%m-%d %H:%M}",
        )


def update_policy(config: Config) -> UpdatePolicy:
    """Return the configuration's settings for updates."""
    interval = config.polling.interval_minutes * 60
    return UpdatePolicy(
        polling=PollingPolicy(
            interval=interval,
            floor=min(interval, PollingPolicy().floor),
            idle_interval=max(interval, config.polling.idle_interval_hours * 3600),
        ),
        abstract_wait=timedelta(hours=config.delivery.abstract_wait_hours),
        skipped_types=SKIPPED_TYPES,
    )
