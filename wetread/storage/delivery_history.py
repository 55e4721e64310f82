"""What became of articles in a server: the log of all, and all about one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from wetread.domain.models import Article, Delivery, Reason
from wetread.storage import articles, claims, deliveries, twins
from wetread.storage.rows import to_instant, to_text


@dataclass(frozen=True, slots=True)
class Decided:
    """That a moderator has decided about it."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unpublished:
    """That a post in an announcement channel is not published to the channels that follow it.

    `given_up_reason` None = it is tried again at `next_try_at`.
    """

    next_try_at: datetime
    given_up_reason: str | None


@dataclass(frozen=True, slots=True)
class DeliveryDetails:
    """The delivery of an article to one destination, with what explains it.

    `name` is what moderators call the feed on whose behalf it went there, None if a member shared it.
    `filter` is that feed's now. `unedited`: why the post cannot be brought up to date, None = it can.
    `unpublished`: None = it is published, need not be, or was not tried yet.
    """

    delivery: Delivery
    article: Article
    name: str | None = None
    filter: str | None = None
    decided: Decided | None = None
    unedited: str | None = None
    unpublished: Unpublished | None = None


@dataclass(frozen=True, slots=True)
class SourceFeed:
    """A subscription of the server whose feed has shown the article, and when it did so first."""

    subscription_id: int
    name: str
    channel_id: int
    created_at: datetime
    seen_at: datetime
    is_paused: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """All deliveries of one article in a server, and the feeds there that brought it.

    `wrong`: identifiers ("pmid:99000001") that a feed gives it and that another article has.
    """

    article: Article
    deliveries: tuple[DeliveryDetails, ...]
    source_feeds: tuple[SourceFeed, ...]
    wrong: tuple[str, ...] = ()


def log(
    db: sqlite_utils.Database, guild_id: int, *, subscription_id: int | None, limit: int, offset: int = 0
) -> list[DeliveryDetails]:
    """Return the deliveries of a server's, or of one subscription's, newest articles, newest first.

    Without those that a feed had when it was added: that is no news, and there may be hundreds.
    """
    ids = db.conn.execute(
        """
        SELECT id FROM deliveries
        WHERE guild_id = ? AND (? IS NULL OR subscription_id = ?) AND (reason IS NULL OR reason <> ?)
            AND article_id IS NOT NULL
        ORDER BY id DESC LIMIT ? OFFSET ?
        """,
        [guild_id, subscription_id, subscription_id, Reason.BEFORE, limit, offset],
    )
    return _details(db, [int(row[0]) for row in ids])


def posted_since(db: sqlite_utils.Database, guild_id: int, since: datetime) -> dict[int, int]:
    """Return how many articles each subscription of a server has posted of those scheduled since then."""
    rows = db.conn.execute(
        """
        SELECT subscription_id, count(*) FROM deliveries
        WHERE guild_id = :guild AND state = 'sent' AND subscription_id IS NOT NULL AND id > coalesce((
            SELECT id FROM deliveries WHERE guild_id = :guild AND scheduled_at < :since
            ORDER BY id DESC LIMIT 1
        ), 0)
        GROUP BY subscription_id
        """,
        {"guild": guild_id, "since": to_text(since)},
    )
    return {int(subscription_id): int(count) for subscription_id, count in rows}


def article_history(db: sqlite_utils.Database, guild_id: int, article_id: int) -> ArticleHistory:
    """Return all about one article in a server. Raises LookupError if the server does not know it."""
    own_id = twins.own(db, guild_id, article_id)
    if own_id is None:
        raise LookupError(f"no article {article_id} in server {guild_id}")
    article = articles.get(db, own_id)
    ids = [each.id for each in deliveries.of_article(db, guild_id, article.id)]
    return ArticleHistory(
        article,
        tuple(_details(db, ids)),
        _source_feeds(db, guild_id, article.id),
        claims.wrong_identifiers(db, article.id),
    )


def _details(db: sqlite_utils.Database, ids: list[int]) -> list[DeliveryDetails]:
    marks = ", ".join("?" * len(ids))
    rows = db.query(
        f"""
        SELECT d.*, s.name AS feed_name, s.filter AS feed_filter, c.decided_by_name, c.decided_at,
            e.parked_reason, p.next_try_at AS publish_at, p.given_up_reason
        FROM deliveries AS d
            LEFT JOIN subscriptions AS s ON s.id = d.subscription_id
            LEFT JOIN decisions AS c ON c.id = d.decision_id
            LEFT JOIN edits AS e ON e.delivery_id = d.id
            LEFT JOIN follow_ups AS p ON p.kind = 'publish' AND p.delivery_id = d.id AND p.attempt_count > 0
        WHERE d.id IN ({marks})
        """,  # noqa: S608  # question marks
        ids,
    )
    by_id = {row["id"]: row for row in list(rows)}
    found = {each.id: each for each in articles.get_many(db, [row["article_id"] for row in by_id.values()])}
    return [
        _to_details(by_id[each], found[by_id[each]["article_id"]])
        for each in ids
        if by_id[each]["article_id"] in found
    ]


def _to_details(row: Mapping[str, object], article: Article) -> DeliveryDetails:
    def text(name: str) -> str | None:
        value = row[name]
        return None if value is None else str(value)

    by, at = text("decided_by_name"), text("decided_at")
    publish_at = text("publish_at")
    return DeliveryDetails(
        deliveries.to_delivery(row),
        article,
        name=text("feed_name"),
        filter=text("feed_filter"),
        decided=Decided(by, to_instant(at)) if by is not None and at is not None else None,
        unedited=text("parked_reason"),
        unpublished=Unpublished(to_instant(publish_at), text("given_up_reason")) if publish_at else None,
    )


def _source_feeds(db: sqlite_utils.Database, guild_id: int, article_id: int) -> tuple[SourceFeed, ...]:
    rows = db.conn.execute(
        """
        SELECT s.id, s.name, s.channel_id, s.created_at, min(e.first_seen_at), s.paused_at, s.removed_at
        FROM entries AS e JOIN subscriptions AS s ON s.feed_id = e.feed_id
        WHERE e.article_id = ? AND s.guild_id = ? AND (s.removed_at IS NULL OR e.first_seen_at < s.removed_at)
        GROUP BY s.id ORDER BY 5, s.id
        """,
        [article_id, guild_id],
    )
    return tuple(
        SourceFeed(
            number, name, channel, to_instant(created_at), to_instant(seen_at), bool(paused), bool(removed)
        )
        for number, name, channel, created_at, seen_at, paused, removed in rows
    )
