"""What look-ups read and keep, each in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.bibliography.enrichment_schedule import next_enrichment_at
from wetread.domain.article_keys import identifier_keys
from wetread.domain.identity import IDENTIFYING
from wetread.domain.models import Article, Delivery, DestinationKind, Journal, Record
from wetread.domain.query import Query
from wetread.storage import articles, claims, corrections, deliveries, records, search, twins
from wetread.storage.nearest import nearest


@dataclass(frozen=True, slots=True)
class Matching:
    """Articles that match a query; if there are none, those `near` that have most of its words.

    `corrected`: the words that were searched instead of what was typed; None = the typed ones.
    """

    articles: tuple[Article, ...] = ()
    is_capped: bool = False
    near: tuple[Article, ...] = ()
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and the address of its newest post in a server, None if it was not posted there."""

    article: Article
    post_url: str | None


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """A hit of a search. `snippet` are runs of text, each with whether it matched.

    `shared_by`: the member who posted it there; None = a feed brought it.
    """

    article: Article
    snippet: tuple[tuple[str, bool], ...]
    post_url: str | None
    shared_by: str | None = None


def find(db: sqlite_utils.Database, key: str, guild_id: int | None) -> Article | None:
    """Return the article known by `key` ("doi:…"), None if there is none.

    A server's own comes before everybody's; what only other servers have is not found.
    """
    article_id = twins.by_key(db, key, guild_id)
    return None if article_id is None else articles.get(db, article_id)


def is_claim(db: sqlite_utils.Database, article_id: int, key: str) -> bool:
    """Return whether only a feed gives an article this identifier, beside another: it may be wrong."""
    said = articles.source_records(db, article_id)
    keys = {each for record in said.values() for each in identifier_keys(record)}
    return len(keys) > 1 and key not in claims.certain(said) and key.partition(":")[0] in IDENTIFYING


def visible(db: sqlite_utils.Database, article_id: int, guild_id: int | None) -> Article | None:
    """Return an article that the server knows; None if there is none with this id.

    `guild_id` None: in a direct message, one that anybody can look up by an identifier.
    """
    if guild_id is not None:
        own_id = twins.own(db, guild_id, article_id)
        return None if own_id is None else articles.get(db, own_id)
    found = [each for each in articles.get_many(db, [article_id]) if articles.feed_of(db, each.id) is None]
    return found[0] if found and identifier_keys(found[0].record) else None


def on_page(
    db: sqlite_utils.Database, guild_id: int, journal_names: Sequence[str], first_page: str
) -> list[Article]:
    """Return the server's articles in a journal with this first page, in any volume."""
    return list(articles.get_many(db, search.on_page(db, guild_id, journal_names, first_page)))


def make_known(db: sqlite_utils.Database, article_id: int, guild_id: int, now: datetime) -> Article:
    """Let a server find an article from now on, and return it as the server has it."""
    twins.make_known(db, [guild_id], [article_id], now)
    return articles.get(db, twins.own(db, guild_id, article_id) or article_id)


def keep(
    db: sqlite_utils.Database, found: Mapping[str, Record], guild_id: int | None, now: datetime
) -> Article:
    """Keep what sources said about an article, so that a server finds it, and return it as it then is."""
    change = records.save(db, found, now, guild_ids=[] if guild_id is None else [guild_id])
    article = articles.get(db, change.article_id)
    if change.is_new:
        at = next_enrichment_at(article.first_seen_at, 1, article.record, now)
        records.mark_enriched(db, article.id, at)
    own_id = None if guild_id is None else twins.own(db, guild_id, article.id)
    return articles.get(db, own_id or article.id)


def matching(
    db: sqlite_utils.Database,
    guild_id: int,
    query: Query,
    *,
    limit: int,
    near_limit: int,
    has_asides: bool = False,
    as_typed: bool = False,
) -> Matching:
    """Return up to `limit` of the server's articles that match, else `near_limit` that have most words.

    Words that no article has are corrected, unless `as_typed`. `has_asides`: front matter and errata, too.
    """
    better = None if as_typed else corrections.corrected(db, guild_id, query)
    query = better or query
    corrected = better.text if better else None
    page = search.search(db, guild_id, query, has_asides=has_asides, limit=limit)
    found = articles.get_many(db, [hit.article_id for hit in page.hits])
    if found:
        return Matching(tuple(found), is_capped=page.total > len(found), corrected=corrected)
    near = nearest(db, guild_id, query, limit=near_limit)
    return Matching(near=tuple(articles.get_many(db, near)), corrected=corrected)


def latest(
    db: sqlite_utils.Database, guild_id: int, *, journals: Sequence[Journal] = (), limit: int
) -> list[Placed]:
    """Return a server's newest articles, of these journals if any are given."""
    hits = search.latest(db, guild_id, journals=journals, limit=limit)
    return [Placed(each.article, each.post_url) for each in placed(db, guild_id, hits)]


def placed(db: sqlite_utils.Database, guild_id: int, hits: Sequence[search.SearchHit]) -> list[PlacedHit]:
    """Return hits with their articles and the addresses of their posts, in the same order."""
    found = {each.id: each for each in articles.get_many(db, [hit.article_id for hit in hits])}
    return [
        PlacedHit(found[hit.article_id], hit.snippet, _hit_url(guild_id, hit), hit.shared_by)
        for hit in hits
        if hit.article_id in found
    ]


def post_url(
    db: sqlite_utils.Database, guild_id: int, article_id: int, channel_id: int | None = None
) -> str | None:
    """Return the address of an article's post in a server, or in that channel of it; None if it has none."""
    for delivery in reversed(deliveries.of_article(db, guild_id, article_id)):
        if channel_id in (None, delivery.channel_id, delivery.thread_id) and (url := url_of(delivery)):
            return url
    return None


def url_of(delivery: Delivery) -> str | None:
    """Return the address of a post that is there, None if it is not, or nobody knows which it is."""
    if delivery.message_id is None or delivery.was_deleted:
        return None
    is_forum = delivery.kind is DestinationKind.FORUM
    place = delivery.thread_id if is_forum else delivery.channel_id
    return message_url(delivery.guild_id, place or delivery.channel_id, delivery.message_id)


def message_url(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message, as Discord's "Copy Message Link" gives it."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def _hit_url(guild_id: int, hit: search.SearchHit) -> str | None:
    if hit.channel_id is None or hit.message_id is None:
        return None
    return message_url(guild_id, hit.channel_id, hit.message_id)
