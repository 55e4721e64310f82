"""The parts put together: everything that the cogs use, opened and closed as one."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from wetread import __version__
from wetread.bibliography.record_report import read_saved_answer, record_report, record_text
from wetread.domain.catalogue import Catalogue
from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, Sleep, monotonic, sleep, utc_now
from wetread.domain.errors import FeedRetrievalError
from wetread.domain.feed_address import CROSSREF, PUBMED
from wetread.domain.models import ParsedFeed, RetrievedFeed, Validators
from wetread.feeds.parser_pool import ParserPool
from wetread.feeds.planner import UpdatePolicy
from wetread.feeds.query_feeds import CrossrefRetriever, PubMedRetriever
from wetread.feeds.report import feed_report, feed_text
from wetread.feeds.retrievers import DocumentRetriever, Retrieve, SchemeRetriever
from wetread.feeds.schedule import PollingPolicy
from wetread.net.http_client import HttpClient
from wetread.operations.config import Config, NetworkConfig
from wetread.operations.loops import LoopsHealth
from wetread.operations.upkeep import DailyBackup, backup_folder
from wetread.services.article_actions import ArticleActions
from wetread.services.delivery import Deliverer
from wetread.services.enricher import Enricher
from wetread.services.feed_check import FeedChecker, QueryChecker
from wetread.services.lookup import ArticleLookup
from wetread.services.messenger import Messenger
from wetread.services.retraction_sweep import RetractionSweep
from wetread.services.sharing import Sharing
from wetread.services.sources import RecordSources, build_record_sources
from wetread.services.subscriptions import Subscriptions
from wetread.services.suggestions import Suggestions
from wetread.services.updater import FeedUpdater
from wetread.storage import feeds
from wetread.storage.database import Database
from wetread.storage.restore import HEEDED_FOR, last_restored

log = logging.getLogger(__name__)

PROJECT_URL = "https://github.com/wetread/wetread"

SKIPPED_TYPES = ("Published Erratum", "Letter", "Comment", "News", "Case Reports without abstract")
"""Publication types that a server does not get unless it chooses otherwise."""


@dataclass(frozen=True, slots=True)
class Seams:
    """Dependencies that tests and the sandbox replace: time, chance, kill points, source addresses.

    `source_urls`: base addresses by the source's key ("pubmed"); a source without one has its own.
    """

    clock: Clock = utc_now
    monotonic: Monotonic = monotonic
    sleep: Sleep = sleep
    chance: Chance = random_number
    kill_point: Callable[[str], None] = lambda _point: None
    source_urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs work with. Made by `open_services`."""

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
    actions: ArticleActions
    deliverer: Deliverer
    sharing: Sharing
    suggestions: Suggestions
    loops: LoopsHealth
    daily_backup: DailyBackup
    closing: tuple[Callable[[], object], ...]

    async def close(self) -> None:
        """Close what `open_services` opened, the database last. Idempotent."""
        for close in self.closing:
            await close()  # type: ignore[misc]  # each is an async method without arguments


async def open_services(
    config: Config, seams: Seams, messenger: Messenger, *, on_unauthorized: Callable[[], None]
) -> Services:
    """Open the database and build every service on top of it. Raises StorageError, ConfigError.

    `on_unauthorized` is called when Discord no longer accepts the token.
    """
    catalogue = Catalogue.load(config.catalogue.extra, pubmed_feed_url=config.sources.pubmed_feed_url)
    backups = backup_folder(config)
    database = await Database.open(
        config.storage.path, backups=backups, clock=seams.clock, catalogue=catalogue
    )
    await _say_restored(database, seams.clock)
    feed_client = _feed_client(config, seams)
    source_client = _client(config, seams, concurrency=20, per_host=3, host_gap=0)
    pool = ParserPool(config.polling.parsers)
    policy = update_policy(config)
    sources = build_record_sources(
        config.sources,
        config.secrets,
        source_client.fetch,
        clock=seams.clock,
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        source_urls=seams.source_urls,
    )
    enricher = Enricher(database, sources.sources, seams.clock, skipped_types=policy.skipped_types)

    async def parse(retrieved: RetrievedFeed) -> ParsedFeed:
        return await pool.parse(retrieved, seams.clock())

    retrieve = SchemeRetriever(
        DocumentRetriever(feed_client.fetch, parse, clock=seams.clock),
        _queries(database, sources, seams.clock),
    )
    queries = QueryChecker(
        retrieve, catalogue, pubmed=sources.pubmed, crossref=sources.crossref, clock=seams.clock
    )
    lookup = ArticleLookup(database, enricher.complete, sources.searched, seams.clock)
    subscriptions = Subscriptions(
        database,
        FeedChecker(feed_client.fetch, parse, catalogue, queries, clock=seams.clock),
        catalogue,
        policy=policy,
        limit=config.limits.subscriptions_per_server,
        clock=seams.clock,
        chance=seams.chance,
    )
    deliverer = Deliverer(
        database,
        messenger,
        clock=seams.clock,
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
        updater=FeedUpdater(
            database,
            retrieve,
            policy=policy,
            concurrency=config.polling.concurrency,
            clock=seams.clock,
            monotonic=seams.monotonic,
            chance=seams.chance,
        ),
        enricher=enricher,
        retractions=RetractionSweep(
            database, sources.pubmed, sources.crossref, seams.clock, skipped_types=policy.skipped_types
        ),
        subscriptions=subscriptions,
        actions=ArticleActions(database, lookup, catalogue, seams.clock),
        deliverer=deliverer,
        sharing=Sharing(database, deliverer, seams.clock),
        suggestions=Suggestions(catalogue, subscriptions, seams.clock),
        loops=LoopsHealth(),
        daily_backup=DailyBackup(
            backups, seams.clock, hour=config.backup.hour, is_on=config.backup.keep_daily > 0
        ),
        closing=(pool.close, feed_client.close, source_client.close, database.close),
    )


def _queries(database: Database, sources: RecordSources, clock: Clock) -> dict[str, Retrieve]:
    """Who answers the queries that are watched, of the sources that are switched on."""

    async def known_guids(url: str, guids: Sequence[str]) -> frozenset[str]:
        return await database.run(feeds.known_guids, url, guids)

    queries: dict[str, Retrieve] = {}
    if sources.pubmed is not None:
        queries[PUBMED] = PubMedRetriever(sources.pubmed, known_guids, clock)
    if sources.crossref is not None:
        queries[CROSSREF] = CrossrefRetriever(sources.crossref, clock)
    return queries


async def _say_restored(database: Database, clock: Clock) -> None:
    restored = await database.run(last_restored)
    if restored is not None and clock() - restored.at < HEEDED_FOR:
        log.warning(
            "This database was restored on %s; it knows of nothing after %s. "
            "What it owes is looked for in its channels before it is posted.",
            f"{restored.at:%Y-%m-%d %H:%M}",
            f"{restored.point:%Y-%m-%d %H:%M}",
        )


def update_policy(config: Config) -> UpdatePolicy:
    """Return what the configuration says about updates."""
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


def _feed_client(config: Config, seams: Seams) -> HttpClient:
    return _client(
        config,
        seams,
        concurrency=config.polling.concurrency,
        per_host=1,
        host_gap=config.polling.host_gap_seconds,
    )


def _client(config: Config, seams: Seams, *, concurrency: int, per_host: int, host_gap: float) -> HttpClient:
    network: NetworkConfig = config.network
    email = config.sources.contact_email
    contact = f"+{PROJECT_URL}; mailto:{email}" if email else f"+{PROJECT_URL}"
    return HttpClient(
        user_agent=f"Wetread/{__version__} ({contact})",
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        chance=seams.chance,
        allowed_addresses=network.allowed_addresses,
        allowed_ports=network.allowed_ports,
        concurrency=concurrency,
        per_host=per_host,
        host_gap=host_gap,
    )


# -- the checks of bot.py -----------------------------------------------------------------------------


async def check_feed(config: Config, address: str, *, is_json: bool) -> str:
    """Return what Wetread makes of the feed in a file or at an address. Raises FeedError."""
    from wetread.feeds.conditional_get import retrieve_feed

    seams = Seams()
    client = _feed_client(config, seams)
    pool = ParserPool(1)
    try:
        retrieved = _from_file(address)
        if retrieved is None:
            answer = await retrieve_feed(client.fetch, address, Validators(), now=seams.clock())
            if not isinstance(answer, RetrievedFeed):  # 304 to a request without validators
                raise FeedRetrievalError(address, "status", status=304)
            retrieved = answer
        feed = await pool.parse(retrieved, seams.clock())
    finally:
        await pool.close()
        await client.close()
    return json.dumps(feed_report(feed), ensure_ascii=False, indent=2) if is_json else feed_text(feed)


def _from_file(address: str) -> RetrievedFeed | None:
    path = Path(address)
    if "://" in address:
        return None
    if not path.is_file():
        raise FeedRetrievalError(address, "no_such_file")
    return RetrievedFeed(path.resolve().as_uri(), path.read_bytes(), None, Validators())


def check_record(path: Path, *, is_json: bool) -> str:
    """Return what Wetread reads from a saved answer of a source. Raises RecordSourceError, OSError."""
    records = read_saved_answer(path.read_bytes())
    return (
        json.dumps(record_report(records), ensure_ascii=False, indent=2) if is_json else record_text(records)
    )
